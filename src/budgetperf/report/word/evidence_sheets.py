"""审计取证单 as Word: a page a finding, or a page a project or unit with the chosen findings listed."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from budgetperf.audit.load import all_rules
from budgetperf.audit.registry import Rule
from budgetperf.errors import InputError
from budgetperf.report.model import clean, printed, shortened
from budgetperf.report.word import parts, styles
from budgetperf.report.word.paper import Paper, close, describe, paper_for, saved, with_suffix
from budgetperf.report.word.parts import lines_needed, paragraph, run
from budgetperf.report.word.sheet_facts import Sources, doubts_of, fact_of, figures_of, place_in_print
from budgetperf.report.word.sheet_form import (
    LABEL,
    LINE,
    PAD,
    SHEET,
    SIZE,
    SMALL,
    SMALL_LINE,
    Line,
    form,
    short_line,
    shortened_to,
    text_line,
    words_in,
)
from budgetperf.report.words import DECISIONS, SEVERITIES, say, view_in
from budgetperf.tables.dataset import Dataset

MOST_SHEETS = 500
MARGINS = (20, 20, 18, 22)  # millimetres: top, right, bottom, left
TITLE_HEIGHT, OPINION, LEAST_CROP, SLACK = 46.0, 84.0, 34.0, 26.0
LEAST_FIGURES, LEAST_REPLY, MOST_REPLY = 74.0, 54.0, 110.0
CROPS = 3  # on one sheet
NEEDED = [
    "document_id",
    "project_no",
    "indicator_no",
    "rule",
    "severity",
    "message",
    "basis",
    "uncertain",
    "page",
    "finding_id",
]
DECIDED = ("decision", "decision_reason", "decided_by")
BY = ("finding", "project", "unit")
WORDS = {
    "title": ("审计取证单", "Audit evidence sheet"),
    "number": ("第 {0} 号（共 {1} 号）", "No. {0} of {1}"),
    "id": ("编号", "Number"),
    "severity": ("级别", "Severity"),
    "unit": ("被审计（调查）单位", "Unit audited"),
    "matter": ("审计（调查）事项", "Matter"),
    "project": ("项目", "Project"),
    "budget": ("预算数 {0} 万元", "budget {0} (10,000 yuan)"),
    "year": ("{0} 年度", "{0}"),
    "whole": ("整份文件：{0}", "Whole document: {0}"),
    "fact": ("审计（调查）事实", "Facts"),
    "figures": ("有关数据", "Figures"),
    "crop": ("证据", "Evidence"),
    "source": ("出处", "Source"),
    "page": ("第 {0} 页", "p. {0}"),
    "sha256": ("sha256 {0}…", "sha256 {0}…"),
    "basis": ("依据", "Basis"),
    "doubt": ("不确定", "Doubt"),
    "decision": ("处理决定", "Decision"),
    "decided": ("{0}。理由：{1}。处理人：{2}。", "{0}. Reason: {1}. By: {2}."),
    "opinion": ("被审计（调查）单位意见", "Reply of the unit"),
    "sign_unit": ("负责人签字：　　　　　　　　（盖章）　　　　　年　　月　　日", "Signed:                         (seal)                 Date:"),
    "auditor": ("审计人员", "Auditor"),
    "reviewer": ("复核人员", "Reviewer"),
    "sign": ("签字：　　　　　年　 月　 日", "Signed:             Date:"),
    "no_unit": ("未注明单位", "unit not stated"),
    "no_crop": ("本页放不下截图，请看原件{0}。", "No room for a crop: see the document, {0}."),
    "more": ("其余 {0} 行见 Excel 底稿。", "{0} more rows are in the Excel working paper."),
    "chars": ("（共 {0:,} 字）", " ({0:,} characters)"),
    "objective": ("绩效目标：", "Objective: "),
}  # fmt: skip


def write_evidence_sheets(
    dataset: Dataset,
    findings: pd.DataFrame,
    path: str | Path,
    *,
    by: str = "finding",
    source: str | Path | None = None,
    lang: str = "zh",
    template: str | Path | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Path:
    """Write 审计取证单 for `findings` (rows of `dataset.findings`) as .docx; the path written.

    by: a sheet for each "finding", or for each "project" or "unit" with its chosen findings listed · source: folder of
    the original documents, for the crops · template: as of `write_word`. A sheet is one page: crop, long objective and
    long lists give way to the facts; only where the facts alone fill more than a page does it go on to a second.
    Raises InputError where nothing is chosen or more than MOST_SHEETS sheets would be made, for findings that are not
    of this dataset, and where template or path cannot be used.
    """
    if by not in BY:
        raise InputError(f"取证单不能按“{by}”分页。没有写出任何文件。请用其中之一：{'、'.join(BY)}。")
    if lang not in ("zh", "en"):
        raise InputError(f"没有语言 {lang}。没有写出任何文件。请用 zh 或 en。")
    path = Path(path)
    if path.suffix.lower() not in ("", ".docx"):
        raise InputError(f"取证单写成 Word（.docx），不能写成 {path.name}。没有写出任何文件。请改扩展名。")
    path = with_suffix(path)
    sources = Sources(dataset, source)
    groups = _groups(dataset, findings, by)
    rules = {one.id: one for one in all_rules()}
    title = WORDS["title"][lang == "en"]
    values = {"标题": title, "副标题": "", "日期": ""} | {"title": title, "subtitle": "", "date": ""}
    paper, _, stays = paper_for(template, lang, MARGINS, values, None)
    paper.new_page = stays and paper.anchor.getprevious() is not None
    for number, rows in enumerate(groups, 1):
        _sheet(paper, sources, rules, rows, number, len(groups))
        paper.new_page = True
        if progress:
            progress(number, len(groups), str(rows[0].finding_id))
    paper.new_page = False
    close(paper)
    describe(paper.document, title, f"{len(groups)}", lang)
    return saved(paper.document, path)


def _groups(dataset: Dataset, findings: pd.DataFrame, by: str) -> list[list]:
    """The rows of each sheet, in their order; the most grave first where a sheet has several."""
    missing = [name for name in NEEDED if name not in findings]
    if missing:
        raise InputError(
            f"所给的审计发现缺少列 {'、'.join(missing)}。没有写出任何文件。请从 dataset.findings 中选取整行。"
        )
    if findings.empty:
        raise InputError(
            "没有选中任何审计发现。没有写出任何文件。请放宽选择条件，或先用 budgetperf audit 查看有哪些发现。"
        )
    known = set(dataset.documents["document_id"])
    strange = [one for one in findings["document_id"] if one not in known]
    if strange:
        raise InputError(
            f"有 {len(strange)} 条审计发现不属于这些数据（文件 {strange[0]}）。没有写出任何文件。请用同一次构建的数据和发现。"
        )
    units = dataset.projects.set_index(["document_id", "project_no"])["unit_name"].to_dict()
    names = dataset.projects.groupby("document_id")["unit_name"].unique()
    alone = {number: of[0] for number, of in names.items() if len(of) == 1 and isinstance(of[0], str)}
    chosen = findings.assign(**{name: None for name in DECIDED if name not in findings})
    groups: dict = {}
    for k, row in enumerate(chosen.itertuples()):
        project = None if pd.isna(row.project_no) else int(row.project_no)
        unit = alone.get(row.document_id) if project is None else units.get((row.document_id, project))
        unit = unit if isinstance(unit, str) else row.document_id
        key = {"finding": k, "project": (row.document_id, project), "unit": unit}[by]
        groups.setdefault(key, []).append(row)
    if len(groups) > MOST_SHEETS:
        fix = "请选得更少，或按项目、按单位合在一张（by：project、unit）"
        raise InputError(f"要写 {len(groups):,} 张取证单，多于 {MOST_SHEETS} 张。没有写出任何文件。{fix}。")
    return [sorted(rows, key=lambda row: "EWI".find(row.severity)) for rows in groups.values()]


# ---- a sheet ---------------------------------------------------------------------------------------------------------


def _sheet(paper: Paper, sources: Sources, rules: dict[str, Rule], rows: list, number: int, of: int) -> None:
    first, words = rows[0], _words(paper.lang)
    width = paper.across - LABEL
    project = sources.project(first)
    whole_document = all(pd.isna(row.project_no) for row in rows)
    several_projects = len({(row.document_id, row.project_no) for row in rows}) > 1
    lines = [_id_line(paper, rows, words)]
    lines.append(text_line(paper, words("unit"), [_unit(sources, first) or words("no_unit")]))
    matters = [f"{rule} {_title(rules, rule, paper.lang)}".rstrip() for rule in dict.fromkeys(row.rule for row in rows)]
    size = SIZE if len(rows) == 1 else SMALL
    lines.append(text_line(paper, words("matter"), ["；".join(matters)], size))
    if not several_projects:
        of_project = (
            _project_words(sources, first, words)
            if not whole_document
            else words("whole", sources.document(first)["title"] or "")
        )
        lines.append(text_line(paper, words("project"), [of_project]))
    facts = [fact_of(row, sources.project(row), of_project=several_projects) for row in rows]
    if len(rows) > 1:
        facts = [
            f"{k}. [{row.severity} {row.rule}] {fact}（{row.finding_id}）"
            for k, (row, fact) in enumerate(zip(rows, facts, strict=True), 1)
        ]
    lines.append(text_line(paper, words("fact"), facts, size, whole=False))
    room, tail = -1.0, []
    for tight in (False, True):
        if room < LEAST_FIGURES:
            tail = _tail(paper, sources, rules, rows, words, tight)
            room = paper.down - TITLE_HEIGHT - SLACK - sum(line.height for line in [*lines, *tail])
    # what gives way, in this order: the objective, the crops, further rows of figures
    frame = figures_of(sources, rows, paper.lang)
    figures, height = _figures(paper, frame, width, words, room - LEAST_CROP) if room > LEAST_FIGURES else ([], 0.0)
    lines.append(Line([(words("figures"), figures)], height)) if figures else None
    room -= height
    about_project = project is not None and any(pd.isna(row.indicator_no) for row in rows) and not several_projects
    crops, height = _crops(paper, sources, rows, width, room - (30 if about_project else 0), words)
    if room > SMALL_LINE + PAD:
        lines.append(Line([(words("crop"), crops)], height))
        room -= height
    if about_project and isinstance(project["objective"], str):
        text = shortened_to(clean(project["objective"]), words("objective"), width, room - PAD, words)
        if text:
            lines.insert(4, text_line(paper, "", [text], size=SMALL))
            room -= lines[4].height
    least = LEAST_REPLY - OPINION  # what is short by so little gets less room for the reply, not a second page
    spare = SLACK + 0.15 * paper.down  # heights are estimated on the safe side
    room = 0.0 if room < least - spare else max(least, room)
    tail[-2] = _reply(paper, words, OPINION + min(room, MOST_REPLY))
    paper.add(paragraph(paper.ids["Sheet Title"], [run(words("title"))]))
    paper.add(paragraph(paper.ids["Sheet Number"], [run(words("number", number, of))]))
    paper.add(form([*lines, *tail], paper))


def _words(lang: str):
    return lambda key, *values: WORDS[key][lang == "en"].format(*values)


def _title(rules: dict[str, Rule], rule: str, lang: str) -> str:
    known = rules.get(rule)
    return "" if known is None else known.title_en if lang == "en" else known.title


def _unit(sources: Sources, row) -> str:
    project = sources.project(row)
    names = [project["unit_name"]] if project is not None else sources.units(row)
    return "、".join(dict.fromkeys(name for name in names if isinstance(name, str)))


def _id_line(paper: Paper, rows: list, words) -> Line:
    grades = list(dict.fromkeys(row.severity for row in rows))
    grade = "、".join(f"{one} {say(SEVERITIES, one, paper.lang)}" for one in grades)
    ids = str(rows[0].finding_id) if len(rows) == 1 else f"{rows[0].finding_id} … ({len(rows)})"
    made = [words_in(paper, ids), words_in(paper, grade)]
    return Line([(words("id"), made[0]), (words("severity"), made[1])], LINE + PAD)


def _project_words(sources: Sources, row, words) -> str:
    project = sources.project(row)
    if project is None:
        return words("whole", "")
    known = {
        name: printed(project[name]) for name in ("project_name", "project_code", "budget_wan_yuan", "fiscal_year")
    }
    name = short_line(known["project_name"], 160) + (f"（{known['project_code']}）" if known["project_code"] else "")
    more = [words("budget", known["budget_wan_yuan"])] if known["budget_wan_yuan"] else []
    more += [words("year", known["fiscal_year"])] if known["fiscal_year"] else []
    return "，".join([f"{int(row.project_no)}. {name}", *more])


def _tail(paper: Paper, sources: Sources, rules: dict[str, Rule], rows: list, words, tight: bool) -> list[Line]:
    """What stands below the evidence: source, basis, doubt, decision, reply and signatures; tight: in few words."""
    places = []
    for number in dict.fromkeys(row.document_id for row in rows):
        document = sources.document(next(row for row in rows if row.document_id == number))
        pages = sorted({int(row.page) for row in rows if row.document_id == number and pd.notna(row.page)})
        known = [short_line(str(document["source"]), 120)]
        known += [words("page", "、".join(map(str, pages)))] if pages else []
        known += [words("sha256", document["sha256"][:12])] if isinstance(document["sha256"], str) else []
        places.append("　".join(known))
    bases = list(dict.fromkeys(str(row.basis) for row in rows if isinstance(row.basis, str)))
    lines = [text_line(paper, words("source"), _few(places, 1 if tight else 4, words), SMALL)]
    lines.append(text_line(paper, words("basis"), ["；".join(bases) or "—"], SMALL, whole=False))
    doubts = doubts_of(sources, rules, rows, paper.lang)
    if doubts:
        lines.append(text_line(paper, words("doubt"), doubts[:1] if tight else doubts, SMALL))
    decided = [
        ("" if len(rows) == 1 else f"{row.finding_id}：")
        + words(
            "decided",
            say(DECISIONS, row.decision, paper.lang),
            printed(row.decision_reason) or "—",
            printed(row.decided_by) or "—",
        )
        for row in rows
        if isinstance(row.decision, str)
    ]
    if decided:
        lines.append(text_line(paper, words("decision"), decided, SMALL, whole=False))
    lines.append(_reply(paper, words, OPINION))
    signs = [[paragraph(paper.ids[SHEET], [run(words("sign"))], before=LINE / 2)] for _ in range(2)]
    lines.append(Line([(words("auditor"), signs[0]), (words("reviewer"), signs[1])], 1.5 * LINE + PAD))
    return lines


def _reply(paper: Paper, words, height: float) -> Line:
    """Room for the unit's reply, its signature at the foot."""
    blank = paragraph(paper.ids[SHEET], [run(words("sign_unit"))], before=height - LINE - PAD)
    return Line([(words("opinion"), [blank])], height)


