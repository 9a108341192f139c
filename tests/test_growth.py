"""What reading a document costs grows with its rows and no faster: calls and cells of columns are counted, not seconds."""

import sys
from functools import partial

import pandas as pd
import pytest
from crafted import LINE
from test_doubts import HEADS, LEVELS, OBJECTIVE

from budgetperf.audit.likeness import signature, similar_pairs
from budgetperf.pipeline import build_document
from budgetperf.works.collecting import uncollected

COUNTS = (20, 40, 80)
PAIRS = (COUNTS[2] ** 2 - COUNTS[1] ** 2) - 2 * (
    COUNTS[1] ** 2 - COUNTS[0] ** 2
)  # more of them than twice those before


def rows_alone(count: int) -> str:
    return LINE * 4 * count


def projects(count: int, unit: str = "", apart: int = 0) -> str:
    """So many projects of four rows, whose project cells leave the rows below them blank; `apart`: blank lines between."""
    lines = [["2024年部门预算项目支出绩效目标批复表"], ["单位：万元"], HEADS]
    for number in range(count):
        for row, levels in enumerate(LEVELS):
            own = [unit, f"63012300024T{number + 101:09d}-养护{number}", "3-特定目标类", "12.50", OBJECTIVE]
            lines.append([*(own if not row else [""] * 5), *levels[:3], "≥", *levels[3:]])
        lines += [[""]] * apart
    return "\n".join("\t".join(cells) for cells in lines)


def as_page(text: str) -> str:
    rows = ("".join(f"<td>{cell}</td>" for cell in line.split("\t")) for line in text.splitlines())
    return f"<html><table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table></html>"


DRAWN = {
    "rows alone": ("txt", rows_alone),
    "projects in a text": ("txt", projects),
    "projects apart in a text": ("txt", lambda count: projects(count, apart=2)),
    "projects in cells": ("html", lambda count: as_page(projects(count))),
    "projects in cells, each with its unit": ("html", lambda count: as_page(projects(count, "301001-临江县民政局（本级）"))),
}  # fmt: skip


def work(read, monkeypatch) -> int:
    """Calls made and cells of columns made in `read()`."""
    made = [0]
    begin = pd.Series.__init__

    def counted(self, *arguments, **more):
        begin(self, *arguments, **more)
        made[0] += len(self)

    def called(_frame, event, _argument):
        made[0] += event in ("call", "c_call")

    with monkeypatch.context() as patch, uncollected():
        patch.setattr(pd.Series, "__init__", counted)
        sys.setprofile(called)
        try:
            read()
        finally:
            sys.setprofile(None)
    return made[0]


@pytest.mark.parametrize("name", DRAWN)
def test_no_row_is_gone_through_again_for_every_other(name, tmp_path, monkeypatch):
    ending, draw = DRAWN[name]
    paths = [tmp_path / f"{count}.{ending}" for count in COUNTS]
    for path, count in zip(paths, COUNTS, strict=True):
        path.write_text(draw(count), encoding="utf-8")
    build_document(paths[0])  # fills what is remembered
    few, some, many = (work(partial(build_document, path), monkeypatch) for path in paths)
    assert (many - some) - 2 * (some - few) < PAIRS / 2, (few, some, many)


def half_alike(count: int) -> list[str]:
    """Texts that share half of their characters, enough to be compared and too few to be alike."""
    return [
        "对全县农村公路开展日常养护，保持路况良好" + "".join(chr(0x4E00 + 40 * n + k) for k in range(20))
        for n in range(count)
    ]


def test_texts_that_are_compared_and_not_alike_cost_no_call_each(monkeypatch):
    drawn = [half_alike(count) for count in COUNTS]
    signed = [[signature(text) for text in texts] for texts in drawn]
    pairs = [partial(similar_pairs, *both, 0.75) for both in zip(drawn, signed, strict=True)]
    assert [one() for one in pairs] == [[], [], []]
    compared = similar_pairs(drawn[0], signed[0], 0.5)
    assert len(compared) > 0.9 * COUNTS[0] * (COUNTS[0] - 1) / 2 and {pair.likeness for pair in compared} == {0.5}
    few, some, many = (work(one, monkeypatch) for one in pairs)
    assert (many - some) - 2 * (some - few) < PAIRS / 2, (few, some, many)
