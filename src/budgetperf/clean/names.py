"""Indicator names cut by the form: find them, and complete them where there is evidence."""

import re
from bisect import bisect_left
from collections import Counter

import pandas as pd

from budgetperf.clean.series import of_columns, of_one_column, same_index
from budgetperf.field.printing import as_printed
from budgetperf.field.vocabulary import vocabulary

MIN_CUT_WIDTH = 6  # no known form cuts names shorter than this
LEAST_AT_WIDTH, LEAST_OPEN_ENDED = 3, 2  # names of that length, and those of them that stop in mid-phrase
MOST_LONGER = 0.1  # for each name of that length: merged or other cells that the form did not cut
_MIN_OVERLAP = 5  # characters of the name's end that must stand in the objective to complete it
_STOP = re.compile(r"[，。；、,;.！!？?：:（）()\s]")


@of_one_column
def cut_width(names: pd.Series) -> int | None:
    """Number of characters at which the form cuts names, or None where it does not.

    A form that cuts leaves a pile of names of exactly that length, hardly any longer, some of which stop in
    mid-phrase.

    >>> names = pd.Series(["完成社区职能任务，提高服", "各项事业持续健康发展，人", "夯实社区基层党组织的执政", "社区数量"])
    >>> cut_width(names), cut_width(names.head(1))
    (12, None)
    """
    texts = [text for name in names.tolist() if (text := as_printed(name))]
    lengths = Counter(map(len, texts))
    for width in sorted(lengths, reverse=True):
        longer = sum(count for length, count in lengths.items() if length > width)
        open_ended = sum(len(name) == width and not _ends_whole(name) for name in texts)
        enough = lengths[width] >= LEAST_AT_WIDTH and open_ended >= LEAST_OPEN_ENDED
        if width >= MIN_CUT_WIDTH and enough and lengths[width] > lengths[width - 1] / 2:
            return width if longer <= MOST_LONGER * lengths[width] else None
    return None


def _ends_whole(name: str) -> bool:
    return name.endswith(tuple(vocabulary()["words"]["name_endings"]))


@of_columns
def is_cut(names: pd.Series, width: int | None = None) -> pd.Series:
    """Which names the form cut: as long as the form allows (`width`, found by `cut_width` where not given) and not
    ending in a word with which names of indicators end (率, 满意度, 数量 …).

    >>> is_cut(pd.Series(["完成社区职能任务，提高服", "路面优良率", None]), width=12).tolist()
    [True, False, False]
    """
    width = width or cut_width(names)
    texts = [as_printed(name) for name in names.tolist()]
    cut = [bool(width) and len(text) == width and not _ends_whole(text) for text in texts]
    return pd.Series(cut, index=names.index, name=names.name, dtype=bool)


def complete_from_text(name: str, text: str) -> str | None:
    """The whole name where `text` (the project's objective) goes on from the cut one, else None.

    >>> complete_from_text("确保社区和谐稳定发", "加强社区建设，确保社区和谐稳定发展，实现正常办公")
    '确保社区和谐稳定发展'
    >>> complete_from_text("提高对维护辖区治安，建设", "负责开支审核")
    """
    if len(name) < _MIN_OVERLAP:
        return None
    found = {
        name + _STOP.split(text[at.end() :])[0]
        for at in re.finditer(re.escape(name), text)
        if at.end() < len(text) and not _STOP.match(text[at.end()])
    }
    return found.pop() if len(found) == 1 and len(next(iter(found))) <= 2 * len(name) else None


@of_one_column
def complete_names(names: pd.Series, cut: pd.Series, objectives: pd.Series) -> pd.DataFrame:
    """Whole names for cut ones, with the evidence; both missing where there is none.

    Evidence, in this order: a name elsewhere in `names` that is not cut and begins with the cut one (one such only),
    the project's own objective that goes on from it. Columns: name_completed, evidence. Raises ValueError where the three
    are not indexed alike.

    >>> names = pd.Series(["夯实基层党组织的执政", "夯实基层党组织的执政根基", "社区数量"])
    >>> complete_names(names, pd.Series([True, False, False]), pd.Series(["", "", ""]))["name_completed"].tolist()
    ['夯实基层党组织的执政根基', nan, nan]
    """
    same_index(names, cut=cut, objectives=objectives)
    cut = cut.astype(bool)  # a join leaves a mask of objects
    whole = sorted({name for name in names[~cut] if isinstance(name, str)})
    rows = []
    for name, is_short, objective in zip(names, cut, objectives, strict=True):
        completed = evidence = None
        if is_short and isinstance(name, str):
            first = bisect_left(whole, name)
            sisters = [w for w in whole[first : first + 3] if w.startswith(name) and len(w) > len(name)]
            if len(sisters) == 1:
                completed, evidence = sisters[0], "同一批文件中另有完整的同名指标"
            elif isinstance(objective, str) and (completed := complete_from_text(name, objective)):
                evidence = f"本项目绩效目标中有“{completed}”"
        rows.append((completed, evidence))
    return pd.DataFrame(rows, columns=["name_completed", "evidence"], index=names.index, dtype="str")
