"""The commands that write for others: report (Word, Excel, HTML) and evidence (取证单)."""

import argparse
from pathlib import Path

from budgetperf.cli.analysis import add_part, figures_are_for
from budgetperf.cli.build import progress_bar
from budgetperf.cli.common import ALL_RECONCILED, add_command, here, must_exist, one_line, say

NAMES = {  # what stands on every sheet
    "audit": "审计项目名称；默认 budgetperf.toml 的 [evidence]，没有则留空手填，下同",
    "prepared_by": "编制人",
    "reviewed_by": "复核人",
    "date": "编制日期",
    "reply_by": "被审计单位的反馈期限",
}
EPILOG = "退出码：0 已写出；2 命令或输入有误，没有写出任何文件。"


def add_report(commands) -> None:
    parameters = add_command(
        commands,
        "report",
        _report,
        help="写出报告：Word、Excel 底稿或网页 (write the report)",
        description="由构建结果写出报告：Word 报告（docx）、带实时公式的 Excel 底稿（xlsx）或单个网页文件（html）。\n"
        "Writes the report on a build as Word, as an Excel working paper with live formulas, or as one HTML file.",
        epilog=EPILOG,
    )
    parameters.add_argument("--format", choices=["docx", "xlsx", "html"], help="格式；默认看 --out 的扩展名")
    parameters.add_argument("--out", type=here, required=True, metavar="FILE", help="写成哪个文件")
    _add_common(parameters)
    parameters.add_argument("--mapping", type=Path, metavar="FILE", help="人工对应表；默认 data/mapping.csv")


def add_evidence(commands) -> None:
    parameters = add_command(
        commands,
        "evidence",
        _evidence,
        help="把审计发现写成取证单 (write evidence sheets)",
        description="把审计问题写成取证单（Word）：一个单位的一个问题一张，事实与证据、签章处，后附原件截图。\n"
        "不作选择时为须说明（E）的问题中没有处理、读数确定的发现。Writes one sheet an issue of a unit, with the print.",
        epilog=EPILOG,
    )
    parameters.add_argument("--out", type=here, required=True, metavar="FILE", help="写成哪个 .docx 文件")
    _add_common(parameters)
    parameters.add_argument(
        "--finding", action="append", default=[], metavar="ID", help="这条发现（编号或 finding_id），可重复"
    )
    parameters.add_argument("--rule", action="append", default=[], metavar="ID", help="这条规则的发现，可重复")
    parameters.add_argument("--severity", choices=["E", "W", "I"], metavar="E|W|I", help="此级别及以上的问题")
    parameters.add_argument("--confirmed", action="store_true", help="只要审计人员判为属实（确认）的")
    parameters.add_argument(
        "--by",
        choices=["issue", "finding", "unit"],
        default="issue",
        help="一个问题、一条发现还是一个单位一张；默认 issue",
    )
    for name, words in NAMES.items():
        parameters.add_argument(f"--{name.replace('_', '-')}", default="", metavar="文字", help=words)


def _add_common(parameters) -> None:
    add_part(parameters)
    parameters.add_argument("--lang", choices=["zh", "en"], default="zh", help="语言；默认 zh")
    parameters.add_argument("--raw", type=Path, metavar="DIR", help="原件在哪里，用来截图；默认 data/raw/")
    parameters.add_argument("--template", type=Path, metavar="FILE", help="自己的 Word 模板（.docx）")
    parameters.add_argument("--decisions", type=Path, metavar="FILE", help="处理决定；默认 data/decisions.csv")


def _checked(arguments: argparse.Namespace) -> None:
    must_exist(*(getattr(arguments, name, None) for name in ("raw", "template", "decisions", "mapping")))


def _report(arguments: argparse.Namespace) -> int:
    _checked(arguments)
    from budgetperf import report
    from budgetperf.tables import store

    dataset = store.load(arguments.data)
    with progress_bar("步") as progress:
        path = report.write_report(
            dataset,
            arguments.out,
            format=arguments.format,
            unit=arguments.unit,
            year=arguments.year,
            kind=arguments.kind,
            lang=arguments.lang,
            source=arguments.raw,
            template=arguments.template,
            decisions=arguments.decisions,
            mapping=arguments.mapping,
            progress=progress,
        )
    say([*figures_are_for(dataset, arguments), f"已写入 {one_line(str(path))}"])
    return ALL_RECONCILED


def _evidence(arguments: argparse.Namespace) -> int:
    _checked(arguments)
    from budgetperf import report
    from budgetperf.tables import store

    dataset = report.with_findings(store.load(arguments.data), arguments.lang, arguments.decisions)
    found = report.chosen_findings(
        dataset,
        year=arguments.year,
        unit=arguments.unit,
        kind=arguments.kind,
        numbers=arguments.finding,
        rules=arguments.rule,
        severity=arguments.severity,
        confirmed=arguments.confirmed,
    )
    sheets = 0

    def counted(done: int, total: int, words: str) -> None:
        nonlocal sheets
        sheets = total
        if progress:
            progress(done, total, words)

    with progress_bar("张") as progress:
        path = report.write_evidence_sheets(
            dataset,
            found,
            arguments.out,
            by=arguments.by,
            names={name: getattr(arguments, name) for name in NAMES},
            source=arguments.raw,
            lang=arguments.lang,
            template=arguments.template,
            progress=counted,
        )
    doubted = int(found["uncertain"].astype(bool).sum())
    said = f"，其中 {doubted} 条依据了没有十足把握的读数，用印前须核对原件" if doubted else ""
    say([f"已写入 {one_line(str(path))}：取证单 {sheets} 张，发现 {len(found)} 条{said}"])
    return ALL_RECONCILED
