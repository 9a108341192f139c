"""`to_html`: the tables as a web page with rowspan and colspan, more or less tidy."""

import random
from html import escape

from .table import Block, blocks


def to_html(
    truths: dict | list[dict], seed: int = 0, tidy: bool = True, heads: bool = False, frame: bool = False
) -> str:
    """The page as text.

    tidy: False writes what office programs export: unclosed cells, unquoted and capital attributes, paragraphs and
    spans inside cells, &nbsp;, comments and styles; heads: th and thead for the header rows; frame: the tables stand
    inside a layout table, as old sites have them.
    """
    rng = random.Random(f"html {seed}")
    parts = ["<!doctype html><html><head><meta charset='utf-8'><title>公开</title></head><body>"]
    if not tidy:
        parts.append("<style>td{mso-number-format:'\\@'}</style><!--[if gte mso 9]><xml></xml><![endif]-->")
    if frame:
        parts.append("<table width=100%><tr><td>当前位置：首页 &gt; 预决算公开</td></tr><tr><td>")
    for truth in truths if isinstance(truths, list) else [truths]:
        for block in blocks(truth):
            parts.append(
                f"<p align=center><b>{escape(block.title)}</b></p>\n<p align=right>{escape(block.caption)}</p>"
            )
            parts.append(_table(block, rng, tidy, heads))
    if frame:
        parts.append("</td></tr></table>")
    parts.append("</body></html>\n")
    return "\n".join(parts)


def _table(block: Block, rng: random.Random, tidy: bool, heads: bool) -> str:
    lines = ["<table border='1'>" if tidy else "<TABLE BORDER=1 cellspacing=0 style='border-collapse:collapse'>"]
    heads = heads and block.header_rows > 0
    for row in range(block.rows):
        head = heads and row < block.header_rows
        if heads and row in (0, block.header_rows):
            lines.append("<thead>" if row == 0 else "</thead><tbody>")
        tag = "th" if head else "td"
        lines.append("<tr>" + "".join(_cell(c, tag, rng, tidy) for c in block.cells if c.row == row) + "</tr>")
    return "\n".join([*lines, "</tbody></table>" if heads else "</table>"])


def _cell(cell, tag: str, rng: random.Random, tidy: bool) -> str:
    text = "<br>".join(escape(line) for line in cell.text.split("\n"))
    if tidy:
        spans = f' rowspan="{cell.rowspan}"' * (cell.rowspan > 1) + f' colspan="{cell.colspan}"' * (cell.colspan > 1)
        return f"<{tag}{spans}>{text}</{tag}>"
    spans = f" ROWSPAN={cell.rowspan} COLSPAN={cell.colspan}"
    text = text or "&nbsp;"
    if len(text) > 30 and "&" not in text and "<" not in text and rng.random() < 0.5:
        at = rng.randint(5, len(text) - 5)
        text = f"{text[:at]}<span lang=EN-US>{text[at : at + 3]}</span>\n  {text[at + 3 :]}"
    if rng.random() < 0.5:
        text = f"<p class=MsoNormal style='margin:0'>{text}</p>"
    return f"<{tag}{spans}>{text}" + (f"</{tag}>" if rng.random() < 0.5 else "")
