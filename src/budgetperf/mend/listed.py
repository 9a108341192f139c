"""Names and budgets that stand only in another table of the document: a list of the projects and their money."""

import re
from collections import Counter
from typing import NamedTuple

import pandas as pd

from budgetperf.clean.checks import check_rows
from budgetperf.field.form_labels import label_of
from budgetperf.field.headings import money_unit
from budgetperf.field.notation import parse_amount
from budgetperf.field.vocabulary import fold, header_field, is_label, unit_kind
from budgetperf.field.wraps import unwrap
from budgetperf.layout.lines_above import unit_in_caption
from budgetperf.mend.reconciliation import failed
from budgetperf.tables.ledger import Ledger

_LIST = re.compile(
    r"(?:(?:预算)?[\d-]+表?)?(?:部门|单位|本级|[省市县区]级|财政)*项目(?:支出|经费|资金)?(?:预算|安排|明细|汇总|一览|情况|批复|[及和]|绩效|目标)*(?:表|清单)$"
)
# what a list that gives the budgets says of the projects as well: field of its head → column
_BESIDE = {"unit": "unit_name", "objective": "objective", "project_code": "project_code"}
_WHY = {
    True: "金额没有合计证明、缺项目或有同名项目，没有取用",
    False: "认不出哪一栏是预算数，或没有印出金额单位，没有取用",
}


class Listed(NamedTuple):
    """projects: with the budgets that a list gives · cells: where these stand · repairs, checks: what is on record of it."""

    projects: pd.DataFrame
    cells: pd.DataFrame
    repairs: pd.DataFrame
    checks: pd.DataFrame


class _Money(NamedTuple):
    """A list's column of money. page, head: where and what it is · lines: the cells beside a project's name, its name
    (`project`) and `amount` in 万元 · proven: whether all lines of the list make up a sum printed in the column · sure:
    whether it gives every project's budget: proven, or by its head where no sum is printed."""

    page: int
    head: str
    lines: pd.DataFrame
    proven: bool
    sure: bool


def budgets_listed(cells: pd.DataFrame, projects: pd.DataFrame, repair: bool = True) -> Listed:
    """Where no budget is printed beside the targets, a list in another table that names every project gives them: its
    column of money whose lines make up the list's own total, or, where it has none, the one whose head says that it is
    the budget; of several lists the one of most money. Its title says that it is the list of the year's projects, and of
    no other unit; a list without a printed unit of money gives none. `cells`: with their roles. A list that names most
    projects and settles none of this is a failed check.

    >>> projects = pd.DataFrame({"project_no": [1, 2], "project_name": ["甲项目", "乙项目"], "budget_wan_yuan": None, "page": 2,
    ...                          "unit_name": None, "fiscal_year": 2024})
    >>> texts = ["2024年项目支出预算表 单位：元", "项目名称", "合计", "甲项目", "50000", "甲项目", "20000", "乙项目", "10000", "合计", "80000"]
    >>> cells = pd.DataFrame({"page": 1, "table": [0] + [1] * 10, "row": [1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6], "rowspan": 1, "colspan": 1,
    ...                       "col": [1] + [1, 2] * 5, "text": texts, "role": ["caption"] + ["other_table"] * 10,
    ...                       "field": None, "project_no": pd.array([None] * 11, dtype="Int64")})
    >>> [str(amount) for amount in budgets_listed(cells, projects).projects["budget_wan_yuan"]]
    ['7', '1']
    """
    names = projects["project_name"].map(lambda name: fold(name) if isinstance(name, str) else None)
    found = []
    printed = projects["budget_wan_yuan"].notna().any() or cells["field"].eq("budget_wan_yuan").any()  # if unreadable
    if repair and not printed and names.notna().any():
        tables = [table for table in _tables(cells) if _is_list(_lines_above(table, cells), projects)]
        found = [column for table in tables for column in _columns(table, cells, set(names.dropna()))]
    sure = [column for column in found if column.sure]
    if not sure or names.isna().any() or not names.is_unique:
        words = [f"指标旁没有印出预算数，第 {c.page} 页另一张表列有这些项目，{_WHY[bool(c.head)]}" for c in found[:1]]
        return Listed(projects, cells, Ledger().entries(), failed("budget", [(None, said) for said in words]))
    column = max(sure, key=lambda column: (sum(column.lines["amount"]), column.proven))
    budgets = column.lines.groupby("project")["amount"].sum()
    source = f"第 {column.page} 页另一张表的“{column.head}”列" + ("，各行之和与其合计相符" if column.proven else "")
    grade = "certain" if column.proven else "likely"
    entry = {"rule": "listed_budget", "evidence": f"取自{source}", "grade": grade, "kind": "reading"}
    filled = (ledger := Ledger()).change(projects, "budget_wan_yuan", names.map(budgets), **entry)
    numbers, placed = dict(zip(names, projects["project_no"], strict=True)), cells.copy()
    taken = {"budget_wan_yuan": column.lines} | _said_beside(column, cells, filled)
    for field, lines in taken.items():
        if field != "budget_wan_yuan":
            texts = names.map(lines.groupby("project")["text"].first())
            filled = ledger.change(
                filled, field, texts, **entry | {"evidence": f"取自第 {column.page} 页另一张表的同一行"}
            )
        placed.loc[lines.index, ["role", "field"]] = "project", field
        placed.loc[lines.index, "project_no"] = lines["project"].map(numbers)
    said = check_rows([(None, "budget", None, None, True, f"指标旁没有印出预算数，取自{source}")])
    return Listed(filled, placed, ledger.entries(), said)


