"""Which indicator of a project is which in another year: exact, cut, alike; one best assignment a pair of projects."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from budgetperf.field.measures import base_unit
from budgetperf.years.assignment import assign
from budgetperf.years.mapping import NO_MAPPING, Decision, Mapping
from budgetperf.years.names import core_unit, likeness, plain_name, tells_apart
from budgetperf.years.selection import KEY, Year

ACCEPTED = 0.55  # ours: below it two indicators are two
SURE = 0.72  # ours
MARGIN = 0.04  # ours
_CUT_FROM = 6  # a shorter name is never taken for the beginning of another
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")
PAIRS = [
    "document_id_from",
    "project_no_from",
    "indicator_no_from",
    "document_id_to",
    "project_no_to",
    "indicator_no_to",
]
PAIRS += ["method", "score", "runner_up", "doubtful"]


class Item(NamedTuple):
    """An indicator as the matching sees it."""

    number: int
    name: str
    whole: str  # completed, where evidence completed it
    is_cut: bool
    level1: str
    level2: str
    measures: str
    value: Decimal | None
    text: str


@lru_cache(maxsize=200_000)
def _plain(name: str) -> str:
    """Without years and bracketed units, which the same indicator may or may not carry."""
    return re.sub(r"20\d\d年?度?", "", plain_name(_BRACKETED.sub("", name) or name)) or plain_name(name)


def items_of(year: Year) -> dict[tuple[str, int], list[Item]]:
    """(document_id, project_no) → its indicators."""
    columns = [
        "indicator_no",
        "name",
        "name_completed",
        "is_cut",
        "level1",
        "level2",
        "measure_unit",
        "target_value",
        "target_text",
    ]
    frame = year.indicators[[*KEY, *columns]].astype(object)
    frame = frame.where(frame.notna(), None)
    found: dict[tuple[str, int], list[Item]] = {}
    for row in frame.itertuples(index=False):
        name = row.name or ""
        item = Item(
            int(row.indicator_no),
            _plain(name),
            _plain(row.name_completed or name),
            bool(row.is_cut),
            row.level1 or "",
            row.level2 or "",
            base_unit(row.measure_unit or "")[0],
            row.target_value,
            row.target_text or "",
        )
        found.setdefault((row.document_id, int(row.project_no)), []).append(item)
    return found


def match_indicators(links: pd.DataFrame, old: Year, new: Year, mapping: Mapping = NO_MAPPING) -> pd.DataFrame:
    """The indicators of linked projects matched: a row a pair; columns PAIRS. Those in no row were added or dropped.

    method: exact, prefix (one name is the cut beginning of the other), fuzzy, taxonomy (the same name filed under
    another level, as 产出/成本 → 成本), mapping. Of a split project each part is matched with the whole by itself.

    Raises InputError where the mapping names what does not exist.
    """
    items = items_of(old), items_of(new)
    decisions = mapping.between(old.year, new.year, "indicator")
    rows: list[tuple] = []
    both = links[links["project_no_from"].notna() & links["project_no_to"].notna()]
    for link in both.itertuples(index=False):
        keys = (link.document_id_from, int(link.project_no_from)), (link.document_id_to, int(link.project_no_to))
        one, other = items[0].get(keys[0], []), items[1].get(keys[1], [])
        decided = [decision for decision in decisions if _concerns(decision, link)]
        for a, b, method, score, rival in _match(one, other, decided):
            doubtful = method != "mapping" and (score < SURE or score - rival < MARGIN)
            rows.append(
                (*keys[0], one[a].number, *keys[1], other[b].number, method, round(score, 4), round(rival, 4), doubtful)
            )
    frame = pd.DataFrame(rows, columns=PAIRS)
    kinds = {name: "Int64" for name in PAIRS if "_no_" in name} | {
        "score": "float64",
        "runner_up": "float64",
        "doubtful": bool,
    }
    return frame.astype(kinds | dict.fromkeys(("document_id_from", "document_id_to", "method"), "str"))


def _concerns(decision: Decision, link) -> bool:
    for side, unit, code, name in (
        (decision.one, link.unit_from, link.code_from, link.project_from),
        (decision.other, link.unit_to, link.code_to, link.project_to),
    ):
        if side[0] and core_unit(side[0]) != core_unit(unit):
            return False
        if (side[1] and side[1] != code) or (side[2] and plain_name(side[2]) != plain_name(name)):
            return False
    return True


def _match(one: list[Item], other: list[Item], decided: list[Decision]) -> list[tuple[int, int, str, float, float]]:
    """(place, place, method, score, runner-up's score) of the pairs of one project."""
    forced, forbidden = set(), set()
    for decision in decided:
        pairs = {
            (a, b)
            for a, mine in enumerate(one)
            for b, its in enumerate(other)
            if _plain(decision.one[3]) == mine.name and _plain(decision.other[3]) == its.name
        }
        (forced if decision.same else forbidden).update(pairs)
    rows, columns = {a for a, _ in forced}, {b for _, b in forced}
    scores = {}
    for a, mine in enumerate(one):
        for b, its in enumerate(other):
            if a not in rows and b not in columns and (a, b) not in forbidden:
                scores[a, b] = _score(mine, its)
    gains = {pair: score - ACCEPTED for pair, (score, _) in scores.items()}
    found = [(a, b, "mapping", 1.0, 0.0) for a, b in sorted(forced)]
    for a, b in assign(gains, (len(one), len(other)), tie_break=True):
        score, method = scores[a, b]
        rival = max([s for (x, y), (s, _) in scores.items() if (x == a) != (y == b)], default=0.0)
        found.append((a, b, method, score, rival))
    return sorted(found)


def _score(one: Item, other: Item) -> tuple[float, str]:
    """Likeness, the same both ways round, and the method that gives it."""
    same_level = _family(one) == _family(other)
    bonus = 0.02 * (one.measures == other.measures) + 0.02 * ((one.value, one.text) == (other.value, other.text))
    if one.name == other.name:
        if (one.level1, one.level2) == (other.level1, other.level2):
            return 0.96 + bonus, "exact"
        return (0.93 if same_level else 0.85) + bonus, "taxonomy"
    if _is_beginning(one, other) or _is_beginning(other, one):
        return (0.9 if same_level else 0.75) + bonus, "prefix"
    if one.whole == other.whole:
        return (0.88 if same_level else 0.75) + bonus, "prefix"
    score = likeness(one.whole, other.whole)
    if tells_apart(one.whole, other.whole):
        score *= 0.55
    if not same_level:
        score *= 0.8
    return min(score, 0.8) + bonus, "fuzzy"


def _family(item: Item) -> str:
    """What the level files the indicator under; all cost levels are one, wherever a form puts them."""
    if "成本" in item.level2 or item.level1 == "成本指标":
        return "成本"
    return item.level2 or item.level1


def _is_beginning(one: Item, other: Item) -> bool:
    """Whether one name is cut and the other goes on from it (either may be cut, at another length)."""
    return (
        len(one.name) < len(other.name)
        and len(one.name) >= _CUT_FROM
        and other.name.startswith(one.name)
        and (one.is_cut or len(one.name) >= 8)
    )
