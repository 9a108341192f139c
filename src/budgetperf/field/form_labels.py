"""What the labels of a form's head mean: the field that a label names, told by the vocabulary or by its words."""

import re
import unicodedata
from typing import NamedTuple

from budgetperf.field.headings import is_year
from budgetperf.field.vocabulary import (
    fold,
    fold_head,
    header_field,
    level1_name,
    level2_name,
    per_vocabulary,
    untranslated,
    vocabulary,
)

PROJECT_FIELDS = [
    "sequence", "unit_code", "unit", "department", "project_code", "project", "category", "budget", "budget_initial",
    "executed", "execution_rate", "execution_weight", "execution_score", "objective", "achievement", "start_date",
    "end_date", "period_budget", "period_objective",
]  # fmt: skip
STAGES = ("budget", "budget_initial", "executed", "period_budget")
MONEY = (*STAGES, "past", "part")
LAST = 3  # tier of an amount that no word, only its unit, tells for the budget
LONGEST = 26  # characters of a label, without what stands in brackets
_NUMBERING = re.compile(r"^(?:\([一二三四五六七八九十\d]{1,2}\)|[一二三四五六七八九十\d]{1,2}[、.])(?!\d)")
_SENTENCE = re.compile(r"[。；;，,！？]")
_GOAL = re.compile(r".{0,14}目标(?:内容|描述|概述|情况|说明|设定)?(?:[及和与](?:主要|预期)?(?:成果|成效|效果))?")
_EXPECTED = re.compile("预期(?:成果|成效|产出[和及与](?:效果|效益))|年度(?:工作)?任务目标")
_REACHED = re.compile(r"(?:完成|实现|达成).{0,4}(?:情况|综述|结果|效果)|实际完成|完成综述|实际效果")
_GOAL_OF_OTHERS = re.compile(
    r"产出|数量|质量|时效|成本|效益|满意|影响|任务|指标|衡量|审核(?!(?:绩效|年度)?目标)|措施|保障|依据|分解"
)
_OF_OTHERS = re.compile(r"整改|改进|上级|行业")  # goals that are not the project's own
_APPLIED_OR_APPROVED = re.compile("(申[报请]|上报)|批[复准]|审[核定批]|核[定准]")  # 部门申报目标, 财政审核目标
_DUTIES = re.compile(r"履职|职能|职责")  # goals under these words are a unit's own where it has no others
_DATED = re.compile(r"20\d\d年?|\d{1,2}(?:[-~—至]\d{1,2})?月")
_YEAR_NUMBER = re.compile(r"20\d\d年度?")
_UNIT = re.compile(
    r".{0,4}(?:实施|使用|采购|导出|公开|填表|业主|负责|申请|申报|承担|承办|经办|执行|用款|建设|填报|编制|预算|报送|基层|管理)(?:预算)?(?:单位|部门|企业|机构)(?:名称)?(?:[及和]?(?:部门)?(?:预算)?(?:代码|编码))?"
)
_DEPARTMENT = re.compile(
    r".{0,6}(?:主管|归口|上级|牵头|业务)(?:预算)?(?:管理)?(?:单位|部门|处室|科室)(?:名称)?(?:[及和](?:部门)?(?:预算)?(?:代码|编码))?"
)
_PROJECT = re.compile(r".{0,6}(?:项目|专项|转移支付|政策|基金|任务|事项|活动)(?:支出|资金|经费)?名称")
_NUMBERED_GOAL = re.compile(r"^(.*(?:年度|绩效|总体)目标)[1-9一二三]$")  # 年度绩效目标1（80分）
_BEFORE_CHANGE = re.compile(r"(?:调整|变更|修改)前|^原(?=[^有]{0,6}(?:预算|资金|金额|目标|批复))")
_NUMBERED = re.compile(r"项目[一二三四五六七八九十]{1,3}")  # a form for each of them


class Label(NamedTuple):
    """field: of a project, of its money (budget, period_budget, budget_initial, executed, past, part), "goal" where only
    the table tells whose, "note" where no column takes the value · tier: the lower the surer that it is this field ·
    sure: known by word; else only its ending says that it is a label."""

    field: str
    tier: int = 0
    sure: bool = True


@per_vocabulary
def _exact() -> dict[str, Label]:
    form = vocabulary()["form"]
    named = {fold(text): Label("note") for text in form["note"]}
    for field, tiers in form.items():
        if field in ("note", "words"):
            continue
        for tier, texts in enumerate(tiers):
            named |= {fold(text): Label(field, tier) for text in texts}
    return named


