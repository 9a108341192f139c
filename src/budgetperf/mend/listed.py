"""Names and budgets that stand only in another table of the document: a list of the projects and their money."""

import re
from collections import Counter
from typing import NamedTuple

import pandas as pd

from budgetperf.clean.checks import check_rows
from budgetperf.field.form_labels import label_of
from budgetperf.field.headings import money_unit
from budgetperf.field.notation import parse_amount
from budgetperf.field.vocabulary import fold, header_field, is_label
from budgetperf.field.wraps import unwrap
from budgetperf.layout.lines_above import unit_in_caption
from budgetperf.mend.listed_beside import Listed, is_of_year, lines_above, other_tables, placed_lines, with_beside
from budgetperf.mend.reconciliation import failed
from budgetperf.tables.ledger import Ledger

_LIST = re.compile(
    r"(?:(?:预算)?[\d-]+表?)?(?:部门|单位|本级|[省市县区]级|财政)*项目(?:支出|经费|资金)?(?:预算|安排|明细|汇总|一览|情况|批复|[及和]|绩效|目标)*(?:表|清单)$"
)
_OTHER_MONEY = re.compile("采购|(?<!预)决算|执行|支出进度|上年|资产|结转")  # in the title of a table that is no budget
SHORTEST_NAME = 3  # characters of a project's name by which it is known again within another
_WHY = {
    True: "金额没有合计证明、缺项目或有同名项目，没有取用",
    False: "认不出哪一栏是预算数，或没有印出金额单位，没有取用",
}


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
    ...                          "unit_name": None, "fiscal_year": 2024, "project_code": None})
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
        tables = [
            table
            for table in other_tables(cells)
            if _is_list(above := lines_above(table, cells), projects)
            or (is_of_year(above, projects) and _is_of_them_alone(table, above, names))
        ]
        known = [_named_by_code(table, projects["project_code"], names) for table in tables]
        found = [column for table in known for column in _columns(table, cells, set(names.dropna()))]
    sure = [column for column in found if column.sure]
    if not sure or names.isna().any() or not names.is_unique:
        words = [f"指标旁没有印出预算数，第 {c.page} 页另一张表列有这些项目，{_WHY[bool(c.head)]}" for c in found[:1]]
        words = words or (_nearly_listed(cells, projects, names) if repair and not printed else [])
        return Listed(projects, cells, Ledger().entries(), failed("budget", [(None, said) for said in words]))
    column = max(sure, key=lambda column: (sum(column.lines["amount"]), column.proven))
    budgets = column.lines.groupby("project")["amount"].sum()
    source = f"第 {column.page} 页另一张表的“{column.head}”列" + ("，各行之和与其合计相符" if column.proven else "")
    grade = "certain" if column.proven else "likely"
    entry = {"rule": "listed_budget", "evidence": f"取自{source}", "grade": grade, "kind": "reading"}
    filled = (ledger := Ledger()).change(projects, "budget_wan_yuan", names.map(budgets), **entry)
    placed = placed_lines(cells, {"budget_wan_yuan": column.lines}, names, projects)
    rows = cells.loc[column.lines.index, ["page", "row", "table"]].assign(project=column.lines["project"])
    table = cells[cells["page"].eq(column.page) & cells["table"].eq(rows["table"].iloc[0])]
    beside = with_beside(Listed(filled, placed, ledger.entries(), check_rows([])), table, rows, names, entry)
    said = check_rows([(None, "budget", None, None, True, f"指标旁没有印出预算数，取自{source}")])
    return beside._replace(checks=pd.concat([said, beside.checks], ignore_index=True))


def _nearly_listed(cells: pd.DataFrame, projects: pd.DataFrame, names: pd.Series) -> list[str]:
    """Where a table of projects and money names most of these in other words (村道硬化 for 村道硬化工程)."""
    for table in other_tables(cells):
        heads = set(map(header_field, table["text"]))
        texts = {fold(text) for text in table["text"] if len(text) > SHORTEST_NAME}
        alike = [name for name in names.dropna() if any(text in name or name in text for text in texts)]
        if {"project", "budget"} <= heads and 2 * len(alike) >= len(names):
            page, words = table["page"].iloc[0], "、".join(f"“{name}”" for name in alike[:2])
            return [f"指标旁没有印出预算数，第 {page} 页另一张表列有名称相近的项目（{words}），没有取用"]
    return []


