"""What a document says of its projects outside their cells - how many they are, amounts in words, a list of them -
compared with what was read of the tables."""

import re
from collections import Counter
from decimal import Decimal

import pandas as pd

from budgetperf.clean.checks import check_rows
from budgetperf.field.capitals import yuan_in_capitals
from budgetperf.field.headings import money_unit, numbers_apart
from budgetperf.field.notation import WAN, parse_amount, plain, widen
from budgetperf.field.vocabulary import fold
from budgetperf.mend.reconciliation import failed

LONGEST = 40  # characters of a line that counts projects: longer ones tell of more than the table
_YEAR_SAID = re.compile(r"(?:预算|计划|填报|申报|项目|所属)年[度份][：:]?[（(]?(20\d\d)(?!\d)")
_CUT_YEAR = re.compile(
    r"(?<![\dA-Za-z.])(?!20\d\d年|19\d\d年)2[0-9OolI]{1,4}年(?:度|部门|单位|预算|项目|区级|县级|市级|省级)"
)
_COUNT = re.compile(r"(?:共(?:计|有)?|以上)(\d{1,4})个项目|项目(?:个?数|数量)[：:]共?(\d{1,4})个?(?!\d)")
_IN_CAPITALS = re.compile("[零〇壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万萬亿億]+[元圆圓][零壹贰貳叁參肆伍陆陸柒捌玖角分整正]*")
_SUMMED = re.compile(
    r"(?:合计|总计|共计)(?:金额)?[:：为]?(\d[\d,，]*(?:\.\d+)?)(?![\d.,，分条项个%％])(百万元|[百千万亿]?元)?"
)


def check_counts(cells: pd.DataFrame, projects: pd.DataFrame, of_tables: list[int]) -> pd.DataFrame:
    """The number of projects that a line or a sum's row names is that of the document, of a table, a page or a unit.

    >>> cells = pd.DataFrame({"page": [1], "text": ["共4个项目，合计132.04万元"], "role": ["sum"]})
    >>> projects = pd.DataFrame({"page": [1, 1, 1], "unit_name": None})
    >>> check_counts(cells, projects, [3])["note"].tolist()
    ['第 1 页印有“共4个项目，合计132.04万元”，读到 3 个项目']
    """
    counts = {len(projects), *of_tables, *projects["page"].value_counts(), *projects["unit_name"].value_counts()}
    lines = cells[
        cells["role"].isin(["caption", "title", "note", "sum", "unread"]) & cells["page"].isin(projects["page"])
    ]
    found = []
    for page, text in lines[["page", "text"]].itertuples(index=False):
        said = _COUNT.search("".join(text.split())) if len(text) <= LONGEST else None
        number = int(said[1] or said[2]) if said else None
        if number is not None and number not in counts:
            words = f"第 {page} 页印有“{text.strip()}”，读到 {len(projects)} 个项目"
            found.append((None, "projects", str(number), str(len(projects)), False, words))
    return check_rows(found)


def check_years(cells: pd.DataFrame, year: int | None) -> pd.DataFrame:
    """The years that titles and lines above a table print for the budget are whole, and that of the document.

    >>> cells = pd.DataFrame({"page": 1, "text": ["目标表（204年度）", "预算年度：2025", "财预〔2023〕118号"], "role": "caption"})
    >>> check_years(cells, 2024)["note"].tolist()
    ['第 1 页印有“目标表（204年度）”：年份不完整', '第 1 页印有“预算年度：2025”，本文件却读为 2024 年度']
    """
    found = []
    lines = cells[cells["role"].isin(["title", "caption"])]
    for page, text in lines[["page", "text"]].drop_duplicates("text").itertuples(index=False):
        tight = widen(numbers_apart(text))
        said = _YEAR_SAID.search(tight)
        if _CUT_YEAR.search(tight):
            found.append((None, f"第 {page} 页印有“{text.strip()}”：年份不完整"))
        elif said and year and int(said[1]) != year:
            found.append((None, f"第 {page} 页印有“{text.strip()}”，本文件却读为 {year} 年度"))
    return failed("columns", found)


def check_capitals(cells: pd.DataFrame, projects: pd.DataFrame, totals: list[Decimal]) -> pd.DataFrame:
    """An amount in the capital numerals of accounting is one of those that were read: a project's, a total, their sum.

    >>> cells = pd.DataFrame({"page": 1, "text": ["大写：壹拾贰万元整", "壹拾贰万伍仟元整"], "role": "note"})
    >>> projects = pd.DataFrame({"budget_wan_yuan": [Decimal("12.5")], "executed_wan_yuan": None})
    >>> check_capitals(cells, projects, [])["note"].tolist()
    ['第 1 页印有“大写：壹拾贰万元整”，这里没有一项是 12 万元']
    """
    money = projects.filter(like="_wan_yuan").stack().dropna().tolist()
    read = {*money, *totals, sum(projects["budget_wan_yuan"].dropna(), Decimal(0))}
    found = []
    for page, text in cells.loc[cells["text"].str.contains("[元圆]"), ["page", "text"]].itertuples(index=False):
        for words in _IN_CAPITALS.findall("".join(text.split())):
            yuan = yuan_in_capitals(words)
            if yuan is not None and yuan / WAN not in read:
                found.append((None, f"第 {page} 页印有“{text.strip()}”，这里没有一项是 {plain(yuan / WAN)} 万元"))
    return failed("total", found)


