"""The D rules: findings that follow from the document itself, from its failed checks and cut names."""

import pandas as pd

from budgetperf.vocabulary import level1_of

COLUMNS = ["project_no", "indicator_no", "rule", "severity", "message", "evidence", "basis", "uncertain", "page"]
# check → rule, severity, what the finding rests on
OF_CHECK = {
    "total": ("D01", "E", "表内勾稽：各项目预算数之和 = 合计"),
    "subtotal": ("D01", "E", "表内勾稽：所属项目预算数之和 = 小计"),
    "weights": ("D02", "E", "表内勾稽：各项目分值之和一致"),
    "level1_shares": ("D03", "W", "同一文件内各项目一级指标分值结构一致"),
    "required": ("D05", "E", "应填单元格完整"),
    "codes": ("D06", "W", "项目编码规则：形式、唯一、顺序、年度"),
}
READING = ("R02", "W", "识读：此处读法不能由表内勾稽确定")


def findings_of_checks(checks: pd.DataFrame, pages: pd.Series) -> pd.DataFrame:
    """One finding a failed check; `pages`: project_no → page.

    >>> checks = pd.DataFrame({"project_no": [2], "check": ["weights"], "passed": [False], "note": ["分值之和 80"], "expected": ["90"], "actual": ["80"]})
    >>> findings_of_checks(checks, pd.Series({2: 3}))[["rule", "severity", "page"]].values.tolist()
    [['D02', 'E', 3]]
    """
    rows = []
    for check in checks[~checks["passed"].astype(bool)].to_dict("records"):
        rule, severity, basis = OF_CHECK.get(check["check"], READING)
        number = check["project_no"]
        page = pages.get(number) if pd.notna(number) else None
        where = f"第 {page} 页第 {number} 个项目：" if page else ""
        evidence = "；".join(f"{k}={check[k]}" for k in ("expected", "actual") if pd.notna(check[k]))
        rows.append((number, None, rule, severity, where + check["note"], evidence or None, basis, rule == "R02", page))
    return pd.DataFrame(rows, columns=COLUMNS)


def cut_names(indicators: pd.DataFrame) -> pd.DataFrame:
    """D07: names cut by the form, one finding an indicator."""
    cut = indicators[indicators["is_cut"].astype(bool)]
    rows = [
        (
            r["project_no"], r["indicator_no"], "D07", "I",
            f"第 {r['page']} 页指标“{r['name']}”被表格截断（满 {len(r['name'])} 字）"
            + (f"，据证据全称为“{r['name_completed']}”" if pd.notna(r["name_completed"]) else ""),
            None, "表格字数限制：满格且不以常见词尾结束的名称", False, r["page"],
        )
        for r in cut.to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def wrong_levels(indicators: pd.DataFrame) -> pd.DataFrame:
    """D04: a level 2 printed under a level 1 to which the taxonomy does not count it."""
    expected = indicators["level2"].map(lambda name: level1_of(name) if isinstance(name, str) else None)
    wrong = indicators[expected.notna() & indicators["level1"].notna() & (expected != indicators["level1"])]
    rows = [
        (
            r["project_no"], r["indicator_no"], "D04", "W",
            f"第 {r['page']} 页指标“{r['name']}”的二级指标“{r['level2']}”列在“{r['level1']}”之下，按分类属于“{level1_of(r['level2'])}”",
            None, "绩效指标分类体系（参考财预〔2021〕101号）", False, r["page"],
        )
        for r in wrong.to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)
