"""Columns whose heads no list knows, told by what they hold: kinds of content, sums, agreement with their neighbours."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from budgetperf.field.categories import category_parts
from budgetperf.field.form_labels import label_of
from budgetperf.field.headings import is_year
from budgetperf.field.notation import comparator_of, parse_amount, parse_points, parse_target
from budgetperf.field.vocabulary import (
    both_levels,
    fold,
    header_field,
    is_label,
    level1_name,
    level2_name,
    names_body,
    unit_kind,
    vocabulary,
)
from budgetperf.layout.form_cells import labelled_parts
from budgetperf.layout.lattice import Lattice
from budgetperf.layout.moved import kind_of_cell

BODY = 80  # rows looked at to tell what a column holds
MOST = 0.6  # share of a column's cells that must be of a kind
FIGURES = {"points", "number", "amount", "glued", "quality", "code_part"}
FULL = (Decimal(100), Decimal(90))  # what the weights of one project alone make up, if they are weights
LEAST_ROWS = 3  # of which a sum or an agreement with a neighbour is none by chance
PROSE = 14  # characters of the middle one of a column's texts
VALUES = ("comparator", "target", "weight", "actual", "score")


class Told(NamedTuple):
    """fields: column → field, those told by content among them · more: columns of words that only say more of their row ·
    sure, unsure: column → in words, what it was told for and by which evidence."""

    fields: dict[int, str]
    more: set[int]
    sure: dict[int, str]
    unsure: dict[int, str]


class Body(NamedTuple):
    """held: column → row → its own text, rows of sums left out · groups: the rows of each project · sums: rows of sums."""

    heads: dict[int, str]
    held: dict[int, dict[int, str]]
    groups: list[list[int]]
    sums: dict[int, dict[int, str]]

    def share(self, col: int, test: Callable) -> float:
        """Share of a column's texts that pass a test."""
        texts = self.held[col].values()
        return sum(bool(test(text)) for text in texts) / len(texts) if texts else 0.0

    def numbers(self, col: int) -> dict[int, Decimal] | None:
        """Row → number, of a column that holds nothing but numbers."""
        read = {row: parse_points(text) for row, text in self.held[col].items()}
        return read if read and None not in read.values() else None


def tell(lattice: Lattice, rows: list[int], fields: dict[int, str], heads: dict[int, str]) -> Told:
    """The fields with those columns told by content whose heads no list knows. Evidence that could be chance is `unsure`."""
    body = _body(lattice, rows, heads, fields)
    levels = [col for col, field in fields.items() if field == "name" and body.share(col, level2_name) >= MOST]
    misnamed = levels if "level2" not in fields.values() else []  # 指标名称 over levels 2, the names behind them
    told = Told(fields | dict.fromkeys(misnamed, "level2"), set(), {}, {})
    of_names = [col for col, head in heads.items() if not head or header_field(head) == "name"] if misnamed else []
    open_ = [col for col, head in heads.items() if head and body.held[col] and header_field(head) in (None, "name")]
    unknown = sorted({col for col in (*open_, *of_names) if col not in fields and not is_period(heads[col])})
    for rule in RULES:
        for col, field, why, sure in rule(body, {f: c for c, f in told.fields.items()}, unknown):
            if field == "more":
                told.more.add(col)
            else:
                told.fields[col] = field
            unknown = [c for c in unknown if c != col]
            if why:
                words = f"“{fold(heads[col])}”一列按内容读作“{vocabulary()['headers'][field][0]}”：{why}"
                (told.sure if sure else told.unsure)[col] = words
    return told


def _body(lattice: Lattice, rows: list[int], heads: dict[int, str], fields: dict[int, str]) -> Body:
    held: dict[int, dict[int, str]] = {col: {} for col in heads}
    sums: dict[int, dict[int, str]] = {}
    groups: list[list[int]] = []
    wide = {
        col: max((c.colspan for r in rows if (c := lattice.at.get((r, col))) and c.col == col), default=1)
        for col in heads
    }
    running = {col for col, field in fields.items() if field == "sequence"}
    edge = first_of_indicators({field: col for col, field in fields.items()})
    above: dict[int, str] = {}
    for row in [r for r in lattice.rows if r > rows[-1]][:BODY]:
        texts = lattice.texts(row)
        own = {c.col: c.text for c in texts if c.col in held and c.colspan <= wide[c.col]}
        if any(is_label(c.text, kind) for c in texts[:3] for kind in ("total", "subtotal", "score_total")):
            sums[row] = {c.col: c.text for c in texts}
            continue
        for col, text in own.items():
            held[col][row] = text
        project = {col: text for col, text in own.items() if col < edge and col not in running}
        if not groups or any(above.get(col) != text for col, text in project.items()):
            groups.append([])
        above |= project
        groups[-1].append(row)
    return Body(heads, held, groups, sums)


