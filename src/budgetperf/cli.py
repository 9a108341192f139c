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


# ---- budgetperf notebooks, budgetperf charts -------------------------------------------------------------------------


def _add_notebooks(commands) -> None:
    parameters = _add_command(
        commands,
        "notebooks",
        _notebooks,
        help="按年度、单位执行全部笔记本，存为 .ipynb 和 HTML (run all notebooks)",
        description="以给定的年度和单位执行全部笔记本，结果存为 .ipynb 和不带代码的 HTML。\n"
        "Runs every notebook for a year and a unit; writes .ipynb and HTML without code.",
        epilog="退出码：0 全部执行完毕；1 有笔记本出错（说明是哪一本、哪个单元格、为什么）；2 命令或输入有误。",
    )
    _add_part(parameters)
    parameters.add_argument("--notebooks", type=Path, metavar="DIR", help="笔记本在哪里；默认 notebooks/")
    parameters.add_argument("--out", type=Path, required=True, metavar="DIR", help="写到哪里")


def _add_charts(commands) -> None:
    parameters = _add_command(
        commands,
        "charts",
        _charts,
        help="写出全部图和图背后的数据 (write all charts and the frames behind them)",
        description="写出全部图（PNG 300 dpi、SVG、PDF）和图背后的数据（CSV），index.csv 是目录。\n"
        "Writes every chart as PNG, SVG and PDF, the frames behind them as CSV, and index.csv.",
        epilog="退出码：0 已写出；2 命令或输入有误。",
    )
    _add_part(parameters)
    parameters.add_argument("--lang", choices=["zh", "en"], default="zh", help="图上文字的语言；默认 zh")
    parameters.add_argument("--out", type=Path, required=True, metavar="DIR", help="写到哪里")


def _add_part(parameters) -> None:
    parameters.add_argument("--data", type=Path, default=CLEAN, metavar="DIR", help="构建结果；默认 data/clean/")
    parameters.add_argument("--year", type=int, metavar="Y", help="只看这个预算年度")
    parameters.add_argument("--unit", metavar="U", help="只看这个单位（名称或编码）")


def _part(arguments: argparse.Namespace) -> "Dataset":
    """The build in --data, or its part of --year and --unit; InputError where no project is left."""
    from budgetperf import profiles, store

    whole = store.load(arguments.data)
    part = profiles.select(whole, year=arguments.year, unit=arguments.unit)
    if len(part.projects) == 0 and len(whole.projects):
        years = "、".join(str(int(year)) for year in sorted(set(whole.projects["fiscal_year"].dropna())))
        units = "、".join(map(_one_line, whole.projects["unit_name"].dropna().unique()[:10]))
        raise InputError(
            f"{arguments.data} 里没有这个年度、单位的项目。没有写出任何文件。"
            f"现有年度：{years or '无'}；单位：{units or '无'}。"
        )
    return part


def _notebooks(arguments: argparse.Namespace) -> int:
    _part(arguments)  # a year or unit that does not exist is said here, once, and not in every notebook
    from budgetperf import notebooks

    def progress(done: int, total: int, name: str) -> None:
        if name:
            print(f"[{done + 1}/{total}] {name}", file=sys.stderr, flush=True)

    outcomes = notebooks.run_notebooks(
        arguments.out,
        data_folder=arguments.data,
        year=arguments.year,
        unit=arguments.unit,
        folder=arguments.notebooks,
        progress=progress,
        bar=sys.stderr.isatty(),
    )
    faults = [outcome for outcome in outcomes if outcome.fault]
    lines = [f"{outcome.page or outcome.notebook}{'（出错）' if outcome.fault else ''}" for outcome in outcomes]
    _say([*lines, *(f"出错：{outcome.fault}。详见 {outcome.notebook}；其余笔记本不受影响。" for outcome in faults)])
    return SOME_OPEN if faults else ALL_RECONCILED


def _charts(arguments: argparse.Namespace) -> int:
    part = _part(arguments)
    import matplotlib

    matplotlib.use("Agg")
    from budgetperf.charts.export import export

    with _progress() as progress:
        index = export(part, arguments.out, lang=arguments.lang, progress=progress)
    drawn = index[index["title"] != ""]
    _say(
        [
            *(f"{row.file}：{row.title}" for row in drawn.itertuples(index=False)),
            *(f"{row.file}：没有图（{row.note}）" for row in index[index["note"] != ""].itertuples(index=False)),
            f"已写入 {arguments.out}：{len(drawn)} 幅图，{len(index)} 份数据，目录 index.csv",
        ]
    )
    return ALL_RECONCILED


