"""What titles, captions and heads say of a whole table: its year and its unit of money."""

import re
import unicodedata

from budgetperf.field.vocabulary import names_body, simplified

# years that are none of the budget's: of a document's number (财预〔2023〕118号), of a date (2023年11月30日, 2023-11-30),
# of a meeting (2023年第5次)
_OTHER_YEARS = re.compile(
    r"[\(\[〔【〈<]?20\d\d[\)\]〕】〉>]?(?:第?\d+号|年第[\d一二三四五六七八九十]+[次届]|年\d{1,2}月(?:\d{1,2}日?)?|[./-]\d{1,2}(?:[./-]\d{1,2})?(?!\d))"
    r"|20\d\d年?[-~—–至到]+20\d\d年?|《[^》]*》"  # of a plan, of a rule's name
    r"|20\d\d年?(?:修订|修正|印发|发布|施行|试行|版|结转)|20\d\d年[^，。；（(]{0,14}(?:办法|规定|细则|指引)"
)
_SPACED_YEAR = re.compile(r"2\s*0\s*\d\s*\d(?!\s*\d)")
_CHINESE_YEAR = re.compile(r"二[〇零○O0][〇零○O0一二三四][〇零○O0一二三四五六七八九](?=年)")
_IN_DIGITS = str.maketrans("〇零○O一二三四五六七八九", "0000123456789")
_YEAR_ALONE = re.compile(r"[(（]?(?:(?:预算|财政|所属|填报|评价)?年[度份][:：])?20\d\d年?度?[)）]?")
_FROM_ITS_BEGINNING = re.compile(  # （2024年1月-7月）
    r"[(（]?(?:所属期|评价期间?|监控期间?)?[:：]?(20\d\d)年1月(?:1日)?[-—~～至]+(?:\1年)?\d{1,2}月(?:\d{1,2}日)?[)）]?"
)


def numbers_apart(text: str) -> str:
    """A text without its blanks but those between two numbers.

    >>> numbers_apart("附表2  2024 年"), numbers_apart("2 0 2 4 年度")
    ('附表2 2024年', '2024年度')
    """
    apart = _SPACED_YEAR.sub(lambda year: re.sub(r"\s", "", year[0]), unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<!\d)\s|\s(?!\d)", "", re.sub(r"\s+", " ", apart))


def fiscal_year(text: str) -> int | None:
    """The budget year that a title or caption names; the year of a document's number or of a date is another.

    >>> fiscal_year("２０２４年部门预算项目支出绩效目标批复表"), fiscal_year("（2022 年度）"), fiscal_year("项目支出绩效表")
    (2024, 2022, None)
    >>> fiscal_year("表6 2024年绩效目标表"), fiscal_year("2 0 2 4 年度"), fiscal_year("编号 2 2024 15")
    (2024, 2024, 2024)
    >>> fiscal_year("2024年公开2023年度自评表"), fiscal_year("二〇二四年部门预算"), fiscal_year("2023-2025年规划目标表")
    (2023, 2024, None)
    >>> fiscal_year("关于印发2019年绩效管理办法的通知"), fiscal_year("《办法》（2018年修订）"), fiscal_year("2021年结转项目（2024年预算）")
    (None, None, 2024)
    >>> [fiscal_year(t) for t in ["川财预〔2023〕118号", "填报日期：2023年11月30日", "单位：203001-教育局", "2023年第5次会议"]]
    [None, None, None, None]
    """
    tight = simplified(numbers_apart(text))
    tight = _OTHER_YEARS.sub("", _CHINESE_YEAR.sub(lambda found: found[0].translate(_IN_DIGITS), tight))
    found = re.search(r"(?<!\d)(20[0-4]\d)年度", tight) or re.search(r"(?<!\d)(20[0-4]\d)(?!\d)", tight)
    return int(found[1]) if found else None


def is_year(text: str) -> bool:
    """Whether a text is a year and nothing else.

    >>> [is_year(text) for text in ("2024", "2024 年度", "2024年预算")]
    [True, True, False]
    """
    return re.fullmatch(r"20\d\d年?度?", "".join(text.split())) is not None


