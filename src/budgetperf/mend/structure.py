"""Which rows and which cells belong to which project: the printed project cells grouped, the rows divided among them."""

import itertools
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from budgetperf.clean.checks import without_own_points
from budgetperf.clean.levels import fold_level1, fold_level2
from budgetperf.clean.text import undo_wraps
from budgetperf.field.categories import category_parts
from budgetperf.field.codes import split_code
from budgetperf.field.notation import parse_points
from budgetperf.field.vocabulary import level1_of, level2_order, vocabulary
from budgetperf.mend.borders import AMBIGUOUS_BELOW, Rows, find_borders, split_unnamed, weight_profile
from budgetperf.mend.breaks import same_line
from budgetperf.mend.execution import is_execution
from budgetperf.mend.points import LEAST_ALIKE, SHARE_QUORUM

LEAST_TOTAL = 60  # no known form's weights sum to less
USUAL_TOTALS = (100, 90, 80)  # preferred where a document's own projects leave the choice open
CODED = 0.3  # of the project cells: where so many hold a whole code, codes tell where projects begin
EXECUTION = "预算执行率"  # whose points count to no level 1
MOST_POINTS, MOST_PLACES = 10_000, 6  # what lies beyond is no weight


class Structure(NamedTuple):
    """project: number (1…) of each row · group: number of each anchor · literal: the project above each row as printed ·
    dropped: rows that are a second reading · margin: of each project's border · total: weights of a project, None
    where there is no common sum · shares: level 1 → points, or None · unnamed: projects whose cells were not found ·
    total_is_sure: enough projects share the total · off_anchor: projects that begin on another row than their cell ·
    off_in_page: those of them whose cell is not at the head of a page, where print does not move it."""

    project: pd.Series
    group: pd.Series
    literal: pd.Series
    dropped: pd.Series
    margin: pd.Series
    total: Decimal | None
    shares: dict[str, Decimal] | None
    unnamed: list[int]
    total_is_sure: bool = True
    off_anchor: tuple[int, ...] = ()
    off_in_page: tuple[int, ...] = ()


def group_anchors(anchors: pd.DataFrame) -> pd.Series:
    """0… for each anchor; pieces of one project's cells, divided by a page break, share a number.

    Columns used: page, starts (True: a project surely begins; False: surely none) and the project's cells. Where
    `starts` is missing: a piece at the head of a page goes on with the project before it if its cell is the same text,
    or lacks the code that the others begin with, or its category only ends the one before.

    >>> anchors = pd.DataFrame({"page": [1, 2, 2], "starts": None, "project": ["51072200024T000000580-食", "堂运转", "51072200024T000000679-人大"],
    ...                         "category": ["3-特定目", "标类", "3-特定目标类"], "budget": ["11.88", None, "2.51"]})
    >>> group_anchors(anchors).tolist()
    [0, 0, 1]
    """
    texts = anchors.reindex(columns=["project_code", "project", "category", "budget", "starts"])
    tight = {
        field: [text if isinstance(text, str) else None for text in undo_wraps(texts[field]).tolist()]
        for field in texts
        if field != "starts"
    }
    lengths = [len(split_code(p).code or "") if p else 0 for p in tight["project"]]
    usual = Counter(n for n in lengths if n).most_common(1)
    # a code shorter than the others is only the rest of one that a page break divided
    coded = [bool(n) and n == usual[0][0] for n in lengths]
    codes_are_usual = sum(coded) >= CODED * sum(p is not None for p in tight["project"])
    whole_code = _usual_length(tight["project_code"])
    last_on_page = (anchors["page"] != anchors["page"].shift(-1)).tolist()
    numbers, current, last_page = [], -1, None
    group: dict[str, str | None] = {}
    group_coded = False
    for i, (page, starts) in enumerate(zip(anchors["page"], texts["starts"], strict=True)):
        now = {field: tight[field][i] for field in tight}
        if pd.isna(starts) or not group:
            cut_before = i > 0 and last_on_page[i - 1] and not group_coded
            page_head, page_foot = page != last_page, last_on_page[i]
            rest = page_head and group and _is_rest(group["project_code"], now["project_code"], whole_code)
            starts = not group or not (
                rest or _goes_on(now, group, page_head, page_foot, cut_before, codes_are_usual, coded[i])
            )
        current += bool(starts)
        group_coded = coded[i] or (group_coded and not starts)
        group = now if starts else {field: group[field] or now[field] for field in now}
        numbers.append(current)
        last_page = page
    return pd.Series(numbers, index=anchors.index, dtype=int)


