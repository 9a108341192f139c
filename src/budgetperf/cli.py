"""The command line: a thin skin over the library. Nothing heavy is imported before a command runs."""

import argparse
import difflib
import os
import re
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from budgetperf import __version__
from budgetperf.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from budgetperf.schemas import Dataset

RAW, CLEAN = Path("data/raw"), Path("data/clean")
# .doc and .wps cannot be read, but a folder that holds one must not pass over it in silence.
SUFFIXES = {".pdf", ".xlsx", ".xlsm", ".xls", ".docx", ".html", ".htm", ".txt", ".tsv", ".csv", ".doc", ".wps"}
STATUS_WORDS = {"reconciled": "勾稽一致", "open": "待核", "unreadable": "无法读取"}
REASONS_SHOWN = 20
ALL_RECONCILED, SOME_OPEN, USAGE, INTERRUPTED = 0, 1, 2, 130


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
        return _stop(str(error))
    except KeyboardInterrupt:
        print("\n已中断，原有的构建结果没有改动。", file=sys.stderr)
        return INTERRUPTED
    except Exception:
        traceback.print_exc()
        return _stop("程序内部出错（见上），没有写出任何文件。请把以上信息连同输入文件报告给维护者。")


def _stop(message: str) -> int:
    print(f"budgetperf：{message}", file=sys.stderr)
    return USAGE


def _say(lines: list[str]) -> None:
    try:
        print("\n".join(lines), flush=True)
    except BrokenPipeError:  # the reader of our output, such as head, has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# ---- budgetperf build ------------------------------------------------------------------------------------------------


def _add_build(commands) -> None:
    parameters = _add_command(
        commands,
        "build",
        _build,
        help="读取文件，修复、校验并写出数据表 (read, repair, check and store documents)",
        description="读取绩效目标表，修复印刷造成的错乱，用原件自身的合计校验，写出数据表（CSV 和 Parquet）。\n"
        "Reads documents, repairs what print did to them, checks them by their own sums, writes the tables.",
        epilog="退出码：0 全部勾稽一致；1 已写出，但有文件待核或无法读取；2 命令或输入有误，没有写出任何文件。",
    )
    parameters.add_argument("inputs", nargs="*", type=Path, metavar="INPUT", help="文件或文件夹；不写则为 data/raw/")
    parameters.add_argument("--out", type=Path, default=CLEAN, metavar="DIR", help="写到哪里；默认 data/clean/")
    parameters.add_argument("--no-repair", action="store_true", help="不修复，照读出的原样写出 (the print as read)")


def _build(arguments: argparse.Namespace) -> int:
    paths = collect_inputs(arguments.inputs or [RAW], arguments.out)
    if arguments.out.exists() and not arguments.out.is_dir():
        raise InputError(f"--out {arguments.out} 不是文件夹。没有写出任何文件。请换一个文件夹。")

    from budgetperf import pipeline, store

    with _progress() as progress:
        dataset = pipeline.build(paths, repair=not arguments.no_repair, progress=progress)
    lines = list(report_lines(dataset))
    store.save(dataset, arguments.out)
    _say([*lines, f"已写入 {arguments.out}"])
    return ALL_RECONCILED if (dataset.documents["status"] == "reconciled").all() else SOME_OPEN


def collect_inputs(inputs: list[Path], out: Path | None = None) -> list[Path]:
    """The documents that `inputs` name, each once, sorted: files as given, folders as every document below them.

    Below a folder hidden files, lock files (~$x.xlsx) and the build's own folder `out` are passed over.
    Raises InputError where an input does not exist or there is nothing to read.
    """
    missing = [str(path) for path in inputs if not path.exists()]
    if missing:
        raise InputError(f"找不到输入：{'、'.join(missing)}。没有写出任何文件。请检查路径，或先把文件放进该文件夹。")
    found = {}
    for path in inputs:
        for document in _documents_below(path, out) if path.is_dir() else [path]:
            found.setdefault(document.resolve(), document)
    if not found:
        kinds = " ".join(sorted(SUFFIXES))
        raise InputError(
            f"{'、'.join(map(str, inputs))} 里没有可读的文件。没有写出任何文件。请放入这些格式的文件：{kinds}。"
        )
    return [found[resolved] for resolved in sorted(found)]


def _documents_below(folder: Path, out: Path | None):
    own = out.resolve() if out else None
    for parent, folders, names in os.walk(folder, onerror=_unreadable_folder):
        folders[:] = [name for name in folders if not name.startswith(".") and (Path(parent) / name).resolve() != own]
        for name in names:
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith((".", "~$")):
                yield Path(parent) / name


def _unreadable_folder(error: OSError):
    raise InputError(f"读不了文件夹 {error.filename}（{error.strerror}）。没有写出任何文件。请检查权限。") from error