def names_listed(cells: pd.DataFrame, projects: pd.DataFrame, repair: bool = True) -> Listed:
    """Where codes alone are printed beside the targets, another table with a column of codes and one of names, each code in
    it once, gives the names. Codes that stand in another table and are not settled so are a failed check. `cells`: with
    their roles.

    >>> projects = pd.DataFrame({"project_no": [1, 2], "project_code": ["001", "002"], "project_name": None, "page": 2,
    ...                          "fiscal_year": 2024, "unit_name": None})
    >>> texts = ["项目编码", "项目名称", "001", "村道硬化", "002", "危桥养护"]
    >>> cells = pd.DataFrame({"page": 1, "table": 1, "row": [1, 1, 2, 2, 3, 3], "col": [1, 2] * 3, "text": texts,
    ...                       "rowspan": 1, "role": "other_table", "field": None, "project_no": pd.array([None] * 6, dtype="Int64")})
    >>> names_listed(cells, projects).projects["project_name"].tolist()
    ['村道硬化', '危桥养护']
    """
    codes = projects["project_code"].map(lambda code: "".join(code.split()) if isinstance(code, str) else None)
    as_it_is = Listed(projects, cells, Ledger().entries(), check_rows([]))
    if projects["project_name"].notna().any() or codes.isna().any() or not codes.is_unique or codes.empty:
        return as_it_is
    tables = (
        [table for table in other_tables(cells) if is_of_year(lines_above(table, cells), projects)] if repair else []
    )
    found = [(table, lines[lines["code"].isin(codes)]) for table in tables if len(lines := _names_by_code(table))]
    found = [(table, lines) for table, lines in found if lines["code"].is_unique and set(codes) <= set(lines["code"])]
    found = [one for one in found if _is_list(lines_above(one[0], cells), projects)] or found
    if found and len({tuple(lines.sort_values("code")["name"].map(fold)) for _, lines in found}) == 1:
        table, lines = found[0]
        source = f"第 {table['page'].iloc[0]} 页另一张表，与项目编码同在一行"
        entry = {"rule": "listed_name", "evidence": f"取自{source}", "grade": "certain", "kind": "reading"}
        names = codes.map(lines.set_index("code")["name"])
        filled = (ledger := Ledger()).change(projects, "project_name", names, **entry)
        own = {
            field: lines.set_index(column).rename(columns={"code": "project"})
            for field, column in (("project_code", "code_cell"), ("project_name", "name_cell"))
        }
        placed = placed_lines(cells, own, codes, projects)
        rows = lines.rename(columns={"code": "project"})[["page", "row", "project"]]
        beside = with_beside(Listed(filled, placed, ledger.entries(), check_rows([])), table, rows, codes, entry)
        said = check_rows([(None, "project_name", None, None, True, f"指标旁只印有项目编码，名称取自{source}")])
        return beside._replace(checks=pd.concat([said, beside.checks], ignore_index=True))
    others = cells[cells["role"].eq("other_table")]
    found = others[others["text"].map(lambda text: "".join(text.split())).isin(codes)]
    words = [f"指标旁只印有项目编码，第 {page} 页另一张表印有这些编码，名称没有取用" for page in found["page"].iloc[:1]]
    return as_it_is._replace(checks=failed("project_name", [(None, said) for said in words]))


def _names_by_code(table: pd.DataFrame) -> pd.DataFrame:
    """code, name, code_cell, name_cell, page, row of each row of a table below heads of a code and a name."""
    fields = table["text"].map(header_field)
    columns = ["code", "name", "code_cell", "name_cell", "page", "row"]
    for place, named in table.assign(field=fields).groupby(["page", "row"]):
        at = named.drop_duplicates("field", keep=False).set_index("field")["col"]
        if {"project_code", "project"} <= set(at.index):
            below = table[(table["page"] > place[0]) | (table["row"] > place[1])].reset_index(names="cell")
            code, name = (below[below["col"].eq(at[field])] for field in ("project_code", "project"))
            both = code.merge(name, on=["page", "row"], suffixes=("_code", "_name"))
            texts = both["text_code"].map(lambda text: "".join(text.split())), both["text_name"].map(unwrap)
            return pd.DataFrame(
                dict(
                    zip(
                        columns,
                        (*texts, *(both[name] for name in ("cell_code", "cell_name", "page", "row"))),
                        strict=True,
                    )
                )
            )
    return pd.DataFrame(columns=columns)


def _is_of_them_alone(table: pd.DataFrame, lines: list[str], names: pd.Series) -> bool:
    """Whether a table names each of the projects once under a head of theirs and no other, whatever its title, but what
    says that its money is another's."""
    heads = table[table["text"].map(header_field).eq("project")]
    if len(heads) != 1 or any(_OTHER_MONEY.search(line) for line in lines):
        return False
    head = heads.iloc[0]
    below = table[table["col"].eq(head["col"]) & (table["row"].gt(head["row"]) | table["page"].gt(head["page"]))]
    named = [fold(text) for text in below["text"] if text.strip() and not is_label(text, "total")]
    return sorted(named) == sorted(names.dropna())


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


def _named_by_code(table: pd.DataFrame, codes: pd.Series, names: pd.Series) -> pd.DataFrame:
    """The table with the text of each cell folded as `name`; in one that does not name all the projects, but has a column of
    all their codes, a code is the name of its project."""
    named = table.assign(name=table["text"].map(fold))
    under = table.loc[table["text"].map(header_field).eq("project_code"), "col"].unique()
    by_code = {"".join(code.split()): name for code, name in zip(codes, names, strict=True) if isinstance(code, str)}
    column = named[named["col"].isin(under)]
    column = column.assign(name=column["text"].map(lambda text: by_code.get("".join(text.split())))).dropna(
        subset="name"
    )
    if set(names) <= set(named["name"]) or len(under) != 1 or set(column["name"]) != set(names):
        return named
    return named.assign(name=column["name"].reindex(named.index).fillna(named["name"]))


def _columns(table: pd.DataFrame, cells: pd.DataFrame, names: set[str]) -> list[_Money]:
    """The columns of a list of at least half of the projects that may be their budgets, by proof or by their heads; one
    without a head where none may be."""
    numbered = table["text"].str.strip().str.isdigit().groupby([table["page"], table["row"]]).transform("all")
    texts = table[~numbered]
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