def _few(texts: list[str], most: int, words) -> list[str]:
    return texts if len(texts) <= most else [*texts[:most], words("more", len(texts) - most)]


# ---- figures and crops -----------------------------------------------------------------------------------------------


def _figures(paper: Paper, frame: pd.DataFrame, width: float, words, room: float) -> tuple[list, float]:
    """(the figures as a table within a cell, their height); rows that find no room are said to be elsewhere."""
    if frame.empty:
        return [], 0.0
    inner = width - 12
    head = list(frame.columns)
    rows = [
        [shortened(printed(value, paper.lang), 90) for value in row] for row in frame.itertuples(index=False, name=None)
    ]
    solid = [name in NUMBERS for name in head]
    texts = [[name, *(row[k] for row in rows)] for k, name in enumerate(head)]
    for size in (SMALL, 8, 7, 6):
        widths, fits = parts.column_widths(texts, solid, inner / size)
        if fits:
            break
    points = [one * size for one in widths]
    high = [
        max(lines_needed(text, points[k] - 9, size) for k, text in enumerate(row)) * size * 1.4 + 4
        for row in [head, *rows]
    ]
    shown = len(rows)
    while shown > 1 and sum(high[: shown + 1]) + (SMALL_LINE if shown < len(rows) else 0) > max(room, 60):
        shown -= 1
    right = [[False] * len(head), *([solid] * shown)]
    grid = parts.Grid(head, rows[:shown], right, points, size)
    made = [parts.table(grid, paper.ids[styles.TABLE], paper.ids[styles.TABLE_TEXT])]
    height = sum(high[: shown + 1]) + PAD + 4
    left = len(rows) - shown
    if left:
        made += words_in(paper, words("more", left), SMALL)
        height += SMALL_LINE
    else:
        made.append(parts.tiny_paragraph())
    return made, height


