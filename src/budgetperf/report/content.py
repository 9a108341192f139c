"""From a dataset to the content of its report: the sections in order, numbered."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from budgetperf import __version__, profiles
from budgetperf.audit.config import load_config
from budgetperf.audit.issues import issues_of
from budgetperf.field.words import say, words
from budgetperf.report.model import Block, Figure, Heading, Report, Table, Text
from budgetperf.report.sections.annexes import method
from budgetperf.report.sections.conclusion import conclusion
from budgetperf.report.sections.evaluation import evaluations
from budgetperf.report.sections.findings import issues, listing
from budgetperf.report.sections.profiles import allocation, indicators, weights
from budgetperf.report.sections.subject import Subject, table, text
from budgetperf.report.sections.years import comparison as year_comparison
from budgetperf.tables.dataset import Dataset
from budgetperf.years import Comparison

FAILED = 25  # documents that could not be read, of which the report tells why
_NUMERALS = "零一二三四五六七八九十"


def compose(
    dataset: Dataset,
    *,
    whole: Dataset | None = None,
    results: Dataset | None = None,
    comparison: Comparison,
    lang: str = "zh",
    source: str | Path | None = None,
    on: date | None = None,
) -> Report:
    """The report on a dataset: conclusion, what was examined, money, indicators, weights, issues, years, self-evaluations,
    two annexes.

    whole: the build that `dataset` is a part of · results: self-evaluations of the same year and units ·
    comparison: over years, `years.nothing(note)` where there is none ·
    source: folder of the original documents, for the crops · on: date of the cover, default today.
    No section is empty: where there is nothing to show, what was examined says so in a sentence.
    """
    scope, on = profiles.scope(dataset), on or date.today()
    whole = dataset if whole is None else whole
    source = Path(source) if source is not None else None
    concerned = issues_of(dataset, config=load_config(dataset.settings, language=lang))  # of findings not yet settled
    subject = Subject(dataset, whole, dataset.findings, concerned, comparison, scope, lang, source, results)
    first = [*conclusion(subject), *examined(subject)]
    chapters = [allocation, indicators, weights, issues, year_comparison, evaluations, listing, method]
    made = [chapter(subject) for chapter in chapters]
    empty = [len(blocks) == 2 and isinstance(blocks[1], Text) for blocks in made]
    missing = [blocks[1] for blocks, is_empty in zip(made, empty, strict=True) if is_empty]
    rest = [block for blocks, is_empty in zip(made, empty, strict=True) if not is_empty for block in blocks]
    blocks = numbered([*first, *missing, *rest], lang)
    where = scope["subject"] or subject.say("未注明单位", "unit not stated")
    when = scope["period"] and subject.say(f"{scope['period']} 年度", scope["period"])
    invented = scope["synthetic"]
    mark = subject.say("【含合成数据，非真实文件】", "[Contains synthetic data] ") if invented else ""
    return Report(
        mark + subject.say("项目支出绩效目标分析报告", "Performance targets of project spending"),
        "　".join(filter(None, [where, when or subject.say("未注明年度", "year not stated")])),
        _facts(subject, on),
        blocks,
        replace(dataset, issues=concerned),
        lang,
        on.isoformat(),
    )


def _facts(subject: Subject, on: date) -> list[tuple[str, str]]:
    scope, data = subject.scope, subject.dataset
    budget = scope["budget_wan_yuan"]
    counted = subject.findings["severity"].value_counts()
    grades = "　".join(f"{say('severity', one, subject.lang)} {counted.get(one, 0):,}" for one in words("severity"))
    facts = [
        ("文件", "Documents", f"{scope['documents']:,}"),
        ("单位", "Budget units", f"{scope['units']:,}"),
        ("项目", "Projects", f"{scope['projects']:,}"),
        ("指标", "Indicators", f"{scope['indicators']:,}"),
        ("预算合计（万元）", "Budget (10,000 yuan)", "—" if budget is None else f"{budget:,f}"),
        ("勾稽校验通过", "Checks passed", f"{int(data.checks['passed'].sum()):,}/{len(data.checks):,}"),
        ("修复", "Repairs", f"{len(data.repairs):,}"),
        ("审计发现", "Findings", grades),
        ("日期", "Date", on.isoformat()),
        ("程序", "Program", f"budgetperf {__version__}"),
    ]
    return [(subject.say(zh, en), value) for zh, en, value in facts]


# ---- what was examined -----------------------------------------------------------------------------------------------


def examined(subject: Subject) -> list[Block]:
    """The documents, what was read of them, and whether it agrees with what they print themselves."""
    blocks: list[Block] = [Heading(1, subject.say("检查范围与核对", "What was examined"))]
    documents, data = subject.dataset.documents, subject.dataset
    if documents.empty:
        return [*blocks, text(subject, "没有读入文件。", "No documents were read.")]
    passed, of = int(data.checks["passed"].sum()), len(data.checks)
    states = documents["status"].value_counts()
    fine, unsure, unread = (int(states.get(state, 0)) for state in ("reconciled", "open", "unreadable"))
    blocks.append(
        text(
            subject,
            f"本报告依据 {len(documents):,} 份文件，其中 {fine:,} 份与自身所印的合计、分值和编码全部相符"
            + (f"，{unsure:,} 份待核" if unsure else "")
            + (f"，{unread:,} 份未能读出" if unread else "")
            + f"；共 {of:,} 项校验，{passed:,} 项通过。",
            f"This report rests on {len(documents):,} documents: {fine:,} agree with the totals, weights and codes they print, "
            f"{unsure:,} are open, {unread:,} could not be read; {passed:,} of {of:,} checks passed.",
        )
    )
    if subject.is_part:
        blocks.append(
            text(
                subject,
                f"数据里另有 {_others(subject):,} 个项目（其他年度或单位），不在本报告范围内；“印刷合计”和“状态”是对整份文件说的。",
                f"{_others(subject):,} more projects (of other years or units) are in the data and not in this report; "
                "printed totals and states are of whole documents.",
                "note",
            )
        )
    listed = _documents(subject).sort_values("status", key=lambda states: states == "reconciled", kind="stable")
    return [*blocks, *table(subject, "documents", listed), *_failures(subject)]  # what is not sure, first


def _others(subject: Subject) -> int:
    return len(subject.whole.projects) - len(subject.dataset.projects)


def _documents(subject: Subject) -> pd.DataFrame:
    data = subject.dataset
    projects, rows = data.projects.groupby("document_id"), data.indicators.groupby("document_id").size()
    budgets = {number: profiles.exact_sum(part["budget_wan_yuan"]) for number, part in projects}
    counted, checks = projects.size(), data.checks.groupby("document_id")["passed"].agg(["sum", "size"])
    numbers = data.documents["document_id"]
    return data.documents.assign(
        projects=[int(counted.get(number, 0)) for number in numbers],
        indicators=[int(rows.get(number, 0)) for number in numbers],
        budget_wan_yuan=pd.Series([budgets.get(number) for number in numbers], dtype=object),
        passed=[f"{checks['sum'].get(number, 0)}/{checks['size'].get(number, 0)}" for number in numbers],
    )


def _failures(subject: Subject) -> list[Block]:
    """Failed checks, and why documents could not be read."""
    data = subject.dataset
    unread = subject.findings[subject.findings["rule"] == "R01"]
    blocks: list[Block] = [Text(message, "warning") for message in unread["message"].head(FAILED)]
    failed = data.checks[~data.checks["passed"]]
    if failed.empty:
        return blocks
    blocks.append(
        text(
            subject,
            f"以下 {len(failed):,} 项校验未通过：有关数字引用前须核对原件。",
            f"{len(failed):,} checks failed: compare these figures with the print before quoting them.",
            "warning",
        )
    )
    return blocks + table(subject, "failed_checks", failed)


# ---- numbers ---------------------------------------------------------------------------------------------------------


def numbered(blocks: list[Block], lang: str) -> list[Block]:
    """The blocks with their numbers: headings 一、（一）1. (annexes carry their own), tables and figures counted through.

    >>> [block.text for block in numbered([Heading(1, "钱"), Heading(2, "表"), Heading(1, "附件一 法", is_annex=True)], "zh")]
    ['一、钱', '（一）表', '附件一 法']
    """
    counts: Counter = Counter()
    return [_with_number(block, counts, lang) for block in blocks]


def _with_number(block: Block, counts: Counter, lang: str) -> Block:
    if isinstance(block, Heading) and not block.is_annex:
        counts[block.level] += 1
        for below in range(block.level + 1, 4):
            counts[below] = 0
        place = [counts[level] for level in range(1, block.level + 1)]
        zh = (f"{_numeral(place[-1])}、", f"（{_numeral(place[-1])}）", f"{place[-1]}. ")[block.level - 1]
        return Heading(block.level, (zh if lang == "zh" else ".".join(map(str, place)) + " ") + block.text)
    if isinstance(block, (Table, Figure)):
        kind = ("表", "Table") if isinstance(block, Table) else ("图", "Figure")
        counts[kind] += 1
        return block._replace(label=f"{kind[lang == 'en']} {counts[kind]}")
    return block


def _numeral(number: int) -> str:
    """1 to 99 in Chinese.

    >>> _numeral(3), _numeral(10), _numeral(14), _numeral(20)
    ('三', '十', '十四', '二十')
    """
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十") + (_NUMERALS[ones] if ones else "")