def _usual_length(codes: list[str | None]) -> int | None:
    """Characters of most of the codes, where more than one is so long."""
    usual = Counter(len(code) for code in codes if code).most_common(1)
    return usual[0][0] if usual and usual[0][1] > 1 else None


def _is_rest(above: str | None, code: str | None, whole: int | None) -> bool:
    """Whether a code that is too short is the rest of the one above it."""
    return bool(above and code and whole) and len(above) < whole and len(above) + len(code) == whole


def _goes_on(
    now: dict[str, str | None],
    before: dict[str, str | None],
    page_head: bool,
    page_foot: bool,
    code_cut: bool,
    codes_are_usual: bool,
    coded: bool,
) -> bool:
    """Whether the cells `now` are the rest of the project `before` them."""
    if not page_head:
        # at the foot of a page the first lines of the next project, whose name and amount stand overleaf
        return not now["project"] and not now["budget"] and not page_foot
    if now["project"] and now["project"] == before["project"] and now["project_code"] == before["project_code"]:
        return True
    named = ("project", "project_code", "budget")
    if not any(now[f] for f in named) or not any(before[f] for f in named):
        return True  # a blank cell on one side of the break is the same cell as the one with text on the other
    if codes_are_usual and code_cut and before["project"] and not before["project_code"]:
        return True  # the project above has only a part of its code: the rest stands here
    same_amount = now["budget"] == before["budget"] or bool(
        before["budget"] and now["budget"] and (same_line(before["budget"], now["budget"]) or len(now["budget"]) <= 2)
    )
    if not before["project"] and not before["project_code"] and same_amount:
        return True  # the name stands on one of the two pages only, the rest on both
    if coded or (now["project_code"] and now["project_code"] != before["project_code"]):
        return False
    own_amount = bool(now["budget"] and before["budget"]) and not same_amount
    if not codes_are_usual and now["budget"] and before["budget"]:
        return not own_amount and not (now["project"] and before["project"])
    if codes_are_usual and not now["project"]:
        return not (own_amount and now["category"] and category_parts(now["category"]))
    return not own_amount


def _scaled(rows: pd.DataFrame) -> tuple[np.ndarray, int]:
    inner = without_own_points(rows) & rows["weight"].notna().any()
    values = [Decimal(0) if part else parse_points(text) for text, part in zip(rows["weight"], inner, strict=True)]
    places = [0 if v is None else -v.as_tuple().exponent for v in values]
    values = [
        v if v is not None and 0 <= v <= MOST_POINTS and p <= MOST_PLACES else None
        for v, p in zip(values, places, strict=True)
    ]
    scale = 10 ** max((p for v, p in zip(values, places, strict=True) if v is not None), default=0)
    return np.array([-1 if v is None else int(v * scale) for v in values], dtype=np.int64), scale


def _level_numbers(rows: pd.DataFrame, moved: bool) -> tuple[np.ndarray, np.ndarray, list[str]]:
    names = list(vocabulary()["levels"])
    level2 = fold_level2(rows["level2"])
    order = level2.map(level2_order())
    own_cost_level = (fold_level1(rows["level1"]) == "成本指标").any()
    cost = "成本指标" if own_cost_level else "产出指标"
    by_taxonomy = level2.map(
        lambda x: (level1_of(x) or (cost if x == "成本指标" else None)) if isinstance(x, str) else None
    )
    executed = is_execution(rows, moved)
    order = order.mask(executed, len(level2_order()))  # a project has one such row, at its end
    level1 = by_taxonomy.ffill().map({name: i for i, name in enumerate(names)}).mask(executed, len(names))
    return order.fillna(-1).to_numpy(int), level1.fillna(-1).to_numpy(int), [*names, EXECUTION]


