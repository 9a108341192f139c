"""Profiles that agree with the audit: what is really quantified, where targets pile up, which names are used again."""

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from budgetperf.audit.config import load_config
from budgetperf.audit.rules.quality import bare_percentage, slogan
from budgetperf.audit.subject import look_at
from budgetperf.audit.wording import is_filler
from budgetperf.profiles.base import columns_of, exact_sum, frame_of, grouped, indicator_rows, percent, project_rows
from budgetperf.profiles.chosen import of_one_scope
from budgetperf.tables.dataset import Dataset

KEY = ["document_id", "project_no"]
EFFECTIVE, FORMAL, WORDS, FILLER = "有效量化", "形式量化", "定性", "占位"
QUANTIFIED = [EFFECTIVE, FORMAL, WORDS, FILLER]


def quantified_rows(dataset: Dataset) -> pd.DataFrame:
    """`indicator_rows` with `effective`: one of QUANTIFIED.

    有效量化: a number of something that can be counted or is a share of something; 形式量化: a number without such a base
    (提升服务水平 ≥ 70 %, as rules Q01 and Q02 say); 定性: words; 占位: 不适用, / and placeholders, which measure nothing.

    >>> "effective" in quantified_rows(Dataset.empty())
    True
    """
    config = load_config(dataset.settings)
    rows = indicator_rows(dataset)
    kinds = []
    for row in look_at(dataset).indicator_rows:
        if is_filler(row.name, row.target_text):
            kinds.append(FILLER)
        elif row.value != row.value or row.comparator == "定性":
            kinds.append(WORDS)
        else:
            vague = slogan(row, config.words) or (row.benefit and bare_percentage(row, config.of("Q02"), config.words))
            kinds.append(FORMAL if vague else EFFECTIVE)
    return rows.assign(effective=pd.Series(kinds, index=rows.index, dtype="str"))


@of_one_scope
def quantification(dataset: Dataset, by: Iterable[str] = ()) -> pd.DataFrame:
    """How much is quantified, formally and effectively: by indicators, points and money; placeholders left out.

    Columns: those of `by`, `effective`, `indicators`, `indicator_share`, `weight`, `weight_share`, `money_wan_yuan` (of a
    project's budget the share of points that such indicators have) and `money_share`; shares in %.

    >>> len(quantification(Dataset.empty()))
    0
    """
    outer = columns_of(by)
    rows = quantified_rows(dataset)
    rows = rows[rows["effective"] != FILLER]
    budgets = {(row.document_id, row.project_no): row.budget_wan_yuan for row in project_rows(dataset).itertuples()}
    points = {key: exact_sum(own["weight"]) for key, own in rows.groupby(KEY)}
    money = []
    for row in rows.itertuples():
        key = (row.document_id, row.project_no)
        budget, whole = budgets.get(key), points.get(key)
        known = budget is not None and whole and isinstance(row.weight, Decimal)
        money.append(budget * row.weight / whole if known else None)
    rows = rows.assign(money=pd.Series(money, index=rows.index, dtype=object))
    records = []
    for values, part in grouped(rows, outer):
        whole = exact_sum(part["weight"]), exact_sum(part["money"])
        for kind in QUANTIFIED[:3]:
            own = part[part["effective"] == kind]
            weight, amount = exact_sum(own["weight"]), exact_sum(own["money"])
            if len(part):
                records.append(
                    {
                        **dict(zip(outer, values, strict=True)), "effective": kind, "indicators": len(own),
                        "indicator_share": percent(len(own), len(part)), "weight": weight,
                        "weight_share": percent(weight, whole[0]),
                        "money_wan_yuan": None if amount is None else amount.quantize(Decimal("0.01")),
                        "money_share": percent(amount, whole[1]),
                    }
                )  # fmt: skip
    measures = ["indicators", "indicator_share", "weight", "weight_share", "money_wan_yuan", "money_share"]
    return frame_of(records, [*outer, "effective", *measures])


