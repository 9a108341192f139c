"""Budget units: printed once over many projects, each project gets the one that covers it."""

import itertools
from typing import NamedTuple

import pandas as pd

from budgetperf.clean.text import line_width
from budgetperf.field.codes import split_code
from budgetperf.field.vocabulary import names_body
from budgetperf.field.wraps import unwrap
from budgetperf.mend.breaks import BREAK, join_pieces
from budgetperf.mend.reconciliation import ONLY_UNIT
from budgetperf.mend.sums import Units
from budgetperf.tables.ledger import Ledger


def printed_units(prints: pd.DataFrame) -> pd.DataFrame:
    """Unit cells in print order with their pieces joined: columns project_no, page, printed, unit_code, unit_name.

    `prints`: project_no, page, unit (text as printed), unit_code (from a column of its own, or missing). A piece without a
    code right after one with a code, at most a page on, is the rest of its name.

    >>> prints = pd.DataFrame({"project_no": [1, 3], "page": [1, 2], "unit": ["744009-城关镇人", "民政府"], "unit_code": [None, None]})
    >>> printed_units(prints)[["project_no", "unit_code", "unit_name"]].values.tolist()
    [[1, '744009', '城关镇人民政府']]
    """
    width = line_width(prints["unit"])
    merged: list[dict] = []
    for number, page, text, own in prints[["project_no", "page", "unit", "unit_code"]].itertuples(index=False):
        if not isinstance(text, str):
            continue
        tight = unwrap(text, width)
        code, name = split_code(tight)
        code = own if isinstance(own, str) else code
        last = merged[-1] if merged else None
        if last and code is None and last["unit_code"] and page - last["last_page"] == 1 and name != last["unit_name"]:
            whole = join_pieces(last["text"], text, width)
            code, name = split_code(whole.text)
            last.update(
                unit_code=code, unit_name=name, text=whole.text, printed=last["printed"] + BREAK + text, last_page=page
            )
        else:
            merged.append(
                {
                    "project_no": number,
                    "page": page,
                    "last_page": page,
                    "printed": text,
                    "text": text,
                    "unit_code": code,
                    "unit_name": name,
                }
            )
    return pd.DataFrame(
        merged, columns=["project_no", "page", "last_page", "printed", "text", "unit_code", "unit_name"]
    )


def share_unit_cells(prints: pd.DataFrame) -> pd.DataFrame:
    """Unit cells with true spans: a blank piece of a cell that page breaks divide has the text of the other piece, and the
    code that a column of its own prints beside it.

    `prints`: page, unit, unit_cell (identity of the cell), unit_edge (the edges of its page that it touches: "head",
    "foot", "both"), unit_open (those where no rule closes it), in print order. A blank piece that fills its page
    between two units stays blank unless an open edge tells to which it belongs. Of two cells beside one row (`at`) the
    upper one covers no row and tells nothing.

    >>> prints = pd.DataFrame({"page": [1, 2, 3], "unit": ["甲局", None, "乙局"], "unit_cell": [1, 2, 3],
    ...                        "unit_edge": ["foot", "both", "head"], "unit_open": [None, None, None]})
    >>> share_unit_cells(prints)["unit"].isna().tolist(), share_unit_cells(prints.assign(unit_open=["foot", None, None]))["unit"].tolist()
    ([False, True, False], ['甲局', '甲局', '乙局'])
    """
    pieces: list[dict] = []
    of_print: list[int] = []
    columns = prints.reindex(columns=["page", "unit", "unit_cell", "unit_edge", "unit_open"])
    for page, text, cell, edge, opened in columns.itertuples(index=False):
        if not pieces or (pieces[-1]["page"], pieces[-1]["cell"]) != (page, cell):
            piece = {"page": page, "cell": cell, "text": None, "head": edge in ("head", "both")}
            piece |= {"foot": edge in ("foot", "both"), "open": opened}
            pieces.append(piece)
        if isinstance(text, str):
            pieces[-1]["text"] = pieces[-1]["text"] or text
        pieces[-1]["foot"] |= edge in ("foot", "both")
        of_print.append(len(pieces) - 1)
    _join_names(pieces)
    texts = _told_by_neighbours(pieces)
    shared = [texts[piece] for piece in of_print]
    if "at" in prints:
        beside = list(zip(prints["at"], prints["page"], strict=True))
        for i, (this, following) in enumerate(itertools.pairwise(beside)):
            if this == following and shared[i + 1] and of_print[i] != of_print[i + 1]:
                shared[i] = None
    result = prints.assign(unit=pd.Series(shared, index=prints.index, dtype=object))
    if "unit_code" not in prints:
        return result
    codes = (
        prints[["unit", "unit_code"]]
        .dropna()
        .groupby("unit")["unit_code"]
        .agg(lambda own: own.iloc[0] if own.nunique() == 1 else None)
    )
    return result.assign(unit_code=prints["unit_code"].fillna(result["unit"].map(codes.to_dict())))


