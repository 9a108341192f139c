"""Data that a program exported as JSON → cells: objects are rows, their names the heads."""

import json

from budgetperf.errors import Unreadable
from budgetperf.field.printing import as_printed
from budgetperf.field.vocabulary import header_field
from budgetperf.readers.encoding import decode
from budgetperf.readers.flow import cells_of
from budgetperf.readers.sheet import Sheet, sheet_items
from budgetperf.tables.cells import Reading, pages_frame

HEADS = 4  # so many column heads among the names of objects tell that they are our table
_NO_TABLE = Unreadable("JSON 数据里没有认得的列名", "请从系统导出 Excel 文件，或把数据转成带中文表头的表格")


def read_json(data: bytes) -> Reading:
    """Cells of a JSON export, or of one with an object a line: the longest list of objects, those inside an object below
    what it says itself. Numbers stand as they are written.

    >>> inside = '[{"一级指标": "产出", "二级指标": "数量", "三级指标": "里程", "指标值": 4.50}]'
    >>> read_json(f'{{"data": [{{"项目名称": "道路", "指标": {inside}}}]}}'.encode()).cells["text"].tolist()[-5:]
    ['道路', '产出', '数量', '里程', '4.50']
    """
    text = decode(data)[0]
    try:
        value = _parsed(text)
    except ValueError:
        try:
            value = [_parsed(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            raise Unreadable("JSON 数据有误，读不出来", "请重新导出") from error
    except RecursionError as error:
        raise Unreadable("JSON 数据嵌套过深，读不出来", "请重新导出") from error
    rows = max((_rows(found) for found in _lists(value)), key=len, default=[])
    heads = list(dict.fromkeys(name for row in rows for name in row))
    if len({header_field(head) for head in heads} - {None}) < HEADS:
        raise _NO_TABLE
    sheet = Sheet()
    for number, row in enumerate([dict(zip(heads, heads, strict=True)), *rows], 1):
        sheet.texts |= {(number, col): row[head] for col, head in enumerate(heads, 1) if row.get(head)}
    return Reading(cells_of(sheet_items(sheet)), pages_frame([{"page": 1}]), "csv")


def _parsed(text: str):
    return json.loads(text.removeprefix("\ufeff"), parse_float=str, parse_int=str)


def _lists(value) -> list[list[dict]]:
    """The lists of objects that lie in no other."""
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return [[one for one in value if isinstance(one, dict)]]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for one in inside for found in _lists(one)]


def _rows(objects: list[dict]) -> list[dict[str, str]]:
    """A row each object, with the first of those in it; the others below."""
    rows: list[dict[str, str]] = []
    for one in objects:
        own = {name: as_printed(value) for name, value in one.items() if not isinstance(value, (dict, list))}
        below = [row for found in _lists(list(one.values())) for row in _rows(found)]
        first = below[0] if below else {}
        rows += [own | {name: text for name, text in first.items() if name not in own}, *below[1:]]
    return rows
