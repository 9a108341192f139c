"""The reconciliation of what was mended: rows that must be there, cells accounted for, doubts told; rows of `checks`."""

import itertools
import re
from collections import Counter

import pandas as pd

from budgetperf.clean.checks import check_rows
from budgetperf.field.form_labels import is_unknown, label_of
from budgetperf.field.headings import body_alone, unit_in_title
from budgetperf.field.printing import is_nil
from budgetperf.field.vocabulary import fold, is_label, names_body

LABELLED = re.compile(r"([^\s：:]{2,20})[：:]\s*(\S+)")
MOST_UNCODED = 0.5  # share of projects: where so many have no code, the form prints none for them
ONLY_UNIT = "全文只印了一个单位"  # evidence of a unit filled in
FILLED = "没有印单位的项目按全文唯一的单位补填"
_OF_NAMES = re.compile("(?:(?<!单位)(?<!部门)名称|项目|事项|任务|项目内容|活动)$")  # ends of labels
LONGEST_BODY = 40  # characters of a body's name


def check_repeats(indicators: pd.DataFrame) -> pd.DataFrame:
    """Neighbouring rows of a project that are alike in name, target and weight, without a weight in level 2 as well: read
    twice, or printed twice."""
    columns = ["project_no", "name", "target_text", "comparator", "weight", "level2", "page", "row"]
    rows = zip(*(indicators.reindex(columns=columns)[column].tolist() for column in columns), strict=True)
    repeated = []
    for above, (*key, level2, page, row) in itertools.pairwise(rows):
        alike = list(map(str, key)) == list(map(str, above[:5])) and not any(map(pd.isna, key[:3]))
        if alike and (not pd.isna(key[4]) or (pd.notna(level2) and str(level2) == str(above[5]))):
            repeated.append((int(key[0]), f"第 {page} 页第 {row} 行与上一行的指标完全相同：{key[1]}"))
    return failed("repeats", repeated)


def check_required(
    projects: pd.DataFrame, indicators: pd.DataFrame, fields: set[str], whole: frozenset = frozenset()
) -> pd.DataFrame:
    """Cells that must not be empty are there; `fields`: the columns that this document prints.

    Project: name, budget, objective, category, unit. Indicator: level 1 and 2, name, target, and a comparator beside a
    number where the table has that column. A row without target and result of a project whose rows are surely `whole`
    is blank in print: a check of its own says so, and passes.
    """
    names = {"project": ("project_name", "项目名称"), "budget": ("budget_wan_yuan", "预算数"), "objective": ("objective", "绩效目标"),
             "category": ("category_name", "项目类别"), "unit": ("unit_name", "单位")}  # fmt: skip
    missing: dict[int, list[str]] = {int(n): [] for n in projects["project_no"]}
    for field, (column, words) in names.items():
        if field in fields:
            for number, value in zip(projects["project_no"], projects[column].tolist(), strict=True):
                if _blank(value):
                    missing[int(number)].append(words)
    for number in set(missing) - set(indicators["project_no"]):
        missing[number].append("全部指标")
    columns = ("level1", "level2", "name", "target_text", "comparator")
    blank = {column: list(map(_blank, indicators[column].tolist())) for column in columns}
    named = zip(indicators["name"], indicators["target_text"], strict=True)  # a stroke does not name what has a target
    blank["name"] = [_blank(name) or (is_nil(name) and not is_nil(target)) for name, target in named]
    unfilled = _unfilled(indicators, whole)
    unread = [a and not b for a, b in zip(blank["target_text"], unfilled, strict=True)]
    lacking = [(blank["name"], "三级指标")]
    lacking += [(unread, "指标值")] if "target" in fields or "score" not in fields else []  # sheets of scores have none
    lacking += [(blank[c], words) for c, words in (("level1", "一级指标"), ("level2", "二级指标")) if c in fields]
    if "comparator" in fields:
        unsigned = [a and not b for a, b in zip(blank["comparator"], blank["target_text"], strict=True)]
        lacking.append((unsigned, "指标性质"))
    for rows_lacking, words in lacking:
        for number, count in Counter(itertools.compress(indicators["project_no"], rows_lacking)).items():
            missing[int(number)].append(f"{words}（{count} 条）")
    rows = [(n, "required", None, None, False, f"缺少：{'、'.join(words)}") for n, words in missing.items() if words]
    for number, count in Counter(itertools.compress(indicators["project_no"], unfilled)).items():
        rows.append((int(number), "blanks", None, None, True, f"{count} 条指标没有填写指标值和完成值，分值之和相符"))
    asked = [names[field] for field in ("project", "budget", "objective") if names[field][0] in projects]
    unprinted = [words for column, words in asked if projects[column].map(_blank).all()]
    note = "应填的单元格都有内容" + (f"；没有印出：{'、'.join(unprinted)}" if unprinted else "")
    return check_rows(rows or [(None, "required", None, None, True, note)])


