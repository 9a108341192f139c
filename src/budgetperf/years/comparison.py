"""The comparison of years: what a notebook, the command line and the charts take."""

import itertools
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path

import pandas as pd

from budgetperf.errors import InputError
from budgetperf.profiles import exact_sum, is_synthetic, percent, rounded
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.linked import linked
from budgetperf.years import changes, frames
from budgetperf.years.evaluation import evaluated
from budgetperf.years.frames import FRAMES
from budgetperf.years.indicators import match_indicators
from budgetperf.years.mapping import Mapping, read_mapping
from budgetperf.years.projects import match_projects
from budgetperf.years.selection import Year, chosen_years, rows_of_year, years_of


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """What compare gives: tidy frames with a row a step from one year to the next; docs/years.md names the columns.

    years: those compared. notes: what could not be compared, in sentences. scope: what charts print (subject, period,
    source; synthetic: the years that hold invented documents).
    """

    years: list[int]
    links: pd.DataFrame
    projects: pd.DataFrame
    bridge: pd.DataFrame
    indicators: pd.DataFrame
    weights: pd.DataFrame
    objectives: pd.DataFrame
    findings: pd.DataFrame
    lines: pd.DataFrame
    evaluated_projects: pd.DataFrame
    evaluated_indicators: pd.DataFrame
    notes: list[str]
    scope: dict

    def tables(self) -> dict[str, pd.DataFrame]:
        """The frames by name."""
        return {
            field.name: value for field in fields(self) if isinstance(value := getattr(self, field.name), pd.DataFrame)
        }

    def __repr__(self) -> str:
        return f"<Comparison {'→'.join(map(str, self.years))}: 项目 {len(self.projects)} 行 · 指标 {len(self.indicators)} 行>"


def compare(
    dataset: Dataset,
    years: list[int] | None = None,
    *,
    unit: str | None = None,
    mapping: str | Path | Mapping | None = None,
) -> Comparison:
    """Compare two or more years of a dataset, each with the next; all of its years where none are named.

    Years at hand between those named are gone through too, and a note says so: over a gap codes, splits and merges are lost.

    unit: name or code of one budget unit. mapping: the user's file of what is the same (a Mapping or a path; default: the one that
    the dataset's settings name). A year or a unit that is missing is named in `notes` and the rest compared. Raises InputError where less
    than one year of those asked for is there, or where the mapping cannot be used.
    """
    wanted = chosen_years(dataset, years)
    between = _between(dataset, wanted, unit)
    if between:
        wanted = sorted({*wanted, *between}, reverse=wanted[0] > wanted[-1])
    present = [year for year in wanted if year in years_of(dataset)]
    notes = [f"数据里有 {year} 年，比较经过该年，逐年进行。" for year in between]
    notes += [f"数据里没有 {year} 年的文件，跳过该年。" for year in wanted if year not in present]
    if len(present) < 2:
        raise InputError(
            f"要比较 {'、'.join(map(str, wanted))} 年，数据里只有其中的 {present[0]} 年。没有写出任何文件。请先 build 其余年度的文件。"
        )
    decided = mapping if isinstance(mapping, Mapping) else read_mapping(mapping or dataset.settings.mapping)
    of_years = [rows_of_year(dataset, year, unit) for year in present]
    if unit and not any(len(year.projects) for year in of_years):
        known = "、".join(dict.fromkeys(dataset.projects["unit_name"].dropna())) or "没有任何单位"
        raise InputError(f"所选年度里没有单位“{unit}”。没有写出任何文件。数据里有：{known[:200]}。")
    notes += [note for year in {id(y): y for y in of_years}.values() for note in year.notes]
    parts: dict[str, list[pd.DataFrame]] = {}
    for old, new in itertools.pairwise(of_years):
        for name, frame in _step(dataset, old, new, decided, notes).items():
            parts.setdefault(name, []).append(frame)
    whole = {name: pd.concat(frames_, ignore_index=True) for name, frames_ in parts.items()}
    whole["lines"] = _lines(of_years, whole["links"])
    whole |= evaluated(dataset, sorted(set(present)), unit, decided, notes)
    scope = _scope(dataset, of_years)
    whole = {name: _marked(frame, scope["synthetic"]) for name, frame in whole.items()}
    return Comparison(years=present, **whole, notes=list(dict.fromkeys(notes)), scope=scope)


