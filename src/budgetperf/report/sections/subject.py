"""What a report is about, and the small pieces that its sections are put together from."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from budgetperf.profiles import exact_sum
from budgetperf.report.model import Block, Figure, Table, Text
from budgetperf.report.words import in_language
from budgetperf.settings import own
from budgetperf.tables.dataset import Dataset
from budgetperf.years import Comparison
from budgetperf.years.frames import is_money


class Subject(NamedTuple):
    """dataset: the part reported on · whole: the build it is part of · findings and issues of the part, decisions applied ·
    comparison over years (empty with a note where there is none) · scope of `profiles.scope` · where originals are."""

    dataset: Dataset
    whole: Dataset
    findings: pd.DataFrame
    issues: pd.DataFrame
    comparison: Comparison
    scope: dict
    lang: str
    source: Path | None
    results: Dataset | None = None  # self-evaluations of the year, where there are any

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    @property
    def is_part(self) -> bool:
        return len(self.dataset.projects) < len(self.whole.projects)


def text(subject: Subject, zh: str, en: str, tone: str = "") -> Text:
    return Text(subject.say(zh, en), tone)


def table(
    subject: Subject,
    name: str,
    frame: pd.DataFrame,
    in_words: Callable[[pd.DataFrame, str], pd.DataFrame] = in_language,
    mark: str = "",
) -> list[Block]:
    """The table of that name in report/tables.toml over a frame, in the report's language; mark: behind its caption.

    Nothing where the frame is empty: the section says so in a sentence.
    """
    if frame.empty:
        return []
    shape = _shapes()[name]
    frame, columns = _chosen(subject, frame, shape["columns"].split())
    chosen, sums = frame[columns].astype(object).where(frame[columns].notna(), None), shape.get("sums", "").split()
    has_total = bool(sums) and len(frame) > 1
    if has_total:
        total = dict.fromkeys(columns) | {columns[0]: subject.say("合计", "Total")} | _sums(chosen, sums)
        chosen = pd.concat([chosen, pd.DataFrame([total], dtype=object)], ignore_index=True)
    titles = {column: subject.say(*words) for column, words in shape.get("titles", {}).items()}
    shown = in_words(chosen.rename(columns=titles), subject.lang)
    if subject.lang == "zh" and (untitled := set(shown) & set(columns)):
        raise KeyError(f"no title is declared for {', '.join(sorted(untitled))} of {name}")
    money = tuple(title for title, own in zip(shown, columns, strict=False) if is_money(own))
    return [Table("", subject.say(*shape["caption"]) + mark, shown, shape["rows"], has_total, name, money)]


@cache
def _shapes() -> Mapping:
    return own("report/tables.toml")


def _chosen(subject: Subject, frame: pd.DataFrame, wanted: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """The frame with what tells whose its projects are, and the columns that are shown of those wanted."""
    columns = []
    for name in wanted:
        if name == "whose":
            frame, whose = named(subject, frame)
            columns += whose
        elif not name.endswith("?") or ((name := name[:-1]) in frame and frame[name].notna().any()):
            columns.append(name)
    return frame, columns


def _sums(frame: pd.DataFrame, names: list[str]) -> dict:
    sums = {name: exact_sum(None if v is None else Decimal(v) for v in frame[name]) for name in names}
    return {name: int(total) if _is_whole(frame[name]) else total for name, total in sums.items() if total is not None}


def _is_whole(values: pd.Series) -> bool:
    return all(not isinstance(value, Decimal) for value in values if value is not None)


def named(subject: Subject, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The frame with the column that tells whose its projects are, and that column's name: unit_name where there are
    several units, else source where there are several documents, else none."""
    if subject.scope["units"] > 1:
        key = ["document_id", "project_no"]
        units = subject.dataset.projects[[*key, "unit_name"]]
        return frame.drop(columns="unit_name", errors="ignore").merge(units, on=key, how="left", validate="m:1"), [
            "unit_name"
        ]
    if subject.scope["documents"] > 1:
        sources = subject.dataset.documents.set_index("document_id")["source"]
        return frame.assign(source=frame["document_id"].map(sources)), ["source"]
    return frame, []


def figure(subject: Subject, zh: str, en: str, draw, frame: pd.DataFrame, **more) -> Figure:
    """A chart of `budgetperf.charts` over a frame, drawn when a writer asks for it."""
    caption = subject.say(zh, en)
    scope = more.pop("scope", subject.scope)
    return Figure("", caption, lambda: draw(frame, scope=scope, lang=subject.lang, **more), caption)