def _rereads(rows: pd.DataFrame) -> np.ndarray:
    """Rows at the head of a page that may be the page before's last row, cut through and read again."""
    again = np.zeros(len(rows), dtype=bool)
    heads = np.flatnonzero(rows["page"].to_numpy()[1:] != rows["page"].to_numpy()[:-1]) + 1
    names, targets, signs = rows["name"], rows["target"], rows["comparator"]
    for i in heads:
        above, below = (str(names.iat[j]).replace(" ", "") for j in (i - 1, i))
        same_sign = pd.isna(signs.iat[i]) or pd.isna(signs.iat[i - 1]) or signs.iat[i] == signs.iat[i - 1]
        same_target = len(str(targets.iat[i])) == len(str(targets.iat[i - 1]))
        again[i] = same_sign and same_target and (above == below or same_line(above, below))
    return again


def _shares(starts: np.ndarray, rows: Rows, total: int, levels: int) -> tuple[int, ...] | None:
    seen = Counter()
    for start, stop in itertools.pairwise(starts):
        weight, level1 = rows.weight[start:stop], rows.level1[start:stop]
        if (weight >= 0).all() and weight.sum() == total and (level1 >= 0).all():
            seen[tuple(int(weight[level1 == k].sum()) for k in range(levels))] += 1
    if not seen:
        return None
    ((shares, count),) = seen.most_common(1)
    return shares if count >= LEAST_ALIKE and count >= SHARE_QUORUM * seen.total() else None


def divide(rows: pd.DataFrame, anchors: pd.DataFrame, moved: bool = True) -> Structure:
    """Divide printed rows among printed projects; see `borders` for the search.

    rows: page, level1, level2, name, comparator, target, weight (texts), can_start · anchors: at, page, starts and the
    project's cells. Where cells have not `moved`, a project begins where its cell does. Neither input is changed.
    """
    group = group_anchors(anchors)
    first = ~group.duplicated()
    count = len(rows)
    pages = rows["page"].to_numpy()
    # where cells have true spans, a project after the last row has none
    at = np.minimum(anchors.loc[first, "at"].to_numpy(int), max(count - 1, 0) if moved else count)
    weight, scale = _scaled(rows)
    level2, level1, names = _level_numbers(rows, moved)
    looked_at = Rows(weight, level2, level1, rows["can_start"].to_numpy(bool), _rereads(rows))
    literal = pd.Series(np.maximum(np.searchsorted(at, np.arange(count), side="right"), 1), index=rows.index)
    if not count or not len(at):
        nothing = pd.Series(False, index=rows.index)
        return Structure(literal, group + 1, literal, nothing, pd.Series(dtype=float), None, None, [])
    page_head = np.array([i in (0, count) or pages[i] != pages[i - 1] for i in at])
    usual = tuple(t * scale for t in USUAL_TOTALS)
    totals = _plausible(weight_profile(looked_at, at, usual), scale) if (weight >= 0).any() else []
    best = None
    for total in totals or [None]:
        borders = find_borders(looked_at, at, page_head, total, fixed=not moved)
        fits = _fitting(borders.starts, looked_at, total)
        rank = (-fits, (total or 0) / scale not in USUAL_TOTALS, borders.cost)
        if best is None or rank < best[0]:
            best = rank, total, borders, fits
        if fits == len(at):
            break
    _, total, borders, fits = best
    shares = _shares(borders.starts, looked_at, total, len(names)) if total else None
    if shares and moved:
        borders = find_borders(looked_at, at, page_head, total, shares)
        fits = _fitting(borders.starts, looked_at, total)
    if total and fits * 3 < len(at) and len(at) > 2:
        total = None  # no sum is common enough to be the document's
    sure = total is None or _total_is_sure(total / scale, fits, len(at))
    structure = _structure(
        rows, looked_at, literal, group, borders, total, scale, shares and dict(zip(names, shares, strict=True))
    )
    if not moved:
        return structure._replace(total_is_sure=sure)
    away = dict(zip(structure.margin.index, (borders.starts[:-1] != at).tolist(), strict=True))
    in_page = dict(zip(structure.margin.index, (~page_head).tolist(), strict=True))
    off = tuple(int(n) for n, is_off in away.items() if is_off)
    return structure._replace(
        total_is_sure=sure,
        off_anchor=(*off, *structure.unnamed),
        off_in_page=tuple(n for n in off if in_page[n]),
    )