def _join_names(pieces: list[dict]) -> None:
    """The name that a page break divides, whole in both its pieces."""
    coded = any(piece["text"] and split_code(unwrap(piece["text"])).code for piece in pieces)
    chain: list[dict] = []  # pieces of one name so far
    for above, below in itertools.pairwise(pieces):
        divided = above["text"] and below["text"] and above["foot"] and below["page"] == above["page"] + 1
        if not divided or above["text"] == below["text"]:
            chain = []
            continue
        whole = _one_name(above["text"], below["text"], coded)
        if whole:
            chain = [*(chain or [above]), below]
            for piece in chain:
                piece["text"] = whole
        else:
            chain = []


def _one_name(above: str, below: str, coded: bool) -> str | None:
    """The whole name of two pieces, None where they are two units."""
    codes = [split_code(unwrap(t)).code for t in (above, below)]
    whole = join_pieces(above, below).text
    if codes[0] and codes[0] == codes[1]:  # the line with the code stands on both pages
        return whole if whole.count(codes[0]) == 1 else None
    cut_name = not names_body(above) and names_body(whole)
    return whole if not codes[1] and ((codes[0] and coded) or cut_name) else None


def _told_by_neighbours(pieces: list[dict]) -> list[str | None]:
    """Text of each piece; of a blank one that of the piece over the page break with which it is one cell."""
    up, sure_up = _carried(pieces, "foot", "head")
    down, sure_down = _carried(pieces[::-1], "head", "foot")
    down, sure_down = down[::-1], sure_down[::-1]
    texts = []
    for piece, above, below, sure_above, sure_below in zip(pieces, up, down, sure_up, sure_down, strict=True):
        if piece["text"]:
            texts.append(piece["text"])
        elif above and below and above != below:
            texts.append(above if sure_above and not sure_below else below if sure_below and not sure_above else None)
        else:
            texts.append(above or below)
    return texts


def _carried(pieces: list[dict], leaves: str, enters: str) -> tuple[list[str | None], list[bool]]:
    """For each piece the text that reaches it over page breaks from the pieces before, and whether open edges show it."""
    texts, sure = [None], [True]
    for before, piece in itertools.pairwise(pieces):
        joined = abs(piece["page"] - before["page"]) == 1 and before[leaves] and piece[enters]
        text = before["text"] or texts[-1]
        texts.append(text if joined else None)
        opened = before["open"] in (leaves, "both") or piece["open"] in (enters, "both")
        sure.append(bool(joined and opened and (before["text"] or sure[-1])))
    return texts[: len(pieces)], sure[: len(pieces)]


def assign_units(
    projects: pd.DataFrame,
    prints: pd.DataFrame,
    by_sum: Units,
    covering_prints: pd.DataFrame | None,
    ledger: Ledger,
    stand_first: bool = False,
) -> tuple[pd.DataFrame, list[int]]:
    """Projects with unit_code and unit_name, and those for which the print leaves the unit open.

    One unit covers all but those of another department. Of several, `by_sum` (project → code and name, from sub-totals
    that agree with it) settles all; else each covers from its first printed place, and a project between two units' places that prints none stays open,
    unless all cells of the print stand in the first row of what they cover (`stand_first`).
    Where cells have true spans, `covering_prints` (with `share_unit_cells`) tells the unit of every project.
    """
    own, clashing = _beside_projects(prints)
    clashing = [n for n in clashing if not _is_one_cut(n, prints, covering_prints)]
    if ledger.repair:
        _note_mended_names(prints, ledger)
    result = _with_units(projects, own)
    if not (own or by_sum) or not ledger.repair:
        return result, clashing
    cover = _cover(result, own, by_sum, covering_prints, stand_first)
    filled = _with_units(result, cover.units)
    grades = pd.Series(
        ["guess" if n in cover.still_open else cover.grade for n in result["project_no"]], index=result.index
    )
    for column in ("unit_code", "unit_name"):
        result = ledger.change(
            result, column, filled[column], rule="fill_merged", evidence=cover.evidence, grade=grades, kind="reading"
        )
    return result, [*cover.still_open, *clashing]


class _Cover(NamedTuple):
    """project_no → (code, name) of the unit that covers it, those projects for which that stays open, and what tells so."""

    units: Units
    still_open: list[int]
    evidence: str
    grade: str


