"""Truth → the printed tables: which text stands in which cell, with its spans. All writers print these blocks."""

from decimal import Decimal
from typing import NamedTuple


class Cell(NamedTuple):
    """One printed cell; rows and columns count from 0; `field` names what it holds."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    field: str


class Block(NamedTuple):
    """One printed table: title and caption above it, `fields` its columns, `widths` their shares of the width."""

    title: str
    caption: str
    fields: list[str]
    widths: list[float]
    header_rows: int
    rows: int
    cells: list[Cell]


WORDS = {
    "sequence": ["序号", "序号", "编号"],
    "unit": ["单位名称", "预算单位", "单位名称"],
    "project": ["项目名称", "项目名称", "项目名称"],
    "category": ["项目类别", "项目类别", "项目类别"],
    "budget": ["预算数", "预算数", "年度预算数"],
    "objective": ["绩效目标", "年度总体目标", "年度绩效目标"],
    "level1": ["一级指标", "一级绩效指标", "一级指标"],
    "level2": ["二级指标", "二级绩效指标", "二级指标"],
    "name": ["三级指标", "三级绩效指标", "指标名称"],
    "comparator": ["绩效指标性质", "指标性质", "计算符号"],
    "target": ["绩效指标值", "指标值", "目标值"],
    "measure_unit": ["度量单位", "计量单位", "度量单位"],
    "weight": ["分值权重", "权重", "分值"],
    "value": ["指标值", "年度指标值", "目标值"],
    "direction": ["指标方向性", "指标方向性", "指标方向性"],
    "actual": ["实际完成值", "完成值", "全年完成值"],
    "score": ["得分", "得分", "得分"],
    "note": ["偏差原因分析及改进措施", "未完成原因分析", "偏差原因"],
}
WIDTHS = {
    **{"sequence": 3, "unit": 7, "project": 9, "category": 6, "budget": 7, "objective": 22, "level1": 6, "level2": 7},
    **{"name": 13, "comparator": 5, "target": 7, "measure_unit": 6, "weight": 6, "value": 9, "direction": 6},
    **{"actual": 8, "score": 5, "note": 14, "frame": 4},
}
PROJECT_FIELDS = ["sequence", "project", "category", "budget", "objective"]


def amount(value, how: dict) -> str:
    """An amount of 万元 as the document prints it.

    >>> amount("1536.74", {"amount_unit": "元", "commas": True})
    '15,367,400.00'
    """
    number = Decimal(value) * (10_000 if how["amount_unit"] == "元" else 1)
    return f"{number:,.2f}" if how["commas"] else f"{number:.2f}"


def blocks(truth: dict) -> list[Block]:
    """The tables of a document: one for all projects, or one a project in forms and self-evaluations.

    truth["changes"]: (table, row, column) → what is printed in place of that cell's text (`cell_damage`).
    """
    changes = truth.get("changes", {})
    return [
        block._replace(cells=[c._replace(text=changes.get((number, c.row, c.col), c.text)) for c in block.cells])
        for number, block in enumerate(_blocks(truth))
    ]


def _blocks(truth: dict) -> list[Block]:
    layout = truth["document"]["print"]["layout"]
    if layout in ("form", "selfeval"):
        draw = _form if layout == "form" else _selfeval
        rows = _rows_by_project(truth)
        return [draw(truth, project, rows[_key(project)]) for project in truth["projects"]]
    return [_big_table(truth)]


def _key(project: dict) -> str:
    return project["project_code"] or project["project_name"]


def _rows_by_project(truth: dict) -> dict[str, list[dict]]:
    rows: dict[str, list[dict]] = {}
    for row in truth["indicators"]:
        rows.setdefault(row["project_code"], []).append(row)
    return rows


def value_text(row: dict) -> str:
    """Comparator, target and unit glued; a qualitative target stands alone."""
    return ("" if row["comparator"] == "定性" else row["comparator_printed"]) + row["target"] + row["measure_unit"]


def _code_name(code: str, name: str) -> str:
    return "-".join(part for part in (code, name) if part)


def _runs(values: list) -> list[tuple[int, int]]:
    """(start, length) of each run of equal neighbours."""
    starts = [k for k, v in enumerate(values) if k == 0 or v != values[k - 1]]
    return [(a, b - a) for a, b in zip(starts, [*starts[1:], len(values)], strict=True)]


def _fields(how: dict) -> list[str]:
    glued = how["layout"] == "onevalue"
    wanted = {
        "sequence": how["sequence"],
        "unit": how["unit_column"],
        "project": True,
        "category": how["category"],
        **dict.fromkeys(["budget", "objective", "level1", "level2", "name"], True),
        **dict.fromkeys(["comparator", "target", "measure_unit"], not glued),
        "value": glued,
        "weight": how["weights"],
        "direction": how["layout"] == "sichuan",
    }
    return [field for field, shown in wanted.items() if shown]


def _big_table(truth: dict) -> Block:
    document, how = truth["document"], truth["document"]["print"]
    fields = _fields(how)
    at = {field: k for k, field in enumerate(fields)}
    cells: list[Cell] = []
    two_rows = how["execution"] == "header"
    for field in fields:
        text = WORDS[field][how["header_words"]]
        if field == "budget" and how["layout"] != "sichuan":
            text += f"\n({how['amount_unit']})"
        deep = 2 if two_rows and field != "weight" else 1
        cells.append(Cell(0, at[field], deep, 1, text, "header"))
    if two_rows:
        cells.append(Cell(1, at["weight"], 1, 1, "其中：预算执行率", "header"))
    header_rows = 2 if two_rows else 1
    row = header_rows

    def put(at_row: int, field: str, text: str, deep: int = 1) -> None:
        if field in at:
            cells.append(Cell(at_row, at[field], deep, 1, text, field))

    def fill(at_row: int) -> None:
        taken = {c.col for c in cells[-len(fields) :] if c.row == at_row}
        cells.extend(Cell(at_row, k, 1, 1, "", "blank") for k in range(len(fields)) if k not in taken)

    if document["printed_total"] and how["layout"] != "sichuan":
        put(row, "project", "合计")
        put(row, "budget", amount(document["printed_total"], how))
        fill(row)
        row += 1
    rows = _rows_by_project(truth)
    units = [(p["unit_code"], p["unit_name"]) for p in truth["projects"]]
    for first, length in _runs(units):
        members = truth["projects"][first : first + length]
        code, name = units[first]
        if how["subtotals"]:
            sichuan = how["layout"] == "sichuan"
            label = f"{code[:3]}-{name.removesuffix('（本级）')}部门" if sichuan else _code_name(code, name)
            put(row, "unit", label)
            put(row, "project", "" if sichuan else "小计")
            put(row, "budget", amount(sum(Decimal(p["budget"]) for p in members), how))
            fill(row)
            row += 1
        top = row
        for number, project in enumerate(members, first + 1):
            row = _project(put, row, number, project, _with_execution(truth, project, rows[_key(project)]), how)
        put(top, "unit", _code_name(code, name), row - top)
    widths = [WIDTHS[f] for f in fields]
    caption = ("金额单位：" if how["layout"] == "sichuan" else "单位：") + how["amount_unit"]
    return Block(document["title"], caption, fields, widths, header_rows, row, sorted(cells))


def _with_execution(truth: dict, project: dict, rows: list[dict]) -> list[dict]:
    """The project's indicators and, where the document has it, the execution row."""
    if truth["document"]["print"]["execution"] == "row":
        word = "预算执行率"
        printed = truth["document"]["execution_printed"][_key(project)]
        rows = [
            *rows,
            {"level1": word, "level2_printed": word, "name": word, "comparator": "≥", "comparator_printed": "≥"}
            | {"target": "95", "measure_unit": "%", "weight_printed": printed},
        ]
    return rows


