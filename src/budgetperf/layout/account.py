"""Every printed cell accounted for: what the cells are that no column, head or form took."""

import re

import pandas as pd

from budgetperf.field.headings import money_unit
from budgetperf.field.notation import parse_amount
from budgetperf.field.vocabulary import fold, header_field, is_label, level1_name, level2_name
from budgetperf.layout.moved import inline_sum
from budgetperf.layout.printed import Printed, is_title

VALUES = ("project", "project_code", "budget", "objective")  # a line with such a label holds a value of ours
_PAGE_NUMBER = re.compile(r"[-—–－\s]*第?\s*\d{1,4}\s*页?[-—–－\s]*(?:[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–－\s]*")
_SEAL = re.compile(r"[^：:]*[（(](?:盖章|签章|公章|签字|签名)[）)][：:]?\s*(?:\d*\s*年\s*\d*\s*月\s*\d*\s*日)?")
_OPINION = re.compile(
    r"[^：:，。；]{0,12}(?:单位|部门|科室|股室|处室|领导|财政|专家|审[核批查]|评审|复核)[^：:，。；]{0,4}意见"
)
_LABELLED = re.compile(r"^\W*([^：:]{1,20})[：:](.*)$", re.DOTALL)


def apparatus(text: str) -> str | None:
    """What a text of a document's apparatus is (title, caption, note, signature, number), told by its own words; else None.

    >>> [apparatus(t) for t in ["2024年项目支出绩效目标表", "单位：万元", "注：本表一式两份", "财政科（盖章）年 月 日", "- 3 -", "道路养护"]]
    ['title', 'caption', 'note', 'signature', 'number', None]
    """
    if is_title(text):
        return "title"
    if len(text) < 24 and _PAGE_NUMBER.fullmatch(text) and not text.strip().isdigit():
        return "number"
    if _SEAL.fullmatch(text):
        return "signature"
    found = _LABELLED.match(text)
    label = found[1] if found else text
    bare = label.lstrip("一二三四五六七八九十0123456789、.（）() ")
    for role in ("signature", "note"):
        if is_label(label, role) or is_label(bare, role):
            return role
    if _OPINION.fullmatch("".join(bare.split())):
        return "signature"
    if len(text) < 30 and (money_unit(text) or re.fullmatch(r"(20\d\d年度?|附[件表]\d*)", fold(text))):
        return "caption"
    return None


def account(cells: pd.DataFrame, tables: list[Printed], repeated: list[Printed] = ()) -> pd.Series:
    """The role of every cell, as `tables` took it, else by what is left: blank, apparatus, other_table, or unread.

    A text outside every table is apparatus, unless it holds a labelled value of ours or the page's lines look like rows
    of indicators; a cell of a table from which something was read is unread, unless its words or the label left of it
    say that it is apparatus; a table of which nothing was read is another table, unless it holds names of levels.
    """
    taken: dict[int, str] = {}
    for printed in tables:
        taken |= printed.roles["role"].to_dict()
        taken |= dict.fromkeys(printed.roles.index[printed.roles["field"] == "sequence"], "number")
    taken |= {cell: "other_table" for printed in repeated for cell in printed.roles.index if cell not in taken}
    places = list(zip(cells.index, cells["page"], cells["table"], cells["row"], cells["text"], strict=True))
    read = {(page, table) for index, page, table, _, _ in places if index in taken}
    ours = _looks_ours([p for p in places if taken.get(p[0], "caption") == "caption"], read)
    taken = {
        index: role
        for index, role in taken.items()
        if role != "caption" or (cells["page"].at[index], cells["table"].at[index]) not in ours
    }
    roles, left = [], (None, None)
    for index, page, table, row, text in places:
        role = taken.get(index) or (
            "blank"
            if not text.strip()
            else _of_line(text, (page, 0) in ours, any(p == page and t for p, t in read))
            if table == 0
            else _of_cell(text, left[1] if left[0] == (page, table, row) else None)
            if (page, table) in read or (page, table) in ours
            else "other_table"
        )
        roles.append(role)
        if text.strip():
            left = (page, table, row), role if role in ("signature", "note") else _label_role(text)
    return pd.Series(roles, index=cells.index, dtype=object)


def _of_line(text: str, like_rows: bool, on_our_page: bool) -> str:
    role = apparatus(text) or ("number" if text.strip().isdigit() else None)
    labelled = _LABELLED.match(text)
    if on_our_page and labelled and labelled[2].strip() and header_field(labelled[1]) in VALUES and role != "caption":
        return "unread"
    if on_our_page and parse_amount(inline_sum(text, "total")) is not None:
        return "unread"
    heading = is_label(text, "side") or level1_name(text)  # （一）成本指标
    return role or (("heading" if heading else "unread") if like_rows else "caption")


def _of_cell(text: str, left: str | None) -> str:
    """`left`: the role of the cell before it in its row, where that is a label; two numbers in a cell (12/11) are no
    page's."""
    role = None if re.fullmatch(r"\s*\d+\s*[/／]\s*\d+\s*", text) else apparatus(text)
    return role or ("heading" if is_label(text, "ignored") or is_label(text, "side") else left or "unread")


def _label_role(text: str) -> str | None:
    return "note" if is_label(text, "ignored") else None


def _looks_ours(places: list[tuple], read: set) -> set[tuple[int, int]]:
    """Tables, and pages' lines (table 0), of which nothing was read though two of their texts name levels, or one of a
    table's heads a column of targets."""
    named: dict[tuple[int, int], int] = {}
    for _, page, table, _, text in places:
        if (page, table) not in read or not table:
            level = level2_name(text) or (level1_name(text) and fold(text).endswith("指标"))
            said = bool(level and len(text) < 20) + 2 * bool(table and header_field(text) == "target")
            named[page, table] = named.get((page, table), 0) + said
    return {place for place, count in named.items() if count >= 2}
