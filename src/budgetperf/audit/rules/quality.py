"""Q: how an indicator is worded: slogans, bare percentages, empty names, leftovers, two in one, ungraded words, twins."""

import itertools
import re
from collections import defaultdict

from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import any_of, tight
from budgetperf.audit.wording import echoes, is_filler, measures, names_state, says_nothing, two_things, urges
from budgetperf.field.measures import base_unit, same_measure

CLEAR = "绩效指标应清晰、可衡量（参考财预〔2015〕88号“适当性”审查）"
VISION = "愿景式"
_PLACEHOLDER = re.compile(
    r"^指标\d*[:：]?$|^指标\d+[:：]|^(?:\.{2,}|…+|[。.]{3,})$|……$|(?<![A-Za-z])[Xx]{2,}(?![A-Za-z])|×{2,}|\*{2,}|_{2,}|□|【\s*】|^[(（【\[]?请?填写"
)
_GRADED = re.compile(
    r"优[^，。]{0,8}良|好[^，。]{0,8}(?:中|差)|\d|[一二三四五ⅠⅡⅢⅣⅤIV]+[级类]|年一遇|达标|合格|标准|：|:|全覆盖|零|不发生|无"
)


def slogan(row, words) -> str:
    """The word that makes a name a slogan, or VISION where it is one by its build; "" where it is none.

    By its build: a benefit in words or per cent whose head is nothing that can be measured or described; or one that
    its target only repeats. By its words (提升, 加强 …): at any level, without a measurable head.
    """
    if (
        row.satisfaction
        or row.kind not in ("", "rate")
        or not row.text
        or measures(row.text)
        or is_filler(row.name, row.target_text)
    ):
        return ""
    if says_nothing(row.text) or re.search(r"20\d\d|\d月|季度", row.text):
        return ""
    word = re.search(any_of(words["slogan"]), row.text)
    state = names_state(row.text) and row.kind == ""
    if word and (not state or word.start() == 0):
        return word[0]
    in_words = row.value != row.value
    if not row.benefit:
        return ""
    if in_words and (echoes(row.text, row.target_text) or urges(row.text)):
        return VISION
    return VISION if row.percent and not in_words and not names_state(row.text) else ""


@rule("Q01", "W", "为口号式表述，没有可衡量的对象", "指标名称不应是口号：只有提升、保障之类的动作而没有可衡量的对象",
      basis=CLEAR, inputs=["indicators.name"], summary="project", title_en="a slogan without a measurable object", across=False)  # fmt: skip
def slogans(tables, thresholds, words):
    """Q01: not where the target is a count or a measure, which is an object by itself."""
    for row in tables.indicator_rows:
        reason = slogan(row, words)
        if reason:
            zh = f"名称只有{f'“{reason}”之类的' if reason != VISION else VISION}表述，没有可衡量的对象，年终无法判定是否完成"
            yield found(row, zh, "nothing in the name can be measured", {"name": row.name, "word": reason})


def bare_percentage(row, thresholds, words) -> bool:
    """Whether a percentage has no base: its name says nothing of which it could be a share, or a change."""
    if not row.percent or row.value != row.value or row.satisfaction or not row.text:
        return False
    if re.search(f"(?:{any_of(words['quantity'])})[\u4e00-\u9fff]{{0,4}}$", row.text) and not re.search(
        "[率比度]", row.text
    ):
        return row.value > thresholds["plausible_change"]  # income, output: a change of so much is a target with a base
    changes = re.search(any_of(words["quantity"]), row.text) and row.value <= thresholds["plausible_change"]
    return not measures(row.text) and not changes


@rule("Q02", "W", "以无基数的百分比衡量效益", "效益不应以没有基数和口径的百分比衡量",
      basis="绩效指标应可衡量、有口径；变化不超过 {plausible_change}% 的可计量事物除外（参考财预〔2015〕88号“适当性”审查）",
      inputs=["indicators.name", "indicators.measure_unit", "indicators.level1"], summary="project",
      title_en="a benefit measured as a bare percentage", across=False)  # fmt: skip
