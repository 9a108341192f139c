"""What figures are for: one year and one kind of document. A stock is never summed over periods, kinds or versions.

The one place of the rule: where a dataset holds more, the newest year of the fullest kind is taken, of two versions of one
unit's table the later, and what was left out is named.
"""

import functools
import inspect
import itertools
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from budgetperf.audit.issues import issues_of
from budgetperf.errors import InputError
from budgetperf.field.vocabulary import fold
from budgetperf.tables.arrow import Deferred
from budgetperf.tables.dataset import Dataset, as_arrow
from budgetperf.tables.stored import is_stored, only_projects, open_builds

KINDS = {"targets": ("绩效目标", "targets"), "self_evaluation": ("自评", "self-evaluation")}
# Of a unit's tables of one year the one nearest to the approved budget counts.
_NEARNESS = {"form": 0, "application": 0, "targets": 1, "approval": 2}
_REVISED = ("调整", "修订", "变更", "追加", "定稿", "更正")  # a title with such a word names a later version
_CHOSEN = weakref.WeakSet()  # what was chosen already
KEY = ["document_id", "project_no"]
_SAME = 0.5  # share of the smaller table's projects that both hold, from which they are versions of one


def choose(
    dataset: Dataset | str | Path, *, year: int | None = None, unit: str | None = None, kind: str | None = None
) -> Dataset:
    """The part of a dataset that figures are for: of a unit (code or name), one year, one kind, one version.

    Of the builds in a folder, where that is given, only this part is read, each table where it is asked for. `left_out` of
    the result says what was not counted, a phrase each, in both languages. Nothing fits: an empty dataset, never an error.
    Documents without any project are kept: nothing of them is counted.

    >>> choose(Dataset.empty()).left_out
    ()
    """
    if kind is not None and kind not in KINDS:
        raise InputError(f"没有“{kind}”这一种。可用的：{'、'.join(KINDS)}。")
    if isinstance(dataset, (str, Path)):
        dataset = open_builds(dataset)
    if dataset in _CHOSEN and year is unit is kind is None:
        return dataset
    units = ["unit_code", "unit_name"]
    projects = dataset.columns("projects", *KEY, *(units if unit else []))
    rows = pd.DataFrame({"document_id": projects["document_id"], "year": years_of_projects(dataset)})
    rows["kind"] = kinds_of(dataset)
    wanted = pd.Series(True, index=projects.index)
    if unit:
        wanted &= (projects["unit_code"].fillna("") == str(unit)) | (projects["unit_name"].fillna("") == str(unit))
    asked = rows[wanted]
    if kind is None and len(asked):
        kind = asked["kind"].value_counts().reindex(list(KINDS)).fillna(0).idxmax()  # the fullest; targets where equal
    asked = asked[asked["kind"] == kind]
    year = int(year) if year is not None and str(year).strip() else asked["year"].dropna().max() if len(asked) else None
    year = None if pd.isna(year) else int(year)
    years = rows["year"].astype("Int64")
    of_year = years.isna() if year is None else (years == year).fillna(False).astype(bool)
    left_out = _parts_left_out(rows[wanted & ~(of_year & (rows["kind"] == kind))])
    wanted &= of_year & (rows["kind"] == kind)
    chosen = kept(dataset, wanted)
    projects = chosen.columns("projects", *KEY, *units, "project_code", "project_name")
    older = _older_versions(chosen.documents, projects)
    left_out += [older[name] for name in dict.fromkeys(older)]
    if older:
        chosen = kept(chosen, pd.Series([key not in older for key in _tables(projects)], dtype=bool))
    chosen = chosen.but(left_out=(*dataset.left_out, *left_out))
    _CHOSEN.add(chosen)
    return chosen


def kept(dataset: Dataset, wanted: pd.Series) -> Dataset:
    """The part of a dataset with the projects for which `wanted` holds; documents whose projects all go are left out.

    >>> len(kept(Dataset.empty(), pd.Series(dtype=bool)).projects)
    0
    """
    stored = is_stored(dataset)
    if wanted.all():
        return _with_issues(dataset) if stored else dataset
    projects = dataset.columns("projects", *KEY)
    chosen = projects[wanted.astype(bool)]
    gone = set(projects["document_id"].unique()) - set(chosen["document_id"].unique())
    documents = dataset.documents[~dataset.documents["document_id"].isin(gone)].reset_index(drop=True)
    if stored:
        return _with_issues(only_projects(dataset, documents, chosen))
    keys = pd.MultiIndex.from_frame(chosen)
    parts = {"documents": documents, "projects": dataset.projects[wanted.astype(bool)]}
    for name, frame in dataset.tables().items():
        if name not in parts and name != "issues":  # findings joined over all projects: joined anew
            of_document = frame["project_no"].isna() & ~frame["document_id"].isin(gone)
            parts[name] = frame[of_document | pd.MultiIndex.from_frame(frame[KEY]).isin(keys)]
    part = replace(
        dataset, **{name: frame.reset_index(drop=True) for name, frame in parts.items()}, issues=dataset.issues[:0]
    )
    return replace(part, issues=issues_of(part))


