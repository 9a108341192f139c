"""Splits and merges: what the one-to-one assignment left over, linked to a whole it is a part of."""

import math
from decimal import Decimal

from rapidfuzz import fuzz

from budgetperf.years.assignment import assign
from budgetperf.years.names import likeness
from budgetperf.years.scoring import Scorer, Work

CARRIED = 0.4  # ours: such a share of a part's indicators, found in the whole and in no other part, makes it a part
PART = 0.5  # ours: so like a part must be to its whole
_MONEY_FITS = math.log(1.6)  # ours: the parts' money together is within this ratio of the whole's


def further_parts(
    wholes, parts, chosen: set, decided_wholes: set, decided_parts: set, scorer: Scorer, forbidden: set, turned: bool
) -> dict:
    """Further links of parts that the assignment left over to a whole: {(place in old, place in new): link}.

    First those that carry indicators of a whole which none of its other parts has, each round one part a whole by the
    best assignment; then those whose money, with that of the parts known, fits the whole's better than without.
    `turned`: the wholes are of the new year (a merge).
    """
    known: dict[int, list[int]] = {}
    for a, b in sorted(chosen):
        known.setdefault(a, []).append(b)
    taken = {b for _, b in chosen} | decided_parts
    left = [b for b in range(len(parts)) if b not in taken]
    open_wholes = [a for a in range(len(wholes)) if a not in decided_wholes]

    def offers() -> dict[tuple[int, int], tuple[float, bool]]:
        found = {}
        for b in left:
            for a in open_wholes:
                pair = (parts[b].place, wholes[a].place) if turned else (wholes[a].place, parts[b].place)
                if pair not in forbidden:
                    score, carries = _part_score(wholes[a], parts[b], [parts[k] for k in known.get(a, [])], scorer)
                    if score >= PART:
                        found[a, b] = score, carries
        return found

    found: dict[tuple[int, int], tuple[float, float]] = {}
    while left:
        offered = offers()
        carried = {pair: score - PART for pair, (score, carries) in offered.items() if carries}
        round_of = assign(carried, (len(wholes), len(parts)))
        for a, b in round_of:
            found[a, b] = (
                offered[a, b][0],
                max(
                    [
                        s
                        for (x, y), (s, _) in offered.items()
                        if (x == a) != (y == b) and (x != a or (x, y) not in round_of)
                    ],
                    default=0.0,
                ),
            )
            known.setdefault(a, []).append(b)
            left.remove(b)
        if not round_of:
            break
    best: dict[int, list[tuple[float, int]]] = {}
    for b in left:
        scores = sorted(((score, -a) for (a, y), (score, _) in offered.items() if y == b), reverse=True)
        if scores:
            best.setdefault(-scores[0][1], []).append((scores[0][0], b))
    for a, candidates in best.items():
        candidates.sort(key=lambda item: (-item[0], item[1]))
        kept = _that_fit(wholes[a], [parts[b] for b in known.get(a, [])], [(s, b, parts[b]) for s, b in candidates])
        if a in known or len(kept) >= 2:
            found |= {(a, b): (score, 0.0) for score, b in kept}
    return {
        (b, a) if turned else (a, b): {
            "method": "part",
            "score": min(score, 0.87),
            "runner_up": rival,
            "runner_up_place": None,
        }
        for (a, b), (score, rival) in found.items()
    }


def _part_score(whole: Work, part: Work, known: list[Work], scorer: Scorer) -> tuple[float, bool]:
    """How much speaks for a project being a part of another, and whether that decides whatever the money says.

    It decides that the part carries indicators of the whole which no known part has (two, and CARRIED of its own), or
    that the whole is named after both.
    """
    name = (
        max(fuzz.ratio(whole.core, part.core), fuzz.partial_ratio(whole.core, part.core) if len(whole.core) >= 4 else 0)
        / 100
    )
    if any(_names_both(whole.core, part.core, other.core) for other in known):
        return 0.85, True
    held = own = 0.0
    common = part.indicators & whole.indicators
    if common:
        _, its, both = scorer.shared(whole, part)
        alone = common.difference(*(other.indicators for other in known))
        held, own = both / its, sum(scorer.weight[n] for n in alone) / its if len(alone) >= 2 else 0.0
    apart = scorer.apart(whole, part)
    if own >= CARRIED and not (apart and likeness(whole.core, part.core) >= 0.6):
        text = fuzz.partial_ratio(whole.text, part.text) / 100
        return 0.45 + 0.2 * held + 0.15 * own + 0.1 * name + 0.1 * text, True
    if apart:
        return 0.0, False
    return 0.5 * name + 0.5 * held, False


def sister_absorbed(parts: list[Work], place: int, wholes: list[Work], partner: dict, scorer: Scorer) -> int | None:
    """A whole that a leftover with another place's name may have gone into: same indicators, and the money fits better.

    Nothing but the money speaks for it, so it is a doubt and no link.
    """
    for a, b in sorted(partner.items()):
        part, whole = parts[place], wholes[a]
        if scorer.apart(whole, part) and likeness(whole.core, part.core) >= 0.6 and whole.indicators & part.indicators:
            _, its, both = scorer.shared(whole, part)
            if both / its >= 0.6 and _that_fit(whole, [parts[b]], [(0.0, place, part)]):
                return a
    return None


def _names_both(whole: str, one: str, other: str) -> bool:
    """Whether a name is two others put together.

    >>> _names_both("路灯维护及环卫保洁", "环卫保洁", "路灯维护"), _names_both("路灯维护", "维护", "路灯")
    (True, False)
    """
    if min(len(one), len(other)) < 3 or one not in whole or other not in whole:
        return False
    return len(whole.replace(one, "", 1).replace(other, "", 1)) <= 2


def _that_fit(whole: Work, assigned: list[Work], candidates: list[tuple[float, int, Work]]) -> list[tuple[float, int]]:
    """The candidates whose money, with that of the parts known, brings the sum nearest to the whole's."""
    first = [part.budget for part in assigned]
    budgets = [whole.budget, *first, *(part.budget for _, _, part in candidates)]
    if any(budget is None or budget <= 0 for budget in budgets):
        return [(score, b) for score, b, _ in candidates if score >= 0.8]
    best, kept = _off(whole.budget, first), []
    trial, taken = list(first), []
    for score, b, part in candidates:
        trial.append(part.budget)
        taken.append((score, b))
        if (off := _off(whole.budget, trial)) < best - 0.05:
            best, kept = off, list(taken)
    return kept if best <= _MONEY_FITS else []


def _off(whole: Decimal, parts: list[Decimal]) -> float:
    return abs(math.log(float(sum(parts)) / float(whole))) if parts else math.inf
