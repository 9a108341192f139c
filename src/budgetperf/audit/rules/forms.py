"""D09, D10: what the head of a form says twice: funds and their sources, start and end."""

import re
from collections import defaultdict
from decimal import Decimal

from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import number
from budgetperf.field.notation import parse_number
from budgetperf.field.vocabulary import fold

_WHOLE = re.compile("^(?:年度|项目|全年|本年度?)*(?:资金|预算)*(?:总额|资金总额|总金额|申请总额|合计)$")
_PART = re.compile(
    "^(?:其中)?(?:当年|本年|上年|年度)*(?:财政拨款|财政资金|上年结转(?:资金)?|结转资金|其他资金|其它资金|上级(?:补助)?资金|本级资金|中央(?:补助|资金)?|省级?资金|市级?资金|县级?资金|自筹资金|单位资金|事业收入|非财政拨款)$"
)


@rule("D09", "E", "资金构成之和不等于总额", "其中各项资金之和应等于资金总额，任何一项不应超过总额", basis="表内勾稽：总额等于其中各项之和",
      title_en="sources of funds do not add up", across=False)  # fmt: skip
def funds_add_up(tables, thresholds, words):
    """D09: rows of a form below the row of the whole, column by column."""
    projects = {(row.document_id, int(row.project_no)): row for row in tables.project_rows}
    for key, lines in _lines(tables).items():
        project = projects.get(key)
        whole = next((numbers for label, numbers in lines if _WHOLE.match(label)), None)
        parts = [numbers for label, numbers in lines if _PART.match(label)]
        if project is None or not whole or not parts:
            continue
        complete = any("其他" in label or "其它" in label for label, _ in lines) and len(parts) > 1
        for column, total in whole.items():
            values = [numbers[column] for numbers in parts if column in numbers]
            if not values or len(values) < len(parts):
                continue
            value = sum(values, Decimal(0))
            if value > total + _ROUNDING or (complete and value < total - _ROUNDING):
                zh = f"资金总额为 {number(total)}，其中各项之和为 {number(value)}"
                yield found(
                    project,
                    zh,
                    f"funds of {number(total)}, their parts sum to {number(value)}",
                    {"total": str(total), "parts": str(value)},
                )
                break


_ROUNDING = Decimal("0.02")


def _lines(tables) -> dict[tuple, list]:
    """(document, project) → (label, column → number) of the rows of its form's head, in order."""
    cells = tables.cells
    if cells.empty:
        return {}
    head = cells[cells["text"].notna() & ~cells["role"].isin(["indicator", "total", "subtotal", "title"])]
    texts = head["text"].map(lambda text: len(text) < 24 and bool(_WHOLE.match(fold(text)) or _PART.match(fold(text))))
    labelled = head[texts.astype(bool)]
    if labelled.empty:
        return {}
    owner = {}
    for cell in cells[cells["project_no"].notna()].itertuples():
        owner.setdefault((cell.document_id, cell.page, cell.table), set()).add(int(cell.project_no))
    rows = ["document_id", "page", "table", "row"]
    printed = cells[cells["text"].notna()].merge(labelled[rows].drop_duplicates(), on=rows)
    by_row = dict(iter(printed.groupby(rows)))
    lines = defaultdict(list)
    for cell in labelled.itertuples():
        owners = owner.get((cell.document_id, cell.page, cell.table), set())
        if len(owners) != 1:
            continue  # a table of several projects has no head of its own
        row = by_row[cell.document_id, cell.page, cell.table, cell.row]
        numbers = {}
        for other in row[row["col"] > cell.col].itertuples():
            value = parse_number(other.text)
            if value is None and _NO_NUMBER.search(other.text):
                break  # another label beside: its numbers are its own
            if value is not None:
                numbers[other.col] = value
        lines[cell.document_id, next(iter(owners))].append((fold(cell.text), numbers))
    return lines


_NO_NUMBER = re.compile("[\u4e00-\u9fff]")


@rule("D10", "E", "完成日期早于开始日期", "项目的完成日期不应早于开始日期", basis="表内勾稽：起止日期",
      inputs=["projects.start_date", "projects.end_date"], title_en="the end comes before the start", across=False)  # fmt: skip
def dates_in_order(tables, thresholds, words):
    """D10."""
    for project in tables.project_rows:
        start, end = _date(project.start_date), _date(project.end_date)
        if start and end and end < start[: len(end)]:
            zh = f"开始日期为 {project.start_date}，完成日期为 {project.end_date}"
            yield found(
                project,
                zh,
                f"start {project.start_date}, end {project.end_date}",
                {"start": project.start_date, "end": project.end_date},
            )


def _date(text: str) -> tuple[int, ...]:
    """Year, month and day as far as they are printed.

    >>> _date("2024年3月1日"), _date("2024-12"), _date("长期")
    ((2024, 3, 1), (2024, 12), ())
    """
    match = re.match(r"(20\d\d)[年./-](\d{1,2})(?:[月./-](\d{1,2}))?", re.sub(r"\s", "", text))
    return tuple(int(part) for part in match.groups() if part) if match else ()
