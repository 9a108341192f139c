"""Chinese titles and words for the frames of a comparison, for people."""

import pandas as pd

from budgetperf.audit.load import all_rules
from budgetperf.field.words import words
from budgetperf.tables.words import titles
from budgetperf.years.frames import COLUMNS, is_money

TITLES = {name: (column.title, column.meaning) for name, column in COLUMNS.items()}
_CLOSED = {  # column → the list of its words
    "status": "change",
    "project_status": "change",
    "state": "change",
    "step": "step",
    "outcome": "outcome",
    "plan_outcome": "outcome",
    "result": "result",
    "next_against_actual": "next",
    "level": "side",
}


def in_words(frame: pd.DataFrame, columns: list[str] | None = None, lang: str = "zh") -> pd.DataFrame:
    """A frame of a comparison with titles and words for people; `columns`: those to show, in this order.

    A last column 合成数据 stands wherever invented documents are among those compared.

    >>> in_words(pd.DataFrame({"status": ["split"], "amount_to": [3]})).values.tolist()
    [['拆分', 3]]
    """
    place = ("zh", "en").index(lang)
    marked = "synthetic" in frame and bool(frame["synthetic"].any())
    chosen = [name for name in columns or frame.columns if name != "synthetic"] + (["synthetic"] if marked else [])
    shown, said = frame[chosen], {}
    for name in shown:
        if name in _CLOSED:
            said[name] = shown[name].replace({key: pair[place] for key, pair in words(_CLOSED[name]).items()})
        elif name == "method":
            said[name] = [_parts(text, words("method"), place) for text in shown[name].fillna("")]
        elif name in ("changes", "change_text") and lang == "en":
            known = words("changed") | {zh: (zh, en) for zh, en in words("change").values()}
            said[name] = [text and _parts(text, known, place) for text in shown[name]]
        elif name == "rule":
            of_rules = {one.id: f"{one.id} {one.title}" for one in all_rules()}
            said[name] = [of_rules.get(rule, rule) for rule in shown[name]]
    return shown.assign(**said).rename(columns=_title if lang == "zh" else _english)


def _parts(text: str, known: dict[str, tuple[str, str]], place: int) -> str:
    """Words joined by 、, each as it is called."""
    return ("、", ", ")[place].join(known[part][place] if part in known else part for part in text.split("、"))


def _english(name: str) -> str:
    amount = " (10,000 yuan)" if is_money(name) else ""
    return name.replace("_", " ").capitalize() + amount if name in TITLES else name.capitalize()


def _title(name: str) -> str:
    """The column's title; one of a build's tables with the year in front: budget_from → 上年预算数（万元）."""
    if name in TITLES:
        return TITLES[name][0]
    column, _, side = name.rpartition("_")
    year = {"from": "上年", "to": "本年"}.get(side)
    of_tables = titles() | {name: title for name, (title, _) in TITLES.items()}
    return year + of_tables[column] if year and column in of_tables else name
