"""The search for project borders: as cheap as the best of all divisions, and right where the sums leave no doubt."""

import itertools

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetperf.mend import borders
from budgetperf.mend.borders import Rows, find_borders, split_unnamed, weight_profile


def rows_of(weights, level2=None, level1=None) -> Rows:
    free = np.full(len(weights), -1)
    return Rows(
        np.array(weights),
        free if level2 is None else np.array(level2),
        free if level1 is None else np.array(level1),
        np.full(len(weights), True),
        np.full(len(weights), False),
    )


def cost_in_words(rows: Rows, starts, anchors, page_head, total, shares) -> float:
    """The cost of one division, written down again without prefix sums."""
    count = len(rows.weight)
    known, current = [], -1
    for level in rows.level2:
        current = level if level >= 0 else current
        known.append(current)
    cost = 0.0 if starts[0] == 0 else borders.ORPHAN_ROWS + starts[0]
    for k, start in enumerate(starts):
        stop = starts[k + 1] if k + 1 < len(starts) else count
        distance = abs(start - anchors[k])
        if distance:
            cost += (borders.OFF_AT_PAGE_HEAD if page_head[k] else borders.OFF) + borders.PER_ROW * distance
        if 0 < start < count:
            if not rows.can_start[start]:
                return np.inf
            if known[start - 1] >= 0 and known[start] > known[start - 1]:
                cost += borders.ASCENT
        if stop < start:
            return np.inf
        if stop == start:
            cost += borders.NO_ROWS
            continue
        mine = range(start, stop)
        if total is not None:
            unknown = [r for r in mine if rows.weight[r] < 0]
            gap = total - sum(rows.weight[r] for r in mine if rows.weight[r] >= 0)
            twice = sum(rows.weight[r] for r in mine if rows.reread[r] and rows.weight[r] >= 0)
            if not unknown and gap == 0:
                if shares and all(rows.level1[r] >= 0 for r in mine):
                    points = [
                        sum(rows.weight[r] for r in mine if rows.level1[r] == level) for level in range(len(shares))
                    ]
                    cost += borders.WRONG_SHARES * (tuple(points) != tuple(shares))
            elif not unknown and twice and gap + twice == 0:
                cost += borders.REREAD
            elif len(unknown) == 1 and gap > 0:
                cost += borders.ONE_UNKNOWN
            elif len(unknown) > 1 and gap >= len(unknown):
                cost += borders.MORE_UNKNOWN
            elif not unknown and gap < 0 and gap % total == 0:
                cost += borders.TWO_PROJECTS * (-gap // total)
            else:
                cost += borders.WRONG_SUM + 5 * min(abs(gap) / total, 1)
        for r in mine:
            level = rows.level2[r]
            if level >= 0 and r > start and 0 <= known[r] < known[r - 1]:
                cost += borders.DESCENT
            if level >= 0 and (r == 0 or known[r - 1] != level) and any(known[j] == level for j in range(start, r)):
                cost += borders.REVISIT
    return cost


@st.composite
def documents(draw):
    count = draw(st.integers(2, 8))
    weights = draw(st.lists(st.sampled_from([-1, 10, 20, 30, 40, 50]), min_size=count, max_size=count))
    level2 = draw(st.lists(st.integers(-1, 3), min_size=count, max_size=count))
    level1 = [min(level, 1) for level in level2]
    rows = rows_of(weights, level2, level1)
    reread = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    rows = rows._replace(reread=np.array(reread) & (np.array(weights) > 0))
    anchors = sorted(draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=3)))
    heads = draw(st.lists(st.booleans(), min_size=len(anchors), max_size=len(anchors)))
    return (
        rows,
        anchors,
        heads,
        draw(st.sampled_from([None, 60, 90])),
        draw(st.sampled_from([None, (50, 10), (30, 30)])),
    )


def places(anchors, count):
    for k, anchor in enumerate(anchors):
        low = max(anchors[k - 1] - 3 if k else 0, 0)
        high = min(anchors[k + 1] + 3 if k + 1 < len(anchors) else count - 1, count)
        yield range(min(low, anchor), max(high, anchor) + 1)