@contextmanager
def _progress():
    """Yields the pipeline's progress(done, total, path), a bar where stderr is a terminal, else None."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(unit="份", leave=False, file=sys.stderr) as bar:

        def progress(done: int, total: int, path) -> None:
            bar.total, bar.n = total, done
            bar.set_postfix_str(_one_line(Path(path).name))  # draws the bar

        yield progress


def report_lines(dataset: "Dataset"):
    """One line a document, then for each that is not reconciled the reasons."""
    documents = list(_rows(dataset.documents))
    parts = {
        name: dict(iter(frame.groupby("document_id"))) for name, frame in dataset.tables().items() if name != "cells"
    }

    def part(document) -> dict[str, "pd.DataFrame"]:
        return {name: by_id.get(document.document_id, getattr(dataset, name)[:0]) for name, by_id in parts.items()}

    for document in documents:
        yield _document_line(document, part(document))
    for document in documents:
        if document.status != "reconciled":
            yield f"{_one_line(document.source)}（{STATUS_WORDS[document.status]}）："
            reasons = _reasons(part(document))
            yield from (f"  - {_one_line(reason)}" for reason in reasons[:REASONS_SHOWN])
            if len(reasons) > REASONS_SHOWN:
                yield f"  - ……另有 {len(reasons) - REASONS_SHOWN} 条，见 checks.csv 与 findings.csv"


def _document_line(document, tables: dict[str, "pd.DataFrame"]) -> str:
    from budgetperf.schemas import summary

    head = f"[{STATUS_WORDS[document.status]}] {_one_line(document.source)}"
    if document.status == "unreadable":
        return head
    words = summary(tables)
    printed = document.printed_total_wan_yuan
    words["预算合计"] += f"（印刷合计 {'无' if printed is None else f'{printed:,f} 万元'}）"
    return f"{head}：" + "，".join(f"{title} {value}" for title, value in words.items() if title != "文件")


def _reasons(tables: dict[str, "pd.DataFrame"]) -> list[str]:
    """Failed checks, then the reasons why a document or page could not be read; where neither, the gravest findings."""
    checks, findings = tables["checks"], tables["findings"].sort_values("severity", kind="stable")
    failed = [_failed_check(check) for check in _rows(checks[~checks["passed"]])]
    unread = findings.loc[findings["rule"].str.startswith("R"), "message"].tolist()
    return failed + unread or findings["message"].tolist()


def _failed_check(check) -> str:
    whose = "" if check.project_no is None else f"项目 {check.project_no}："
    figures = [("应为", check.expected), ("实为", check.actual)]
    sums = "".join(f"，{word} {value}" for word, value in figures if value is not None)
    return f"{whose}{check.check} 未通过{sums}" + (f"（{check.note}）" if check.note else "")


def _rows(frame: "pd.DataFrame"):
    """The rows as named tuples with None where empty."""
    return frame.astype(object).where(frame.notna(), None).itertuples(index=False)


def _one_line(text: str) -> str:
    """Text from a document or a file name, safe for a terminal: no line breaks, no control characters.

    >>> _one_line("a\\x1b[31m\\nb")
    'a�[31m b'
    """
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "�", re.sub(r"[\r\n\t]+", " ", text))


# ---- the parser ------------------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """argparse with usage errors in Chinese: what is wrong, what to do, exit code 2."""

    def error(self, message: str):
        print(f"budgetperf：{_in_chinese(message)}。没有写出任何文件。用法见：{self.prog} --help", file=sys.stderr)
        raise SystemExit(USAGE)


def _in_chinese(message: str) -> str:
    """argparse's message in Chinese; one it does not know stays as it is."""
    unknown = re.search(r"argument 命令: invalid choice: '(.*?)' \(choose from ", message, re.DOTALL)
    if unknown:
        near = difflib.get_close_matches(unknown[1], COMMANDS, n=1)
        return f"没有“{unknown[1]}”这个命令，" + (
            f"是不是想用 {near[0]}" if near else f"可用的命令：{'、'.join(COMMANDS)}"
        )
    message = re.sub(r"^unrecognized arguments: ", "不认识的参数：", message)
    message = re.sub(r"^the following arguments are required: ", "缺少参数：", message)
    return re.sub(r"^argument (.+): expected one argument$", r"\1 后面要有一个值", message)


COMMANDS = {"build": _add_build}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="budgetperf",
        description="把部门预算的项目支出绩效目标表读成数据：修复印刷造成的错乱，用原件自身的合计证明读对了。\n"
        "Reads the performance-target tables of Chinese public budgets and proves the result by their own sums.",
        epilog="例：budgetperf build 预算公开/ --out 数据/   每个命令的说明：budgetperf 命令 --help",
        **_HELP_STYLE,
    )
    _options(parser).add_argument("--version", action="store_true", help="显示版本")
    commands = parser.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=_Parser)
    for add in COMMANDS.values():
        add(commands)
    return parser


_HELP_STYLE = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False, "add_help": False}


def _add_command(commands, name: str, run, **words: str):
    """The group of a new command's parameters, to which it adds its own; `run` takes them and gives the exit code."""
    parser = commands.add_parser(name, **words, **_HELP_STYLE)
    parser.set_defaults(run=run)
    return _options(parser)


def _options(parser: argparse.ArgumentParser):
    group = parser.add_argument_group("参数")
    group.add_argument("-h", "--help", action="help", help="显示这份说明")
    return group


if __name__ == "__main__":
    sys.exit(main())
