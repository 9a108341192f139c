"""What the column heads of a table name: the field of each column, by the head's words, else by what the column holds."""

import re
from typing import NamedTuple

from budgetperf.field.form_labels import STAGES, label_of, of_other_year, period_of
from budgetperf.field.headings import is_year, money_unit
from budgetperf.field.notation import comparator_of, parse_points
from budgetperf.field.vocabulary import (
    both_levels,
    fold,
    header_field,
    header_rank,
    is_label,
    level1_name,
    level2_name,
    vocabulary,
)
from budgetperf.layout.contents import FIGURES, MOST, Told, first_of_indicators, is_period, tell
from budgetperf.layout.form_cells import POINTS
from budgetperf.layout.form_columns import RESULTS
from budgetperf.layout.form_head import MOST_OF_EXECUTION
from budgetperf.layout.heads import is_joint, named_field, over_both_levels
from budgetperf.layout.inner_columns import name_bodies, name_subproject
from budgetperf.layout.lattice import Lattice
from budgetperf.layout.money_heads import columns_of_money
from budgetperf.layout.moved import kind_of_cell
from budgetperf.layout.printed import PROJECT_FIELDS

# a second column of these fields only says more of the same row; of others it would be a rival value
MORE = {"explanation", "remark", "deviation_note", "direction", "baseline"}
# lower heads of a divided 指标值, as the heads that they are short for
OF_TARGET = {
    "值": "指标值", "数值": "指标值", "内容": "指标值", "单位": "度量单位", "性质": "指标性质",
    "计划": "目标值", "实际": "实际完成值", "完成": "实际完成值", "年初": "年初指标值",
    "调整前": "调整前指标值", "调整后": "调整后指标值", "变更前": "变更前指标值", "变更后": "变更后指标值",
    "调整": "调整后指标值", "变更": "变更后指标值", "最终": "调整后指标值", "最新": "调整后指标值", "现行": "调整后指标值",
}  # fmt: skip
# what no list of heads has, told by its words where it stands behind the indicators and nothing else has the field
BY_WORDS = {
    "deviation_note": re.compile(
        r".*(?:未达标?|未完成|未实现|偏差|偏离|差异|扣分)(?!率).*(?:说明|原因|分析|情况|措施|材料)"
    ),
    "score": re.compile(
        "(?:单位|部门|自查|自评|评价|评定|考评|最终|实际?)*(?:自评|评价|评定|得|实得)(?:分值?|分数|得分)"
    ),
    "actual": re.compile("(?:指标|目标|全年|年度|年终|年末|实际|自评)*(?:完成|实现|达成)情况"),
}
WHOLE = ("小计", "合计", "总计", "总额", "金额", "总金额")  # of money divided by its sources
GROUP_HEADS = ("指标类别", "绩效指标类别", "指标类型", "指标分类", "类别", "指标类")  # over groups of indicators
UNIT_HEADS = ("金额单位", "资金单位", "货币单位")  # over the unit of money, a row each
# heads of a name that also stand over a description of it
LOOSE_NAMES = ("指标内容", "绩效标准", "绩效指标", "指标内容/计算公式")
_OF_CHANGED = re.compile("(?:调整|变更|修改)(?!前)|^新")  # targets as they became
_OF_BEFORE = re.compile("近.年|[往历]年|前.年")  # 近两年指标值 over 2023年 | 2024年
# what the whole of divided targets is called
_WHOLE = re.compile(r"全[国省市州区县旗盟域年]|合计|总[计值体]|整体|汇总|(?:预计)?(?:当年|本年|年度)")
_PLACE = re.compile(r".{1,12}(?:市|县|区|州|盟|旗|省|兵团)")


class Heads(NamedTuple):
    """fields: column → field · extra: column → head of columns that no field takes · more: those of them that only say
    more of the row, and are kept with their head · points: column → the level whose points it holds, right beside it ·
    told: what content told."""

    fields: dict[int, str]
    extra: dict[int, str]
    more: frozenset[int]
    points: dict[int, str]
    told: Told


