"""What a report says, before any format: headings, sentences, tables, figures and evidence in reading order."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from budgetperf.profiles import rounded
from budgetperf.tables.dataset import Dataset

MOST_PLACES = 4  # decimals of an amount; shares are given to six
# What XML 1.0 cannot hold: control characters but tab and line feed, half surrogate pairs, two non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FIGURES = re.compile(r"[+\-−]?[\d,]+(\.\d+)?( ?%)?|—|")  # what a column of numbers may hold besides numbers


class Heading(NamedTuple):
    """level 1 to 3; the text carries its number (一、 · （一） · 1.), that of an annex its own (附件一)."""

    level: int
    text: str
    is_annex: bool = False


class Text(NamedTuple):
    """A paragraph. tone: "" plain, "note" small print, "warning" what the reader must not miss."""

    text: str
    tone: str = ""


class Table(NamedTuple):
    """A numbered table. frame: column titles for people, values as in the tables (Decimal, int, str, bool, None).

    top: rows that fit a report on paper; the rest is said to be in the workbook. More may be shown where one searches.
    total: the last row is a sum · name: its section in tables.toml · money: titles of the columns of amounts.
    """

    label: str
    caption: str
    frame: pd.DataFrame
    top: int
    total: bool = False
    name: str = ""
    money: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows without the sum."""
        return len(self.frame) - bool(self.total and len(self.frame))


class Figure(NamedTuple):
    """A numbered chart. draw() gives the matplotlib Axes of a new figure; alt says in a sentence what it shows."""

    label: str
    caption: str
    draw: Callable
    alt: str


class Evidence(NamedTuple):
    """Where a finding was printed. view() gives an `evidence.View`; raises InputError where there is no place."""

    caption: str
    view: Callable


Block = Heading | Text | Table | Figure | Evidence


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """title, subtitle and facts (label, value) of the cover · blocks in order · the dataset reported on · language."""

    title: str
    subtitle: str
    facts: list[tuple[str, str]]
    blocks: list[Block]
    dataset: Dataset
    lang: str = "zh"
    on: str = ""  # date of the cover


class Column(NamedTuple):
    """A column of a table as it is set on paper or screen. values: of the rows shown, the sum last · texts: the same for
    people · is_number: numbers, also in words (+1.5 %, —), whose points stand below each other."""

    title: str
    values: list
    texts: list[str]
    is_number: bool


def columns_of(table: Table, most: int, lang: str) -> list[Column]:
    """The columns of a table: of its first `most` rows and its sum.

    >>> table = Table("", "", pd.DataFrame({"a": [Decimal("1.50"), 2], "b": ["+3 %", "—"]}, dtype=object), 9)
    >>> [(column.texts, column.is_number) for column in columns_of(table, 9, "zh")]
    [(['1.50', '2'], True), (['+3 %', '—'], True)]
    """
    count = min(most, table.rows)
    shown = table.frame.iloc[[*range(count), *range(table.rows, len(table.frame))]]
    columns = []
    for at, title in enumerate(table.frame):
        values = shown.iloc[:, at].tolist()
        places = places_of(values)
        texts = [printed(value, lang, places) for value in values]
        columns.append(Column(clean(str(title)), values, texts, _are_numbers(values[:count], texts[:count])))
    return columns


def _are_numbers(values: list, texts: list[str]) -> bool:
    some = any(map(is_number, values)) or any(re.search("[%+−,.]", text) for text in texts)
    return some and all(is_number(one) or _FIGURES.fullmatch(text) for one, text in zip(values, texts, strict=True))


def clean(text: str) -> str:
    """Text from a document that any format can hold: what XML has no place for becomes �, line breaks are one sign.

    >>> clean("a\\x0bb\\r\\nc")
    'a�b\\nc'
    """
    return _UNPRINTABLE.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))


def places_of(values: Iterable) -> int:
    """Decimals with which the amounts of a column are printed, so that their points stand below each other.

    >>> places_of([Decimal("598.91"), Decimal("344"), 3]), places_of([Decimal("33.333333")]), places_of([])
    (2, 2, 0)
    """
    places = [-value.as_tuple().exponent for value in values if isinstance(value, Decimal)]
    return max((2 if own > MOST_PLACES else own for own in places), default=0)


def printed(value, lang: str = "zh", places: int = 0) -> str:
    """A value of a table for people: exact amounts with thousands commas and at least so many decimals, shares (more
    than MOST_PLACES decimals) to two; whole numbers with commas from 10,000 on, so that years have none.

    >>> printed(Decimal("344"), places=2), printed(Decimal("33.333333")), printed(None), printed(True), printed(2024)
    ('344.00', '33.33', '', '是', '2024')
    """
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool):
        return {"zh": "否是", "en": ["no", "yes"]}[lang][value]
    if isinstance(value, Decimal):
        own = -value.as_tuple().exponent
        return rounded(value, 2) if own > MOST_PLACES else format(value, f",.{max(own, places, 0)}f")
    if is_number(value) and abs(value) >= 10_000:
        return format(value, ",d")
    return clean(str(value))


def is_number(value) -> bool:
    """Whether a value of a table is a number that is set at the right and summed: Decimal or int, no flag."""
    return isinstance(value, (Decimal, int)) and not isinstance(value, bool)


def shortened(text: str, longest: int) -> str:
    """Text of at most `longest` characters, ended by … where it is longer.

    >>> shortened("保障全年运行", 4)
    '保障全…'
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"
