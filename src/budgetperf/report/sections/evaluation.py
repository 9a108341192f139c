"""The section on self-evaluations: grades, scores by level, execution beside scores, results far from their targets."""

from budgetperf import profiles
from budgetperf.report.model import Block, Heading, Text
from budgetperf.report.sections.subject import Subject, table, text


def evaluations(subject: Subject) -> list[Block]:
    """What units say of their own results in the year; nothing where the build holds no self-evaluation of it."""
    data = subject.results if subject.results is not None else subject.dataset
    projects = profiles.evaluated_projects(data)
    if projects.empty:
        return []
    own = subject._replace(dataset=data, scope=profiles.scope(data))
    scored = projects[projects["score_rate"].notna()].sort_values("score_rate", kind="stable")
    return [
        Heading(1, subject.say("自评情况", "Self-evaluations")),
        _counted(own, projects),
        *table(own, "grades", profiles.grades(data)),
        *table(own, "scores", profiles.score_rates(data)),
        *table(own, "lowest_scores", scored),
        *table(own, "far_off", profiles.far_off(data)),
    ]


def _counted(own: Subject, projects) -> Text:
    """How many projects were evaluated, their scores and execution, and where money was left though the score is high."""
    total, points = profiles.exact_sum(projects["score"]), profiles.exact_sum(projects["points"])
    spent, budget = profiles.exact_sum(projects["executed_wan_yuan"]), own.scope["budget_wan_yuan"]
    rate, execution = profiles.percent(total, points), profiles.percent(spent, budget)
    odd = int((projects["quadrant"] == "低执行高得分").sum())
    documents = projects["document_id"].nunique()
    zh = f"{documents:,} 份自评表，{len(projects):,} 个项目"
    en = f"{documents:,} self-evaluations of {len(projects):,} projects"
    if rate is not None:
        zh, en = (
            f"{zh}，总得分率 {profiles.rounded(rate)}%",
            f"{en}: {profiles.rounded(rate)}% of all points were scored",
        )
    if execution is not None:
        zh += f"；执行 {spent:,f} 万元，占预算 {budget:,f} 万元的 {profiles.rounded(execution)}%"
        en += f"; {spent:,f} of {budget:,f} (10,000 yuan) were spent, {profiles.rounded(execution)}%"
    if odd:
        zh, en = f"{zh}；{odd:,} 个项目执行率低而得分高", f"{en}; {odd:,} projects spent little and scored high"
    return text(own, zh + "。得分是单位自己的评价，未经核实。", en + ". Scores are the units' own, not verified.")