@settings(max_examples=150)
@given(documents())
def test_the_search_is_as_good_as_trying_every_division(document):
    rows, anchors, heads, total, shares = document
    shares = shares if total else None
    count = len(rows.weight)
    found = find_borders(rows, np.array(anchors), np.array(heads), total, shares)
    costs = {
        starts: cost_in_words(rows, starts, anchors, heads, total, shares)
        for starts in itertools.product(*places(anchors, count))
        if all(a <= b for a, b in itertools.pairwise(starts))
    }
    best = min(costs.values())
    assert abs(found.cost - best) < 1e-6
    assert abs(costs[tuple(found.starts[:-1].tolist())] - best) < 1e-6
    assert found.starts[-1] == count
    ranked = sorted(costs.values())
    assert (found.margin >= -1e-9).all() and (
        found.margin.min() <= (ranked[1] - best if len(ranked) > 1 else np.inf) + 1e-6
    )


@settings(max_examples=60)
@given(st.lists(st.integers(1, 6), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_cells_that_stand_off_their_rows_are_put_right_by_the_sum(sizes, rng):
    """Projects of 90 points with levels in order; each cell stands up to two rows below its first row."""
    weights, level2, starts = [], [], []
    for size in sizes:
        starts.append(len(weights))
        cuts = sorted(rng.sample(range(1, 90), size - 1))
        weights += [b - a for a, b in itertools.pairwise([0, *cuts, 90])]
        level2 += sorted(rng.choices(range(6), k=size))
    anchors = np.array([start + rng.randint(0, min(2, size - 1)) for start, size in zip(starts, sizes, strict=True)])
    found = find_borders(rows_of(weights, level2), anchors, np.full(len(starts), True), 90)
    sums = [sum(weights[a:b]) for a, b in itertools.pairwise(found.starts.tolist())]
    assert sums == [90] * len(sizes)


def test_two_equal_readings_have_no_margin():
    rows = rows_of([45, 45, 45, 45, 90], [0, 0, 0, 0, 0])
    found = find_borders(rows, np.array([0, 1, 4]), np.array([True, False, False]), None)
    sure = find_borders(rows, np.array([0, 2, 4]), np.array([True, False, False]), 90)
    assert found.margin.min() <= sure.margin.min()
    assert sure.starts.tolist() == [0, 2, 4, 5] and sure.margin[1:].min() > 1


def test_a_border_is_as_sure_as_all_that_would_have_to_move_with_it():
    """Another second border spoils two sums, like another third one: what follows counts as much as what went before."""
    rows = rows_of([30] * 9, [-1] * 9)
    margin = find_borders(rows, np.array([0, 3, 6]), np.array([True, False, False]), 90).margin
    assert margin[1] == margin[2] > 40


def test_a_lost_project_cell_shows_in_a_double_sum():
    level2 = [0, 1, 8, 0, 1, 8, 0, 8]
    rows = rows_of([30, 50, 10, 40, 40, 10, 80, 10], level2)
    assert split_unnamed(np.array([0, 6, 8]), rows, 90) == [3]
    assert split_unnamed(np.array([0, 3, 6, 8]), rows, 90) == []
    assert split_unnamed(np.array([0, 6, 8]), rows, None) == []


def test_the_profile_is_what_the_documents_own_projects_sum_to():
    weights = [60, 40, 50, 50, 70, 30, 20, 20]
    assert weight_profile(rows_of(weights), np.array([0, 2, 4, 6]))[0] == 100
    assert weight_profile(rows_of([40, 40, 30, 50]), np.array([0, 2]), (100, 90))[0] == 80


def test_a_page_of_ten_thousand_rows_is_divided_quickly():
    weights = [30, 40, 20] * 3400
    found = find_borders(rows_of(weights, [0, 1, 8] * 3400), np.arange(0, len(weights), 3), np.full(3400, False), 90)
    assert np.array_equal(found.starts, np.arange(0, len(weights) + 1, 3))


def test_the_input_is_untouched():
    rows = rows_of([60, 30, 50, 40])
    before = pd.Series(rows.weight.copy())
    anchors = np.array([0, 2])
    find_borders(rows, anchors, np.array([True, True]), 90)
    assert before.tolist() == rows.weight.tolist() and anchors.tolist() == [0, 2]
