"""How like two projects of two years are: by code, name, objective and indicators, as one score with its method."""

import math
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from budgetperf.tables.linked import linked
from budgetperf.years.names import (
    contrasted,
    contrasts,
    core_name,
    core_text,
    core_unit,
    likeness,
    names_more,
    plain_name,
    tells_apart,
)
from budgetperf.years.selection import KEY, Year

ACCEPTED = 0.5  # ours: below it two projects are two works
SURE = 0.72  # ours: a pair with a lower score is for a person to decide
MARGIN = 0.06  # ours: so much better than the runner-up a pair must be to be sure
_PREFIX = 6  # so much of an indicator's name survives every form that cuts names
_CROWD = 25  # in a large block a project is compared with so many of the other year by name


class Work(NamedTuple):
    """A project as the matching sees it."""

    place: int  # row in its year
    document_id: str
    project_no: int
    unit: str
    unit_code: str
    code: str
    name: str
    core: str
    text: str
    category: str
    budget: Decimal | None
    indicators: frozenset[str]


class Pair(NamedTuple):
    """A candidate: how like, and by what."""

    score: float
    method: str


def works_of(year: Year) -> list[Work]:
    """The projects of a year as Works, in the order of its rows."""
    names: dict[tuple, set] = {}
    for row in year.indicators[[*KEY, "name"]].itertuples(index=False):
        if isinstance(row.name, str):
            names.setdefault((row.document_id, row.project_no), set()).add(plain_name(row.name)[:_PREFIX])
    frame = year.projects.astype(object).where(year.projects.notna(), None)
    return [
        Work(
            place,
            row.document_id,
            int(row.project_no),
            row.unit,
            row.unit_code or "",
            row.project_code or "",
            row.project_name or row.project_code or "",
            core_name(row.project_name),
            core_text(row.objective),
            row.category_code or row.category_name or "",
            row.budget_wan_yuan,
            frozenset(names.get((row.document_id, row.project_no), ())),
        )
        for place, row in enumerate(frame.itertuples(index=False))
    ]


class Scorer:
    """Scores pairs of two years' works within one block; holds what is common to all of them (a cache, no state)."""

    def __init__(self, old: Sequence[Work], new: Sequence[Work]):
        works = [*old, *new]
        count = Counter(name for work in works for name in work.indicators)
        self.weight = {name: 1 / math.sqrt(number) for name, number in count.items()}  # what many have says little
        self.contrasts = contrasts(work.core for work in old) | contrasts(work.core for work in new)

    def shared(self, one: Work, other: Work) -> tuple[float, float, float]:
        """Weights of the indicators of one, of the other, and of those in both."""
        weigh = self.weight.__getitem__
        both = sum(map(weigh, one.indicators & other.indicators))
        return sum(map(weigh, one.indicators)), sum(map(weigh, other.indicators)), both

    def content(self, one: Work, other: Work) -> float | None:
        """Likeness of objective and indicators; None where neither can be compared."""
        parts = []
        if len(one.text) >= 10 and len(other.text) >= 10:
            parts.append((0.4, fuzz.ratio(one.text, other.text) / 100))
        if one.indicators and other.indicators:
            mine, its, both = self.shared(one, other)
            parts.append((0.6, 2 * both / (mine + its)))
        return sum(weight * value for weight, value in parts) / sum(w for w, _ in parts) if parts else None

    def apart(self, one: Work, other: Work) -> bool:
        """Whether the names differ in what tells works apart."""
        return tells_apart(one.core, other.core) or contrasted(one.core, other.core, self.contrasts)

    def pair(self, one: Work, other: Work) -> Pair:
        """The pair's score, 0 to 1, the same both ways round."""
        name, content = likeness(one.core, other.core), self.content(one, other)
        near = _budget_distance(one.budget, other.budget)
        if one.code and one.code == other.code:
            best = max(name, content or 0.0)
            agrees = best >= 0.4 and not self.apart(one, other)
            mean = (name + (name if content is None else content)) / 2
            score, method = (0.92 + 0.08 * mean if agrees else 0.5 + 0.3 * best), "code"
        elif one.core and one.core == other.core:
            written = (
                1.0
                if plain_name(one.name) == plain_name(other.name)
                else likeness(plain_name(one.name), plain_name(other.name))
            )
            score, method = 0.88 + 0.08 * (0.5 if content is None else content) + 0.03 * written, "name"
        else:
            score = name - 0.1 if content is None else 0.55 * name + 0.45 * content
            if self.apart(one, other):
                score *= 0.5
            elif names_more(one.core, other.core):
                score *= 0.85
            score -= 0.05 * (near > math.log(2)) + 0.03 * (one.category != other.category)
            score, method = min(score, 0.87), "fuzzy" if name >= 0.5 else "content"
        # of equals the one with the nearer budget, then the one at the nearer place
        return Pair(score - 0.002 * min(near, 2.0), method)

    def candidates(self, old: Sequence[Work], new: Sequence[Work]) -> dict[tuple[int, int], Pair]:
        """(place in old, place in new) → Pair of all that are worth comparing."""
        places = _near_names(old, new) | _same(old, new, lambda work: [work.code] if work.code else [])
        rare = {name for name, weight in self.weight.items() if weight > 1 / math.sqrt(40)}
        places |= _same(old, new, lambda work: work.indicators & rare, least=2)
        return {(a, b): self.pair(old[a], new[b]) for a, b in sorted(places)}


