"""Which texts and which sets are alike, without comparing all with all."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

HASHES, BAND = 64, 2  # bands of two minima: texts that share 0.4 of their shingles meet in one with 99.6 %
CROWD = 40  # in a larger bucket a text is compared with so many next to it only: cost stays linear, clusters stay whole
AT_ONCE = 100_000  # pairs of texts handed over in one go


class Pair(NamedTuple):
    first: int
    second: int
    likeness: float


def _equals(values: Sequence) -> tuple[dict, list[Pair]]:
    """The places of each value that is not empty, and equal ones as pairs, chained."""
    places = defaultdict(list)
    for place, value in enumerate(values):
        if value:
            places[value].append(place)
    return places, [pair for same in places.values() for pair in map(Pair, same, same[1:], itertools.repeat(1.0))]


def similar_pairs(texts: Sequence[str], signatures: Sequence[str], cutoff: float) -> list[Pair]:
    """Pairs of positions whose texts are alike by at least `cutoff` (0 to 1, share of common characters in order).

    Candidates by their signatures, each then compared for certain. Equal texts are chained, so that n of them give
    n − 1 pairs.

    >>> texts = ["保障村级运转经费拨付", "修缮文物建筑三处", "保障村级组织经费拨付"]
    >>> similar_pairs(texts, [signature(text) for text in texts], 0.75)
    [Pair(first=0, second=2, likeness=0.8)]
    """
    places, pairs = _equals(texts)
    unique, least = list(places), np.array([of_text[0] for of_text in places.values()], dtype=int)
    one, other = _candidates([signatures[place] for place in least.tolist()])
    length = np.fromiter(map(len, unique), int, len(unique))
    near = 2 * np.minimum(length[one], length[other]) >= cutoff * (length[one] + length[other])
    one, other = one[near], other[near]
    likeness = _likeness(unique, one, other, cutoff)
    alike = likeness >= cutoff
    first, second = least[one[alike]], least[other[alike]]
    ends = np.minimum(first, second).tolist(), np.maximum(first, second).tolist()
    return sorted([*pairs, *map(Pair, *ends, likeness[alike].tolist())])


def _likeness(texts: list[str], one: np.ndarray, other: np.ndarray, cutoff: float) -> np.ndarray:
    """The share of common characters in order of the pairs of texts at these places; 0 below the cutoff."""
    held = np.array(texts, dtype=object)
    parts = [
        process.cpdist(held[one[at : at + AT_ONCE]], held[other[at : at + AT_ONCE]], scorer=fuzz.ratio,
                       score_cutoff=100 * cutoff, dtype=np.float64)
        for at in range(0, len(one), AT_ONCE)
    ]  # fmt: skip
    return np.concatenate(parts or [np.array([])]) / 100


@lru_cache(maxsize=20_000)
def signature(text: str, shingle: int = 3) -> str:
    """The MinHash signature of a text, its bands as hexadecimal digits: like texts have one or more in common."""
    factors, mixers = _hashes()
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < shingle:
        codes = np.pad(codes, (0, shingle - len(codes)))
    grams = np.unique(sum(codes[k : len(codes) - shingle + 1 + k] * mixers[k] for k in range(shingle)))
    hashed = grams[:, None] * factors[None, :]
    hashed ^= hashed >> np.uint64(29)
    minima = (hashed * np.uint64(0xBF58476D1CE4E5B9)).min(axis=0).reshape(-1, BAND)
    return (minima * factors[:BAND]).sum(axis=1, dtype=np.uint64).astype("<u8").tobytes().hex()


@cache
def _hashes() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(20_240_101)
    factors = random.integers(1, 2**63, HASHES, dtype=np.uint64) | np.uint64(1)
    return factors, np.array([1_000_003, 998_244_353, 16_777_619, 2_654_435_761], dtype=np.uint64)


def _candidates(signatures: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of positions that have a band of their signatures in common, each pair once: the ones and the others."""
    found, count = [], len(signatures)
    bands = np.frombuffer(bytes.fromhex("".join(signatures)), "<u8").reshape(count, -1) if count else np.empty((0, 0))
    for band in bands.T:
        order = np.argsort(band, kind="stable")
        _, buckets, sizes = np.unique(band[order], return_inverse=True, return_counts=True)
        reach = np.where(sizes <= CROWD, sizes, CROWD // 4)[buckets]
        for step in range(1, min(CROWD, count)):
            near = (buckets[step:] == buckets[:-step]) & (reach[:-step] >= step)
            if not near.any():
                break
            found.append(order[:-step][near] * count + order[step:][near])
    return np.divmod(pd.unique(np.concatenate(found or [np.array([], dtype=int)])), max(count, 1))


def similar_sets(sets: Sequence[frozenset], cutoff: float) -> list[Pair]:
    """Pairs of positions whose sets have at least `cutoff` of all their members in common (Jaccard).

    Two such sets share one of their rarest members (prefix filter), so only those are compared; exact but for crowds
    of more than CROWD sets round one rare member.

    >>> similar_sets([frozenset("abcd"), frozenset("xyz"), frozenset("abce")], 0.6)
    [Pair(first=0, second=2, likeness=0.6)]
    """
    places, pairs = _equals(sets)
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
    grouped = defaultdict(list)
    for pair, least in zip(pairs, _least_linked(pairs), strict=True):
        grouped[least].append(pair)
    result = [(sorted({*map(itemgetter(0), group), *map(itemgetter(1), group)}), group) for group in grouped.values()]
    return sorted(result)


def _least_linked(pairs: list[Pair]) -> list[int]:
    """For each pair the least position that hangs together with it, as `linked` tells it, of all pairs at once."""
    first, second = (np.fromiter(map(itemgetter(end), pairs), int, len(pairs)) for end in (0, 1))
    least = np.arange(max(first.max(), second.max()) + 1) if pairs else first
    while (least[first] != least[second]).any():
        one, other = least[first], least[second]
        np.minimum.at(least, np.maximum(one, other), np.minimum(one, other))
        while (least[least] != least).any():
            least = least[least]
    return least[first].tolist()


# ---- the projects compared -------------------------------------------------------------------------------------------


class Project(NamedTuple):
    """What tells a project from others, in plain values."""

    document_id: str
    project_no: int
    fiscal_year: int | None
    unit_name: str
    project_code: str
    project_name: str


def project_of(row) -> Project:
    """Of a row of tables.projects."""
    year = None if pd.isna(row.fiscal_year) else int(row.fiscal_year)
    texts = row.unit_name, row.project_code, row.project_name
    return Project(row.document_id, int(row.project_no), year, *texts)


def of_one_year(projects: Sequence[Project], pairs: list[Pair]) -> list[Pair]:
    """Pairs of different projects of one fiscal year: not a project's application and its self-evaluation."""

    def distinct(pair: Pair) -> bool:
        a, b = projects[pair.first], projects[pair.second]
        if a.fiscal_year != b.fiscal_year:
            return False
        if a.document_id == b.document_id:
            return True
        same_code = a.project_code and a.project_code == b.project_code
        return not same_code and (a.unit_name, a.project_name) != (b.unit_name, b.project_name)

    return [pair for pair in pairs if distinct(pair)]


def indicator_sets(tables) -> list[frozenset]:
    """The set of indicator names of each project, in the order of tables.projects."""
    sets = defaultdict(set)
    for row in tables.indicator_rows:
        if row.text:
            sets[row.document_id, row.project_no].add(row.text)
    return [frozenset(sets.get((row.document_id, row.project_no), ())) for row in tables.project_rows]