def _unfilled(indicators: pd.DataFrame, whole: frozenset) -> list[bool]:
    """Rows of self-evaluations that print neither a target nor a result, in projects of which no row can be torn."""
    if "actual_text" not in indicators or indicators["actual_text"].isna().all():
        return [False] * len(indicators)
    columns = indicators[["project_no", "target_text", "actual_text"]].itertuples(index=False)
    return [number in whole and _blank(target) and _blank(actual) for number, target, actual in columns]


def check_identity(projects: pd.DataFrame, code_faults: int) -> pd.DataFrame:
    """Every project can be told from the others: it has a name, a code where the others have one, and a well-formed one.

    A project that cannot be told puts the whole document in doubt, so this is a check of the document.

    >>> projects = pd.DataFrame({"project_name": ["甲", None], "project_code": [None, None]})
    >>> check_identity(projects, 0)[["project_no", "passed"]].values.tolist()
    [[None, False]]
    """
    named = [a if scope == "unit" else b for a, b, scope in _names(projects)]
    uncoded = projects["project_code"].map(_blank)
    by_code = all(map(_blank, named)) and not uncoded.any()  # a flat export that prints codes only
    unnamed = 0 if by_code else sum(map(_blank, named))
    lost = int(uncoded.sum()) if uncoded.mean() < MOST_UNCODED else 0
    words = [f"{n} 个项目{w}" for n, w in ((unnamed, "没有名称"), (lost, "没有编码"), (code_faults, "编码异常")) if n]
    count = str(len(projects))
    well = "各项目均有正常的编码，没有印出名称" if by_code else "各项目均有名称和正常的编码"
    note = "、".join(words) + "，可能读错" if words else well
    return check_rows(
        [(None, "projects", count, str(len(projects) - max(unnamed, lost, code_faults)), not words, note)]
    )


def check_unread(cells: pd.DataFrame) -> pd.DataFrame:
    """Every printed cell is accounted for: a failed row a project, or for the document, with the text and place of
    each cell that is not, and the head of its column.

    >>> cells = pd.DataFrame({"page": 1, "table": 1, "row": [3, 4], "col": [2, 2], "text": ["系数", "1.2"],
    ...                       "role": ["heading", "unread"], "project_no": None})
    >>> check_unread(cells)[["passed", "note"]].values.tolist()
    [[False, '1 个单元格没有读入：第 1 页第 4 行第 2 格“1.2”（“系数”列）']]
    """
    unread = cells[cells["role"] == "unread"]
    if unread.empty:
        return check_rows([(None, "unread", None, None, True, "每个印出的单元格都有归属")])
    heads: dict[tuple, list[tuple]] = {}
    named = cells[(cells["role"] == "heading") & cells["col"].isin(unread["col"])]
    for page, table, row, col, text in named[["page", "table", "row", "col", "text"]].itertuples(index=False):
        heads.setdefault((page, table, col), []).append((row, text))
    columns = ["page", "table", "row", "col", "text", "project_no"]
    found: dict[int | None, list[str]] = {}
    for page, table, row, col, text, number in unread[columns].itertuples(index=False):
        words = f"第 {page} 页第 {row} 行第 {col} 格“{''.join(text.split())}”"
        if head := next((t for r, t in reversed(heads.get((page, table, col), [])) if r < row), None):
            words += f"（“{''.join(head.split())}”列）"
        found.setdefault(None if pd.isna(number) else int(number), []).append(words)
    return failed("unread", [(n, f"{len(words)} 个单元格没有读入：{'、'.join(words)}") for n, words in found.items()])


