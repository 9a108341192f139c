"""The section on self-evaluations: grades, scores by level, execution beside scores, results far from their targets."""

from budgetperf import profiles
from budgetperf.profiles.evaluation import MEASURES
from budgetperf.report.model import Block, Heading, Text
from budgetperf.report.sections.subject import Subject, named, table, text

FAR, PROJECTS = 15, 20  # rows listed


def evaluations(subject: Subject) -> list[Block]:
    """What units say of their own results in the year; nothing where the build holds no self-evaluation of it."""
    data = subject.results if subject.results is not None else subject.dataset
    projects = profiles.evaluated_projects(data)
    if projects.empty:
        return []
    own = subject._replace(dataset=data, scope=profiles.scope(data))
    scored = projects[projects["score_rate"].notna()].sort_values("score_rate", kind="stable")
    shown, whose = named(own, scored)
    known = [name for name in MEASURES if shown[name].notna().any()]
    far, of_far = named(own, profiles.far_off(data))
    targets = ["project_no", "indicator_no", "name", "target_text", "actual_text", "completion", "weight", "score"]
    return [
        Heading(1, subject.say("自评情况", "Self-evaluations")),
        _counted(own, projects),
        *table(own, "自评等级", "Grades", profiles.grades(data), ["grade", "projects", "share", "budget_wan_yuan"], 10),
        *table(own, "各级指标的得分", "Scores by level 1", rates := profiles.score_rates(data), list(rates), 20),
        *table(
            own,
            "得分率最低的项目",
            "The lowest scores",
            shown,
            [*whose, "project_no", "project_name", *known],
            PROJECTS,
        ),
        *table(own, "完成情况远离目标的指标", "Results far from their targets", far, [*of_far, *targets], FAR),
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