def _budget_distance(one: Decimal | None, other: Decimal | None) -> float:
    """How far two budgets are, as the absolute logarithm of their ratio; 0 where either is unknown."""
    if one is None or other is None or one == other:
        return 0.0
    if one <= 0 or other <= 0:
        return 2.0
    return abs(math.log(float(one) / float(other)))


def _near_names(old: Sequence[Work], new: Sequence[Work]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    names = [work.core for work in new]
    for start in range(0, len(old), 500):
        rows = [work.core for work in old[start : start + 500]]
        scores = process.cdist(rows, names, scorer=fuzz.ratio, dtype=np.uint8, score_cutoff=35)
        if len(names) <= 60:
            scores = np.maximum(
                scores, process.cdist(rows, names, scorer=fuzz.partial_ratio, dtype=np.uint8, score_cutoff=70)
            )
        found |= {(start + int(a), int(b)) for a, b in _best(scores)}
    return found


def _best(scores: np.ndarray) -> np.ndarray:
    """Places of a matrix above 0: all in a small one, in a large one the best of each row and column."""
    if scores.shape[0] <= 2 * _CROWD or scores.shape[1] <= 2 * _CROWD:
        return np.argwhere(scores)
    kept = np.zeros(scores.shape, dtype=bool)
    for axis in (0, 1):
        cutoff = np.partition(scores, -_CROWD, axis=axis).take([-_CROWD], axis=axis)
        kept |= scores >= np.maximum(cutoff, 50)
    return np.argwhere(kept)


def _same(old: Sequence[Work], new: Sequence[Work], marks, least: int = 1) -> set[tuple[int, int]]:
    """Pairs that share at least `least` marks."""
    holders: dict[str, list[int]] = {}
    for place, work in enumerate(new):
        for mark in marks(work):
            holders.setdefault(mark, []).append(place)
    found: set[tuple[int, int]] = set()
    for place, work in enumerate(old):
        shared = Counter(other for mark in marks(work) for other in holders.get(mark, ()))
        found |= {(place, other) for other, number in shared.items() if number >= least}
    return found


# ---- units -----------------------------------------------------------------------------------------------------------


def unit_blocks(
    old: Sequence[Work], new: Sequence[Work], forced: set[tuple[str, str]], forbidden: set[tuple[str, str]]
) -> list[tuple[list[str], list[str]]]:
    """Units of two years that may share projects, as (units of old, units of new): the same, renamed or merged ones.

    By name, then by code, then for units that stand in one year only by a like name or by the share of their projects'
    names that the other unit has. forced, forbidden: pairs of units (core names) that the user decided.
    """
    olds, news = (list(dict.fromkeys(work.unit for work in works)) for works in (old, new))
    links = {
        (a, b) for a in olds for b in news if core_unit(a) == core_unit(b) or (core_unit(a), core_unit(b)) in forced
    }
    codes = [{work.unit: work.unit_code for work in works} for works in (old, new)]
    lone_old, lone_new = _lone(olds, news, links)
    links |= {(a, b) for a in lone_old for b in lone_new if codes[0][a] and codes[0][a] == codes[1][b]}
    lone_old, lone_new = _lone(olds, news, links)
    held = [_names_held(works) for works in (old, new)]
    count = Counter(name for names in held for own in names.values() for name in own)
    for lone, others, own, its, turn in ((lone_old, news, *held, False), (lone_new, olds, *held[::-1], True)):
        for unit in sorted(lone):
            other = _renamed(unit, others, own, its, count, set(lone_new if not turn else lone_old))
            if other is not None:
                links.add((other, unit) if turn else (unit, other))
    if len(olds) == len(news) == 1 and "未注明单位" in (olds[0], news[0]):
        links.add((olds[0], news[0]))
    links = {(a, b) for a, b in links if (core_unit(a), core_unit(b)) not in forbidden}
    return _connected(olds, news, links)


def _lone(olds: list[str], news: list[str], links: set) -> tuple[list[str], list[str]]:
    left, right = {a for a, _ in links}, {b for _, b in links}
    return [a for a in olds if a not in left], [b for b in news if b not in right]


def _names_held(works: Sequence[Work]) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for work in works:
        held.setdefault(work.unit, set()).add(work.core)
    return held


def _renamed(unit: str, others: list[str], own: dict, its: dict, count: Counter, lone: set[str]) -> str | None:
    """The unit of the other year that this one became or came from; None where nothing speaks for one."""
    scores = []
    for other in sorted(others):
        common = sum(1 / count[name] for name in own[unit] & its[other])
        share = common / sum(1 / count[name] for name in own[unit])
        names = likeness(core_unit(unit), core_unit(other)) if other in lone else 0.0
        clear = names >= 0.8 and not tells_apart(core_unit(unit), core_unit(other))
        several = len(own[unit] & its[other]) >= min(2, len(own[unit]))
        unnamed = "未注明单位" in (unit, other) and share >= 0.3
        scores.append((max(names if clear else 0.0, share if several and (share >= 0.5 or unnamed) else 0.0), other))
    scores.sort(key=lambda item: (-item[0], item[1]))
    if not scores or not scores[0][0]:
        return None
    return None if len(scores) > 1 and scores[0][0] - scores[1][0] < 0.1 else scores[0][1]


def _connected(olds: list[str], news: list[str], links: set[tuple[str, str]]) -> list[tuple[list[str], list[str]]]:
    least = linked(((0, a), (1, b)) for a, b in links)
    blocks: dict[tuple[int, str], tuple[list[str], list[str]]] = {}
    for side, units in enumerate((olds, news)):
        for unit in units:
            blocks.setdefault(least((side, unit)), ([], []))[side].append(unit)
    return list(blocks.values())
