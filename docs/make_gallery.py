"""docs/gallery.md and its pictures: every chart, on the document that comes with the project.

`uv run python docs/make_gallery.py` writes docs/gallery.md and docs/images/gallery/*.png. Charts of years are of the
document and its invented neighbour year; their titles say so.
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from PIL import Image

import budgetperf
from budgetperf import profiles, years
from budgetperf.charts.export import PICTURES, PICTURES_OF_YEARS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "data/raw/huangyuan-chengguan-2024-approval.txt"
NEIGHBOUR = ROOT / "data/synthetic/huangyuan-chengguan-2025-synthetic.txt"
OUT = ROOT / "docs/images/gallery"
HEAD = """# 图集 Gallery

`budgetperf charts` 写出的全部图，数据是随项目附带的真实文件；年度比较的图用它和它的合成邻年。图和数据的取法见[命令](cli.md#budgetperf-charts)，
在 Python 中每幅图是 `budgetperf.charts` 的一个函数，画进给它的 Axes。由 `docs/make_gallery.py` 写出，请勿手改。

Every chart that `budgetperf charts` writes, on the real document that comes with the project; those of years on it and its
invented neighbour year. Each is one function of `budgetperf.charts`. Written by `docs/make_gallery.py`.
"""


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    real, both = budgetperf.build([SOURCE]), budgetperf.build([SOURCE, NEIGHBOUR])
    compared, scope = years.compare_up_to(both), profiles.scope(real)
    drawn = [(picture, picture.frame(real), scope) for picture in PICTURES]
    drawn += [(picture, picture.frame(compared), compared.scope) for picture in PICTURES_OF_YEARS]
    parts = [entry(picture, picture.draw(frame, scope=of)) for picture, frame, of in drawn]
    (ROOT / "docs/gallery.md").write_text("\n".join([HEAD, *parts]), encoding="utf-8")


def entry(picture, ax) -> str:
    """The chart's place on the page: what it shows, its function, the picture or the sentence that stands for it."""
    said = [text.get_text().replace("\n", "") for text in ax.texts]
    shown = said[0]
    if len(said) > 1:
        target = OUT / f"{picture.file}.png"
        ax.figure.savefig(target, dpi=110, bbox_inches="tight", pad_inches=0.08, metadata={"Software": "budgetperf"})
        with Image.open(target) as image:  # flat colours: a palette holds them in a third of the bytes
            image.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(target, optimize=True)
        shown = f"![{said[1]}](images/gallery/{target.name})"
    plt.close(ax.figure)
    return f"## {picture.words}\n\n`{getattr(picture.draw, 'func', picture.draw).__name__}`\n\n{shown}\n"


if __name__ == "__main__":
    main()
