"""budgetperf init, budgetperf lab: a working folder, and JupyterLab in it."""

import argparse
import os
import sys
from pathlib import Path

from budgetperf.cli.common import ALL_RECONCILED, add_command, say
from budgetperf.errors import InputError


def add_init(commands) -> None:
    parameters = add_command(
        commands,
        "init",
        _init,
        help="铺一个工作文件夹：放原件的地方、笔记本、设置 (lay a working folder)",
        description="在 DIR 里铺好 data/raw（放原件）、data/clean（放结果）、笔记本和带注释的 budgetperf.toml；已有的不动。\n"
        "Lays a working folder from the installed package; what is there already stays.",
        epilog="退出码：0 已铺好；2 写不了。",
    )
    parameters.add_argument("directory", type=Path, metavar="DIR", help="在哪里")


def _init(arguments: argparse.Namespace) -> int:
    from budgetperf.notebooks.folder import lay_folder

    done = lay_folder(arguments.directory)
    kept = [name for name, new in done if not new]
    where = arguments.directory
    say(
        [
            f"已铺好 {where}：data/raw（放原件）、data/clean（放结果）、notebooks（笔记本）、budgetperf.toml（设置）",
            *([f"已有而未动：{'、'.join(kept)}"] if kept else []),
            f"下一步：把原件放进 {where / 'data/raw'}，然后",
            f"  cd {where}",
            "  budgetperf build",
            "  budgetperf lab",
        ]
    )
    return ALL_RECONCILED


def add_lab(commands) -> None:
    parameters = add_command(
        commands,
        "lab",
        _lab,
        help="在工作文件夹里打开 JupyterLab (open JupyterLab)",
        description="在工作文件夹里打开 JupyterLab，首页是笔记本目录。\nOpens JupyterLab on the list of notebooks.",
        epilog="退出码：JupyterLab 的退出码；2 不是工作文件夹。",
    )
    parameters.add_argument("directory", nargs="?", type=Path, default=Path("."), metavar="DIR", help="默认当前文件夹")
    parameters.add_argument("--no-browser", action="store_true", help="不打开浏览器，只给出网址")
    parameters.add_argument("--port", type=int, metavar="N", help="端口；默认 8888，占用时取下一个")


def _lab(arguments: argparse.Namespace) -> int:
    if not (arguments.directory / "notebooks/README.md").is_file():
        raise InputError(
            f"{arguments.directory} 不是工作文件夹（没有 notebooks/README.md）。请先运行：budgetperf init {arguments.directory}"
        )
    from jupyterlab.labapp import main

    from budgetperf.notebooks.folder import lab_settings

    os.chdir(arguments.directory)  # notebooks are opened from the folder that JupyterLab serves
    options = [f"--LabApp.{name}={value}" for name, value in lab_settings().items()]
    options += [f"--ServerApp.port={arguments.port}"] * bool(arguments.port)
    sys.argv = ["jupyter-lab", *options, *["--no-browser"] * arguments.no_browser]
    return main() or ALL_RECONCILED
