"""What changed beside the money: indicators, weights, objectives, findings of two years."""

from decimal import Decimal

import pandas as pd
from rapidfuzz import fuzz

from budgetperf.audit.config import SEVERITIES
from budgetperf.profiles import exact_sum, percent
from budgetperf.profiles.base import level_place
from budgetperf.years.frames import FRAMES, INDICATOR_VALUES, framed
from budgetperf.years.names import plain_name
from budgetperf.years.selection import KEY, Year
from budgetperf.years.targets import compare_targets, target_of
from budgetperf.years.text import marked

ALL_UNITS = "全部"
STATES = ["appeared", "worsened", "persists", "mended"]

# ---- indicators ------------------------------------------------------------------------------------------------------


def indicator_changes(links: pd.DataFrame, pairs: pd.DataFrame, old: Year, new: Year) -> pd.DataFrame:
    """A row a pair of matched indicators and a row for each that was added or dropped; columns FRAMES["indicators"].

    status: kept (name, target, weight and level as before), changed, added, dropped. outcome: see
    targets.compare_targets; empty for added and dropped ones.
    """
    rows = tuple(_keyed(year) for year in (old, new))
    of_project: tuple[dict, dict] = ({}, {})
    for side, name in enumerate(("from", "to")):
        for link in links[links[f"project_no_{name}"].notna()].to_dict("records"):
            of_project[side].setdefault((link[f"document_id_{name}"], int(link[f"project_no_{name}"])), link)
    by_pair = {
        (
            link["document_id_from"],
            int(link["project_no_from"]),
            link["document_id_to"],
            int(link["project_no_to"]),
        ): link
        for link in links[links["project_no_from"].notna() & links["project_no_to"].notna()].to_dict("records")
    }
    records, used = [], (set(), set())
    for pair in pairs.itertuples(index=False):
        keys = tuple(pair[:3]), tuple(pair[3:6])
        link = by_pair[(*keys[0][:2], *keys[1][:2])]
        used[0].add(keys[0])
        used[1].add(keys[1])
        records.append(_pair_record(link, rows[0][keys[0]], rows[1][keys[1]], pair, old.year, new.year))
    for side, (name, word) in enumerate((("from", "dropped"), ("to", "added"))):
        for key, row in rows[side].items():
            if key not in used[side]:
                records.append(
                    {**_head(of_project[side][key[:2]]), **_values(row, name), "status": word, "doubtful": False}
                )
    frame = framed(records, FRAMES["indicators"])
    return frame.sort_values(
        ["group", "project_no_to", "indicator_no_to", "project_no_from", "indicator_no_from"],
        kind="stable",
        ignore_index=True,
    )


def _keyed(year: Year) -> dict[tuple, dict]:
    frame = year.indicators.astype(object).where(year.indicators.notna(), None)
    columns = [*KEY, "indicator_no", *INDICATOR_VALUES, "target_value", "is_cut"]
    return {
        (r["document_id"], int(r["project_no"]), int(r["indicator_no"])): r for r in frame[columns].to_dict("records")
    }


def _head(link: dict) -> dict:
    unit = link["unit_to"] if isinstance(link["unit_to"], str) else link["unit_from"]
    names = {f"project_{side}": link[f"project_{side}"] for side in ("from", "to")}
    return {
        "year_from": link["year_from"],
        "year_to": link["year_to"],
        "group": link["group"],
        "unit": unit,
        **names,
        "project_status": link["status"],
    }


def _values(row: dict, side: str) -> dict:
    values = {("indicator" if name == "name" else name): row[name] for name in INDICATOR_VALUES}
    values |= {name: row[name] for name in ("document_id", "project_no", "indicator_no")}
    return {f"{name}_{side}": value for name, value in values.items()}


