"""What all commands share: exit codes, printing, options in Chinese."""

import argparse
import difflib
import os
import re
import sys
from pathlib import Path

from budgetperf.errors import InputError

RAW, CLEAN = Path("data/raw"), Path("data/clean")
ALL_RECONCILED, SOME_OPEN, USAGE, INTERRUPTED = 0, 1, 2, 130


def stop(message: str) -> int:
    print("budgetperf：" + "\n".join(map(one_line, message.splitlines())), file=sys.stderr)
    return USAGE


def say(lines: list[str]) -> None:
    try:
        print("\n".join(lines), flush=True)
    except BrokenPipeError:  # the reader of our output, such as head, has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def here(text: str) -> Path:
    """A place on this machine, of commands that read a build: of an address they would make a path of no meaning."""
    if "://" in text:
        raise argparse.ArgumentTypeError("须为本机的路径；别处的构建请先同步下来，或用 bp.load、bp.query 读取")
    return Path(text)


def must_exist(*paths: Path | None) -> None:
    """InputError for a file or folder that was named and is not there: it must not be passed over in silence."""
    for path in paths:
        if path is not None and not path.exists():
            raise InputError(f"找不到 {path}。没有写出任何文件。请检查路径。")


def one_line(text: str) -> str:
    """Text from a document or a file name, safe for a terminal: no line breaks, no control characters.

    >>> one_line("a\\x1b[31m\\nb")
    'a�[31m b'
    """
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "�", re.sub(r"[\r\n\t]+", " ", text))


class Parser(argparse.ArgumentParser):
    """argparse with usage errors in Chinese: what is wrong, what to do, exit code 2."""

    def error(self, message: str):
        print(f"budgetperf：{_in_chinese(message)}。没有写出任何文件。用法见：{self.prog} --help", file=sys.stderr)
        raise SystemExit(USAGE)


def _in_chinese(message: str) -> str:
    """argparse's message in Chinese; one it does not know stays as it is."""
    unknown = re.search(r"argument 命令: invalid choice: '(.*?)' \(choose from ", message, re.DOTALL)
    if unknown:
        commands = re.findall(r"[a-z]+", message[unknown.end() :])
        near = difflib.get_close_matches(unknown[1], commands, n=1)
        return f"没有“{unknown[1]}”这个命令，" + (
            f"是不是想用 {near[0]}" if near else f"可用的命令：{'、'.join(commands)}"
        )
    message = re.sub(r"^unrecognized arguments: ", "不认识的参数：", message)
    message = re.sub(r"^the following arguments are required: ", "缺少参数：", message)
    message = re.sub(r"^argument (.+?): (?=须为)", r"\1：", message)
    message = re.sub(r"^argument (.+?): invalid int value: '(.*)'$", r"\1 应为整数，不是“\2”", message)
    choice = r"^argument (.+?): invalid choice: '(.*?)' \(choose from (.+)\)$"
    message = re.sub(choice, lambda m: f"{m[1]} 没有“{m[2]}”，可用的：{m[3].replace(chr(39), '')}", message)
    return re.sub(r"^argument (.+): expected one argument$", r"\1 后面要有一个值", message)


HELP_STYLE = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False, "add_help": False}


def add_command(commands, name: str, run, **words: str):
    """The group of a new command's parameters, to which it adds its own; `run` takes them and gives the exit code."""
    parser = commands.add_parser(name, **words, **HELP_STYLE)
    parser.set_defaults(run=run)
    return options(parser)


def options(parser: argparse.ArgumentParser):
    group = parser.add_argument_group("参数")
    group.add_argument("-h", "--help", action="help", help="显示这份说明")
    return group
