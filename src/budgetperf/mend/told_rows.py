"""Ledger entries for rows that moved: to another project than the one printed above, into their columns, or dropped."""

import pandas as pd

from budgetperf.mend.structure import Structure
from budgetperf.tables.ledger import Ledger

SURE_MARGIN = 10  # a border so much cheaper than the next best one that the sum of weights forces it


def note_rows(rows: pd.DataFrame, structure: Structure, projects: pd.DataFrame, ledger: Ledger) -> None:
    """One entry a row and reason; `rows` are those of the table with the project_no that each was given."""
    told = (structure.literal != rows["project_no"]) | rows["shifted"].notna() | structure.dropped
    if "cut" in rows:
        told |= rows["cut"].notna()
    if not told.any():
        return
    names = projects.set_index("project_no")["project_name"]
    counted = rows[~structure.dropped & ~rows["execution"]].groupby("project_no", sort=False).cumcount() + 1
    margin = structure.margin.to_dict()
    by_sum = f"分值之和须为 {structure.total}" if structure.total is not None else "二级指标的顺序"
    for index, row in rows[told].iterrows():
        place = {"project_no": row["project_no"], "indicator_no": counted.get(index), "page": row["page"]}
        place |= {"kind": "reading", "grade": "certain"}
        above = structure.literal[index]
        if above != row["project_no"]:
            sure = structure.total is not None and margin.get(row["project_no"], 0) > SURE_MARGIN
            ledger.note(
                **place | {"grade": "certain" if sure else "likely"}, field="project_no", printed=names.get(above),
                repaired=names.get(row["project_no"]), rule="project_border",
                evidence=f"第 {row['page']} 页第 {row['row']} 行印在另一项目的单元格旁；按印刷顺序、指标层级和{by_sum}归入本项目",
            )  # fmt: skip
        if isinstance(row.get("shifted"), str):
            ledger.note(
                **place, field="row", printed=row["shifted"], repaired="按内容归列", rule="moved_cells",
                evidence="单元格左右移位，次序不变；以比较符、指标体系、数字和度量单位定列",
            )  # fmt: skip
        if isinstance(row.get("cut"), str):
            ledger.note(
                **place, field="row", printed=row["cut"], repaired="一行", rule="row_over_pages",
                evidence="分页切过此行：上页末行与下页首行各缺一部分、互为补足，合为一行；两页都印出的一行文字只计一次",
            )  # fmt: skip
        if structure.dropped[index]:
            ledger.note(
                **place, field="row", printed=f"{row['name']} {row['comparator']} {row['target']} {row['weight']}", repaired=None,
                rule="row_read_twice", evidence=f"分页切过此行，上下两半各读了一次；只计一次，分值之和即为 {structure.total}",
            )  # fmt: skip