def _with_issues(part: Dataset) -> Dataset:
    """Such a part of stored builds with its findings joined, once they are asked for."""
    return part.but(issues=Deferred(lambda columns, documents: as_arrow(issues_of(part), "issues")))


def of_one_scope(profile: Callable | None = None, *, kind: str | None = None) -> Callable:
    """A profile (dataset, of=…, by=…) that speaks of what `choose` takes (of a kind where given), unless made by year."""
    if profile is None:
        return functools.partial(of_one_scope, kind=kind)
    signature = inspect.signature(profile)

    @functools.wraps(profile)
    def scoped(dataset: Dataset, *given, **named):
        arguments = signature.bind(dataset, *given, **named).arguments
        of, by = ({part} if isinstance(part := arguments.get(name, ()), str) else set(part) for name in ("of", "by"))
        apart = "year" in of | by or "document" in by
        if isinstance(dataset, (str, Path)):
            dataset = open_builds(dataset)
        return profile(dataset if apart else choose(dataset, kind=kind), *given, **named)

    return scoped


def years_of_projects(dataset: Dataset) -> pd.Series:
    """The year of each project: its own, else its document's, else that of the document's other projects."""
    projects = dataset.columns("projects", "document_id", "fiscal_year")
    own = projects["fiscal_year"]
    of_document = projects["document_id"].map(dataset.documents.set_index("document_id")["fiscal_year"])
    of_others = own.groupby(projects["document_id"]).transform("max")
    return own.fillna(of_document).fillna(of_others).astype(object)


def kinds_of(dataset: Dataset) -> pd.Series:
    """The kind of document, a key of KINDS, that each project stands in."""
    layouts = dataset.documents.set_index("document_id")["layout"]
    is_result = dataset.columns("projects", "document_id")["document_id"].map(layouts) == "self_evaluation"
    return is_result.map({True: "self_evaluation", False: "targets"}).astype(object)


def _parts_left_out(rows: pd.DataFrame) -> list[tuple[str, str]]:
    said = []
    for (year, kind), part in rows.assign(year=rows["year"].fillna(0)).groupby(["year", "kind"], sort=True):
        documents, projects = part["document_id"].nunique(), len(part)
        when = (f"{int(year)} 年", f"{int(year)} ") if year else ("未注明年度的", "undated ")
        zh, en = KINDS[kind]
        said.append(
            (
                f"{when[0]}{zh}（{documents} 份文件，{projects} 个项目）",
                f"{when[1]}{en} ({documents} documents, {projects} projects)",
            )
        )
    return said


def _tables(projects: pd.DataFrame) -> list[tuple[str, str]]:
    """Document and unit of each project: a unit's table in one document."""
    units = projects["unit_code"].where(projects["unit_code"].notna(), projects["unit_name"]).fillna("")
    folded = functools.cache(fold)
    return [(document, folded(unit)) for document, unit in zip(projects["document_id"], units.astype(str), strict=True)]


def _older_versions(documents: pd.DataFrame, projects: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str]]:
    """Tables of a unit of which another of the documents holds a later version → what to say."""
    if projects["document_id"].nunique() < 2:
        return {}
    documents = documents.set_index("document_id")
    held: dict[tuple[str, str], set[str]] = {}
    for key, code, name in zip(_tables(projects), projects["project_code"], projects["project_name"], strict=True):
        held.setdefault(key, set()).add(code if isinstance(code, str) else fold(name) if isinstance(name, str) else "")
    of_unit: dict[str, list[tuple[str, str]]] = {}
    for key in held:
        of_unit.setdefault(key[1], []).append(key)
    older = {}
    for versions in of_unit.values():
        if len(versions) > 1:
            versions.sort(key=lambda key: _version(documents.loc[key[0]]))
        for key, later in itertools.combinations(versions, 2):
            shared = (held[key] & held[later]) - {""}
            if key not in older and len(shared) >= _SAME * min(len(held[key]), len(held[later])):
                names = documents.at[key[0], "source"], documents.at[later[0], "source"]
                older[key] = (
                    f"{names[0]}（与 {names[1]} 是同一张表的两版，以后者为准）",
                    f"{names[0]} (an earlier version of {names[1]})",
                )
    return older


def _version(document: pd.Series) -> tuple:
    title = document["title"] if isinstance(document["title"], str) else ""
    revised = any(word in title + document["source"] for word in _REVISED)
    return revised, _NEARNESS.get(document["layout"], 1), "批复" in title
