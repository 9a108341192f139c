"""S12, S13: results copied from the objective, targets other than those approved."""

import re
from collections import defaultdict

from rapidfuzz import fuzz

from budgetperf.audit.registry import found, rule
from budgetperf.field.measures import base_unit, same_measure

_DONE = re.compile("已经|已|全部|完成了?|实现了?|[，。；、：:,.;\\s]")
SELF_EVALUATION = "self_evaluation"


@rule("S12", "I", "完成情况照抄目标", "完成情况应写实际结果，不应照抄绩效目标", basis="本工具阈值：相同文字 {likeness:.0%} 以上，且没有不同的数字",
      inputs=["projects.objective", "projects.achievement"], title_en="results copied from the objective", across=False)  # fmt: skip
def copied_results(tables, thresholds, words):
    """S12."""
    for project in tables.project_rows:
        one, other = _DONE.sub("", project.text), _DONE.sub("", project.achievement)
        if min(len(one), len(other)) < thresholds["shortest"] or re.findall(r"\d+", one) != re.findall(r"\d+", other):
            continue
        likeness = fuzz.ratio(one, other) / 100
        if likeness >= thresholds["likeness"]:
            zh = f"实际完成情况与绩效目标的相同文字占 {100 * likeness:.0f}%，没有写出实际结果"
            yield found(
                project, zh, f"results are {100 * likeness:.0f} % the objective's text", {"likeness": f"{likeness:.2f}"}
            )


@rule("S13", "W", "自评目标与批复目标不一致", "自评表的指标值应与同年批复的一致", basis="同年同项目批复表（或申报表）与自评表核对",
      inputs=["indicators.target_value", "indicators.measure_unit"], title_en="target differs from the approved one",
      when=lambda dataset: 0 < (dataset.documents["layout"] == SELF_EVALUATION).sum() < len(dataset.documents))  # fmt: skip
def changed_targets(tables, thresholds, words):
    """S13: the same unit, year, project and indicator in another document."""
    approved, evaluated = defaultdict(list), []
    for row in tables.indicator_rows:
        if not row.text or row.value != row.value:
            continue
        if row.layout == SELF_EVALUATION:
            evaluated.append(row)
        else:
            approved[row.unit_name, row.fiscal_year, row.project_name, row.text].append(row)
    for row in evaluated:
        others = approved.get((row.unit_name, row.fiscal_year, row.project_name, row.text), [])
        if len(others) != 1:
            continue
        (other,) = others
        (mine, factor), (its, other_factor) = base_unit(row.unit), base_unit(other.unit)
        if same_measure(mine, its) and row.exact * factor != other.exact * other_factor:
            zh = f"批复的指标值为 {other.comparator}{other.target_text}{other.unit}，自评表写作 {row.comparator}{row.target_text}{row.unit}"
            en = f"approved {other.comparator}{other.target_text}{other.unit}, evaluated against {row.comparator}{row.target_text}{row.unit}"
            evidence = {"approved": f"{other.target_text}{other.unit}", "evaluated": f"{row.target_text}{row.unit}"}
            place = (other.document_id, int(other.project_no), int(other.indicator_no))
            yield found(row, zh, en, evidence, rests_on=[place])
