"""The closed words of repairs and checks, in Chinese and English: for notebooks, reports and workbooks alike."""

from budgetperf.tables.declared import TABLES

GRADES: dict[str, tuple[str, str]] = {
    "certain": ("确定", "certain"),
    "likely": ("可能", "likely"),
    "guess": ("推测", "guess"),
}
KINDS = {
    "spelling": ("只动空白与写法", "white space and spelling only"),
    "reading": ("移位、补填、拼接", "moved, filled, joined"),
    "value": ("判定或推得数值", "a value settled"),
}
REPAIRS = {
    "amount_by_total": ("金额由合计判定", "amount settled by the printed total"),
    "comparator_spelling": ("计算符号写法", "spelling of comparators"),
    "cut_digits": ("切断的数字判定", "digits cut by the page break settled"),
    "execution_by_head": ("表头列明的执行率", "execution rate named in the head"),
    "fill_merged": ("合并单元格补填", "merged cells filled"),
    "join_pages": ("跨页文字接续", "text joined over pages"),
    "level_by_taxonomy": ("一级指标改正", "level 1 by the taxonomy"),
    "line_read_twice": ("一行读两遍", "a line read twice"),
    "moved_cells": ("移位单元格归列", "moved cells put in their columns"),
    "number_spelling": ("数字写法", "spelling of numbers"),
    "project_border": ("指标行归入项目", "rows given to their project"),
    "qualitative_target": ("定性目标", "qualitative target"),
    "odd_characters": ("异形字和不可见字符", "odd and unseen characters"),
    "repeated_cell": ("每页重印", "printed again on each page"),
    "row_over_pages": ("跨页的行接续", "row joined over pages"),
    "row_read_twice": ("一行表读两遍", "a row read twice"),
    "level_spelling": ("指标层级写法", "spelling of levels"),
    "lone_level": ("只印一次的层级", "a level printed once"),
    "not_read": ("读不出而留空", "not read, left empty"),
    "target_by_content": ("由内容认出的指标值", "target by content"),
    "ticked_option": ("勾选的一项", "the option that is ticked"),
    "undo_wrap": ("折行还原", "line wraps undone"),
    "unit_in_target": ("指标值自带的单位", "unit printed with the target"),
    "unit_by_content": ("由内容认出的金额单位", "unit of amounts by content"),
    "weight_by_total": ("缺失分值推得", "missing weight inferred from the total"),
}
CHECKS = {
    "total": ("预算数之和与印刷合计", "sum of budgets and printed total"),
    "subtotal": ("所属项目之和与小计", "sum of a unit's projects and sub-total"),
    "weights": ("分值之和", "sum of weights"),
    "level1_shares": ("一级指标分值结构", "points of the levels 1"),
    "codes": ("项目编码", "project codes"),
    "rows": ("表内各行", "rows of the table"),
    "unit": ("所属单位", "budget unit"),
    "pages": ("页面可读", "pages readable"),
    "hidden": ("看不见而没有读的内容", "what is not seen and was not read"),
    "formulas": ("没有保存结果的公式", "formulas without a stored result"),
    "digits": ("被 Excel 丢掉的数字", "digits that Excel dropped"),
    "encoding": ("乱码还原", "misread text undone"),
    "converted": ("转换后读取", "read after conversion"),
    "guess": ("推测的值", "guessed values"),
    "projects": ("各项目的名称和编码", "names and codes of the projects"),
    "amount_unit": ("金额单位", "unit of the amounts"),
    "characters": ("读不清的字符", "characters that are not certain"),
    "columns": ("各列的归属", "which column is which"),
    "cut_digits": ("被切断的数字", "digits cut by a page break"),
    "levels": ("指标层级", "levels of indicators"),
    "project_cell": ("项目单元格", "the project's cells"),
    "values": ("单元格的取值", "values of cells"),
    "borders": ("项目的起止行", "first and last rows of the projects"),
    "unread": ("印出的单元格都有归属", "every printed cell accounted for"),
    "blanks": ("印刷空白的单元格", "cells blank in print"),
    "required": ("必有的单元格", "required cells"),
}


def say(words: dict[str, tuple[str, str]], key: str | None, lang: str) -> str:
    """A closed word in the reader's language; one that is not listed stays as it is, none is blank.

    >>> say(GRADES, "certain", "zh"), say(GRADES, "guess", "en"), say(CHECKS, "own", "en")
    ('确定', 'guess', 'own')
    """
    if not isinstance(key, str):
        return ""
    return words[key][lang == "en"] if key in words else key


def field_title(field: str) -> str:
    """The Chinese title of a repaired field; one that no table has stays as it is.

    >>> field_title("weight"), field_title("row"), field_title("own")
    ('分值权重', '整行', 'own')
    """
    titles = {name: column.title for table in TABLES.values() for name, column in table.columns.items()}
    return {"row": "整行", "project_no": "所属项目"}.get(field, titles.get(field, field))
