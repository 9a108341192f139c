"""The audit as a whole: identities, decisions, doubt, odd input, configuration, rules of one's own, the command line."""

import importlib
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from generator.faults import SELF_EVALUATION, clean_dataset, planted, sealed

from budgetperf.audit import decisions as decided
from budgetperf.audit import overview
from budgetperf.audit.config import load_config
from budgetperf.audit.load import rules_in
from budgetperf.audit.page import rules_page
from budgetperf.audit.run import audit, chosen_rules
from budgetperf.cli import main
from budgetperf.errors import InputError
from budgetperf.notebooks import findings as menus
from budgetperf.tables import store
from budgetperf.tables.dataset import Dataset, concat, typed, validate_dataset

ROOT = Path(__file__).parents[1]
CONFIG = load_config(None)


@pytest.fixture(scope="module")
def faulty() -> Dataset:
    """A document with one low satisfaction, one wrong sum and one copied objective."""
    frames = {name: planted(1, "X01", 0)[1].tables()[name].copy() for name in ("documents", "projects", "indicators")}
    rows = frames["indicators"]
    index = rows.index[rows["level2"] == "服务对象满意度指标"][0]
    rows.loc[index, ["target_text", "target_value"]] = ["70", Decimal(70)]
    frames["projects"].at[3, "objective"] = "为20人发放补助，每人每月1500元，合计40万元。"
    frames["projects"].at[3, "budget_wan_yuan"] = Decimal(40)
    return sealed(frames)


def with_tables(dataset: Dataset, **tables: pd.DataFrame) -> Dataset:
    return Dataset(**{**dataset.tables(), **{name: typed(frame, name) for name, frame in tables.items()}})


def repair(**more) -> pd.DataFrame:
    one = {"repair_no": 1, "document_id": "d1", "rule": "x", "evidence": "x", "grade": "likely", "kind": "value"}
    return pd.DataFrame([one | more])


def test_findings_are_a_valid_table_with_evidence_as_data(faulty):
    findings = audit(faulty, CONFIG)
    validate_dataset(with_tables(faulty, findings=findings))
    assert {"L01", "B02", "X01"} <= set(findings["rule"])
    low = findings[findings["rule"] == "L01"].iloc[0]
    assert json.loads(low["evidence"]) == {"target": "70", "threshold": {"warn_below": 80, "note_below": 90}}
    assert re.fullmatch(
        r".+“.+”项目（第 \d+ 页）的指标“.+”（指标值 ≥70%）：满意度目标 70%，低于 80%。判断标准：.+80%.+。建议.+。",
        low["message"],
    )
    assert findings["finding_no"].tolist() == list(range(1, len(findings) + 1))


def test_english_messages_hold_no_chinese_but_the_print(faulty):
    findings = audit(faulty, load_config(None, language="en"))
    low = findings[findings["rule"] == "L01"].iloc[0]
    assert re.search(r": satisfaction target 70 %, below 80 %. Criterion: ours: below 80 %", low["message"])
    assert not re.search("[\u4e00-\u9fff]", re.sub("“.*?”", "", low["message"]))


def test_the_same_again_and_from_a_build_that_has_findings(faulty):
    once = audit(faulty, CONFIG)
    again = audit(with_tables(faulty, findings=once), CONFIG)
    pd.testing.assert_frame_equal(once, again)


def test_identities_survive_another_order_name_and_document_id(faulty):
    once = audit(faulty, CONFIG)
    tables = {name: frame.copy() for name, frame in faulty.tables().items()}
    tables["documents"] = tables["documents"].assign(source="b.pdf")
    last = len(tables["projects"]) + 1
    for name in ("projects", "indicators", "checks"):
        tables[name]["project_no"] = last - tables[name]["project_no"]
        if name != "checks":
            tables[name] = tables[name].iloc[::-1]
    for name in tables:
        tables[name] = tables[name].assign(document_id="zz")
    turned = audit(Dataset(**{name: typed(frame, name) for name, frame in tables.items()}), CONFIG)
    alone = ~once["rule"].isin(["X01", "X02"])  # a group is reported at its last project
    assert set(once["finding_id"][alone]) == set(turned["finding_id"][~turned["rule"].isin(["X01", "X02"])])
    assert once["finding_id"].is_unique


