"""One printed table → its rows divided among its projects, both mended and checked."""

from collections import Counter
from decimal import Decimal

import pandas as pd

from budgetperf.clean import checks as reconciliation
from budgetperf.clean.values import parse_numbers
from budgetperf.field.notation import code_parts, parse_amount, parse_target
from budgetperf.field.vocabulary import names_body
from budgetperf.layout.account import account
from budgetperf.layout.printed import COLUMN_OF, Printed
from budgetperf.mend import indicator_cells as rows_of
from budgetperf.mend import project_cells as cells_of
from budgetperf.mend import units as units_of
from budgetperf.mend.structure import Structure, ambiguous, divide, shaken
from budgetperf.tables.cells import Reading
from budgetperf.tables.ledger import Ledger

SHORT_UNIT = 3  # characters
MUCH = Decimal("1.3")  # times the total, from which weights are those of more than one project
FULL_MARKS = Decimal(100)  # what indicators and execution rate make up together


def read_section(printed: Printed, ledger: Ledger, offset: int) -> dict:
    """One printed table: its rows divided among its projects, both mended and checked; numbers count on from `offset`."""
    structure = divide(printed.rows, printed.anchors, printed.moved)
    if not ledger.repair:
        structure = _as_printed(structure)
    count = int(
        max(
            structure.project.max() if len(structure.project) else 0,
            structure.group.max() if len(structure.group) else 0,
        )
    )
    shift = lambda numbers: numbers + offset  # noqa: E731
    total, subtotals = _printed_sums(printed)
    gathered = cells_of.gather(printed.anchors, structure.group, count)
    gathered["project_no"] = shift(gathered["project_no"])
    gathered["page"] = gathered["page"].fillna(_first_pages(printed, structure, gathered, offset))
    projects, open_codes, open_amounts = _projects(gathered, printed, total, ledger)
    covered = _covered(subtotals, structure, printed, projects, offset)
    projects, open_units = _units(projects, printed, structure, covered, offset, ledger)
    rows = printed.rows.assign(project_no=shift(structure.project), page=printed.rows["page"])
    _note_rows(rows, shift(structure.literal), structure, projects, ledger)
    kept = rows[~structure.dropped].copy()
    execution = rows_of.is_execution(kept)
    projects = _with_execution(projects, kept[execution], printed, structure.total, ledger)
    indicators = kept[~execution].copy()
    indicators["indicator_no"] = indicators.groupby("project_no", sort=False).cumcount() + 1
    indicators = _indicators(indicators, projects, printed, structure, ledger)
    year = printed.fiscal_year or _year_of_codes(projects["project_code"])
    projects["fiscal_year"] = year
    fields = set(printed.heads) or {"project", "budget", "objective", "comparator", "level1", "level2"}
    weights = reconciliation.check_weights(projects, indicators, structure.total)
    shares = reconciliation.check_shares(projects, indicators, structure.shares)
    failing = {
        int(n) - offset
        for check in (weights, shares)
        for n in check.loc[~check["passed"].astype(bool), "project_no"].dropna()
    }
    codes = reconciliation.check_codes(projects, year)
    checks = [
        reconciliation.check_total(projects, total),
        reconciliation.check_subtotals(projects, covered),
        weights,
        shares,
        reconciliation.check_execution(projects),
        reconciliation.check_repeats(indicators),
        codes,
        reconciliation.check_identity(projects, int((~codes["passed"].astype(bool)).sum())),
        reconciliation.check_required(projects, indicators, fields),
    ]
    doubts = [
        ("borders", [(n + offset, "项目的起止行有两种同样可能的划分") for n in ambiguous(structure)]),
        ("borders", [(n + offset, "相邻项目的分值不符，本项目的起止行随之存疑") for n in shaken(structure, failing)]),
        (
            "borders",
            [
                (n + offset, "项目单元格不在页首，起始行却不在其旁：分值或行可能有误")
                for n in sorted({m for n in structure.off_in_page for m in (n - 1, n) if m})
            ],
        ),
        ("projects", _two_in_one(weights, structure.total)),
        (
            "weights",
            []
            if structure.total_is_sure
            else [(None, f"只有很少项目的分值之和为 {structure.total}，不足以断定它是全文的共同合计")],
        ),
        ("project_cell", [(n + offset, "这些指标行上没有找到项目名称和金额的单元格") for n in structure.unnamed]),
        ("cut_digits", [(n, "分页切断的编码有多种读法，不能确定") for n in open_codes]),
        ("cut_digits", [(n, "分页切断的金额有多种读法，勾稽不能确定") for n in open_amounts]),
        ("unit", [(n, "印有几个单位，本项目属于哪一个不能由版面或小计确定") for n in open_units]),
        ("unit", _short_units(projects)),
        ("columns", [(None, words) for words in printed.doubts]),
        ("rows", _odd_units(indicators)),
        *(("characters", found) for found in (_unread_characters(projects), _unread_characters(indicators))),
        ("guess", _guesses(ledger, offset)),
    ]
    if printed.amount_unit is None and gathered["budget"].map(len).any() and projects["budget_wan_yuan"].isna().any():
        doubts.append(("amount_unit", [(None, "没有印出金额单位（元或万元），金额未换算、留空")]))
    return {
        "projects": projects,
        "indicators": indicators,
        "rows": rows,
        "structure": structure,
        "offset": offset,
        "checks": pd.concat([*checks, reconciliation.doubts(doubts)], ignore_index=True),
        "total": total,
        "weight_total": structure.total,
        "fiscal_year": year,
    }