def _project(put, top: int, number: int, project: dict, rows: list[dict], how: dict) -> int:
    """Print one project of the big table from row `top`; the row after it."""
    deep = len(rows)
    put(top, "sequence", str(number), deep)
    put(top, "project", _code_name(project["project_code"], project["project_name"]), deep)
    put(top, "category", project["category"], deep)
    put(top, "budget", amount(project["budget"], how), deep)
    put(top, "objective", project["objective"], deep)
    _levels(lambda k, field, text, n: put(top + k, field, text, n), rows, merged=how["layout"] != "sichuan")
    for k, row in enumerate(rows, top):
        put(k, "name", row["name"])
        put(k, "comparator", row["comparator_printed"])
        put(k, "target", row["target"])
        put(k, "measure_unit", row["measure_unit"])
        put(k, "value", value_text(row))
        put(k, "weight", row["weight_printed"])
        put(k, "direction", "反向指标" if row["comparator"] in ("≤", "<") else "正向指标")
    return top + deep


def _levels(put, rows: list[dict], merged: bool = True) -> None:
    """The level-1 and level-2 cells, merged over their rows or printed on each."""
    level1 = [r["level1"] for r in rows]
    for start, length in _runs(level1) if merged else [(k, 1) for k in range(len(rows))]:
        put(start, "level1", level1[start], length)
    level2 = [(r["level1"], r["level2_printed"]) for r in rows]
    for start, length in _runs(level2) if merged else [(k, 1) for k in range(len(rows))]:
        put(start, "level2", level2[start][1], length)


