"""The section on self-evaluations: grades, scores by level, results far from their targets."""

from budgetperf import profiles
from budgetperf.report.model import Block, Heading
from budgetperf.report.sections.subject import Subject, named, table

FAR = 30  # indicators listed


def evaluations(subject: Subject) -> list[Block]:
    """What units say of their own results; nothing where the documents hold none."""
    data = subject.dataset
    if profiles.evaluated_projects(data).empty:
        return []
    grades, rates = profiles.grades(data), profiles.score_rates(data)
    far, whose = named(subject, profiles.far_off(data))
    columns = [
        *whose,
        "project_no",
        "indicator_no",
        "name",
        "target_text",
        "actual_text",
        "completion",
        "points",
        "score",
    ]
    columns = [name for name in columns if name in far]
    return [
        Heading(1, subject.say("自评情况", "Self-evaluations")),
        *table(subject, "自评等级", "Grades", grades, list(grades), 10),
        *table(subject, "各级指标的得分", "Scores by level 1", rates, list(rates), 20),
        *table(subject, "完成情况远离目标的指标", "Results far from their targets", far, columns, FAR),
    ]