def _pair_record(link: dict, one: dict, other: dict, pair, year: int, other_year: int) -> dict:
    targets = [
        target_of(row["comparator"], row["target_text"], row["target_value"], row["measure_unit"], of)
        for row, of in ((one, year), (other, other_year))
    ]
    outcome, remark = compare_targets(*targets, name=other["name"] or "")
    weights = one["weight"], other["weight"]
    change = weights[1] - weights[0] if None not in weights else None
    changes = []
    if plain_name(one["name"]) != plain_name(other["name"]) and pair.method != "prefix":
        changes.append("名称")
    if (one["level1"], one["level2"]) != (other["level1"], other["level2"]):
        changes.append("层级")
    if outcome != "unchanged" and not (outcome == "unknown" and one["target_text"] == other["target_text"]):
        changes.append("目标")
    elif remark and outcome == "unchanged":
        changes.append("写法")
    if change or weights.count(None) == 1:
        changes.append("分值")
    return {
        **_head(link),
        **_values(one, "from"),
        **_values(other, "to"),
        "status": "changed" if changes else "kept",
        "changes": "、".join(changes) or None,
        "weight_change": change,
        "outcome": outcome,
        "remark": remark or None,
        "method": pair.method,
        "score": pair.score,
        "runner_up": pair.runner_up,
        "doubtful": pair.doubtful,
    }


# ---- weights ---------------------------------------------------------------------------------------------------------


def weight_shift(old: Year, new: Year) -> pd.DataFrame:
    """Points in 100 by level 1 and level 2, for all units together and each by itself, and their shift; columns FRAMES["weights"].

    Points are shares of all weights of the unit and year, so that documents whose projects sum to 90 and to 100
    compare. Units without weights in either year are left out (compare says so).
    """
    sums = tuple(_points(year) for year in (old, new))
    records = []
    for unit in dict.fromkeys([*sums[0], *sums[1]]):
        for level in ("level1", "level2"):
            sides = [sums[side].get(unit, {}).get(level, {}) for side in (0, 1)]
            totals = [exact_sum(weight for weight, _ in side.values()) for side in sides]
            if not all(totals):
                continue
            for name in sorted({*sides[0], *sides[1]}, key=level_place):
                (one, count), (other, count_to) = (side.get(name, (Decimal(0), 0)) for side in sides)
                points = percent(one, totals[0]), percent(other, totals[1])
                records.append(
                    {
                        "year_from": old.year,
                        "year_to": new.year,
                        "unit": unit,
                        "level": level,
                        "name": name,
                        "indicators_from": count,
                        "indicators_to": count_to,
                        "points_from": points[0],
                        "points_to": points[1],
                        "shift": points[1] - points[0],
                    }
                )
    return framed(records, FRAMES["weights"])


def _points(year: Year) -> dict[str, dict[str, dict[str, tuple[Decimal, int]]]]:
    """unit → level1/level2 → name → (sum of weights, number of indicators); ALL_UNITS first."""
    units = {(row.document_id, int(row.project_no)): row.unit for row in year.projects.itertuples()}
    found: dict = {ALL_UNITS: {}}
    for row in year.indicators[[*KEY, "level1", "level2", "weight"]].itertuples(index=False):
        if row.weight is None:
            continue
        for unit in (ALL_UNITS, units[row.document_id, int(row.project_no)]):
            for level, name in (("level1", row.level1), ("level2", row.level2)):
                of = found.setdefault(unit, {}).setdefault(level, {})
                weight, count = of.get(name if isinstance(name, str) else "未注明", (Decimal(0), 0))
                of[name if isinstance(name, str) else "未注明"] = weight + row.weight, count + 1
    return found


# ---- objectives and findings -----------------------------------------------------------------------------------------


def objective_changes(links: pd.DataFrame, old: Year, new: Year) -> pd.DataFrame:
    """The objectives of linked projects, their likeness and the difference word by word; columns FRAMES["objectives"]."""
    texts = [
        {
            (row.document_id, int(row.project_no)): row.objective if isinstance(row.objective, str) else ""
            for row in year.projects.itertuples()
        }
        for year in (old, new)
    ]
    records = []
    for link in links[links["project_no_from"].notna() & links["project_no_to"].notna()].to_dict("records"):
        one = texts[0][link["document_id_from"], int(link["project_no_from"])]
        other = texts[1][link["document_id_to"], int(link["project_no_to"])]
        head = {name: value for name, value in _head(link).items() if name != "project_status"}
        records.append(
            {
                **head,
                "status": link["status"],
                "likeness": round(fuzz.ratio(one, other) / 100, 4),
                "changed": one != other,
                "difference": marked(one, other),
            }
        )
    return framed(records, FRAMES["objectives"])


