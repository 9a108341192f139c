"""Makes the synthetic neighbour year of a real document: next year's table, with every edit on record.

    uv run python tools/make_neighbour_year.py data/raw/DOCUMENT.txt data/synthetic/NAME.txt

Writes the text (as an extractor would give it) and beside it NAME-edits.csv, one row an edit. The title says 合成, so
that every comparison, chart and table made of it says so too. Deterministic: the same input gives the same bytes.
"""

import csv
import random
import re
import sys
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generator.text import to_text

from budgetperf import build

RECORD = ["edit", "project_from", "project_to", "indicator_from", "indicator_to", "field", "was", "is"]
WORDS = [
    ("运转", "运行"),
    ("工资", "报酬"),
    ("补助", "补助"),
    ("工作经费", "工作专项经费"),
    ("活动经费", "活动补助经费"),
]
SPLIT, MERGED, ENDED, NEW = 1, 2, 2, 1  # how many projects of each


def main(source: Path, target: Path) -> None:
    """Reads the document, edits its truth, writes the text and the record."""
    dataset = build([source])
    truth, edits = neighbour(dataset, random.Random(f"neighbour {source.name}"))
    target.parent.mkdir(parents=True, exist_ok=True)
    plain = {
        "wrap_pages": 0.0,
        "header_wrapped": 0.0,
        "empty_columns": 0.0,
        "shift_left": 0.0,
        "unit_column_lost": False,
    }
    target.write_text(to_text(truth, 1, **plain), encoding="utf-8", newline="\n")
    with target.with_name(f"{target.stem}-edits.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, RECORD, lineterminator="\n")
        writer.writeheader()
        writer.writerows(edits)


def neighbour(dataset, rng: random.Random) -> tuple[dict, list[dict]]:
    """The next year's truth (as of tests/generator) and the edits that lead to it."""
    truth = _truth_of(dataset)
    year, edits = truth["document"]["fiscal_year"], []

    def note(edit: str, **values) -> None:
        edits.append(dict.fromkeys(RECORD, "") | {"edit": edit} | values)

    rows: dict[str, list[dict]] = {}
    for row in truth["indicators"]:
        rows.setdefault(row["project_code"], []).append(row)
    works = [(project, rows[project["project_code"]]) for project in truth["projects"]]
    order = sorted(range(len(works)), key=lambda place: Decimal(works[place][0]["budget"]))
    ended = {order[3], order[len(order) // 2]}
    merged = order[6], order[8]
    split = next(place for place in reversed(order) if place not in {*ended, *merged} and len(works[place][1]) >= 7)
    result = []
    for place, (project, own) in enumerate(works):
        name = project["project_name"]
        if place in ended:
            note("ended", project_from=name, field="budget", was=project["budget"])
        elif place == merged[1]:
            continue
        elif place == merged[0]:
            result.append(_merge(works[merged[0]], works[merged[1]], note))
        elif place == split:
            result += _split(project, own, note)
        else:
            result.append(_edited(project, own, rng, note))
    result.append(_new(works[order[-2]], note))
    final = {"document": _document(truth["document"], year), "projects": [], "indicators": []}
    for number, (project, own) in enumerate(result, 1):
        project["project_code"] = f"{truth['document']['region']}{(year + 1) % 100}T{700 + 7 * number:09d}"
        project["objective"] = project["objective"].replace(f"{year}年", f"{year + 1}年")
        final["projects"].append(project)
        _reweigh(own)
        final["indicators"] += [
            {**row, "project_code": project["project_code"], "project_name": project["project_name"]} for row in own
        ]
    final["document"]["printed_total"] = str(sum(Decimal(project["budget"]) for project in final["projects"]))
    final["document"]["execution_printed"] = {project["project_code"]: "10" for project in final["projects"]}
    note("all projects", field="project_code", was="编码换为新年度", **{"is": "new codes of the next year"})
    return final, edits


def _document(document: dict, year: int) -> dict:
    title = document["title"].replace(str(year), str(year + 1)) + "（合成数据，非真实文件）"
    return {**document, "fiscal_year": year + 1, "title": title}


def _truth_of(dataset) -> dict:
    document = dataset.documents.iloc[0]
    projects, indicators, codes = [], [], {}
    for row in dataset.projects.itertuples():
        codes[row.project_no] = row.project_code
        category = f"{row.category_code}-{row.category_name}"
        projects.append(
            {
                "unit_code": row.unit_code,
                "unit_name": row.unit_name,
                "project_code": row.project_code,
                "project_name": row.project_name,
                "category": category,
                "budget": format(row.budget_wan_yuan, "f"),
                "objective": row.objective,
            }
        )
    for row in dataset.indicators.astype(object).where(dataset.indicators.notna(), None).itertuples():
        indicators.append(
            {
                "project_code": codes[row.project_no],
                "level1": row.level1,
                "level2": row.level2,
                "level2_printed": row.level2_printed or row.level2,
                "name": row.name,
                "name_full": row.name_completed or row.name,
                "comparator": row.comparator,
                "comparator_printed": row.comparator,
                "target": row.target_text or "",
                "measure_unit": row.measure_unit or "",
                "weight": format(row.weight, "f"),
                "weight_printed": format(row.weight, "f"),
            }
        )
    unit, code = dataset.projects["unit_name"].iloc[0], dataset.projects["project_code"].iloc[0]
    how = {
        "layout": "approval",
        "weights": True,
        "execution": "header",
        "unit_column": True,
        "category": True,
        "sequence": False,
        "codes": True,
        "amount_unit": "万元",
        "commas": True,
        "total_row": True,
        "subtotals": False,
        "two_row_header": False,
        "weight_first": False,
        "header_words": 0,
        "comparators": "plain",
        "name_cut": None,
        "short_levels": True,
    }
    of = {
        "title": document["title"],
        "fiscal_year": int(document["fiscal_year"]),
        "unit": unit,
        "region": code[:9],
        "print": how,
    }
    return {"document": of, "projects": projects, "indicators": indicators}


def _merge(one: tuple, other: tuple, note) -> tuple[dict, list[dict]]:
    (project, own), (second, its) = one, other
    name = f"{project['project_name'].removesuffix('经费')}及{second['project_name']}"
    budget = str(Decimal(project["budget"]) + Decimal(second["budget"]))
    have = {(row["level2"], row["name"]) for row in own}
    rows = [dict(row) for row in own] + [dict(row) for row in its if (row["level2"], row["name"]) not in have]
    for old in (project, second):
        note(
            "merged",
            project_from=old["project_name"],
            project_to=name,
            field="budget",
            was=old["budget"],
            **{"is": budget},
        )
    objective = project["objective"].rstrip("。") + "。" + second["objective"]
    return {**project, "project_name": name, "budget": budget, "objective": objective[:380]}, _in_order(rows)


def _split(project: dict, own: list[dict], note) -> list[tuple[dict, list[dict]]]:
    whole = Decimal(project["budget"])
    first = (whole * Decimal("0.62")).quantize(Decimal("0.01"))
    outputs = [row for row in own if row["level1"] == "产出指标"]
    others = [row for row in own if row["level1"] != "产出指标"]
    parts = []
    for name, budget, mine in (
        (f"{project['project_name']}（上半年）", first, outputs[: len(outputs) // 2 + 1]),
        (f"{project['project_name']}（下半年）", whole - first, outputs[len(outputs) // 2 :]),
    ):
        note(
            "split",
            project_from=project["project_name"],
            project_to=name,
            field="budget",
            was=project["budget"],
            **{"is": str(budget)},
        )
        parts.append(({**project, "project_name": name, "budget": str(budget)}, [dict(row) for row in mine + others]))
    return parts


def _new(like: tuple, note) -> tuple[dict, list[dict]]:
    project = {
        **like[0],
        "project_name": "老旧小区充电设施建设经费",
        "budget": "36.5",
        "objective": "在辖区老旧小区建设电动自行车充电设施，消除飞线充电隐患，保障居民用电安全。",
    }
    made = [
        ("产出指标", "数量指标", "新建充电端口数量", "≥", "240", "个", "25"),
        ("产出指标", "质量指标", "工程验收合格率", "=", "100", "%", "15"),
        ("产出指标", "时效指标", "完工时限", "≤", "10", "月", "10"),
        ("效益指标", "社会效益指标", "飞线充电隐患减少率", "≥", "80", "%", "30"),
        ("满意度指标", "服务对象满意度指标", "小区居民满意度", "≥", "90", "%", "10"),
    ]
    names = ("level1", "level2", "name", "comparator", "target", "measure_unit", "weight")
    rows = [dict(zip(names, row, strict=True)) for row in made]
    for row in rows:
        row |= {
            "level2_printed": row["level2"],
            "name_full": row["name"],
            "comparator_printed": row["comparator"],
            "weight_printed": row["weight"],
        }
    note("new", project_to=project["project_name"], field="budget", **{"is": project["budget"]})
    return project, rows


def _edited(project: dict, own: list[dict], rng: random.Random, note) -> tuple[dict, list[dict]]:
    old, rows = project["project_name"], [dict(row) for row in own]
    project = dict(project)
    if rng.random() < 0.45:
        for word, other in rng.sample(WORDS, len(WORDS)):
            if word in old and word != other:
                project["project_name"] = old.replace(word, other, 1)
                note(
                    "renamed",
                    project_from=old,
                    project_to=project["project_name"],
                    field="project_name",
                    was=old,
                    **{"is": project["project_name"]},
                )
                break
    names = {"project_from": old, "project_to": project["project_name"]}
    factor = Decimal(rng.choice([80, 90, 95, 100, 100, 105, 112, 130])) / 100
    if factor != 1:
        was, budget = (
            project["budget"],
            format((Decimal(project["budget"]) * factor).quantize(Decimal("0.01")).normalize(), "f"),
        )
        project["budget"] = budget
        note("budget", **names, field="budget", was=was, **{"is": budget})
    for row in rows:
        target = row["target"]
        if re.fullmatch(r"\d+", target) and rng.random() < 0.25:
            step = rng.choice([-10, -5, 5, 10]) if int(target) > 20 else rng.choice([-1, 1, 2])
            changed = max(1, int(target) + step)
            row["target"] = str(min(changed, 100) if row["measure_unit"] == "%" else changed)
            if row["target"] != target:
                note(
                    "target",
                    **names,
                    indicator_from=row["name"],
                    indicator_to=row["name"],
                    field="target",
                    was=target,
                    **{"is": row["target"]},
                )
    counted = {level: sum(row["level1"] == level for row in rows) for level in ("产出指标", "效益指标")}
    if rng.random() < 0.3 and counted["产出指标"] > 3:
        gone = next(row for row in reversed(rows) if row["level1"] == "产出指标")
        rows.remove(gone)
        note("indicator dropped", **names, indicator_from=gone["name"])
    return project, rows


def _in_order(rows: list[dict]) -> list[dict]:
    levels = ["产出指标", "效益指标", "满意度指标"]
    seconds = [
        "数量指标",
        "质量指标",
        "时效指标",
        "成本指标",
        "经济效益指标",
        "社会效益指标",
        "生态效益指标",
        "可持续影响指标",
    ]
    place = {name: number for number, name in enumerate(seconds)}
    return sorted(rows, key=lambda row: (levels.index(row["level1"]), place.get(row["level2"], 9)))


def _reweigh(rows: list[dict]) -> None:
    """Weights that sum to 50, 30 and 10 again where an edit took rows or added some."""
    for level, points in (("产出指标", 50), ("效益指标", 30), ("满意度指标", 10)):
        own = [row for row in rows if row["level1"] == level]
        if own and sum(Decimal(row["weight"]) for row in own) != points:
            each = points // len(own)
            for row in own:
                row["weight"] = str(each)
            own[0]["weight"] = str(points - each * (len(own) - 1))
        for row in own:
            row["weight_printed"] = row["weight"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