@per_vocabulary
def _words(kind: str) -> tuple[str, ...]:
    return tuple(vocabulary()["form"]["words"][kind])


def tight(text: str) -> str:
    """A label without blanks, width, numbering and marks, its brackets kept.

    >>> tight("*（二）年度 资金总额："), tight("项目总金额（中期规划，万元）：")
    ('年度资金总额', '项目总金额(中期规划,万元)')
    """
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", untranslated(text))).lstrip("*★☆※").replace("其它", "其他")
    return _NUMBERING.sub("", bare).strip(":、")


def period_of(text: str) -> str | None:
    """ "year" or "several" where a label speaks of the budget's year or of more years, else None.

    >>> period_of("年度总体目标"), period_of("实施期资金总额"), period_of("2024年金额"), period_of("绩效目标")
    ('year', 'several', 'year', None)
    """
    words = tight(text)
    if any(word in words for word in _words("several_years")):
        return "several"
    return "year" if any(word in words for word in _words("year")) or _YEAR_NUMBER.search(words) else None


def is_of_other_years(text: str) -> bool:
    """Whether a label speaks of years before or after the budget's.

    >>> is_of_other_years("以前年度到位"), is_of_other_years("以后年度安排"), is_of_other_years("本年度安排")
    (True, True, False)
    """
    return any(word in tight(text) for word in (*_words("past"), *_words("later")))


def label_of(text: str) -> Label | None:
    """What a text is a label of, None where it is none.

    >>> [label_of(t).field for t in ("项目名称：", "申请单位", "年度资金申请总额", "实施期资金总额", "其中：财政拨款", "上年度预算安排")]
    ['project', 'unit', 'budget', 'period_budget', 'part', 'past']
    >>> [label_of(t).field for t in ("年初设定目标", "中期目标", "年度总体目标完成情况综述", "总体目标", "调整前年度目标")]
    ['objective', 'period_objective', 'achievement', 'goal', 'note']
    >>> label_of("村道硬化工程"), label_of("65"), label_of("保障绩效目标实现措施").field, label_of("年度绩效目标1（80分）").field
    (None, None, 'note', 'objective')
    >>> label_of("原预算金额").field, label_of("变更前绩效目标").field, label_of("原有资金总额").field
    ('budget_initial', 'note', 'budget')
    """
    return _label_of(text) if len(text) < 4 * LONGEST else None


@per_vocabulary
def _label_of(text: str) -> Label | None:
    words = tight(text)
    bare = fold_head(words)
    if not bare or len(bare) > LONGEST or _SENTENCE.search(bare) or re.fullmatch(r"[-\d.,%()年月日/]+", bare):
        return None
    bare = _NUMBERED_GOAL.sub(r"\1", bare)
    if re.fullmatch(r"主管部门\(单位\)(?:名称)?", words):
        bare = "主管部门及单位"  # what stands in the brackets says that it may be the unit
    known = _exact().get(bare)
    if known:
        return known
    if re.search(r"\d", _DATED.sub("", bare)):
        return None
    if level1_name(bare) or level2_name(bare):
        return None
    return _by_words(words, bare, text) or _by_vocabulary(bare) or _by_ending(text, bare)


def is_listed(text: str) -> bool:
    """Whether the vocabulary lists a label as it stands, but for blanks, width and marks.

    >>> is_listed("项目 单位："), is_listed("主管部门 实施单位")
    (True, False)
    """
    return fold_head(tight(text)) in _exact()


def is_of_budget(text: str) -> bool:
    """Whether a label of money says by each of its words that it is a budget's.

    >>> is_of_budget("年度资金总额（万元）："), is_of_budget("担保金额（万元）"), is_of_budget("单位总预算")
    (True, False, False)
    """
    return bool(_OF_BUDGET.fullmatch(_BY_TREASURY.sub("", fold_head(tight(text)))))


def in_year(label: Label | None, words: str, year: int | None) -> Label | None:
    """What a label means in a document of `year`: money of another year that it names is of the past, or to come.

    >>> in_year(label_of("2023年预算数"), "2023年预算数", 2024).field, in_year(label_of("2023年预算数"), "2023年预算数", None).field
    ('past', 'budget')
    """
    other = label is not None and label.field in (*STAGES, "execution_rate") and of_other_year(words, year)
    return Label("past" if label.field in STAGES else "note") if other else label