def year_printed(title: str | None, lines: list[str]) -> int | None:
    """The budget year that a title names, else the nearest line above the table that is nothing but a year.

    >>> year_printed("绩效目标表", ["《2022年管理办法》", "（2023年度）", "截至2022年末"]), year_printed(None, ["2024年部门预算"])
    (2023, None)
    >>> year_printed("绩效目标表", ["所属期：2024年1月-12月"]), year_printed("绩效监控表", ["（2024年1月1日至2024年7月31日）"])
    (2024, 2024)
    """
    tight = ["".join(line.split()) for line in lines]
    alone = [line for line in tight if _YEAR_ALONE.fullmatch(line)]
    spans = [int(found[1]) for line in reversed(tight) if (found := _FROM_ITS_BEGINNING.fullmatch(line))]
    return next(filter(None, (*map(fiscal_year, [title or "", *reversed(alone)]), *spans)), None)


def year_of_lines(title: str | None, lines: list[str]) -> int | None:
    """The budget year that is printed as such, else the first that a heading above the table names, else a sentence.

    >>> year_of_lines("2024年绩效目标表", ["编制于2023年"]), year_of_lines("绩效目标表", ["（2022年度）"])
    (2024, 2022)
    """
    headings = sorted(lines, key=lambda line: bool(re.search("[，。；]", line)))
    return year_printed(title, lines) or next((year for text in headings if (year := fiscal_year(text))), None)


_CHINESE_NUMBER = "(?:[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_PLACE_BY_NUMBER = "[一二三四五六七八九].[省市县区旗州]"  # 附件三江县公路局 is 三江县's, or the third of 江县
_NUMBERED = re.compile(  # 附件3：, 附件3 2024年
    rf"^\s*附?[表件]\s*(?:(?={_PLACE_BY_NUMBER})|(?:\d{{1,2}}|{_CHINESE_NUMBER})(?:[-—]\d+)?(?:[：:、.\s]+|(?=20\d\d年)|(?=\D))|[：:、.\s]+)"
)
_UNSURE_NUMBER = re.compile(rf"^\s*附?[表件]\s*{_PLACE_BY_NUMBER}")
_PART = re.compile(  # 第四部分, 公开10表
    r"^\s*(?:第[一二三四五六七八九十]{1,3}(?:部分|章)|(?:预算|决算)?公开(?:\d{1,2}表|表\d{1,2}))[：:、\s]*"
)
_YEAR_IN_BRACKETS = re.compile(r"[（(](20\d\d年?度?)[)）]")
_UNIT_BEHIND_TITLE = re.compile(r".*绩效.{0,10}[表书](?:20\d\d年?度?)?(?:[（(]|[-—–]{1,2})([^（()）\d]{4,24})[）)]?")
_TITLE = re.compile(
    r"(.{3,40}?)(?:20\d\d年?度?)?(?:(?:部门|单位|财政|预算)*(?:项目支出|整体支出|整体))?(?:预算|支出)?绩效.{0,10}[表书]"
)
_NO_NAME = re.compile(
    r"(?:部门|单位|整体|财政|政府|专项|资金|重点|项目|支出|预算|省级|市级|县级|区级|本级|中央|地方|转移支付|政策|区域|年度|对|及|（本级）)*"
)


def project_in_title(title: str) -> str | None:
    """The project that a title names, without year, place and the form's own words; None where it names only the form.

    >>> project_in_title("2019年度宁安县高中助学金项目绩效评价指标表"), project_in_title("口岸检测项目支出绩效评价表")
    ('高中助学金项目', '口岸检测')
    >>> project_in_title("“控烟与健康促进”项目绩效目标表")
    '控烟与健康促进'
    >>> [project_in_title(t) for t in ["某市部门预算项目支出绩效目标表", "2017年部门整体支出绩效评价得分表", "县民政局2023年度整体绩效目标表"]]
    [None, None, None]
    >>> project_in_title("表1 单位整体支出绩效目标表"), project_in_title("附表3：村道硬化项目绩效目标表")
    (None, '村道硬化项目')
    >>> project_in_title("岳北市2018年度部门整体支出绩效自评评分表")
    """
    numbered = re.sub(r"\s+", "", _NUMBERED.sub("", title))
    tight = re.sub(r"^(?:20\d\d年?度?)?(?:.{2,4}?[省市县区旗])?(?:20\d\d年?度?)?", "", numbered)
    found = _TITLE.fullmatch(tight)
    name = re.sub('^[“"]([^”"]+)[”"](?:项目)?$', r"\1", found[1]) if found else ""
    if not name or _NO_NAME.fullmatch(name) or names_body(name.removesuffix("项目")):
        return None
    return name