def _form(truth: dict, project: dict, rows: list[dict]) -> Block:
    """申报表: a key/value head, then the indicators behind a frame cell 绩效指标."""
    document, how = truth["document"], truth["document"]["print"]
    fields = ["frame", "level1", "level2", "name", "value"] + (["weight"] if how["weights"] else [])
    last, cells = len(fields) - 1, []

    def put(row, col, text, field="head", deep=1, wide=1):
        cells.append(Cell(row, col, deep, wide, text, field))

    money = amount(project["budget"], how)
    put(0, 0, "项目名称", "key")
    put(0, 1, _code_name(project["project_code"], project["project_name"]), wide=last)
    put(1, 0, "主管部门及代码", "key")
    put(1, 1, f"{project['unit_code'][:3]}-{project['unit_name'].removesuffix('（本级）')}", wide=2)
    put(1, 3, "实施单位", "key")
    put(1, 4, _code_name(project["unit_code"], project["unit_name"]), wide=last - 3)
    put(2, 0, f"项目资金\n（{how['amount_unit']}）", "key", deep=3)
    for k, (label, text) in enumerate([("年度资金总额：", money), ("其中：财政拨款", money), ("其他资金", "0.00")]):
        put(2 + k, 1, label, "key", wide=2)
        put(2 + k, 3, text, wide=last - 2)
    row = 5
    if how["category"]:
        put(row, 0, "项目类别", "key")
        put(row, 1, project["category"], wide=last)
        row += 1
    put(row, 0, ["年度总体目标", "年度目标", "项目总体目标"][how["header_words"]], "key")
    put(row, 1, project["objective"], "objective", wide=last)
    row += 1
    put(row, 0, "绩效指标", "frame", deep=len(rows) + 1)
    for col, field in enumerate(fields[1:], 1):
        put(row, col, WORDS[field][how["header_words"]], "header")
    _levels(lambda k, field, text, n: put(row + 1 + k, fields.index(field), text, field, n), rows)
    for k, item in enumerate(rows, row + 1):
        put(k, 3, item["name"], "name")
        put(k, 4, value_text(item), "value")
        if how["weights"]:
            put(k, 5, item["weight_printed"], "weight")
    widths = [8, 9, 11, 20, 12, 8][: len(fields)]
    caption = f"（{document['fiscal_year']}年度）"
    return Block(document["title"], caption, fields, widths, 0, row + 1 + len(rows), sorted(cells))


