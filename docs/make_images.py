"""The pictures of the READMEs, from a build of the document that comes with the project.

`uv run python docs/make_images.py` writes docs/images/reading.png, and report.png where LibreOffice is installed.
"""

import shutil
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import pandas as pd
from matplotlib import pyplot as plt

import budgetperf
from budgetperf.charts.fonts import use_fonts
from budgetperf.field.words import say
from budgetperf.field.wraps import display_width

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "data/raw/huangyuan-chengguan-2024-approval.txt"
OUT, REPORT = ROOT / "docs/images/reading.png", ROOT / "docs/images/report.png"
SHOWN = ("图1各项目", "的原件（")  # beside the first page of the report the first with each of these
COLOURS = {"产出指标": "#31688e", "效益指标": "#35b779", "满意度指标": "#fde725"}
SHADES = {"spelling": "#bdbdbd", "reading": "#6baed6", "value": "#d94801"}


def draw_repairs(ax, repairs: pd.DataFrame) -> None:
    counts = repairs.groupby(["rule", "kind"]).size().reset_index(name="count").sort_values("count")
    labels = [say("repair", rule, "zh") for rule in counts["rule"]]
    bars = ax.barh(labels, counts["count"], color=counts["kind"].map(SHADES))
    ax.bar_label(bars, padding=3, fontsize=8)
    ax.set_xticks([])
    ax.margins(x=0.15)
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    ax.legend(
        [plt.Rectangle((0, 0), 1, 1, color=shade) for shade in SHADES.values()],
        [say("kind", kind, "zh") for kind in SHADES],
        fontsize=8,
        frameon=False,
        loc="lower right",
    )
    ax.set_title(f"改动 {len(repairs)} 处，处处有据", loc="left", fontsize=11)


def draw_weights(ax, dataset) -> None:
    points = (
        dataset.indicators.groupby(["project_no", "level1"])["weight"]
        .agg(lambda w: float(sum(w, Decimal(0))))
        .unstack()
    )
    names = dataset.projects.set_index("project_no")["project_name"]
    left = pd.Series(0.0, index=points.index)
    for level, colour in COLOURS.items():
        ax.barh([names[n] for n in points.index], points[level], left=left, color=colour, label=level, height=0.75)
        left = left + points[level]
    ax.invert_yaxis()
    ax.tick_params(axis="y", labelsize=7)
    ax.set_xticks([0, 50, 80, 90])
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(fontsize=8, ncols=3, frameon=False, loc="upper left", bbox_to_anchor=(0, -0.06))
    ax.set_title("每个项目的分值都合计 90 分，50 / 30 / 10", loc="left", fontsize=11)


def draw_evidence(ax, repairs: pd.DataFrame) -> None:
    value = repairs[(repairs["kind"] == "value") & (repairs["rule"] != "execution_by_head")]
    rows = [
        [
            f"项目 {r.project_no}",
            say("repair", r.rule, "zh"),
            _short(r.printed, 38),
            _short(r.repaired, 34),
            _short(r.evidence, 78),
        ]
        for r in value.itertuples()
    ]
    ax.axis("off")
    table = ax.table(
        rows,
        colLabels=["何处", "规则", "原印（┊ 为分页）", "读作", "依据"],
        colWidths=[0.06, 0.09, 0.22, 0.19, 0.44],
        cellLoc="left",
        loc="upper center",
    )
    table.auto_set_font_size(False)
    table.set_fontsize(8)
    table.scale(1, 1.4)
    for (row, _), cell in table.get_celld().items():
        cell.set_linewidth(0.3)
        cell.PAD = 0.02
        cell.set_facecolor("#f0f0f0" if row == 0 else "white")
    ax.set_title("由合计与编码判定的数值", loc="left", fontsize=11)


def _short(text, width: int) -> str:
    """The text cut to `width` half-width columns of print."""
    text = "（未印）" if pd.isna(text) else str(text)
    if display_width(text) <= width:
        return text
    while display_width(text) > width - 2:
        text = text[:-1]
    return text + "…"


def draw_report(dataset) -> None:
    """Pages of the Word report beside each other, as LibreOffice sets them."""
    import pypdfium2
    from PIL import Image, ImageOps

    with tempfile.TemporaryDirectory() as folder:
        report = budgetperf.write_report(dataset, Path(folder) / "report.docx", source=ROOT / "data/raw")
        subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(report)], check=True)
        pages = list(pypdfium2.PdfDocument(report.with_suffix(".pdf")))
        texts = ["".join(page.get_textpage().get_text_bounded().split()) for page in pages]
        chosen = [0, *(next(k for k, text in enumerate(texts) if words in text) for words in SHOWN)]
        pictures = [ImageOps.expand(pages[k].render(scale=0.75).to_pil(), 1, "#bbbbbb") for k in chosen]
    wide, high = pictures[0].size
    sheet = Image.new("RGB", (len(pictures) * (wide + 12) - 12, high), "white")
    for place, picture in enumerate(pictures):
        sheet.paste(picture, (place * (wide + 12), 0))
    sheet.quantize(256, dither=Image.Dither.NONE).save(REPORT, optimize=True)
    print(f"已写出 {REPORT.relative_to(ROOT)}")


def main() -> None:
    use_fonts()
    dataset = budgetperf.build([SOURCE])
    document = dataset.documents.iloc[0]
    figure = plt.figure(figsize=(12, 8.4), layout="constrained")
    grid = figure.add_gridspec(2, 2, height_ratios=[2.4, 1])
    draw_repairs(figure.add_subplot(grid[0, 0]), dataset.repairs)
    draw_weights(figure.add_subplot(grid[0, 1]), dataset)
    draw_evidence(figure.add_subplot(grid[1, :]), dataset.repairs)
    total = sum(dataset.projects["budget_wan_yuan"], Decimal(0))
    figure.suptitle(
        f"读出 {document['projects']} 个项目、{document['indicators']} 条指标，"
        f"预算合计 {total:,} 万元，与印刷合计 {document['printed_total_wan_yuan']:,} 万元相等",
        fontsize=13, x=0.01, ha="left",
    )  # fmt: skip
    figure.text(0.01, -0.02, f"资料来源：{document['title']}（{document['source']}）", fontsize=8, color="#555555")
    OUT.parent.mkdir(exist_ok=True)
    figure.savefig(OUT, dpi=110, bbox_inches="tight", metadata={"Software": None})
    print(f"已写出 {OUT.relative_to(ROOT)}")
    if shutil.which("soffice"):
        draw_report(dataset)


if __name__ == "__main__":
    main()
