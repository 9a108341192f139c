"""Which project of one year is which of another: one best assignment, then splits and merges of what is left."""

from collections.abc import Sequence

import pandas as pd

from budgetperf.tables.linked import linked
from budgetperf.years.assignment import assign
from budgetperf.years.frames import FRAMES, framed
from budgetperf.years.mapping import NO_MAPPING, Mapping, check_found, places_of
from budgetperf.years.names import core_unit
from budgetperf.years.parts import further_parts, sister_absorbed
from budgetperf.years.scoring import ACCEPTED, MARGIN, SURE, Pair, Scorer, Work, unit_blocks, works_of
from budgetperf.years.selection import Year


def match_projects(old: Year, new: Year, mapping: Mapping = NO_MAPPING) -> pd.DataFrame:
    """The projects of two years matched: a row a link, and a row for each project without one; columns FRAMES["links"].

    status: continued (1:1), split (1:n), merged (n:1), regrouped (n:m, by the user's mapping only), new, ended,
    unit_new and unit_gone (the unit has no document of the other year). method: code, name, fuzzy, content, part (of a
    split or merge), mapping, none. runner_up: the score of the next best candidate of either side. doubtful: low score,
    a near runner-up, or an ended project with a likely successor that is left over. Exchanging the years exchanges the
    columns and nothing else. Raises InputError where the mapping names what does not exist.
    """
    works = works_of(old), works_of(new)
    turned = _content(works[1]) < _content(works[0])  # ties are settled in one direction, whichever year comes first
    first, second = works[::-1] if turned else works
    forced, forbidden, units = _decided(mapping, (new, old) if turned else (old, new), first, second)
    links: dict[tuple[int, int], dict] = {}
    alone: dict[tuple[int, int], dict] = {}
    absent: tuple[set, set] = (set(), set())
    for left, right in unit_blocks(first, second, *units):
        block = [w for w in first if w.unit in set(left)], [w for w in second if w.unit in set(right)]
        if not (left and right):
            absent[0].update(w.place for w in block[0])
            absent[1].update(w.place for w in block[1])
        else:
            found, near = _match_block(*block, forced, forbidden)
            links |= found
            alone |= near
    for pair in forced - set(links):  # over units that nothing else links
        links[pair] = {"method": "mapping", "score": 1.0, "runner_up": 0.0, "runner_up_place": None}
    if turned:
        links = {(b, a): {**link, "turned": True} for (a, b), link in links.items()}
        alone = {(1 - side, place): near for (side, place), near in alone.items()}
        absent = absent[::-1]
    return _frame(old.year, new.year, *works, links, alone, absent)


def _content(works: Sequence[Work]) -> list[tuple]:
    return sorted((w.unit, w.name, w.code, str(w.budget), w.text) for w in works)


def _decided(mapping: Mapping, years: tuple[Year, Year], first: Sequence[Work], second: Sequence[Work]) -> tuple:
    """Pairs of places that the user forces and forbids, and the same of units (core names)."""
    forced, forbidden, units = set(), set(), (set(), set())
    known = tuple({core_unit(w.unit) for w in works} | {w.unit_code for w in works} for works in (first, second))
    for decision in mapping.between(years[0].year, years[1].year, "project"):
        found = places_of(decision.one, first), places_of(decision.other, second)
        if check_found(mapping, decision, found, known):
            (forced if decision.same else forbidden).update((a, b) for a in found[0] for b in found[1])
    for decision in mapping.between(years[0].year, years[1].year, "unit"):
        units[0 if decision.same else 1].add((core_unit(decision.one[0]), core_unit(decision.other[0])))
    return forced, forbidden, units


# ---- one block of units ----------------------------------------------------------------------------------------------


def _match_block(old: list[Work], new: list[Work], forced: set, forbidden: set) -> tuple[dict, dict]:
    """Links {(place, place): …} of a block, and the nearest leftover of those without one {(side, place): …}."""
    scorer = Scorer(old, new)
    pairs = {
        (a, b): pair
        for (a, b), pair in scorer.candidates(old, new).items()
        if (old[a].place, new[b].place) not in forbidden
    }
    decided = (
        {(a, b) for a in range(len(old)) for b in range(len(new)) if (old[a].place, new[b].place) in forced}
        if forced
        else set()
    )
    rows, columns = {a for a, _ in decided}, {b for _, b in decided}
    free = {place: pair for place, pair in pairs.items() if place[0] not in rows and place[1] not in columns}
    chosen = assign(
        {place: pair.score - ACCEPTED for place, pair in free.items()}, (len(old), len(new)), tie_break=True
    )
    rivals = _rivals(free)
    links = {(a, b): _link(pairs[a, b], _runner_up(rivals, a, b)) for a, b in chosen}
    for further in (
        further_parts(old, new, set(chosen), rows, columns, scorer, forbidden, False),
        further_parts(new, old, {(b, a) for a, b in chosen}, columns, rows, scorer, forbidden, True),
    ):
        for (a, b), link in further.items():
            grouped = {key for key, other in links.items() if other["method"] == "part"}
            if (a, b) not in links and not any(x == a or y == b for x, y in grouped - set(further)):
                links[a, b] = link
    for a, b in decided:
        links[a, b] = {"method": "mapping", "score": 1.0, "runner_up": 0.0, "runner_up_place": None}
    taken = {a for a, _ in links}, {b for _, b in links}
    near = {}
    for side, works in enumerate((old, new)):
        for place in set(range(len(works))) - taken[side]:
            left = [(score, key) for score, key in rivals[side].get(place, []) if key[1 - side] not in taken[1 - side]]
            if left:
                near[side, works[place].place] = {
                    "score": left[0][0],
                    "other": (new if side == 0 else old)[left[0][1][1 - side]].place,
                }
    for side, works, others in ((0, old, new), (1, new, old)):
        partner = {pair[1 - side]: pair[side] for pair in chosen}
        for place in set(range(len(works))) - taken[side]:
            whole = sister_absorbed(works, place, others, partner, scorer)
            if whole is not None:
                near[side, works[place].place] = {"score": ACCEPTED - 0.01, "other": others[whole].place}
    named = {}
    for (a, b), link in links.items():
        if link["runner_up_place"] is not None:
            side, other = link["runner_up_place"]
            link["runner_up_place"] = side, (old, new)[side][other].place
        named[old[a].place, new[b].place] = link
    return named, near