def check_sums(cells: pd.DataFrame, projects: pd.DataFrame, totals: list[Decimal], unit: str | None) -> pd.DataFrame:
    """A sum that a short line around the tables prints is one of those that were read: of all, a page, a unit, a project.

    >>> cells = pd.DataFrame({"page": [1], "text": ["预算合计：26万元"], "role": ["caption"]})
    >>> projects = pd.DataFrame({"page": [1, 1], "unit_name": None, "budget_wan_yuan": [Decimal(12), Decimal(13)]})
    >>> check_sums(cells, projects, [], None)["note"].tolist()
    ['第 1 页印有“预算合计：26万元”，这里没有一项或一组预算数是 26 万元']
    """
    budgets = projects.dropna(subset="budget_wan_yuan")
    groups = [budgets.groupby(by)["budget_wan_yuan"].sum() for by in ("page", "unit_name")]
    read = {*totals, *budgets["budget_wan_yuan"], *(amount for group in groups for amount in group)}
    read |= {sum(budgets["budget_wan_yuan"], Decimal(0))}
    of_page = cells["role"].isin(["caption", "title", "note"]) & cells["page"].isin(projects["page"])
    found = []
    for page, text in cells.loc[of_page, ["page", "text"]].itertuples(index=False) if len(budgets) else ():
        said = _SUMMED.search("".join(text.split())) if len(text) <= LONGEST else None
        printed = said and (said[2] or unit)
        amount = parse_amount(said[1], printed) if printed else None
        if amount is not None and amount not in read:
            words = f"第 {page} 页印有“{text.strip()}”，这里没有一项或一组预算数是 {plain(amount)} 万元"
            found.append((None, words))
    return failed("total", found)


def check_listed(cells: pd.DataFrame, projects: pd.DataFrame, unit: str | None) -> pd.DataFrame:
    """A list of the projects in another table gives each the amount that was read, on one line or the sum of several,
    where it is a list of budgets: the same for at least one.

    >>> projects = pd.DataFrame({"project_no": [1, 2], "project_name": ["甲项目", "乙项目"], "budget_wan_yuan": [Decimal(5), Decimal(7)]})
    >>> texts = ["甲项目", "5", "乙项目", "70"]
    >>> cells = pd.DataFrame({"page": 1, "table": 1, "row": [1, 1, 2, 2], "rowspan": 1, "col": [1, 2, 1, 2], "text": texts, "role": "other_table"})
    >>> check_listed(cells, projects, "万元")["note"].tolist()
    ['第 1 页的另一张表里，“乙项目”的金额印为“70”，这里读为 7 万元']
    """
    budgets = {fold(name): (n, budget) for n, name, budget in _named(projects)}
    others = cells[cells["role"].eq("other_table")]
    taken = set(cells.loc[cells["role"].eq("project"), ["page", "table"]].itertuples(index=False, name=None))
    found = []
    for (page, number), table in others.groupby(["page", "table"]):
        if (page, number) in taken:  # the budgets come from this list
            continue
        around = [*table["text"], *cells.loc[cells["page"].eq(page), "text"]]
        printed = next(filter(None, map(money_unit, around)), unit)
        listed: dict[tuple[int, str], list[str]] = {}  # column and project → its amounts as printed
        beside: dict[int, list[str]] = {}  # row → the projects named in it, or in a cell merged over it
        for row, span, text in table[["row", "rowspan", "text"]].itertuples(index=False):
            for covered in range(row, row + span) if fold(text) in budgets else ():
                beside.setdefault(covered, []).append(fold(text))
        for row, col, text in table[["row", "col", "text"]].itertuples(index=False):
            names = beside.get(row, [])
            if len(names) == 1 and printed and parse_amount(text, printed) is not None:
                listed.setdefault((col, names[0]), []).append(text)
        sums = {at: sum(parse_amount(text, printed) for text in texts) for at, texts in listed.items()}
        same = Counter(col for (col, name), amount in sums.items() if amount == budgets[name][1])
        for (col, name), amount in sums.items():
            number, budget = budgets[name]
            if same and col == same.most_common(1)[0][0] and amount != budget:
                texts = "、".join(listed[col, name])
                words = f"第 {page} 页的另一张表里，“{name}”的金额印为“{texts}”，这里读为 {plain(budget)} 万元"
                found.append((int(number), words))
    return failed("total", found)


def _named(projects: pd.DataFrame) -> list[tuple[int, str, Decimal]]:
    """Number, name and budget of the projects whose name is theirs alone."""
    rows = projects[["project_no", "project_name", "budget_wan_yuan"]].dropna()
    rows = rows[~rows["project_name"].map(fold).duplicated(keep=False)]
    return list(rows.itertuples(index=False, name=None))
