"""The annexes: the list of findings; how the tables were made and what was repaired on what evidence."""

from budgetperf.field.words import words
from budgetperf.report.model import Block, Heading
from budgetperf.report.sections.subject import Subject, table, text


def method(subject: Subject) -> list[Block]:
    """What was done between print and table, repairs by rule, and those that decide a value."""
    blocks: list[Block] = [
        Heading(1, subject.say("附件二 方法与修复", "Annex 2 Method and repairs"), is_annex=True),
        text(
            subject,
            "表格由程序从原件读出：先取每个单元格的文字和位置，再还原折行、合并、移位和跨页切断，最后用原件自身的合计、分值和编码核对。"
            "一个值要么照印刷，要么连同依据记为修复，要么标为待核；程序从不悄悄改动。金额为精确小数，单位万元，换算以原件所印单位为准。",
            "The tables were read from the documents by a program: text and place of every cell first, then what wrapping, "
            "merging, moved cells and page breaks had done was undone, and the result was checked by the documents' own sums, "
            "weights and codes. A value is as printed, or repaired with its evidence on record, or flagged. "
            "Amounts are exact decimals in 10,000 yuan.",
        ),
    ]
    repairs = subject.dataset.repairs
    if repairs.empty:
        return [*blocks, text(subject, "没有修复：各值都照印刷。", "Nothing was repaired: every value is as printed.")]
    counts = repairs.groupby(["rule", "kind", "grade"], sort=False).size().reset_index(name="items")
    counts = counts.sort_values(["items", "rule"], ascending=[False, True])
    blocks += table(subject, "repairs", counts)
    decided = repairs[(repairs["kind"] == "value") | (repairs["grade"] != "certain")]
    decided = decided.sort_values(
        "grade", key=lambda grades: grades.map(list(words("grade"))[::-1].index), kind="stable"
    )
    if decided.empty:
        return [
            *blocks,
            text(
                subject,
                "没有推测或判定的值：修复只动空白、写法和位置。",
                "No value was settled or guessed.",
            ),
        ]
    blocks.append(
        text(
            subject,
            f"下表列出判定了数值或没有十足把握的 {len(decided):,} 处；其余只动空白、写法和位置，全部见 Excel 底稿。",
            f"The table lists the {len(decided):,} repairs that settle a value or are not certain; all are in the workbook.",
        )
    )
    return blocks + table(subject, "decided_repairs", decided)
