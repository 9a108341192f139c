"""A working folder: where documents, notebooks and settings lie, laid from the installed package."""

import locale
import os
import shutil
from pathlib import Path

from budgetperf.errors import InputError
from budgetperf.settings import FILE, own_text

HERE = Path(__file__).parent
LAB = HERE / "lab"
START = "/lab/tree/notebooks/README.md"
_ROOT = HERE.parents[2]  # of a checkout


def starter() -> Path:
    """The folder that holds `notebooks` and `data/examples`: inside the installed package, else the checkout itself."""
    packed = HERE.parent / "starter"
    return packed if packed.is_dir() else _ROOT


def lay_folder(directory: str | Path) -> list[tuple[str, bool]]:
    """A working folder in `directory`: data/raw, data/clean, notebooks, a commented budgetperf.toml.

    (what, whether it was laid) for each part; what is there already is left as it is. Raises InputError where it cannot
    be written.
    """
    directory, source = Path(directory), starter()
    done = []
    try:
        for name in ("data/raw", "data/clean"):
            done.append((name, not (directory / name).is_dir()))
            (directory / name).mkdir(parents=True, exist_ok=True)
        files = [*sorted((source / "notebooks").glob("*.ipynb")), source / "notebooks/README.md"]
        files += sorted((source / "data/examples").glob("*"))
        for file in files:
            target = directory / file.relative_to(source)
            done.append((str(file.relative_to(source)), not target.exists()))
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
        done.append((FILE, not (directory / FILE).exists()))
        if done[-1][1]:
            (directory / FILE).write_text(own_text("starter.toml"), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"无法写入 {directory}（{error.strerror or error}）。"
            f"{'已写出的部分可能不全' if directory.is_dir() else '没有写出任何文件'}。请换一个文件夹。"
        ) from error
    return done


def lab_settings(language: str | None = None) -> dict[str, str]:
    """What JupyterLab is told in a working folder: its first page, and the defaults of its interface.

    >>> lab_settings("zh_CN")["app_settings_dir"].endswith("zh_CN"), lab_settings("fr_FR")["default_url"]
    (True, '/lab/tree/notebooks/README.md')
    """
    spoken = language or os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    is_chinese = spoken.startswith("zh") or "Chinese" in spoken  # Windows names languages
    return {"default_url": START, "app_settings_dir": str(LAB / ("zh_CN" if is_chinese else "other"))}