_WITH_UNIT = re.compile(
    r"(?:20\d\d年?度?)?+([\u4e00-\u9fff（）()]{3,24}?)(?:关于)?"
    r"(?:20\d\d年?度?|(?=部门|单位|预算|整体)|(?=项目支出))"
    r"(?:部门|单位|财政|预算|整体|重点|项目|支出)*绩效.{0,20}"
)
_BEFORE_YEAR = re.compile(
    r"([\u4e00-\u9fff（）()]{3,24}?)(?:关于)?20\d\d年?度?[^，。；：]{0,40}(?:绩效|预算|决算|收支|资金|项目)[^，。；：]{0,20}"
)
_OF_WORK = re.compile("(?<!预算)(?<!支出)(?<!重点)(?<!专项)项目$|工作$")  # a line that ends so names work, and no table
_TOWN = re.compile("[^各乡][乡镇]$")
# who sends a letter or approves is not whose the projects are
_OF_OTHERS = re.compile("下达|批复|印发|通知|拨付|核定|转发|批准|审议|格式|要求|办法|模板")
# what a sentence or another heading begins with, no name
_NO_NAME_OF_BODY = re.compile(
    "[全各由]|经(?![济贸信发开营])|有关|相关|依据|按照|根据|附(?!属)|[呈抄]?报(?![社业])|抄送|送|目录|第.{1,3}[章节部]|填表|[此本]表"
)
_KIND = re.compile("公办|公立|民办|普惠|特色|城乡|乡镇|农村|基层|村级|社区|义务教育|中小学")  # of bodies, none of them
_PLACE = re.compile("[省市县区旗州镇乡]|街道|大学|学院|第|局$|委$|厅$")  # that the name of one has, or its rank


def unit_in_title(title: str) -> str | None:
    """The unit that a title names, with the year before or behind it; None where it names none.

    >>> unit_in_title("梅溪湖镇人民政府2025年项目支出绩效目标表"), unit_in_title("2024年县财政局部门预算绩效目标批复表")
    ('梅溪湖镇人民政府', '县财政局')
    >>> unit_in_title("云溪街道办事处2025年重点项目绩效目标公开"), unit_in_title("河口镇人民政府2024年村级奖补项目绩效目标表")
    ('云溪街道办事处', '河口镇人民政府')
    >>> unit_in_title("2024年云溪县公路局项目支出绩效目标表"), unit_in_title("云溪县公路局2024年收支总表")
    ('云溪县公路局', '云溪县公路局')
    >>> unit_in_title("附件3：云溪县公路局2024年项目支出绩效目标表"), unit_in_title("云溪县公路局项目支出绩效目标表（2024年）")
    ('云溪县公路局', '云溪县公路局')
    >>> [unit_in_title(f"{t}项目支出绩效目标表") for t in ("附件3 2024年县公路局部门预算", "县公路局（2024年）", "【县公路局】2024年", "云县城关镇二〇二四年")]
    ['县公路局', '县公路局', '县公路局', '云县城关镇']
    >>> unit_in_title("2024年项目支出绩效目标表——县公路局"), unit_in_title("2024年项目支出绩效目标表（本级）")
    ('县公路局', None)
    >>> unit_in_title("县水利局2025年项目支出预算及绩效目标"), unit_in_title("省财政厅关于下达2025年水利资金绩效目标的通知")
    ('县水利局', None)
    >>> unit_in_title("公办幼儿园2024年公用经费项目绩效目标表"), unit_in_title("县财政局2024年预算公开格式")
    (None, None)
    >>> unit_in_title("关于云溪县公路局2024年项目支出绩效目标的说明"), unit_in_title("云溪县本级2024年项目支出绩效目标表")
    ('云溪县公路局', None)
    >>> [unit_in_title(t) for t in ["2024年部门预算项目支出绩效目标表", "某市部门预算项目支出绩效目标表", "养老服务中心项目绩效目标表"]]
    [None, None, None]
    """
    bare = _BEFORE_NAME.sub("", re.sub(r"[\s【】]+", "", _PART.sub("", _NUMBERED.sub("", title))))
    years = _CHINESE_YEAR.sub(lambda found: found[0].translate(_IN_DIGITS), bare)
    tight = re.sub(r"^(20\d\d年?度?)[（(]([^（()）]+)[）)]", r"\1\2", _YEAR_IN_BRACKETS.sub(r"\1", years))
    tight = re.sub(r"(?<=[表书])20\d\d年?度?$", "", tight)
    found = _WITH_UNIT.fullmatch(tight) or _UNIT_BEHIND_TITLE.fullmatch(tight)
    found = found or (None if _OF_OTHERS.search(tight) else _BEFORE_YEAR.fullmatch(tight))
    name = found[1].removeprefix("关于") if found else ""
    body = names_body(name) or _TOWN.search(name)
    of_project = _KIND.match(name) or not (_PLACE.search(name) or re.search("部门|单位|整体", tight))
    return (
        name
        if body and not of_project and not _NO_NAME_OF_BODY.match(name) and not name.endswith(("部门", "单位"))
        else None
    )