def column_heads(lattice: Lattice, rows: list[int], year: int | None = None) -> Heads:
    """The field of each column, from the lowest head that names one; then by what the columns hold.

    Of two columns with heads of one field that which names the budget's `year` has it, else the commoner head (the
    earlier in the vocabulary).
    """
    heads, apart, of_target = _head_texts(lattice, rows)
    of_execution = _points_of_execution(lattice, rows[-1], heads)
    others = {col: head for col, head in heads.items() if col not in of_execution}
    others = dict(sorted(others.items(), key=lambda column: of_other_year(column[1], year)))
    of_money = {col: head for col, head in others.items() if header_field(head) in STAGES}
    plain = {col: head for col, head in others.items() if col not in of_money}
    best: dict[str, int] = {field: col for col, field in of_execution.items() if field}
    empty = {col for col in plain if not _holds(lattice, rows[-1], col)}
    _name_by_words(best, plain, empty, year)
    apart |= _parts_of_targets(heads, best, of_target)
    edge = first_of_indicators(best)
    unknown = {col: head for col, head in plain.items() if col < edge and not header_field(head)}
    evaluated = bool({"actual", "score"} & best.keys())
    money = columns_of_money(lattice, rows[-1], of_money | unknown, year, evaluated)
    best |= money.fields
    _name_by_meaning(best, unknown, heads)
    name_subproject(best, plain, lattice, rows[-1])
    _name_by_signs(best, plain, lattice, rows[-1])
    points = _points_of_levels(others, best)
    known = _levels_by_content(lattice, rows[-1], {col: field for field, col in best.items()}, heads)
    told = tell(lattice, rows, known, heads)
    fields = {col: field for col, field in told.fields.items() if fold(heads.get(col, "")) not in UNIT_HEADS}
    fields = _groups_of_names(lattice, rows[-1], fields, heads)
    if any(map(is_period, heads.values())) and not {"actual", "score"} & set(fields.values()):
        apart |= {col for col, field in fields.items() if field == "deviation_note"}  # of progress, not of a result
        fields = {col: field for col, field in fields.items() if field != "deviation_note"}
    extra = {col: head for col, head in heads.items() if head and col not in fields and col not in points}
    more = _more_of_the_row(lattice, rows[-1], heads, extra, best, fields, year) | (
        extra.keys() & (apart | told.more | money.more)
    )
    # where no column is the budget's, its doubt is that of none
    rival = {best.get("budget", 0): money.doubt} if money.doubt else {}
    return Heads(fields, extra, frozenset(more), points, told._replace(unsure=told.unsure | rival))


def _head_texts(lattice: Lattice, rows: list[int]) -> tuple[dict[int, str], set[int], dict[int, int]]:
    """The head of each column, of a divided one that which says what stands below it."""
    heads: dict[int, str] = {}
    apart: set[int] = set()  # columns under one part of a divided head that is known
    both: dict[int, str] = {}  # columns of the levels under one head
    of_target: dict[int, int] = {}  # columns of places or times under a divided head of targets → that head
    for col in range(1, lattice.columns + 1):
        over = {c.index: c for row in reversed(rows) if (c := lattice.at.get((row, col))) and c.text}
        cells = [c for c in over.values() if c.row + c.rowspan - 1 <= rows[-1]]  # not what stands beside the rows
        texts = [cell.text for cell in cells]
        divided = len(cells) > 1 and cells[1].colspan > cells[0].colspan
        if divided and header_field(texts[1]) == "target" and (fold(texts[0]) in OF_TARGET or is_year(texts[0])):
            heads[col] = OF_TARGET.get(fold(texts[0]), f"{fold(texts[0])}指标值")
            continue
        if divided and is_label(texts[0], "grade") and cells[1].col == col:
            heads[col] = "指标值"  # the best of the grades that follow (优 | 良 | 中 | 差)
            continue
        if divided and fold(texts[0]) in WHOLE and (label := label_of(texts[-1])) and label.field in STAGES:
            heads[col] = texts[-1]  # 资金安排 over 小计 | 财政拨款 | 其他资金
            continue
        if divided and (lower := label_of(texts[0])) and lower.field in STAGES:
            label = label_of(texts[1])
            of_source = label is not None and label.field == "part"
            if of_source or is_year(texts[1]):  # 财政拨款 over 预算 | 支出, 2024年 over the same
                heads[col] = f"{'其中：' if of_source else ''}{fold(texts[1])}{fold(texts[0])}"
                continue
        if divided and not header_field(texts[0]):
            heads[col] = texts[0]
            beside = any(header_field(t) in MORE or money_unit(t) or _OF_BEFORE.match(fold(t)) for t in texts[1:])
            apart |= {col} if beside or is_label(texts[0], "grade") else set()
            of_target |= {col: cells[1].index} if _stands_over_targets(texts[1]) else {}
            continue
        head = next((text for text in texts if header_field(text) or is_joint(text)), texts[0] if texts else "")
        if cells and over_both_levels(lattice, cells[0]):
            both |= {cells[0].col: "一级指标", cells[0].col + 1: "二级指标"}
            both |= {cells[0].col + 2: "三级指标"} if cells[0].colspan == 3 else {}
        elif cells and cells[0].colspan in (2, 3) and cells[0].col == col and header_field(head) == "level2":
            head = "一级指标"  # one head over both levels (评价内容)
            # and over the slots that each has (目标1 | 目标2)
            both |= {col + 2: "目标名称"} if cells[0].colspan == 3 else {}
        head = both.get(col, head)
        heads[col] = ("项目编码" if re.search("编码|代码", head) else "项目名称") if is_joint(head) else head
    heads |= {col: "计量单位" for col, head in heads.items() if fold(head) == "单位" and col > _first_level(heads)}
    return heads, apart, of_target


