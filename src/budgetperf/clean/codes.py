"""Codes of units and projects, and the budget year that titles and captions name."""

import pandas as pd

from budgetperf.field.codes import CodeParts, code_parts, split_code
from budgetperf.field.headings import fiscal_year
from budgetperf.field.printing import as_printed

EXACT = 2**53  # from here on a float no longer tells neighbouring whole numbers apart


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


def parts_of_codes(codes: pd.Series) -> pd.DataFrame:
    """Columns region, year, letter, serial of 21-character project codes; a blank row for codes of another form.

    >>> parts_of_codes(pd.Series(["51072200024T000000561", "201001"])).values.tolist()
    [['510722000', '24', 'T', '000000561'], [None, None, None, None]]
    """
    none = CodeParts(None, None, None, None)
    parts = [code_parts(as_printed(value)) or none for value in codes.tolist()]
    return pd.DataFrame(parts, columns=list(CodeParts._fields), index=codes.index, dtype=object)


def fiscal_years(titles: pd.Series) -> pd.Series:
    """The budget year that each title or caption names, as Int64; NA where none does.

    >>> fiscal_years(pd.Series(["２０２４年部门预算项目支出绩效目标批复表", "单位：万元", None])).tolist()
    [2024, <NA>, <NA>]
    """
    years = [fiscal_year(as_printed(value)) for value in titles.tolist()]
    return pd.Series(years, index=titles.index, dtype="Int64", name=titles.name)
