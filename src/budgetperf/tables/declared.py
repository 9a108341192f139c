"""Every table a build gives, declared once: types, checks, keys, Chinese titles, descriptions in both languages."""

from budgetperf.field.notation import AMOUNT_UNITS
from budgetperf.field.words import words
from budgetperf.tables.kinds import Table, box, exact, flag, text, whole

COMPARATORS = ["≥", ">", "=", "<", "≤", "定性"]
ROLES = ["heading", "project", "indicator", "execution", "sum", "title", "caption", "note", "signature", "number",
         "other_table", "unread", "blank"]  # fmt: skip

DOCUMENT_ID = text("文件编号", "由文件内容的 sha256 得出，内容不变编号不变", "stable, from the content", required=True)
PROJECT_NO = whole("项目序号", "文件内按印刷顺序从 1 起", "1… in print order", required=True, least=1)
INDICATOR_NO = whole("指标序号", "项目内从 1 起", "1… within the project", required=True, least=1)
OF_PROJECT = whole("项目序号", "针对整个文件时为空", "empty where it concerns the document", least=1)
OF_INDICATOR = whole("指标序号", "针对项目或文件时为空", "empty where it concerns the project or document", least=1)
PAGE = whole("页码", "从 1 起；工作簿为第几张表", "1-based; the sheet in a workbook", least=1)
BOX = {
    "x0": box("左", "单元格左边，PDF 点，原点在页面左上角；无页面的格式为空", "left edge, PDF points, origin top left"),
    "y0": box("上", "单元格上边", "top edge"),
    "x1": box("右", "单元格右边", "right edge"),
    "y1": box("下", "单元格下边", "bottom edge"),
}
BOX_CHECKS = [
    (lambda t: ~(t["y1"] < t["y0"]), "单元格下边 y1 不得高于上边 y0"),
    (lambda t: ~(t["x1"] < t["x0"]), "单元格右边 x1 不得在左边 x0 之左"),
]
TO_DOCUMENT = (["document_id"], "documents")
TO_PROJECT = (["document_id", "project_no"], "projects")
TO_INDICATOR = (["document_id", "project_no", "indicator_no"], "indicators")
COUNTED = {"repairs": "repair_no", "findings": "finding_no"}  # first columns that count the rows of a whole build

# ---- the tables ------------------------------------------------------------------------------------------------------

