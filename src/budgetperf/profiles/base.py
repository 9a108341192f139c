"""What every profile stands on: a part of a dataset, its rows with names for grouping, exact sums and shares."""

import functools
import weakref
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import pandas as pd

from budgetperf.audit.wording import is_filler
from budgetperf.errors import InputError
from budgetperf.field.vocabulary import level2_order, vocabulary
from budgetperf.profiles.chosen import choose, kept, kinds_of, years_of_projects
from budgetperf.profiles.kinds import spending_kind
from budgetperf.tables.dataset import Dataset, minimal
from budgetperf.tables.declared import TABLES
from budgetperf.tables.stored import is_stored, open_builds

NOT_STATED = "未注明"
SYNTHETIC = "合成"  # what the title of an invented document says
NO_UNIT_OF_MEASURE = "无单位"
QUANTIFIED, IN_WORDS, PLACEHOLDER = "定量", "定性", "占位"
SHARE_PLACES = Decimal("0.000001")  # shares in % are rounded once, from exact sums

# What a profile can be made by → the columns that name it.
GROUPS = {
    "document": ["document_id", "source"],
    "year": ["fiscal_year"],
    "unit": ["unit_code", "unit_name"],
    "category": ["category_code", "category_name"],
    "spending_kind": ["spending_kind"],
    "project": ["document_id", "project_no", "unit_name", "project_code", "project_name"],
    "level1": ["level1"],
    "level2": ["level2"],
    "comparator": ["comparator"],
    "measure_unit": ["measure_unit"],
    "quantified": ["quantified"],
}
_OF_PROJECTS = ["source", "fiscal_year", "unit_code", "unit_name", "category_code", "category_name", "spending_kind"]
_OF_PROJECTS += ["project_code", "project_name", "budget_wan_yuan", "weight_total"]
# Of stored builds no profile reads these.
_NEVER_COUNTED = {
    "level1_printed",
    "level2_printed",
    "weight_basis",
    "row",
    "x0",
    "y0",
    "x1",
    "y1",
    "direction",
    "explanation",
}


def columns_of(*groups: str | Iterable[str]) -> list[str]:
    """The columns that name one or several GROUPS, each once.

    >>> columns_of("unit", ["year", "level1"])
    ['unit_code', 'unit_name', 'fiscal_year', 'level1']
    """
    names = [name for group in groups for name in ([group] if isinstance(group, str) else group)]
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        raise ValueError(f"没有“{'、'.join(unknown)}”这种分组。可用：{'、'.join(GROUPS)}。")
    return list(dict.fromkeys(column for name in names for column in GROUPS[name]))


# ---- exact numbers ---------------------------------------------------------------------------------------------------


