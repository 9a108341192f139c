"""Charts of what an auditor should look at: issues by the money under them, findings by rule and by project.

`finding_bars` and `finding_matrix` take the frames of `budgetperf.audit.overview`, `issue_bars` the table `issues`.
"""

from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from budgetperf.audit.kinds import kind_of, kinds
from budgetperf.audit.load import rule_titles
from budgetperf.charts import look
from budgetperf.charts.frames import draws
from budgetperf.charts.levels import joined
from budgetperf.charts.look import colour_legend
from budgetperf.charts.matrices import SHADES, draw_grid
from budgetperf.charts.words import count_of, tied
from budgetperf.field.words import say
from budgetperf.profiles import rounded

COLOURS = {"E": look.VERMILION, "W": look.ORANGE, "I": look.SKY}
NO_FINDINGS = {"zh": "没有审计发现，画不出图。", "en": "There are no findings: nothing to draw."}
WHOLE = "全文"  # the row of findings on a whole document


@draws("audit.issues.issues_of")
def issue_bars(
    issues: pd.DataFrame, *, ax: Axes | None = None, top: int = 15, scope: dict | None = None, lang: str = "zh"
) -> Axes:
    """Bars of the table `issues`, gravest first: the money of the projects concerned, else their number."""
    zh = lang == "zh"
    if issues.empty:
        return look.empty(ax, NO_FINDINGS[lang])
    by_money = issues["money_wan_yuan"].notna().any()
    rows = list(issues.head(top).itertuples())
    values = [(row.money_wan_yuan or Decimal(0)) if by_money else Decimal(int(row.projects)) for row in rows]
    names = [_title_of(row, lang) for row in rows]
    texts = []
    for row, value in zip(rows, values, strict=True):
        projects = count_of(int(row.projects), "project_name", lang)
        share = f"  {look.share_text(row.share_of_money)}" if by_money and row.share_of_money is not None else ""
        texts.append(f"{rounded(value)}{share}  {projects}" if by_money else projects)
    counts = issues["severity"].value_counts()
    said = [
        f"{grade} {'级 ' if zh else ''}{counts[grade]:,}{' 件' if zh else ''}" for grade in COLOURS if grade in counts
    ]
    largest = max(values)
    most = tied([name for name, value in zip(names, values, strict=True) if value == largest], lang)
    amount = f"{rounded(largest)} 万元" if by_money else f"{largest:,} 个项目"
    if len(rows) == 1:
        one = f"只有一件事项：{names[0]}，{texts[0]}" if zh else f"One issue: {names[0]}, {texts[0]}"
        return look.instead(ax, one, scope, lang)
    if zh:
        title = f"{len(issues):,} 件事项（{'，'.join(said)}）；涉及最多的是{most}，{amount}"
        measure = "所涉项目的预算数，万元，占全部预算的百分比" if by_money else "所涉项目数"
        note = "一个项目可涉及几件事项，金额不能相加。" if by_money else ""
        note += f"另有 {len(issues) - len(rows):,} 件没有列出。" if len(issues) > len(rows) else ""
    else:
        title = f"{len(issues):,} issues ({', '.join(said)}); the widest is {most}"
        measure = "Budget of the projects concerned, 10,000 yuan" if by_money else "Projects concerned"
        note = "A project may be under several issues: the amounts do not add up. " if by_money else ""
        note += f"{len(issues) - len(rows):,} more are not shown. " if len(issues) > len(rows) else ""
    labels = [look.wrapped(name, 15) for name in names]
    where, foot = look.places(scope, lang)
    height = look.row_height(labels) * len(labels)
    ax = look.stage(ax, height, scope=scope, lang=lang, title=title, subtitle=joined([measure, where], lang),
                    foot=note + foot, labels=labels, below=0.08, above=0.26)  # fmt: skip
    look.capped_bars(ax, values, texts, [COLOURS[row.severity] for row in rows], False)
    look.row_labels(ax, labels)
    _grades(ax, [row.severity for row in rows], lang)
    return ax


def _title_of(issue, lang: str) -> str:
    if lang == "zh":
        return issue.title
    return (kinds().get(issue.issue) or kind_of(issue.issue)).title_en


def _grades(ax: Axes, used: list[str], lang: str) -> None:
    colour_legend(ax, {f"{grade} {say('severity', grade, lang)}": COLOURS[grade] for grade in COLOURS if grade in used})