def test_changed_content_has_another_identity(faulty):
    before = audit(faulty, CONFIG, only=["L01"])["finding_id"].tolist()
    rows = faulty.indicators.copy()
    rows.loc[rows["target_text"] == "70", ["target_text", "target_value"]] = ["75", Decimal(75)]
    after = audit(with_tables(faulty, indicators=rows), CONFIG, only=["L01"])["finding_id"].tolist()
    assert len(before) == len(after) == 1 and before != after


def test_decisions_last_and_stale_ones_are_listed(faulty, tmp_path):
    path = tmp_path / "decisions.csv"
    findings = audit(faulty, CONFIG)
    assert decided.decide(path, findings[findings["rule"] == "L01"], "驳回", "上年即为 70%", "王") == 1
    assert decided.decide(path, findings[findings["rule"] == "B02"], "confirmed", "属实", "李") == 1
    again = audit(faulty, CONFIG, decisions=path)
    of = again.set_index("rule")
    assert (of.at["L01", "decision"], of.at["L01", "decision_reason"], of.at["L01", "decided_by"]) == (
        "dismissed",
        "上年即为 70%",
        "王",
    )
    assert of.at["B02", "decision"] == "confirmed" and pd.isna(of.at["X01", "decision"])
    gone = audit(clean_dataset(1), CONFIG, decisions=path)
    stale = decided.stale_decisions(gone, decided.read_decisions(path))
    assert sorted(stale["rule"]) == ["B02", "L01"]


def test_a_decision_without_reason_or_name_or_into_a_closed_file_is_not_written(faulty, tmp_path):
    findings = audit(faulty, CONFIG)
    path = tmp_path / "d.csv"
    for reason, name, said in [("", "王", "先填理由"), ("核过", " ", "先填姓名"), ("", "", "先填理由和姓名")]:
        with pytest.raises(InputError, match=f"没有写下决定：请{said}"):
            decided.decide(path, findings, "确认", reason, name)
    assert not path.exists()
    path.mkdir()  # what cannot be replaced, as a file that Excel holds open
    with pytest.raises(InputError, match="写不了"):
        decided.decide(path, findings, "确认", "核过", "王")
    assert list(tmp_path.iterdir()) == [path]


def test_one_project_a_row_over_several_documents(faulty):
    """Two documents with the same projects: a matrix of both has the rows of both."""
    other = with_tables(faulty, **{n: f.assign(document_id="d2") if len(f) else f for n, f in faulty.tables().items()})
    both = concat([faulty, other])
    findings = audit(both, CONFIG, only=["L01"])
    crossed = overview.matrix(findings, both)
    assert len(findings) == 2 == len(crossed) and overview.by_rule(findings, both)["项目数"].tolist() == [2]
    spread = findings.assign(project_no=pd.NA, evidence='{"cells": [[1, null], [2, null], [4, 1]]}')
    assert overview.by_rule(spread[:1], both)["项目数"].tolist() == [3], "as many as the finding names"
    assert overview.listed(findings, both)["级别"].tolist() == ["W", "W"]