TABLES: dict[str, Table] = {
    "documents": Table(
        "文件",
        "每个输入文件一行",
        "one row an input file",
        {
            "document_id": DOCUMENT_ID,
            "source": text("文件名", "输入文件的名称，不含路径", "name of the input file", required=True),
            "sha256": text("校验和", "文件内容的 sha256", "sha256 of the content"),
            "format": text(
                "格式",
                "文件格式",
                "file format",
                among=["pdf", "image", "xlsx", "docx", "html", "text", "csv", "frame"],
            ),
            "layout": text("版式", "批复表 approval、申报表 form、自评表 self_evaluation 等", "layout as recognised"),
            "title": text("标题", "表格上方印刷的标题", "title as printed"),
            "fiscal_year": whole("预算年度", "文件所属年度", "fiscal year", least=1),
            "amount_unit": text("金额单位", "原件印刷的金额单位", "as printed", among=list(AMOUNT_UNITS)),
            "printed_total_wan_yuan": exact(
                "印刷合计（万元）", "原件印出的合计，折为万元", "printed total, 10,000 yuan"
            ),
            "weight_total": exact(
                "权重总分", "本文件每个项目权重之和应有的数", "what a project's weights sum to: 90, 100, …"
            ),
            "pages": whole("页数", "页数或工作表数", "pages or sheets"),
            "projects": whole("项目数", "读出的项目数", "projects read"),
            "indicators": whole("指标数", "读出的指标数", "indicators read"),
            "status": text(
                "状态",
                "reconciled 校验全部通过；open 有校验未通过；unreadable 无法读取，原因见 findings",
                "reconciled: every check passed; open: something failed; unreadable: the reason is in findings",
                required=True,
                among=list(words("status")),
            ),
        },
        key=["document_id"],
    ),
    "projects": Table(
        "项目",
        "每个项目一行",
        "one row a project",
        {
            "document_id": DOCUMENT_ID,
            "project_no": PROJECT_NO,
            "fiscal_year": whole("预算年度", "项目所属年度", "fiscal year", least=1),
            "unit_code": text("单位编码", "预算单位编码", "code of the budget unit"),
            "unit_name": text("单位名称", "预算单位名称", "name of the budget unit"),
            "project_code": text("项目编码", "照印刷", "as printed"),
            "project_name": text("项目名称", "照印刷，已去除折行", "as printed, wraps undone"),
            "category_code": text("项目类别编码", "如 1、22、3", "code of the category"),
            "category_name": text("项目类别", "如 特定目标类", "name of the category"),
            "budget_wan_yuan": exact(
                "预算数（万元）", "无论原件用元或万元，一律为万元", "10,000 yuan whatever the print's unit"
            ),
            "objective": text("绩效目标", "绩效目标全文", "objective in prose"),
            "execution_weight": exact("预算执行率权重", "预算执行率所占的分值", "points of the budget execution rate"),
            "executed_wan_yuan": exact("执行数（万元）", "自评表的执行数", "executed amount (self-evaluations)"),
            "execution_rate": exact("执行率（%）", "自评表的预算执行率", "execution rate in % (self-evaluations)"),
            "execution_score": exact("执行率得分", "自评表的预算执行率得分", "score of execution (self-evaluations)"),
            "page": PAGE,
            "department": text("主管部门", "照印刷", "competent department, as printed"),
            "budget_initial_wan_yuan": exact(
                "年初预算数（万元）", "自评表的年初预算数", "initial budget (self-evaluations)"
            ),
            "achievement": text("完成情况", "自评表的目标实际完成情况", "what was achieved (self-evaluations)"),
            "start_date": text("开始日期", "照印刷", "start, as printed"),
            "end_date": text("完成日期", "照印刷", "end, as printed"),
            "execution_note": text(
                "执行率说明",
                "预算执行率一行的指标值、原因等",
                "what the row of the execution rate says beside its numbers",
            ),
            "scope": text(
                "范围",
                "project 一个项目；unit 部门（单位）整体支出，单位即其名称",
                "project; unit: a whole unit's spending, the unit stands in the project's place",
                among=["project", "unit"],
            ),
            "period_budget_wan_yuan": exact(
                "多年资金（万元）",
                "中期、实施期等多年的资金总额，与当年预算数分列",
                "of several years, apart from the year's",
            ),
            "period_objective": text(
                "多年目标",
                "中期、长期、实施期目标，与年度目标分列",
                "objective of several years, apart from the year's",
            ),
        },
        key=["document_id", "project_no"],
        links=[TO_DOCUMENT],
    ),
    "indicators": Table(
        "指标",
        "每个三级指标一行；预算执行率不是指标，见 projects.execution_weight",
        "one row an indicator; the execution rate is not one, see projects.execution_weight",
        {
            "document_id": DOCUMENT_ID,
            "project_no": PROJECT_NO,
            "indicator_no": INDICATOR_NO,
            "level1": text(
                "一级指标", "规范名称；分类之外的照印刷", "canonical name; as printed if outside the taxonomy"
            ),
            "level2": text(
                "二级指标", "规范名称；分类之外的照印刷", "canonical name; as printed if outside the taxonomy"
            ),
            "level1_printed": text("一级指标（印刷）", "原件所印", "as printed"),
            "level2_printed": text("二级指标（印刷）", "原件所印", "as printed"),
            "name": text("指标名称", "照印刷，已去除折行，从不补全", "as printed, wraps undone; never completed"),
            "name_completed": text(
                "补全名称", "被表格截断的名称，有证据时补全，否则为空", "completed name; empty without evidence"
            ),
            "is_cut": flag("名称被截断", "名称被表格的字数限制截断", "the form cut the name"),
            "comparator": text("指标性质", "计算符号", "comparator", among=COMPARATORS),
            "target_text": text("指标值", "照印刷，不含计算符号和度量单位", "as printed, without comparator and unit"),
            "target_value": exact("指标值（数）", "指标值为数时的数值", "the target where it is a number"),
            "measure_unit": text("度量单位", "照印刷", "unit of measure"),
            "weight": exact("分值权重", "分", "weight in points"),
            "weight_basis": text(
                "权重依据", "printed 印刷；inferred 由总分推得", "whence the weight", among=["printed", "inferred"]
            ),
            "actual_text": text(
                "实际完成值",
                "自评表，照印刷；监控表中一年未满的完成值见 more",
                "actual as printed (self-evaluations); of part of a year: see more",
            ),
            "actual_value": exact("实际完成值（数）", "实际完成值为数时的数值", "the actual where it is a number"),
            "score": exact("得分", "自评表的得分", "score (self-evaluations)"),
            "deviation_note": text(
                "偏差原因", "自评表的偏差原因及改进措施", "reason of the deviation (self-evaluations)"
            ),
            "page": PAGE,
            "row": whole("行", "在该页读出的第几行", "row on the page as read"),
            **BOX,
            "direction": text("指标方向", "正向、反向，照印刷", "whether more is better, as printed"),
            "explanation": text(
                "指标解释", "指标解释、评分标准等，照印刷", "explanation or rule of scoring, as printed"
            ),
            "remark": text("备注", "照印刷", "remark, as printed"),
            "baseline": text("上年水平", "上年或历史水平，照印刷", "level of the year before, as printed"),
            "more": text("其他各列", "其余各列，每列写作“表头：内容”", "what other columns say, each with its head"),
        },
        key=["document_id", "project_no", "indicator_no"],
        links=[TO_DOCUMENT, TO_PROJECT],
        checks=BOX_CHECKS,
    ),
    "period_indicators": Table(
        "多年指标",
        "中期、长期、实施期的指标，每条一行；不计入当年的指标",
        "indicators of several years (mid-term, long-term), a row each; never counted with the year's",
        {
            "document_id": DOCUMENT_ID,
            "project_no": PROJECT_NO,
            "period_no": whole("序号", "项目内从 1 起", "1… within the project", required=True, least=1),
            "period": text("时期", "表头所印，如 中期、长期、实施期", "as the heads print it"),
            "level1": text(
                "一级指标", "规范名称；分类之外的照印刷", "canonical name; as printed if outside the taxonomy"
            ),
            "level2": text(
                "二级指标", "规范名称；分类之外的照印刷", "canonical name; as printed if outside the taxonomy"
            ),
            "name": text("指标名称", "照印刷，已去除折行", "as printed, wraps undone"),
            "target": text("指标值", "照印刷，含计算符号和度量单位", "as printed, with comparator and unit"),
            "weight": text("分值权重", "照印刷", "as printed"),
            "page": PAGE,
        },
        key=["document_id", "project_no", "period_no"],
        links=[TO_DOCUMENT, TO_PROJECT],
    ),
    "notes": Table(
        "表头其他信息",
        "表头里没有专列的栏目，每项一行，照印刷",
        "what form heads print that no column takes, a row each, as printed",
        {
            "document_id": DOCUMENT_ID,
            "project_no": OF_PROJECT,
            "label": text("栏目", "印刷的栏目名称，合并的上级栏目在前", "label as printed, the one over it first"),
            "text": text("内容", "照印刷，已去除折行", "as printed, wraps undone"),
            "page": PAGE,
        },
        links=[TO_DOCUMENT, TO_PROJECT],
    ),
    "repairs": Table(
        "修复记录",
        "从印刷到表格改动过的一切，每处一行",
        "everything that was changed between print and table",
        {
            "repair_no": whole("修复序号", "从 1 起", "1…", required=True, least=1),
            "document_id": DOCUMENT_ID,
            "project_no": OF_PROJECT,
            "indicator_no": OF_INDICATOR,
            "field": text("字段", "改动的列", "column that was changed", required=True),
            "printed": text("原印", "读到的原样", "as read"),
            "repaired": text("改后", "表格中的值", "as it stands in the table"),
            "rule": text("修复规则", "用了哪一种修复", "which repair", required=True),
            "evidence": text("依据", "文字说明，附数字", "in words, with the numbers", required=True),
            "grade": text(
                "把握",
                "certain 由印刷的合计或版面位置唯一确定；likely 可能；guess 推测",
                "certain: forced by a printed checksum or by geometry; likely; guess",
                required=True,
                among=list(words("grade")),
            ),
            "page": PAGE,
            "kind": text(
                "种类",
                "spelling 只动空白、全半角或数字写法；reading 单元格移位、补填或拼接；value 数字或取值被判定或推得",
                "spelling: white space, width, number spelling; reading: a cell moved, filled, joined; value: settled",
                required=True,
                among=list(words("kind")),
            ),
        },
        key=["repair_no"],
        links=[TO_DOCUMENT, TO_PROJECT],
    ),
    "checks": Table(
        "勾稽校验",
        "每项校验、每个对象一行",
        "the reconciliation, one row a check and subject",
        {
            "document_id": DOCUMENT_ID,
            "project_no": OF_PROJECT,
            "check": text(
                "校验",
                "total、subtotal、weights、level1_shares、rows、codes 等",
                "which check",
                required=True,
                among=list(words("check")),
            ),
            "expected": text("应为", "应有的值", "expected value"),
            "actual": text("实为", "实有的值", "actual value"),
            "passed": flag("通过", "是否通过", "whether it passed"),
            "note": text("说明", "说明", "note"),
        },
        links=[TO_DOCUMENT, TO_PROJECT],
    ),
    "findings": Table(
        "审计发现",
        "审计人员应当查看之处；从不删改数据",
        "what an auditor should look at; never changes a row",
        {
            "finding_no": whole("发现序号", "从 1 起", "1…", required=True, least=1),
            "document_id": DOCUMENT_ID,
            "project_no": OF_PROJECT,
            "indicator_no": OF_INDICATOR,
            "rule": text("规则", "规则编号", "id of the rule", required=True),
            "severity": text(
                "级别",
                "E 须说明；W 须复核；I 供参考",
                "E explain, W review, I note",
                required=True,
                among=list(words("severity")),
            ),
            "message": text("内容", "一句话，附数字", "a Chinese sentence with the figures", required=True),
            "evidence": text("证据", "所依据的原文或算式", "text or sum it rests on"),
            "basis": text("规则依据", "规则所依据的文件或阈值", "document or threshold the rule rests on"),
            "uncertain": flag("不确定", "依据了修复过的单元格", "rests on a repaired cell"),
            "page": PAGE,
            "finding_id": text(
                "发现编号",
                "由规则、对象和内容得出，重新构建、改变行序或文件名后不变",
                "from rule, subject and content: the same after a rebuild, in another order, from another file name",
            ),
            "decision": text(
                "处理决定",
                "confirmed 属实；dismissed 不成立；explained 已说明；空 未处理",
                "an auditor's decision; empty: none yet",
                among=list(words("decision")),
            ),
            "decision_reason": text("处理理由", "审计人员写明的理由", "the reason given"),
            "decided_by": text("处理人", "作出决定的人", "who decided"),
        },
        key=["finding_no"],
        links=[TO_DOCUMENT, TO_PROJECT, TO_INDICATOR],
    ),
    "issues": Table(
        "审计问题",
        "同一根源的发现合并为一个问题，供审计负责人阅读；findings 是其附件",
        "findings of one root cause joined, for a chief auditor; findings are the annex",
        {
            "issue_no": whole("问题序号", "从 1 起，最重要的在前", "1…, the gravest first", required=True, least=1),
            "issue": text("问题种类", "种类的名称，见 audit/issues.toml", "kind of issue", required=True),
            "title": text("标题", "问题的名称", "title", required=True),
            "severity": text(
                "级别",
                "E 须说明；W 须复核；I 供参考；由最重的发现和所涉资金得出",
                "E explain, W review, I note; from the gravest finding and the money under it",
                required=True,
                among=list(words("severity")),
            ),
            "fiscal_year": whole("预算年度", "所涉项目的年度", "fiscal year", least=1),
            "documents": text(
                "文件类别", "targets 目标表；results 自评表", "targets, results", among=list(words("documents"))
            ),
            "units": whole("单位数", "涉及多少个单位", "units concerned"),
            "projects": whole("项目数", "涉及多少个项目", "projects concerned"),
            "indicators": whole("指标数", "涉及多少条指标", "indicators concerned"),
            "points": exact("分值", "所涉指标的分值之和", "points of the indicators concerned"),
            "money_wan_yuan": exact("所涉资金（万元）", "所涉项目的预算数之和", "budgets of the projects concerned"),
            "share_of_money": exact("资金占比（%）", "占同年度同类文件全部预算", "of all money of that year and kind"),
            "gravest": text("最突出的一例", "一句话，附数字", "the gravest instance, a sentence"),
            "basis": text("判断标准", "规则所依据的文件、阈值和重要性水平", "what the rules rest on, and materiality"),
            "recommendation": text("建议", "建议的处理", "what is recommended"),
            "findings": text(
                "发现序号", "findings 的 finding_no，以逗号分隔", "finding_no of its findings", required=True
            ),
        },
        key=["issue_no"],
    ),
    "cells": Table(
        "单元格",
        "读出的每个单元格一行：每个数都能由此追溯到页面上的位置",
        "one row a cell as read: by it every number is traced to its place on the page",
        {
            "document_id": DOCUMENT_ID,
            "page": whole("页码", "从 1 起", "1-based page or sheet", required=True, least=1),
            "table": whole("表", "该页第几张表；0 为表外文字", "table on its page; 0 = text outside", required=True),
            "row": whole("行", "该页第几行", "row on its page", required=True),
            "col": whole("列", "该表第几列", "column in its table", required=True),
            "rowspan": whole("跨行", "占几行", "rows covered", required=True, least=1),
            "colspan": whole("跨列", "占几列", "columns covered", required=True, least=1),
            "text": text("文字", "照印刷，格内分行以换行符分隔", "as printed, lines divided by a line feed"),
            **BOX,
            "role": text(
                "作用",
                "heading 表头或标签；project 项目；indicator 指标；execution 预算执行率；sum 合计；"
                "title 标题、caption 表注、note 说明、signature 签署、number 页码和序号、other_table 别的表：不属于数据；"
                "unread 没有读入（总有一项 unread 校验未通过）；blank 空格",
                "what the cell became; an unread one never goes without a failed check",
                required=True,
                among=ROLES,
            ),
            "field": text("字段", "进入 projects 或 indicators 的哪一列；未进入则为空", "column it went to, if any"),
            "project_no": OF_PROJECT,
            "indicator_no": OF_INDICATOR,
            "confidence": box(
                "识别把握",
                "由图像识别的单元格里最没有把握的一个字的概率，0 到 1；不是识别来的为空",
                "of a recognised cell's least sure character, 0 to 1; empty where the text was not recognised",
            ),
        },
        key=["document_id", "page", "table", "row", "col"],
        links=[TO_DOCUMENT, TO_PROJECT, TO_INDICATOR],
        checks=BOX_CHECKS,
    ),
}
