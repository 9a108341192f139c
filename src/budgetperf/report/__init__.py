"""Reports for people without Python: one content (`compose`), written as Word, as an Excel working paper, as HTML.

`write_report` chooses the writer by the file's suffix; `write_evidence_sheets` makes 取证单 of chosen findings.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from budgetperf import profiles, years
from budgetperf.audit.config import SEVERITIES, load_config
from budgetperf.audit.decisions import apply_decisions, read_decisions
from budgetperf.audit.issues import issues_of
from budgetperf.audit.kinds import kind_of
from budgetperf.audit.load import all_rules
from budgetperf.audit.overview import open_findings
from budgetperf.audit.run import audit
from budgetperf.errors import InputError
from budgetperf.report.content import compose
from budgetperf.report.model import Report
from budgetperf.report.word.evidence_sheets import write_evidence_sheets
from budgetperf.tables.dataset import Dataset

__all__ = [
    "FORMATS",
    "chosen_findings",
    "compose",
    "report_on",
    "with_findings",
    "write_evidence_sheets",
    "write_report",
]

FORMATS = ("docx", "xlsx", "html")
Progress = Callable[[int, int, str], None]


def write_report(
    dataset: Dataset,
    path: str | Path,
    *,
    format: str | None = None,
    unit: str | None = None,
    year: int | None = None,
    kind: str | None = None,
    lang: str = "zh",
    source: str | Path | None = None,
    template: str | Path | None = None,
    decisions: str | Path | None = None,
    mapping: str | Path | None = None,
    page_numbers: bool = True,
    progress: Progress | None = None,
) -> Path:
    """Write the report on a dataset, or on a year and a unit of it, to `path`; the path written.

    format: docx, xlsx or html, by default what the suffix says · year, kind (targets or self_evaluation): by default the newest year of the fullest kind, compared with the years before ·
    source: folder of the original documents, for the crops (default data/raw) · template: a .docx whose styles, page setup, headers and footers are used · decisions,
    mapping: the auditors' files (defaults as configured) · page_numbers: of the contents, where LibreOffice is installed ·
    progress(done, total, words).
    Raises InputError for an unknown format or language, a year or unit that is not there, files that cannot be used.
    """
    path, format = _target(Path(path), format)
    if template is not None and format != "docx":
        raise InputError(f"模板只用于 Word（docx），这次写的是 {format}。没有写出任何文件。请去掉模板或改用 docx。")
    report = report_on(
        dataset, unit=unit, year=year, kind=kind, lang=lang, source=source, decisions=decisions, mapping=mapping
    )
    if format == "docx":
        from budgetperf.report.word.document import write_word

        return write_word(report, path, template=template, page_numbers=page_numbers, progress=progress)
    if format == "xlsx":
        from budgetperf.report.workbook.book import write_workbook

        return write_workbook(report, path, progress=progress)
    from budgetperf.report.web import write_web

    return write_web(report, path, progress=progress)


def report_on(
    dataset: Dataset,
    *,
    unit: str | None = None,
    year: int | None = None,
    kind: str | None = None,
    lang: str = "zh",
    source: str | Path | None = None,
    decisions: str | Path | None = None,
    mapping: str | Path | None = None,
) -> Report:
    """The content of the report on a year (default: the last) and a unit of a dataset; arguments and errors as in
    `write_report`."""
    asked = profiles.part(dataset, year=year, unit=unit, kind=kind)  # what is not there is said before the long work
    year = next(iter(years.years_of(asked)), None)  # amounts of several years are compared, never added up
    whole = with_findings(dataset, lang, decisions)
    comparison = years.compare_up_to(whole, year, unit=unit, mapping=mapping)
    chosen = profiles.part(whole, year=year, unit=unit, kind=kind)
    try:
        results = profiles.part(whole, year=year, unit=unit, kind="self_evaluation")
    except InputError:
        results = None
    return compose(chosen, whole=whole, results=results, comparison=comparison, lang=lang, source=source)


def with_findings(dataset: Dataset, lang: str = "zh", decisions: str | Path | None = None) -> Dataset:
    """The dataset with its findings in a language, and what auditors have decided about them by now."""
    config = load_config(dataset.settings, language=lang)
    if lang == "zh":
        found = apply_decisions(dataset.findings, read_decisions(decisions or config.decisions))
    else:
        found = audit(dataset, config, decisions=decisions)  # a build keeps the Chinese sentences only
    return replace(dataset, findings=found)


def chosen_findings(
    dataset: Dataset,
    *,
    year: int | None = None,
    unit: str | None = None,
    kind: str | None = None,
    numbers: Iterable[str] = (),
    rules: Iterable[str] = (),
    severity: str | None = None,
    confirmed: bool = False,
) -> pd.DataFrame:
    """Findings for evidence sheets: those named (finding_no or finding_id), else of one year and kind those of rules, or of
    issues of a severity (default E) and graver, or confirmed by an auditor.

    A sealed page carries no doubt: what rests on a reading that is not certain, says how a document was read, or was
    dismissed or explained is there only where it is named or, if in doubt, confirmed.
    Raises InputError for a number that no finding has, and for a rule that there is none of.

    >>> len(chosen_findings(Dataset.empty(), severity="W"))
    0
    """
    numbers, rules = set(map(str, numbers)), set(rules)
    found = dataset.findings
    no_rules = rules - {one.id for one in all_rules()} - set(found["rule"])
    if no_rules:
        raise InputError(f"没有规则 {'、'.join(sorted(no_rules))}。没有写出任何文件。可用 budgetperf rules 查看。")
    if numbers:
        named = found["finding_no"].astype(str).isin(numbers) | found["finding_id"].isin(numbers)
        unknown = numbers - set(found["finding_no"].astype(str)) - set(found["finding_id"])
        if unknown:
            raise InputError(
                f"没有编号为 {'、'.join(sorted(unknown))} 的审计发现。没有写出任何文件。请用 budgetperf audit 查看。"
            )
        return found[named]
    part = profiles.part(dataset, year=year, unit=unit, kind=kind)
    left = part.findings[part.findings["rule"].map(kind_of).notna()]
    if confirmed:
        left = left[left["decision"] == "confirmed"]
    else:
        left = open_findings(left)
        left = left[~left["uncertain"].astype(bool) | (left["decision"] == "confirmed")]
    if rules:
        left = left[left["rule"].isin(rules)]
    if severity or not (rules or confirmed):
        grades = SEVERITIES[: SEVERITIES.index(severity or "E") + 1]
        issues = issues_of(part, left)
        grave = {number for one in issues.loc[issues["severity"].isin(grades), "findings"] for number in one.split(",")}
        left = left[left["finding_no"].astype(str).isin(grave)]
    return left


def _target(path: Path, format: str | None) -> tuple[Path, str]:
    """The file to write and its format, where suffix and format do not contradict each other."""
    suffix = path.suffix.lower().lstrip(".")
    suffix = "html" if suffix == "htm" else suffix
    known = "、".join(FORMATS)
    if (format or suffix) not in FORMATS:
        raise InputError(
            f"不知道写成哪种格式：{format or path.name or path}。没有写出任何文件。"
            f"请给文件名加上扩展名或用 format 指明，可用的格式：{known}。"
        )
    if suffix in FORMATS and format not in (None, suffix):
        raise InputError(f"{path.name} 的扩展名与格式 {format} 不符。没有写出任何文件。请改其中之一。")
    format = format or suffix
    path = path if suffix == format else path.with_name(f"{path.name}.{format}")
    if path.is_dir():  # said before the long work
        raise InputError(f"{path} 是文件夹，不能写成文件。没有写出任何文件。请换一个文件名。")
    return path, format