def test_decisions_as_excel_saves_them(tmp_path):
    path = tmp_path / "d.csv"
    path.write_bytes("finding_id,decision,reason\nabc,确认,属实\nabc,已说明,后来说明\nx,,\n".encode("gb18030"))
    assert decided.read_decisions(path)[["finding_id", "decision", "decision_reason"]].values.tolist() == [
        ["abc", "explained", "后来说明"]
    ]
    path.write_text("finding_id,decision\nabc,也许\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"第 2 行的决定“也许”不认识。请改为其中之一：confirmed"):
        decided.read_decisions(path)
    path.write_text("finding_id,decision\n,确认\n", encoding="utf-8")
    with pytest.raises(InputError, match="第 2 行有决定“确认”，却没有 finding_id"):
        decided.read_decisions(path)
    path.write_bytes(b"finding_id,decision\nabc,\xff\xff\n")
    with pytest.raises(InputError, match="既不是 UTF-8 也不是 GB18030"):
        decided.read_decisions(path)
    path.write_text("id,decision\nabc,确认\n", encoding="utf-8")
    with pytest.raises(InputError, match="缺少列 finding_id"):
        decided.read_decisions(path)


# ---- doubt -----------------------------------------------------------------------------------------------------------


def test_a_finding_on_a_repaired_cell_is_uncertain(faulty):
    low = audit(faulty, CONFIG, only=["L01"]).iloc[0]
    assert not low["uncertain"]
    place = {"project_no": low["project_no"], "indicator_no": low["indicator_no"], "page": 1}
    for field, grade, kind, expected in [
        ("target_text", "likely", "value", True),
        ("target_text", "likely", "reading", True),
        ("target_text", "certain", "spelling", False),
        ("weight", "likely", "value", False),  # another cell
    ]:
        repairs = repair(**place, field=field, grade=grade, kind=kind)
        assert audit(with_tables(faulty, repairs=repairs), CONFIG, only=["L01"])["uncertain"].tolist() == [expected]


def test_nothing_is_said_of_cells_that_failed_the_reading():
    _, dataset, project = planted(0, "B01", 0)
    assert audit(dataset, CONFIG, only=["B01"])["project_no"].tolist() == [project]
    failed = {
        "document_id": "d1",
        "project_no": project,
        "check": "cut_digits",
        "passed": False,
        "note": "金额有多种读法",
    }
    checks = pd.concat([dataset.checks, pd.DataFrame([failed])])
    open_ = audit(with_tables(dataset, checks=checks), CONFIG, only=["B01", "R02"])
    assert open_["rule"].tolist() == ["R02"] and "金额有多种读法" in open_["message"].iat[0]


def test_a_project_whose_rows_are_open_is_not_called_incomplete():
    _, dataset, project = planted(0, "C03", 0)
    failed = {"document_id": "d1", "project_no": project, "check": "borders", "passed": False, "note": "两种划分"}
    checks = pd.concat([dataset.checks, pd.DataFrame([failed])])
    assert audit(with_tables(dataset, checks=checks), CONFIG, only=["C03"]).empty


def test_findings_of_the_reading_are_kept_once():
    unread = {
        "document_id": "d1",
        "rule": "R01",
        "severity": "E",
        "message": "a.pdf：第 1 页只有图片。",
        "finding_no": 1,
    }
    twin = unread | {"rule": "R03", "severity": "I", "message": "另有内容完全相同的文件", "finding_no": 2}
    stray = unread | {"rule": "D02", "message": "旧的", "finding_no": 3}
    dataset = with_tables(clean_dataset(0), findings=pd.DataFrame([unread, twin, stray]))
    once = audit(dataset, CONFIG)
    assert once["rule"].tolist() == ["R01", "R03"] and once["finding_id"].notna().all()
    failed = {"document_id": "d1", "check": "rows", "passed": False, "note": "3 个单元格未能归入任何一列"}
    dataset = with_tables(dataset, checks=pd.concat([dataset.checks, pd.DataFrame([failed])]))
    first = audit(dataset, CONFIG)
    assert (first["rule"] == "R02").sum() == 1
    assert audit(with_tables(dataset, findings=first), CONFIG)["finding_id"].tolist() == first["finding_id"].tolist()
    longer = with_tables(
        dataset, findings=first, checks=dataset.checks.replace({"note": {failed["note"]: "3 个单元格"}})
    )
    assert (audit(longer, CONFIG)["rule"] == "R02").sum() == 2  # a note that is part of another is not said by it


# ---- odd input -------------------------------------------------------------------------------------------------------

BLANKS = {
    "no objective": ("projects", ["objective"]), "no budget": ("projects", ["budget_wan_yuan"]),
    "no names": ("projects", ["project_name", "project_code", "unit_name"]), "no year": ("projects", ["fiscal_year"]),
    "no weights": ("indicators", ["weight"]), "no units": ("indicators", ["measure_unit"]),
    "qualitative only": ("indicators", ["target_value", "measure_unit"]), "no levels": ("indicators", ["level1", "level2"]),
    "no indicator names": ("indicators", ["name"]), "no targets": ("indicators", ["target_text", "target_value", "comparator"]),
    "no pages": ("indicators", ["page"]),
}  # fmt: skip


@pytest.mark.parametrize("blank", list(BLANKS))
@pytest.mark.parametrize("layout", ["approval", SELF_EVALUATION])
def test_blanks_never_crash_nor_make_nonsense(blank, layout):
    table, columns = BLANKS[blank]
    dataset = clean_dataset(0, layout)
    frame = getattr(dataset, table).assign(**dict.fromkeys(columns))
    if blank == "qualitative only":
        frame = frame.assign(comparator="定性", target_text="良好")
    findings = audit(with_tables(dataset, **{table: frame}), CONFIG)
    validate_dataset(with_tables(dataset, findings=findings))
    expected = {"no targets": {"Q04"}, "qualitative only": {"Q06"}}
    assert set(findings["rule"]) <= expected.get(blank, set()), findings["message"].tolist()


def test_no_document_no_project_no_indicator():
    assert audit(Dataset.empty(), CONFIG).empty
    alone = clean_dataset(0)
    assert audit(
        with_tables(alone, projects=pd.DataFrame(), indicators=pd.DataFrame(), checks=pd.DataFrame()), CONFIG
    ).empty
    audit(with_tables(alone, indicators=pd.DataFrame()), CONFIG)


def test_several_documents_keep_their_own_findings(faulty):
    other = {name: frame.assign(document_id="d2") for name, frame in clean_dataset(4).tables().items()}
    other["projects"]["unit_name"] = "另一单位"
    both = concat([faulty, Dataset(**{name: typed(frame, name) for name, frame in other.items()})])
    findings = audit(both, CONFIG, only=["L01", "B02"])
    assert set(findings["document_id"]) == {"d1"} and len(findings) == 2


# ---- configuration, own rules, pages, command line -------------------------------------------------------------------

OWN = """
from budgetperf.audit import found, rule

@rule("U01", "E", "有项目", "有项目即报", basis="本单位规定")
def any_project(tables, thresholds, words):
    for project in tables.projects.itertuples():
        yield found(project, "有项目", "a project", {})
"""


def test_thresholds_severities_and_rules_off_come_from_the_users_file(faulty, tmp_path):
    path = tmp_path / "budgetperf.toml"
    path.write_text(
        '[audit]\noff = ["X01"]\n[audit.L01]\nwarn_below = 65\n[audit.severity]\nB02 = "I"\n', encoding="utf-8"
    )
    of = audit(faulty, load_config(path)).set_index("rule")
    assert of.at["L01", "severity"] == "I" and "低于 65% 须复核" in of.at["L01", "message"]
    assert "L05" not in load_config(path).values["on"] and "L05" in load_config(path).off
    assert of.at["B02", "severity"] == "I" and "X01" not in of.index


@pytest.mark.parametrize(
    ("text", "said"),
    [("[audit", "不是有效的 TOML"), ("[audit]\nL01 = 3\n", "应为一节"), ("[audit.L1]\n", "是不是 L01"), ('[audit.L01]\nwarn_below = "a"\n', "种类不同"),
     ('[audit.severity]\nL01 = "X"\n', "不是 E、W 或 I"), ('[audit]\noff = ["Q09"]\n', "Q09，没有这个编号，是不是 Q0"),
     ('[audit.severity]\nS99 = "W"\n', "S99，没有这个编号")],
)  # fmt: skip
def test_a_wrong_configuration_is_said(text, said, tmp_path):
    path = tmp_path / "budgetperf.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        chosen_rules(load_config(path))


def test_a_rule_of_ones_own(faulty, tmp_path):
    path = tmp_path / "own.py"
    path.write_text(OWN, encoding="utf-8")
    assert len(audit(faulty, CONFIG, [path], only=["U01"])) == len(faulty.projects)
    for text, said in [("1 +", "运行出错"), ("x = 1", "里没有规则"), (OWN.replace("U01", "L01"), "规则编号 L01 重复")]:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=said):
            audit(faulty, CONFIG, [path])
    with pytest.raises(InputError, match="找不到规则文件"):
        audit(faulty, CONFIG, [tmp_path / "none.py"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise SystemExit(3)", r"规则文件 .*own.py 运行出错（SystemExit: 3）"),
        (OWN.replace("yield found", "1 / 0; yield found"), r"规则 U01（.*own.py）运行出错（ZeroDivisionError"),
        (OWN.replace("for project", "exit(5)\n    for project"), r"规则 U01（.*own.py）运行出错（SystemExit: 5）"),
    ],
)
def test_a_rule_that_raises_or_exits_is_a_sentence(faulty, tmp_path, text, said):
    path = tmp_path / "own.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        audit(faulty, CONFIG, [path])