def _link(pair: Pair, runner_up: tuple) -> dict:
    return {"method": pair.method, "score": pair.score, "runner_up": runner_up[0], "runner_up_place": runner_up[1]}


def _rivals(pairs: dict[tuple[int, int], Pair]) -> tuple[dict, dict]:
    """For rows and for columns: place → [(score, pair)] from best to worst."""
    found: tuple[dict, dict] = ({}, {})
    for key, pair in pairs.items():
        for side in (0, 1):
            found[side].setdefault(key[side], []).append((pair.score, key))
    for side in found:
        for rivals in side.values():
            rivals.sort(key=lambda item: (-item[0], item[1]))
    return found


def _runner_up(rivals: tuple[dict, dict], a: int, b: int) -> tuple[float, tuple[int, int] | None]:
    """Score and (side, place) of the best other candidate of either."""
    best: tuple[float, tuple[int, int] | None] = (0.0, None)
    for side, place in enumerate((a, b)):
        for score, key in rivals[side].get(place, [])[:2]:
            if key != (a, b) and score > best[0]:
                best = score, (1 - side, key[1 - side])
    return best


# ---- the frame -------------------------------------------------------------------------------------------------------


def _frame(
    year: int, other: int, old: list[Work], new: list[Work], links: dict, alone: dict, absent: tuple
) -> pd.DataFrame:
    groups = _groups(len(old), links)
    rows = []
    for (a, b), link in links.items():
        place = link["runner_up_place"]
        if place is not None:
            side, at = place
            rival = (old, new)[1 - side if link.get("turned") else side][at].name
        else:
            rival = None
        # parts of one split are near each other and no rivals
        kin = place is not None and (other_of(link, (a, b), place) in links)
        near = link["score"] - link["runner_up"] < MARGIN and not kin
        doubt = link["method"] != "mapping" and (link["score"] < SURE or near)
        rows.append(
            {
                **_side(old[a], "from"),
                **_side(new[b], "to"),
                "order": groups[a, b],
                "key": (a, b),
                "status": "",
                "method": link["method"],
                "score": round(link["score"], 4),
                "runner_up": round(link["runner_up"], 4) or None,
                "runner_up_project": rival,
                "doubtful": doubt,
            }
        )
    degree = pd.Series([a for a, _ in links]).value_counts(), pd.Series([b for _, b in links]).value_counts()
    kinds: dict[tuple, str] = {}
    for a, b in links:
        kind = {(False, False): "continued", (True, False): "split", (False, True): "merged"}.get(
            (degree[0][a] > 1, degree[1][b] > 1), "regrouped"
        )
        before = kinds.get(groups[a, b])
        kinds[groups[a, b]] = kind if before in (None, "continued", kind) or kind == "continued" else "regrouped"
        if before not in (None, "continued") and kind == "continued":
            kinds[groups[a, b]] = before
    for row in rows:
        row["status"] = kinds[row["order"]]
    for side, (works, used, word) in enumerate(
        ((old, {a for a, _ in links}, "ended"), (new, {b for _, b in links}, "new"))
    ):
        for work in works:
            if work.place in used:
                continue
            gone = work.place in absent[side]
            near = alone.get((side, work.place))
            name = "from" if side == 0 else "to"
            status = {"ended": "unit_gone", "new": "unit_new"}[word] if gone else word
            rows.append(
                {
                    **_side(work, name),
                    "order": (side, work.place, 0),
                    "key": (work.place, 0),
                    "status": status,
                    "method": "none",
                    "score": None,
                    "runner_up": round(near["score"], 4) if near else None,
                    "runner_up_project": (new, old)[side][near["other"]].name if near else None,
                    "doubtful": bool(near and near["score"] >= ACCEPTED - 0.08),
                }
            )
    rows.sort(key=lambda row: (row["order"], row["key"]))
    numbers = {order: number for number, order in enumerate(dict.fromkeys(row["order"] for row in rows), start=1)}
    for row in rows:
        row |= {"group": numbers[row["order"]], "year_from": year, "year_to": other}
    return framed(rows, FRAMES["links"])


def other_of(link: dict, pair: tuple[int, int], place: tuple[int, int]) -> tuple[int, int]:
    """The pair (old, new) of a link's runner-up: one of its two projects with the rival at (side, place)."""
    side = 1 - place[0] if link.get("turned") else place[0]
    return (pair[0], place[1]) if side == 1 else (place[1], pair[1])


def _side(work: Work, side: str) -> dict:
    values = {
        "unit": work.unit,
        "document_id": work.document_id,
        "project_no": work.project_no,
        "code": work.code or None,
        "project": work.name,
        "budget": work.budget,
    }
    return {f"{name}_{side}": value for name, value in values.items()}


def _groups(olds: int, links: dict) -> dict[tuple[int, int], tuple]:
    """Link → what orders its group: links that hang together are one group, in the order of the old year."""
    least = linked((a, olds + b) for a, b in links)
    return {(a, b): (0, least(a), 0) for a, b in links}