@of_one_scope
def heaping(dataset: Dataset, by: Iterable[str] = ()) -> pd.DataFrame:
    """Where percentage targets pile up: one row a level 1 and value, the commonest first.

    Columns: those of `by`, `level1`, `target_value`, `indicators`, `of` (percentage targets of that level 1), `share` (%).

    >>> len(heaping(Dataset.empty()))
    0
    """
    outer = columns_of(by)
    rows = indicator_rows(dataset)
    rows = rows[rows["measure_unit"].isin(["%", "百分比", "百分点"]) & rows["target_value"].notna()]
    records = []
    for values, part in grouped(rows, [*outer, "level1"]):
        counts = part["target_value"].value_counts()
        for value, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
            record = dict(zip([*outer, "level1"], values, strict=True))
            record |= {
                "target_value": value,
                "indicators": int(count),
                "of": len(part),
                "share": percent(count, len(part)),
            }
            records.append(record)
    return frame_of(records, [*outer, "level1", "target_value", "indicators", "of", "share"])


@of_one_scope
def reused_names(dataset: Dataset, least: int = 2) -> pd.DataFrame:
    """Indicator names that several projects use: `level2`, `name`, `projects`, `indicators`, `targets` (as printed).

    >>> len(reused_names(Dataset.empty()))
    0
    """
    rows = indicator_rows(dataset)
    rows = rows[rows["name"].notna()]
    records = []
    for (level2, name), part in rows.groupby(["level2", "name"], sort=False):
        projects = part.groupby(KEY).ngroups
        if projects >= least:
            shown = part["comparator"].replace("未注明", "") + part["target_text"].fillna("")
            targets = "、".join(dict.fromkeys(shown))
            records.append(
                {"level2": level2, "name": name, "projects": projects, "indicators": len(part), "targets": targets}
            )
    records.sort(key=lambda record: (-record["projects"], record["name"]))
    return frame_of(records, ["level2", "name", "projects", "indicators", "targets"])


@of_one_scope
def peers(dataset: Dataset, of: str | Iterable[str] = "unit") -> pd.DataFrame:
    """Units (or projects, `of`) side by side in the same figures.

    Columns: those of `of`, `projects`, `budget_wan_yuan`, `indicators`, `indicators_a_project`, `effective_share` and
    `satisfaction` (mean target, both in %).

    >>> len(peers(Dataset.empty()))
    0
    """
    names = columns_of(of)
    rows = quantified_rows(dataset)
    rows = rows[rows["effective"] != FILLER]
    by_group = dict(grouped(rows, names)) if len(rows) else {}
    records = []
    for values, part in grouped(project_rows(dataset), names):
        own = by_group.get(values, rows[:0])
        asked = own[(own["level1"] == "满意度指标") & own["target_value"].notna()]
        targets = [value for value in asked["target_value"] if 1 < value <= 100]
        records.append(
            {
                **dict(zip(names, values, strict=True)), "projects": len(part), "budget_wan_yuan": exact_sum(part["budget_wan_yuan"]),
                "indicators": len(own), "indicators_a_project": (Decimal(len(own)) / len(part)).quantize(Decimal("0.01")),
                "effective_share": percent(int((own["effective"] == EFFECTIVE).sum()), len(own)),
                "satisfaction": (sum(targets, Decimal(0)) / len(targets)).quantize(Decimal("0.01")) if targets else None,
            }
        )  # fmt: skip
    measures = ["projects", "budget_wan_yuan", "indicators", "indicators_a_project", "effective_share", "satisfaction"]
    return frame_of(records, [*names, *measures])


@of_one_scope
def unit_cost_quartiles(dataset: Dataset, least: int = 4) -> pd.DataFrame:
    """Unit costs that several indicators print in one unit: `measure_unit`, `indicators`, `least`, `lower`, `median`,
    `upper`, `most` (in the unit as printed); only units with at least `least` indicators.

    >>> len(unit_cost_quartiles(Dataset.empty()))
    0
    """
    rows = indicator_rows(dataset)
    rows = rows[rows["measure_unit"].str.match("(?:百|千|万|亿)?元/") & rows["target_value"].notna()]
    records = []
    for unit, part in rows.groupby("measure_unit", sort=True):
        values = sorted(part["target_value"])
        if len(values) >= least:
            at = lambda share, values=values: values[round(share * (len(values) - 1))]  # noqa: E731
            record = {"measure_unit": unit, "indicators": len(values), "least": values[0], "lower": at(0.25)}
            records.append(record | {"median": at(0.5), "upper": at(0.75), "most": values[-1]})
    return frame_of(records, ["measure_unit", "indicators", "least", "lower", "median", "upper", "most"])