def test_the_page_of_rules_is_up_to_date():
    assert (ROOT / "docs/rules.md").read_text(encoding="utf-8") == rules_page(), (
        "uv run python -m budgetperf.audit.page docs/rules.md"
    )


def test_recalled_regulations_are_only_pointed_at():
    for line in rules_page().splitlines():
        assert not re.search(r"(?<!参考)财预〔", line), line


def test_the_commands(faulty, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    store.save(faulty, "data/clean")
    assert main(["audit"]) == 0
    out = capsys.readouterr().out
    assert re.match(r"\d+ 个问题\n1\. [EW] ", out) and "建议" in out
    assert re.search(r"\n\d+ 条审计发现（W \d+.*不确定 0，已处理 0）", out) and " L01 W " in out
    assert main(["audit", "--fail-on", "W"]) == 1 and main(["audit", "--fail-on", "E"]) == 0
    assert main(["audit", "--rule", "L01", "--out", "chosen.csv"]) == 0
    chosen = pd.read_csv("chosen.csv", dtype=str)
    assert chosen["rule"].tolist() == ["L01"]
    chosen.assign(decision="已说明", decision_reason="上年即为 70%", decided_by="王").to_csv(
        "data/decisions.csv", index=False
    )
    capsys.readouterr()
    assert main(["audit", "--rule", "L01", "--fail-on", "I"]) == 0
    assert "【已说明：上年即为 70% 王】" in capsys.readouterr().out
    assert main(["audit", "--open", "--rule", "L01"]) == 0
    assert "没有审计发现" in capsys.readouterr().out
    assert main(["audit", "--rule", "Z99"]) == 2 and "没有规则 Z99" in capsys.readouterr().err
    assert main(["audit", "--lang", "en", "--rule", "L01"]) == 0
    assert "1 findings (W 1; uncertain 0, decided 1)" in (out := capsys.readouterr().out) and "[explained: 上年" in out
    assert main(["audit", "--project", "99"]) == 2 and "没有第 99 个项目" in capsys.readouterr().err
    assert main(["rules"]) == 0 and "B02 W " in capsys.readouterr().out
    assert main(["rules", "L01"]) == 0 and "warn_below = 80" in capsys.readouterr().out
    assert main(["rules", "Z99"]) == 2


def test_the_findings_seen_from_above(faulty, tmp_path):
    findings = audit(faulty, CONFIG)
    rules = overview.by_rule(findings, faulty)
    assert rules[["E", "W", "I"]].to_numpy().sum() == len(findings) and set(rules["规则"]) == set(findings["rule"])
    projects = overview.by_project(findings, faulty)
    assert len(projects) == len(faulty.projects)
    assert projects[["E", "W", "I"]].to_numpy().sum() == findings["project_no"].notna().sum()
    crossed = overview.matrix(findings, faulty).replace("", 0)
    assert crossed.drop(columns="项目").to_numpy().sum() == overview.projects_named(findings, faulty).map(len).sum()
    settled = findings.assign(decision=["dismissed"] + [None] * (len(findings) - 1))
    assert len(menus.open_only(settled)) == len(findings) - 1
    assert menus.found_in(findings, Dataset.empty()).empty and len(menus.found_in(findings, faulty)) == len(findings)
    menus.export(findings, faulty, tmp_path / "x/findings.csv")
    assert len(pd.read_csv(tmp_path / "x/findings.csv")) == len(findings)
    for frame in (findings[:0], audit(Dataset.empty(), CONFIG)):
        assert overview.by_rule(frame, faulty).empty and overview.matrix(frame, faulty).empty
        assert len(overview.by_project(frame, faulty)) == len(faulty.projects)


def test_a_rule_is_a_file_laid_down(tmp_path, monkeypatch):
    folder = tmp_path / "laid_down"
    folder.mkdir()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "any.py").write_text(OWN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError):
        rules_in(importlib.import_module("laid_down"))  # U is no family of ours
    (folder / "any.py").write_text(
        OWN.replace("U01", "X99") + "\n", encoding="utf-8"
    )  # another size: compiled code is known by it
    monkeypatch.delitem(sys.modules, "laid_down.any")
    assert [one.id for one in rules_in(importlib.import_module("laid_down"))] == ["X99"]
