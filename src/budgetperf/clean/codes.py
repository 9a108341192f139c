"""Codes of units and projects: parts, checks; and the budget year that titles and captions name."""

import itertools
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from budgetperf.clean.checks import check_rows
from budgetperf.clean.series import columns_of, of_columns, of_one_column
from budgetperf.field.codes import CodeParts, code_parts, shape_of, split_code
from budgetperf.field.headings import fiscal_year
from budgetperf.field.printing import as_printed

QUORUM = 0.8  # so many codes must agree before one that does not is a fault
KINDS_OF_PROJECT = {"R", "Y", "T"}  # letters of codes: 人员类, 运转类, 特定目标类 may stand in one table
NATIONAL = "9" * 11 + "A" + "9" * 9  # shape of the national code: region, year, letter, serial
EXACT = 2**53  # from here on a float no longer tells neighbouring whole numbers apart


@of_one_column
def split_codes(texts: pd.Series) -> pd.DataFrame:
    """Columns code and name of cells that print both (`code-name`), wraps undone before; no code where none is printed,
    nor where a float has lost a code's last digits.

    >>> split_codes(pd.Series(["51072200024T000000561-道路养护", "2024年运转经费", None])).values.tolist()
    [['51072200024T000000561', '道路养护'], [None, '2024年运转经费'], [None, None]]
    """
    parts = [_split(value, as_printed(value)) for value in texts.tolist()]
    return pd.DataFrame(parts, columns=["code", "name"], index=texts.index, dtype=object)


def _split(value, text: str) -> tuple[str | None, str | None]:
    if not text or (isinstance(value, float) and abs(value) >= EXACT):
        return None, text or None
    return split_code(text)


@of_one_column
def parts_of_codes(codes: pd.Series) -> pd.DataFrame:
    """Columns region, year, letter, serial of 21-character project codes; a blank row for codes of another form.

    >>> parts_of_codes(pd.Series(["51072200024T000000561", "201001"])).values.tolist()
    [['510722000', '24', 'T', '000000561'], [None, None, None, None]]
    """
    none = CodeParts(None, None, None, None)
    parts = [code_parts(as_printed(value)) or none for value in codes.tolist()]
    return pd.DataFrame(parts, columns=list(CodeParts._fields), index=codes.index, dtype=object)


@of_columns
def fiscal_years(titles: pd.Series) -> pd.Series:
    """The budget year that each title or caption names, as Int64; NA where none does.

    >>> fiscal_years(pd.Series(["２０２４年部门预算项目支出绩效目标批复表", "单位：万元", None])).tolist()
    [2024, <NA>, <NA>]
    """
    years = [fiscal_year(as_printed(value)) for value in titles.tolist()]
    return pd.Series(years, index=titles.index, dtype="Int64", name=titles.name)


def check_codes(projects: pd.DataFrame, fiscal_year: int | None, ordered: bool = True) -> pd.DataFrame:
    """Project codes: form and parts like the others', unique, in order where the others are (`ordered`), of no later year.

    projects: project_no, project_code; blank codes are not checked. One failed row a project with faults, else one row
    that says there are none. Raises ValueError where a column is missing.

    >>> codes = ["51072200024T000000550", "51072200024T000000555", "51072200024T00000561"]
    >>> checked = check_codes(pd.DataFrame({"project_no": [1, 2, 3], "project_code": codes}), 2024)
    >>> checked[["project_no", "passed"]].values.tolist()
    [[3, False]]
    """
    printed = zip(*(c.tolist() for c in columns_of(projects, "projects", "project_no", "project_code")), strict=True)
    coded = [(number, code) for number, value in printed if (code := as_printed(value))]
    if not coded:
        return check_rows([])
    codes = [code for _, code in coded]
    parts = [code_parts(code) for code in codes]
    several_kinds = {part.letter for part in parts if part} <= KINDS_OF_PROJECT
    faults: dict[int, list[str]] = {}  # by place, in the order in which they are found
    for place, words in itertools.chain(
        _of_odd_shape(codes),
        _of_odd_parts(parts, fiscal_year, several_kinds),
        _printed_twice(codes),
        _out_of_order(codes, parts, several_kinds) if ordered else (),
    ):
        faults.setdefault(place, []).append(words)
    if not faults:
        note = f"项目编码形式、唯一性{'和顺序' if ordered else ''}均无异常"
        return check_rows([(None, "codes", str(len(codes)), str(len(codes)), True, note)])
    return check_rows(
        [
            (coded[place][0], "codes", None, codes[place], False, f"项目编码{'；'.join(words)}")
            for place, words in faults.items()
        ]
    )


def _of_odd_shape(codes: list[str]) -> Iterator[tuple[int, str]]:
    length = Counter(map(len, codes)).most_common(1)[0][0]
    shapes = [shape_of(code) for code in codes]
    counted = Counter(shape for shape in shapes if len(shape) == length)
    usual = max(counted, key=lambda shape: (counted[shape], shape == NATIONAL))  # theirs that most codes share
    for place, shape in enumerate(shapes):
        if len(shape) != length:
            yield place, f"长度 {len(shape)} 位，其他编码为 {length} 位"
        elif shape != usual:
            national = "不是“9 位区划 + 2 位年度 + 字母 + 9 位流水号”的形式"
            yield place, national if usual == NATIONAL else "与其他编码的形式不同"


def _of_odd_parts(
    parts: list[CodeParts | None], fiscal_year: int | None, several_kinds: bool
) -> Iterator[tuple[int, str]]:
    """Parts unlike those of nearly all others; a year is measured by the budget's where that is known."""
    shared = (
        {"region": "区划"} | ({} if several_kinds else {"letter": "字母"}) | ({} if fiscal_year else {"year": "年度"})
    )
    for part, words in shared.items():
        values = {place: getattr(p, part) for place, p in enumerate(parts) if p}
        usual, count = next(iter(Counter(values.values()).most_common(1)), (None, 0))
        if len(values) - count <= _most_odd(len(values)):
            yield from (
                (place, f"{words}部分 {value} 与其他编码的 {usual} 不同")
                for place, value in values.items()
                if value != usual
            )
    for place, part in enumerate(parts if fiscal_year else ()):
        if part and 2000 + int(part.year) > fiscal_year:  # an older one is a continuing project
            yield place, f"年度部分 {part.year} 晚于预算年度 {fiscal_year}"


def _printed_twice(codes: list[str]) -> Iterator[tuple[int, str]]:
    counted = Counter(codes)
    return ((place, "与另一项目重复") for place, code in enumerate(codes) if counted[code] > 1)


def _out_of_order(codes: list[str], parts: list[CodeParts | None], several_kinds: bool) -> Iterator[tuple[int, str]]:
    """Codes below the one before where nearly all rise; each kind of project has an order of its own."""
    kinds = [part and part.letter for part in parts]
    pairs = ((place, place + 1) for place in range(len(codes) - 1))
    late = [b for a, b in pairs if codes[b] < codes[a] and (kinds[a] == kinds[b] or not several_kinds)]
    if len(late) <= _most_odd(len(codes)):
        yield from ((place, "未按顺序（其他编码由小到大）") for place in late)


def _most_odd(count: int) -> float:
    """How many of so many codes may differ and be at fault; where more do, the others are no rule."""
    return max(1, (1 - QUORUM) * count)
