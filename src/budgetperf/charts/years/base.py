"""What the charts of years share: place, period and source, the mark of invented data, one step of several."""

from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes

from budgetperf.charts import look
from budgetperf.profiles import rounded

UP, DOWN = look.BLUE, look.VERMILION
NOTHING = {"zh": "没有可比较的年度。", "en": "No years to compare."}


def where_and_source(scope: dict | None, lang: str, period: str) -> tuple[str, str]:
    """Subtitle's place and period, and the foot; where more years are compared than drawn, the subtitle says so.

    >>> where_and_source({"years": [2022, 2023, 2024]}, "zh", "2023–2024")[0]
    '2023–2024 年（2022–2024 共 2 步中的一步）'
    """
    where, foot = look.places({**(scope or {}), "period": period}, lang)
    years = (scope or {}).get("years") or []
    whole = f"{years[0]}–{years[-1]}" if years else period
    if len(years) > 2 and period != whole:
        steps = len(years) - 1
        where += f"（{whole} 共 {steps} 步中的一步）" if lang == "zh" else f" (one of {steps} steps)"
    return where, foot


def doubt_note(doubtful: int, lang: str) -> str:
    """The foot's remark where matches are doubtful: what ? means."""
    if not doubtful:
        return ""
    return f"? 对应拿不准，共 {doubtful} 组，待人工判断。" if lang == "zh" else f"? {doubtful} doubtful matches. "


def stage(scope: dict | None, lang: str, ax: Axes | None, height: float, **more) -> Axes:
    """look.stage of a comparison's scope."""
    return look.stage(ax, height, scope=scope, lang=lang, **more)


def last_step(frame: pd.DataFrame, years: tuple[int, int] | None) -> tuple[pd.DataFrame, tuple[int, int]]:
    """The rows of one step from year to year: the one asked for, else the last."""
    if years is None:
        years = (int(frame["year_from"].iloc[-1]), int(frame["year_to"].iloc[-1]))
    rows = frame[(frame["year_from"] == years[0]) & (frame["year_to"] == years[1])]
    return rows, years


def signed(amount: Decimal) -> str:
    return ("+" if amount > 0 else "") + rounded(amount)