def compare_up_to(
    dataset: Dataset, year: int | None = None, *, unit: str | None = None, mapping: str | Path | Mapping | None = None
) -> Comparison:
    """The comparison of all years up to one (all of the dataset where none is named); of nothing, with a note, where
    fewer than two are at hand.

    >>> compare_up_to(Dataset.empty()).notes
    ['数据里没有年度。']
    """
    known = [one for one in years_of(dataset) if year is None or one <= int(year)]
    if len(known) < 2:
        return nothing(f"数据里只有 {known[0]} 年。" if known else "数据里没有年度。")
    return compare(dataset, known, unit=unit, mapping=mapping)


def _between(dataset: Dataset, wanted: list[int], unit: str | None) -> list[int]:
    """Years between two asked for, in order up or down, that the data hold (of this unit) and nobody named."""
    if wanted not in (sorted(set(wanted)), sorted(set(wanted), reverse=True)):
        return []
    known = [year for year in years_of(dataset) if min(wanted) < year < max(wanted) and year not in wanted]
    return [year for year in known if len(rows_of_year(dataset, year, unit).projects)]


def _marked(frame: pd.DataFrame, synthetic_years: list[int]) -> pd.DataFrame:
    """The frame with a column `synthetic`: the row rests on an invented document's year."""
    years = [name for name in ("year", "year_from", "year_to", "next_year") if name in frame]
    return frame.assign(synthetic=frame[years].isin(synthetic_years).any(axis=1).astype(bool))


def nothing(note: str = "") -> Comparison:
    """A comparison of no years, with a note that says why: notebooks go on with it.

    >>> len(nothing("只有一个年度").projects)
    0
    """
    names = [one.name for one in fields(Comparison) if one.name in FRAMES]
    scope = {"subject": "", "period": "", "source": "", "years": [], "synthetic": []}
    empty = {name: _marked(frames.framed([], FRAMES[name]), []) for name in names}
    return Comparison([], **empty, notes=[note] if note else [], scope=scope)


def decided_leniently(path: str | Path | None) -> Mapping:
    """The mapping for the audit, which runs on any part of the data: rows about what is not there are passed over."""
    return read_mapping(path)._replace(path="")


def _step(dataset: Dataset, old: Year, new: Year, mapping: Mapping, notes: list[str]) -> dict[str, pd.DataFrame]:
    links = match_projects(old, new, mapping)
    pairs = match_indicators(links, old, new, mapping)
    projects = frames.project_changes(links)
    indicators = changes.indicator_changes(links, pairs, old, new)
    notes += _notes(old, new, links, projects)
    return {
        "links": links[FRAMES["links"]],
        "projects": projects,
        "bridge": frames.bridge_of(projects, (old.year, new.year)),
        "indicators": indicators,
        "weights": changes.weight_shift(old, new),
        "objectives": changes.objective_changes(links, old, new),
        "findings": changes.finding_changes(dataset.findings, links, indicators, old, new),
    }