def exact_sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum of what is given; None where nothing is.

    >>> exact_sum([Decimal("0.1"), None, Decimal("0.20")]), exact_sum([None])
    (Decimal('0.3'), None)
    """
    given = [value for value in values if value is not None]
    with localcontext(prec=120):
        return minimal(sum(given, Decimal(0))) if given else None


def percent(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """`part` in % of `whole`, to six places; None where either is unknown or the whole is 0.

    >>> percent(Decimal("1"), Decimal("3")), percent(1, 0)
    (Decimal('33.333333'), None)
    """
    if part is None or not whole:
        return None
    with localcontext(prec=120):
        return (Decimal(int(part) if not isinstance(part, Decimal) else part) * 100 / Decimal(whole)).quantize(
            SHARE_PLACES, ROUND_HALF_UP
        )


def rounded(value: Decimal | None, places: int = 2) -> str:
    """A number for people: thousands commas, at most `places` decimals, rounded half up.

    >>> rounded(Decimal("2345.675")), rounded(Decimal("33.333333"), 1), rounded(None)
    ('2,345.68', '33.3', '—')
    """
    if value is None:
        return "—"
    with localcontext(prec=120):
        return f"{Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"


# ---- rows ------------------------------------------------------------------------------------------------------------


def once(make: Callable) -> Callable:
    """Rows that are made once of a dataset whose tables lie on the disk; frames in memory may change between two calls."""
    made = weakref.WeakKeyDictionary()

    @functools.wraps(make)
    def rows(dataset: Dataset | str | Path) -> pd.DataFrame:
        dataset = open_builds(dataset) if isinstance(dataset, (str, Path)) else dataset
        if not is_stored(dataset):
            return make(dataset)
        if dataset not in made:
            made[dataset] = make(dataset)
        return made[dataset].copy(deep=False)

    return rows


@once
def project_rows(dataset: Dataset) -> pd.DataFrame:
    """The projects with `source` and `weight_total` of their document and their `spending_kind`.

    Names that are not printed read 未注明, so that their rows are counted and not lost in grouping.
    """
    of_document = dataset.documents[["document_id", "source", "weight_total"]]
    rows = dataset.projects.merge(of_document, on="document_id", how="left", validate="m:1")
    rows["unit_name"] = unit_names(rows)
    rows["category_name"] = rows["category_name"].fillna(NOT_STATED)
    known = rows.dropna(subset=["unit_code"]).drop_duplicates("unit_name").set_index("unit_name")["unit_code"].to_dict()
    rows["unit_code"] = rows["unit_code"].fillna(
        rows["unit_name"].map(known).astype("str")
    )  # one unit, once with and once without
    for code in ("unit_code", "category_code", "project_code"):
        rows[code] = rows[code].fillna("")
    numbered = "项目 " + rows["project_no"].astype(str)
    rows["project_name"] = rows["project_name"].fillna(rows["project_code"].where(rows["project_code"] != "", numbered))
    rows["spending_kind"] = rows["project_name"].map(spending_kind).astype("str")
    return rows


@once
def indicator_rows(dataset: Dataset) -> pd.DataFrame:
    """The indicators with the grouping columns of their project, `is_placeholder` (不适用, / … measure nothing) and
    `quantified` (定量: the target is a number; 定性; 占位)."""
    key = ["document_id", "project_no"]
    counted = [name for name in TABLES["indicators"].columns if name not in _NEVER_COUNTED]
    rows = dataset.columns("indicators", *counted) if is_stored(dataset) else dataset.indicators
    rows = rows.merge(project_rows(dataset)[key + _OF_PROJECTS], on=key, how="left", validate="m:1")
    for name in ("level1", "level2", "comparator"):
        rows[name] = rows[name].fillna(NOT_STATED)
    rows["measure_unit"] = rows["measure_unit"].fillna(NO_UNIT_OF_MEASURE).str.normalize("NFKC")
    is_number = rows["target_value"].map(lambda value: value is not None).astype(bool) & (
        rows["comparator"] != IN_WORDS
    )
    is_one = functools.cache(is_filler)  # of the same name and target the same
    texts = (rows[column].fillna("").tolist() for column in ("name", "target_text"))
    rows["is_placeholder"] = pd.Series([*map(is_one, *texts)], index=rows.index, dtype=bool)
    kinds = is_number.map({True: QUANTIFIED, False: IN_WORDS}).mask(rows["is_placeholder"], PLACEHOLDER)
    rows["quantified"] = kinds.astype("str")
    return rows


def grouped(rows: pd.DataFrame, columns: list[str]):
    """(values of `columns`, rows) of each group in order of print; all rows as one group where no columns are named."""
    if not columns:
        yield (), rows
        return
    yield from rows.groupby(columns, dropna=False, sort=False)


def frame_of(records: list[dict], columns: list[str]) -> pd.DataFrame:
    """Frame of records with exactly these columns; whole numbers Int64, text str, exact numbers objects."""
    frame = pd.DataFrame.from_records(records, columns=columns)
    for name in columns:
        kinds = {type(value) for value in frame[name] if value is not None and value is not pd.NA}
        if kinds and kinds <= {int}:
            frame[name] = frame[name].astype("Int64")
        elif kinds == {str}:
            frame[name] = frame[name].astype("str")
    return frame


def level_place(name: str) -> tuple[int, str]:
    """Sort key of a level 1 or level 2: the taxonomy's order, then unknown names.

    >>> sorted(["效益指标", "产出指标", "数量指标", "自定"], key=level_place)
    ['产出指标', '数量指标', '效益指标', '自定']
    """
    places = {}
    for level1 in vocabulary()["levels"]:
        places[level1] = len(places)
        for level2 in vocabulary()["levels"][level1].get("level2", {}):
            places[level2] = len(places)
    places |= {name: len(places) + place for name, place in level2_order().items() if name not in places}
    return places.get(name, 10_000), name


# ---- a part of a dataset ---------------------------------------------------------------------------------------------


def select(
    dataset: Dataset, *, year: int | None = None, unit: str | None = None, category: str | None = None
) -> Dataset:
    """The part of a dataset that belongs to a year, a unit (code or name) and a category (code or name).

    Documents without a project of the part are left out. Nothing fits: an empty dataset, never an error.

    >>> len(select(Dataset.empty(), year=2025).projects)
    0
    """
    names = ["unit_code", "unit_name", "category_code", "category_name"] if unit or category else []
    projects = dataset.columns("projects", "fiscal_year", *names)
    wanted = pd.Series(True, index=projects.index)
    if year is not None and str(year).strip():
        wanted &= (projects["fiscal_year"] == int(year)).fillna(False)
    for chosen, code, name in ((unit, "unit_code", "unit_name"), (category, "category_code", "category_name")):
        if chosen:
            rows = projects[[code, name]].fillna(NOT_STATED if chosen == NOT_STATED else "")
            wanted &= (rows[code] == str(chosen)) | (rows[name] == str(chosen))
    return kept(dataset, wanted)


def part(dataset: Dataset, *, year: int | None = None, unit: str | None = None, kind: str | None = None) -> Dataset:
    """Like `choose`, for one who asked for it by name: InputError, with what there is, where no project is left.

    >>> part(Dataset.empty(), year=2025).projects.empty
    True
    """
    chosen = choose(dataset, year=year, unit=unit, kind=kind)
    there = dataset.columns("projects", "fiscal_year", "unit_name")
    if chosen.columns("projects", "project_no").empty and len(there):
        years = "、".join(str(int(year)) for year in sorted(set(there["fiscal_year"].dropna())))
        units = "、".join(there["unit_name"].dropna().unique()[:10])
        raise InputError(
            f"数据里没有这个年度、单位、种类的项目。没有写出任何文件。现有年度：{years or '无'}；单位：{units or '无'}。"
        )
    return chosen


def scope(dataset: Dataset) -> dict:
    """What a chart's subtitle and foot name: `subject`, `period`, `kind`, `source`, `left_out`, `synthetic`, and counts.

    It speaks of what `choose` takes, as the profiles do.

    >>> scope(Dataset.empty())["projects"]
    0
    """
    data = choose(dataset)
    projects, documents = (
        data.columns("projects", "document_id", "unit_code", "unit_name", "budget_wan_yuan"),
        data.documents,
    )
    years, kinds = years_of_projects(data).dropna(), kinds_of(data)
    units = unit_names(projects).drop_duplicates()
    units = units[units != NOT_STATED].tolist()
    used = documents[documents["document_id"].isin(projects["document_id"].unique())]
    titles = used["title"].fillna(used["source"]).tolist()
    return {
        "subject": units[0] if len(units) == 1 else f"{len(units)} 个单位" if units else "",
        "period": str(int(years.iloc[0])) if len(years) else "",
        "kind": kinds.iloc[0] if len(kinds) else None,
        "source": f"《{titles[0]}》" if len(titles) == 1 else f"{len(titles)} 份文件" if titles else "",
        "left_out": list(data.left_out),
        "synthetic": bool(is_synthetic(documents).any()),
        "units": len(units),
        "documents": len(documents),
        "projects": len(projects),
        "indicators": len(data.columns("indicators", "document_id")),
        "budget_wan_yuan": exact_sum(projects["budget_wan_yuan"]),
    }


def is_synthetic(documents: pd.DataFrame) -> pd.Series:
    """Which documents are invented: their title or file name says so (合成).

    >>> is_synthetic(pd.DataFrame({"title": [None, "批复表"], "source": ["合成.txt", "a.pdf"]})).tolist()
    [True, False]
    """
    said = documents["title"].fillna("").astype(str) + documents["source"].astype(str)
    return said.str.contains(SYNTHETIC, regex=False)


def unit_names(projects: pd.DataFrame) -> pd.Series:
    """The unit of each project, one name a unit: by its code where projects print one, once with and once without.

    >>> frame = pd.DataFrame({"unit_code": ["7", None, None], "unit_name": ["甲局", "甲局", None]})
    >>> unit_names(frame).tolist()
    ['甲局', '甲局', '未注明']
    """
    names = projects["unit_name"].astype(object).where(projects["unit_name"].notna(), None)
    of_code = {c: n for c, n in zip(projects["unit_code"], names, strict=True) if isinstance(c, str) and n}
    return pd.Series(
        [n or of_code.get(c, c if isinstance(c, str) else NOT_STATED) for c, n in zip(projects["unit_code"], names, strict=True)],
        index=projects.index, dtype="str",
    )  # fmt: skip