def _selfeval(truth: dict, project: dict, rows: list[dict]) -> Block:
    """自评表: fund block, objective, indicators with actual value, score and reason, total row."""
    document, how = truth["document"], truth["document"]["print"]
    values = ["comparator", "target", "measure_unit"] if how["two_row_header"] else ["value"]
    behind = ["actual", "score", "note"] if how["weight_first"] else ["actual", "weight", "score", "note"]
    fields = ["frame", "level1", "level2", "name"] + ["weight"] * how["weight_first"] + values + behind
    last, cells = len(fields) - 1, []
    at = {field: k for k, field in enumerate(fields)}

    def put(row, col, text, field="head", deep=1, wide=1):
        cells.append(Cell(row, col, deep, wide, text, field))

    put(0, 0, "项目名称", "key", wide=2)
    put(0, 2, project["project_name"], wide=last - 1)
    put(1, 0, "主管部门", "key", wide=2)
    put(1, 2, project["unit_name"].removesuffix("（本级）"), wide=2)
    put(1, 4, "实施单位", "key")
    put(1, 5, project["unit_name"], wide=last - 4)
    budget, spent = amount(project["budget"], how), amount(project["executed"], how)
    rate = project["execution_rate"] + "%"
    put(2, 0, f"项目资金（{how['amount_unit']}）", "key", deep=3, wide=2)
    head = ["", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    sums = [budget, budget, spent, project["execution_weight"], rate, project["execution_score"]]
    lines = [head, ["年度资金总额", *sums], ["其中：财政拨款", budget, budget, spent, "—", "—", "—"]]
    for k, line in enumerate(lines):
        for col, text in enumerate(line[:-1], 2):
            put(2 + k, col, text, "key" if k == 0 or col == 2 else "head")
        put(2 + k, 8, line[-1], wide=last - 7)
    put(5, 0, "年度总体目标", "key", deep=2, wide=2)
    half = 4
    put(5, 2, "预期目标", "key", wide=half)
    put(5, 2 + half, "实际完成情况", "key", wide=last - half - 1)
    put(6, 2, project["objective"], "objective", wide=half)
    put(6, 2 + half, "年度各项任务已基本完成。", wide=last - half - 1)
    row, deep = 7, 2 if how["two_row_header"] else 1
    put(row, 0, "绩效指标", "frame", deep=len(rows) + deep)
    for field in fields[1:]:
        if field not in values:
            text = "分值" if field == "weight" else WORDS[field][how["header_words"]]
            put(row, at[field], text, "header", deep)
    put(row, at[values[0]], "年度指标值", "header", wide=len(values))
    if deep == 2:
        for field, text in zip(values, ["指标性质", "指标值", "度量单位"], strict=True):
            put(row + 1, at[field], text, "header")
    row += deep
    _levels(lambda k, field, text, n: put(row + k, at[field], text, field, n), rows)
    for k, item in enumerate(rows, row):
        texts = {
            "name": item["name"],
            "weight": item["weight_printed"],
            "value": value_text(item),
            "comparator": item["comparator_printed"],
            "target": item["target"],
            "measure_unit": item["measure_unit"],
            "actual": item["actual"],
            "score": item["score"],
            "note": item["deviation_note"],
        }
        for field in fields[3:]:
            put(k, at[field], texts[field], field)
    row += len(rows)
    total = Decimal(project["execution_score"]) + sum(Decimal(r["score"]) for r in rows)
    if how["weight_first"]:
        put(row, 0, "总分", "total", wide=at["weight"])
        put(row, at["weight"], "100", "total")
        put(row, at["weight"] + 1, "", "total", wide=at["score"] - at["weight"] - 1)
    else:
        put(row, 0, "总分", "total", wide=at["weight"])
        put(row, at["weight"], "100", "total")
    put(row, at["score"], f"{total:f}", "total")
    put(row, at["note"], "", "total")
    widths = [WIDTHS[f] for f in fields]
    return Block(document["title"], f"（{document['fiscal_year']}年度）", fields, widths, 0, row + 1, sorted(cells))
