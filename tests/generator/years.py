"""`make_series`: documents of several years of one unit, with the truth of what became what.

Nothing here knows how the matching works: each edit is one that a unit makes to its own table from year to year.
"""

import copy
import random
from decimal import Decimal
from typing import NamedTuple

from . import stock
from .truth import make_truth

EDITS = {
    "rename": 0.3,  # chance that a project's name changes
    "rename_hard": 0.05,  # … beyond a word or two, with the content kept
    "code": "new",  # new: another year and serial; kept; shuffled: last year's codes are given to other projects
    "split": 0.06,
    "merge": 0.06,
    "drop": 0.1,
    "add": 0.12,
    "sister": 0.1,  # chance that a project gets a sister at another place, or its place's sister replaces it
    "reorder": True,
    "name_cut": None,  # characters after which the new form cuts indicators' names
    "cost_level1": False,  # the new form has cost as a level 1
    "units_renamed": 0.15,  # chance that an indicator's unit is spelled otherwise (万元 → 元, 个 → 座)
    "indicator_rename": 0.12,
    "indicator_drop": 0.08,
    "indicator_add": 0.08,
    "target": 0.3,
    "reweigh": 0.3,
    "budget": 0.7,
    "unit_name": None,  # the unit's new name
}
WORDS = [
    ("运转", "运行"),
    ("建设", "建设实施"),
    ("补贴", "补助"),
    ("改造", "提升改造"),
    ("购置", "采购"),
    ("维护", "养护"),
    ("培训", "能力培训"),
    ("服务", "服务保障"),
    ("设施", "基础设施"),
    ("保障", "支持"),
    ("发展", "扶持发展"),
]
ENDS = ["专项经费", "经费", "专项资金", "项目", "工作经费", "补助资金", "（{Y}年）", "项目资金"]
NAMES = [
    ("数", "量"),
    ("人数", "人员数"),
    ("率", "比率"),
    ("数量", "总量"),
    ("时限", "期限"),
    ("及时", "按时"),
    ("完成", "按期完成"),
    ("满意度", "满意程度"),
    ("标准", "标准值"),
    ("覆盖", "全覆盖"),
    ("座数", "座数量"),
    ("提高", "提升"),
]
UNITS = [("个", "座"), ("%", "百分比"), ("次", "场次"), ("人", "名"), ("天", "日")]


class Series(NamedTuple):
    """truths: one a year. projects: (year index, key, key of the next year); indicators: (year index, key, name index …)."""

    truths: list[dict]
    projects: list[set[tuple[str, str]]]  # a step: pairs of project keys (code or name)
    indicators: list[set[tuple[tuple[str, int], tuple[str, int]]]]  # a step: pairs of (project key, indicator no)


def make_series(seed: int, years: int = 2, *, edits: dict | None = None, **options) -> Series:
    """A document and its successors; `edits` as in EDITS, `options` as of make_truth (for the first year).

    >>> series = make_series(3, projects=8)
    >>> len(series.truths), len(series.projects)
    (2, 1)
    """
    how = EDITS | (edits or {})
    rng = random.Random(f"years {seed}")
    first = make_truth(seed, **({"fiscal_year": 2022, "layout": "approval"} | options))
    truths, projects, indicators = [first], [], []
    for step in range(1, years):
        truth, links, rows = _next_year(rng, truths[-1], how, f"{seed} {step}")
        truths.append(truth)
        projects.append(links)
        indicators.append(rows)
    return Series(truths, projects, indicators)


def key_of(project: dict) -> str:
    """What names a project within its year."""
    return project["project_code"] or project["project_name"]


def _next_year(rng: random.Random, old: dict, how: dict, seed: str) -> tuple[dict, set, set]:
    year = old["document"]["fiscal_year"] + 1
    rows_of = {key_of(p): [] for p in old["projects"]}
    for row in old["indicators"]:
        rows_of[row["project_code"] or row["project_name"]].append(row)
    # a work: the new project, its rows, and where both come from
    works = [
        {
            "project": copy.deepcopy(p),
            "from": [key_of(p)],
            "kept_name": False,
            "rows": [(copy.deepcopy(row), [(key_of(p), n)]) for n, row in enumerate(rows_of[key_of(p)], 1)],
        }
        for p in old["projects"]
    ]
    works = [work for work in works if rng.random() >= how["drop"]] or works[:1]
    names = {p["project_name"] for p in old["projects"]}
    works = _merged(rng, works, how)
    works = [part for work in works for part in _split(rng, work, how)]
    works += _added(rng, old, works, names, how, year, seed)
    used: set[str] = set()
    for work in works:
        _edit(rng, work, how, year, names, used)
    if how["reorder"]:
        rng.shuffle(works)
    _codes(rng, works, old, how, year)
    document = {
        **old["document"],
        "fiscal_year": year,
        "title": old["document"]["title"].replace(str(year - 1), str(year)),
        "unit": how["unit_name"] or old["document"]["unit"],
    }
    truth = {"document": document, "projects": [work["project"] for work in works], "indicators": []}
    links, pairs = set(), set()
    for work in works:
        key = key_of(work["project"])
        links |= {(source, key) for source in work["from"]}
        for number, (row, sources) in enumerate(work["rows"], 1):
            row |= {"project_code": key, "project_name": work["project"]["project_name"]}
            truth["indicators"].append(row)
            pairs |= {(source, (key, number)) for source in sources}
    document["printed_total"] = str(sum(Decimal(p["budget"]) for p in truth["projects"]))
    return truth, links, pairs


