"""Faults of self-evaluations, forms and objectives, planted as in faults.py; importing this adds them to FAULTS."""

from decimal import Decimal

from .faults import _objectives, _pick, _plants, _put, _say, _scored, _simple


def _project(frames, rng, **values) -> int:
    projects = frames["projects"]
    index = rng.choice(list(projects.index))
    for column, value in values.items():
        projects.at[index, column] = value
    return int(projects.at[index, "project_no"])


@_plants("S05")
def _execution_score(frames, rng):
    budget = frames["projects"]["budget_wan_yuan"].iat[0]
    return _project(
        frames, rng, budget_wan_yuan=budget, executed_wan_yuan=budget * Decimal("0.3"), execution_rate=Decimal(30),
        execution_score=Decimal(10),
    )  # fmt: skip


@_plants("S06")
def _too_much_for_a_part(frames, rng):
    index = _scored(frames, rng, full=True)
    rows = frames["indicators"]
    value, weight = rows.at[index, "target_value"] * Decimal("0.5"), rows.at[index, "weight"]
    return _put(
        frames,
        index,
        actual_text=f"{value:f}",
        actual_value=value,
        score=weight * Decimal("0.9"),
        deviation_note="受雨季影响",
    )


@_plants("S07")
def _low_execution(frames, rng):
    return _execution_score(frames, rng)


@_plants("S08")
def _far_exceeded(frames, rng):
    rows = frames["indicators"]
    chosen = rows[(rows["comparator"] == "≥") & rows["target_value"].notna() & (rows["measure_unit"] != "%")]
    index = rng.choice(list(chosen[chosen["level2"] == "数量指标"].index))
    value = rows.at[index, "target_value"] * 2
    return _put(frames, index, actual_text=f"{value:f}", actual_value=value, deviation_note=None)


@_plants("S09")
def _unspent(frames, rng):
    return _execution_score(frames, rng)


@_plants("S09")
def _adjusted(frames, rng):
    return _project(frames, rng, budget_initial_wan_yuan=Decimal(1))


@_plants("S10")
def _not_measured(frames, rng):
    return _put(
        frames, _scored(frames, rng, full=True), actual_text=rng.choice(["未测评", "/", "部分完成"]), actual_value=None
    )


@_plants("S11")
def _above_all(frames, rng):
    return _total_line(frames, "100", "103")


@_plants("S11")
def _other_points(frames, rng):
    return _total_line(frames, "105", "90")


@_plants("S11")
def _other_grade(frames, rng):
    return _total_line(frames, "100", "84", "优")


def _total_line(frames, points: str, score: str, grade: str = "") -> int:
    """A printed total of the last project, with a grade beside a label."""
    import pandas as pd

    project = int(frames["projects"]["project_no"].iat[-1])
    own = frames["indicators"][frames["indicators"]["project_no"] == project]
    page, row = int(own["page"].iat[-1]), int(own["row"].iat[-1]) + 1
    lines = [(row, ["总分", points, score])] + ([(row + 1, ["自评等级", grade])] if grade else [])
    cells = [
        {
            "document_id": "d1", "page": page, "table": 1, "row": at, "col": col, "rowspan": 1, "colspan": 1, "text": text,
            "role": "total",
        }
        for at, texts in lines
        for col, text in enumerate(texts)
    ]  # fmt: skip
    frames["cells"] = pd.DataFrame(cells)
    return project


@_plants("S12")
def _copied_result(frames, rng):
    text = "改造渠道若干公里，惠及沿线农户，提升灌溉能力"
    return _project(frames, rng, objective=text + "。", achievement="已完成" + text + "。")


@_plants("S13")
def _other_target(frames, rng):
    """The same project approved in another document, one target of it different."""
    import pandas as pd

    project = int(frames["projects"]["project_no"].iat[0])
    copies = {}
    for name in ("documents", "projects", "indicators"):
        rows = frames[name]
        rows = rows if name == "documents" else rows[rows["project_no"] == project]
        copies[name] = rows.assign(document_id="d2")
    copies["documents"] = copies["documents"].assign(layout="approval", source="b.txt")
    rows = copies["indicators"]
    index = rows.index[rows["target_value"].notna()][0]
    rows.loc[index, ["target_text", "target_value"]] = ["7", Decimal(7)]
    for name, extra in copies.items():
        frames[name] = pd.concat([frames[name], extra], ignore_index=True)
    return project


@_plants("D09")
def _funds(frames, rng):
    import pandas as pd

    project = int(frames["projects"]["project_no"].iat[0])
    lines = [("年度资金总额", "100"), ("其中：财政拨款", "80"), ("其他资金", "30")]
    cells = [
        {
            "document_id": "d1", "page": 1, "table": 1, "row": row, "col": col, "rowspan": 1, "colspan": 1, "text": text,
            "role": "project" if row == 1 and col else "header", "project_no": project if row == 1 and col else None,
        }
        for row, line in enumerate(lines, 1)
        for col, text in enumerate(line)
    ]  # fmt: skip
    frames["cells"] = pd.DataFrame(cells)
    return project


@_plants("D10")
def _backwards(frames, rng):
    return _project(frames, rng, start_date="2024年6月1日", end_date="2024年3月")


_simple("Q06", "社会效益指标", [("居民文明素质", "定性", "有所提升", None), ("乡村面貌", "定性", "良好", None)])
_simple("T07", "社会效益指标", [("沿线群众满意程度", "≥", "90", "%")])
_simple("T07", "数量指标", [("工程完成时间", "≤", "12", "月")])


@_plants("Q07")
def _twice(frames, rng):
    rows = frames["indicators"]
    index = _pick(frames, rng, "数量指标", number=True)
    own = rows[(rows["project_no"] == rows.at[index, "project_no"]) & (rows["level2"] == "数量指标")]
    other = next((i for i in own.index if i != index), None)
    if other is None:
        other = rows.index[(rows["project_no"] == rows.at[index, "project_no"]) & (rows.index != index)][0]
        rows.at[other, "level2"] = "数量指标"
    rows.loc[other, ["name", "measure_unit", "target_text", "target_value"]] = [
        rows.at[index, "name"], rows.at[index, "measure_unit"], "3", Decimal(3),
    ]  # fmt: skip
    return int(rows.at[index, "project_no"])


@_plants("B06")
def _too_dear(frames, rng):
    rows = frames["indicators"]
    project = _put(frames, rows.index[0], "新建泵站", "≥", "900", "座")
    own = rows.index[(rows["project_no"] == project) & (rows["level2"] != "数量指标")]
    return _put(frames, own[0], "单座泵站造价", "≤", "60", "万元/座")


@_plants("X08")
def _running_pay(frames, rng):
    return _project(frames, rng, project_name="后勤临聘人员工资", category_code="22", category_name="其他运转类")


@_plants("X09")
def _contradiction(frames, rng):
    project = _put(frames, _pick(frames, rng, "数量指标"), "改造泵站座数", "≥", "12", "座")
    return _say(frames, rng, "年内改造泵站15座，改善灌溉条件。", project=project - 1)


_objectives("X10", [("新建候车亭36个，方便群众出行。", None), ("建设有机肥加工厂2座，推进种养循环。", None)])