def _holds(lattice: Lattice, last: int, col: int) -> bool:
    """Whether anything stands in a column below its head, and not only across it."""
    return any((c := lattice.at.get((row, col))) and c.text and c.col == col for row in lattice.rows if row > last)


def _name_by_words(best: dict[str, int], plain: dict[int, str], empty: set[int], year: int | None) -> None:
    """Into `best` the column of each field that a head's words name, the best of several, one of the `empty` only where
    no other is; what is left over takes a field that no other column has."""

    def rank(col: int) -> tuple[bool, bool, bool, int]:
        dated = re.search(r"20\d\d", plain[col]) is None
        return col in empty, of_other_year(plain[col], year), dated, header_rank(plain[col])

    for col, head in plain.items():
        field = header_field(head)
        if field and (field not in best or (best[field] in plain and rank(col) < rank(best[field]))):
            best[field] = col
    behind = {c: h for c, h in plain.items() if c not in best.values() and c > first_of_indicators(best)}
    for field, words in BY_WORDS.items():
        said = [col for col, head in behind.items() if words.fullmatch(fold(head))]
        told = field != "score" or "weight" in best  # 评价分值 alone may be either
        if field not in best and len(said) == 1 and told:
            best[field] = said[0]
    for col, head in plain.items():
        inner = re.search(r"[（(]([^（）()]+)[）)]", head)  # 绩效标准（指标值）
        named = [field for text in (head, *(inner.groups() if inner else ())) if (field := named_field(text))]
        if col not in best.values() and (field := next((f for f in named if f not in best), None)):
            best[field] = col
    name_bodies(best, plain)
    goals = [col for col, head in plain.items() if header_field(head) == "objective" and col not in best.values()]
    goals = [col for col in goals if col < first_of_indicators(best)]
    if len(goals) == 1 and period_of(plain[best["objective"]]) == "year" != period_of(plain[goals[0]]):
        best.setdefault("period_objective", goals[0])  # 总体目标 beside 年度目标
    if "name" not in best and best.get("objective", 0) > best.get("level2", max(plain, default=0)):
        best["name"] = best.pop("objective")  # 绩效目标内容 behind the levels
    if "actual" not in best and best.get("achievement", 0) > first_of_indicators(best):
        best["actual"] = best.pop("achievement")  # 实际完成情况 of each indicator


def _name_by_meaning(best: dict[str, int], unknown: dict[int, str], heads: dict[int, str]) -> None:
    """Into `best` the project's columns, by the meaning of their heads (整体绩效目标), the surest first."""
    labels = [(label, col) for col, head in unknown.items() if (label := label_of(head)) and label.sure]
    for label, col in sorted(labels, key=lambda found: found[0].tier):
        field = "objective" if label.field == "goal" else label.field
        if field in PROJECT_FIELDS and field not in (*STAGES, *best):
            best[field] = col
        elif field == "objective" and period_of(unknown[col]) == "year" and not period_of(heads[best[field]]):
            best.setdefault("period_objective", best[field])  # 绩效目标 beside 2024年绩效目标
            best[field] = col
    period = unknown.get(best.get("period_objective", 0), "")
    if "objective" not in best and period and not re.search("20[0-9]{2}|中期", period):
        best["objective"] = best.pop("period_objective")  # the only goal that the table has a column for


def _name_by_signs(best: dict[str, int], plain: dict[int, str], lattice: Lattice, last: int) -> None:
    """Into `best` that of several columns of comparators which holds signs (计算符号 beside 指标性质: 定量 | 定性)."""
    below = [row for row in lattice.rows if row > last]

    def signs(col: int) -> int:
        texts = (c.text.strip() for row in below if (c := lattice.at.get((row, col))) and c.row == row)
        return sum(comparator_of(text) is not None and text != "定性" for text in texts)

    named = [col for col, head in plain.items() if header_field(head) == "comparator"]
    if len(named) > 1 and (most := max(named, key=signs)) and signs(most) and not signs(best["comparator"]):
        best["comparator"] = most


