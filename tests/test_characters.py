"""Odd characters are read as what print shows, on record; heads in traditional characters are heads."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetperf.field.characters import odd_kinds, plain_text
from budgetperf.pipeline import build_document

HEAD = "单位名称\t项目名称\t项目类别\t预算数(万元)\t绩效目标\t一级指标\t二级指标\t三级指标\t绩效指标性质\t绩效指标值\t度量单位\t分值权重"
ROWS = [
    "301001-临江县民政局\t63012300024T000000101-高龄津贴\t3-特定目标类\t12.50\t保障老人生活\t产出指标\t数量指标\t发放人数\t≥\t126\t人\t50",
    "\t\t\t\t\t\t质量指标\t发放准确率\t=\t100\t%\t20",
    "\t\t\t\t\t满意度指标\t服务对象满意度指标\t老人满意度\t≥\t90\t%\t20",
]
TRADITIONAL = str.maketrans("单位项类别预数万绩标级质满", "單位項類別預數萬績標級質滿")


def built(tmp_path, text, **options):
    path = tmp_path / "a.txt"
    path.write_text("2024年部门预算项目支出绩效目标批复表\n" + text, encoding="utf-8")
    return build_document(path, **options)


def values(dataset):
    return [
        dataset.projects[["project_code", "project_name", "budget_wan_yuan", "objective"]].values.tolist(),
        dataset.indicators[["level1", "level2", "name", "target_text", "weight"]].values.tolist(),
    ]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return built(tmp_path_factory.mktemp("plain"), "\n".join([HEAD, *ROWS]))


@pytest.mark.parametrize(
    ("usual", "odd"),
    [("高", "⾼"), ("民", "⺠"), ("老", "\uf934"), ("1", "１"), ("1", "١"), ("1", "\U0001d7cf"), ("人", "人\u200b"),
     ("人", "人\u00ad"), ("人", "人\u200f"), ("人", "人\ufe0f"), ("人", "人\x07"), ("人", "\u2060人")],
)  # fmt: skip
def test_a_document_in_odd_characters_is_read_as_in_usual_ones_and_says_so(tmp_path, plain, usual, odd):
    changed = built(tmp_path, "\n".join([HEAD, *(row.replace(usual, odd) for row in ROWS)]))
    assert values(changed) == values(plain) and plain.documents["status"].item() == "reconciled"
    told = changed.repairs[changed.repairs["rule"] == "odd_characters"]
    touched = [cell for row in ROWS for cell in row.replace(usual, odd).split("\t") if odd in cell]
    assert sorted(told["printed"]) == sorted(touched) and (told["grade"] == "certain").all()
    assert odd in "".join(changed.cells["text"].dropna())


def test_without_repair_the_print_stays_as_read(tmp_path):
    odd = [row.replace("高", "⾼") for row in ROWS]
    dataset = built(tmp_path, "\n".join([HEAD, *odd]), repair=False)
    assert "⾼龄津贴" in dataset.projects["project_name"].item() and dataset.repairs.empty


def test_heads_and_levels_in_traditional_characters_are_read(tmp_path):
    dataset = built(tmp_path, "\n".join([HEAD, *ROWS]).translate(TRADITIONAL))
    assert dataset.documents["status"].item() == "reconciled" and dataset.documents["amount_unit"].item() == "万元"
    assert dataset.indicators["level2"].tolist() == ["数量指标", "质量指标", "服务对象满意度指标"]
    assert dataset.indicators["level2_printed"].iat[1] == "質量指標"
    assert dataset.projects["project_name"].item() == "高龄津贴"


USUAL = st.text(st.sampled_from("保障老人生活，。（）：≥≤％²①㎡½…—" + string.digits + string.ascii_letters + "-. \n\t"))


@given(USUAL)
@settings(max_examples=50)
def test_usual_characters_stay(text):
    assert plain_text(text) == text and odd_kinds(text) == []


@given(st.text())
@settings(max_examples=100)
def test_what_is_plain_is_plain_already(text):
    once = plain_text(text)
    assert plain_text(once) == once and (once == text) == (odd_kinds(text) == [])