def _plausible(totals: list[int], scale: int) -> list[int]:
    """Without multiples of a smaller candidate (the weights of two projects together)."""
    return [t for t in totals if not any(t > u >= LEAST_TOTAL * scale and t % u == 0 for u in totals)]


def _fitting(starts: np.ndarray, rows: Rows, total: int | None) -> int:
    """Projects whose weights sum to `total`."""
    runs = [rows.weight[a:b] for a, b in itertools.pairwise(starts)]
    return sum(1 for w in runs if total and len(w) and (w >= 0).all() and w.sum() == total)


def _total_is_sure(total: float, fits: int, projects: int) -> bool:
    """Whether enough projects share a total for it to be the document's: three, two of a likely one, or the only
    project with a usual one."""
    likely = LEAST_TOTAL <= total <= 110
    return fits >= 3 or (fits == 2 and likely) or (projects == 1 and fits == 1 and total in USUAL_TOTALS)


def _structure(rows, looked_at, literal, group, borders, total, scale, shares) -> Structure:
    extra = split_unnamed(borders.starts, looked_at, total)
    if borders.starts[0] > 0:
        extra = [0, *extra]
    # projects without rows share their start with the next one and come before it
    segments = sorted([(s, 0) for s in borders.starts[:-1].tolist()] + [(s, 1) for s in extra])
    starts = [start for start, _ in segments]
    project = pd.Series(np.searchsorted(starts, np.arange(len(rows)), side="right"), index=rows.index)
    named = [n for n, (_, added) in enumerate(segments, 1) if not added]
    group_number = group.map(dict(enumerate(named)))
    dropped = pd.Series(False, index=rows.index)
    if total is not None:
        for n in project[looked_at.reread].unique():
            mine = (project == n).to_numpy()
            w = looked_at.weight[mine]
            twice = looked_at.weight[mine & looked_at.reread].sum()
            if (w >= 0).all() and w.sum() != total and w.sum() - twice == total:
                dropped |= pd.Series(mine & looked_at.reread, index=rows.index)
    to_points = (lambda v: Decimal(v) / scale) if scale else None
    return Structure(
        project=project,
        group=group_number,
        literal=literal.map(dict(enumerate(named, 1))).fillna(1).astype(int),
        dropped=dropped,
        margin=pd.Series(borders.margin, index=named),
        total=to_points(total) if total is not None else None,
        shares={k: to_points(v) for k, v in shares.items() if v and k != EXECUTION} if shares else None,
        unnamed=[n for n, (_, added) in enumerate(segments, 1) if added],
    )


def ambiguous(structure: Structure) -> list[int]:
    """Projects whose first row could as well be another one: two divisions of the rows are (nearly) equally good."""
    return [int(n) for n, margin in structure.margin.items() if margin < AMBIGUOUS_BELOW]


def shaken(structure: Structure, failing: set[int]) -> list[int]:
    """Projects whose borders rest on those of a failing one: neighbours, on and on, as far as no printed cell stands on
    a project's own first row.

    A row lost or doubled in one project can be made up for by moving the borders of the next: their sums fit, their rows
    are wrong.
    """
    soft = set(structure.off_anchor)
    numbers = sorted(set(structure.project) | set(structure.group.dropna().astype(int)))
    found: set[int] = set()
    for start in failing:
        for n in (n for n in numbers if n > start):
            if n not in soft:
                break
            found.add(n)
        for n in reversed([n for n in numbers if n <= start]):
            if n not in soft:
                break
            found.add(n - 1)
    return sorted(found - failing & set(numbers))
