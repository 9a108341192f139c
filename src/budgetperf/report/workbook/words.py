"""The fixed words of the workbook in Chinese and English."""

WORDS: dict[str, tuple[str, str]] = {
    # sheets
    "about": ("说明", "About"),
    "checks": ("核对", "Checks"),
    "summary": ("汇总", "Summary"),
    "money": ("资金", "Money"),
    "levels": ("指标与权重", "Levels"),
    "projects": ("项目", "Projects"),
    "indicators": ("指标", "Indicators"),
    "issues": ("审计问题", "Issues"),
    "findings": ("审计发现", "Findings"),
    "repairs": ("修复", "Repairs"),
    "documents": ("文件", "Documents"),
    "years": ("年度比较", "Years"),
    "tables": ("报告附表", "Report tables"),
    "dictionary": ("数据字典", "Dictionary"),
    # what each sheet is
    "about checks": (
        "每项勾稽校验一行：应为、实为（本工具）、表内重算（公式）",
        "one row a check: expected, actual (ours), recomputed here by formula",
    ),
    "about summary": (
        "每份文件一行：印刷合计、本工具合计、表内合计（公式）和差额",
        "one row a document: printed total, our sum, sum by formula, difference",
    ),
    "about money": ("按单位、类别、支出种类的预算数和占比", "budget and shares by unit, category and kind of spending"),
    "about levels": ("按一级、二级指标的个数和分值", "indicators and points by level 1 and level 2"),
    "about projects": ("每个项目一行，附审计发现条数（公式）", "one row a project, with counts of findings (formulas)"),
    "about indicators": ("每条三级指标一行", "one row an indicator"),
    "about issues": (
        "每个问题一行：所涉资金、最突出的一例、建议，最重的在前",
        "one row an issue, the gravest first: its money, its gravest instance, what is suggested",
    ),
    "about findings": (
        "每条审计发现一行，可跳转到所指的行；处理决定、理由、处理人、日期各列供填写，另存为 CSV 后可作 --decisions 读回",
        "one row a finding, linked to the row it speaks of; fill in the decision columns, save the sheet as CSV and give it "
        "as --decisions",
    ),
    "about repairs": (
        "每处修复一行：原印、改后、依据和把握，可跳转到所改的单元格",
        "one row a repair: as printed, as repaired, evidence and grade, linked to the cell",
    ),
    "about documents": ("每份文件一行", "one row a document"),
    "about years": ("报告中年度比较的各表，全部行", "the report's tables on years, all rows"),
    "about tables": ("报告中的其他各表，全部行", "the report's other tables, all rows"),
    "about dictionary": ("各列的名称、含义和类型", "names, meaning and types of all columns"),
    # headings of the sheet 说明
    "sheets": ("各表", "Sheets"),
    "rows of": ("{rows} 行", "{rows} rows"),
    "colours": ("颜色", "Colours"),
    "reading": ("读法", "How to read"),
    "remarks": ("提示", "Remarks"),
    "made on": ("制表日期", "Made on"),
    "working paper": ("工作底稿", "working paper"),
    # colours
    "certain": (
        "修复过，由合计、分值或版面唯一确定（certain）",
        "repaired; settled by sums, weights or the layout (certain)",
    ),
    "likely": ("修复过，可能（likely），引用前核对原件", "repaired; likely: compare with the print before quoting"),
    "guess": ("修复过，推测（guess），须核对原件", "repaired; a guess: must be compared with the print"),
    "cut": ("名称被表格截断，照印刷，未补全", "the form cut the name; as printed"),
    "live": (
        "公式：由“项目”“指标”“审计发现”各表重算",
        "formula: recomputed from the sheets Projects, Indicators and Findings",
    ),
    "E": ("须说明", "explain"),
    "W": ("须复核", "review"),
    "I": ("供参考", "note"),
    # how to read
    "read live": (
        "蓝色的数是公式，随“项目”“指标”两表的数重算；旁边的黑色数由本工具精确算出。二者不一致时显示“不符”。",
        "Blue figures are formulas over the sheets Projects and Indicators; black ones beside them are our own exact figures. "
        "Where they differ the cell says so.",
    ),
    "read keys": (
        "“文件序”是本簿中文件的序号，和“项目序号”“指标序号”一起确定一行；文件序与文件编号的对照见“文件”表。",
        "“Doc” numbers the documents of this workbook; with the project's and the indicator's number it names a row. "
        "The sheet Documents lists it beside the document's own id.",
    ),
    "read links": (
        "带下划线的“位置”可以跳转。对“项目”“指标”表重新排序后，跳转位置不再对应，请以序号为准；筛选不影响。",
        "Underlined places are links. Sorting the sheets Projects or Indicators moves rows away from their links: go by the "
        "numbers then. Filtering does no harm.",
    ),
    "read hidden": (
        "整列为空的列、坐标列和文件编号列已隐藏（取消隐藏即可看到）；长文字只显示几行，全文在编辑栏。",
        "Columns without any content, coordinates and document ids are hidden, not removed; of long text some lines are shown, all of it in "
        "the formula bar.",
    ),
    "read amounts": ("金额单位为万元，原件以元印刷的已折算。", "Amounts are in 10,000 yuan, whatever the print's unit."),
    "read repaired": (
        "单元格的批注写明原印和改后的文字（先写最没有把握的 {notes} 处），全部见“修复”表。",
        "Comments tell what was printed and what it became (the {notes} least certain cells first); all are on Repairs.",
    ),
    # remarks
    "remark text": (
        "有 {count} 处文字超过 Excel 一格 32,767 字的上限，已从末尾截去，全文见 CSV。",
        "{count} texts are longer than the 32,767 characters of a cell and end early; the CSV has them in full.",
    ),
    "remark digits": (
        "有 {count} 个数超过 Excel 的 15 位有效数字，写成文字，不参与公式。",
        "{count} numbers have more than Excel's 15 digits: they are written as text and take no part in formulas.",
    ),
    "remark rows": (
        "有 {count} 个表的行数超过 Excel 的上限，只列前面的行，其余见 CSV。",
        "{count} sheets have more rows than Excel holds: the first are listed, the CSV has all.",
    ),
    "remark links": (
        "有 {count} 行超过 Excel 每表 65,530 个链接的上限，“位置”只写文字。",
        "{count} rows are beyond Excel's 65,530 links a sheet: their places are plain text.",
    ),
    "remark part": (
        "有 {count} 份文件只列出了一部分项目，其合计不能与印刷合计比较。",
        "Of {count} documents only a part of the projects is listed: their sums cannot be compared with printed totals.",
    ),
    "…": ("……（全文见 CSV）", "… (full text: CSV)"),
    "more rows": (
        "共 {all:,} 行，只列前 {shown:,} 行，其余见 CSV",
        "{all:,} rows; the first {shown:,} are listed, the CSV has all",
    ),
    "empty": ("没有内容", "nothing to list"),
    # columns
    "doc_no": ("文件序", "Doc"),
    "place": ("位置", "Place"),
    "decided_on": ("处理日期", "Decided on"),
    "rule_title": ("规则名称", "Title of the rule"),
    "spending_kind": ("支出种类", "Kind of spending"),
    "n_E": ("发现 E", "Findings E"),
    "n_W": ("发现 W", "Findings W"),
    "n_I": ("发现 I", "Findings I"),
    "check_words": ("校验内容", "What is checked"),
    "live_actual": ("表内重算", "Recomputed here"),
    "agrees": ("重算与实为", "Recomputed and actual"),
    "meets": ("重算与应为", "Recomputed and expected"),
    "sum": ("本工具合计（万元）", "Our sum (10,000 yuan)"),
    "sum_live": ("表内合计（万元）", "Sum here (10,000 yuan)"),
    "difference": ("印刷合计与表内合计之差", "Printed total less sum here"),
    "projects_here": ("项目数", "Projects"),
    "projects_live": ("项目数（重算）", "Projects (recomputed)"),
    "indicators_here": ("指标数", "Indicators"),
    "indicators_live": ("指标数（重算）", "Indicators (recomputed)"),
    "same": ("相符否", "Agrees"),
    "by": ("按", "By"),
    "code": ("编码", "Code"),
    "name": ("名称", "Name"),
    "budget_live": ("预算数（重算）", "Budget (recomputed)"),
    "share_live": ("占比（重算，%）", "Share (recomputed, %)"),
    "indicator_share_live": ("指标占比（重算，%）", "Share of indicators (recomputed, %)"),
    "weight_live": ("权重（重算）", "Points (recomputed)"),
    "weight_share_live": ("权重占比（重算，%）", "Share of points (recomputed, %)"),
    "table": ("表", "Sheet"),
    "column": ("列", "Column"),
    "title": ("标题", "Title"),
    "meaning": ("含义", "Meaning"),
    "type": ("类型", "Type"),
    "text": ("文字", "text"),
    "whole": ("整数", "whole number"),
    "exact": ("精确小数", "exact decimal"),
    "box": ("坐标", "coordinate"),
    "flag": ("是否", "yes or no"),
    # cells
    "equal": ("相符", "agrees"),
    "unequal": ("不符", "DIFFERS"),
    "total": ("合计", "Total"),
    "unit": ("单位", "Unit"),
    "category": ("类别", "Category"),
    "level1": ("一级指标", "Level 1"),
    "level2": ("一级×二级", "Level 1 × level 2"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "of project": ("项目 {project}", "Project {project}"),
    "of indicator": ("项目 {project} 指标 {indicator}", "Project {project}, indicator {indicator}"),
    "of document": ("文件 {document}", "Document {document}"),
    "not a sum": ("不是算式，须对照原件", "no sum: compare with the print"),
    "only a part": ("只列出文件的一部分，不能重算", "only a part of the document is listed"),
    "several tables": ("文件有几张表，各表分别核对，不能重算", "several tables in the document, each checked apart"),
    "too long": ("位数或行数超过 Excel 的上限，不能重算", "beyond Excel's digits or rows"),
    "no label": ("小计所含项目无单独的列可依，不能重算", "the projects of the sub-total have no column of their own"),
    "odd name": ("名称含公式符号，不能重算", "the name holds signs of formulas"),
    "no common sum": ("没有共同的合计，不能重算", "no common sum to compare with"),
    "repair": ("原印：{printed}\n改后：{repaired}\n依据：{evidence}（{grade}）", "Printed: {printed}\nNow: {repaired}\nEvidence: {evidence} ({grade})"),
    "digits": ("超过 15 位有效数字，写成文字", "more than 15 digits: written as text"),
    # print and charts
    "page": ("第 &P 页，共 &N 页", "Page &P of &N"),
    "chart money": ("预算数（万元），按{by}", "Budget (10,000 yuan) by {by}"),
    "chart indicators": ("指标数，按一级指标", "Indicators by level 1"),
    "chart points": ("权重（分），按一级指标", "Points by level 1"),
}  # fmt: skip


def word(key: str, lang: str, **values) -> str:
    """A fixed word or sentence in the report's language.

    >>> word("projects", "zh"), word("of project", "en", project=3)
    ('项目', 'Project 3')
    """
    said = WORDS[key][lang == "en"]
    return said.format(**values) if values else said