def _merged(rng: random.Random, works: list[dict], how: dict) -> list[dict]:
    result, queue = [], list(works)
    while queue:
        work = queue.pop(0)
        if queue and rng.random() < how["merge"]:
            other = queue.pop(0)
            one, its = work["project"], other["project"]
            name = rng.choice(
                [
                    f"{one['project_name']}及{its['project_name']}",
                    one["project_name"],
                    its["project_name"],
                    f"{one['project_name']}和{its['project_name']}",
                ]
            )
            project = {
                **one,
                "project_name": name,
                "budget": str(Decimal(one["budget"]) + Decimal(its["budget"])),
                "objective": one["objective"][:190] + its["objective"][:190],
            }
            rows = list(work["rows"])
            for row, sources in other["rows"]:
                same = [i for i, (r, _) in enumerate(rows) if (r["name"], r["level2"]) == (row["name"], row["level2"])]
                if same:
                    rows[same[0]] = (rows[same[0]][0], rows[same[0]][1] + sources)
                else:
                    rows.append((row, sources))
            work = {"project": project, "from": work["from"] + other["from"], "rows": rows, "kept_name": True}
        result.append(work)
    return result


def _split(rng: random.Random, work: dict, how: dict) -> list[dict]:
    rows = work["rows"]
    if len(work["from"]) > 1 or len(rows) < 6 or rng.random() >= how["split"]:
        return [work]
    ends = rng.choice(
        [("（一期）", "（二期）"), ("—设备部分", "—运维部分"), ("（县级）", "（乡镇）"), ("", "后续管护")]
    )
    share = Decimal(rng.randint(25, 75)) / 100
    whole = Decimal(work["project"]["budget"])
    amounts = [(whole * share).quantize(Decimal("0.01")), whole - (whole * share).quantize(Decimal("0.01"))]
    common = [r for r in rows if r[0]["level1"] == "满意度指标"]
    rest = [r for r in rows if r[0]["level1"] != "满意度指标"]
    half = max(2, len(rest) // 2)
    parts = []
    for end, amount, own in zip(ends, amounts, (rest[:half], rest[half:]), strict=True):
        project = {
            **work["project"],
            "project_name": work["project"]["project_name"] + end,
            "budget": f"{amount.normalize():f}",
        }
        parts.append(
            {"project": project, "from": list(work["from"]), "rows": copy.deepcopy(own + common), "kept_name": True}
        )
    return parts


def _added(
    rng: random.Random, old: dict, works: list[dict], names: set[str], how: dict, year: int, seed: str
) -> list[dict]:
    taken = names | {work["project"]["project_name"] for work in works}
    more = make_truth(
        f"more {seed}",
        projects=max(2, len(works)),
        fiscal_year=year,
        near_duplicates=0,
        layout="approval",
        name_cut=old["document"]["print"]["name_cut"],
    )
    stems = {_stem(name) for name in taken}
    added = []
    for project in more["projects"]:
        if rng.random() < how["add"] and _stem(project["project_name"]) not in stems:
            rows = [r for r in more["indicators"] if r["project_code"] == project["project_code"]]
            own = {
                **project,
                "unit_code": works[0]["project"]["unit_code"],
                "unit_name": works[0]["project"]["unit_name"],
            }
            added.append({"project": own, "from": [], "rows": [(row, []) for row in rows], "kept_name": True})
    for work in list(works):
        if rng.random() < how["sister"] and work["from"] and not work["kept_name"]:  # of a whole project only
            sister = copy.deepcopy(work)
            name = sister["project"]["project_name"]
            place = next((p for p in stock.PLACES if p in name), None)
            if place is None:
                continue
            at = stock.PLACES.index(place)
            other = name.replace(place, stock.PLACES[at + 1 if at % 2 == 0 else at - 1])
            if other in taken:
                continue
            taken.add(other)
            objective = sister["project"]["objective"].replace(place, other[:3])
            sister["project"] |= {"project_name": other, "budget": f"{rng.randint(100, 9000)}", "objective": objective}
            if rng.random() < 0.5:  # the sister comes instead of it
                works.remove(work)
            added.append(
                {
                    "project": sister["project"],
                    "from": [],
                    "rows": [(row, []) for row, _ in sister["rows"]],
                    "kept_name": True,
                }
            )
    return added


def _stem(name: str) -> str:
    for place in stock.PLACES:
        name = name.replace(place, "")
    return name[:6]


def _edit(rng: random.Random, work: dict, how: dict, year: int, names: set[str], used: set[str]) -> None:
    project = work["project"]
    if work["from"] and not work["kept_name"]:
        if rng.random() < how["rename"]:
            project["project_name"] = _renamed(rng, project["project_name"], year)
        elif rng.random() < how["rename_hard"]:
            place = next((p for p in stock.PLACES if p in project["project_name"]), "")
            project["project_name"] = (
                place + rng.choice(["民生实事", "重点工作任务", "年度保障任务"]) + project["project_name"][-4:]
            )
    while project["project_name"] in used:
        project["project_name"] += "（续）"
    used.add(project["project_name"])
    if work["from"] and rng.random() < how["budget"]:
        factor = Decimal(rng.choice([60, 80, 90, 95, 105, 110, 125, 150])) / 100
        project["budget"] = f"{(Decimal(project['budget']) * factor).quantize(Decimal('0.01')).normalize():f}"
    project["objective"] = project["objective"].replace(str(year - 1), str(year))
    rows = work["rows"]
    if work["from"]:
        rows = [r for r in rows if rng.random() >= how["indicator_drop"]] or rows[:1]
        have = {row["name"][:4] for row, _ in rows}
        if rng.random() < how["indicator_add"] * 4:
            theme = rng.choice(stock.themes())
            key, name, comparator, target, unit = rng.choice(theme.indicators)
            level1, level2 = stock.LEVELS[key]
            if name[:4] not in have:
                new = {
                    **rows[0][0],
                    "level1": level1,
                    "level2": level2,
                    "level2_printed": level2,
                    "name": name,
                    "name_full": name,
                    "comparator": comparator,
                    "comparator_printed": comparator,
                    "target": target.format(Y=year),
                    "measure_unit": unit,
                }
                rows.append((new, []))
        for row, _ in rows:
            _edit_row(rng, row, how, year)
        if how["reorder"] and rng.random() < 0.6:
            rng.shuffle(rows)
    for row, _ in rows:
        if how["name_cut"]:
            row["name"] = row["name_full"][: how["name_cut"]]
        if how["cost_level1"] and row["level2"] == "成本指标":
            row |= {"level1": "成本指标", "level2": "经济成本指标", "level2_printed": "经济成本"}
        if row["weight"] is not None and rng.random() < how["reweigh"]:
            row["weight"] = str(Decimal(row["weight"]) + rng.choice([0, 1, 2]))
    work["rows"] = rows


def _renamed(rng: random.Random, name: str, year: int) -> str:
    kind = rng.randrange(3)
    if kind == 0:
        for one, other in rng.sample(WORDS, len(WORDS)):
            if one in name:
                return name.replace(one, other, 1)
    if kind == 1:
        return f"{year}年{name}"
    return name + rng.choice(ENDS).format(Y=year)


def _edit_row(rng: random.Random, row: dict, how: dict, year: int) -> None:
    if rng.random() < how["indicator_rename"]:
        for one, other in rng.sample(NAMES, len(NAMES)):
            if one in row["name_full"] and other not in row["name_full"]:
                cut = len(row["name"]) if row["name"] != row["name_full"] else None
                row["name_full"] = row["name_full"].replace(one, other, 1)
                row["name"] = row["name_full"][:cut]
                break
    row["target"] = row["target"].replace(str(year - 1), str(year))
    if row["target"].isdigit() and rng.random() < how["target"]:
        row["target"] = str(max(1, round(int(row["target"]) * rng.choice([0.8, 0.9, 1.1, 1.2]))))
        if row["measure_unit"] == "%":
            row["target"] = str(min(100, int(row["target"])))
    if rng.random() < how["units_renamed"]:
        if row["measure_unit"] == "万元" and row["target"].isdigit():
            row |= {"measure_unit": "元", "target": str(int(row["target"]) * 10_000)}
        else:
            row["measure_unit"] = dict(UNITS).get(row["measure_unit"], row["measure_unit"])


def _codes(rng: random.Random, works: list[dict], old: dict, how: dict, year: int) -> None:
    serial, region = rng.randint(40, 900), "630123000"
    before = [p["project_code"] for p in old["projects"]]
    spare = [code for code in before if code]
    rng.shuffle(spare)
    used: set[str] = set()
    for work in works:
        project = work["project"]
        serial += rng.choice([1, 2, 3, 5, 9])
        fresh = f"{region}{year % 100}T{serial:09d}" if spare else ""
        code = fresh
        if how["code"] == "kept" and len(work["from"]) == 1 and project["project_code"] not in used:
            code = project["project_code"]
        elif how["code"] == "shuffled" and spare:
            code = spare.pop() if rng.random() < 0.5 else fresh
        project["project_code"] = code
        used.add(code)
        if how["unit_name"]:
            project["unit_name"] = how["unit_name"]
