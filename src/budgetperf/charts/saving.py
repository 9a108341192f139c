"""Writing charts: PNG for documents and slides, SVG and PDF for print; all carry their letters with them."""

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

FORMATS = ("png", "svg", "pdf")
# letters are outlines in SVG and embedded subsets in PDF: the reader needs no Chinese font; no dates: same bytes
_SETTINGS = {"svg.fonttype": "path", "svg.hashsalt": "budgetperf", "pdf.fonttype": 42}
_METADATA = {"png": {"Software": "budgetperf"}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}


def save(ax: Axes, path: str | Path, formats: tuple[str, ...] = FORMATS, close: bool = False) -> list[Path]:
    """Write the figure of `ax` beside `path` as PNG (300 dpi), SVG and PDF; the files written.

    A suffix of `path` that names a format is left out: `save(ax, "图/资金.png")` writes 资金.png, 资金.svg, 资金.pdf.
    """
    path = Path(path)
    stem = path.with_suffix("") if path.suffix.lstrip(".").lower() in FORMATS else path
    stem.parent.mkdir(parents=True, exist_ok=True)
    written = []
    with mpl.rc_context(_SETTINGS):
        for kind in formats:
            target = stem.with_name(f"{stem.name}.{kind}")
            more = {"dpi": 300, "bbox_inches": "tight", "pad_inches": 0.08, "facecolor": "white"}
            ax.figure.savefig(target, format=kind, metadata=_METADATA[kind], **more)
            written.append(target)
    if close:
        plt.close(ax.figure)
    return written