def _as_printed(structure: Structure) -> Structure:
    nothing = pd.Series(False, index=structure.dropped.index)
    return structure._replace(project=structure.literal, dropped=nothing, unnamed=[])


def _first_pages(printed: Printed, structure: Structure, gathered: pd.DataFrame, offset: int) -> pd.Series:
    pages = printed.rows["page"].groupby(structure.project).first()
    return gathered["project_no"].map(lambda n: pages.get(n - offset))


def _printed_sums(printed: Printed) -> tuple[Decimal | None, pd.DataFrame]:
    """The grand total in 万元, and all other printed sums with their amounts."""
    sums = printed.sums.assign(
        amount=[
            parse_amount(text, printed.amount_unit) if printed.amount_unit else None for text in printed.sums["amount"]
        ]
    )
    sums = sums[sums["amount"].notna() & sums["kind"].isin(["total", "subtotal"])]
    totals = sums[sums["kind"] == "total"]
    total = totals["amount"].iat[0] if len(totals) else None
    return total, sums.drop(totals.index[:1])


def _projects(
    gathered: pd.DataFrame, printed: Printed, total: Decimal | None, ledger: Ledger
) -> tuple[pd.DataFrame, list[int], list[int]]:
    mended = cells_of.mend_texts(gathered, ledger).assign(printed_project=gathered["project"])
    projects = cells_of.split_cells(mended)
    projects, open_codes = cells_of.settle_codes(projects, ledger)
    projects, open_amounts = cells_of.read_amounts(projects, printed.amount_unit, total, ledger)
    projects = cells_of.read_results(cells_of.infer_budget(projects, total, ledger), ledger)
    return projects, open_codes, open_amounts


def _units(
    projects: pd.DataFrame, printed: Printed, structure: Structure, covered: list, offset: int, ledger: Ledger
) -> tuple[pd.DataFrame, list[int]]:
    """Units of projects: each printed unit cell belongs to the project of the row beside which it stands."""
    last = len(structure.project) - 1
    beside = [
        structure.project.iat[min(at, last)] + offset if last >= 0 else offset + 1 for at in printed.anchors["at"]
    ]
    anchors = printed.anchors.assign(project_no=beside)
    prints = units_of.printed_units(anchors)
    covering = None if printed.moved else units_of.printed_units(units_of.share_unit_cells(anchors))
    return units_of.assign_units(projects, prints, units_of.units_by_sum(covered, projects), covering, ledger)


def _indicators(
    indicators: pd.DataFrame, projects: pd.DataFrame, printed: Printed, structure: Structure, ledger: Ledger
) -> pd.DataFrame:
    own_total = structure.total
    if own_total is not None and projects["execution_points"].notna().all():
        points = set(projects["execution_points"])
        own_total = own_total - points.pop() if len(points) == 1 else None
    mended = rows_of.mend_wraps(indicators, ledger)
    if not printed.moved:
        mended = rows_of.join_level_cells(mended, ledger)
    mended = rows_of.mend_levels(mended, structure.shares, structure.total, printed.moved, ledger)
    mended = rows_of.read_targets(mended, ledger)
    mended = rows_of.read_weights(mended, own_total, structure.shares, ledger)
    return rows_of.mark_cut(rows_of.read_results(mended, ledger), projects)