def number_doubt(title: str) -> str | None:
    """That a title's number may be the first of its place's name, in words; None where it can't.

    >>> number_doubt("附件三江县公路局2024年项目支出绩效目标表"), number_doubt("附件三 江县公路局2024年项目支出绩效目标表")
    ('“附件三江县公路局2024年项目支…”的编号与地名连写，单位名称可能少或多一字', None)
    """
    return f"“{title.strip()[:16]}…”的编号与地名连写，单位名称可能少或多一字" if _UNSURE_NUMBER.match(title) else None


def is_plain_title(title: str) -> bool:
    """Whether a title names nothing but its form, its year and its place.

    >>> [is_plain_title(t) for t in ("2024年部门预算项目支出绩效目标表", "太平乡2024年项目支出绩效目标表", "村道硬化项目绩效目标表")]
    [True, False, False]
    """
    bare = re.sub(r"[\s【】（）()]+|20\d\d年?度?", "", _NUMBERED.sub("", title))
    return re.fullmatch(rf"(?:.{{2,5}}[省市县区旗州])?{_NO_NAME.pattern}绩效.{{0,20}}", bare) is not None


STAMP = re.compile("[（(](?:单位)?(?:盖章|公章|签章)[）)]$")
LABEL_OF_BODY = re.compile(  # 填报单位（盖章）
    "(?:资金|项目)?(?:主管|填报|填表|预算|编制|申报|申请|实施|审核|使用|报送|归口|负责|项目)(?:单位|部门)(?:名称)?(?:[（(](?:盖章|公章)[)）])?"
)
_BEFORE_NAME = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}(?:[）)][、.．]?|[、.．])")


def body_alone(line: str) -> str | None:
    """The public body of which a line holds nothing but the name, numbered or not; None where it holds anything else.

    >>> body_alone("一、云溪县公路局"), body_alone("云溪县公路局"), body_alone("县直各单位"), body_alone("县财政局：")
    ('云溪县公路局', '云溪县公路局', None, None)
    >>> body_alone("主管部门  云溪县交通运输局")
    >>> body_alone("2024年度 云溪县公路局"), body_alone("云溪县公路局部门预算公开表")
    ('云溪县公路局', '云溪县公路局')
    """
    tight = re.sub("^20\\d\\d年度", "", re.sub(r"\s+", "", line))
    name = re.sub("(?:部门)?预算公开表?$", "", STAMP.sub("", _BEFORE_NAME.sub("", tight)))
    name = re.sub("^[（(]([^（()）]+)[）)]$", r"\1", name)
    several = len([part for part in line.split() if names_body(part)]) > 1
    plain = re.fullmatch("[\u4e00-\u9fff（）()]{4,30}", name) and not several and not _NO_NAME_OF_BODY.match(name)
    plain = plain and not re.match("公办|民办|普惠|(?:[省市县区乡镇]级)?公立", name)
    labelled = LABEL_OF_BODY.match(name) or name.endswith(("部门", "单位"))
    return name if plain and not labelled and "各" not in name and names_body(name) else None


def may_be_work(line: str) -> bool:
    """Whether a line that names a body may as well name what a project is: a numbered one without a place, or one of the
    year's work.

    >>> may_be_work("一、养老服务中心"), may_be_work("一、云溪县养老服务中心"), may_be_work("养老服务中心")
    (True, False, False)
    >>> may_be_work("县审计局2024年预算执行审计项目"), may_be_work("县审计局2024年部门预算项目")
    (True, False)
    """
    if _OF_WORK.search("".join(line.split())):
        return True
    number = _BEFORE_NAME.match(line.strip())
    return number is not None and _PLACE.search(line.strip()[number.end() :]) is None


def letterhead(line: str) -> str | None:
    """The body on whose letter the tables stand, by a line of its head; None where a line is none.

    >>> letterhead("云溪县公路局文件"), letterhead("关于印发文件")
    ('云溪县公路局', None)
    """
    tight = re.sub(r"\s+", "", line)
    return body_alone(tight.removesuffix("文件")) if tight.endswith("文件") else None


