"""Q: how an indicator is worded: slogans, bare percentages, empty names, leftovers of the template, two in one."""

import itertools
import re

from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import any_of, ends_with, tight

_PLACEHOLDER = re.compile(
    r"^指标\d*[:：]?$|^指标\d+[:：]|^(?:\.{2,}|…+|[。.]{3,})$|……$|(?<![A-Za-z])[Xx]{2,}(?![A-Za-z])|×{2,}|\*{2,}|_{2,}|□|【\s*】|^[(（【\[]?请?填写"
)
_NOTHING = re.compile(r"^[-—–_/\\.。、?？%‰]*$")


def _measurable(text, words):
    """Which names count, measure or relate something."""
    bare = text.str.replace(any_of(words["not_measure"]), "", regex=True)
    return bare.str.contains(any_of(words["measure"]))


@rule("Q01", "W", "为口号式表述，没有可衡量的对象", "指标名称不应是口号：只有提升、加强之类的词而没有可衡量的对象",
      basis="绩效指标应清晰、可衡量（参考财预〔2015〕88号“适当性”审查）", inputs=["indicators.name"],
      summary="project", title_en="a slogan without a measurable object")  # fmt: skip
def slogans(tables, thresholds, words):
    """Q01: not where the target is a count or a measure, which is an object by itself."""
    rows = tables.indicators
    slogan = rows["text"].str.contains(any_of(words["slogan"])) & ~_measurable(rows["text"], words)
    # a state that the target describes (生活质量改善情况：明显改善) is an object
    state = rows["text"].str.contains(ends_with(words["state_end"])) & (rows["kind"] == "")
    slogan &= ~state | rows["text"].str.match(any_of(words["slogan"]))
    for row in tables.where(slogan & rows["kind"].isin(["", "rate"]) & ~rows["satisfaction"]):
        word = re.search(any_of(words["slogan"]), row.text)[0]
        zh = f"名称只有“{word}”之类的表述，没有可衡量的对象，年底无法判定是否完成"
        yield found(row, zh, f"only words like {word}, nothing that can be measured", {"name": row.name, "word": word})


@rule("Q02", "W", "以无基数的百分比衡量效益", "效益不应以没有基数和口径的百分比衡量",
      basis="绩效指标应可衡量、有口径；变化不超过 {plausible_change}% 的可计量事物除外（参考财预〔2015〕88号“适当性”审查）",
      inputs=["indicators.name", "indicators.measure_unit", "indicators.level1"], summary="project",
      title_en="a benefit measured as a bare percentage")  # fmt: skip
def bare_percentages(tables, thresholds, words):
    """Q02."""
    rows = tables.indicators
    vague = rows["text"].str.contains(any_of(words["slogan"] + words["prose"])) & ~_measurable(rows["text"], words)
    counted = rows["text"].str.contains(any_of(words["quantity"])) & (rows["value"] <= thresholds["plausible_change"])
    bare = rows["benefit"] & rows["percent"] & rows["value"].notna() & vague & ~counted & ~rows["satisfaction"]
    for row in tables.where(bare):
        zh = f"以 {row.value:g}% 衡量，没有基数和口径，不知是什么的百分之几"
        yield found(row, zh, f"{row.value:g} % of what is not said", {"name": row.name, "target": row.target_text})


@rule("Q03", "W", "名称空泛", "指标名称不应只是类别、期间或泛称", basis="指标名称应说明衡量什么、对象是谁（本工具词表）",
      inputs=["indicators.name"], summary="document", title_en="the name says nothing")  # fmt: skip
def empty_names(tables, thresholds, words):
    """Q03."""
    rows = tables.indicators
    folded = rows["text"].str.strip(":、.-")
    category, generic = folded.isin(words["category_names"]), folded.isin(words["generic_names"])
    period = folded.str.fullmatch(r"(?:20)?\d{2}年?(?:度|全年|年底|年内)?|全年|本年度?|年度|\d{1,2}个?月")
    for row in tables.where(category | generic | period):
        if generic[row.Index]:
            zh, en = "没有说明服务对象是谁", "does not say who is served"
        elif period[row.Index]:
            zh, en = "名称只是一个期间，没有说明衡量什么", "the name is only a period"
        else:
            zh, en = "名称只是指标类别，没有说明衡量什么", "the name is only a category"
        yield found(row, zh, en, {"name": row.name})


@rule("Q04", "I", "有模板残留、占位或空白", "名称、指标值和绩效目标中不应有模板残留、占位符或空白",
      basis="填报应完整（本工具词表）", inputs=["indicators.name", "indicators.target_text", "rows"],
      summary="project", title_en="template leftovers, placeholders or blanks")  # fmt: skip
def leftovers(tables, thresholds, words):
    """Q04."""
    waiting = any_of(words["placeholder"])
    for row in tables.indicator_rows:
        name, target = row.name, tight(row.target_text) if row.target_text else ""
        if name and (_PLACEHOLDER.search(tight(name)) or re.fullmatch(waiting, tight(name))):
            yield found(row, "名称是模板残留或占位符", "the name is left over from a template", {"name": name})
        elif target and (_PLACEHOLDER.search(target) or re.fullmatch(waiting, target) or _NOTHING.fullmatch(target)):
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
_NOUNS = re.compile(r"(?P<a>[\u4e00-\u9fff]{2,})(?:及|和|与|、|以及)(?P<b>[\u4e00-\u9fff]{2,})$")
_ADVERB = re.compile("^(?:有效|进一步|不断|切实|高质量)(?=..)")
_NO_JOINT = re.compile(
    "和谐|和平|和解|总和|及时|及格|普及|涉及|危及|与会|参与|饱和|温和|联合和|调和|中和|共和|不及|触及"
)


@rule("Q05", "I", "含有两项内容", "一条指标只应衡量一件事，否则结果无法判定",
      basis="一条指标衡量一件事（本工具）", inputs=["indicators.name"], summary="project",
      title_en="two things in one indicator")  # fmt: skip
def two_in_one(tables, thresholds, words):
    """Q05: two clauses of a verb each, or two nouns that share one rate or one number of times."""
    rows = tables.indicators
    verb = re.compile(f"(?:{any_of(words['joining_verb'])})")
    joined = rows["text"].str.contains(r"[、,，;；及和与]") & ~rows["satisfaction"]
    for row in tables.where(joined):
        parts = _two_clauses(row.text, verb, row.whole) or _two_nouns(row, words)
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


def _two_nouns(row, words) -> tuple[str, str] | None:
    """Two nouns that share one rate, or one number of times."""
    text = _NO_JOINT.sub(lambda match: "〇" * len(match[0]), row.text)
    joint = _NOUNS.search(text)
    if not joint or not row.whole or "等" in row.text:
        return None
    start, end = joint.span("a"), joint.span("b")
    parts = row.text[slice(*start)], row.text[slice(*end)]
    rate = row.percent and parts[1].endswith("率") and (len(parts[1]) >= 4 or parts[0].endswith("率"))
    times = row.unit in ("次", "场", "场次") and re.search("会|活动|培训|检查|宣传|调研|演练", parts[0])
    return parts if rate or (times and re.search("会|活动|培训|检查|宣传|调研|演练", parts[1])) else None
