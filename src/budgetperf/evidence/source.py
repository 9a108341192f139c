"""The file a document was read from: found by name, known by its sha256."""

import hashlib
from pathlib import Path

import pandas as pd

RAW = [Path("data/raw"), Path("../data/raw")]  # seen from the project's folder and from its notebooks


def find_source(document: pd.Series, source: str | Path | None = None, lang: str = "zh") -> tuple[Path | None, str]:
    """(path, "") of the document's file, or (None, why not in three parts: what; what is shown instead; what to do).

    >>> row = pd.Series({"source": "无此文件.pdf", "sha256": "0" * 64})
    >>> find_source(row, "/nowhere")[1]
    '没有找到原文件 无此文件.pdf（找过 /nowhere）。下面改为显示读出的单元格。请用 source= 指明该文件或它所在的文件夹。'
    """
    name, wanted = document["source"], document["sha256"]
    places = [Path(source)] if source is not None else [*RAW, Path()]
    changed = None
    for place in places:
        for path in _candidates(place, name):
            if _sha256(path) == wanted:
                return path, ""
            changed = changed or path
    if lang == "en":
        why = "was not found" if changed is None else "has changed since it was read"
        return None, f"The original file {why}; its cells as read are shown."
    instead = "下面改为显示读出的单元格"
    if changed is not None:
        fix = "请用 source= 指明当时读入的文件，或用 budgetperf.build 重新读入现在的文件"
        return None, f"{changed} 与读入时的内容不同（sha256 不符，读入时为 {wanted[:12]}…）。{instead}。{fix}。"
    looked = "、".join("当前文件夹" if place == Path() else str(place) for place in places)
    return None, f"没有找到原文件 {name}（找过 {looked}）。{instead}。请用 source= 指明该文件或它所在的文件夹。"


def _candidates(place: Path, name: str) -> list[Path]:
    """Files that may be meant: the file itself, or those of that name in the folder and below it."""
    try:
        if place.is_file():
            return [place]
        if not place.is_dir():
            return []
        direct = place / name
        below = [] if place == Path() else sorted(p for p in place.rglob("*") if p.name == name and p != direct)
        return [path for path in [direct, *below] if path.is_file()]
    except OSError:
        return []


def _sha256(path: Path) -> str | None:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
