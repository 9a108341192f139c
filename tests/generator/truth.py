"""`make_truth`: what is printed in an invented document, cell by cell; deterministic from its seed."""

import random
from decimal import Decimal

from . import stock

OPTIONS = {
    "projects": None,  # None: 3-15
    "units": 1,  # budget units in the document
    "layout": "approval",  # approval · sichuan · onevalue · form · selfeval
    "fiscal_year": None,
    "weights": True,  # False: no weight column (onevalue)
    "weights_sum": 90,  # of each project's indicators, without the execution row
    "shares": None,  # points a level 1, as {"产出指标": 50, "效益指标": 30, "满意度指标": 10}; None: free
    "weight_step": "5",  # "5", "2.5", "1", "0.5", "0.1"
    "weight_form": "mixed",  # plain (10) · two (10.00) · mixed (one or the other a project)
    "name_cut": None,  # characters after which the form cuts an indicator's name
    "long_names": 0.25,  # share of names with a long tail
    "category": True,
    "unit_column": True,
    "sequence": False,
    "codes": True,
    "amount_unit": "万元",  # or 元
    "commas": True,
    "cents": True,  # amounts with two decimals in 万元, else whole 万元
    "total_row": True,
    "subtotals": False,
    "execution": None,  # "row": 预算执行率 as an indicator row of 10 points; "header": named in the weight's header
    "cost_level1": False,
    "short_levels": True,  # 社会效益 instead of 社会效益指标
    "qualitative": True,
    "near_duplicates": 0.2,  # chance that a project is followed by a sister with the same indicators
    "two_row_header": False,  # selfeval: 年度指标值{指标性质 指标值 度量单位} instead of one glued column
    "weight_first": False,  # selfeval: 分值 before 年度指标值
    "header_words": 0,  # 0-2: which wording of the column headers
    "comparators": "plain",  # plain (≥) · wide (≧ ＝) · ascii (>=)
    "min_indicators": 4,
    "max_indicators": 11,
}
SPELLINGS = {
    "plain": {},
    "wide": {"≥": "≧", "≤": "≦", "=": "＝", ">": "＞", "<": "＜"},
    "ascii": {"≥": ">=", "≤": "<="},
}
ORDER = ["成本指标", "产出指标", "效益指标", "满意度指标"]
TITLES = {
    "approval": "{}年部门预算项目支出绩效目标批复表",
    "sichuan": "部门预算项目绩效目标申报表（{}年度）",
    "onevalue": "{}年部门预算项目支出绩效目标表",
    "form": "项目支出绩效目标申报表",
    "selfeval": "项目支出绩效自评表",
}


