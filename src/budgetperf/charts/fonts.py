"""The fonts of the charts: one for Chinese comes with the package, the user's own fill in what it lacks."""

from functools import cache, lru_cache
from importlib import resources

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

PACKAGED = "Budgetperf Sans SC"
FILES = ["BudgetperfSansSC-Regular.ttf", "BudgetperfSansSC-Bold.ttf"]
# What Windows, macOS and Linux bring along; used for characters that the packaged font lacks.
OF_THE_USER = ["Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Source Han Sans SC", "Noto Sans CJK SC"]
OF_THE_USER += ["Noto Sans CJK JP", "WenQuanYi Micro Hei", "SimHei", "SimSun", "SimSun-ExtB"]
MISSING = "〓"  # printers' sign for a character that they do not have


@cache
def families() -> tuple[str, ...]:
    """The font families in the order in which a character is looked for in them.

    >>> families()[0]
    'Budgetperf Sans SC'
    """
    for name in FILES:
        with resources.as_file(resources.files("budgetperf").joinpath("fonts", name)) as path:
            font_manager.fontManager.addfont(path)
    known = set(font_manager.fontManager.get_font_names())
    return (PACKAGED, *(name for name in OF_THE_USER if name in known), "DejaVu Sans")


@cache
def _characters() -> frozenset[int]:
    found: set[int] = set()
    for family in families():
        for weight in ("normal", "bold"):
            path = font_manager.findfont(font_manager.FontProperties(family=family, weight=weight))
            found |= set(FT2Font(path).get_charmap())
    return frozenset(found)


@lru_cache(maxsize=20_000)  # tables print the same names in many rows
def printable(text: str) -> str:
    """The text with 〓 for characters that no font here has, and blanks for control characters: never a box.

    >>> printable("社区\\x07工作"), printable("\\U000e0061")
    ('社区 工作', '〓')
    """
    known = _characters()
    return "".join(
        sign if sign == "\n" or ord(sign) in known else " " if not sign.isprintable() and ord(sign) < 160 else MISSING
        for sign in text
    )


def use_fonts() -> None:
    """Make every figure of this session able to write Chinese (rcParams of matplotlib)."""
    mpl.rcParams["font.family"] = list(families())
    mpl.rcParams["axes.unicode_minus"] = True  # the packaged font has U+2212