def _more_of_the_row(
    lattice: Lattice,
    last: int,
    heads: dict[int, str],
    extra: dict[int, str],
    best: dict[str, int],
    fields: dict[int, str],
    year: int | None,
) -> set[int]:
    """The columns without a field whose heads say that they only say more of the row."""
    more = {col for col, head in extra.items() if header_field(head) in MORE or is_label(head, "more")}
    more |= {col for col, head in extra.items() if re.match(r"20\d\d", fold(head)) and named_field(head) == "actual"}
    if fold(heads.get(best.get("name", 0), "")).startswith("四级"):
        more |= {col for col, head in extra.items() if header_field(head) == "name"}  # the level over it
    more |= {col for col, head in extra.items() if header_field(head) == "comparator"}  # 定量 | 定性
    adjusted = re.search(f"{_OF_CHANGED.pattern}|批复|审定|核定", heads.get(best.get("target", 0), ""))
    more |= {col for col, head in extra.items() if adjusted and header_field(head) == "target"}  # before the change
    more |= {col for col, head in extra.items() if is_period(head) or _describes(lattice, last, col, head)}
    more |= {col for col in extra if _repeats(lattice, last, col, best)}
    dated = "20" in heads.get(best.get("target", 0), "20")  # the targets are under a year themselves, or there are none
    more |= {
        col
        for col, head in extra.items()
        if col > first_of_indicators(best) and (of_other_year(head, year) or (is_year(head) and not dated))
    }
    if {"name", "target"} <= set(fields.values()):
        ends = tuple(vocabulary()["words"]["more"])
        more |= {c for c, head in extra.items() if fold(head).endswith(ends) or fold(head).startswith(("是否", "有无"))}
    return more


def _first_level(heads: dict[int, str]) -> int:
    """The first column of the indicators: 单位 behind it is of measure."""
    place = {field: col for col, head in reversed(heads.items()) if (field := header_field(head))}
    return first_of_indicators(place) or max(heads)


def _stands_over_targets(head: str) -> bool:
    return header_field(head) == "target" or fold(head).endswith(("指标值", "目标值"))


def _parts_of_targets(heads: dict[int, str], best: dict[str, int], columns: dict[int, int]) -> set[int]:
    """Of targets divided by places or times (全省 | 甲市 | 乙市) the columns that only say more: those beside the whole,
    which becomes the target where no column of its own is."""
    if "target" not in best:
        whole = [col for col in columns or heads if _WHOLE.match(fold(heads[col]))]
        places = [col for col in heads if whole and col > whole[0]]
        if not columns and len(places) > 1 and all(_PLACE.fullmatch(fold(heads[col])) for col in places):
            columns = dict.fromkeys([*whole, *places], 0)
        best |= {"target": whole[0]} if columns and len(whole) == 1 else {}
    return set(columns) - {best["target"]} if "target" in best else set()


def _points_of_execution(lattice: Lattice, last: int, heads: dict[int, str]) -> dict[int, str | None]:
    """Columns of points and score beside the execution rate, left of the indicators, are the rate's (执行率 | 分值 | 得分
    | 一级指标); of no field where its points differ, are more than it ever has, or fewer than its score: the whole's."""
    named = {col: field for col, head in heads.items() if (field := header_field(head))}
    edge = min((col for col, field in named.items() if field in ("level1", "level2", "name")), default=0)
    place = {field: col for col, field in named.items() if col < edge and field in ("execution_rate", *RESULTS)}
    said = {col: label.field for col, head in heads.items() if col < edge and (label := label_of(head))}
    if not set(place) & set(RESULTS) and (own := {c: f for c, f in said.items() if f in RESULTS.values()}):
        return own  # 执行分值 | 执行得分
    if set(place) == {"execution_rate", "score"} and POINTS.search(heads[place["score"]]):
        return {place["score"]: "execution_score"}  # 执行率 | 得分（10分）
    if len(place) < 3 or max(place.values()) - min(place.values()) > 2:
        return {}
    held = [[lattice.at.get((row, place[field])) for field in RESULTS] for row in lattice.rows if row > last]
    printed = {
        (w.text, s.text) for w, s in held if w and s and w is not s and (w.text or s.text) and not header_field(w.text)
    }
    read = [tuple(map(parse_points, pair)) for pair in printed]
    own = len({weight for weight, _ in read}) == 1 and all(
        None not in pair and 0 <= pair[1] <= pair[0] <= MOST_OF_EXECUTION for pair in read
    )
    return {place[field]: of if own else None for field, of in RESULTS.items()}