def _beside_projects(prints: pd.DataFrame) -> tuple[Units, list[int]]:
    """The unit printed first beside each project, and the projects beside which two units are printed.

    >>> units = pd.DataFrame({"project_no": [1, 1], "unit_code": ["101", "102"], "unit_name": ["甲局", "乙局"]})
    >>> _beside_projects(units)
    ({1: ('101', '甲局')}, [1])
    """
    own: Units = {}
    clashing: list[int] = []
    for number, *unit in prints[["project_no", "unit_code", "unit_name"]].itertuples(index=False):
        printed, first = tuple(unit), own.setdefault(number, tuple(unit))
        if not _may_be_one(printed, first) and not _may_be_one(first, printed):
            clashing.append(int(number))
    return own, clashing


def _is_one_cut(number: int, prints: pd.DataFrame, covering: pd.DataFrame | None) -> bool:
    """Whether the units printed beside a project are the pieces of the one name that its cells make over a page break."""
    pieces = prints.loc[prints["project_no"].eq(number), "unit_name"]
    whole = set() if covering is None else set(covering.loc[covering["project_no"].eq(number), "unit_name"])
    return whole == {"".join(pieces.fillna(""))}


def _note_mended_names(prints: pd.DataFrame, ledger: Ledger) -> None:
    for unit in prints.to_dict("records"):
        if unit["printed"] in (f"{unit['unit_code']}-{unit['unit_name']}", unit["unit_name"]):
            continue
        rule, kind = ("join_pages", "reading") if BREAK in unit["printed"] else ("undo_wrap", "spelling")
        ledger.note(
            project_no=unit["project_no"], field="unit_name", printed=unit["printed"], repaired=unit["unit_name"], rule=rule,
            evidence="单元格跨页，文字接续" if BREAK in unit["printed"] else "印刷换行留下的空格或断行", grade="certain", kind=kind,
            page=unit["page"],
        )  # fmt: skip


def _with_units(projects: pd.DataFrame, units: Units) -> pd.DataFrame:
    """The projects with the code and name of their units, None where they have none."""
    both = [units.get(number, (None, None)) for number in projects["project_no"]]
    columns = {
        column: pd.Series([unit[place] for unit in both], index=projects.index, dtype=object)
        for place, column in enumerate(("unit_code", "unit_name"))
    }
    return projects.assign(**columns)


def _cover(
    projects: pd.DataFrame, own: Units, by_sum: Units, covering_prints: pd.DataFrame | None, stand_first: bool
) -> _Cover:
    """What covers each project, by the surest that is printed: see `assign_units`."""
    if not own:
        named = {number: unit for number, unit in by_sum.items() if names_body(unit[1])}
        return _Cover(named, [], "单位只印在小计一行，小计与项目预算数之和相符", "certain")
    if len(set(own.values())) == 1:
        still_open = _of_other_departments(projects, set(own))
        covering = dict.fromkeys(set(projects["project_no"]) - set(still_open), next(iter(own.values())))
        return _Cover(covering, still_open, ONLY_UNIT, "certain")
    if covering_prints is not None:
        return _within_cells(projects, own, covering_prints, stand_first)
    if by_sum:
        return _Cover(*_within_sums(by_sum, own), "所属小计与项目预算数之和相符，小计之内只有这一个单位", "certain")
    return _Cover(*_from_above(projects["project_no"].tolist(), own), "合并单元格：沿用上方印出的单位", "likely")


def _within_cells(projects: pd.DataFrame, own: Units, covering_prints: pd.DataFrame, stand_first: bool) -> _Cover:
    """The unit in whose cell each project stands, else that above. A project beside whose own rows another unit is
    printed keeps that one, against what a page break hands down, and stays open."""
    covering: Units = {}
    for number, *unit in covering_prints[["project_no", "unit_code", "unit_name"]].itertuples(index=False):
        covering.setdefault(number, tuple(unit))
    still_open: list[int] = []
    above = None
    for number in projects["project_no"]:
        if number not in covering and above is not None:
            covering[number] = above
            still_open += [] if stand_first else [int(number)]
        above = covering.get(number, above)
    contradicted = {n: unit for n, unit in own.items() if not _may_be_one(unit, covering.get(n, unit))}
    covering |= contradicted
    still_open += [*contradicted, *_perhaps_cut(projects, covering)]
    if stand_first:
        return _Cover(covering, still_open, "表中没有合并单元格，项目和单位都写在其首行，以下沿用", "likely")
    return _Cover(covering, still_open, "合并单元格：文字印在页的一侧，或沿用上方印出的单位", "certain")