def of_other_year(words: str, year: int | None) -> bool:
    """Whether a head names another year than the document's.

    >>> of_other_year("2023年预算数", 2024), of_other_year("2024年预算数", 2024), of_other_year("预算数", 2024)
    (True, False, False)
    """
    named = re.findall(r"20\d\d", words)
    return bool(named) and year is not None and str(year) not in named


def is_unknown(text: str) -> bool:
    """Whether no list and no rule says of a label what it is: what stands beside it may be anything.

    >>> is_unknown("受益机构"), is_unknown("项目负责人"), is_unknown("主管部门")
    (True, False, False)
    """
    label = label_of(text)
    return label is None or (label.field == "note" and fold(tight(text)) not in _exact())


def _by_vocabulary(bare: str) -> Label | None:
    field = header_field(bare)
    return Label(field, 2 if field == "budget" else 1) if field in (*PROJECT_FIELDS, "weight", "score") else None


def _by_words(words: str, bare: str, text: str) -> Label | None:
    if re.fullmatch(r"(?:资金|预算|经费)?执行率?.{0,6}", bare) and re.search(r"分值|权重|分数", words):
        return Label("execution_weight")
    if re.fullmatch(r"(?:资金|预算|经费)?执行率?得分", bare):
        return Label("execution_score")
    if re.fullmatch(
        r"(?:.{0,6}月)?(?:(?:资金|预算|全年|年度)*(?:执行|支出|支付|使用|付款|拨付)(?:率|比例)|(?:预算|资金|支出|决算)*完成(?:率|比例)|(?:预算|资金)*(?:执行|支出|支付|使用|拨付)进度)%?",
        bare,
    ):
        return Label("execution_rate")
    if _PROJECT.fullmatch(bare):
        return Label("project", 1)
    if _NUMBERED.fullmatch(bare):
        return Label("project", 1, False)
    if re.fullmatch("(?:学校|医院|机构|企业|部门|单位)(?:代码|编码|编号)", bare):
        return Label("unit_code", 1)
    if _DEPARTMENT.fullmatch(bare):
        return Label("department")
    if _UNIT.fullmatch(bare):
        return Label("unit", 1)
    if _REACHED.search(bare) and len(bare) <= 18 and not re.search("(?:金额|资金|投资)$", bare):
        return Label("achievement")
    if _EXPECTED.fullmatch(bare):
        return Label("goal")
    if _GOAL.fullmatch(bare) and not _GOAL_OF_OTHERS.search(bare):
        return _goal(words)
    return _money(words, bare, text)


def _goal(words: str) -> Label:
    period = period_of(words)
    if _OF_OTHERS.search(words) or _BEFORE_CHANGE.search(words) or is_of_other_years(words):
        return Label("note")
    if _DUTIES.search(words):
        return Label("duties")
    if period != "several" and (stage := _APPLIED_OR_APPROVED.search(words)):
        return Label("objective", 2 if stage[1] else 0)
    if period == "several" or re.fullmatch(r"项目总(?:体)?(?:绩效)?目标", fold(words)):
        return Label("period_objective", 0 if period else 1)
    if period == "year" or "预期" in words:
        return Label("objective", 0 if "年" in fold(words) else 1)
    return Label("goal")


