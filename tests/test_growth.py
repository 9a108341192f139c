"""What reading a document costs grows with its rows and no faster: calls and cells of columns are counted, not seconds."""

import sys

import pandas as pd
import pytest
from crafted import LINE
from test_doubts import HEADS, LEVELS, OBJECTIVE

from budgetperf.pipeline import build_document
from budgetperf.works.collecting import uncollected

COUNTS = (20, 40, 80)


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


def work(path, monkeypatch) -> int:
    """Calls made and cells of columns made in reading a document."""
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
            build_document(path)
        finally:
            sys.setprofile(None)
    return made[0]


@pytest.mark.parametrize("name", DRAWN)
def test_no_row_is_gone_through_again_for_every_other(name, tmp_path, monkeypatch):
    ending, draw = DRAWN[name]
    paths = [tmp_path / f"{count}.{ending}" for count in COUNTS]
    for path, count in zip(paths, COUNTS, strict=True):
        path.write_text(draw(count), encoding="utf-8")
    work(paths[0], monkeypatch)  # fills what is remembered
    few, some, many = (work(path, monkeypatch) for path in paths)
    pairs = (COUNTS[2] ** 2 - COUNTS[1] ** 2) - 2 * (COUNTS[1] ** 2 - COUNTS[0] ** 2)
    assert (many - some) - 2 * (some - few) < pairs / 2, (few, some, many)
