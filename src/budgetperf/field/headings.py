"""What titles, captions and heads say of a whole table: its year and its unit of money."""

import re
import unicodedata

from budgetperf.field.vocabulary import simplified


def fiscal_year(text: str) -> int | None:
    """The budget year that a title or caption names.

    >>> fiscal_year("２０２４年部门预算项目支出绩效目标批复表"), fiscal_year("（2022 年度）"), fiscal_year("项目支出绩效表")
    (2024, 2022, None)
    """
    tight = simplified(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))
    found = re.search(r"(?<!\d)(20[0-4]\d)年?", tight)
    return int(found[1]) if found else None


def money_unit(text: str) -> str | None:
    """元 or 万元 (千元, 亿元) as a head or caption prints it.

    >>> money_unit("预算数 （万元）"), money_unit("金额单位：元"), money_unit("单位名称"), money_unit("项目资金(万 元)")
    ('万元', '元', None, '万元')
    """
    tight = simplified(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))
    found = re.search(r"(?:\(|单位[:：]?(?:人民币)?)(万元|千元|亿元|百元|元)\)?", tight)
    return found[1] if found else None