def bare_percentages(tables, thresholds, words):
    """Q02."""
    for row in tables.where(tables.indicators["benefit"] & tables.indicators["percent"]):
        if bare_percentage(row, thresholds, words):
            zh = f"以 {row.value:g}% 衡量，没有基数和口径，无从得知是什么的百分之几"
            yield found(row, zh, f"{row.value:g} % of what is not said", {"name": row.name, "target": row.target_text})


@rule("Q03", "W", "名称空泛", "指标名称不应只是类别、期间或泛称", basis="指标名称应说明衡量什么、对象是谁（本工具）",
      inputs=["indicators.name"], summary="document", title_en="the name says nothing", across=False)  # fmt: skip
def empty_names(tables, thresholds, words):
    """Q03."""
    category, generic = set(words["category_names"]), set(words["generic_names"])
    period = re.compile(r"(?:20)?\d{2}年?(?:度|全年|年底|年内)?|全年|本年度?|年度|\d{1,2}个?月")
    for row in tables.indicator_rows:
        name = row.text.strip(":、.-")
        if not name or is_filler(row.name, ""):
            continue
        if name in generic or (says_nothing(name) and "满意" in name):
            yield found(row, "没有说明服务对象是谁", "does not say who is served", {"name": row.name})
        elif period.fullmatch(name):
            yield found(row, "名称只是一个期间，没有说明衡量什么", "the name is only a period", {"name": row.name})
        elif name in category or says_nothing(name):
            yield found(row, "名称只是类别或泛称，没有说明衡量什么", "the name is only a category", {"name": row.name})


@rule("Q04", "I", "有模板残留、占位或空白", "名称、指标值和绩效目标中不应有模板残留、占位符或空白",
      basis="填报应完整（本工具）", inputs=["indicators.name", "indicators.target_text", "rows"],
      summary="project", title_en="template leftovers, placeholders or blanks", across=False)  # fmt: skip
def leftovers(tables, thresholds, words):
    """Q04."""
    waiting = any_of(words["placeholder"])
    for row in tables.indicator_rows:
        name, target = row.name, tight(row.target_text) if row.target_text else ""
        if name and (_PLACEHOLDER.search(tight(name)) or re.fullmatch(waiting, tight(name)) or is_filler(name, "")):
            yield found(row, "名称是模板残留或占位符", "the name is left over from a template", {"name": name})
        elif target and (_PLACEHOLDER.search(target) or re.fullmatch(waiting, target) or is_filler(name, target)):
            zh = f"指标值“{row.target_text}”是占位符"
            yield found(row, zh, f"the target {row.target_text} is a placeholder", {"target": row.target_text})
        elif not target and name:
            yield found(row, "指标值空白", "the target is blank", {"target": ""})
    for project in tables.project_rows:
        left = _PLACEHOLDER.search(project.text)
        if left and not left[0].startswith("指标"):
            zh = f"绩效目标中有占位符“{left[0]}”"
            yield found(project, zh, f"placeholder {left[0]} in the objective", {"placeholder": left[0]})


_JOINED = re.compile(r"[、,，;；]")
_ADVERB = re.compile("^(?:有效|进一步|不断|切实|高质量)(?=..)")


@rule("Q05", "I", "含有两项内容", "一条指标只应衡量一件事，否则结果无法判定",
      basis="一条指标衡量一件事（本工具）", inputs=["indicators.name"], summary="project",
      title_en="two things in one indicator", across=False)  # fmt: skip
def two_in_one(tables, thresholds, words):
    """Q05: two measures, two whole phrases, two nouns that share a rate; of a name that the form cut, two verbs."""
    verb = re.compile(f"(?:{any_of(words['joining_verb'])})")
    joined = tables.indicators["text"].str.contains(r"[、,，;；及和与]") & ~tables.indicators["satisfaction"]
    for row in tables.where(joined):
        parts = _two_clauses(row.text, verb, row.whole) or (row.whole and two_things(row.text, row.percent))
        if parts:
            second = parts[1] if row.whole else f"{parts[1]}……"
            zh = f"“{parts[0]}”与“{second}”是两件事，一个完成、一个未完成时无法判定"
            yield found(row, zh, f"two things: {parts[0]} / {parts[1]}", {"name": row.name, "parts": list(parts)})