_MONEY_END = re.compile(
    r"(?:资金|金额|预算|经费|投资|额|数|总量|拨款|支出|收入|补助|费用?|概算|规模|需求|申请|安排|合计|总计|情况|执行|投入|结转|结余|款|来源|配套|专户|基金)[AaBb]?"
)
# amounts that are neither a budget nor what was spent of it: contracts, audits, what the money brings about
_NO_BUDGET = re.compile(
    "单价|均价|预计|到位|合同|中标|成交|[送审核]减(?!后)|送审|节约|节余|^结余|整改|质保|带动|撬动|新增|产值|违规|决算审定|已(?:完成|安排|下达|支付|拨付)"
)
# the words of which the label of a budget is made: any other makes it one of a sum that may be anything (担保金额)
_OF_BUDGET = re.compile(
    r"(?:其中|[一二][上下]|人大|部门|项目|专项|政策|预算|财政性?|经费|资金|总|年度|[全本当今]年|本次?|年初|使用|20\d\d年?|本级|金额|额度?|数|安排|支出|申请|申报|批[复准]|下达|核[定准]|"
    r"审[定核批]|[评初复终]审|最终|控制|建议|通过|专家|核减后|上报|需求|投[资入]|规模|费用?|概算|合计|总计|情况|补助|拨款|调整后|款项?|计划|量|业务|工作|来源|收入|整体|[及和与/:]|基本)+[ABab]?"
)
_BY_TREASURY = re.compile(
    "^(?:财政|主管部门)(?:部门)?(?=(?:批[复准]|审[定核]|[评初复终]审|核[定准]|安排|建议|控制)(?:数|额|金额|资金)?$)"
)  # 财政审核数
_MONTHS = r"(?:截[至止到])?(?:\d{1,2}月?[-~—至])?\d{1,2}月[末底份]?"
_SPENT_TILL = re.compile(
    rf"(?:{_MONTHS})?(?:全年|累计|已)支出|{_MONTHS}(?:累计)?支出(?:资金|金额|数|额)?"
    r"|累计(?:付款|支付|列支|使用|发放|兑付)(?:金额|资金|数|额|款)?"
)  # 1-6月累计支出
_SURELY_MONEY = re.compile(r"总额|金额|合计|总计|预算数|执行数|决算数|结转资金|^其他资金$|财政拨款|财政性?资金")


def _money(words: str, bare: str, text: str) -> Label | None:
    """An amount's label by its words; one that could as well be a project's name (…经费) is sure only by its unit or colon."""
    if bare.startswith("其中") and len(bare) < 16:
        words = bare[2:].lstrip(":")
        return Label("budget" if is_year(words) or words in ("当年", "本年") else "part")
    bare = re.sub("及其?(?:构成|来源)$", "", bare)
    planned = re.fullmatch("(?:20\\d\\d年|年度|资金|投资|预算)+计划[(][^()]*元[)]", words)
    if bare.endswith(_words("not_money")) and not planned:
        return None
    named = any(word in bare for word in (*_words("money"), *_words("executed")))
    if not (named and re.search(_MONEY_END.pattern + "$", bare)) and not re.search(r"[(][^()]*元[)]$", words):
        return None
    marked = text.rstrip().endswith((":", "：")) or bool(re.search(r"[(（][^()（）]*元[^()（）]*[)）]", text))
    sure = marked or bool(_SURELY_MONEY.search(bare))
    field, tier = _kind_of_money(words, bare)
    told = named or field != "budget" or not tier or _SURELY_MONEY.search(bare)
    return Label(field, tier if told else max(tier, LAST), sure)


def _kind_of_money(words: str, bare: str) -> tuple[str, int]:
    if (is_of_other_years(bare) or re.search("累计已?(?:安排|下达|到位|投入|拨付|完成)", bare)) and not re.search(
        "结转|结余", bare
    ):
        return "past", 0
    if _NO_BUDGET.search(bare):
        return "note", 0
    if re.search("调整(?:数|额|金额|情况)$", bare):
        return "part", 0  # by how much; 调整后预算数 is what came of it
    whole = re.search(r"总额|总金额|合计|总计|总预算|总投入|总投资|总量", bare)
    bare = _BY_TREASURY.sub("", bare)
    if re.match(r"按.*分$|减|其他", bare) or (any(word in bare for word in _words("part")) and not whole):
        return "part", 0
    period = period_of(words)
    if any(word in bare for word in _words("executed")) or _SPENT_TILL.fullmatch(bare):
        return "executed", 0 if period != "several" else 1
    if period == "several":
        return "period_budget", 0
    if "年初" in bare or _BEFORE_CHANGE.search(bare):
        return "budget_initial", 0
    if period == "year" and re.search(
        r"总|合计|预算|安排|需求|申请|金额|规模|额度|20\d\d年.{0,2}(?:经费|资金|投资)$", bare
    ):
        return "budget", 0
    if re.search("批[复准]|[审核]批|核减后|审[定核](?!减)|[评初复终]审|核[定准]|下达|调整|控制数|建议数|通过数", bare):
        return "budget", 1
    return "budget", 3 if period is None and re.fullmatch(r"项目.{0,4}总.{0,6}", bare) else 2


def _by_ending(text: str, bare: str) -> Label | None:
    """Labels that are known for such only by how they end; a colon makes them sure."""
    colon = text.rstrip().endswith((":", "："))
    if bare.endswith(_words("label")) or colon or re.match(r"(?:是否|有无)", bare):
        return Label("note", 0, colon)
    return None
