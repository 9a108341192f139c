"""Points of rows; printed sums of weights, scores and pages, and points printed beside a level's name: each checked against the rows."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from budgetperf.clean.checks import check_rows
from budgetperf.field.notation import parse_amount, parse_points, plain
from budgetperf.field.vocabulary import fold, level_points

if TYPE_CHECKING:
    from budgetperf.mend.table import Table

OF_EXECUTION = {"weight": "execution_weight", "score": "execution_score"}
SHARE_QUORUM = 0.8  # so many projects must have the same level-1 shares for them to be the document's profile
LEAST_ALIKE = 3
WORDS = {"weight": "分值", "score": "得分"}


def points_of(texts: pd.Series) -> pd.Series:
    """Weights or scores of a column as exact decimals; None where a cell has no readable one."""
    return pd.Series([parse_points(text) for text in texts], index=texts.index, dtype=object)


def shares_hold(
    level1: pd.Series, weight: pd.Series, project: pd.Series, shares: dict[str, Decimal] | None
) -> pd.Series:
    """Whether the points of a row's project, by level 1, are the shares that all projects of the document have."""
    if not shares:
        return pd.Series(False, index=level1.index)
    points: dict[int, dict[str, Decimal]] = {}
    for number, level, points_here in zip(project.tolist(), level1.tolist(), weight.tolist(), strict=True):
        by_level = points.setdefault(number, {})
        if isinstance(level, str):
            by_level[level] = by_level.get(level, Decimal(0)) + (points_here or 0)
    holds = {
        number: set(by_level) <= set(shares) and all(by_level.get(k, 0) == v for k, v in shares.items())
        for number, by_level in points.items()
    }
    return project.map(holds).astype(bool)


def shares_of(indicators: pd.DataFrame, total: Decimal | None) -> dict[str, Decimal] | None:
    """The points by level 1 that nearly all projects have whose weights are complete; None where no split is common.

    >>> rows = pd.DataFrame({"project_no": [1, 1, 2, 2, 3, 3], "level1": ["产出指标", "效益指标"] * 3, "weight": [Decimal(50)] * 6})
    >>> shares_of(rows, Decimal(100)), shares_of(rows[:4], Decimal(100))
    ({'产出指标': Decimal('50'), '效益指标': Decimal('50')}, None)
    """
    columns = indicators[["project_no", "level1", "weight"]]
    whole = columns.notna().all(axis=1).groupby(columns["project_no"]).all()
    points: dict[int, dict[str, Decimal]] = {number: {} for number in whole.index[whole]}
    for number, level, weight in zip(*(columns[name].tolist() for name in columns), strict=True):
        if number in points:
            points[number][level] = points[number].get(level, Decimal(0)) + weight
    complete = [by_level for by_level in points.values() if sum(by_level.values()) == total]
    seen = Counter(tuple(sorted(by_level.items())) for by_level in complete)
    common, count = seen.most_common(1)[0] if seen else ((), 0)
    return dict(common) if count >= LEAST_ALIKE and count >= SHARE_QUORUM * seen.total() else None


def point_sums(table: "Table") -> pd.DataFrame:
    """A printed sum of weights or scores is that of the project above it, of the rows since the sum before, or of the
    whole table; the execution rate's points count with them or not. Of scores that no row prints (扣分) there is none."""
    rows = []
    for kind in OF_EXECUTION:
        if kind == "score" and "score" not in table.printed.heads:
            continue
        above = 0
        for at, text in table.printed.sums[["at", kind]].itertuples(index=False):
            if (amount := parse_points(text)) is not None:
                rows.append(_checked(table, kind, above, int(at), amount))
                above = int(at)
    return check_rows(rows)


def _checked(table: "Table", kind: str, above: int, at: int, printed: Decimal) -> tuple:
    projects = table.projects.set_index("project_no")[OF_EXECUTION[kind]]
    points = table.indicators.set_index("project_no")[kind]
    number = int(table.structure.project.iat[min(at, len(table.structure.project)) - 1]) if at else None
    scopes = [points, points[points.index == number]] if number else [points]
    executed = [projects, projects[projects.index == number]] if number else [projects]
    sums = [_sum(scope) for scope in scopes]
    either = {s + e for s, of in zip(sums, executed, strict=True) for e in (Decimal(0), _sum(of))}
    since = table.indicators.loc[(table.indicators.index >= above) & (table.indicators.index < at), kind]
    passed = printed in either or (len(since) > 0 and printed == _sum(since))
    note = f"{WORDS[kind]}合计印为 {plain(printed)}" + ("，与各行相符" if passed else f"，各行之和为 {plain(sums[-1])}")
    return number, f"{kind}_sum", str(plain(printed)), str(plain(sums[-1])), passed, note


def _sum(values: pd.Series) -> Decimal:
    return sum((v for v in values if isinstance(v, Decimal)), Decimal(0))


