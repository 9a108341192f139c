"""Project cells mended: pieces joined over page breaks, digits settled by the sums, codes and amounts read."""

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from budgetperf.clean.text import line_width
from budgetperf.field.categories import category_parts, is_known_category
from budgetperf.field.codes import split_code
from budgetperf.field.money_text import amount_text, unit_in
from budgetperf.field.notation import half_width, parse_amount, ticked
from budgetperf.field.printing import is_nil
from budgetperf.field.wraps import unwrap
from budgetperf.mend.breaks import (
    BREAK,
    Joined,
    in_order,
    join_code,
    join_pieces,
    same_line,
    settle_by_sum,
    usual_code,
)
from budgetperf.mend.halves import Printed, printed_characters
from budgetperf.tables.ledger import Ledger

TEXTS = [
    "project",
    "project_code",
    "category",
    "objective",
    "achievement",
    "unit",
    "unit_code",
    "department",
    "sequence",
    "period_objective",
]
AMOUNTS = ["budget", "budget_initial", "executed", "period_budget"]
COLUMN = {"project": "project_name", "category": "category_name", "unit": "unit_name", "budget": "budget_wan_yuan",
          "executed": "executed_wan_yuan"}  # fmt: skip
NO_HEADS: Mapping[str, str] = {}
_YEAR = re.compile(r"20[0-4]\d")
WHOLE_CODE = 12  # characters from which a code is one by its form alone
_WRAP = "印刷换行留下的空格或断行"


def gather(anchors: pd.DataFrame, group: pd.Series, count: int) -> pd.DataFrame:
    """A row a project (project_no 1…count): each field a list of its printed pieces in order; page of the first.

    >>> anchors = pd.DataFrame({"page": [1, 2], "row": [9, 1], "project": ["食", "堂"], "budget": ["1", None]})
    >>> gather(anchors, pd.Series([1, 1]), 1)[["project", "budget"]].values.tolist()
    [[['食', '堂'], ['1']]]
    """
    places = ("at", "page", "row", "starts", "can_start", "unit_cell", "unit_edge", "unit_open", "scope", "amount_unit")
    fields = [f for f in anchors.columns if f not in places]
    records = {
        n: {"page": None, "scope": None, "amount_unit": None, **{f: [] for f in fields}} for n in range(1, count + 1)
    }
    for n, anchor in zip(group, anchors.to_dict("records"), strict=True):
        record = records[n]
        record["page"] = record["page"] or anchor["page"]
        for field in ("scope", "amount_unit"):
            record[field] = record[field] or (value if isinstance(value := anchor.get(field), str) else None)
        for field in fields:
            if isinstance(anchor[field], str) and anchor[field].strip():
                record[field].append(anchor[field])
    frame = pd.DataFrame.from_dict(records, orient="index")
    return frame.rename_axis("project_no").reset_index()