# ---- budgetperf audit, budgetperf rules ------------------------------------------------------------------------------


def _add_audit(commands) -> None:
    parameters = _add_command(
        commands,
        "audit",
        _audit,
        help="列出审计发现，可筛选、导出，可用作关卡 (show and filter the findings)",
        description="列出一次构建的审计发现：按级别和规则汇总，再逐条列出；套用处理决定，列出失效的决定。\n"
        "Shows the findings of a build with the decisions about them; fails on a given severity.",
        epilog="退出码：0 正常；1 有 --fail-on 级别及以上而未处理的发现；2 命令或输入有误。规则说明见 budgetperf rules。",
    )
    parameters.add_argument("--data", type=Path, default=CLEAN, metavar="DIR", help="构建结果；默认 data/clean/")
    parameters.add_argument(
        "--rules", type=Path, action="append", default=[], metavar="FILE", help="自己的规则文件（.py）"
    )
    parameters.add_argument(
        "--fail-on", choices=["E", "W", "I"], metavar="E|W|I", help="有此级别及以上未处理的发现时退出码为 1"
    )
    parameters.add_argument("--rule", action="append", default=[], metavar="ID", help="只看这条规则，可重复")
    parameters.add_argument("--severity", choices=["E", "W", "I"], metavar="E|W|I", help="只看此级别及以上")
    parameters.add_argument("--project", type=int, metavar="N", help="只看第 N 个项目")
    parameters.add_argument("--open", action="store_true", help="只看未处理的")
    parameters.add_argument("--decisions", type=Path, metavar="FILE", help="处理决定；默认 data/decisions.csv")
    parameters.add_argument("--lang", choices=["zh", "en"], default="zh", metavar="zh|en", help="语言；默认 zh")
    parameters.add_argument("--out", type=Path, metavar="FILE", help="把选出的发现写成 CSV，可在其中填处理决定")


def _audit(arguments: argparse.Namespace) -> int:
    from budgetperf import store
    from budgetperf.audit import terminal
    from budgetperf.audit.config import load_config
    from budgetperf.audit.decisions import read_decisions, stale_decisions
    from budgetperf.audit.registry import all_rules
    from budgetperf.audit.run import audit

    config = load_config(language=arguments.lang)
    decided = read_decisions(arguments.decisions or config.decisions)
    dataset = store.load(arguments.data)
    findings = audit(dataset, config, arguments.rules, decisions=arguments.decisions)
    unknown = set(arguments.rule) - {one.id for one in all_rules(arguments.rules)} - set(findings["rule"])
    if unknown:
        raise InputError(f"没有规则 {'、'.join(sorted(unknown))}。没有写出任何文件。可用 budgetperf rules 查看。")
    chosen = terminal.chosen(findings, arguments.severity, arguments.rule, arguments.project, arguments.open)
    if arguments.out:
        frame = chosen.assign(reason=chosen["decision_reason"], decided_on="")
        try:
            arguments.out.parent.mkdir(parents=True, exist_ok=True)
            arguments.out.write_bytes(b"".join(store.csv_blocks(frame, "findings")))
        except OSError as error:
            raise InputError(f"写不了 {arguments.out}（{error.strerror}）。请换一个文件。") from error
    stale = stale_decisions(findings, decided)
    _say(
        [_one_line(line) for line in terminal.lines(chosen, stale)]
        + ([f"已写入 {arguments.out}"] if arguments.out else [])
    )
    grades = "EWI"[: "EWI".index(arguments.fail_on) + 1] if arguments.fail_on else ""
    failing = chosen["severity"].isin(list(grades)) & ~chosen["decision"].isin(["dismissed", "explained"])
    return SOME_OPEN if failing.any() else ALL_RECONCILED


def _add_rules(commands) -> None:
    parameters = _add_command(
        commands,
        "rules",
        _rules,
        help="列出并说明审计规则 (list and explain the rules)",
        description="列出全部审计规则；给出编号则说明该规则的内容、依据和阈值。\nLists the rules, or explains some.",
        epilog="退出码：0 正常；2 没有这条规则。",
    )
    parameters.add_argument("ids", nargs="*", metavar="ID", help="规则编号，如 B02")
    parameters.add_argument(
        "--rules", type=Path, action="append", default=[], metavar="FILE", help="自己的规则文件（.py）"
    )


