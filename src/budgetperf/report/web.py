"""The report as one HTML file that needs nothing else: no network, no fonts, no program but a browser.

Plain tables, headings and pictures come first and work without scripts; DataTables (the bundle that itables carries)
then lets one search and sort the long ones. The page's own policy lets only that one script run, known by its hash:
whatever a document prints stays text.
"""

import base64
import hashlib
import importlib.util
import json
import math
import re
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib import resources
from io import BytesIO
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from budgetperf import charts
from budgetperf.errors import InputError
from budgetperf.evidence.table import table_html
from budgetperf.field.notation import ems
from budgetperf.report.model import Column, Evidence, Figure, Heading, Report, Table, clean, columns_of, is_number
from budgetperf.tables.whole import written_whole

SEARCHED = 12  # tables of more rows than this are searched, sorted and paged
MORE, MOST_ROWS = 20, 3_000  # on a screen: so many times the rows of paper, and never more rows than this
LONG, WORD = 240, 18  # signs: from which a cell scrolls by itself, up to which a word is kept whole
LEAST, MANY = 8, 16  # ems that a column is not narrowed below; columns from which each has the room that is left
SHORT = 6  # ems: columns up to this width are kept on a line
WIDE, COLUMN = 64, 11  # ems that a printed page has room for, and that a column of running text needs at most
CONTENTS = 80  # headings in the contents; where there are more, those of level 3 are left out
WIDTHS, HEAVY = (1400, 1050, 700), 400_000  # pixels across tried for a picture of a page; bytes it should not exceed
COLOURS = 48  # of a page as a palette: print is black on white with a few frames

WORDS = {
    "zh": {
        "contents": "目录", "table": "表", "figure": "图", "everywhere": "在各表中检索", "found": "各表共 {0} 行符合",
        "left_out": "本表共 {all} 行，此处列出前 {shown} 行；全部见 Excel 工作底稿。",
        "left_out_print": "本表共 {all} 行，纸面只列前 {shown} 行；其余见本报告的网页版和 Excel 工作底稿。",
        "empty": "（没有可列的行）", "page": "第 {0} 页，共 {1} 页", "made": "由 budgetperf 生成，不需要网络",
        "no_place": "没有可示出的原件位置。",
    },
    "en": {
        "contents": "Contents", "table": "Table", "figure": "Figure", "everywhere": "Search all tables",
        "found": "{0} rows match in all tables",
        "left_out": "The table has {all} rows, of which the first {shown} are shown; the Excel workbook has them all.",
        "left_out_print": "The table has {all} rows, of which the first {shown} are printed; "
        "this report on a screen and the Excel workbook have more.",
        "empty": "(no rows)", "page": "Page {0} of {1}", "made": "Made by budgetperf; needs no network",
        "no_place": "There is no place in print to show.",
    },
}  # fmt: skip
CONTROLS = {  # the words of DataTables' controls; the others are English by default
    "zh": {
        "search": "搜索：",
        "lengthMenu": "每页 _MENU_ 行",
        "info": "第 _START_ 至 _END_ 行，共 _TOTAL_ 行",
        "infoEmpty": "没有符合的行",
        "infoFiltered": "（从 _MAX_ 行中筛选）",
        "zeroRecords": "没有符合的行",
        "emptyTable": "没有数据",
        "all": "全部",
        "paginate": {"first": "首页", "last": "末页", "next": "下一页", "previous": "上一页"},
        "aria": {
            "orderable": "：按此列排序",
            "orderableReverse": "：按此列倒序",
            "orderableRemove": "：恢复原来的顺序",
            "paginate": {"first": "首页", "last": "末页", "next": "下一页", "previous": "上一页"},
        },
    },
    "en": {"all": "All", "paginate": {"first": "First", "last": "Last", "next": "Next", "previous": "Previous"}},
}
# `export{a as b,c as default}` ends the bundle, an ES module; in one script with ours its names are simply there
_EXPORT = re.compile(r"\bexport\s*\{([^}]*)\};?(?=\s*(?:/\*|//|$))")
_SIGNS = re.compile(r"[^\s\u2e80-\U0003ffff]+")  # a line of Chinese breaks anywhere, other words only where they must
_DEFAULT = re.compile(r"([\w$]+)\s+as\s+default\b")