def _two_clauses(text: str, verb: re.Pattern, whole: bool = True) -> tuple[str, str] | None:
    """Two clauses of a verb each; of a name that the form cut, the second may be as short as its verb.

    >>> _two_clauses("执法规范化、提升执法效率", re.compile("提升|规范"))
    ('执法规范化', '提升执法效率')
    >>> _two_clauses("水费、电费支出", re.compile("提升"))
    """
    parts = [part for part in _JOINED.split(text) if part]
    if len(parts) < 2 or "等" in text:
        return None
    for first, second in itertools.pairwise(parts):
        verbs = [_ADVERB.sub("", clause) for clause in (first, second)]
        first_verb = verb.match(verbs[0]) or re.search(f"(?:{verb.pattern})化?$", first)
        if len(first) >= 4 and len(second) >= (4 if whole else 2) and first_verb and verb.match(verbs[1]):
            return first, second
    return None


@rule("Q06", "I", "定性效益没有分级标准", "不能量化的效益应写明分级分档的评判标准", basis="不能量化的采用定性的分级分档表述（参考地方绩效指标规则）",
      inputs=["indicators.target_text", "indicators.level1", "indicators.comparator"], summary="project",
      title_en="a benefit in words without graded standards", across=False)  # fmt: skip
def ungraded_benefits(tables, thresholds, words):
    """Q06: not where the row has an explanation, in which the standard may stand."""
    for row in tables.where(tables.indicators["benefit"]):
        target = tight(row.target_text) if row.target_text else ""
        if row.value == row.value or not target or row.satisfaction or row.explanation:
            continue
        if len(target) > thresholds["longest"] or _GRADED.search(target) or is_filler(row.name, target):
            continue
        points = row.weight if row.weight is not None else 0
        zh = f"指标值为“{row.target_text}”，没有分级评判标准" + (f"，{points:f} 分无从评定" if points else "")
        severity = "W" if points >= thresholds["points"] else None
        yield found(
            row, zh, f"“{row.target_text}” without graded standards", {"target": row.target_text}, severity=severity
        )


@rule("Q07", "W", "同一指标重复", "一个项目内同一指标只应出现一次", basis="表内勾稽：同一项目同一指标一个目标",
      inputs=["indicators.name", "indicators.target_text"], title_en="the same indicator twice in a project", across=False)  # fmt: skip
def twins(tables, thresholds, words):
    """Q07: E where the targets differ; units that measure different things make two indicators of one name."""
    named = defaultdict(list)
    for row in tables.indicator_rows:
        if row.text and row.whole and not is_filler(row.name, row.target_text):
            named[row.document_id, row.project_no, row.level2, row.text].append(row)
    for group in named.values():
        for first, second in itertools.pairwise(group):
            if not same_measure(base_unit(first.unit)[0], base_unit(second.unit)[0]):
                continue
            differ = (first.target_text, first.comparator) != (second.target_text, second.comparator)
            targets = (
                f"{first.comparator}{first.target_text}{first.unit}",
                f"{second.comparator}{second.target_text}{second.unit}",
            )
            zh = f"与本项目第 {first.indicator_no} 条指标重复" + (
                f"，指标值一为 {targets[0]}，一为 {targets[1]}" if differ else ""
            )
            en = f"stands twice in the project: {targets[0]}, {targets[1]}"
            place = (first.document_id, int(first.project_no), int(first.indicator_no))
            yield found(
                second,
                zh,
                en,
                {"name": second.name, "targets": list(targets)},
                severity="E" if differ else None,
                rests_on=[place],
            )