# ---- rules: (body, field → its column, unknown columns) → (column, field, evidence, whether it is sure) ---------------

Found = list[tuple[int, str, str, bool]]


def _by_kind(body: Body, place: dict[str, int], unknown: list[int]) -> Found:
    """Columns of which every cell says what it is."""
    found: Found = []
    for field, test, said in KINDS:
        cols = [col for col in unknown if col not in {c for c, *_ in found} and body.share(col, test) >= MOST]
        if field not in ("level1", "level2", "comparator"):
            cols = [col for col in cols if not is_label(body.heads[col], "more")]
        if field not in place and cols:
            found.append((cols[0], field, said, True))
    return found


def _is_comparator(text: str) -> bool:
    return bool(comparator_of(text)) and fold(text).removesuffix("指标") not in ("定量", "定性")


KINDS = (
    ("level2", lambda t: level2_name(t) or both_levels(t), "都是指标体系的二级"),
    ("level1", level1_name, "都是指标体系的一级"),
    ("comparator", _is_comparator, "都是比较符号"),
    ("direction", lambda t: re.fullmatch(r"[正反逆]向(指标)?", fold(t)), "都是正向、反向"),
    ("measure_unit", unit_kind, "都是计量单位"),
    ("category", lambda t: (parts := category_parts(t)) and parts[0], "都是项目类别"),
)


def first_of_indicators(place: dict[str, int]) -> int:
    """The first column (field → its column) of the indicators; those left of it are the project's."""
    return min((place[f] for f in ("level1", "level2", "name") if f in place), default=0)


def _points(body: Body, place: dict[str, int], unknown: list[int]) -> Found:
    """The weights: numbers that make up the same whole in every project; the scores: beside them, never more."""
    found: Found = []
    numeric = {col: numbers for col in unknown if col > first_of_indicators(place) and (numbers := body.numbers(col))}
    numeric = {col: numbers for col, numbers in numeric.items() if len(numbers) >= LEAST_ROWS}
    weights = body.numbers(place["weight"]) if "weight" in place else None
    if "weight" not in place:
        whole = [(col, said) for col in numeric if (said := _whole(body, col, numeric[col]))]
        if whole and ("actual" not in place or "score" in place or len(numeric) > 1):
            col, said = whole[0]
            found.append((col, "weight", said, True))
            weights = numeric.pop(col)
    if weights and "score" not in place:
        named = {col: fold(body.heads[col]) for col in numeric}
        numeric = {
            col: numbers
            for col, numbers in numeric.items()
            if not _NO_SCORE.search(named[col]) and ("actual" in place or re.search("得分|评分", named[col]))
        }
        full = {col: [n == weights.get(r) for r, n in numbers.items()] for col, numbers in numeric.items()}
        below = [
            col for col, numbers in numeric.items() if all(0 <= n <= weights.get(r, -1) for r, n in numbers.items())
        ]
        scores = [col for col in below if sum(full[col]) * 2 >= len(full[col])]
        found += [(col, "score", "没有一个超过同一行的分值，过半相等", True) for col in scores[:1]]
    return found


# heads of numbers no more than the weights that are none of this year's scores
_NO_SCORE = re.compile("上年|去年|上期|以前|专家|参考|调整|计划|标准|需|资金|金额|数量|权重|分值|元")


def _whole(body: Body, col: int, numbers: dict[int, Decimal]) -> str | None:
    """In words, what the numbers of a column make up in each project, if they are points."""
    if not all(0 < n <= 100 for n in numbers.values()):
        return None
    of_projects = [sum((numbers[r] for r in group if r in numbers), Decimal(0)) for group in body.groups]
    printed = {parse_points(texts.get(col)) for texts in body.sums.values()} - {None}
    if len(set(of_projects)) == 1 and (of_projects[0] in FULL or len(of_projects) > 1):
        return f"每个项目之和都是 {of_projects[0].normalize():f}"
    return f"之和等于合计一行所印的 {total.normalize():f}" if (total := sum(of_projects)) in printed else None


def _name(body: Body, place: dict[str, int], unknown: list[int]) -> Found:
    """The indicator's name: the words between the levels and the values; before it the level 2 that no taxonomy knows."""
    levels = [place[f] for f in ("level1", "level2") if f in place]
    values = [place[f] for f in VALUES if f in place]
    words = [
        col for col in unknown
        if levels and max(levels) < col and all(col < value for value in values)
        and body.share(col, lambda t: kind_of_cell(t) in FIGURES - {"quality"}) < 1 - MOST  # 合格率 is a name too
        and not is_label(body.heads[col], "more")
        and not fold(body.heads[col]).endswith(tuple(vocabulary()["words"]["more"]))  # 评价标准, 数据来源
    ]  # fmt: skip
    if not words or "name" in place:
        return []
    said = "是级别与指标值之间的文字"
    if "level2" in place:
        return [(words[0], "name", said, len(words) == 1)]
    return [
        (words[-1], "name", said, len(words) < 3),
        *((col, "level2", "是一级指标与指标名称之间的文字", True) for col in words[-2:-1]),
    ]


