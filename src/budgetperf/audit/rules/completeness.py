"""C: which indicators a project has and which it lacks."""

import pandas as pd

from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import COST_LEVELS2
from budgetperf.audit.wording import is_filler
from budgetperf.field.vocabulary import level1_of

LEVELS1 = ("产出指标", "效益指标", "满意度指标")
CANONICAL1 = {*LEVELS1, "成本指标"}


def _levels(tables) -> dict[tuple, tuple[set, set, int]]:
    """(document, project) → its levels 1 (satisfaction filed under benefits counts as satisfaction), levels 2, rows."""
    grouped: dict[tuple, tuple[set, set, int]] = {}
    for row in tables.indicator_rows:
        if is_filler(row.name, row.target_text):
            continue  # 不适用: fills the form and measures nothing
        ones, twos, count = grouped.get((row.document_id, row.project_no), (set(), set(), 0))
        one = level1_of(row.level2) or row.level1
        ones |= {one, "满意度指标"} if row.satisfaction and one else {one}
        twos.add(row.level2)
        grouped[row.document_id, row.project_no] = (ones, twos, count + 1)
    return grouped


def _projects(tables):
    """(project, levels 1, levels 2, number of indicators) of every project whose levels are of the taxonomy."""
    levels = _levels(tables)
    for project in tables.project_rows:
        ones, twos, count = levels.get((project.document_id, project.project_no), (set(), set(), 0))
        if ones & CANONICAL1:
            yield project, ones, twos, count


@rule("C01", "E", "缺少一级指标", "产出、效益、满意度三类指标都应有",
      basis="绩效指标完整性（参考财预〔2015〕88号“完整性”审查）", inputs=["rows", "indicators.level1"],
      summary="document", title_en="a level-1 kind is missing", across=False)  # fmt: skip
def levels_present(tables, thresholds, words):
    """C01."""
    for project, ones, _, count in _projects(tables):
        missing = [level for level in LEVELS1 if level not in ones]
        if missing:
            zh = f"共 {count} 条指标，缺少{'、'.join(missing)}"
            yield found(project, zh, f"{count} indicators, none of {', '.join(missing)}", {"missing": missing})


@rule("C02", "W", "缺少数量或质量指标", "产出指标应有数量指标和质量指标",
      basis="绩效指标完整性（参考财预〔2015〕88号“完整性”审查）", inputs=["rows", "indicators.level2"],
      summary="document", title_en="no quantity or no quality indicator", across=False)  # fmt: skip
def quantity_and_quality(tables, thresholds, words):
    """C02."""
    for project, ones, twos, _ in _projects(tables):
        missing = [level for level in ("数量指标", "质量指标") if level not in twos]
        if missing and "产出指标" in ones:
            yield found(
                project,
                f"产出指标中没有{'、'.join(missing)}",
                f"output without {', '.join(missing)}",
                {"missing": missing},
            )


@rule("C03", "W", "缺少时效指标", "产出指标应有时效指标",
      basis="绩效指标完整性（参考财预〔2015〕88号“完整性”审查）", inputs=["open:rows", "indicators.level2"],
      summary="document", title_en="no timeliness indicator", across=False)  # fmt: skip
def timeliness(tables, thresholds, words):
    """C03."""
    for project, ones, twos, _ in _projects(tables):
        if "产出指标" in ones and "时效指标" not in twos:
            yield found(
                project, "没有时效指标，看不出应在何时完成", "no timeliness indicator", {"missing": ["时效指标"]}
            )


@rule("C04", "W", "安排了资金而没有成本指标", "安排了预算的项目应有成本指标",
      basis="成本指标自 {from_year} 年起为一级指标（参考财预〔2021〕101号）",
      inputs=["open:rows", "indicators.level2", "projects.budget_wan_yuan"], summary="document",
      title_en="money is spent, no cost indicator", across=False)  # fmt: skip
def cost(tables, thresholds, words):
    """C04."""
    for project, ones, twos, _ in _projects(tables):
        late = pd.notna(project.fiscal_year) and project.fiscal_year >= thresholds["from_year"]
        spends = project.budget is not None and project.budget > 0
        if late and spends and "成本指标" not in ones and not twos & COST_LEVELS2:
            evidence = {"budget_wan_yuan": str(project.budget)}
            zh = f"预算 {project.budget:,f} 万元，没有成本指标"
            yield found(project, zh, f"budget {project.budget:,f} (10,000 yuan), no cost indicator", evidence)


@rule("C05", "I", "指标过少或过多", "一个项目的指标不宜过少或过多",
      basis="本工具阈值：少于 {fewest} 条或多于 {most} 条", inputs=["rows"], summary="document",
      title_en="too few or too many indicators", across=False)  # fmt: skip
def number_of_indicators(tables, thresholds, words):
    """C05."""
    for project, _, _, count in _projects(tables):
        if not thresholds["fewest"] <= count <= thresholds["most"]:
            yield found(project, f"只有 {count} 条指标" if count < thresholds["fewest"] else f"有 {count} 条指标",
                        f"{count} indicators", {"count": count})  # fmt: skip