@draws("audit.overview.by_rule")
def finding_bars(
    rules: pd.DataFrame, *, ax: Axes | None = None, top: int = 20, scope: dict | None = None, lang: str = "zh"
) -> Axes:
    """Bars of an `overview.by_rule`: how many findings of each rule, by severity, and how many projects they name."""
    zh = lang == "zh"
    if rules.empty:
        return look.empty(ax, NO_FINDINGS[lang])
    counts = {grade: int(rules[grade].sum()) for grade in COLOURS}
    total, unsure = sum(counts.values()), int(rules["不确定"].sum())
    shown = rules.head(top if len(rules) > top + 1 else len(rules))
    titles = rule_titles(lang)
    names = [f"{row.规则} {titles.get(row.规则, row.名称)}" for row in shown.itertuples()]
    texts = []
    for row in shown.itertuples():
        doubt = (f"，{row.不确定} 条?" if zh else f", {row.不确定}?") if row.不确定 else ""
        number, projects = row.E + row.W + row.I, count_of(int(row.项目数), "project_name", lang)
        texts.append(f"{number:,} 条，{projects}{doubt}" if zh else f"{number:,}, {projects}{doubt}")
    if len(rules) == 1:
        return look.instead(
            ax,
            f"只有一条规则有发现：{names[0]}，{texts[0]}" if zh else f"One rule: {names[0]}, {texts[0]}",
            scope,
            lang,
        )
    said = [f"{grade} {number:,}" for grade, number in counts.items() if number]
    title = (
        f"{total:,} 条发现（{'，'.join(said)}），出自 {len(rules):,} 条规则"
        if zh
        else f"{total:,} findings ({', '.join(said)}) of {len(rules):,} rules"
    )
    measure = "各规则的发现，条，及所涉项目数" if zh else "Findings of each rule, and the projects that they name"
    note = ("? 依据了修复过的单元格，先对原件。" if zh else "? rests on repaired cells. ") if unsure else ""
    if len(shown) < len(rules):
        note += (
            f"另有 {len(rules) - len(shown):,} 条规则没有列出。" if zh else f"{len(rules) - len(shown):,} more rules. "
        )
    labels = [look.wrapped(name, 15) for name in names]
    where, foot = look.places(scope, lang)
    ax = look.stage(ax, look.row_height(labels) * len(labels), scope=scope, lang=lang, title=title,
                    subtitle=joined([measure, where], lang), foot=note + foot, labels=labels, below=0.08, above=0.26)  # fmt: skip
    lefts = [0] * len(shown)
    for grade, colour in COLOURS.items():
        widths = shown[grade].astype(int).tolist()
        ax.barh(range(len(shown)), widths, left=lefts, color=colour, height=0.68)
        lefts = [left + width for left, width in zip(lefts, widths, strict=True)]
    look.end_texts(ax, lefts, texts)
    look.row_labels(ax, labels)
    _grades(ax, [grade for grade, number in counts.items() if number], lang)
    return ax


def _row_name(row: pd.Series, lang: str) -> str:
    """The project, and its unit (else its file) on a second line where there are several."""
    name = "the whole document" if lang == "en" and row["项目"] == WHOLE else row["项目"]
    return "\n".join(filter(None, [name, row.get("单位") or row.get("文件")]))


@draws("audit.overview.matrix")
def finding_matrix(
    matrix: pd.DataFrame,
    *,
    ax: Axes | None = None,
    top: int = 25,
    columns: int = 10,
    scope: dict | None = None,
    lang: str = "zh",
) -> Axes:
    """Projects × rules of an `overview.matrix`: how many findings name the project; those with most findings first.

    Beyond `columns` rules the commonest are shown, the others counted together.
    """
    zh = lang == "zh"
    rules = [name for name in matrix if name not in ("文件", "单位", "项目")]
    if matrix.empty or not rules:
        return look.empty(ax, NO_FINDINGS[lang])
    counts = matrix[rules].replace("", 0).astype(int)
    order = counts.sum().sort_values(ascending=False, kind="stable").index.tolist()
    several = len(order) > columns + 1
    heads, rest = (sorted(order[:columns]), order[columns:]) if several else (rules, [])
    cells = counts[heads].assign(**({"": counts[rest].sum(axis=1)} if rest else {}))
    rows = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    shown = list(rows[:top])
    names = [_row_name(matrix.loc[row], lang) for row in shown]
    sums = counts.sum(axis=1)
    most = int(sums.max())
    first = tied([_row_name(matrix.loc[row], lang).replace("\n", " · ") for row in rows if sums[row] == most], lang)
    if zh:
        title = f"发现最多：{first}，{most:,} 条"
        measure = "各项目被各规则点到的条数，同一条发现可点到几个项目"
        note = f"另有 {len(rows) - len(shown):,} 行没有列出。" if len(rows) > len(shown) else ""
    else:
        title = f"Most findings, {most:,}, name {first}"
        measure = "Findings of each rule that name the project; one may name several"
        note = f"{len(rows) - len(shown):,} more rows are not shown. " if len(rows) > len(shown) else ""
    labels = look.matrix_labels(names)
    where, foot = look.places(scope, lang)
    ax = look.stage(ax, look.row_height(labels) * 0.86 * len(labels), scope=scope, lang=lang, title=title,
                    subtitle=joined([measure, where], lang), foot=note + foot, labels=labels, above=0.8, below=0.08)  # fmt: skip
    draw_grid(ax, len(shown), len(cells.columns))
    deepest = max(1, int(cells.loc[shown].to_numpy().max()))
    for y, row in enumerate(shown):
        for x, number in enumerate(cells.loc[row]):
            if number:
                depth = 0.12 + 0.88 * number / deepest
                ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=SHADES(depth), edgecolor="white", lw=1.5))
                ink = "white" if depth > 0.62 else look.INK
                ax.text(x, y, f"{number}", **look.text_style(look.SMALL, ink, ha="center", va="center_baseline"))
    look.row_labels(ax, labels)
    ax.set_ylim(len(shown) - 0.5, -0.5)
    others = f"其余 {len(rest)} 条规则" if zh else f"{len(rest)} more"
    titles = rule_titles(lang) if zh else {}  # English titles are too long for a column
    look.column_heads(ax, ["\n".join(filter(None, [rule or others, titles.get(rule)])) for rule in cells], lang)
    return ax