class _Told(NamedTuple):
    """Points printed with a level of a project, from `least` to `most`, and what the indicators under it weigh."""

    project: int
    level: str
    name: str
    least: Decimal
    most: Decimal
    actual: Decimal

    def holds(self, points: Decimal) -> bool:
        return self.least <= points <= self.most


def level_shares(table: "Table") -> pd.DataFrame:
    """Points printed with a level (40-50分, or a column of its own) hold the weights of the indicators under it; with the
    execution rate's where its row stands under that level or, where no row tells, under no other level of the project
    and in most of the projects."""
    if not table.indicators["weight"].map(lambda w: isinstance(w, Decimal)).any():
        return check_rows([])
    executed = {int(n): w for n, w in table.projects[["project_no", "execution_weight"]].itertuples(index=False) if isinstance(w, Decimal) and w}  # fmt: skip
    told = [one for level in ("level1", "level2") for one in _told(table.indicators, level)]
    holding = _holding_execution(table, told, executed)
    rows = []
    for one in told:
        passed = one.holds(one.actual) or (one in holding and one.holds(one.actual + executed[one.project]))
        span = str(plain(one.least)) if one.least == one.most else f"{plain(one.least)}-{plain(one.most)}"
        words = "，与各指标分值相符" if passed else f"，其下各指标分值之和为 {plain(one.actual)}"
        note = f"“{one.name}”印有 {span} 分{words}"
        rows.append((one.project, "level_points", span, str(plain(one.actual)), passed, note))
    return check_rows(rows)


def _told(indicators: pd.DataFrame, level: str) -> Iterator[_Told]:
    names = indicators[f"{level}_printed"]
    beside = indicators.get(f"{level}_points", pd.Series(None, index=indicators.index, dtype=object))
    keys = indicators[["project_no", "level1_printed", f"{level}_printed"]].astype(str)
    runs = (keys != keys.shift()).any(axis=1).cumsum()  # a level printed again on each row has its points but once
    beside = beside.groupby(runs).ffill()
    texts = [f"{name}（{own}分）" if isinstance(own, str) else name for name, own in zip(names, beside, strict=True)]
    printed = pd.Series(texts, index=indicators.index, dtype=object)
    told = indicators[printed.map(lambda t: isinstance(t, str) and level_points(t)[1] is not None).astype(bool)]
    for (number, text), mine in told.groupby(["project_no", printed], sort=False):
        name, (least, most) = level_points(text)
        yield _Told(int(number), level, fold(name), least, most, _sum(mine["weight"]))


def _holding_execution(table: "Table", told: list[_Told], executed: dict[int, Decimal]) -> set[_Told]:
    """The levels whose points may be with those of the execution rate."""
    rows = table.rows[table.rows["execution"]]
    above = {level: rows[["project_no", level]].dropna().itertuples(index=False) for level in ("level1", "level2")}
    under = {(int(n), level): fold(level_points(text)[0]) for level, of in above.items() for n, text in of}
    lacking = [one for one in told if one.project in executed and not one.holds(one.actual)]
    lacking = [one for one in lacking if one.holds(one.actual + executed[one.project])]
    in_project = Counter((one.project, one.level) for one in lacking)
    in_all = Counter((one.level, one.name) for one in lacking)
    without = Counter((one.level, one.name) for one in told if one.project in executed and one.holds(one.actual))
    return {
        one
        for one in lacking
        if (
            under[one.project, one.level] == one.name
            if (one.project, one.level) in under
            else in_project[one.project, one.level] == 1 and in_all[one.level, one.name] > without[one.level, one.name]
        )
    }


def page_sums(table: "Table") -> pd.DataFrame:
    """The sum printed at a page's foot is that of the budgets of the projects that begin on the page, or of all so far
    (过次页, 承前页)."""
    sums = table.printed.sums[table.printed.sums["kind"] == "page_sum"]
    unit = table.printed.amount_unit
    first = table.structure.project.drop_duplicates()
    budgets = table.projects.set_index("project_no")["budget_wan_yuan"]
    rows, above = [], 0
    for at, page, text in sums[["at", "page", "amount"]].itertuples(index=False):
        printed = parse_amount(text, unit) if unit else None
        actual = _sum(budgets.reindex(first[(first.index >= above) & (first.index < at)]))
        so_far = _sum(budgets.reindex(first[first.index < at]))
        passed, above = printed in (actual, so_far), at
        shown = plain(printed) if printed is not None else text
        note = f"第 {page} 页的本页小计 {shown}" + (
            f"，与{'本页' if printed == actual else '至此各'}项目相符"
            if passed
            else f"，本页项目之和为 {plain(actual)}"
        )
        rows.append((None, "page_sum", str(shown), str(plain(actual)), passed, note))
    return check_rows(rows)