def _target(body: Body, place: dict[str, int], unknown: list[int]) -> Found:
    """The target: figures right of the name, or a goal beside every name."""
    if "target" in place or "name" not in place:
        return []
    figures = [
        col for col in (*unknown, *([place["explanation"]] if "explanation" in place else []))  # 考核标准 over figures alone
        if col > place["name"] and body.share(col, _is_figure) >= MOST
        and not is_label(body.heads[col], "more")
    ]  # fmt: skip
    if figures:
        sure = len(figures) == 1 or header_field(body.heads[figures[0]]) == "name"  # 绩效标准
        return [(figures[0], "target", "是指标名称右侧的数值", sure)]
    goals = [place["objective"]] if place.get("objective", 0) > place["name"] else []
    names = body.held[place["name"]]
    return [(col, "target", "", True) for col in goals if len(names) > 1 and set(names) <= set(body.held[col])]


def _is_figure(text: str) -> bool:
    return kind_of_cell(text) in FIGURES or bool(re.fullmatch(r"\d[\d.,]*\s*[^\d\s]{1,4}", text.strip()))  # 100%, 8公里


def _actual(body: Body, place: dict[str, int], unknown: list[int]) -> Found:
    """The result: beside scores, what is measured as the target is, row by row."""
    if "actual" in place or not {"target", "score"} <= set(place):
        return []
    targets = body.held[place["target"]]
    unknown = [col for col in unknown if not re.search("分|扣|率$|比例$|程度$", fold(body.heads[col]))]
    alike = [
        col for col in unknown
        if col > place["name"]
        and sum(_measured_alike(targets.get(row), text) for row, text in body.held[col].items()) >= MOST * len(targets)
    ]  # fmt: skip
    if len(alike) != 1:
        return []
    measured = any(parse_target(text).unit for text in body.held[alike[0]].values())  # bare numbers may be anything
    sure = measured or bool(re.search("完成|实际|实现|达成|结果", body.heads[alike[0]]))
    return [(alike[0], "actual", "与指标值逐行同一计量，另有得分", sure)]


def _measured_alike(target: str | None, text: str) -> bool:
    if target is None:
        return False
    one, other = parse_target(target), parse_target(text)
    return (one.value is None) == (other.value is None) and (one.unit == other.unit or None in (one.unit, other.unit))


def _reasons(body: Body, place: dict[str, int], unknown: list[int]) -> Found:
    """Words under a head that asks for a reason, right of the indicators."""
    asked = [col for col in unknown if col > first_of_indicators(place) and _REASON.search(fold(body.heads[col]))]
    asked = [col for col in asked if not body.numbers(col)]  # 扣分 may hold points
    return [(col, "deviation_note", "", True) for col in asked[:1] if "deviation_note" not in place]


# heads of bodies whose work it is, or who have a part in it, and not whose budget
_OF_WORK = re.compile(
    "方$|承|施工|供应|中标|受托|合作|配合|协[办同助作]|参与|监[管督理]|审[核计批]|评[审估价]|验收|受益|联系|支持|指导"
)
_REASON = re.compile("偏差|原因|扣分|改进")


def _of_the_system(body: Body, place: dict[str, int], unknown: list[int]) -> Found:
    """What an export prints on each row: the budget's year, a key of the row that no other has."""
    keys = [
        col
        for col in unknown
        if "项目" not in body.heads[col]
        and body.share(col, _KEY.fullmatch) == 1
        and len({*body.held[col].values()}) == len(body.held[col]) == len(body.held.get(place.get("name", -1), ()))
    ]
    years = [col for col in unknown if body.share(col, is_year) == 1]
    return [(col, "more", "", True) for col in (*keys, *years)]


_KEY = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[-0-9A-Za-z]{8,}")


def _more(body: Body, place: dict[str, int], unknown: list[int]) -> Found:
    """Words beside an indicator whose name and target are known can only say more of it."""
    if not {"name", "target"} <= set(place):
        return []
    words = ("text", "long", *(("quality", "glued") if "actual" in place else ()))  # then none can be the result
    return [
        (col, "more", "", True)
        for col in unknown
        if col > first_of_indicators(place)
        and body.share(col, lambda t: kind_of_cell(t) in words) >= MOST
        and not _NAMES_ITSELF.search(fold(body.heads[col]))
    ]  # fmt: skip