def write_web(report: Report, path: str | Path, *, progress: Callable[[int, int, str], None] | None = None) -> Path:
    """Write the report as one self-contained HTML file; the path written. Folders are made, an old file is replaced.

    progress(done, total, words): called after each block. Raises InputError where the file cannot be written.

    >>> import tempfile, budgetperf
    >>> from budgetperf.report.model import Text
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report = Report("绩效目标", "", [], [Text("8 < 9")], budgetperf.tables.dataset.Dataset.empty())
    ...     "<p>8 &lt; 9</p>" in write_web(report, Path(folder) / "a.html").read_text("utf-8")
    True
    """
    path = Path(path)
    has_long = any(isinstance(block, Table) and _is_searched(block) for block in report.blocks)
    script = _script() if has_long else ""
    words, headings = WORDS[report.lang], _headings(report)
    parts = {
        "lang": {"zh": "zh-CN", "en": "en"}[report.lang],
        "title": clean(report.title),
        "subtitle": clean(report.subtitle),
        "facts": [(clean(label), clean(value)) for label, value in report.facts],
        "contents": [one for one in headings if len(headings) <= CONTENTS or one["level"] < 4],
        "blocks": _blocks(report, progress),
        "words": words,
        "controls": json.dumps(CONTROLS[report.lang] | {"found": words["found"]}, ensure_ascii=False),
        "style": Markup(_data("report.css").replace("@PAGES@", _pages(words["page"]))),
        "script": Markup(script),
        "policy": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() if script else "",
    }
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    stream = environment.from_string(_data("report.html.j2")).stream(parts)
    stream.enable_buffering(64)
    with written_whole(path) as building, building.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(stream)
    return path


def _data(name: str) -> str:
    return resources.files("budgetperf").joinpath(f"report/{name}").read_text("utf-8")


def _pages(words: str) -> str:
    """The page number at the foot of each printed page, as CSS content: "第 " counter(page) …"""
    before, between, after = re.split(r"\{[01]\}", words)
    return f'"{before}" counter(page) "{between}" counter(pages) "{after}"'


# ---- the program -----------------------------------------------------------------------------------------------------


def _script() -> str:
    """DataTables' bundle and what report.js does with it, as one script of a page: no imports, nothing fetched."""
    package = importlib.util.find_spec("itables").submodule_search_locations[0]  # not imported: it wants a notebook
    bundle = Path(package, "html/dt_bundle.js").read_text("utf-8")
    return _inline(bundle) + "\n" + _data("report.js")


def _inline(bundle: str) -> str:
    r"""An ES module with a default export as part of a script in a page, the export named DataTable.

    In HTML `<!--` and `<script` would change how the end of the script is found; both stand in strings and regular
    expressions only, where \x3c is the same sign.

    >>> _inline('var a="<!--";export{a as default,b as c};\n/*! notice */')
    'var a="\\x3c!--";const DataTable=a;\n/*! notice */'
    """
    found = list(_EXPORT.finditer(bundle))
    name = _DEFAULT.search(found[-1][1]) if found else None
    if name is None:
        raise RuntimeError("itables' bundle of DataTables has no default export any more; see report/web.py")
    own = bundle[: found[-1].start()] + f"const DataTable={name[1]};" + bundle[found[-1].end() :]
    own = own.replace("\r\n", "\n").replace("<!--", "\\x3c!--")
    return re.sub(r"<(/?script)", r"\\x3c\1", own, flags=re.IGNORECASE)


# ---- the blocks ------------------------------------------------------------------------------------------------------


def _headings(report: Report) -> list[dict]:
    """Headings with anchors; levels of HTML: 2 below the title, and none left out on the way down."""
    found, before = [], 1
    for block in report.blocks:
        if isinstance(block, Heading):
            before = min(block.level + 1, before + 1)
            found.append({"level": before, "text": clean(block.text), "anchor": f"h{len(found) + 1}"})
    return found


def _blocks(report: Report, progress) -> Iterator[dict]:
    """What the template prints, made one at a time: pictures of a long report never stand in memory together."""
    headings, numbers, words = iter(_headings(report)), {"table": 0, "figure": 0}, WORDS[report.lang]
    for done, block in enumerate(report.blocks, 1):
        match block:
            case Heading():
                shown = next(headings)
                name = shown["text"]
            case Table() | Figure():
                kind = "table" if isinstance(block, Table) else "figure"
                numbers[kind] += 1
                label = clean(block.label) or f"{words[kind]} {numbers[kind]}"
                name = clean(block.caption)
                own = _table(block, report.lang) if kind == "table" else _figure(block)
                shown = own | {"label": label, "caption": name, "anchor": f"{kind}{numbers[kind]}"}
            case Evidence():
                shown = _evidence(block, words)
                name = shown["caption"]
            case _:
                shown = {"text": clean(block.text), "tone": block.tone}
                name = shown["text"][:20]
        yield {"kind": type(block).__name__.lower()} | shown
        if progress:
            progress(done, len(report.blocks), name)