def make_truth(seed: int, **options) -> dict:
    """Truth of one document in the cases' form: {"document": {...}, "projects": [...], "indicators": [...]}.

    Options are those of OPTIONS; `document["print"]` keeps them, so that the writers need nothing else.

    >>> make_truth(1, projects=2) == make_truth(1, projects=2)
    True
    >>> sum(float(i["weight"]) for i in make_truth(1, projects=1)["indicators"])
    90.0
    """
    unknown = set(options) - set(OPTIONS)
    if unknown:
        raise ValueError(f"unknown options: {sorted(unknown)}")
    how = {**OPTIONS, **options}
    if how["layout"] in ("sichuan", "selfeval"):
        how.update(codes=False, category=False)
    if how["layout"] == "sichuan":
        how.update(amount_unit=options.get("amount_unit", "元"), unit_column=True, subtotals=True)
    how["subtotals"] = how["subtotals"] and how["unit_column"]
    rng = random.Random(f"truth {seed}")
    year = how["fiscal_year"] or rng.randint(2019, 2026)
    count = how["projects"] or rng.randint(3, 15)
    units = rng.sample(stock.UNITS, how["units"])
    serial, region = rng.randint(40, 900), rng.choice(["630123000", "510722000", "420381000", "640521000"])
    subjects = _subjects(rng, count, how)
    projects, indicators, forms = [], [], {}
    for number, (theme, name, place, chosen) in enumerate(subjects):
        serial += rng.choice([1, 2, 3, 5, 9, 14, 33])
        unit_code, unit_name = units[number * len(units) // count]
        shown = how["unit_column"] or how["layout"] in ("form", "selfeval")
        code = f"{region}{year % 100}T{serial:09d}" if how["codes"] else ""
        project = {
            "unit_code": unit_code if shown and how["layout"] != "selfeval" else "",
            "unit_name": unit_name if shown else "",
            "project_code": code,
            "project_name": name,
            "category": rng.choice(stock.CATEGORIES) if how["category"] else "",
            "budget": str(_budget(rng, how)),
            "objective": _objective(rng, theme, place, year),
        }
        rows = _indicators(rng, theme, chosen, year, how)
        decimals = {"plain": False, "two": True, "mixed": rng.random() < 0.5}[how["weight_form"]]
        _weigh(rng, rows, decimals, how)
        if how["layout"] == "selfeval":
            _evaluate(rng, project, rows, how)
        elif how["execution"] == "row":
            project["execution_weight"] = "10"
        key = {"project_code": code or name, "project_name": name}
        projects.append(project)
        indicators += [{**key, **row} for row in rows]
        forms[code or name] = "10.00" if decimals else "10"
    document = {
        "title": TITLES[how["layout"]].format(year),
        "fiscal_year": year,
        "unit": units[0][1],
        "printed_total": str(sum(Decimal(p["budget"]) for p in projects)) if how["total_row"] else "",
        "execution_printed": forms,
        "print": how,
    }
    return {"document": document, "projects": projects, "indicators": indicators}


def random_options(seed: int, layout: str | None = None) -> dict:
    """Options of one document of the family, drawn at random; they fit together.

    >>> sorted(random_options(3))[:2]
    ['amount_unit', 'category']
    """
    rng = random.Random(f"options {seed}")
    layout = layout or rng.choice(["approval", "approval", "approval", "sichuan", "onevalue", "form", "selfeval"])
    profile = rng.choice([(90, None), (90, None), (90, "50/30/10"), (100, None), (100, "60/30/10"), (80, None)])
    shares = dict(zip(ORDER[1:], map(int, profile[1].split("/")), strict=True)) if profile[1] else None
    cost_level1 = layout in ("approval", "onevalue") and not shares and rng.random() < 0.2
    units = rng.choice([1, 1, 1, 2, 3])
    options = {
        "projects": rng.randint(max(units, 2), 14),
        "layout": layout,
        "units": units,
        "fiscal_year": rng.randint(2019, 2026),
        "weights": layout != "onevalue" or rng.random() < 0.5,
        "weights_sum": 90 if layout == "selfeval" else profile[0],
        "shares": None if layout == "selfeval" else shares,
        "weight_step": rng.choice(["5", "5", "5", "1", "2.5", "0.5"]),
        "weight_form": rng.choice(["plain", "two", "mixed"]),
        "name_cut": rng.choice([None, 8, 10, 12, 14, 16]),
        "category": rng.random() < 0.8,
        "unit_column": units > 1 or rng.random() < 0.6,
        "sequence": rng.random() < 0.25,
        "amount_unit": rng.choice(["万元", "万元", "元"]),
        "commas": rng.random() < 0.8,
        "total_row": rng.random() < 0.85,
        "subtotals": units > 1 and rng.random() < 0.7,
        "cost_level1": cost_level1,
        "short_levels": rng.random() < 0.5,
        "qualitative": rng.random() < 0.8,
        "two_row_header": rng.random() < 0.5,
        "weight_first": rng.random() < 0.5,
        "comparators": rng.choice(["plain", "plain", "wide", "ascii"]),
        "header_words": rng.choice([0, 0, 1, 2]),
    }
    if layout == "approval" and options["weights_sum"] == 90 and rng.random() < 0.4:
        options["execution"] = rng.choice(["row", "header"])
    return options


def split_units(truth: dict) -> list[dict]:
    """One truth a budget unit, each with its own total: to be printed as tables or sheets of their own."""
    parts = []
    for unit in dict.fromkeys((p["unit_code"], p["unit_name"]) for p in truth["projects"]):
        projects = [p for p in truth["projects"] if (p["unit_code"], p["unit_name"]) == unit]
        keys = {p["project_code"] or p["project_name"] for p in projects}
        total = str(sum(Decimal(p["budget"]) for p in projects)) if truth["document"]["printed_total"] else ""
        document = {**truth["document"], "unit": unit[1], "printed_total": total}
        rows = [i for i in truth["indicators"] if i["project_code"] in keys]
        parts.append({"document": document, "projects": projects, "indicators": rows})
    return parts


def joined(truths: list[dict]) -> dict:
    """One truth of all projects of several documents that stand in one file."""
    return {
        "document": truths[0]["document"],
        "projects": [p for t in truths for p in t["projects"]],
        "indicators": [i for t in truths for i in t["indicators"]],
    }


def _subjects(rng: random.Random, count: int, how: dict) -> list[tuple]:
    """(theme, project name, place, indicators chosen) for each project; names differ, sisters share the rest."""
    themes = list(stock.themes())
    rng.shuffle(themes)
    queue, subjects, used = list(themes), [], set()
    while len(subjects) < count:
        if not queue:
            queue = list(themes)
        theme = queue.pop()
        chosen = _choose(rng, theme, how)
        side = rng.randrange(0, len(stock.PLACES), 2)
        places = rng.sample(stock.PLACES[side : side + 2], 2)  # 东关路 and 西关路
        sisters = 2 if rng.random() < how["near_duplicates"] else 1
        for place in places[:sisters]:
            name = theme.name.format(p=place)
            if name in used or (sisters == 2 and "{p}" not in theme.name):
                name = place + name
            if name in used:
                name += f"（{len(subjects)}号）"
            if len(subjects) < count:
                used.add(name)
                subjects.append((theme, name, place, chosen))
    return subjects


def _choose(rng: random.Random, theme, how: dict) -> list[int]:
    """Positions of the theme's indicators that a project takes, in print order, as few and many as wanted."""
    levels = {"数": "产", "质": "产", "时": "产", "成": "成" if how["cost_level1"] else "产", "满": "满"}
    pool = [k for k, i in enumerate(theme.indicators) if how["qualitative"] or i[2] != "定性"]
    if not {theme.indicators[k][0] for k in pool} & set("经社态续"):  # only qualitative benefits in stock
        pool = list(range(len(theme.indicators)))
    wanted = min(len(pool), rng.randint(how["min_indicators"], how["max_indicators"]))
    first = {}
    for k in rng.sample(pool, len(pool)):
        first.setdefault(levels.get(theme.indicators[k][0], "效"), k)
    if not how["shares"] and rng.random() < 0.2:
        first.pop("效", None)  # a project without benefits is common enough
    taken = list(first.values())
    rest = [k for k in pool if k not in taken]
    taken += rng.sample(rest, max(0, min(len(rest), wanted - len(taken))))
    return sorted(taken)


def _budget(rng: random.Random, how: dict) -> Decimal:
    """An amount in 万元: small, middling or large; no trailing zeros."""
    top = rng.choice([1_000, 5_000, 30_000, 60_000, 500_000, 990_000])
    amount = Decimal(rng.randint(100, top)) / 100
    if not how["cents"]:
        amount = Decimal(int(amount) + 1)
    if how["amount_unit"] == "元" and rng.random() < 0.3:
        amount += Decimal(rng.randint(1, 9999)) / 1_000_000
    return Decimal(f"{amount.normalize():f}")


def _objective(rng: random.Random, theme, place: str, year: int) -> str:
    """30-400 characters: the theme's sentences, then more of the general ones."""
    sentences = theme.sentences[: rng.randint(1, len(theme.sentences))]
    sentences += rng.sample(stock.SENTENCES, rng.choice([0, 0, 1, 1, 2, 3, 6]))
    if rng.random() < 0.3:
        people, pay = rng.randint(3, 120), rng.choice([350, 620, 900, 1450])
        sentences.append(f"按{people}人、每人每月{pay}元、12个月计算，合计{people * pay * 12}元。")
    text = "".join(sentences)
    text = text.format(a=rng.randint(3, 290), b=rng.randint(4, 960), Y=year, p=place)
    while len(text) < 30:
        text += "保障项目顺利推进并按期发挥效益。"
    return text[:400]


def _indicators(rng: random.Random, theme, chosen: list[int], year: int, how: dict) -> list[dict]:
    rows = []
    for key, name, comparator, target, unit in (theme.indicators[k] for k in chosen):
        level1, level2 = stock.LEVELS[key]
        if key == "成" and how["cost_level1"]:
            level1, level2 = "成本指标", "经济成本指标"
        full = name + (rng.choice(stock.TAILS) if rng.random() < how["long_names"] else "")
        target = target.format(Y=year)
        if target.isdigit() and int(target) > 20 and unit not in ("%", "‰") and rng.random() < 0.4:
            target = str(round(int(target) * rng.uniform(0.5, 1.6)))
        elif unit == "%" and target.isdigit() and 20 < int(target) < 99 and rng.random() < 0.3:
            target = f"{int(target) + rng.choice([0.5, 0.25, 0.6, -1.5, 1]):g}"
        short = how["short_levels"] and level2 not in ("数量指标", "质量指标", "时效指标", "成本指标")
        rows.append(
            {
                "level1": level1,
                "level2": level2,
                "level2_printed": level2.removesuffix("指标") if short else level2,
                "name": full[: how["name_cut"]],
                "name_full": full,
                "comparator": comparator,
                "comparator_printed": SPELLINGS[how["comparators"]].get(comparator, comparator),
                "target": target,
                "measure_unit": unit,
            }
        )
    return sorted(rows, key=lambda row: ORDER.index(row["level1"]) if how["cost_level1"] else 0)


def _weigh(rng: random.Random, rows: list[dict], decimals: bool, how: dict) -> None:
    """Give each row its weight: composed at random of steps, so that the level-1 shares and the sum hold."""
    if not how["weights"]:
        for row in rows:
            row.update(weight=None, weight_printed=None)
        return
    groups = [(Decimal(how["weights_sum"]), rows)]
    if how["shares"]:
        groups = [(Decimal(v), [r for r in rows if r["level1"] == level]) for level, v in how["shares"].items()]
    for points, members in groups:
        step = Decimal(how["weight_step"])
        while points / step < len(members):
            step /= 5
        parts = [1] * len(members)
        for _ in range(int(points / step) - len(members)):
            parts[min(rng.sample(range(len(parts)), min(2, len(parts))), key=parts.__getitem__)] += 1
        for row, part in zip(members, parts, strict=True):
            weight = part * step + (points % step if row is members[-1] else 0)
            plain = f"{weight.normalize():f}"
            row.update(weight=plain, weight_printed=f"{weight:.2f}" if decimals else plain)


def _evaluate(rng: random.Random, project: dict, rows: list[dict], how: dict) -> None:
    """Fund block of the project; actual value, score and reason of each row."""
    budget = Decimal(project["budget"])
    spent = (budget * rng.choice([Decimal(1), Decimal(1), Decimal(rng.randint(300, 999)) / 1000])).quantize(
        Decimal("0.01") if how["amount_unit"] == "万元" else Decimal("0.000001")
    )
    rate = (100 * spent / budget).quantize(Decimal("0.01")).normalize()
    project.update(
        executed=f"{spent:f}",
        execution_rate=f"{rate:f}",
        execution_weight="10",
        execution_score=f"{(rate / 10).quantize(Decimal('0.1')):f}",
    )
    for row in rows:
        actual, short = row["target"], rng.random() < 0.25
        if row["target"].replace(".", "").isdigit() and short and row["comparator"] in ("≥", "="):
            actual = f"{Decimal(row['target']) * 9 / 10:f}"
        short = short and (actual != row["target"] or row["comparator"] == "定性")
        score = Decimal(row["weight"]) * (Decimal("0.9") if short else 1)
        row.update(
            actual=actual + row["measure_unit"],
            score=f"{score.normalize():f}",
            deviation_note=rng.choice(stock.REASONS) if short else "",
        )