def _with_execution(
    projects: pd.DataFrame, rows: pd.DataFrame, printed: Printed, total: Decimal | None, ledger: Ledger
) -> pd.DataFrame:
    """execution_points (a row's, counted with the weights) and execution_weight (as well where only the head names it)."""
    points: dict[int, Decimal] = {}
    for number, value in zip(rows["project_no"], parse_numbers(rows["weight"]), strict=True):
        if value is not None:
            points.setdefault(number, value)
    of_head = projects["execution_weight"]
    of_row = [points.get(n) for n in projects["project_no"]]
    results = rows.drop_duplicates("project_no").set_index("project_no")
    for field, column in (("score", "execution_score"), ("actual", "execution_rate")):
        shown = {n: parse_target(text).value for n, text in results[field].items() if isinstance(text, str)}
        projects = projects.assign(
            **{
                column: [
                    old if old is not None else shown.get(n)
                    for n, old in projects[["project_no", column]].itertuples(index=False)
                ]
            }
        )
        projects[column] = projects[column].astype(object).where(projects[column].notna(), None)
    either = [own if own is not None else head for own, head in zip(of_row, of_head, strict=True)]
    result = projects.assign(
        execution_points=pd.Series(of_row, index=projects.index, dtype=object),
        execution_weight=pd.Series(either, index=projects.index, dtype=object),
    )
    if printed.names_execution and not points and of_head.isna().all() and total is not None and total < FULL_MARKS:
        named = pd.Series(FULL_MARKS - total, index=result.index, dtype=object)
        evidence = f"表头列明“其中：预算执行率”而无此行：{FULL_MARKS} − {total} = {FULL_MARKS - total}"
        result = ledger.change(
            result, "execution_weight", named, rule="execution_by_head", evidence=evidence, grade="likely", kind="value"
        )
    return result


def _note_rows(
    rows: pd.DataFrame, literal: pd.Series, structure: Structure, projects: pd.DataFrame, ledger: Ledger
) -> None:
    """Entries for rows that moved: to another project than the one printed above, into their columns, or dropped."""
    told = (literal != rows["project_no"]) | rows["shifted"].notna() | structure.dropped
    if "cut" in rows:
        told |= rows["cut"].notna()
    if not told.any():
        return
    names = projects.set_index("project_no")["project_name"]
    counted = rows[~structure.dropped & ~rows_of.is_execution(rows)].groupby("project_no", sort=False).cumcount() + 1
    margin = structure.margin.to_dict()
    offset = int((rows["project_no"] - structure.project).iloc[0])
    for index, row in rows[told].iterrows():
        place = {"project_no": row["project_no"], "indicator_no": counted.get(index), "page": row["page"]}
        if literal[index] != row["project_no"]:
            sure = structure.total is not None and margin.get(row["project_no"] - offset, 0) > 10
            why = f"分值之和须为 {structure.total}" if structure.total is not None else "二级指标的顺序"
            ledger.note(
                **place, field="project_no", printed=names.get(literal[index]), repaired=names.get(row["project_no"]),
                rule="project_border", evidence=f"第 {row['page']} 页第 {row['row']} 行印在另一项目的单元格旁；按印刷顺序、指标层级和{why}归入本项目",
                grade="certain" if sure else "likely", kind="reading",
            )  # fmt: skip
        if isinstance(row.get("shifted"), str):
            ledger.note(
                **place, field="row", printed=row["shifted"], repaired="按内容归列", rule="moved_cells",
                evidence="单元格左右移位，次序不变；以比较符、指标体系、数字和度量单位定列", grade="certain", kind="reading",
            )  # fmt: skip
        if isinstance(row.get("cut"), str):
            ledger.note(
                **place, field="row", printed=row["cut"], repaired="一行", rule="row_over_pages",
                evidence="分页切过此行：上页末行与下页首行各缺一部分、互为补足，合为一行；两页都印出的一行文字只计一次", grade="certain",
                kind="reading",
            )  # fmt: skip
        if structure.dropped[index]:
            ledger.note(
                **place, field="row", printed=f"{row['name']} {row['comparator']} {row['target']} {row['weight']}", repaired=None,
                rule="row_read_twice", evidence=f"分页切过此行，上下两半各读了一次；只计一次，分值之和即为 {structure.total}",
                grade="certain", kind="reading",
            )  # fmt: skip


def _covered(
    subtotals: pd.DataFrame, structure: Structure, printed: Printed, projects: pd.DataFrame, offset: int
) -> list[tuple[str, list[int], Decimal]]:
    """For each sub-total: its label, the projects it covers, its amount. It stands above or below its projects,
    alike in the whole table: the way that agrees with more sums is the printed one."""
    if subtotals.empty:
        return []
    first_rows = structure.project.drop_duplicates()
    begins = dict(zip(first_rows + offset, first_rows.index, strict=True))
    budgets = projects.set_index("project_no")["budget_wan_yuan"]
    bounds = subtotals["at"].tolist()
    ways = []
    for starts, stops in ((bounds, [*bounds[1:], 10**9]), ([0, *bounds[:-1]], bounds)):
        covered = [[n for n, row in begins.items() if a <= row < b] for a, b in zip(starts, stops, strict=True)]
        hits = sum(
            sum(budgets.reindex(c).dropna(), Decimal(0)) == a for c, a in zip(covered, subtotals["amount"], strict=True)
        )
        ways.append((hits, covered))
    covered = max(ways, key=lambda way: way[0])[1]
    labels = [u if isinstance(u, str) else "小计" for u in subtotals["unit"]]
    return list(zip(labels, covered, subtotals["amount"], strict=True))