def names_sender(line: str) -> bool:
    """Whether a line is of a letter, in which bodies stand that send it.

    >>> names_sender("省财政厅关于下达2025年水利资金绩效目标的通知"), names_sender("项目支出绩效目标表")
    (True, False)
    """
    return _OF_OTHERS.search(line) is not None


_OTHER_CAPTION = re.compile(
    r"表|目标|绩效|指标|附件|目录|部分|说明|情况|预算|决算|公开|[：:。，；]|^[\dA-Za-z（(]|\d{4}"
)


def is_project_caption(text: str) -> bool:
    """Whether a line over a form's title, or the name of its sheet, can be the name of a project.

    >>> [is_project_caption(t) for t in ["旅游宣传推广", "绩效目标表", "Sheet1", "县财政局", "第五部分 绩效情况"]]
    [True, False, False, False, False]
    """
    tight = re.sub(r"\s+", "", text)
    return 3 < len(tight) < 30 and not _OTHER_CAPTION.search(tight) and not names_body(tight)


_OF_YEAR = re.compile("(?:预算|所属|预算所属|财政|评价|自评|绩效|会计|资金|执行)?年[度份]")
_OF_ANOTHER_YEAR = re.compile(
    "(?:申报|填报|编制|立项|项目|实施|项目实施)年[度份]"
)  # that a form is drawn up or a project begins in


def year_beside(label: str, texts: list[str]) -> int | None:
    """The budget year that stands beside its own label, or under its own head in every row.

    >>> year_beside("预算年度", ["2024"]), year_beside("年度", ["2024年", "2023年"]), year_beside("编制年度", ["2024"])
    (2024, None, None)
    """
    return _year_under(_OF_YEAR, label, texts)


def perhaps_year_beside(label: str, texts: list[str]) -> int | None:
    """The year that stands beside a label of one which need not be the budget's.

    >>> perhaps_year_beside("编制年度", ["2024"]), perhaps_year_beside("预算年度", ["2024"]), perhaps_year_beside("项目年限", ["2024"])
    (2024, None, None)
    """
    return _year_under(_OF_ANOTHER_YEAR, label, texts)


def _year_under(labels: re.Pattern, label: str, texts: list[str]) -> int | None:
    said = set(texts)
    if not labels.fullmatch(re.sub(r"\s+", "", label).strip("：:")) or len(said) != 1 or not is_year(*said):
        return None
    return int(re.search(r"20\d\d", *said)[0])


def money_unit(text: str) -> str | None:
    """元 or 万元 (千元, 百万元, 亿元) as a head or caption prints it; a unit of measure (计量单位：元) is another.

    >>> money_unit("预算数 （万元）"), money_unit("金额单位：元"), money_unit("单位名称"), money_unit("项目资金(万 元)")
    ('万元', '元', None, '万元')
    >>> money_unit("计量单位：元"), money_unit("单位：百万元"), money_unit("金额/万元"), money_unit("预算数（万）")
    (None, '百万元', '万元', '万元')
    >>> money_unit("编制单位：县财政局 金额：万元"), money_unit("金额：12万元")
    ('万元', None)
    >>> money_unit("（元月15日批准）"), money_unit("一事一议奖补(元旦)"), money_unit("预算数（万元，两位小数）")
    (None, None, '万元')
    >>> money_unit("以下各表金额单位均为元，由县民政局填报"), money_unit("本表金额均以万元为单位")
    ('元', '万元')
    """
    tight = simplified(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))
    tight = re.sub(r"以([百千万亿]*元)为单位", r"单位：\1", tight)
    found = re.search(
        r"(?:\((?=[^()月旦宵]*(?:\)|$))|[/,](?=[百千万亿]*元$)|(?<![计度]量)单位(?:[均都统]?一?[为是])?[:：]?(?:人民币)?|金额[:：](?=[^\d]{1,3}$))"
        r"(百万元|万元|千元|亿元|百元|元|万(?=\)|$))",
        tight,
    )
    return "万元" if found and found[1] == "万" else found and found[1]


def unit_doubt(caption: str, head: str) -> str:
    """That the lines above a table and its head name two units of money, in words.

    >>> unit_doubt("元", "万元")
    '金额单位两处印得不同：表上方为“元”，表头为“万元”；按表头换算'
    """
    return f"金额单位两处印得不同：表上方为“{caption}”，表头为“{head}”；按表头换算"


def years_doubt(taken: int, other: int) -> str:
    """That a table prints two years as its own, in words.

    >>> years_doubt(2024, 2023)
    '年度印得不同：2024、2023；按前者'
    """
    return f"年度印得不同：{taken}、{other}；按前者"