def names_listed(cells: pd.DataFrame, projects: pd.DataFrame, repair: bool = True) -> Listed:
    """Where codes alone are printed beside the targets, another table with a column of codes and one of names, each code in
    it once, gives the names. Codes that stand in another table and are not settled so are a failed check. `cells`: with
    their roles.

    >>> projects = pd.DataFrame({"project_no": [1, 2], "project_code": ["001", "002"], "project_name": None, "page": 2})
    >>> texts = ["项目编码", "项目名称", "001", "村道硬化", "002", "危桥养护"]
    >>> cells = pd.DataFrame({"page": 1, "table": 1, "row": [1, 1, 2, 2, 3, 3], "col": [1, 2] * 3, "text": texts,
    ...                       "role": "other_table", "field": None, "project_no": pd.array([None] * 6, dtype="Int64")})
    >>> names_listed(cells, projects).projects["project_name"].tolist()
    ['村道硬化', '危桥养护']
    """
    codes = projects["project_code"].map(lambda code: "".join(code.split()) if isinstance(code, str) else None)
    as_it_is = Listed(projects, cells, Ledger().entries(), check_rows([]))
    if projects["project_name"].notna().any() or codes.isna().any() or not codes.is_unique or codes.empty:
        return as_it_is
    for table in _tables(cells) if repair else ():
        lines = _names_by_code(table)
        if set(codes) <= set(lines["code"]) and lines.loc[lines["code"].isin(codes), "code"].is_unique:
            lines = lines[lines["code"].isin(codes)]
            source = f"第 {table['page'].iloc[0]} 页另一张表，与项目编码同在一行"
            entry = {"rule": "listed_name", "evidence": f"取自{source}", "grade": "certain", "kind": "reading"}
            names = codes.map(lines.set_index("code")["name"])
            filled = (ledger := Ledger()).change(projects, "project_name", names, **entry)
            placed, numbers = cells.copy(), dict(zip(codes, projects["project_no"], strict=True))
            for field, column in (("project_code", "code_cell"), ("project_name", "name_cell")):
                placed.loc[lines[column], ["role", "field"]] = "project", field
                placed.loc[lines[column], "project_no"] = lines["code"].map(numbers).to_numpy()
            said = check_rows([(None, "project_name", None, None, True, f"指标旁只印有项目编码，名称取自{source}")])
            return Listed(filled, placed, ledger.entries(), said)
    others = cells[cells["role"].eq("other_table")]
    found = others[others["text"].map(lambda text: "".join(text.split())).isin(codes)]
    words = [f"指标旁只印有项目编码，第 {page} 页另一张表印有这些编码，名称没有取用" for page in found["page"].iloc[:1]]
    return as_it_is._replace(checks=failed("project_name", [(None, said) for said in words]))