def check_withheld(
    projects: pd.DataFrame, notes: pd.DataFrame, lines: list[str], repairs: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Nothing is read of a unit where a body is named under a label that nobody knows: in a form's head, or in one of
    the `lines` around the tables; and a unit that `repairs` filled in is in doubt where such a body is another one.

    >>> projects = pd.DataFrame({"project_no": [1], "unit_name": [None]})
    >>> notes = pd.DataFrame({"project_no": [1], "label": ["受益机构"], "text": ["某县水务局"]})
    >>> check_withheld(projects, notes, [])["note"].tolist()
    ['没有读到单位，“受益机构”之下的“某县水务局”可能就是']
    """
    without = set(projects.loc[projects["unit_name"].map(_blank), "project_no"])
    guessed = set()
    if repairs is not None:
        filled = repairs["field"].eq("unit_name") & repairs["evidence"].eq(ONLY_UNIT)
        guessed = set(repairs.loc[filled, "project_no"].dropna())
    known = {fold(name) for name in projects["unit_name"].dropna()}
    named = dict.fromkeys(body for line in lines if (body := unit_in_title(line) or body_alone(line)))
    others = [body for body in named if guessed and not any(fold(body) in name or name in fold(body) for name in known)]
    found = [
        (int(number), label, text)
        for number, label, text in notes[["project_no", "label", "text"]].itertuples(index=False)
        if number in without or (number in guessed and fold(text) not in known)
    ]
    if len(without) == len(projects):
        found += [(None, label, text) for line in lines for label, text in LABELLED.findall(line)]
    return failed(
        "unit",
        [
            (number, f"{FILLED if number in guessed else '没有读到单位'}，“{label}”之下的“{text}”可能就是")
            for number, label, text in found
            if (len(text) < LONGEST_BODY and names_body(text) and is_unknown(label.rsplit("/", 1)[-1]))
            or (number in without and _of_unit_and_more(label))
        ]
        + [(None, f"{FILLED}，“{body}”却没有读作单位") for body in others],
    )


def _of_unit_and_more(label: str) -> bool:
    """Whether a label asks for a unit and for something else as well (实施单位及负责人)."""
    first, *more = re.split("[及和与、（(/]", fold(label))
    meant = label_of(first) if more else None
    return meant is not None and meant.sure and meant.field == "unit"


def check_named(projects: pd.DataFrame, notes: pd.DataFrame) -> pd.DataFrame:
    """Nothing is read of a project's name, only its code, where a text stands under a label that may be one of names.

    >>> projects = pd.DataFrame({"project_no": [1], "project_name": [None], "scope": ["project"]})
    >>> notes = pd.DataFrame({"project_no": [1], "label": ["补助事项"], "text": ["村道硬化"]})
    >>> check_named(projects, notes)["note"].tolist()
    ['没有读到项目名称，“补助事项”之下的“村道硬化”可能就是']
    """
    nameless = projects["project_name"].map(_blank) & projects["scope"].ne("unit")
    without = set(projects.loc[nameless, "project_no"])
    named = [
        (int(number), f"没有读到项目名称，“{label}”之下的“{text}”可能就是")
        for number, label, text in notes[["project_no", "label", "text"]].itertuples(index=False)
        if number in without
        and not is_label(text, "total")
        and _OF_NAMES.search(fold(label))
        and len(text) < LONGEST_BODY
        and not names_body(text)
    ]
    return failed("projects", named)


def stated(found: list[tuple[int, str, bool, str]]) -> pd.DataFrame:
    """Rows of what form heads say of themselves: (project number, check, whether it passes, note).

    >>> stated([(1, "budget", True, "表头没有印出预算数")])[["project_no", "check", "passed"]].values.tolist()
    [[1, 'budget', True]]
    """
    return check_rows([(int(number), check, None, None, passed, note) for number, check, passed, note in found])


def doubts(found: list[tuple[str, list]]) -> pd.DataFrame:
    """Failed rows of several checks, in order: (check, its subjects as in `failed`).

    >>> doubts([("borders", [(3, "分界不定")]), ("rows", [(None, "有行未读")])])["check"].tolist()
    ['borders', 'rows']
    """
    return check_rows(
        [(number, check, None, None, False, note) for check, subjects in found for number, note in subjects]
    )


def failed(check: str, subjects: list[tuple[int | None, str]]) -> pd.DataFrame:
    """Failed rows of `check`, one a (project number or None, note).

    >>> failed("borders", [(3, "分界不定")])[["project_no", "check", "passed"]].values.tolist()
    [[3, 'borders', False]]
    """
    return doubts([(check, subjects)])


def passed(check: str, note: str) -> pd.DataFrame:
    """A passed row of `check` about the document."""
    return check_rows([(None, check, None, None, True, note)])


def remarked(remarks: list) -> pd.DataFrame:
    """Rows of what a reader remarks on a page: its check, whether it passes, its words.

    >>> from budgetperf.tables.cells import Remark
    >>> remarked([Remark(2, "hidden", True, "3 行是隐藏的，没有读取")])[["check", "passed", "note"]].values.tolist()
    [['hidden', True, '第 2 页（表）：3 行是隐藏的，没有读取']]
    """
    return check_rows([(None, r.check, None, None, r.passed, f"第 {r.page} 页（表）：{r.note}") for r in remarks])


def _names(projects: pd.DataFrame) -> zip:
    """(unit, project, scope) of each project: where a table is of a whole unit, the unit stands in the project's place."""
    columns = projects.reindex(columns=["unit_name", "project_name", "scope"])
    return zip(*(columns[name].tolist() for name in columns), strict=True)


def _blank(value) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value) or value == ""