def _rules(arguments: argparse.Namespace) -> int:
    from budgetperf.audit.config import load_config
    from budgetperf.audit.page import explained
    from budgetperf.audit.registry import all_rules

    config, rules = load_config(), {one.id: one for one in all_rules(arguments.rules)}
    unknown = [number for number in arguments.ids if number not in rules]
    if unknown:
        raise InputError(f"没有规则 {'、'.join(unknown)}。可用的：{'、'.join(rules)}。")
    if arguments.ids:
        _say(["\n\n".join(explained(rules[number], config) for number in arguments.ids)])
    else:
        _say(
            [
                f"{one.id} {config.values['severity'].get(one.id, one.severity)} {one.title}：{one.what}"
                for one in rules.values()
            ]
        )
    return ALL_RECONCILED


# ---- budgetperf compare, budgetperf match ----------------------------------------------------------------------------


def _add_compare(commands) -> None:
    parameters = _add_command(
        commands,
        "compare",
        _compare,
        help="逐年比较项目、金额、指标和目标 (compare years)",
        description="把两个或更多年度的项目和指标对应起来，比较金额、目标、权重和绩效目标文字。\n"
        "Matches the projects and indicators of two or more years and compares them.",
        epilog="退出码：0 已比较；1 已比较，但有拿不准的对应（见 budgetperf match --review）；2 命令或输入有误。",
    )
    parameters.add_argument(
        "years", nargs="*", type=int, metavar="YEAR", help="年度，依次与下一个比较；不写则为全部年度"
    )
    parameters.add_argument("--data", type=Path, default=CLEAN, metavar="DIR", help="构建结果；默认 data/clean/")
    parameters.add_argument("--unit", metavar="U", help="只看这个单位（名称或编码）")
    parameters.add_argument("--mapping", type=Path, metavar="FILE", help="人工对应表；默认 data/mapping.csv")
    parameters.add_argument("--out", type=Path, metavar="DIR", help="把各表写成 CSV 和 Parquet；不写则只显示")


def _compared(arguments: argparse.Namespace):
    from budgetperf import store, years

    if arguments.mapping and not arguments.mapping.is_file() and not getattr(arguments, "review", False):
        raise InputError(f"找不到人工对应表 {arguments.mapping}。没有写出任何文件。请检查路径。")
    mapping = arguments.mapping or years.MAPPING
    return years.compare(store.load(arguments.data), arguments.years, unit=arguments.unit, mapping=mapping), mapping


def _compare(arguments: argparse.Namespace) -> int:
    from budgetperf import years

    comparison, _ = _compared(arguments)
    lines = [_one_line(line) for line in years.printed(comparison)]
    if arguments.out:
        years.write_tables(comparison, arguments.out)
        lines.append(f"已写入 {arguments.out}")
    _say(lines)
    return SOME_OPEN if comparison.links["doubtful"].any() else ALL_RECONCILED


def _add_match(commands) -> None:
    parameters = _add_command(
        commands,
        "match",
        _match,
        help="列出各年项目的对应；--review 写出拿不准的，由人决定 (match projects over years)",
        description="列出哪个项目对应上年的哪个项目、凭什么。--review 把拿不准的写进人工对应表，在 decision 一列填 same（同一）\n"
        "或 different（不同），以后的比较都照办。Lists the matches; --review writes the doubtful ones for a person to decide.",
        epilog="退出码：0 没有拿不准的对应；1 有；2 命令或输入有误。",
    )
    parameters.add_argument("years", nargs="*", type=int, metavar="YEAR", help="年度；不写则为全部年度")
    parameters.add_argument("--data", type=Path, default=CLEAN, metavar="DIR", help="构建结果；默认 data/clean/")
    parameters.add_argument("--unit", metavar="U", help="只看这个单位（名称或编码）")
    parameters.add_argument("--mapping", type=Path, metavar="FILE", help="人工对应表；默认 data/mapping.csv")
    parameters.add_argument("--review", action="store_true", help="把拿不准的对应写进人工对应表")


def _match(arguments: argparse.Namespace) -> int:
    from budgetperf import years

    comparison, mapping = _compared(arguments)
    lines = [_one_line(line) for line in years.printed_links(comparison)]
    rows = years.review_rows(comparison)
    if arguments.review:
        left = years.write_review(mapping, rows)
        lines.append(f"已把 {left} 对拿不准的写进 {mapping}，请在 decision 一列填 same 或 different。" if left
                     else f"没有拿不准的对应，{mapping} 里没有待决定的行。")  # fmt: skip
    _say(lines)
    return SOME_OPEN if rows else ALL_RECONCILED


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


COMMANDS = {
    "build": _add_build,
    "notebooks": _add_notebooks,
    "charts": _add_charts,
    "audit": _add_audit,
    "rules": _add_rules,
}
COMMANDS |= {"compare": _add_compare, "match": _add_match}


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
