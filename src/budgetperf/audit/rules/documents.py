"""D: what the document itself says: its sums, shares, levels, codes and required cells; and R02, readings in doubt."""

from datetime import date, timedelta

import pandas as pd

from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import any_of
from budgetperf.field.taxonomy import is_filed_apart
from budgetperf.field.vocabulary import level1_of

TOTAL_CHECKS = {"total", "subtotal"}
RULED_CHECKS = {*TOTAL_CHECKS, "weights", "level1_shares", "required", "codes"}


def _failed(tables, names: set[str]):
    """A Found for each failed check of these names."""
    for row in tables.failed_rows:
        if row.check not in names:
            continue
        note = row.note or row.check
        sums = f"expected {row.expected}, actual {row.actual}" if row.expected is not None else note
        evidence = {"check": row.check, "expected": row.expected, "actual": row.actual, "note": note}
        yield found(row, note, f"{row.check}: {sums}", evidence)


@rule("D01", "E", "预算合计不符", "各项目预算数之和应等于印刷的合计，所属项目之和应等于小计",
      basis="表内勾稽：合计、小计等于各项之和", title_en="budgets do not add up to the printed total", across=False)  # fmt: skip
def budgets_add_up(tables, thresholds, words):
    """D01."""
    return _failed(tables, TOTAL_CHECKS)


@rule("D02", "E", "分值之和不符", "每个项目的分值之和应与全文其他项目一致",
      basis="表内勾稽：各项目分值之和一致", inputs=["repaired:weight"], title_en="weights do not add up", across=False)  # fmt: skip
def weights_add_up(tables, thresholds, words):
    """D02."""
    return _failed(tables, {"weights"})


@rule("D03", "W", "一级指标分值结构不一致", "各项目一级指标的分值结构应与全文一致",
      basis="同一文件内各项目一级指标分值结构一致", title_en="level-1 shares differ from the profile", across=False)  # fmt: skip
def shares_match(tables, thresholds, words):
    """D03."""
    return _failed(tables, {"level1_shares"})


@rule("D04", "W", "二级指标列在别的一级指标之下", "二级指标应列在分类体系中所属的一级指标之下",
      basis="绩效指标分类体系（参考财预〔2021〕101号）", inputs=["indicators.level1", "indicators.level2"],
      title_en="level 2 stands under another level 1", across=False)  # fmt: skip
def levels_belong(tables, thresholds, words):
    """D04: once a document where it always files a level 2 so."""
    rows = tables.indicators
    apart = [is_filed_apart(two, one) for one, two in zip(rows["level1"], rows["level2"], strict=True)]
    wrong = rows[pd.Series(apart, index=rows.index, dtype=bool) & (rows["level1"] != "")]
    if wrong.empty:
        return
    filed = rows.groupby(["document_id", "level2"]).size()
    for (document, level2, level1), group in wrong.groupby(["document_id", "level2", "level1"], sort=False):
        right, count = level1_of(level2), len(group)
        zh = f"二级指标“{level2}”列在“{level1}”之下，按分类属于“{right}”"
        en = f"level 2 {level2} stands under {level1}, the taxonomy counts it to {right}"
        evidence = {"level2": level2, "level1": level1, "expected": right}
        if count > 2 and count == filed[document, level2]:
            cells = [[int(p), int(i)] for p, i in zip(group["project_no"], group["indicator_no"], strict=True)]
            whole = pd.Series({"document_id": document})
            yield found(
                whole, f"全部 {count} 条{zh}", f"all {count}: {en}", evidence | {"count": count, "cells": cells}
            )
            continue
        for row in group.itertuples():
            yield found(row, zh, en, evidence)


@rule("D05", "E", "应填内容缺失", "应填的单元格都应有内容", basis="应填单元格完整",
      inputs=["rows"], title_en="required cells are missing", across=False)  # fmt: skip
def required_cells(tables, thresholds, words):
    """D05: cells that were not read, or that the unit left blank."""
    yield from _failed(tables, {"required"})
    for row in tables.checks[tables.checks["check"] == "blanks"].itertuples():
        yield found(row, row.note, f"blank in print: {row.note}", {"check": row.check, "note": row.note})


@rule("D06", "W", "项目编码不合规则", "项目编码应形式一致、唯一、有序，年度与预算年度相符",
      basis="项目编码规则：形式、唯一、顺序、年度", inputs=["project_code"], title_en="project code is odd", across=False)  # fmt: skip
def codes_well_formed(tables, thresholds, words):
    """D06."""
    return _failed(tables, {"codes"})


@rule("D07", "I", "名称被表格截断", "指标名称被表格的字数限制截断，看不出全称",
      basis="表格字数限制：满格且不以常见词尾结束的名称", inputs=["indicators.name"], title_en="name cut by the form", across=False)  # fmt: skip
def names_cut(tables, thresholds, words):
    """D07: one finding an indicator."""
    for row in tables.where(tables.indicators["is_cut"].astype(bool)):
        whole = row.name_completed if pd.notna(row.name_completed) else None
        zh = f"指标名称满 {len(row.name)} 字被截断" + (f"，据证据全称为“{whole}”" if whole else "，全称不详")
        en = f"the name is cut at {len(row.name)} characters" + (f"; in full “{whole}”" if whole else "")
        yield found(row, zh, en, {"name": row.name, "completed": whole})


@rule("D08", "W", "指标值是日期序号", "指标值像是电子表格的日期序号，应写成日期",
      basis="电子表格日期序号：自 1899-12-30 起的天数，换算后在预算年度前后 {years_around} 年内",
      inputs=["indicators.target_value", "indicators.measure_unit"], title_en="target is a spreadsheet's date serial", across=False)  # fmt: skip
def date_serials(tables, thresholds, words):
    """D08."""
    rows = tables.indicators
    dated = (rows["level2"] == "时效指标") | rows["text"].str.contains(
        any_of(["时间", "日期", "时限", "完成时", "期限"])
    )
    serial = rows["value"].between(30_000, 60_000) & (rows["value"] % 1 == 0)
    for row in tables.where(dated & serial & rows["kind"].isin(["", "time"])):
        day = date(1899, 12, 30) + timedelta(days=int(row.value))
        year = int(row.fiscal_year) if pd.notna(row.fiscal_year) else None
        if year is None or abs(day.year - year) <= thresholds["years_around"]:
            zh, en = f"指标值 {row.value:.0f} 应是日期 {day}", f"{row.value:.0f} is the date {day}"
            yield found(row, zh, en, {"target": f"{row.value:.0f}", "date": day.isoformat()})


@rule("R02", "W", "识读存疑", "此处读法不能由表内勾稽确定，或有一页、一格没有读出",
      basis="识读：此处读法不能由表内勾稽确定", title_en="the reading is in doubt", across=False)  # fmt: skip
def readings_in_doubt(tables, thresholds, words):
    """R02: failed checks of the reading, not of the document."""
    return _failed(tables, set(tables.checks["check"]) - RULED_CHECKS)


@rule("R04", "I", "有的栏没有读出", "没有印出或没有读出的栏，不据以审查", basis="识读：表内没有这一栏，或没有读出",
      title_en="a column was not read", across=False)  # fmt: skip
def columns_not_read(tables, thresholds, words):
    """R04: said by the audit itself, once a document, where rules were silent for want of a column."""
    return []
