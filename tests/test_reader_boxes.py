"""Tables on web pages that styles make of other elements: flex boxes, grids, places on the page, shadow roots, <pre>."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetperf.readers.html import read_html

FLEX = ".r {display: flex} .c {display: flex; flex-direction: column} .g {display: grid; grid-template-columns: "


def page(body: str, css: str = "") -> bytes:
    return f"<meta charset=utf-8><style>{css}</style><body>{body}".encode()


def cells(body: str, css: str = "") -> list[tuple]:
    found = read_html(page(body, css)).cells
    return [
        tuple(cell) for cell in found[["table", "row", "col", "rowspan", "colspan", "text"]].itertuples(index=False)
    ]


def table(rows) -> str:
    """Rows of (text, rowspan, colspan) as a table of HTML."""
    spelt = ("".join(f"<td rowspan={down} colspan={over}>{text}" for text, down, over in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}" for row in spelt) + "</table>"


@st.composite
def tables(draw):
    """Rows of cells (text, rowspan, colspan) that fill a rectangle, and their places."""
    height, width = draw(st.integers(3, 6)), draw(st.integers(2, 5))
    taken, rows, places = set(), [], []
    for row in range(height):
        rows.append([])
        for col in range(width):
            if (row, col) in taken:
                continue
            over = 1
            while col + over < width and (row, col + over) not in taken and draw(st.booleans()):
                over += 1
            down = draw(st.integers(1, height - row))
            taken |= {(row + r, col + c) for r in range(down) for c in range(over)}
            rows[-1].append((f"格{row}{col}", down, over))
            places.append((row, col, down, over, f"格{row}{col}"))
    return rows, places, width


@given(tables())
@settings(max_examples=25, deadline=None)
def test_a_grid_and_boxes_set_upon_the_page_are_the_table_they_show(drawn):
    rows, places, width = drawn
    expected = cells(table(rows))
    auto = "".join(
        f"<p style='grid-row: span {down}; grid-column-end: span {over}'>{text}</p>"
        for _, _, down, over, text in places
    )
    assert cells(f"<div class=g>{auto}</div>", FLEX + f"repeat({width}, 1fr)}}") == expected
    stated = "".join(
        f"<p style='grid-area: {row + 1} / {col + 1} / {row + 1 + down} / {col + 1 + over}'>{text}</p>"
        for row, col, down, over, text in reversed(places)
    )
    assert cells(f"<div class=g>{stated}</div>", FLEX + f"repeat({width}, 1fr)}}") == expected
    if (
        len(places) >= 6
        and len({row for row, *_ in places}) == len(rows)
        and len({col for _, col, *_ in places}) == width
    ):
        upon = "".join(
            f"<p style='left:{80 * col}px;top:{20 * row}px;width:{80 * over}px;height:{20 * down}px'>{text}</p>"
            for row, col, down, over, text in places
        )
        assert cells(f"<div>{upon}</div>", "p {position: absolute}") == expected


def test_boxes_in_boxes_side_by_side_are_merged_cells():
    inner = "".join(f"<div class=r><p>{name}</p><p>{value}</p></div>" for name, value in (("里程", 5), ("工期", 12)))
    body = "<div><div class=r><b>项目</b><b>指标</b><b>值</b></div>" + "".join(
        f"<div class=r><b>{project}</b><div class=c>{inner}</div></div>" for project in ("甲", "乙")
    )
    rows = [[("项目", 1, 1), ("指标", 1, 1), ("值", 1, 1)]]
    for project in ("甲", "乙"):
        rows += [[(project, 2, 1), ("里程", 1, 1), ("5", 1, 1)], [("工期", 1, 1), ("12", 1, 1)]]
    assert cells(body + "</div>", FLEX + "1fr}") == cells(table(rows))


ROW = "<p class=r><b>甲</b><b>乙</b></p>"


@pytest.mark.parametrize(
    ("body", "css"),
    [
        (f"<div>{ROW * 3}<p class=r><b>1</b><b>2</b><b>3</b></p></div>", ""),  # rows of different lengths
        (f"<div>{ROW * 3}字</div>", ""),  # text between the rows
        (f"<div>{ROW * 3}</div>", "b:first-child {order: 2}"),
        (f"<div>{ROW * 3}</div>", ".r {flex-wrap: wrap}"),
        (f"<div>{ROW * 2}</div>", ""),  # no table yet
        ("<div class=g>" + "<p>甲</p>" * 9 + "</div>", ".g {grid-template-columns: repeat(auto-fill, 90px)}"),
        ("<div>" + "<p style='left:0px;top:0px;width:9px;height:9px'>甲</p>" * 8 + "</div>", "p {position: absolute}"),
    ],
)
def test_what_does_not_tell_its_rows_and_columns_is_no_table(body, css):
    assert {cell[0] for cell in cells(body, FLEX + "1fr 1fr}" + css)} == {0}


def test_a_table_of_html_in_a_flex_box_stays_what_it_is():
    inside = table([[("甲", 1, 1), ("乙", 1, 1)], [("丙", 1, 1), ("丁", 1, 1)]])
    assert cells(f"<div class=r><p>目录</p><div>{inside}</div></div>" * 3, FLEX + "1fr}")[1:5] == [
        (1, 2, 1, 1, 1, "甲"), (1, 2, 2, 1, 1, "乙"), (1, 3, 1, 1, 1, "丙"), (1, 3, 2, 1, 1, "丁"),
    ]  # fmt: skip


def test_text_that_styles_put_around_a_content_is_read_where_it_is_seen():
    css = """.ge::before {content: "≥"} .p::after {content: "%" attr(data-of)} .gone::before {content: "旧"; visibility: hidden}
        .clear:after {content: "."; display: none} .sorted::after {content: "▲"} .must::before {content: "*"}"""
    body = "<p><b class='ge p' data-of=起>95</b><p class=gone>甲<p class=clear>乙<p class=sorted>丙<p class=must>丁"
    assert [cell[-1] for cell in cells(body, css)] == ["≥95%起", "甲", "乙", "丙", "丁"]
    assert cells("<p class=n>甲", ".n::before {content: counter(a) '.'}")[0][-1] == "甲"


@pytest.mark.parametrize(
    ("css", "seen"),
    [
        ("i {font: 0/0 a}", "95"),
        ("i {font: italic 9px/1 a}", "旧95"),
        (":root {--paper: #fff} i {color: var(--paper)}", "95"),
        (":root {--ink: #fff} .dark {--ink: #000} i {color: var(--ink)}", "旧95"),
        ("i {display: block; max-height: 0; overflow: hidden}", "95"),
        ("i {display: inline-block; transform: scale(0)}", "95"),
        ("i {transform: scale(0.5)}", "旧95"),
    ],
)
def test_what_styles_leave_no_room_or_colour_is_not_read(css, seen):
    assert "".join(cell[-1] for cell in cells("<p><i>旧</i>95</p>", css)) == seen


def test_a_declared_shadow_root_is_shown_in_place_of_what_its_element_holds():
    inside = f"<template shadowrootmode=open><style>i {{display: none}}</style>{table([[('甲', 1, 1), ('乙', 1, 1)]])}<slot name=x>无</slot><i>藏</i></template>"
    assert [cell[-1] for cell in cells(f"<x-t>旧{inside}<b>旧</b><u slot=x>注</u></x-t>")] == ["甲", "乙", "注"]


def test_a_text_with_tabs_in_pre_is_a_table():
    lines = ["绩效目标表", "项目名称\t一级指标\t二级指标\t三级指标", "道路\t\t数量指标\t里程"]
    found = cells("<pre>" + "\n".join(lines) + "</pre><pre>普通\t文字</pre>")
    assert [cell for cell in found if cell[-1]] == [
        (0, 1, 1, 1, 1, "绩效目标表"),
        *((1, 2, col, 1, 1, text) for col, text in enumerate(lines[1].split("\t"), 1)),
        (1, 3, 1, 1, 1, "道路"), (1, 3, 3, 1, 1, "数量指标"), (1, 3, 4, 1, 1, "里程"), (0, 4, 1, 1, 1, "普通\t文字"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "<div id=app>绩效</div><script>var rows = [['项目', '绩效指标', '预算']]</script>",
            "可能由脚本在浏览器里生成",
        ),
        (f"<p>项目绩效指标</p><div>{ROW * 3}字</div>", "由样式排版"),
    ],
)
def test_why_a_page_with_our_words_has_no_table(body, words):
    assert words in read_html(page(body, FLEX + "1fr}")).pages["note"].item()
