"""What a name says by its build: whether its head is something measured, a state, an action, or nothing; no tables here."""

import itertools
import re
from functools import lru_cache

# the heads of names that measure or count, by their last characters; a change may follow (知晓率提升)
_MEASURE_END = re.compile(
    r"(?:率|占比|比例|比重|同比|环比|(?:生|患|床)比|度|数|量|额|数值|产值|增加值|里程|长度|时间|时长|时限|时效|周期|工期|年限|期限|寿命|标准|浓度|等级|"
    r"得分|分值|单价|均价|价格|成本|费用|造价|收入|增收|产能|规模|人口|人次|场次|频次|车次|面积|容积|覆盖面|受益面|知晓面|安全感|"
    r"(?:及时|准确|合规|完整|规范|时效|真实|安全)性|增幅|降幅|增速|涨幅|缺口|能耗|用水|用电|排放|投诉|事故|案件|损失|税收|效率|素养水平|覆盖|普及|达标|"
    r"零[\u4e00-\u9fff]{2,4})$"
)
_NOT_MEASURE = re.compile(
    r"(?:幸福指数|力度|制度|态度|角度|数字|多数|进度制度|高度|质量|正能量|力量|价值|资金|奖金|基金|重要性|积极性|主动性|创造性|感召|交互|获得感|幸福感|归属感|认同感|自豪感|责任感|使命感|荣誉感|参与感|体验感)$"
)
_ACTIVITY = re.compile("(?:会|活动|培训|检查|宣传|调研|演练|讲座|展览|比赛|巡查)$")
_CHANGE = re.compile(
    r"(?:提升|提高|增长|增加|上升|下降|降低|减少|缩短|增强|改善|扩大|变化|增幅|降幅|达到|情况|以上|[≥≤><=].*)$"
)
_STATE_END = re.compile(
    r"(?:情况|状况|程度|水平|质量|氛围|环境|秩序|素质|能力|体系|机制|制度|影响|意识|形象|效果|成效|效益|条件|面貌|作用|格局|规划|方案)$"
)
# words that say nothing of what is measured or of whom; a name made of them alone is empty
_EMPTY = re.compile(
    r"项目|工作|服务|任务|资金|经费|完成|实施|开展|情况|质量|效果|效益|成效|水平|目标|指标|进度|保障|年度|程度|满意程度|满意度|满意率|满意|"
    r"对象|受益|相关|各项|各类|整体|总体|日常|社会|影响|数量|时效|产出|业务|绩效|公众|有关|参与|本年|全年|的"
)
_SHARED = re.compile(r"[、,，;；]|以及|及|和|与")
_NO_JOINT = re.compile(
    "和谐|和平|和解|总和|及时|及格|普及|涉及|危及|与会|参与|饱和|温和|联合和|调和|中和|共和|不及|触及|以及时|和美|祥和|缓和|和睦|与否"
)


@lru_cache(maxsize=20_000)
def measures(name: str) -> bool:
    """Whether a name's head is something that is counted, measured or related.

    >>> [measures(one) for one in ("提升工程验收合格率", "政策知晓率提升", "农作物良种覆盖面", "降低万元GDP能耗")]
    [True, True, True, True]
    >>> [measures(one) for one in ("夯实饮水安全根基", "养老服务水平", "服务质量提升", "健全长效管理制度")]
    [False, False, False, False]
    """
    bare = re.sub(r"\([^()]*\)|（[^（）]*）", "", name).rstrip("。；;，,")
    while True:
        if _MEASURE_END.search(bare) and not _NOT_MEASURE.search(bare):
            return True
        shorter = _CHANGE.sub("", bare)
        shorter = re.sub(r"(?:明显|显著|有所|逐步|持续|不断|稳步|进一步|有效|大幅)$", "", shorter)
        if shorter == bare or not shorter:
            return False
        bare = shorter


@lru_cache(maxsize=20_000)
def names_state(name: str) -> bool:
    """Whether a name's head is a state that a target in words may describe (养老服务水平: 有所提升).

    >>> names_state("残疾人生活状况"), names_state("老年人生活质量改善情况"), names_state("维护社会和谐稳定")
    (True, True, False)
    """
    return bool(_STATE_END.search(name))


def echoes(name: str, target: str) -> bool:
    """Whether a target in words only repeats the name, or says yes: what is measured is the name itself.

    >>> echoes("助力乡村振兴", "助力"), echoes("拉动地方经济发展", "有效拉动"), echoes("阅读氛围", "良好"), echoes("彰显关怀", "是")
    (True, True, False, True)
    """
    bare = re.sub(r"^(?:有效|明显|显著|持续|不断|进一步|稳步|全面|基本|有所)+", "", target)
    if re.search("(?:情况|状况|程度)$", name):
        return False
    return target in ("是", "有", "能", "达成") or (
        len(bare) >= 2 and (bare in name or bool(set(bare) & set(name[:2])))
    )