def _notes(old: Year, new: Year, links: pd.DataFrame, projects: pd.DataFrame) -> list[str]:
    """What of two years cannot be compared, a sentence each."""
    found = []
    for status, side, here, there in (("unit_gone", "from", old, new), ("unit_new", "to", new, old)):
        rows = links[links["status"] == status]
        for unit in dict.fromkeys(rows[f"unit_{side}"]):
            own = rows[rows[f"unit_{side}"] == unit]
            money = rounded(exact_sum(own[f"budget_{side}"]))
            found.append(
                f"{unit}只有 {here.year} 年的文件（{len(own)} 个项目，{money} 万元），{there.year} 年没有：未与他年比较，在合计桥中单列。"
            )
    without = [_without_weights(year) for year in (old, new)]
    for year, units in zip((old, new), without, strict=True):
        if units:
            found.append(
                f"{year.year} 年{'、'.join(units[:5])}{'等' if len(units) > 5 else ''}没有印权重：不计入权重变化，其余照常比较。"
            )
    unknown = projects[projects["unknown_budgets"] > 0]
    if len(unknown):
        found.append(f"{old.year}→{new.year} 年有 {len(unknown)} 组项目的预算数不全，在合计桥中单列为“预算数不明”。")
    levels = [set(year.indicators["level1"].dropna()) for year in (old, new)]
    if ("成本指标" in levels[0]) != ("成本指标" in levels[1]):
        which = new.year if "成本指标" in levels[1] else old.year
        found.append(f"只有 {which} 年的表把成本指标列为一级指标：一级指标间的权重变化有一部分由此产生。")
    return found


def _without_weights(year: Year) -> list[str]:
    weighed = year.indicators[year.indicators["weight"].notna()]["document_id"].unique()
    rows = year.projects[~year.projects["document_id"].isin(weighed)]
    return list(dict.fromkeys(rows["unit"]))


def _lines(years: list[Year], links: pd.DataFrame) -> pd.DataFrame:
    """Works followed over all years: a row a work and year in which it stands, with its money; columns FRAMES["lines"]."""
    both = links[links["project_no_from"].notna() & links["project_no_to"].notna()]
    root = linked(
        (
            (link.document_id_from, int(link.project_no_from)),
            (link.document_id_to, int(link.project_no_to)),
        )
        for link in both.itertuples(index=False)
    )
    doubtful = {
        root((link.document_id_from, int(link.project_no_from)))
        for link in links[links["doubtful"].astype(bool) & links["project_no_from"].notna()].itertuples(index=False)
    }
    found: dict[tuple, dict[int, list]] = {}
    for year in {y.year: y for y in years}.values():
        for row in year.projects.itertuples():
            of_year = found.setdefault(root((row.document_id, int(row.project_no))), {})
            of_year.setdefault(year.year, []).append((row.unit, row.project_name, row.budget_wan_yuan))
    records = []
    for number, (line, of_years) in enumerate(found.items(), start=1):
        last = of_years[max(of_years)]
        name = "；".join(str(name) for _, name, _ in last)
        for year, rows in sorted(of_years.items()):
            records.append(
                {
                    "line": number,
                    "unit": last[0][0],
                    "project": name,
                    "year": year,
                    "projects": len(rows),
                    "amount": exact_sum(budget for _, _, budget in rows),
                    "doubtful": line in doubtful,
                }
            )
    return frames.framed(records, FRAMES["lines"])


def _scope(dataset: Dataset, years: list[Year]) -> dict:
    ids = {document for year in years for document in year.projects["document_id"]}
    documents = dataset.documents[dataset.documents["document_id"].isin(ids)]
    titles = documents["title"].fillna(documents["source"]).astype(str)
    units = dict.fromkeys(unit for year in years for unit in year.projects["unit"])
    invented = set(documents.loc[is_synthetic(documents), "document_id"])
    names = list(dict.fromkeys(titles))
    return {
        "subject": next(iter(units)) if len(units) == 1 else f"{len(units)} 个单位" if units else "",
        "period": "–".join(map(str, dict.fromkeys((years[0].year, years[-1].year)))),
        "source": "、".join(f"《{name}》" for name in names) if len(names) <= 2 else f"{len(documents)} 份文件",
        "years": list(dict.fromkeys(year.year for year in years)),
        "synthetic": sorted({year.year for year in years if invented & set(year.projects["document_id"])}),
    }


# ---- summaries -------------------------------------------------------------------------------------------------------