def _names_by_code(table: pd.DataFrame) -> pd.DataFrame:
    """code, name, code_cell, name_cell of each row of a table below heads of a code and a name."""
    fields = table["text"].map(header_field)
    columns = ["code", "name", "code_cell", "name_cell"]
    for place, named in table.assign(field=fields).groupby(["page", "row"]):
        at = named.drop_duplicates("field", keep=False).set_index("field")["col"]
        if {"project_code", "project"} <= set(at.index):
            below = table[(table["page"] > place[0]) | (table["row"] > place[1])].reset_index(names="cell")
            code, name = (below[below["col"].eq(at[field])] for field in ("project_code", "project"))
            both = code.merge(name, on=["page", "row"], suffixes=("_code", "_name"))
            texts = both["text_code"].map(lambda text: "".join(text.split())), both["text_name"].map(unwrap)
            return pd.DataFrame(dict(zip(columns, (*texts, both["cell_code"], both["cell_name"]), strict=True)))
    return pd.DataFrame(columns=columns)


def _said_beside(column: _Money, cells: pd.DataFrame, projects: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Of the fields that no project has, those for which the list has a column: the cells in the rows of its amounts, with
    each project's name and the text."""
    rows = cells.loc[column.lines.index, ["page", "row", "table"]].assign(project=column.lines["project"])
    table = cells[cells["page"].eq(column.page) & cells["table"].eq(rows["table"].iloc[0])]
    heads = table[table["row"].lt(rows["row"].min())]
    found = {}
    named = heads.assign(field=[_BESIDE.get(header_field(text)) for text in heads["text"]])
    for col, field in named.drop_duplicates("field", keep=False)[["col", "field"]].itertuples(index=False):
        if field and projects[field].isna().all():
            own = table.loc[table["col"].eq(col) & table["text"].str.strip().ne(""), ["page", "row", "text"]]
            lines = own.reset_index().merge(rows.drop(columns="table"), on=["page", "row"]).set_index("index")
            # 单位 of a quantity, of an amount
            measures = any(unit_kind(text) or money_unit(f"（{text}）") for text in lines["text"])
            if set(lines["project"]) == set(rows["project"]) and lines["project"].is_unique and not measures:
                found[field] = lines.assign(text=lines["text"].map(unwrap))
    return found


def _tables(cells: pd.DataFrame) -> list[pd.DataFrame]:
    """The tables of which nothing was read; one that goes on over the page with as many columns is one."""
    parts: list[pd.DataFrame] = []
    for (page, _), part in cells[cells["role"].eq("other_table")].groupby(["page", "table"]):
        if parts and page == parts[-1]["page"].max() + 1 and part["col"].max() == parts[-1]["col"].max():
            part = pd.concat([parts.pop(), part])
        parts.append(part)
    return parts


def _lines_above(table: pd.DataFrame, cells: pd.DataFrame) -> list[str]:
    """The lines of text between a table and the one above it on its page."""
    page, row = table[["page", "row"]].iloc[0]
    above = cells[cells["page"].eq(page) & cells["row"].lt(row)]
    last = above.loc[above["table"].gt(0), "row"].max()
    return above.loc[above["table"].eq(0) & ~above["row"].le(last), "text"].tolist()


def _is_list(lines: list[str], projects: pd.DataFrame) -> bool:
    """Whether the lines above a table say that it lists the projects and their money (项目支出预算表), of no other year
    or unit.

    >>> projects = pd.DataFrame({"unit_name": ["县水利局"], "fiscal_year": [2024]})
    >>> [_is_list([t], projects) for t in ("2024年部门项目支出预算表", "2023年项目支出表", "2024年政府采购预算表", "县水利局项目支出明细表")]
    [True, False, False, True]
    """
    units = {fold(unit) for unit in projects["unit_name"].dropna()}
    captioned = {fold(unit) for line in lines if (unit := unit_in_caption(line))}
    words = [re.sub(r"[（(]?20\d\d(?:年度?)?[)）]?", "", word) for line in lines for word in line.split()]
    titles = [title for word in words if (title := _LIST.search(word))]
    before = {fold(title.string[: title.start()]) for title in titles} - {""}
    years = {int(year) for line in lines for year in re.findall(r"20\d\d", line)}
    return bool(titles) and (before | captioned) <= units and years <= set(projects["fiscal_year"].dropna())


def _columns(table: pd.DataFrame, cells: pd.DataFrame, names: set[str]) -> list[_Money]:
    """The columns of a list of at least half of the projects that may be their budgets, by proof or by their heads; one
    without a head where none may be."""
    numbered = table["text"].str.strip().str.isdigit().groupby([table["page"], table["row"]]).transform("all")
    texts = table.assign(name=table["text"].map(fold))[~numbered]
    named = texts[texts["name"].isin(names)]
    if 2 * named["name"].nunique() < len(names) or not any(parse_amount(text, "元") for text in texts["text"]):
        return []
    at = Counter(named["col"]).most_common(1)[0][0]
    page, row = named[["page", "row"]].iloc[0]
    above = cells[cells["page"].eq(page) & cells["row"].lt(row)]
    unit = next(filter(None, map(money_unit, reversed(above["text"].tolist()))), None)
    heads = above[above.index.isin(table.index) & [parse_amount(text, "元") is None for text in above["text"]]]
    beside = _beside(texts, at)
    found = []
    for col in sorted(set(texts["col"]) - {at}) if unit else []:
        over = heads.loc[heads["col"].le(col) & heads["col"].add(heads["colspan"]).gt(col), "text"].tolist()
        head = fold(over[-1]) if over else ""
        whole = is_label(head, "total") or is_label(head, "subtotal")
        upper = {label.field for text in over[:-1] if (label := label_of(text))} - {"budget"}
        if upper or not (whole or header_field(head) == "budget"):
            continue
        amounts = texts[texts["col"].eq(col)].assign(amount=lambda t: [parse_amount(text, unit) for text in t["text"]])
        amounts = amounts[amounts["amount"].notna()].join(beside, on=["page", "row"])
        ways = []
        for own in ("printed", "carried"):
            lines, others = amounts[amounts[own].notna()], amounts.loc[amounts[own].isna(), "amount"]
            proven = sum(lines["amount"]) in set(others)
            lines = lines.rename(columns={own: "project"}).loc[lines[own].isin(names), ["project", "amount"]]
            sure = set(lines["project"]) == names and (proven or (others.empty and not whole))
            ways.append(_Money(int(page), head, lines, proven, sure))
        if not amounts.empty:
            found.append(next((way for way in ways if way.proven and way.sure), ways[0]))
    return found or [_Money(int(page), "", texts.iloc[:0], False, False)]


def _beside(texts: pd.DataFrame, at: int) -> pd.DataFrame:
    """(page, row) → the name in column `at`, as printed or merged beside the row, and carried down over blank cells."""
    named = texts[texts["col"].eq(at) & ~texts["name"].str.isdigit() & ~texts["text"].map(_is_sum)]
    printed = {
        (page, row + down): name
        for page, row, span, name in named[["page", "row", "rowspan", "name"]].itertuples(index=False)
        for down in range(span)
    }
    rows = pd.MultiIndex.from_frame(texts[["page", "row"]].drop_duplicates().sort_values(["page", "row"]))
    frame = pd.DataFrame({"printed": pd.Series(printed, dtype=object).reindex(rows)}, index=rows)
    sums = {tuple(place) for place in texts.loc[texts["text"].map(_is_sum), ["page", "row"]].to_numpy()}
    return frame.assign(carried=frame["printed"].ffill().where([place not in sums for place in rows]))


def _is_sum(text: str) -> bool:
    return is_label(text, "total") or is_label(text, "subtotal")
