"""Which texts and which sets are alike, without comparing all with all; alike objectives and indicators."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from budgetperf.tables.linked import linked

HASHES, BAND = 64, 2  # bands of two minima: texts that share 0.4 of their shingles meet in one with 99.6 %
CROWD = 40  # in a larger bucket a text is compared with so many next to it only: cost stays linear, clusters stay whole
_NO_TEXT = r"[\s，。；、：:;,.！!？?“”\"'（）()《》〈〉…—-]"


class Pair(NamedTuple):
    first: int
    second: int
    likeness: float


def similar_pairs(texts: Sequence[str], cutoff: float, shingle: int = 3) -> list[Pair]:
    """Pairs of positions whose texts are alike by at least `cutoff` (0 to 1, share of common characters in order).

    Candidates by MinHash, each then compared for certain. Equal texts are chained, so that n of them give n − 1 pairs.

    >>> similar_pairs(["保障村级运转经费拨付", "修缮文物建筑三处", "保障村级组织经费拨付"], 0.75)
    [Pair(first=0, second=2, likeness=0.8)]
    """
    places = defaultdict(list)
    for place, text in enumerate(texts):
        if text:
            places[text].append(place)
    pairs = [Pair(a, b, 1.0) for same in places.values() for a, b in itertools.pairwise(same)]
    unique = list(places)
    for a, b in sorted(_candidates(unique, shingle)):
        one, other = unique[a], unique[b]
        if 2 * min(len(one), len(other)) < cutoff * (len(one) + len(other)):
            continue
        score = fuzz.ratio(one, other, score_cutoff=100 * cutoff) / 100
        if score >= cutoff:
            pairs.append(Pair(*sorted((places[one][0], places[other][0])), score))
    return sorted(pairs)


def _candidates(texts: list[str], shingle: int) -> set[tuple[int, int]]:
    """Pairs of positions that share a band of their MinHash signatures."""
    random = np.random.default_rng(20_240_101)
    factors = random.integers(1, 2**63, HASHES, dtype=np.uint64) | np.uint64(1)
    mixers = np.array([1_000_003, 998_244_353, 16_777_619, 2_654_435_761][:shingle], dtype=np.uint64)
    buckets = defaultdict(list)
    for place, text in enumerate(texts):
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        if len(codes) < shingle:
            codes = np.pad(codes, (0, shingle - len(codes)))
        grams = sum(codes[k : len(codes) - shingle + 1 + k] * mixers[k] for k in range(shingle))
        grams = np.unique(grams)
        hashed = grams[:, None] * factors[None, :]
        hashed ^= hashed >> np.uint64(29)
        minima = (hashed * np.uint64(0xBF58476D1CE4E5B9)).min(axis=0)
        for band in range(0, HASHES, BAND):
            buckets[band, minima[band : band + BAND].tobytes()].append(place)
    pairs = set()
    for members in buckets.values():
        if len(members) > 1:
            reach = len(members) if len(members) <= CROWD else CROWD // 4
            pairs.update((a, b) for at, a in enumerate(members) for b in members[at + 1 : at + 1 + reach])
    return pairs


def similar_sets(sets: Sequence[frozenset], cutoff: float) -> list[Pair]:
    """Pairs of positions whose sets have at least `cutoff` of all their members in common (Jaccard).

    Two such sets share one of their rarest members (prefix filter), so only those are compared; exact but for crowds
    of more than CROWD sets round one rare member.

    >>> similar_sets([frozenset("abcd"), frozenset("xyz"), frozenset("abce")], 0.6)
    [Pair(first=0, second=2, likeness=0.6)]
    """
    places = defaultdict(list)
    for place, members in enumerate(sets):
        if members:
            places[members].append(place)
    pairs = [Pair(a, b, 1.0) for same in places.values() for a, b in itertools.pairwise(same)]
    unique = list(places)
    count = defaultdict(int)
    for members in unique:
        for member in members:
            count[member] += 1
    holders, compared = defaultdict(list), set()
    for at, members in enumerate(unique):
        rarest = sorted(members, key=lambda member: (count[member], member))
        for member in rarest[: len(members) - int(-(-cutoff * len(members) // 1)) + 1]:
            for other in holders[member][-CROWD:]:
                if (other, at) in compared:
                    continue
                compared.add((other, at))
                likeness = len(members & unique[other]) / len(members | unique[other])
                if likeness >= cutoff:
                    pairs.append(Pair(*sorted((places[unique[other]][0], places[members][0])), likeness))
            holders[member].append(at)
    return sorted(pairs)


def clusters(pairs: list[Pair]) -> list[tuple[list[int], list[Pair]]]:
    """Positions that hang together by pairs, each group with its pairs, in order."""
    least = linked(pairs)
    grouped = defaultdict(list)
    for pair in pairs:
        grouped[least(pair.first)].append(pair)
    result = [(sorted({p for pair in group for p in pair[:2]}), group) for group in grouped.values()]
    return sorted(result)


# ---- the projects' texts and indicators ------------------------------------------------------------------------------


def of_one_year(rows: list, pairs: list[Pair]) -> list[Pair]:
    """Pairs of different projects of one fiscal year: not a project's application and its self-evaluation."""

    def distinct(pair: Pair) -> bool:
        a, b = rows[pair.first], rows[pair.second]
        year = lambda row: None if pd.isna(row.fiscal_year) else int(row.fiscal_year)  # noqa: E731
        if year(a) != year(b):
            return False
        if a.document_id == b.document_id:
            return True
        same_code = a.project_code and a.project_code == b.project_code
        return not same_code and (a.unit_name, a.project_name) != (b.unit_name, b.project_name)

    return [pair for pair in pairs if distinct(pair)]


def alike_objectives(tables, thresholds) -> list[Pair]:
    """Pairs of positions in tables.projects whose objectives are alike."""
    texts = tables.projects["text"].str.replace(_NO_TEXT, "", regex=True)
    texts = texts.where(texts.str.len() >= thresholds["shortest"], "")
    return of_one_year(tables.project_rows, similar_pairs(texts.tolist(), thresholds["note_from"]))


def indicator_sets(tables) -> list[frozenset]:
    """The set of indicator names of each project, in the order of tables.projects."""
    sets = defaultdict(set)
    for row in tables.indicator_rows:
        if row.text:
            sets[row.document_id, row.project_no].add(row.text)
    return [frozenset(sets.get((row.document_id, row.project_no), ())) for row in tables.project_rows]


def alike_sets(tables, thresholds) -> list[Pair]:
    """Pairs of positions in tables.projects whose indicators are alike."""
    sets = [one if len(one) >= thresholds["fewest"] else frozenset() for one in indicator_sets(tables)]
    return of_one_year(tables.project_rows, similar_sets(sets, thresholds["jaccard"]))