_NAMES_ITSELF = re.compile(r"(?<!等)级|名称$|指标$")  # a further level, a further name


def _of_projects(body: Body, place: dict[str, int], unknown: list[int]) -> Found:
    """Columns left of the indicators: the amount that makes up the printed total, the body that is the unit, the words
    that name the project, the prose that is its goal."""
    left = [
        col
        for col in unknown
        if col < first_of_indicators(place) and not ((label := label_of(body.heads[col])) and label.sure)
    ]
    found: Found = []
    labelled = [col for col in left if body.share(col, _is_head) >= MOST]
    if "project" not in place and labelled:
        return [(labelled[0], "project", "每格写明项目名称等各项", True)]
    sums = [col for col in left if _makes_up_total(body, col)] if "budget" not in place else []
    if sums:
        whole = [col for col in sums if _is_sum_of(body, col, [c for c in sums if c != col])]
        col = (whole or sums)[0]
        found.append((col, "budget", "之和等于合计一行所印的金额", bool(whole) or len(sums) == 1))
    bodies = [col for col in left if col not in sums and all(map(names_body, body.held[col].values()))]
    if "unit" not in place and bodies:
        col = bodies[0]
        found.append((col, "unit", "都是单位的名称", len(bodies) == 1 and not _OF_WORK.search(body.heads[col])))
    left = [col for col in left if col not in {c for c, *_ in found} and body.share(col, _is_words) == 1]
    prose = [col for col in left if sorted(map(len, body.held[col].values()))[len(body.held[col]) // 2] >= PROSE]
    goals = [col for col in prose if _GOAL.search(fold(body.heads[col]))] or prose
    if "objective" not in place and len(goals) == 1:
        found.append((goals[0], "objective", "是项目的成段文字", bool(_GOAL.search(fold(body.heads[goals[0]])))))
    names = [col for col in left if col not in prose and len({*body.held[col].values()}) >= len(body.groups)]
    if not {"project", "project_code"} & set(place) and len(names) == 1:
        found.append((names[0], "project", "每个项目各有一个名称", True))
    if {"project", "budget", "objective"} <= set(place):  # what else is said of a project in a word
        found += [(col, "more", "", True) for col in names if not _NAMES_ITSELF.search(fold(body.heads[col]))]
    return found


_GOAL = re.compile("目标|目的|成效|成果|效果|预期|绩效")


def _is_words(text: str) -> bool:
    return kind_of_cell(text) in ("text", "long", "quality") and not ((label := label_of(text)) and label.sure)


def _is_head(text: str) -> bool:
    """Whether a cell holds a whole head of a project, each thing with its label (项目名称：… 预算金额：…)."""
    named = [label.field for words, _ in labelled_parts(text) if (label := label_of(words))]
    return len(named) > 1 and "project" in named


def _makes_up_total(body: Body, col: int) -> bool:
    """Whether the amounts of a column, one a project, make up one that a row of sums prints under its head."""
    amounts = _amounts_of_projects(body, col)
    printed = {parse_amount(texts[col]) for texts in body.sums.values() if col in texts} - {None}
    return None not in amounts and len(amounts) > 1 and sum(amounts, Decimal(0)) in printed


def _is_sum_of(body: Body, col: int, others: list[int]) -> bool:
    """Whether each amount of a column is that of the others together."""
    parts = zip(*(_amounts_of_projects(body, other) for other in others), strict=False)
    sums = [None if None in row else sum(row, Decimal(0)) for row in parts]
    return bool(sums) and sums == _amounts_of_projects(body, col)


def _amounts_of_projects(body: Body, col: int) -> list[Decimal | None]:
    firsts = {group[0] for group in body.groups}
    return [parse_amount(text) for row, text in body.held[col].items() if row in firsts]


RULES = (_by_kind, _points, _name, _target, _actual, _reasons, _of_the_system, _more, _of_projects)


def is_period(head: str) -> bool:
    """Whether a head names a part of the year, progress (1-7月执行情况) or what half of it is to bring (半年目标值), or
    years before (前年, 上年).

    >>> [is_period(head) for head in ("1-7月执行情况", "预计全年完成情况", "半年（程）目标值", "前年", "指标值")]
    [True, True, True, True, False]
    """
    words = r"(?!1[-—至~～]12月)\d{1,2}[-—至~～]\d{1,2}月|[上下]?半年|第?[一二三四]季度|监控期|阶段性?目标|(?:立项时)?[已现原]有(?:指标|目标|水平|.{0,2}值)|全年预计|预计全年|[前上去往]一?年度?$|近[一二三两]年"
    return re.match(words, fold(head)) is not None
