"""The one manner of all cleaning functions: a Series in, one of the same index out, the input untouched."""

from collections.abc import Callable
from functools import wraps

import pandas as pd

from budgetperf.field.printing import as_printed, values_of

ERRORS = ("raise", "null", "keep")
_SHOWN = 5  # unreadable cells that an error names


def of_columns(function: Callable) -> Callable:
    """A function of a column that also takes a frame, column by column.

    >>> of_columns(lambda texts, sign: texts + sign)(pd.DataFrame({"a": ["x"], "b": ["y"]}), "!").values.tolist()
    [['x!', 'y!']]
    """

    @wraps(function)
    def of_any(texts, *args, **named):
        if isinstance(texts, pd.DataFrame):
            return texts.apply(lambda column: function(column, *args, **named))
        if not isinstance(texts, pd.Series):
            what = f"应为一列（Series）或一张表（DataFrame），不是 {type(texts).__name__}"
            raise ValueError(f"{function.__name__} 读的{what}。")
        return function(texts, *args, **named)

    return of_any


def of_one_column(function: Callable) -> Callable:
    """A function that gives a frame or one value for a column; ValueError where it is given anything else.

    >>> of_one_column(len)(pd.DataFrame({"a": ["x"], "b": ["y"]}))
    Traceback (most recent call last):
    ...
    ValueError: len 一次读一列（Series），不是 DataFrame。请选出一列，如 len(df["a"])。
    """

    @wraps(function)
    def of_one(texts, *args, **named):
        if isinstance(texts, pd.Series):
            return function(texts, *args, **named)
        column = next(iter(texts), "列名") if isinstance(texts, pd.DataFrame) else None
        fix = f'请选出一列，如 {function.__name__}(df["{column}"])' if column is not None else "请先写成 pd.Series(…)"
        raise ValueError(f"{function.__name__} 一次读一列（Series），不是 {type(texts).__name__}。{fix}。")

    return of_one


def columns_of(frame: pd.DataFrame, called: str, *names: str) -> tuple[pd.Series, ...]:
    """Columns of a frame by their names; ValueError where one is not there, or twice.

    >>> columns_of(pd.DataFrame({"预算数": [1]}), "projects", "budget_wan_yuan")
    Traceback (most recent call last):
    ...
    ValueError: projects 没有“budget_wan_yuan”一列，只有：预算数。请先改列名：projects.rename(columns={"…": "budget_wan_yuan"})。
    """
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"{called} 应为一张表（DataFrame），不是 {type(frame).__name__}。")
    for name in names:
        count = list(frame.columns).count(name)
        if count == 0:
            fix = f'请先改列名：{called}.rename(columns={{"…": "{name}"}})'
            raise ValueError(f"{called} 没有“{name}”一列，只有：{'、'.join(map(str, frame.columns))}。{fix}。")
        if count > 1:
            raise ValueError(f"{called} 有 {count} 列“{name}”，不知道该用哪一列。请先改列名。")
    return tuple(frame[name] for name in names)


def read_each(texts: pd.Series, read: Callable[[str], object], errors: str, what: str) -> pd.Series:
    """`read` of each cell's text: its value, None where nothing is printed; `read` raises ValueError for the unreadable.

    errors: "raise" names the unreadable cells, "null" makes them None like blank ones, "keep" leaves them as they are.
    what: the kind of value, for the message.

    >>> read_each(pd.Series(["3", "x", None]), int, "keep", "整数").tolist()
    [3, 'x', None]
    >>> read_each(pd.Series(["3", "x"], index=["a", "b"]), int, "raise", "整数")
    Traceback (most recent call last):
    ...
    ValueError: 1 个单元格不是整数：行 b “x”。可用 errors="null" 留空，或 errors="keep" 照印保留。
    """
    if errors not in ERRORS:
        raise ValueError(f"errors 只能是 {'、'.join(ERRORS)}，不是 {errors!r}。")
    found, unreadable = [], []
    for place, value in zip(texts.index, values_of(texts), strict=True):
        text = as_printed(value)
        try:
            found.append(read(text) if text else None)
        except ValueError:
            unreadable.append((place, text))
            found.append(value if errors == "keep" else None)
    if unreadable and errors == "raise":
        shown = "、".join(f"行 {place} “{text}”" for place, text in unreadable[:_SHOWN])
        more = "等" if len(unreadable) > _SHOWN else ""
        fix = '可用 errors="null" 留空，或 errors="keep" 照印保留'
        raise ValueError(f"{len(unreadable)} 个单元格不是{what}：{shown}{more}。{fix}。")
    return pd.Series(found, index=texts.index, dtype=object, name=texts.name)


def same_index(texts: pd.Series, **others: pd.Series) -> None:
    """ValueError where one of the others is not indexed as `texts`: values would be matched by chance.

    >>> same_index(pd.Series(["甲"]), by=pd.Series([1], index=[7]))
    Traceback (most recent call last):
    ...
    ValueError: by 的索引与 texts 不同，无法逐行对应。请用同一张表的列，或先 reset_index(drop=True)。
    """
    for name, other in others.items():
        if not isinstance(other, pd.Series):
            raise ValueError(f"{name} 应为一列（Series），不是 {type(other).__name__}。")
        if not other.index.equals(texts.index):
            fix = "请用同一张表的列，或先 reset_index(drop=True)"
            raise ValueError(f"{name} 的索引与 texts 不同，无法逐行对应。{fix}。")
