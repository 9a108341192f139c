"""The commands that read a built folder: notebooks, charts, audit, rules, compare, match."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from budgetperf.cli.build import progress_bar
from budgetperf.cli.common import (
    ALL_RECONCILED,
    CLEAN,
    SOME_OPEN,
    add_command,
    here,
    must_exist,
    one_line,
    say,
)
from budgetperf.errors import InputError

if TYPE_CHECKING:
    from budgetperf.tables.dataset import Dataset

# ---- budgetperf notebooks, budgetperf charts -------------------------------------------------------------------------


def add_notebooks(commands) -> None:
    parameters = add_command(
        commands,
        "notebooks",
        _notebooks,
        help="按年度、单位执行全部笔记本，存为 .ipynb 和 HTML (run all notebooks)",
        description="以给定的年度和单位执行全部笔记本，结果存为 .ipynb 和不带代码的 HTML。\n"
        "Runs every notebook for a year and a unit; writes .ipynb and HTML without code.",
        epilog="退出码：0 全部执行完毕；1 有笔记本出错（说明是哪一本、哪个单元格、为什么）；2 命令或输入有误。",
    )
    add_part(parameters)
    parameters.add_argument("--notebooks", type=Path, metavar="DIR", help="笔记本在哪里；默认 notebooks/")
    parameters.add_argument("--out", type=here, required=True, metavar="DIR", help="写到哪里")


def add_charts(commands) -> None:
    parameters = add_command(
        commands,
        "charts",
        _charts,
        help="写出全部图和图背后的数据 (write all charts and the frames behind them)",
        description="写出全部图（PNG 300 dpi、SVG、PDF）和图背后的数据（CSV），index.csv 是目录。\n"
        "Writes every chart as PNG, SVG and PDF, the frames behind them as CSV, and index.csv.",
        epilog="退出码：0 已写出；2 命令或输入有误。",
    )
    add_part(parameters)
    parameters.add_argument("--lang", choices=["zh", "en"], default="zh", help="图上文字的语言；默认 zh")
    parameters.add_argument("--out", type=here, required=True, metavar="DIR", help="写到哪里")


def add_part(parameters) -> None:
    parameters.add_argument("--data", type=here, default=CLEAN, metavar="DIR", help="构建结果；默认 data/clean/")
    parameters.add_argument("--year", type=int, metavar="Y", help="只看这个预算年度")
    parameters.add_argument("--unit", metavar="U", help="只看这个单位（名称或编码）")
    parameters.add_argument(
        "--kind",
        choices=["targets", "self_evaluation"],
        metavar="K",
        help="绩效目标 targets（批复表、申报表）或自评 self_evaluation；默认项目多的一种",
    )


def _part(arguments: argparse.Namespace) -> "Dataset":
    """The build in --data, or its part of --year and --unit; InputError where no project is left."""
    from budgetperf import profiles
    from budgetperf.tables import store

    return profiles.part(store.load(arguments.data), year=arguments.year, unit=arguments.unit, kind=arguments.kind)


def figures_are_for(dataset: "Dataset", arguments: argparse.Namespace) -> list[str]:
    """One line where a build holds more than figures may add up: what was taken, what was left out, how to choose."""
    from budgetperf import profiles

    part = profiles.part(dataset, year=arguments.year, unit=arguments.unit, kind=arguments.kind)
    scope = profiles.scope(part)
    if not scope["left_out"]:
        return []
    taken = (f"{scope['period']} 年" if scope["period"] else "未注明年度的") + profiles.KINDS[scope["kind"]][0]
    left_out = "、".join(zh for zh, _ in scope["left_out"])
    return [one_line(f"数字只算{taken}；未计入：{left_out}。可用 --year、--kind 选择。")]


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
        kind=arguments.kind,
        folder=arguments.notebooks,
        progress=progress,
        bar=sys.stderr.isatty(),
    )
    faults = [outcome for outcome in outcomes if outcome.fault]
    lines = [f"{outcome.page or outcome.notebook}{'（出错）' if outcome.fault else ''}" for outcome in outcomes]
    say([*lines, *(f"出错：{outcome.fault}。详见 {outcome.notebook}；其余笔记本不受影响。" for outcome in faults)])
    return SOME_OPEN if faults else ALL_RECONCILED


def _charts(arguments: argparse.Namespace) -> int:
    from budgetperf.tables import store

    dataset, chosen = store.load(arguments.data), {name: getattr(arguments, name) for name in ("year", "unit", "kind")}
    import matplotlib

    matplotlib.use("Agg")
    from budgetperf.charts.export import export

    with progress_bar("幅") as progress:
        index = export(dataset, arguments.out, **chosen, lang=arguments.lang, progress=progress)
    drawn = index[index["title"] != ""]
    say(
        [
            *figures_are_for(dataset, arguments),
            *(f"{row.file}：{row.title}" for row in drawn.itertuples(index=False)),
            *(f"{row.file}：没有图（{row.note}）" for row in index[index["note"] != ""].itertuples(index=False)),
            f"已写入 {arguments.out}：{len(drawn)} 幅图，{len(index)} 份数据，目录 index.csv",
        ]
    )
    return ALL_RECONCILED


# ---- budgetperf audit, budgetperf rules ------------------------------------------------------------------------------


def add_audit(commands) -> None:
    parameters = add_command(
        commands,
        "audit",
        _audit,
        help="列出审计发现，可筛选、导出，可用作关卡 (show and filter the findings)",
        description="列出一次构建的审计问题，再按级别和规则汇总、逐条列出发现；套用处理决定，列出失效的决定。\n"
        "Shows the issues of a build, then its findings with the decisions about them; fails on a given severity.",
        epilog="退出码：0 正常；1 有 --fail-on 级别及以上而未处理的发现；2 命令或输入有误。规则说明见 budgetperf rules。",
    )
    parameters.add_argument("--data", type=here, default=CLEAN, metavar="DIR", help="构建结果；默认 data/clean/")
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
    parameters.add_argument("--out", type=here, metavar="FILE", help="把选出的发现写成 CSV，可在其中填处理决定")


def _audit(arguments: argparse.Namespace) -> int:
    from budgetperf.audit import terminal
    from budgetperf.audit.config import load_config
    from budgetperf.audit.decisions import read_decisions, stale_decisions
    from budgetperf.audit.issues import issues_of
    from budgetperf.audit.load import all_rules
    from budgetperf.audit.run import audit
    from budgetperf.tables import store
    from budgetperf.tables.whole import written_whole

    must_exist(arguments.decisions)
    dataset = store.load(arguments.data)
    config = load_config(dataset.settings, language=arguments.lang)
    decided = read_decisions(arguments.decisions or config.decisions)
    findings = audit(dataset, config, arguments.rules, decisions=arguments.decisions)
    unknown = set(arguments.rule) - {one.id for one in all_rules(arguments.rules)} - set(findings["rule"])
    if unknown:
        raise InputError(f"没有规则 {'、'.join(sorted(unknown))}。没有写出任何文件。可用 budgetperf rules 查看。")
    if arguments.project is not None and not dataset.projects["project_no"].eq(arguments.project).any():
        raise InputError(f"没有第 {arguments.project} 个项目。没有写出任何文件。请检查序号。")
    chosen = terminal.chosen(findings, arguments.severity, arguments.rule, arguments.project, arguments.open)
    if arguments.out:
        with written_whole(arguments.out) as building:
            building.write_bytes(b"".join(store.csv_blocks(chosen.assign(decided_on=""), "findings")))
    stale = stale_decisions(findings, decided)
    whole = not (arguments.rule or arguments.severity or arguments.project)  # a selection of findings makes no issues
    issues = issues_of(dataset, findings, config) if whole else dataset.issues[:0]
    say(
        [one_line(line) for line in terminal.issue_lines(issues, arguments.lang)]
        + [one_line(line) for line in terminal.lines(chosen, stale, arguments.lang)]
        + ([f"已写入 {arguments.out}"] if arguments.out else [])
    )
    grades = "EWI"[: "EWI".index(arguments.fail_on) + 1] if arguments.fail_on else ""
    failing = chosen["severity"].isin(list(grades)) & ~chosen["decision"].isin(["dismissed", "explained"])
    return SOME_OPEN if failing.any() else ALL_RECONCILED


def add_rules(commands) -> None:
    parameters = add_command(
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
    from budgetperf.audit.load import all_rules
    from budgetperf.audit.page import explained
    from budgetperf.settings import find_settings

    config, rules = load_config(find_settings(CLEAN)), {one.id: one for one in all_rules(arguments.rules)}
    unknown = [number for number in arguments.ids if number not in rules]
    if unknown:
        raise InputError(f"没有规则 {'、'.join(unknown)}。可用的：{'、'.join(rules)}。")
    if arguments.ids:
        say(["\n\n".join(explained(rules[number], config) for number in arguments.ids)])
    else:
        say(
            [
                f"{one.id} {config.values['severity'].get(one.id, one.severity)} {one.title}：{one.what}"
                for one in rules.values()
            ]
        )
    return ALL_RECONCILED


# ---- budgetperf compare, budgetperf match ----------------------------------------------------------------------------


def add_compare(commands) -> None:
    parameters = add_command(
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
    parameters.add_argument("--data", type=here, default=CLEAN, metavar="DIR", help="构建结果；默认 data/clean/")
    parameters.add_argument("--unit", metavar="U", help="只看这个单位（名称或编码）")
    parameters.add_argument("--mapping", type=Path, metavar="FILE", help="人工对应表；默认 data/mapping.csv")
    parameters.add_argument("--out", type=here, metavar="DIR", help="把各表写成 CSV 和 Parquet；不写则只显示")


def _compared(arguments: argparse.Namespace):
    from budgetperf import years
    from budgetperf.tables import store

    if arguments.mapping and not arguments.mapping.is_file() and not getattr(arguments, "review", False):
        raise InputError(f"找不到人工对应表 {arguments.mapping}。没有写出任何文件。请检查路径。")
    dataset = store.load(arguments.data)
    mapping = arguments.mapping or dataset.settings.mapping
    return years.compare(dataset, arguments.years, unit=arguments.unit, mapping=mapping), mapping


def _compare(arguments: argparse.Namespace) -> int:
    from budgetperf import years

    comparison, _ = _compared(arguments)
    lines = [one_line(line) for line in years.printed(comparison)]
    if arguments.out:
        years.write_tables(comparison, arguments.out)
        lines.append(f"已写入 {arguments.out}")
    say(lines)
    return SOME_OPEN if comparison.links["doubtful"].any() else ALL_RECONCILED


def add_match(commands) -> None:
    parameters = add_command(
        commands,
        "match",
        _match,
        help="列出各年项目的对应；--review 写出拿不准的，由人决定 (match projects over years)",
        description="列出哪个项目对应上年的哪个项目、凭什么。--review 把拿不准的写进人工对应表，在 decision 一列填 same（同一）\n"
        "或 different（不同），以后的比较都照办。Lists the matches; --review writes the doubtful ones for a person to decide.",
        epilog="退出码：0 没有拿不准的对应；1 有；2 命令或输入有误。",
    )
    parameters.add_argument("years", nargs="*", type=int, metavar="YEAR", help="年度；不写则为全部年度")
    parameters.add_argument("--data", type=here, default=CLEAN, metavar="DIR", help="构建结果；默认 data/clean/")
    parameters.add_argument("--unit", metavar="U", help="只看这个单位（名称或编码）")
    parameters.add_argument("--mapping", type=Path, metavar="FILE", help="人工对应表；默认 data/mapping.csv")
    parameters.add_argument("--review", action="store_true", help="把拿不准的对应写进人工对应表")


def _match(arguments: argparse.Namespace) -> int:
    from budgetperf import years

    comparison, mapping = _compared(arguments)
    lines = [one_line(line) for line in years.printed_links(comparison)]
    rows = years.review_rows(comparison)
    if arguments.review:
        left = years.write_review(mapping, rows)
        lines.append(f"已把 {left} 对拿不准的写进 {mapping}，请在 decision 一列填 same 或 different。" if left
                     else f"没有拿不准的对应，{mapping} 里没有待决定的行。")  # fmt: skip
    say(lines)
    return SOME_OPEN if rows else ALL_RECONCILED