def _from_above(numbers: list[int], own: Units) -> tuple[Units, list[int]]:
    """The unit printed last above each project, for the first ones the first; and the projects before whose next unit
    another one reaches them.

    >>> _from_above([1, 2, 3], {1: ("101", "甲局"), 3: ("102", "乙局")})
    ({1: ('101', '甲局'), 2: ('101', '甲局'), 3: ('102', '乙局')}, [2])
    """
    covering: Units = {}
    current = own[min(own)]
    for number in numbers:
        current = covering[number] = own.get(number, current)
    still_open: list[int] = []
    following = None
    for number in reversed(numbers):
        if number in own:
            following = own[number]
        elif following is not None and following != covering[number]:
            still_open.append(int(number))
    return covering, still_open


def _of_other_departments(projects: pd.DataFrame, named: set[int]) -> list[int]:
    """Projects under another department than those beside which the unit is printed.

    >>> projects = pd.DataFrame({"project_no": [1, 2, 3], "department": ["教育局", "卫健局", None]})
    >>> _of_other_departments(projects, {1}), _of_other_departments(projects, {3})
    ([2], [])
    """
    departments = projects.set_index("project_no").get("department", pd.Series(dtype=object)).dropna()
    own = set(departments[departments.index.isin(named)])
    return [int(n) for n, name in departments.items() if own and name not in own]


def _within_sums(by_sum: Units, own: Units) -> tuple[Units, list[int]]:
    """The unit of each project of a sub-total: the one printed beside one of its projects, else the one that the
    sub-total's label names (it may be a superior one). Also the projects before the first of several printed ones.

    >>> label, unit = ("506", "农业农村局部门"), ("506001", "农业农村局（本级）")
    >>> _within_sums({1: label, 2: label}, {1: unit})[0][2]
    ('506001', '农业农村局（本级）')
    """
    covering, still_open = {}, []
    for label in dict.fromkeys(by_sum.values()):
        members = [n for n in by_sum if by_sum[n] == label]
        printed = list(dict.fromkeys(own[n] for n in members if n in own))
        current = printed[0] if printed else label
        for n in members:
            if len(printed) > 1 and n not in own:
                still_open.append(n)
            current = own.get(n, current)
            covering[n] = current
    return covering, still_open


def _may_be_one(piece: tuple[str | None, str], whole: tuple[str | None, str]) -> bool:
    """Whether a unit's printed piece may belong to the whole: its code or the beginning of it, else a part of its name.

    >>> _may_be_one(("803", "白石"), ("803", "白石县住建局")), _may_be_one(("803", "甲局"), ("318", "甲局"))
    (True, False)
    >>> _may_be_one((float("nan"), "甲局"), ("318", "甲局"))
    True
    """
    if isinstance(piece[0], str) and isinstance(whole[0], str):
        return whole[0].startswith(piece[0])
    return piece[1] in whole[1]


def _perhaps_cut(projects: pd.DataFrame, covering: Units) -> list[int]:
    """Projects whose unit's name is only the beginning of the next unit's, a page on, with nothing printed that tells
    the two apart: it may be one name that the page break divides."""
    found: list[int] = []
    numbers = [n for n in projects["project_no"] if n in covering]
    pages = dict(zip(projects["project_no"], projects.get("page", projects["project_no"]), strict=True))
    for above, below in itertools.pairwise(numbers):
        (code, name), (next_code, next_name) = covering[above], covering[below]
        alike = name != next_name and next_name.startswith(name) and code == next_code
        if alike and pages[above] != pages[below]:
            found += [int(n) for n in numbers if covering[n] == (code, name)]
    return found


def codes_elsewhere(projects: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """The projects of a document with the codes that another of its tables prints beside the very name of their unit.

    >>> projects = pd.DataFrame({"project_no": [1, 2, 3], "page": 1, "unit_code": ["505001", None, None], "unit_name": ["甲局", "甲局", "乙局"]})
    >>> codes_elsewhere(projects, Ledger())["unit_code"].tolist()
    ['505001', '505001', None]
    """
    coded = projects.dropna(subset=["unit_code", "unit_name"]).groupby("unit_name")["unit_code"]
    one = coded.first()[coded.nunique().eq(1)]
    if not ledger.repair or one.empty:
        return projects
    codes = projects["unit_code"].where(projects["unit_code"].notna(), projects["unit_name"].map(one))
    return ledger.change(
        projects, "unit_code", codes.astype(object).where(codes.notna(), None), rule="unit_code_elsewhere", grade="likely",
        evidence="本表只印单位名称，同一文件的另一张表在这一名称旁印有编码", kind="reading",
    )  # fmt: skip