def mend_texts(gathered: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Pieces joined and wraps undone, a text a field; `readings` columns keep what cut digits leave open."""
    projects = gathered.copy()
    cut = {n for n, pieces in zip(gathered["project_no"], gathered["budget"], strict=True) if _cut_through(pieces)}
    fields = [f for f in gathered.columns if f not in ("project_no", "page", "unit", "scope", "amount_unit", *AMOUNTS)]
    characters = printed_characters(piece for field in fields for pieces in gathered[field] for piece in pieces)
    for field in fields:
        printed = [piece for pieces in gathered[field] for piece in pieces]
        if not printed and field != "project":
            projects[field] = pd.Series(None, index=gathered.index, dtype=object)
            continue
        width = line_width(pd.Series(printed, dtype=object))
        form = (
            usual_code([code for p in printed if (code := split_code(unwrap(p)).code)]) if field == "project" else None
        )
        mended, readings = [], []
        for n, page, pieces in zip(gathered["project_no"], gathered["page"], gathered[field], strict=True):
            if not ledger.repair:
                mended.append("\n".join(pieces) or None)
                readings.append(())
                continue
            joined = _join_all(pieces, width, form, n in cut, characters)
            if field == "category" and len(pieces) > 1:
                joined = _whole_category(pieces, joined)
            if joined is None:
                mended.append(None)
                readings.append(())
                continue
            _note_text(ledger, n, page, COLUMN.get(field, field), pieces, joined)
            mended.append(joined.text)
            readings.append(joined.readings)
        projects[field] = pd.Series(mended, index=gathered.index, dtype=object)
        if field == "project":
            projects["project_readings"] = pd.Series(readings, index=gathered.index, dtype=object)
    return projects


def _cut_through(amounts: list[str]) -> bool:
    """Whether a page break cut an amount, which was read differently from its two halves.

    >>> _cut_through(["11.88", "11.00"]), _cut_through(["11.88"]), _cut_through(["11.88", "11.88"])
    (True, False, False)
    """
    return any(a != b and same_line("".join(a.split()), "".join(b.split())) for a, b in itertools.pairwise(amounts))


def _join_all(
    pieces: list[str],
    width: tuple[int, int] | None,
    form: tuple[int, str] | None = None,
    cut_beside: bool = False,
    characters: Printed | None = None,
) -> Joined | None:
    if not pieces:
        return None
    text, twice, readings, replaced, undecided = unwrap(pieces[0], width), 0, None, 0, 0
    in_doubt = guessed = False
    for upper, lower in itertools.pairwise(pieces):
        above = text if upper is not pieces[0] else upper
        coded = form and split_code(unwrap(above)).code
        whole = coded and len(coded) == form[0] and coded.startswith(form[1]) and "-" in unwrap(above)
        step = (join_code(above, lower, form) if form and not whole else None) or join_pieces(
            above, lower, width, cut_beside, characters
        )
        in_doubt, guessed = in_doubt or step.in_doubt, guessed or step.guessed
        text, twice, replaced = step.text, twice + step.twice, replaced + step.replaced
        undecided += step.undecided
        readings = step.readings if len(step.readings) > 1 else readings
    return Joined(text, twice, readings or (text,), replaced, undecided, in_doubt, guessed)


def _whole_category(pieces: list[str], joined: Joined) -> Joined:
    """A category that stands whole on one page, a line of it again on the other."""
    texts = [unwrap(piece) for piece in pieces]
    known = [text for text in texts if is_known_category(text)]
    if not known:
        return joined
    whole = max(known, key=len)  # 22-其他运转类, of which the other page shows 运转类
    if all(whole.endswith(text) or whole.startswith(text) or same_line(text, whole) for text in texts):
        return Joined(whole, min(map(len, texts)), (whole,))
    return joined


def _note_text(ledger: Ledger, project_no: int, page: int, field: str, pieces: list[str], joined: Joined) -> None:
    printed = BREAK.join(pieces)
    if printed == joined.text:
        return
    entry = {"project_no": project_no, "field": field, "printed": printed, "repaired": joined.text, "page": page}
    if len(pieces) == 1:
        ledger.note(**entry, rule="undo_wrap", evidence=_WRAP, grade="certain", kind="spelling")
    elif len(joined.readings) > 1 and field == "project_name":
        return  # digits of a code are still open: the step that settles them makes the entry
    elif joined.twice and len(set(pieces)) == 1:
        ledger.note(
            **entry,
            rule="repeated_cell",
            evidence="合并单元格在每页各印一次，文字相同",
            grade="certain",
            kind="reading",
        )
    elif joined.twice:
        evidence = f"分页切过一行字，上下两半各读了一次（{joined.twice} 字，标点位置相同）；该行只保留一次"
        if joined.replaced:
            evidence += f"，两次读法不同的 {joined.replaced} 字取上半行的读法"
        if len(joined.readings) > 1:
            evidence += "；数字读法不同处按字形取：半个数字会读成 0 或 1，反之极少"
        if joined.guessed:
            evidence += "；两半不很相像，下半行的字有些别处没有印过，推测是同一行"
        grade = (
            "guess"
            if joined.undecided or joined.guessed
            else "likely"
            if joined.replaced or len(joined.readings) > 1
            else "certain"
        )
        ledger.note(**entry, rule="line_read_twice", evidence=evidence, grade=grade, kind="value")
    elif joined.in_doubt:
        evidence = "单元格跨页，文字接续；两页交界处有一行相像，也可能是同一行字的上下两半，未删去"
        ledger.note(**entry, rule="join_pages", evidence=evidence, grade="guess", kind="value")
    else:
        ledger.note(**entry, rule="join_pages", evidence="单元格跨页，文字接续", grade="certain", kind="reading")


def split_cells(projects: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Codes and names of projects and categories apart; columns *_code and *_name."""
    result = projects.copy()
    own_code = projects["project_code"].map(lambda code: half_width(code) if isinstance(code, str) else code)
    parts = _codes_and_names(projects["project"])
    places = zip(projects["project_no"], projects["page"], projects["project"], projects["project_code"], strict=True)
    for (number, page, cell, apart), (code, _), own in zip(places, parts, own_code, strict=True):
        printed, spelled = (apart, own) if isinstance(own, str) else (cell, code)
        if spelled and spelled not in printed:
            ledger.note(
                project_no=number, field="project_code", printed=printed, repaired=spelled, rule="number_spelling",
                evidence="数字写法", grade="certain", kind="spelling", page=page,
            )  # fmt: skip
    codes = [own if isinstance(own, str) else code for (code, _), own in zip(parts, own_code, strict=True)]
    result["project_code"] = pd.Series(codes, index=projects.index, dtype=object)
    result["project_name"] = pd.Series([name for _, name in parts], index=projects.index, dtype=object)
    chosen = projects["category"].map(lambda text: (ticked(text) or text) if isinstance(text, str) else None)
    for number, page, cell, option in zip(
        projects["project_no"], projects["page"], projects["category"], chosen, strict=True
    ):
        if isinstance(option, str) and option != cell:
            ledger.note(
                project_no=number, field="category_name", printed=cell, repaired=option, rule="ticked_option",
                evidence="勾选的一项", grade="certain", kind="reading", page=page,
            )  # fmt: skip
    categories = [category_parts(text) or (None, text) if isinstance(text, str) else (None, None) for text in chosen]
    result["category_code"] = pd.Series([c for c, _ in categories], index=projects.index, dtype=object)
    result["category_name"] = pd.Series([n for _, n in categories], index=projects.index, dtype=object)
    return result


def _codes_and_names(cells: pd.Series) -> list[tuple[str | None, str | None]]:
    """Code and name of each project cell. A short number is a code only where the document's other projects have such
    codes: 120-急救中心 may be a name; a year is none.

    >>> _codes_and_names(pd.Series(["120-急救中心", "道路养护", None]))
    [(None, '120-急救中心'), (None, '道路养护'), (None, None)]
    >>> _codes_and_names(pd.Series(["101-道路养护", "102-校舍维修"]))
    [('101', '道路养护'), ('102', '校舍维修')]
    >>> _codes_and_names(pd.Series(["2024-道路养护", "2025-桥梁维修"]))
    [(None, '2024-道路养护'), (None, '2025-桥梁维修')]
    """
    parts = [tuple(split_code(text)) if isinstance(text, str) else (None, None) for text in cells]
    lengths = Counter(len(code) for code, _ in parts if code)
    named = sum(name is not None for _, name in parts)
    usual = {length for length, count in lengths.items() if length >= WHOLE_CODE or (count > 1 and 2 * count > named)}
    return [
        (code, name) if code is None or (len(code) in usual and not _YEAR.fullmatch(code)) else (None, text)
        for (code, name), text in zip(parts, cells, strict=True)
    ]


def settle_codes(projects: pd.DataFrame, ledger: Ledger) -> tuple[pd.DataFrame, list[int]]:
    """Digits of project codes that two halves of a cut line read differently: settled by uniqueness and order of the
    codes, then by what half a digit looks like. Returns the projects and those whose code stays open."""
    result, still_open = projects.copy(), []
    for place, (index, readings) in enumerate(projects["project_readings"].items()):
        if len(readings) < 2:
            continue
        codes = projects["project_code"]
        options = list(dict.fromkeys(split_code(r).code for r in readings if split_code(r).code))
        possible = [code for code in options if in_order(codes, place, code)]
        chosen = possible[0] if possible else options[0] if options else None
        name = split_code(readings[0]).name
        if chosen is None or not possible:
            still_open.append(int(projects.at[index, "project_no"]))
        excluded = len(options) - len(possible)
        evidence = (
            f"分页切过一行字，两半读出的数字不同，共 {len(options)} 种读法；编码须唯一且按顺序，排除 {excluded} 种"
            + (
                "，余下的按字形取：半个数字会读成 0 或 1，反之极少"
                if len(possible) > 1
                else "，只余一种"
                if possible
                else "，都不相符"
            )
        )
        ledger.note(
            project_no=projects.at[index, "project_no"], field="project_code", printed=BREAK.join(projects.at[index, "printed_project"]),
            repaired=f"{chosen}-{name}" if chosen else name, rule="cut_digits", evidence=evidence,
            grade="certain" if len(possible) == 1 else "likely" if possible else "guess", kind="value", page=projects.at[index, "page"],
        )  # fmt: skip
        result.at[index, "project_code"], result.at[index, "project_name"] = chosen, name
    return result, still_open


def read_amounts(
    projects: pd.DataFrame, unit: str | None, total: Decimal | None, ledger: Ledger, heads: Mapping[str, str] = NO_HEADS
) -> tuple[pd.DataFrame, list[int]]:
    """Amounts in 万元; digits that a page break left open, and one missing budget, settled by the printed total.

    Returns the projects with budget_wan_yuan and executed_wan_yuan, and the projects whose amount stays open. Without
    a printed `unit`, the table's or of a column's own head, no amount is read: 元 or 万元 is never assumed.
    """
    result, still_open = projects.copy(), []
    for field in AMOUNTS:
        column = COLUMN.get(field, f"{field}_wan_yuan")
        of_column = unit if field == "budget" else unit_in(heads.get(field, "")) or unit
        units = [own if isinstance(own, str) else of_column for own in projects["amount_unit"]]
        options = [_readings(pieces, own)[0] for pieces, own in zip(projects[field], units, strict=True)]
        result[column] = pd.Series([o[0] if o else None for o in options], index=projects.index, dtype=object)
        places = list(zip(projects["project_no"], projects["page"], projects[field], strict=True))
        for (number, page, pieces), own in zip(places, units, strict=True):
            for text in _readings(pieces, own)[1]:
                ledger.leave(column, text, "不是可读的金额，未换算", project_no=number, page=page)
        if not ledger.repair:
            continue
        several = [i for i, o in enumerate(options) if len(o) > 1]
        fitting = []
        if several and field == "budget" and total is not None and all(o for o in options):
            rest = sum((o[0] for o in options if len(o) == 1), Decimal(0))
            fitting = settle_by_sum([options[i] for i in several], total - rest)
        for k, i in enumerate(several):
            index = projects.index[i]
            number = int(projects.at[index, "project_no"])
            if len(fitting) == 1:
                chosen, grade = fitting[0][k], "certain"
                evidence = (
                    f"合计 {total} − 其余项目 {rest} = {total - rest}；两半的各种读法中只有 "
                    f"{' + '.join(map(str, fitting[0]))} 与之相符"
                )
            else:
                chosen, grade = options[i][0], "guess"
                why = (
                    "合计下有多种读法相符"
                    if fitting
                    else "没有读法与合计相符"
                    if total is not None
                    else "没有印出合计可核"
                )
                evidence = f"分页切过数字，两半读法不同（{'、'.join(map(str, options[i]))}）；{why}，按字形取 {chosen}"
                still_open.append(number)
            result.at[index, column] = chosen
            ledger.note(
                project_no=number, field=column, printed=BREAK.join(projects.at[index, field]), repaired=str(chosen),
                rule="cut_digits", evidence=evidence, grade=grade, kind="value", page=projects.at[index, "page"],
            )  # fmt: skip
        for i, ((number, page, pieces), own) in enumerate(zip(places, units, strict=True)):
            if i not in several and options[i] and BREAK.join(pieces) != format(options[i][0], "f"):
                rule, evidence, kind = _how_read(pieces, own)
                ledger.note(
                    project_no=number, field=column, printed=BREAK.join(pieces), repaired=format(options[i][0], "f"),
                    rule=rule, evidence=evidence, grade="certain", kind=kind, page=page,
                )  # fmt: skip
    return result, still_open


def _how_read(pieces: list[str], unit: str | None) -> tuple[str, str, str]:
    """Rule, evidence and kind of the entry for an amount that is not printed as it is kept."""
    if len(pieces) > 1:
        return "repeated_cell", "合并单元格在每页各印一次，数额相同", "reading"
    if parse_amount(pieces[0], unit or "元") is None:
        return "amount_in_text", f"取文字中的总额“{amount_text(pieces[0])}”", "reading"
    return "number_spelling", f"单位：{unit}，换算为万元" if unit != "万元" else "数字写法", "spelling"


def _readings(pieces: list[str], unit: str | None) -> tuple[list[Decimal], list[str]]:
    """Every amount that the pieces of a cell may mean, the likeliest first; and the pieces that are no amount.

    >>> _readings(["11.8", "11.0"], "万元"), _readings(["12.50万元", "等18.04"], "万元")
    (([Decimal('11.8'), Decimal('11')], []), ([Decimal('12.5')], ['等18.04']))
    """
    if len(pieces) == 1 and parse_amount(pieces[0], "元") is None and (stated := amount_text(pieces[0])):
        pieces = [stated]
    if unit is None and not any(text.rstrip("）) \n").endswith(("元", "万", "亿")) for text in pieces):
        return [], []
    texts = list(join_pieces(pieces[0], pieces[1]).readings) if len(pieces) == 2 else pieces
    if len(pieces) == 2 and parse_amount(texts[0], unit or "元") is None:
        texts = pieces  # two amounts that are no readings of one line: both stand, the first counts
    read = [(text, parse_amount(text, unit or "元")) for text in texts]
    amounts = list(dict.fromkeys(amount for _, amount in read if amount is not None))
    return amounts, [text for text, amount in read if amount is None and not is_nil(text)]


def infer_budget(projects: pd.DataFrame, total: Decimal | None, ledger: Ledger) -> pd.DataFrame:
    """The one budget that is missing, as what the printed total leaves for it: nothing where a dash is printed, else an
    amount; untouched where two or none are missing."""
    missing = projects["budget_wan_yuan"].isna()
    printed = [piece for pieces in projects.loc[missing, "budget"] for piece in pieces or []]
    dash = bool(printed) and all(map(is_nil, printed))
    if total is None or missing.sum() != 1 or (printed and not dash) or len(projects) < 2:
        return projects  # something is printed there: only what is blank in print is filled
    rest = sum(projects.loc[~missing, "budget_wan_yuan"], Decimal(0))
    if total < rest or dash != (total == rest):
        return projects
    inferred = projects["budget_wan_yuan"].where(~missing, total - rest)
    evidence = f"唯一缺少的预算数：合计 {total} − 其余项目 {rest} = {total - rest}"
    return ledger.change(
        projects, "budget_wan_yuan", inferred, rule="amount_by_total", evidence=evidence, grade="likely", kind="value"
    )
