"""What the layout left to be settled on record: a level, a name or a unit of measure that stands in another column."""

import re

import pandas as pd

from budgetperf.field.measures import said_of_values
from budgetperf.field.notation import half_width, parse_target
from budgetperf.field.vocabulary import fold, level1_name, unit_kind
from budgetperf.layout.moved import kind_of_cell
from budgetperf.tables.ledger import Ledger

_KIND_OF_NAME = {
    "money": re.compile("(?:额|资金|支出|成本|经费|费用?|收入|产值)$"),
    "rate": re.compile("(?:率|比例|占比|满意度)$"),
}
_NAME_AND_TARGET = re.compile(
    r"([^≥≤<>=＜＞＝：:；;]{2,40})(?:[：:]|(?=[≥≤<>=＜＞＝]))\s*([≥≤<>=＜＞＝]{0,2}[^≥≤<>=＜＞＝：:；;]+)"
)
_SLASHED = re.compile(r"([≥≤<>=]{0,2}\s*-?[\d,]+(?:\.\d+)?)\s*/(\D+)", re.DOTALL)
MOST_UNITS = 0.8  # share of remarks that must be units of measure for the column to be theirs


def lone_levels_moved(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a lone 成本指标 as their level 2, unless the table prints level-2 names beside it as a level 1; the
    column `lone_level` marks them (`note_lone_levels` puts them on record once they are numbered).

    >>> rows = pd.DataFrame({"level1": ["产出指标", "成本指标"], "level2": ["数量指标", None]})
    >>> lone_levels_moved(rows)[["level1", "level2"]].values.tolist()[1]
    [None, '成本指标']
    """
    both = list(zip(rows["level1"], rows["level2"], strict=True))
    own = {level1_name(a) for a, b in both if isinstance(a, str) and isinstance(b, str)}
    lone = [
        isinstance(a, str) and not isinstance(b, str) and kind_of_cell(a) == "both_levels" and level1_name(a) not in own
        for a, b in both
    ]
    others = [isinstance(b, str) for (a, b), moved in zip(both, lone, strict=True) if isinstance(a, str) and not moved]
    if not any(lone) or 2 * sum(others) < len(others):  # where level 2 is mostly missing, this one tells nothing
        return rows
    level1 = pd.Series(
        [None if moved else a for (a, _), moved in zip(both, lone, strict=True)], index=rows.index, dtype=object
    )
    level2 = pd.Series(
        [a if moved else b for (a, b), moved in zip(both, lone, strict=True)], index=rows.index, dtype=object
    )
    return rows.assign(level1=level1, level2=level2, lone_level=lone)


def note_lone_levels(indicators: pd.DataFrame, ledger: Ledger) -> None:
    """Entries for the levels that `lone_levels_moved` moved."""
    if "lone_level" not in indicators:
        return
    for row in indicators[indicators["lone_level"]].to_dict("records"):
        for field, printed, repaired in (("level1", row["level2"], None), ("level2", None, row["level2"])):
            ledger.note(
                project_no=row["project_no"], indicator_no=row["indicator_no"], page=row["page"], field=field, printed=printed,
                repaired=repaired, rule="lone_level", evidence="此名称一、二级指标都有，本表没有在它之下另印二级指标，故归入二级指标",
                grade="certain", kind="reading",
            )  # fmt: skip


def fill_covered(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """A name or target whose merged cell covers several rows, in each of them."""
    for field, words in (("name", "三级指标"), ("target", "指标值")):
        if f"{field}_over" not in indicators:
            continue
        own = indicators[field].astype(object)
        column = {"name": "name", "target": "target_text"}[field]
        indicators = ledger.change(
            indicators.rename(columns={field: column}),
            column,
            own.where(own.notna(), indicators[f"{field}_over"]),
            rule="fill_merged",
            evidence=f"合并单元格：{words}覆盖几行，沿用上方印出的内容",
            kind="reading",
        ).rename(columns={column: field})
    return indicators


def units_in_remarks(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Units of measure that the table prints in its column of remarks, where it has no other for them."""
    remarks = indicators["remark"].dropna()
    if indicators["measure_unit"].notna().any() or remarks.empty or remarks.map(unit_kind).notna().mean() <= MOST_UNITS:
        return indicators
    why = "表中没有度量单位一列，备注一列几乎都是度量单位"
    nothing = pd.Series(None, index=indicators.index, dtype=object)
    result = ledger.change(
        indicators, "measure_unit", indicators["remark"], rule="unit_by_content", evidence=why, kind="reading"
    )
    return ledger.change(result, "remark", nothing, rule="unit_by_content", evidence=why, kind="reading")


def targets_in_names(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Names that hold their targets as well, in a table without any target of its own: divided where most of them can be,
    before the comparator or behind the colon. A cell of several such pairs stays whole, without a target.

    >>> rows = {"name": ["养护里程≥20公里", "合格率：95%"], "target": None, "project_no": 1, "indicator_no": [1, 2], "page": 1}
    >>> targets_in_names(pd.DataFrame(rows), Ledger())[["name", "target"]].values.tolist()
    [['养护里程', '≥20公里'], ['合格率', '95%']]
    """
    if indicators["target"].notna().any():
        return indicators
    parts = indicators["name"].map(lambda name: _NAME_AND_TARGET.fullmatch(name.strip()), na_action="ignore")
    divided = parts[parts.notna()]
    if 2 * len(divided) <= len(indicators):
        return indicators
    entry = {
        "rule": "target_by_content",
        "evidence": "本表没有指标值一栏，名称格内印有比较符或冒号和指标值",
        "kind": "reading",
    }
    names = indicators["name"].astype(object).where(parts.isna(), divided.map(lambda part: part[1].strip()))
    targets = divided.map(lambda part: part[2].strip()).reindex(indicators.index)
    result = ledger.change(indicators, "name", names, **entry).rename(columns={"target": "target_text"})
    return ledger.change(result, "target_text", targets, **entry).rename(columns={"target_text": "target"})


def units_in_targets(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Targets that carry a unit of their own though the table has a column of units: it is cut off where the column says
    the same, and goes before the column's where the indicator's name tells that it is right (支出金额: 28.8万元, not %).

    >>> row = {"name": ["支出金额"], "target": ["28.8万元"], "measure_unit": ["%"], "project_no": 1, "indicator_no": 1, "page": 1}
    >>> units_in_targets(pd.DataFrame(row), Ledger())[["target", "measure_unit"]].values.tolist()
    [['28.8', '万元']]
    """
    targets, units = indicators["target"].astype(object).copy(), indicators["measure_unit"].astype(object).copy()
    for index, name, target, unit in indicators[["name", "target", "measure_unit"]].itertuples():
        own = parse_target(target).unit if isinstance(target, str) and isinstance(unit, str) else None
        kind = own and unit_kind(own)
        named = _KIND_OF_NAME.get(kind)
        if kind and (fold(own) == fold(unit) or (unit_kind(unit) != kind and named and named.search(str(name)))):
            targets[index], units[index] = target[: target.rindex(own)].rstrip("(（ "), own
    entry = {"rule": "unit_in_target", "evidence": "指标值自带单位，与指标名称相合", "kind": "reading"}
    result = ledger.change(indicators.rename(columns={"target": "target_text"}), "target_text", targets, **entry)
    result = ledger.change(result, "measure_unit", units, **entry)
    return result.rename(columns={"target_text": "target"})


def said_by_heads(indicators: pd.DataFrame, heads: dict[str, str], ledger: Ledger) -> pd.DataFrame:
    """What the head of the targets says of the values below, where no column says it: that a unit stands behind a slash
    (指标值/单位), or the unit or sign that every value has (指标值（≥，%）).

    >>> rows = pd.DataFrame({"target": ["98"], "comparator": None, "measure_unit": None, "project_no": 1, "indicator_no": 1, "page": 1})
    >>> said_by_heads(rows, {"target": "指标值（≥，%）"}, Ledger())[["comparator", "target", "measure_unit"]].values.tolist()
    [['≥', '98', '%']]
    >>> slashed = rows.assign(target="≥36/公里")
    >>> said_by_heads(slashed, {"target": "指标值/单位"}, Ledger())[["target", "measure_unit"]].values.tolist()
    [['≥36', '公里']]
    """
    head, target = heads.get("target", ""), indicators["target"].astype(object)
    said = said_of_values(head)
    result = indicators.rename(columns={"target": "target_text"})
    parts = target.map(lambda text: _SLASHED.fullmatch(half_width(text).strip()), na_action="ignore")
    if said.slashed and parts.notna().any() and indicators["measure_unit"].isna().all():
        entry = {"rule": "unit_in_target", "evidence": f"表头“{head}”：斜线之后是计量单位", "kind": "reading"}
        divided = parts[parts.notna()].map(lambda part: (part[1].strip(), part[2].strip()))
        result = ledger.change(result, "target_text", target.where(parts.isna(), divided.str[0]), **entry)
        result = ledger.change(result, "measure_unit", divided.str[1].reindex(indicators.index), **entry)
        return result.rename(columns={"target_text": "target"})
    read = target.map(parse_target, na_action="ignore").dropna()
    read = read[read.map(lambda found: found.value is not None)]
    entry = {"rule": "said_by_head", "evidence": f"表头“{head}”", "kind": "reading"}
    for column, word, of in (("measure_unit", said.unit, "unit"), ("comparator", said.comparator, "comparator")):
        if word and indicators[column].isna().all():
            lacking = read[read.map(lambda found, of=of: getattr(found, of) is None)].index
            values = pd.Series(word, index=lacking, dtype=object).reindex(indicators.index)
            result = ledger.change(result, column, values.where(values.notna(), None), **entry)
    return result.rename(columns={"target_text": "target"})


def words_in_units(indicators: pd.DataFrame, heads: dict[str, str], ledger: Ledger) -> pd.DataFrame:
    """Targets in words that stand in the column of units, where its head says so (单位（文字描述）) and no value is beside
    them."""
    if "文字" not in heads.get("measure_unit", ""):
        return indicators
    unit, target = indicators["measure_unit"], indicators["target"]
    words = unit.notna() & target.isna() & unit.map(unit_kind, na_action="ignore").isna()
    entry = {
        "rule": "target_by_content",
        "kind": "reading",
        "evidence": "指标值一格空白，“单位（文字描述）”一栏印的是文字，不是计量单位",
    }
    result = ledger.change(
        indicators.rename(columns={"target": "target_text"}), "target_text", target.where(~words, unit), **entry
    )
    result = ledger.change(result, "measure_unit", unit.mask(words, None), **entry)
    return result.rename(columns={"target_text": "target"})
