"""The fiscal year where no title prints it: of a column of years, of the projects' codes."""

from collections import Counter

import pandas as pd

from budgetperf.field.codes import code_parts

_YEAR_OF_ROW = r"(?:^|；)(?:预算|项目|资金|所属|申报)?年[度份]：(20\d\d)年?度?(?:；|$)"


def years_of_rows(rows: pd.DataFrame) -> pd.Series:
    """Project → the year that a column of its rows prints (预算年度), where it prints one."""
    printed = rows["more"].astype("str").str.extract(_YEAR_OF_ROW)[0]
    years = printed.dropna().astype(int).groupby(rows["project_no"])
    return years.first()[years.nunique() == 1]


def year_of_codes(codes: pd.Series) -> int | None:
    """The year that most codes of projects print."""
    years = Counter(parts.year for code in codes.dropna() if (parts := code_parts(code)))
    return 2000 + int(years.most_common(1)[0][0]) if years else None
