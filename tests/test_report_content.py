"""What a report says: its figures are the tables', every section is there, and what is missing is said."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from datasets import REAL, county, dataset_of, real_and_later, real_document
from generator.pdf import to_pdf
from generator.truth import make_truth

import budgetperf
from budgetperf import cli, notebooks, profiles, years
from budgetperf.errors import InputError
from budgetperf.report import chosen_findings, report_on, write_evidence_sheets, write_report
from budgetperf.report.content import compose
from budgetperf.report.model import Evidence, Figure, Heading, Table, Text
from budgetperf.report.sections.subject import Subject, table
from budgetperf.tables.dataset import Dataset

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def real() -> Dataset:
    return real_document()


@pytest.fixture(scope="module")
def two_years() -> Dataset:
    return real_and_later()


@pytest.fixture(scope="module")
def report(real):
    return report_on(real)


@pytest.fixture(scope="module")
def report_of_years(two_years):
    return report_on(two_years)


@pytest.fixture(scope="module")
def english(two_years):
    return report_on(two_years, lang="en")


def tables(report) -> dict[str, pd.DataFrame]:
    return {block.caption: block.frame for block in report.blocks if isinstance(block, Table)}


def words(report) -> str:
    return "\n".join(block.text for block in report.blocks if isinstance(block, (Text, Heading)))


def test_a_column_without_a_title_is_an_error(monkeypatch):
    shape = {"caption": ["表", "Table"], "columns": "project_name own", "rows": 9}
    monkeypatch.setattr("budgetperf.report.sections.subject._shapes", lambda: {"own": shape})
    subject = Subject(*[None] * 5, {}, "zh", None)
    frame = pd.DataFrame({"project_name": ["养护"], "own": [1]})
    with pytest.raises(KeyError, match="no title is declared for own of own"):
        table(subject, "own", frame)
    monkeypatch.setitem(shape, "titles", {"own": ["自有", "Own"]})
    assert list(table(subject, "own", frame)[0].frame) == ["项目名称", "自有"]


def test_figures_are_those_of_the_tables(real, report):
    found = tables(report)
    projects = found["各项目的预算数"]
    assert projects["预算数（万元）"].iloc[-1] == Decimal("1536.74") == sum(real.projects["budget_wan_yuan"])
    assert (
        dict(zip(projects["项目名称"], projects["预算数（万元）"], strict=True)).items()
        >= dict(zip(real.projects["project_name"], real.projects["budget_wan_yuan"], strict=True)).items()
    )
    assert (
        dict(report.facts)["预算合计（万元）"] == "1,536.74"
        and dict(report.facts)["勾稽校验通过"] == f"{len(real.checks)}/{len(real.checks)}"
    )
    assert found["文件"].iloc[0]["印刷合计（万元）"] == Decimal("1536.74")
    assert found["各类指标的分值"]["权重（分）"].iloc[-1] == sum(real.indicators["weight"])
    assert found["各类指标的分值"]["指标数"].iloc[-1] == len(real.indicators)
    listed = found["全部审计发现"]
    by_number = real.findings.set_index("finding_no")
    assert sorted(listed.iloc[:, 0]) == sorted(by_number.index)
    for number, said in zip(listed.iloc[:, 0], listed["内容"], strict=True):
        message, basis = by_number.loc[number, ["message", "basis"]]
        assert message.startswith(said) and basis in message.removeprefix(said)
    issues = found["最重要的问题"]
    assert issues["所涉资金（万元）"].tolist() == real.issues["money_wan_yuan"].head(15).tolist()
    assert issues["建议"].tolist() == real.issues["recommendation"].head(15).tolist()
    assert found["各种修复的处数"]["个数"].iloc[-1] == len(real.repairs)
    repaired = found["判定了数值或没有十足把握的修复"]
    assert len(repaired) == ((real.repairs["kind"] == "value") | (real.repairs["grade"] != "certain")).sum()
    assert "11.88┊11.00" in repaired["原印"].tolist()


def test_sections_tables_and_figures_are_numbered_through(report):
    first = [block.text for block in report.blocks if isinstance(block, Heading) and block.level == 1]
    assert first[0] == "一、结论"
    assert [text[:2] for text in first[:6]] == ["一、", "二、", "三、", "四、", "五、", "六、"]
    assert first[6:] == ["附件一 审计发现清单", "附件二 方法与修复"]
    for kind, word in ((Table, "表"), (Figure, "图")):
        labels = [block.label for block in report.blocks if isinstance(block, kind)]
        assert labels == [f"{word} {n}" for n in range(1, len(labels) + 1)] and labels


def test_issues_stand_in_order_the_gravest_shown_in_print(real):
    report = report_on(real, source=ROOT / "data/raw")
    heads = [block.text.split("）", 1)[1] for block in report.blocks if isinstance(block, Heading) and block.level == 2]
    assert heads == real.issues["title"].head(15).tolist()
    said = words(report)
    assert all(gravest in said for gravest in real.issues["gravest"].head(15))
    shown = [block for block in report.blocks if isinstance(block, Evidence)]
    assert len(shown) == 2 and all("第" in block.view().caption for block in shown)


def test_the_conclusion_comes_first_and_claims_what_holds(report, tmp_path):
    first = [block.text for block in report.blocks[1:3]]
    assert "预算合计 1,536.74 万元，与印刷合计 1,536.74 万元一致" in first[0] and "1 份文件勾稽一致" in first[0]
    other = tmp_path / "改.txt"
    other.write_text(REAL.read_text(encoding="utf-8").replace("1,536.74", "2,536.74"), encoding="utf-8")
    wrong = report_on(budgetperf.build([other], jobs=0)).blocks[1]
    assert (
        "与印刷合计 2,536.74 万元不一致" in wrong.text and "0 份文件勾稽一致" in wrong.text and wrong.tone == "warning"
    )


def test_every_figure_draws_in_english_too(english):
    """In Chinese whole reports are written, with every figure."""
    import matplotlib.pyplot as plt

    for block in english.blocks:
        if isinstance(block, Figure):
            ax = block.draw()
            assert len(ax.figure.axes) and len(ax.texts) > 1, block.caption
            plt.close(ax.figure)


def test_years_are_compared_and_never_added_up(two_years, report_of_years):
    report = report_of_years
    later = profiles.select(two_years, year=2025)
    assert report.title.startswith("【含合成数据") and "2025 年度" in report.subtitle
    assert dict(report.facts)["项目"] == str(len(later.projects))
    assert tables(report)["各项目的预算数"]["预算数（万元）"].iloc[-1] == sum(later.projects["budget_wan_yuan"])
    changed = tables(report)["各项目的变化（含合成数据）"]
    comparison = years.compare(two_years)
    assert changed["增减（万元）"].tolist() == comparison.projects["change"].tolist()
    assert "rule" not in tables(report)["新出现和加重的发现，仍在和已改的合计（含合成数据）"]
    assert f"另有 {len(two_years.projects) - len(later.projects)} 个项目" in words(report)
    earlier = report_on(two_years, year=2024)
    assert "没有可比较的年度" in words(earlier) and not earlier.title.startswith("【")


def test_a_comparison_speaks_in_words(report_of_years):
    shown = {name: frame for name, frame in tables(report_of_years).items() if "含合成数据" in name}
    assert len(shown) > 3
    findings = shown["新出现和加重的发现，仍在和已改的合计（含合成数据）"]
    said = "\n".join(findings.astype(object).where(findings.notna(), "").astype(str).values.ravel())
    assert not re.search(r"\b[A-Z]\d\d\b|True|依据：", said) and set(findings["级别"]) <= {"须说明", "须复核", "供参考"}
    changed = shown["改动的指标（含合成数据）"]["目标"].tolist()
    easier = [one in ("更易", "更难", "不可比较的改动") for one in changed]
    assert easier == sorted(easier, reverse=True), "changed targets first"


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory) -> Dataset:
    """Targets of a year, the self-evaluation of the same year, and a file that holds neither."""
    folder = tmp_path_factory.mktemp("自评")
    (folder / "支出表.csv").write_text("科目,金额\n办公费,12\n", encoding="utf-8")
    for name, layout in (("目标.pdf", "approval"), ("自评.pdf", "selfeval")):
        to_pdf(make_truth(33, projects=3, layout=layout, fiscal_year=2025), 33, folder / name, size=7.0)
    return budgetperf.build(sorted(folder.iterdir()))


@pytest.mark.parametrize("kind", ["targets", "self_evaluation"])
def test_self_evaluations_of_the_year_have_a_section(evaluated, kind):
    report = report_on(evaluated, kind=kind)
    assert "自评情况" in "".join(block.text for block in report.blocks if isinstance(block, Heading))
    results = profiles.part(evaluated, year=2025, kind="self_evaluation")
    found, projects = tables(report), profiles.evaluated_projects(results)
    assert found["各级指标的得分"]["得分"].tolist() == profiles.score_rates(results)["score"].tolist()
    assert sorted(found["得分率最低的项目"]["得分"]) == sorted(projects["score"])
    spent = profiles.exact_sum(projects["executed_wan_yuan"])
    assert f"1 份自评表，{len(projects)} 个项目" in words(report) and f"执行 {spent:,f} 万元" in words(report)
    english = report_on(evaluated, kind=kind, lang="en")
    assert set(tables(english)["Grades"]["Grade"]) == {"excellent", "good", "fair", "poor"}


def test_where_there_is_nothing_a_sentence_says_so(real):
    empty = report_on(Dataset.empty())
    said = words(empty)
    for sentence in (
        "没有读入文件",
        "没有印出预算数",
        "没有读出指标",
        "没有印出权重",
        "没有审计发现",
        "没有可比较的年度",
        "没有修复",
    ):
        assert sentence in said
    assert not any(isinstance(block, (Figure, Evidence)) for block in empty.blocks)
    bare = real.indicators.assign(weight=pd.Series([None] * len(real.indicators), dtype=object))
    nothing_found = replace(real, indicators=bare, findings=real.findings[:0])
    said = words(report_on(nothing_found))
    assert "没有印出权重" in said and "没有审计发现" in said and "没有读出指标" not in said


def test_one_project_only(real):
    numbers = real.projects["project_no"] == 4
    one = {
        name: frame[frame.get("project_no", pd.Series(0, frame.index)) == 4] for name, frame in real.tables().items()
    }
    one |= {"documents": real.documents, "projects": real.projects[numbers]}
    report = report_on(Dataset(**{name: frame.reset_index(drop=True) for name, frame in one.items()}))
    assert dict(report.facts)["项目"] == "1" and "分属 1 个项目" in words(report)
    assert len(tables(report)["各项目的预算数"]) == 1  # one row needs no sum


def test_failed_checks_and_unreadable_documents_are_warned_of(tmp_path):
    broken = tmp_path / "坏.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    text = REAL.read_text(encoding="utf-8")
    other = tmp_path / "改.txt"
    other.write_text(text.replace("1,536.74", "2,536.74"), encoding="utf-8")
    report = report_on(budgetperf.build([broken, other], jobs=0))
    warned = [block.text for block in report.blocks if isinstance(block, Text) and block.tone == "warning"]
    assert any("坏.pdf" in line for line in warned) and any("未通过" in line for line in warned)
    failed = tables(report)["未通过的校验"]
    assert "2536.74" in failed["应为"].tolist() and set(failed["文件名"]) == {"改.txt"}


def test_english_words_chinese_documents(two_years, english):
    report = english
    titles = [title for frame in tables(report).values() for title in frame.columns]
    assert all(title.isascii() for title in titles), [title for title in titles if not title.isascii()]
    notes = [block.text for block in report.blocks if isinstance(block, Text) and block.text.startswith("Basis: ")]
    assert notes and not any(re.search(r"\b[A-Z]\d\d\b", note) for note in notes), "bases in words"
    yardsticks = tables(report)["International yardsticks"].astype(str)
    assert all(text.isascii() for text in yardsticks.values.ravel())
    heads = [block.text for block in report.blocks if isinstance(block, Heading) and block.level == 1]
    assert heads[:2] == ["1 Conclusion", "2 What was examined"] and all(head.isascii() for head in heads)
    assert "Output" in tables(report)["Levels 1 and 2"]["Level 1"].tolist()
    with pytest.raises(InputError, match="没有“fr”这种语言"):
        report_on(two_years, lang="fr")


def test_english_evidence_is_captioned_in_english(real, tmp_path):
    report = report_on(real, lang="en", source=tmp_path)
    view = next(block for block in report.blocks if isinstance(block, Evidence)).view()
    assert re.fullmatch(r"\S+ p\. [\d, ]+ · project \d+ .+", view.caption), view.caption
    assert view.notes and all(note.isascii() for note in view.notes)


def test_a_county_names_the_unit_of_every_project():
    data = county(7, 6)
    data = replace(data, findings=real_document().findings[:0])
    report = report_on(data, unit=None)
    assert "单位名称" in tables(report)["各项目的预算数"] and len(tables(report)["各单位的预算数"]) == 8
    unit = data.projects["unit_name"].iloc[0]
    part = report_on(data, unit=unit)
    assert part.subtitle.startswith(unit) and dict(part.facts)["项目"] == "6"
    assert "另有 36 个项目" in words(part)


def test_decisions_made_after_the_build_count(real, tmp_path):
    from budgetperf.audit.decisions import decide

    file = tmp_path / "decisions.csv"
    decide(file, real.findings[real.findings["severity"] == "E"], "驳回", "已核", "王")
    report = report_on(real, decisions=file)
    assert "E（须说明）0 条" in words(report) and "另有 4 条已由审计人员判为不成立或已说明" in words(report)
    assert (tables(report)["全部审计发现"]["处理决定"] == "不成立").sum() == 4


def test_findings_are_chosen_by_number_rule_severity_or_decision(real):
    grave = real.issues.loc[real.issues["severity"] == "E", "findings"]
    assert chosen_findings(real)["finding_no"].tolist() == sorted({int(n) for own in grave for n in own.split(",")})
    assert len(chosen_findings(real)) < len(chosen_findings(real, severity="W"))
    assert "D07" not in set(chosen_findings(real, severity="I")["rule"]), "a note on the form is no fact of the unit's"
    assert set(chosen_findings(real, rules=["L01"])["rule"]) == {"L01"}
    number, identity = real.findings["finding_no"].iloc[5], real.findings["finding_id"].iloc[7]
    assert chosen_findings(real, numbers=[number, identity]).index.tolist() == [5, 7]
    assert chosen_findings(real, confirmed=True).empty
    with pytest.raises(InputError, match="没有编号为 99999"):
        chosen_findings(real, numbers=["99999"])
    with pytest.raises(InputError, match="没有规则 ZZ9"):
        chosen_findings(real, rules=["ZZ9", "L01"])
    with pytest.raises(InputError, match=r"取证单写成 Word"):
        write_evidence_sheets(real, chosen_findings(real), "取证单.xlsx")


def test_format_and_suffix(real, tmp_path):
    with pytest.raises(InputError, match="不知道写成哪种格式"):
        write_report(real, tmp_path / "报告.pdf")
    with pytest.raises(InputError, match="扩展名与格式"):
        write_report(real, tmp_path / "报告.docx", format="xlsx")
    with pytest.raises(InputError, match="模板只用于 Word"):
        write_report(real, tmp_path / "报告.html", template=tmp_path / "模板.docx")
    with pytest.raises(InputError, match=r"没有这个年度.*2024"):
        write_report(real, tmp_path / "报告.html", year=1999)
    assert not list(tmp_path.iterdir())
    (tmp_path / "夹.docx").mkdir()
    with pytest.raises(InputError, match=r"夹\.docx 是文件夹.*没有写出任何文件"):
        write_report(real, tmp_path / "夹.docx")


def test_command_line(real, tmp_path, capsys, monkeypatch):
    from budgetperf.tables.store import save

    data, small = tmp_path / "data", tmp_path / "small"
    save(real, data)
    save(dataset_of(make_truth(6, projects=1)), small)
    raw = str(ROOT / "data/raw")
    for name in ("报告.xlsx", "报告.docx"):  # .html: from a notebook, below
        assert cli.main(["report", "--data", str(small), "--raw", raw, "--out", str(tmp_path / name)]) == 0
        assert (tmp_path / name).stat().st_size > 10_000 and name in capsys.readouterr().out
    sheets = ["evidence", "--data", str(data), "--raw", raw, "--out", str(tmp_path / "取证单.docx")]
    assert cli.main([*sheets, "--rule", "B01", "--prepared-by", "甲"]) == 0
    assert "取证单 1 张，发现 1 条" in capsys.readouterr().out
    for wrong in (["--template", "无.docx"], ["--decisions", "无.csv"], ["--raw", "无"], ["--unit", "无此单位"]):
        assert cli.main(["report", "--data", str(data), "--out", str(tmp_path / "错.docx"), *wrong]) == 2
        assert "没有写出任何文件" in capsys.readouterr().err and not (tmp_path / "错.docx").exists()
    assert (
        cli.main(["audit", "--data", str(data), "--decisions", "无.csv"]) == 2 and "找不到" in capsys.readouterr().err
    )
    assert cli.main([*sheets, "--confirmed"]) == 2 and "没有选中" in capsys.readouterr().err


def test_from_a_notebook_it_shows_a_link(real, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    link = notebooks.report(real, "报告.html", source=ROOT / "data/raw")
    assert "href='报告.html'" in link._repr_html_() and Path("报告.html").is_file()
    chosen = chosen_findings(real, rules=["B01"])
    link = notebooks.evidence_sheets(real, chosen, tmp_path / "单/取证单.docx", source=ROOT / "data/raw")
    assert "href='单/取证单.docx'" in link._repr_html_()


def test_the_same_day_gives_the_same_content(real):
    first, second = (compose(real, comparison=years.nothing(), on=date(2025, 3, 1)) for _ in range(2))
    assert first.facts == second.facts and words(first) == words(second)
