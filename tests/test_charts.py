"""Charts: no missing glyph, no text over another, readable with one and with hundreds of rows, saved with fonts."""

import itertools
import re
import warnings
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
from datasets import county, dataset_of, real_document
from fontTools.ttLib import TTFont
from generator.truth import make_truth

from budgetperf import charts, cli, profiles
from budgetperf.charts import fonts
from budgetperf.charts.export import FRAMES, PICTURES, PICTURES_OF_YEARS, export
from budgetperf.charts.findings import COLOURS
from budgetperf.charts.look import wrapped
from budgetperf.tables import store
from budgetperf.tables.dataset import Dataset

FONT_FILES = Path(fonts.__file__).parents[1] / "fonts"


@pytest.fixture(autouse=True)
def no_warnings_and_no_figures():
    """A missing glyph is a warning of matplotlib: here every warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    plt.close("all")


@pytest.fixture(scope="module")
def datasets():
    long = {"long_names": 1.0, "weight_step": "0.5", "cost_level1": True, "shares": None}
    return {
        "real": real_document(),
        "one": dataset_of(make_truth(6, projects=1)),
        "five": dataset_of(make_truth(7, projects=5)),
        "unweighed": dataset_of(make_truth(5, projects=6, weights=False, layout="onevalue", category=False)),
        "many": county(12, 30, **long),
    }


@pytest.fixture(scope="module")
def frame_of(datasets):
    """Frame of a picture for one of the datasets, by its name; worked out once for both languages."""
    return cache(lambda picture, name: picture.frame(datasets[name]))


@pytest.fixture(scope="module")
def scope_of(datasets):
    """Scope of one of the datasets, by its name; worked out once for all pictures."""
    return cache(lambda name: profiles.scope(datasets[name]))


def texts_of(ax) -> list:
    """Every visible text of the chart with its box on the canvas."""
    ax.figure.canvas.draw()
    found = [t for t in ax.figure.findobj(matplotlib.text.Text) if t.get_visible() and t.get_text().strip()]
    renderer = ax.figure.canvas.get_renderer()
    ticks, inside = set(), set()
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            labels = {id(tick.label1), id(tick.label2)}
            ticks |= labels
            inside |= labels if low <= tick.get_loc() <= high and ax.axison else set()
    return [(t, t.get_window_extent(renderer)) for t in found if id(t) not in ticks or id(t) in inside]


def overlaps(texts: list) -> list[tuple[str, str]]:
    found = []
    for (one, box), (other, second) in itertools.combinations(texts, 2):
        across = min(box.x1, second.x1) - max(box.x0, second.x0)
        down = min(box.y1, second.y1) - max(box.y0, second.y0)
        if across > 1 and down > 2.5 and one.get_text() != other.get_text():
            found.append((one.get_text(), other.get_text()))
    return found


SHAPES = [(name, "zh") for name in ("real", "one", "five", "unweighed", "many")]


@pytest.mark.parametrize(("name", "lang"), [*SHAPES, ("real", "en"), ("many", "en")])  # the others: the same shapes
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.file)
def test_texts_neither_overlap_nor_leave_the_page(picture, name, lang, frame_of, scope_of):
    ax = picture.draw(frame_of(picture, name), scope=scope_of(name), lang=lang)
    texts = texts_of(ax)
    assert overlaps(texts) == []
    width, height = ax.figure.canvas.get_width_height()
    assert height < 1400 and width < 900
    for text, box in texts:
        assert box.x0 > -6 and box.x1 < width + 6 and box.y0 > -6 and box.y1 < height + 6, text.get_text()
        assert "〓" not in text.get_text()
        assert lang == "zh" or not re.search("指标|项目数|占比", text.get_text())


def test_titles_say_the_findings_of_the_real_document(datasets):
    real = datasets["real"]
    titles = {picture.file: drawn(picture, real) for picture in PICTURES}
    assert titles["01_allocation_by_project"] == "前 5 个项目占预算的 81.07%，最大的社区工作人员工资占 38.97%"
    assert titles["02_allocation_cumulative"] == "80% 的资金在最大的 5 个项目，占 21 个项目的 24%"
    assert titles["15_indicators_per_project"] == "每个项目平均 7.29 个指标，4 至 11 个"
    assert titles["16_coverage_by_project"] == "21 个项目中：全部 21 个没有成本指标，11 个没有时效指标"
    assert titles["21_weights_by_level2"] == "数量指标最多：670 分，占 35.4%"
    assert titles["32_findings_by_rule"].endswith("出自 31 条规则") and titles["31_issues"].startswith("15 件事项")
    where = "（湟源县城关镇人民政府（本级），2024 年）。"
    assert titles["22_weights_by_project"] == f"21 个项目都按产出 50、效益 30、满意度 10 分分配{where}"
    assert titles["04_allocation_by_category"] == f"全部 1,536.74 万元属于特定目标类{where}"
    assert titles["24_weights_histogram"] == "100 个指标（65.4%）各占 10 分，4 个达到 30 分"


def drawn(picture, dataset) -> str:
    ax = picture.draw(picture.frame(dataset), scope=profiles.scope(dataset))
    return ax.texts[len(ax.texts) > 1].get_text().replace("\n", "")


def test_bars_are_as_long_as_the_amounts(datasets):
    rows = profiles.allocation(datasets["real"])
    ax = charts.allocation_bars(rows, top=15)
    widths = [Decimal(str(round(bar.get_width(), 2))) for bar in ax.patches]
    assert widths[:15] == rows["budget_wan_yuan"].head(15).tolist()
    assert widths[15] == profiles.exact_sum(rows["budget_wan_yuan"].iloc[15:])
    assert [label.get_text() for label in ax.get_yticklabels()][-1] == "其余 6 个项目"


@pytest.mark.parametrize("name", ["real", "five", "many"])
def test_areas_are_in_proportion_fill_the_page_and_are_all_readable(name, datasets):
    rows = profiles.allocation(datasets[name])
    ax = charts.treemap(rows)
    areas = [patch.get_width() * patch.get_height() for patch in ax.patches]
    written = [text.get_text().replace("\n", "") for text in ax.texts[3:]]  # behind subtitle, title and foot
    assert len(written) == len(areas) and all(re.search(r"\d\.\d\d\d+\.\d%$", text) for text in written)
    budgets = [float(budget) for budget in rows["budget_wan_yuan"]]
    named = sorted(budgets, reverse=True)[: len(areas) - (len(areas) < len(budgets))]
    rest = [sum(budgets) - sum(named)] if len(named) < len(budgets) else []
    expected = [budget * sum(areas) / sum(budgets) for budget in sorted(named + rest, reverse=True)]
    assert sorted(areas, reverse=True) == pytest.approx(expected, rel=1e-6)
    boxes = [(p.get_x(), p.get_y(), p.get_x() + p.get_width(), p.get_y() + p.get_height()) for p in ax.patches]
    for a, b in itertools.combinations(boxes, 2):
        assert min(a[2], b[2]) - max(a[0], b[0]) < 1e-6 or min(a[3], b[3]) - max(a[1], b[1]) < 1e-6


def test_what_would_be_one_bar_or_the_same_bar_again_is_a_sentence(datasets):
    one, real = datasets["one"], datasets["real"]
    for picture in PICTURES[:6]:
        assert drawn(picture, one).endswith("）。"), picture.file
    alike = real.indicators.assign(weight=Decimal(10))
    same = charts.weight_histogram(profiles.weight_values(replace(real, indicators=alike)))
    assert [text.get_text() for text in same.texts] == ["153 个指标（100.0%）各占 10 分，0 个达到 30 分。"]
    invented = charts.allocation_bars(profiles.allocation(one), scope={"synthetic": True})
    assert invented.texts[0].get_text().startswith("【合成数据】")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.file)
def test_a_chart_draws_into_the_axes_it_is_given_and_touches_nothing_else(picture, datasets):
    before = dict(matplotlib.rcParams)
    figure, (left, right) = plt.subplots(1, 2, figsize=(16, 8))
    untouched = right.get_position().bounds
    frame = picture.frame(datasets["five"])
    copy = frame.copy()
    assert picture.draw(frame, ax=left) is left
    assert plt.get_fignums() == [figure.number] and right.get_position().bounds == untouched
    assert dict(matplotlib.rcParams) == before
    pd.testing.assert_frame_equal(frame, copy)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.file)
def test_where_there_is_nothing_to_draw_a_sentence_says_so(picture):
    ax = picture.draw(picture.frame(Dataset.empty()), scope=profiles.scope(Dataset.empty()))
    (sentence,) = [text.get_text() for text in ax.texts]
    assert sentence.endswith("。") and "画不出" in sentence


# ---- fonts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted({*charts.__all__} - {"families", "printable", "save", "use_theme"}))
def test_a_chart_of_a_whole_dataset_names_the_frame_it_takes(name, datasets):
    with pytest.raises(TypeError, match=rf"^{name} 要 (profiles|audit|years)\."):
        getattr(charts, name)(datasets["one"])


def test_the_packaged_font_has_all_of_gb2312_and_a_minus_sign():
    codes = [bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)]
    wanted = set("".join(code.decode("gb2312", errors="ignore") for code in codes))
    wanted |= set("≥≤＝＞＜％‰，。；：？！（）《》“”‘’、·…—0123456789％㎡℃−×÷■●※№①②")
    assert len(wanted) > 6763
    for name in fonts.FILES:
        font = TTFont(FONT_FILES / name)
        assert {ord(sign) for sign in wanted} <= set(font.getBestCmap()), name
        names = {record.nameID: str(record) for record in font["name"].names}
        assert names[1] == fonts.PACKAGED and "Noto" not in names[4] and "SIL Open Font License" in names[13]
        assert "glyf" in font  # PDF files embed TrueType outlines in full
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT_FILES / "OFL.txt").read_text()
    assert "2.004" in (FONT_FILES / "NOTICE.txt").read_text()


def test_a_missing_glyph_is_an_error_here():
    with pytest.raises(UserWarning, match=r"Glyph .* missing"):
        figure = plt.figure()
        figure.text(0.5, 0.5, "\u4e02", fontfamily=fonts.PACKAGED)
        figure.canvas.draw()


def test_rare_characters_formulas_and_controls_do_not_break_a_chart(tmp_path):
    truth = make_truth(7, projects=3)
    names = ["$x_1$ 经费 100% $", "\x07控制\n字符\t", "罕见\U000e0061字\U0001f600" + "很长的名称" * 30]
    dataset = dataset_of(truth)
    dataset = Dataset(**{**dataset.tables(), "projects": dataset.projects.assign(project_name=names)})
    for picture in PICTURES:
        ax = picture.draw(picture.frame(dataset), scope=profiles.scope(dataset))
        assert overlaps(texts_of(ax)) == []
        plt.close(ax.figure)
    ax = charts.allocation_bars(profiles.allocation(dataset))
    labels = " ".join(label.get_text() for label in ax.get_yticklabels())
    assert "$x_1$" in labels and "〓" in labels and "…" in labels


def test_wrapping_leaves_no_lonely_character_and_divides_no_number():
    assert wrapped("二中路综合服务中心村级运转经费", 13) == "二中路综合服务中\n心村级运转经费"
    assert wrapped("新增 1,536.74 万元", 5, 4).split("\n")[1].startswith("1,536.74")
    assert wrapped("很长的名称" * 9, 10).endswith("…") and len(wrapped("很长的名称" * 9, 10).split("\n")) == 2


# ---- files -----------------------------------------------------------------------------------------------------------


def test_save_writes_three_formats_that_carry_their_letters(tmp_path, datasets):
    ax = charts.allocation_bars(profiles.allocation(datasets["five"]))
    first = [path.read_bytes() for path in charts.save(ax, tmp_path / "图" / "资金.png")]
    assert sorted(path.name for path in (tmp_path / "图").iterdir()) == ["资金.pdf", "资金.png", "资金.svg"]
    _, svg, pdf = first
    from PIL import Image

    with Image.open(tmp_path / "图/资金.png") as image:
        assert image.info["dpi"][0] == pytest.approx(300, abs=1) and image.width > 2000
    assert b"<text" not in svg and b"font-family" not in svg  # outlines: no font is asked for
    assert b"BudgetperfSansSC" in pdf and b"/FontFile2" in pdf
    assert [path.read_bytes() for path in charts.save(ax, tmp_path / "图" / "资金")] == first  # same bytes
    assert dict(matplotlib.rcParams)["pdf.fonttype"] == 3  # nothing stays set


def test_the_pdf_can_be_searched(tmp_path, datasets):
    import pypdfium2

    _, _, path = charts.save(charts.allocation_bars(profiles.allocation(datasets["real"])), tmp_path / "a")
    document = pypdfium2.PdfDocument(path)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    assert "社区工作人员工资" in text and "38.97%" in text


def test_theme_is_set_only_when_asked():
    with matplotlib.rc_context():
        charts.use_theme()
        assert matplotlib.rcParams["font.family"][0] == fonts.PACKAGED
        ax = plt.figure().add_subplot(title="自己的图：−1 万元")
        ax.figure.canvas.draw()


@pytest.fixture
def some_pictures(monkeypatch):
    """So few of them that are drawn in three formats: the first, the histogram of weights, one of years."""
    some = [PICTURES[0], next(picture for picture in PICTURES if picture.file == "24_weights_histogram")]
    monkeypatch.setattr("budgetperf.charts.export.PICTURES", some)
    monkeypatch.setattr("budgetperf.charts.export.PICTURES_OF_YEARS", PICTURES_OF_YEARS[:1])
    return some


def test_export_writes_charts_frames_and_an_index(tmp_path, datasets, some_pictures):
    store.save(datasets["five"], tmp_path / "data")
    assert cli.main(["charts", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")]) == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {f"{p.file}.csv" for p in some_pictures} | {f"{name}.csv" for name in FRAMES} <= names
    index = pd.read_csv(tmp_path / "out/index.csv")
    assert len(index) == len(some_pictures) + 1 + len(FRAMES)
    titled = index.loc[index["图的结论"].notna(), "文件"].tolist()
    assert titled == [picture.file for picture in some_pictures] and {
        name for name in names if not name.endswith(".csv")
    } == {f"{file}.{kind}" for file in titled for kind in ("png", "svg", "pdf")}
    money = pd.read_csv(tmp_path / "out/01_allocation_by_project.csv", dtype=str)
    assert sum(map(Decimal, money["预算数（万元）"])) == profiles.exact_sum(
        datasets["five"].projects["budget_wan_yuan"]
    )


def test_export_says_why_there_is_no_chart_and_leaves_no_old_one(tmp_path, datasets, some_pictures):
    old = tmp_path / "24_weights_histogram.png"
    old.write_bytes(b"of an earlier run")
    index = export(datasets["unweighed"], tmp_path).set_index("file")
    assert index["note"]["24_weights_histogram"] == "这些指标没有印权重，画不出权重图。" and not old.exists()


def test_charts_command_names_what_is_missing(tmp_path, capsys, datasets):
    assert cli.main(["charts", "--data", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 2
    assert "还没有构建结果" in capsys.readouterr().err and not (tmp_path / "out").exists()
    store.save(datasets["five"], tmp_path / "data")
    year = str(int(datasets["five"].projects["fiscal_year"].iloc[0]) + 1)
    assert cli.main(["charts", "--data", str(tmp_path / "data"), "--year", year, "--out", str(tmp_path / "out")]) == 2
    assert "现有年度" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_frames_run_nothing_in_a_spreadsheet():
    rows = pd.DataFrame(
        {"project_name": ["=HYPERLINK(1)", "社区", None], "budget_wan_yuan": [Decimal("-1.50"), None, Decimal(3)]}
    )
    assert profiles.frame_csv(rows).decode("utf-8-sig").splitlines()[1:] == ["'=HYPERLINK(1),-1.50", "社区,", ",3"]


# ---- no claim without its basis --------------------------------------------------------------------------------------


def said(ax) -> str:
    return " ".join(text.get_text().replace("\n", "") for text in ax.texts)


def splits(*documents: list[tuple[int, int]]) -> pd.DataFrame:
    """A frame like `profiles.level1_weights`: a list of (points of output, distance from the rule) a document."""
    rows = []
    for number, projects in enumerate(documents):
        for place, (points, far) in enumerate(projects, 1):
            row = {"document_id": f"d{number}", "project_no": place, "project_name": f"项目{number}{place}"}
            for level1, given, away in (("产出指标", points, far), ("效益指标", 90 - points, -far)):
                row |= {"level1": level1, "points": Decimal(given), "difference": Decimal(away)}
                rows.append(row | {"profile_points": Decimal(given - away)})
    return pd.DataFrame(rows)


def test_a_prevailing_split_is_spoken_of_only_where_most_projects_share_one():
    none = said(charts.level_weights(splits([(40, -10), (60, 10), (50, 0)])))
    assert "本文件没有过半项目共用的分配" in none and "偏离" not in none
    one = said(charts.level_weights(splits([(50, 0), (50, 0), (60, 10)])))
    assert "3 个项目中 1 个（33%）偏离本文件通行的分配" in one
    several = said(charts.level_weights(splits([(50, 0), (50, 0), (60, 10)], [(40, 0)])))
    assert "偏离所在文件通行的分配" in several and "另1 份文件没有过半项目共用的分配，共 1 个项目" in several
    assert "本文件" not in several


def test_no_single_largest_where_several_tie_and_what_names_nothing_is_last():
    rows = pd.DataFrame(
        {"spending_kind": ["其他", "人员报酬", "设备购置"], "projects": [1, 1, 1], "without_budget": [0] * 3}
    )
    rows["budget_wan_yuan"] = [Decimal(60), Decimal(20), Decimal(20)]
    ax = charts.allocation_bars(rows)
    assert [label.get_text() for label in ax.get_yticklabels()][-1] == "其他"
    assert "人员报酬、设备购置并列，各占预算的 20.00%" in said(ax) and "不是文件所印的分类" in said(ax)
    rows["budget_wan_yuan"] = [Decimal(60), Decimal(25), Decimal(15)]
    assert "人员报酬占预算的 25.00%，其他占 60.00%" in said(charts.allocation_bars(rows))


# ---- findings --------------------------------------------------------------------------------------------------------


def test_an_issue_is_as_long_as_its_money_and_as_red_as_its_severity(datasets):
    issues = datasets["real"].issues
    ax = charts.issue_bars(issues)
    widths = [Decimal(str(round(bar.get_width(), 2))) for bar in ax.patches]
    assert widths == issues["money_wan_yuan"].head(15).tolist()
    colours = [matplotlib.colors.to_hex(bar.get_facecolor()).upper() for bar in ax.patches]
    assert colours == [COLOURS[grade] for grade in issues["severity"].head(15)]
    assert "金额不能相加" in said(ax)
    without = charts.issue_bars(issues.assign(money_wan_yuan=None))
    assert "所涉项目数" in said(without) and "万元" not in said(without)


def test_findings_of_every_rule_are_counted_and_doubtful_ones_marked():
    rules = pd.DataFrame({"规则": [f"Q{n:02d}" for n in range(30)], "名称": "空泛", "E": 0, "W": 2, "I": 1})
    rules = rules.assign(不确定=[1] + [0] * 29, 项目数=3)
    ax = charts.finding_bars(rules)
    assert "90 条发现（W 60，I 30），出自 30 条规则" in said(ax) and "另有 10 条规则没有列出" in said(ax)
    assert sum("1 条?" in text.get_text() for text in ax.texts) == 1 and "? 依据了修复过的单元格" in said(ax)


def test_the_matrix_of_findings_keeps_every_count():
    columns = {f"Q{n:02d}": [n, "", 1] for n in range(1, 15)}
    matrix = pd.DataFrame(
        {"单位": ["甲局", "甲局", "乙局"], "项目": ["全文", "1 道路", "1 道路"], **columns}, dtype=object
    )
    ax = charts.finding_matrix(matrix)
    numbers = [int(text.get_text()) for text in ax.texts if text.get_text().isdigit()]
    assert sum(numbers) == sum(range(1, 15)) + 14 and "发现最多：全文 · 甲局，105 条" in said(ax)
    assert [head.get_text().split("\n")[0] for head in ax.get_xticklabels()][-1].startswith("其余 4")
