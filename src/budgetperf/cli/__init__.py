"""The command line: a thin skin over the library. Nothing heavy is imported before a command runs."""

import argparse
import sys
import traceback

from budgetperf import __version__
from budgetperf.cli.analysis import add_audit, add_charts, add_compare, add_match, add_notebooks, add_rules
from budgetperf.cli.build import add_build, collect_inputs, report_lines
from budgetperf.cli.common import ALL_RECONCILED, HELP_STYLE, INTERRUPTED, Parser, options, stop
from budgetperf.cli.folder import add_init, add_lab
from budgetperf.cli.report import add_evidence, add_report
from budgetperf.errors import InputError

__all__ = ["COMMANDS", "collect_inputs", "main", "report_lines"]


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code: 0 all reconciled, 1 built but something open, 2 nothing written, 130 Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console without Chinese shows ? instead of failing
    parser = _parser()
    try:
        arguments = parser.parse_args(argv)
        if arguments.version:
            print(f"budgetperf {__version__}")
            return ALL_RECONCILED
        if arguments.command is None:
            parser.error("没有给出命令")
        return arguments.run(arguments)
    except SystemExit as leaving:  # argparse: 0 after --help, 2 after a usage error
        return int(leaving.code or 0)
    except InputError as error:
        return stop(str(error))
    except KeyboardInterrupt:
        print("\n已中断，原有的构建结果没有改动。", file=sys.stderr)
        return INTERRUPTED
    except Exception:
        traceback.print_exc()
        return stop("程序内部出错（见上）。请把以上信息连同输入文件报告给维护者。")


COMMANDS = {
    "build": add_build,
    "init": add_init,
    "lab": add_lab,
    "notebooks": add_notebooks,
    "charts": add_charts,
    "audit": add_audit,
    "rules": add_rules,
}
COMMANDS |= {"compare": add_compare, "match": add_match, "report": add_report, "evidence": add_evidence}


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="budgetperf",
        description="把部门预算的项目支出绩效目标表读成数据：修复印刷造成的错乱，用原件自身的合计证明读对了。\n"
        "Reads the performance-target tables of Chinese public budgets and proves the result by their own sums.",
        epilog="例：budgetperf build 预算公开/ --out 数据/   每个命令的说明：budgetperf 命令 --help",
        **HELP_STYLE,
    )
    options(parser).add_argument("--version", action="store_true", help="显示版本")
    commands = parser.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=Parser)
    for add in COMMANDS.values():
        add(commands)
    return parser