NUMBERS = {
    "序号", "指标值", "分值权重", "预算数（万元）", "指标数", "得分", "分值合计", "执行率权重", "执行数（万元）", "执行率（%）",
    "印刷合计（万元）", "项目数", "No.", "Target", "Weight", "Budget", "Indicators", "Score", "Sum of weights", "Execution weight",
    "Executed", "Execution rate (%)", "Printed total", "Projects",
}  # fmt: skip


def _crops(paper: Paper, sources: Sources, rows: list, width: float, room: float, words) -> tuple[list, float]:
    """(crops of print with their captions, height): as many as there is room for, the most grave finding's first."""
    made, height, said, seen = [], PAD, set(), set()
    placed = [place for row in rows if (place := place_in_print(row))[1] is not None]
    for place in placed:
        if place in seen or len(seen) >= CROPS:
            continue
        seen.add(place)
        left = room - height
        caption_room = 2 * SMALL_LINE
        if left < LEAST_CROP + caption_room:
            break
        try:
            view = view_in(sources.view(*place), paper.lang)
        except InputError as error:
            notes, view = [str(error)], None
        else:
            notes = [*view.notes]
        notes = [shortened(note, 150) for note in notes if note not in said and not said.add(note)]
        caption_lines = [*([short_line(view.caption, 120)] if view else []), *notes]
        high = sum(lines_needed(text, width - 10, SMALL) for text in caption_lines) * SMALL_LINE
        if view is not None and left - high - 6 >= LEAST_CROP:
            most = left - high - 6 if len(placed) == 1 else min(left - high - 6, max(LEAST_CROP, room / 2.5))
            image, across, down = parts.crop_of(view, width - 12, most)
            picture = parts.picture_run(
                paper.document.part, parts.crop_png(image, across), across, down, caption_lines[0]
            )
            made.append(paragraph(paper.ids[styles.FIGURE], [picture], keep_next=True, before=2))
            height += down + 4
        made += [one for text in caption_lines for one in words_in(paper, text, SMALL)]
        height += high
    if not made:
        pages = sorted({int(row.page) for row in rows if pd.notna(row.page)})
        where = words("page", "、".join(map(str, pages))) if pages else ""
        text = words("no_crop", where) if placed else "—"
        return words_in(paper, text, SMALL), SMALL_LINE + PAD
    return made, height
