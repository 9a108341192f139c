"""The fixed words of a report in Chinese and English."""

import pandas as pd

from budgetperf import profiles
from budgetperf.audit.load import rule_titles
from budgetperf.charts.words import level
from budgetperf.field.words import say, words
from budgetperf.tables.words import field_title

# column → the list of its words
CLOSED = {name: name for name in ["severity", "quadrant", "status", "kind", "decision", "check", "basis", "documents"]}
CLOSED["grade"] = "grade mark"
LEVELS = {"level1", "level2", "comparator", "measure_unit", "quantified", "spending_kind"}


def in_language(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The frame for people: column titles, and levels and other closed words, in the report's language.

    >>> in_language(pd.DataFrame({"level1": ["产出指标"], "indicators": [3]}), "en").to_dict("records")
    [{'Level 1': 'Output', 'Indicators': 3}]
    """
    said = {}
    for name in frame:
        if name in CLOSED:
            said[name] = [say(CLOSED[name], key, lang) for key in frame[name]]
        elif name == "rule":  # of a repair, or of the audit
            known = rule_titles(lang)
            said[name] = [known.get(key) or say("repair", key, lang) for key in frame[name]]
        elif name == "field":
            said[name] = [field_title(key) if lang == "zh" else key.replace("_", " ") for key in frame[name]]
        elif name in LEVELS and lang == "en":
            said[name] = [level(key, lang) if isinstance(key, str) else key for key in frame[name]]
    grades = {key: pair[lang == "en"] for key, pair in words("severity").items()}  # columns of counts
    return profiles.titled(frame.assign(**said).rename(columns=grades), lang)