def _points_of_levels(heads: dict[int, str], best: dict[str, int]) -> dict[int, str]:
    """Of several columns of weights those beside a level are its own; `best` gets the one behind the name."""
    weights = [col for col, head in heads.items() if header_field(head) == "weight"]
    behind = [col for col in weights if col > best.get("name", max(weights, default=0))]
    if len(weights) < 2 or not behind:
        return {}
    best["weight"] = behind[0]
    beside = {best[level] + 1: level for level in ("level1", "level2") if level in best}
    return {col: beside[col] for col in weights if col in beside and col != behind[0]}


def _describes(lattice: Lattice, last: int, col: int, head: str) -> bool:
    """Whether a second column of names or targets only describes the first in words (指标值内容, 绩效标准)."""
    loose = fold(head) in map(fold, LOOSE_NAMES) or (header_field(head) == "target" and "内容" in fold(head))
    held = [c.text for r in lattice.rows if r > last and (c := lattice.at.get((r, col))) and c.row == r and c.text]
    figures = sum(kind_of_cell(t) in FIGURES - {"quality"} for t in held)
    return loose and bool(held) and figures <= (1 - MOST) * len(held)


def _repeats(lattice: Lattice, last: int, col: int, best: dict[str, int]) -> bool:
    """Whether a column prints again in one, row by row, what stands beside it in several: sign, target and unit."""
    parts = [best[field] for field in ("comparator", "target", "measure_unit") if field in best]
    rows = [row for row in lattice.rows if row > last and (c := lattice.at.get((row, col))) and c.row == row and c.text]
    whole = [[c.text for p in parts if (c := lattice.at.get((row, p))) and fold(c.text) != "定性"] for row in rows]
    return (
        len(parts) > 1
        and bool(rows)
        and all(fold(lattice.at[row, col].text) == fold("".join(texts)) for row, texts in zip(rows, whole, strict=True))
    )


def _groups_of_names(lattice: Lattice, last: int, fields: dict[int, str], heads: dict[int, str]) -> dict[int, str]:
    """Without columns of levels that whose merged cells group the names right of it, under a head of kinds, is level 1, and
    that which holds nothing but names of that level; of kinds of targets (定量 | 定性, 核心 | 一般) none is a level."""
    name = next((col for col, field in fields.items() if field == "name"), 0)
    col = name - 1
    free = fields.get(col) in (None, "project", "category")  # told by what it holds
    if {"level1", "level2"} & set(fields.values()) or not free or fold(heads.get(col, "")) not in GROUP_HEADS:
        return fields
    cells = {c.index: c for r in lattice.rows if r > last and (c := lattice.at.get((r, col))) and c.text}.values()
    texts = {fold(c.text).removesuffix("指标") for c in cells}
    if texts and all(map(level1_name, texts)):
        return fields | {col: "level1"}
    grouped = any(c.rowspan > 1 for c in cells) and fields.get(col) != "category"
    return fields | {col: "level1"} if grouped and not _are_kinds(texts) else fields


def _are_kinds(texts: set[str]) -> bool:
    """Whether texts say of what kind targets are, and not of which level."""
    return not texts.isdisjoint(vocabulary()["words"]["kinds_of_targets"])


def _levels_by_content(lattice: Lattice, last: int, fields: dict[int, str], heads: dict[int, str]) -> dict[int, str]:
    """A column headed 二级指标 that holds no such level, but a text of its own in every row, is the indicator's name
    where the name's head is a loose one; where there is no level 1, it is that."""
    result, place = dict(fields), {field: col for col, field in fields.items()}
    held = {
        col: [c for r in lattice.rows if r > last and (c := lattice.at.get((r, col))) and c.row == r and c.text]
        for col in (place.get("level2"), place.get("name"))
        if col
    }
    col = place.get("level2")
    if (
        col is None
        or not held[col]
        or any(level2_name(c.text) or both_levels(c.text) for c in held[col])
        or "name" not in place
    ):
        return result
    names = place["name"]
    loose = fold(heads[names]) in map(fold, LOOSE_NAMES)
    each = len(held[col]) >= len(held[names]) > 1 and all(c.rowspan == 1 for c in held[col])
    distinct = len({fold(c.text) for c in held[col]}) == len(held[col])
    if loose and each and distinct and "level1" in place:
        result |= {col: "name", names: "explanation"} if "explanation" not in place else {col: "name"}
        if "explanation" in place:
            del result[names]
    elif "level1" not in place and "二级" in heads[col]:
        result[col] = "level1"
    return result