def totals(comparison: Comparison) -> pd.DataFrame:
    """A row a step: both totals, change, growth, and how many projects continued, ended, are new, were split or merged."""
    records = []
    for (year, other), rows in comparison.projects.groupby(["year_from", "year_to"], sort=False):
        amounts = [exact_sum(rows[f"amount_{side}"]) or Decimal(0) for side in ("from", "to")]
        change = amounts[1] - amounts[0]
        counted = rows["status"].value_counts()
        records.append(
            {
                "year_from": int(year),
                "year_to": int(other),
                "amount_from": amounts[0],
                "amount_to": amounts[1],
                "change": change,
                "change_percent": percent(change, amounts[0]),
            }
            | {status: int(counted.get(status, 0)) for status in ("continued", "ended", "new", "split", "merged")}
            | {"doubtful": int(rows["doubtful"].sum())}
        )
    return _marked(pd.DataFrame(records, columns=FRAMES["totals"]), comparison.scope["synthetic"])


def target_summary(comparison: Comparison, by: list[str] | None = None) -> pd.DataFrame:
    """Indicators matched, added and dropped, targets unchanged, harder, easier …, and the share unchanged, by `by`.

    by: columns of comparison.indicators, as ["unit"] or ["level2_to"]; always within each pair of years.
    """
    records = []
    columns = ["year_from", "year_to", *(by or [])]
    for key, rows in comparison.indicators.groupby(columns, dropna=False, sort=False):
        outcome, status = rows["outcome"].value_counts(), rows["status"].value_counts()
        matched = int(status.get("kept", 0) + status.get("changed", 0))
        record = dict(zip(columns, key, strict=True)) | {"matched": matched}
        record |= {name: int(status.get(name, 0)) for name in ("kept", "changed", "added", "dropped")}
        record |= {
            name: int(outcome.get(name, 0)) for name in ("unchanged", "harder", "easier", "different", "unknown")
        }
        records.append(record | {"unchanged_share": percent(record["unchanged"], matched)})
    return _marked(pd.DataFrame(records, columns=[*columns, *FRAMES["target_summary"]]), comparison.scope["synthetic"])


def review_rows(comparison: Comparison) -> list[dict]:
    """The doubtful pairs as rows of the mapping file, for a person to decide."""
    rows = []
    for link in comparison.links[comparison.links["doubtful"]].to_dict("records"):
        paired = isinstance(link["project_from"], str) and isinstance(link["project_to"], str)
        other = link["runner_up_project"] if isinstance(link["runner_up_project"], str) else ""
        row = {
            "year_from": link["year_from"],
            "year_to": link["year_to"],
            "method": link["method"],
            "score": link["score"],
            "runner_up": link["runner_up"],
        }
        for side in ("from", "to"):
            here = isinstance(link[f"project_{side}"], str)
            row |= {f"{column}_{side}": link[f"{column}_{side}"] if here else "" for column in ("unit", "code")}
            row[f"project_{side}"] = link[f"project_{side}"] if here else other
        score = link["runner_up"] if not paired else link["score"]
        row["score"], row["note"] = (
            score,
            f"次优：{other}" if paired and other else "" if paired else "未配对，最接近的是它",
        )
        rows.append(
            {
                column: None if value is None or value is pd.NA or value != value else value
                for column, value in row.items()
            }
        )
    units = {
        (link[f"document_id_{side}"], link[f"project_no_{side}"]): link[f"unit_{side}"]
        for link in comparison.links.to_dict("records")
        for side in ("from", "to")
    }
    for pair in comparison.indicators[comparison.indicators["doubtful"]].to_dict("records"):
        own = {
            f"unit_{side}": units[pair[f"document_id_{side}"], pair[f"project_no_{side}"]] for side in ("from", "to")
        }
        rows.append(
            {
                "year_from": pair["year_from"],
                "year_to": pair["year_to"],
                **own,
                **{
                    name: pair[name]
                    for name in (
                        "project_from",
                        "project_to",
                        "indicator_from",
                        "indicator_to",
                        "method",
                        "score",
                        "runner_up",
                    )
                },
                "note": "指标",
            }
        )
    return rows