def _is_searched(table: Table) -> bool:
    return _shown_rows(table) > SEARCHED


def _shown_rows(table: Table) -> int:
    return min(table.rows, MORE * max(table.top, 1), MOST_ROWS)


def _table(table: Table, lang: str) -> dict:
    """Columns and rows of a table as the template prints them."""
    words, every, shown = WORDS[lang], table.rows, _shown_rows(table)
    found = columns_of(table, shown, lang)
    cells = [
        [_cell(*one, column.is_number) for one in zip(column.values, column.texts, strict=True)] for column in found
    ]
    columns, rows = list(map(_column, found)), list(zip(*cells, strict=True))
    room = sum(column["room"] for column in columns)
    sum_row = rows.pop() if table.total and rows else None
    sentence = {key: words[key].format(all=f"{every:,}", shown="{:,}") for key in ("left_out", "left_out_print")}
    return {
        "columns": columns,
        "rows": rows,
        "sum": sum_row,
        "top": max(table.top, 1),
        "searched": _is_searched(table),
        "page": " many" if len(columns) > MANY else " wide" if room > WIDE else "",
        "left_out": sentence["left_out"].format(shown) if shown < every else "",
        "left_out_print": sentence["left_out_print"].format(table.top) if table.top < every else "",
    }


def _column(column: Column) -> dict:
    """Title of a column, how it is set, the width below which it is not narrowed, and the room it wants on paper."""
    title, longest = column.title, max([0.0, *map(ems, column.texts)])
    kind = "number" if column.is_number else "short" if longest <= SHORT else ""
    broken = any(len(word) > WORD for text in [title, *column.texts] for word in _SIGNS.findall(text))
    return {
        "title": title,
        "kind": f"{kind} broken".strip() if broken else kind,
        "ems": math.ceil(max(min(longest, LEAST), min(ems(title), 4))),
        "room": 1 + max(3, longest if kind else min(longest, COLUMN)),
    }


def _cell(value, text: str, number: bool) -> tuple[str, str | None, str | None, bool]:
    """(text, what a column of numbers is sorted by, what else it is found by, whether it is long) of a cell."""
    if not number:
        return text, None, None, len(text) > LONG
    exact = format(Decimal(value), "f") if is_number(value) else re.sub(r"[^\d.-]", "", text.replace("−", "-"))
    return text, exact, f"{text} {exact}" if exact else text, False


# ---- pictures --------------------------------------------------------------------------------------------------------


def _figure(figure: Figure) -> dict:
    """The chart as SVG in an address of its own: its ids meet no others, nothing in it can run, letters are outlines."""
    with tempfile.TemporaryDirectory() as folder:
        (file,) = charts.save(figure.draw(), Path(folder) / "chart", formats=("svg",), close=True)
        svg = file.read_bytes()
    return {"address": _address("image/svg+xml", svg), "alt": clean(figure.alt)}


def _evidence(block: Evidence, words: dict) -> dict:
    shown = {"caption": clean(block.caption), "place": "", "notes": [], "images": [], "tables": [], "legend": []}
    try:
        view = block.view()
    except InputError as reason:
        return shown | {"notes": [clean(str(reason)) or words["no_place"]]}
    return shown | {
        "place": clean(view.caption),
        "notes": [clean(note) for note in view.notes],
        "images": [_picture(image) for image in view.images],
        "tables": [Markup(clean(table_html(table))) for table in view.tables],
        "legend": [(clean(word), colour) for word, colour in view.legend.items()],
    }


def _picture(image) -> dict:
    """A picture of a page small enough to be carried along: as few pixels as needed, palette or photograph."""
    from PIL import Image

    image = image.convert("RGB")
    for width in WIDTHS:
        size = (width, max(1, round(image.height * width / image.width)))
        small = image if image.width <= width else image.resize(size, Image.Resampling.LANCZOS)
        palette = small.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        found = [
            ("image/png", _bytes_of(palette, format="PNG", optimize=True)),
            ("image/jpeg", _bytes_of(small, format="JPEG", quality=80, optimize=True)),
        ]
        kind, content = min(found, key=lambda one: len(one[1]))
        if len(content) <= HEAVY:
            break
    return {"address": _address(kind, content), "width": small.width, "height": small.height}


def _bytes_of(image, **options) -> bytes:
    buffer = BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()


def _address(kind: str, content: bytes) -> Markup:
    return Markup(f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}")