def urges(name: str) -> bool:
    """Whether a name begins as a sentence that wants something done (让文物活起来), not as a noun.

    >>> urges("为群众出行创造便利条件"), urges("为农服务中心"), urges("让文物活起来")
    (True, False, True)
    """
    return bool(re.match("(?:让|使|把|将)|为[^农老侨您][\u4e00-\u9fff]{5,}", name))


@lru_cache(maxsize=20_000)
def says_nothing(name: str) -> bool:
    """Whether a name is made of words alone that fit every project.

    >>> [says_nothing(one) for one in ("工作质量", "满意程度", "服务对象满意度", "项目完成情况", "社区居民满意度", "完成时间")]
    [True, True, True, True, False, False]
    """
    return bool(name) and not _EMPTY.sub("", name)


@lru_cache(maxsize=20_000)
def two_things(name: str, percent: bool) -> tuple[str, str] | None:
    """Two things in one name: two measures, two whole phrases, or two nouns that share one rate.

    What only modifies one counted head (新建及改扩建学校数量) is one thing.

    >>> two_things("补助发放准确率、及时率", True), two_things("道路硬化及路灯安装", False)
    (('补助发放准确率', '及时率'), ('道路硬化', '路灯安装'))
    >>> two_things("污水和垃圾处理一体化设施数量", False), two_things("党建和业务融合考核得分", False)
    (None, None)
    """
    masked = _NO_JOINT.sub(lambda match: "〇" * len(match[0]), name)
    if "等" in name or "满意" in name:
        return None
    spans, last = [], 0
    for joint in _SHARED.finditer(masked):
        spans.append((last, joint.start()))
        last = joint.end()
    spans.append((last, len(name)))
    parts = [name[start:end] for start, end in spans if end > start]
    if len(parts) < 2:
        return None
    head = parts[-1]
    counted = re.search(r"(?:数|数量|人次|场次|面积|里程|长度|户|额|金额|得分|收入|费用|支出|费|成本|资金)$", head)
    for one, other in itertools.pairwise(parts):
        measured = [bool(re.search(r"(?:率|数|量|额|次|度|面积|长度|里程|比例)$", part)) for part in (one, other)]
        if min(len(one), len(other)) >= 3 and _ACTIVITY.search(one) and _ACTIVITY.search(other):
            return one, other
        if all(measured) and not re.search(r"(?:制度|力度)$", one):
            return one, other
        if len(one) >= 4 and len(other) >= 4 and not counted and not measured[1] and not measured[0]:
            return one, other
        # 新增绿化面积、改善生态环境: a measure and a phrase
        if len(one) >= 4 and len(other) >= 4 and measured[0] and not measured[1] and not counted:
            return one, other
    if percent and head.endswith("率") and (len(head) >= 4 or len(parts) > 2):
        return parts[0], parts[1]
    return None


_PERSONS = (
    r"(?:人员|干部|教师|医生|村医|辅警|保安|司机|组长|书记|队员|[^党学成委会社议动演残官人]员|临聘|聘用|职工|协警)"
)
_PAY = re.compile(
    rf"工资|薪酬|薪金|报酬(?!率)|人员经费|劳务派遣|{_PERSONS}[\u4e00-\u9fff]{{0,6}}?(?:劳务费|劳务|津贴|津补贴|补贴|补助|养老保险|保险|社保|公积金|绩效奖金|误工费|生活费)|误工补贴|岗位津贴"
)
_HELPED = re.compile(
    "农民工|高龄|老龄|老年|残疾|孤儿|困难|特困|低保|救助|学生|优抚|失能|护理|困境|农机|清欠|保证金|搬迁|移民|退役|义务兵|大学生|就业|培训|企业|运动员|脱贫|受灾|供养"
)


def is_pay(name: str) -> bool:
    """Whether a project's name says that it pays persons in a post, not persons who are helped.

    >>> [is_pay(one) for one in ("临聘人员劳务费", "村干部养老保险补助", "困难残疾人生活补贴", "企业稳岗补贴", "农机购置补贴")]
    [True, True, False, False, False]
    """
    return bool(_PAY.search(name)) and not _HELPED.search(name)


_FILLER = re.compile(
    r"[-—–_/\\.。、?？%‰*×…]+|(?:不适用|无|暂无|待定|同上|N/?A|指标\d*[:：]?)|[(（]?[≥≤=><]*[(（]?(?:\*{2,}|[Xx]{2,}|×{2,}|_{2,}|…+|\.{3,})[^)）]{0,3}[)）]?"
)


def is_filler(name: str, target: str) -> bool:
    """Whether a row only fills the form: its name, or its target, is 不适用, 无, / or a placeholder.

    >>> is_filler("不适用", "不适用"), is_filler("居民满意度", "（≥**）"), is_filler("重大事故起数", "无"), is_filler("设备完好率", "/")
    (True, True, False, True)
    """
    name, target = re.sub(r"\s+", "", name or ""), re.sub(r"\s+", "", target or "")
    if name and _FILLER.fullmatch(name):
        return True
    none_wanted = target == "无" and re.search("事故|投诉|差错|违规|违纪|上访|返贫|缺陷|逾期|案件|疫情|舆情", name)
    return bool(target) and bool(_FILLER.fullmatch(target)) and not none_wanted