def _two_in_one(weights: pd.DataFrame, total: Decimal | None) -> list[tuple[None, str]]:
    """A project whose weights by far exceed the total holds rows of another, whose cells were lost."""
    if total is None:
        return []
    over = [
        n
        for n, actual in zip(weights["project_no"], weights["actual"], strict=True)
        if actual and Decimal(actual) >= total * MUCH
    ]
    return [(None, f"第 {n} 个项目的分值之和远超 {total}，可能混有另一个项目的行，其项目单元格没有读到") for n in over]


def _unread_characters(frame: pd.DataFrame) -> list[tuple[int | None, str]]:
    """Projects with characters that the font of the document does not map; one in a project's own cells may be its
    name or code, and puts the document in doubt."""
    columns = [frame[name].tolist() for name in frame.select_dtypes(["object", "str"])]
    numbers = sorted(
        {
            int(number)
            for number, *texts in zip(frame["project_no"], *columns, strict=True)
            if any(isinstance(text, str) and "\ufffd" in text for text in texts)
        }
    )
    words = "有字符无法识别（字体没有对应的文字，显示为 �），请对照原件"
    whole = [(None, f"{len(numbers)} 个项目{words}")] if numbers and "indicator_no" not in frame else []
    return [*whole, *((n, words) for n in numbers)]


def _short_units(projects: pd.DataFrame) -> list[tuple[int, str]]:
    """Projects whose unit's name is so short, and so unlike a body's, that only a part of it can have been read."""
    return [
        (number, f"单位名称“{name}”可能不全")
        for number, name in zip(projects["project_no"], projects["unit_name"].tolist(), strict=True)
        if isinstance(name, str) and len(name) <= SHORT_UNIT and not names_body(name)
    ]


def _odd_units(indicators: pd.DataFrame) -> list[tuple[int, str]]:
    odd = indicators[rows_of.unknown_units(indicators)]
    return [
        (n, f"度量单位“{u}”不像单位，单元格可能错位")
        for n, u in zip(odd["project_no"], odd["measure_unit"], strict=True)
    ]


def _guesses(ledger: Ledger, offset: int) -> list[tuple[int, str]]:
    """A guess never stands without a failed check."""
    guessed = ledger.entries(grade="guess")
    guessed = guessed[guessed["project_no"] > offset]
    return [
        (n, f"第 {page} 页" + (f"第 {int(i)} 条指标" if pd.notna(i) else "") + f" {field} 的读法是推测：{words}")
        for n, i, page, field, words in guessed[["project_no", "indicator_no", "page", "field", "evidence"]].itertuples(
            index=False
        )
    ]


def _year_of_codes(codes: pd.Series) -> int | None:
    years = Counter(parts.year for code in codes.dropna() if (parts := code_parts(code)))
    return 2000 + int(years.most_common(1)[0][0]) if years else None


def placed_cells(reading: Reading, tables: list[Printed], sections: list[dict]) -> pd.DataFrame:
    """Every printed cell with what it became: role, column, project and indicator."""
    count = len(reading.cells)
    role = account(reading.cells, tables).tolist()
    field, project_no, indicator_no = [None] * count, [None] * count, [None] * count
    for printed, section in zip(tables, sections, strict=True):
        rows, offset = section["rows"], section["offset"]
        numbers, named = rows["project_no"].to_dict(), rows["cell"].to_dict()
        counted = dict(zip(section["indicators"]["cell"], section["indicators"]["indicator_no"], strict=True))
        of_anchor = (section["structure"].group + offset).to_dict()
        executed = set(rows.index[rows_of.is_execution(rows)])
        roles = printed.roles
        places = zip(roles.index, *(roles[name].tolist() for name in ("role", "field", "line")), strict=True)
        for cell, its_role, its_field, line in places:
            of_row, of_project = its_role == "indicator", its_role == "project"
            role[cell] = "execution" if of_row and line in executed else role[cell]
            field[cell] = COLUMN_OF.get(its_field, its_field) if of_row or of_project else None
            project_no[cell] = numbers.get(line) if of_row else of_anchor.get(line) if of_project else None
            indicator_no[cell] = counted.get(named.get(line)) if of_row else None
    numbers = {"project_no": pd.array(project_no, dtype="Int64"), "indicator_no": pd.array(indicator_no, dtype="Int64")}
    return reading.cells.assign(role=role, field=field, **numbers)
