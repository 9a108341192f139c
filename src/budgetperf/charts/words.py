"""The words of the charts in Chinese and English."""

from budgetperf.field.words import say

THINGS = {  # column of names → (zh, en singular, en plural)
    "project_name": ("个项目", "project", "projects"),
    "unit_name": ("个单位", "unit", "units"),
    "category_name": ("个类别", "category", "categories"),
    "spending_kind": ("种支出", "kind of spending", "kinds of spending"),
    "source": ("份文件", "document", "documents"),
    "fiscal_year": ("个年度", "year", "years"),
    "comparator": ("种性质", "comparator", "comparators"),
    "measure_unit": ("种单位", "unit of measure", "units of measure"),
    "quantified": ("种", "kind", "kinds"),
    "level1": ("个一级指标", "level 1", "levels 1"),
    "level2": ("个二级指标", "level 2", "levels 2"),
}


def level(name: str, lang: str) -> str:
    """A level's or other closed word's name in the chart's language.

    >>> level("数量指标", "en"), level("数量指标", "zh")
    ('Quantity', '数量指标')
    """
    return say("level quantified spending_kind", name, lang)


def tied(names: list[str], lang: str) -> str:
    """The names of what shares the first place, so that no single one is called the largest.

    >>> tied(["甲"], "zh"), tied(["甲", "乙"], "zh"), tied(["甲", "乙", "丙", "丁"], "zh"), tied(["A", "B"], "en")
    ('甲', '甲、乙并列', '甲等 4 项并列', 'A and B alike')
    """
    if len(names) == 1:
        return names[0]
    if lang == "zh":
        return f"{'、'.join(names)}并列" if len(names) <= 3 else f"{names[0]}等 {len(names):,} 项并列"
    return f"{' and '.join(names)} alike" if len(names) <= 3 else f"{names[0]} and {len(names) - 1:,} others alike"


def count_of(number: int, column: str, lang: str) -> str:
    """So many projects, units …

    >>> count_of(21, "project_name", "zh"), count_of(1, "unit_name", "en")
    ('21 个项目', '1 unit')
    """
    zh, one, many = THINGS.get(column, ("项", "item", "items"))
    return f"{number:,} {zh}" if lang == "zh" else f"{number:,} {one if number == 1 else many}"