def finding_changes(
    findings: pd.DataFrame, links: pd.DataFrame, indicators: pd.DataFrame, old: Year, new: Year
) -> pd.DataFrame:
    """Findings of both years, new ones first, then worsened (a graver grade now), persisting, mended; columns FRAMES["findings"].

    A finding persists where the same rule speaks of the same project (as linked) and the same indicator (as matched);
    of ended and of new projects every finding is left out of mended and appeared: nobody mended it.
    """
    groups: list[dict] = [{}, {}]
    for side, name in enumerate(("from", "to")):
        for link in links[links[f"project_no_{name}"].notna()].itertuples(index=False):
            groups[side][getattr(link, f"document_id_{name}"), int(getattr(link, f"project_no_{name}"))] = link
    same = {
        (row.document_id_to, int(row.project_no_to), int(row.indicator_no_to)): (
            row.document_id_from,
            int(row.project_no_from),
            int(row.indicator_no_from),
        )
        for row in indicators[indicators["status"].isin(["kept", "changed"])].itertuples(index=False)
    }
    names = [
        {
            (r.document_id, int(r.project_no), int(r.indicator_no)): r.name_
            for r in year.indicators.rename(columns={"name": "name_"}).itertuples()
        }
        for year in (old, new)
    ]
    sides: list[dict] = [{}, {}]
    shown = findings[~findings["rule"].str.startswith(("R", "Y"), na=False)]
    for side in (0, 1):
        for row in shown.itertuples(index=False):
            if pd.isna(row.project_no):
                continue
            key = row.document_id, int(row.project_no)
            if key not in groups[side]:
                continue
            indicator = None if pd.isna(row.indicator_no) else (*key, int(row.indicator_no))
            of = same.get(indicator, ("new", indicator)) if side == 1 and indicator else indicator
            group = groups[side][key].group
            sides[side].setdefault((row.rule, group, of), (row, groups[side][key], names[side].get(indicator)))
    records = []
    for subject in dict.fromkeys([*sides[0], *sides[1]]):
        one, other = (side.get(subject) for side in sides)
        row, link, name = other or one
        if not (one and other) and link.status in ("new", "ended", "unit_new", "unit_gone"):
            continue
        records.append(
            {
                "year_from": old.year,
                "year_to": new.year,
                "rule": row.rule,
                "severity": row.severity,
                "state": _state(one, other),
                "unit": link.unit_to if isinstance(link.unit_to, str) else link.unit_from,
                "project_from": link.project_from,
                "project_to": link.project_to,
                "indicator": name,
                "message_from": one[0].message if one else None,
                "message_to": other[0].message if other else None,
            }
        )
    records.sort(key=lambda row: (STATES.index(row["state"]), SEVERITIES.index(row["severity"])))
    return framed(records, FRAMES["findings"])


def finding_summary(changes: pd.DataFrame) -> pd.DataFrame:
    """Findings over years for reading: new and worsened ones singly, those that persist or were mended a row a rule.

    Columns: those of `finding_changes` and `count`.

    >>> len(finding_summary(framed([], FRAMES["findings"])))
    0
    """
    single = changes[changes["state"].isin(["appeared", "worsened"])].assign(count=1)
    joined = changes[~changes["state"].isin(["appeared", "worsened"])]
    key = ["year_from", "year_to", "state", "rule", "severity"]
    key += ["synthetic"] * ("synthetic" in changes)  # of a step: the same in all of its rows
    counted = joined.groupby(key, sort=False).size().rename("count").reset_index()
    whole = [*single.to_dict("records"), *counted.to_dict("records")]
    return framed(whole, [*changes.columns, "count"])


def _state(one: tuple | None, other: tuple | None) -> str:
    if not (one and other):
        return "mended" if one else "appeared"
    graver = SEVERITIES.index(other[0].severity) < SEVERITIES.index(one[0].severity)
    return "worsened" if graver else "persists"
