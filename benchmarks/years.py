"""Matching over years measured: precision and recall against generated truth; time and memory of a county.

uv run python benchmarks/years.py [documents]            precision and recall by kind of edit
uv run python benchmarks/years.py --county               100 units × 5 years × 20 projects, matched and compared
"""

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from datasets import dataset_of
from generator.years import key_of, make_series

from budgetperf.tables.dataset import concat
from budgetperf.years.indicators import match_indicators
from budgetperf.years.projects import match_projects
from budgetperf.years.selection import rows_of_year

KINDS = {
    "renames": {"rename": 0.8},
    "hard renames": {"rename_hard": 0.3, "rename": 0.2},
    "codes kept": {"code": "kept"},
    "codes given to others": {"code": "shuffled"},
    "splits": {"split": 0.3},
    "merges": {"merge": 0.3},
    "names cut at 12": {"name_cut": 12},
    "names cut at 8": {"name_cut": 8},
    "cost as a level 1": {"cost_level1": True},
    "added and dropped": {"add": 0.4, "drop": 0.3},
    "sisters": {"sister": 0.5},
    "all at once": {
        "rename": 0.5,
        "rename_hard": 0.1,
        "split": 0.1,
        "merge": 0.1,
        "name_cut": 12,
        "cost_level1": True,
        "sister": 0.3,
    },
    "unit renamed": {"unit_name": "昌宁县综合事务服务局"},
}


def measure(seed: int, edits: dict, **options) -> dict:
    """Counts of one pair of years: right, found and true pairs; wrong or missed ones and how many of them were doubtful."""
    series = make_series(seed, edits=edits, **options)
    dataset = concat([dataset_of(truth) for truth in series.truths])
    years = [truth["document"]["fiscal_year"] for truth in series.truths]
    old, new = (rows_of_year(dataset, year) for year in years[:2])
    keys = [{n: key_of(p) for n, p in enumerate(truth["projects"], 1)} for truth in series.truths]
    links = match_projects(old, new)
    both = links[links["project_no_from"].notna() & links["project_no_to"].notna()]
    found = {(keys[0][int(r.project_no_from)], keys[1][int(r.project_no_to)]): r.doubtful for r in both.itertuples()}
    doubted = {
        keys[0][int(r.project_no_from)]
        for r in links[links["doubtful"] & links["project_no_from"].notna()].itertuples()
    }
    doubted |= {
        keys[1][int(r.project_no_to)] for r in links[links["doubtful"] & links["project_no_to"].notna()].itertuples()
    }
    result = counts(found, series.projects[0], lambda pair: pair[0] in doubted or pair[1] in doubted)
    pairs = match_indicators(links, old, new)
    rows = {
        (
            (keys[0][int(r.project_no_from)], int(r.indicator_no_from)),
            (keys[1][int(r.project_no_to)], int(r.indicator_no_to)),
        ): r.doubtful
        for r in pairs.itertuples()
    }
    of_right = {pair for pair in series.indicators[0] if (pair[0][0], pair[1][0]) in found}
    of_wrong = {pair for pair in rows if (pair[0][0], pair[1][0]) not in series.projects[0]}
    within = counts({k: v for k, v in rows.items() if k not in of_wrong}, of_right, lambda pair: False)
    return {
        "projects": result,
        "indicators": counts(rows, series.indicators[0], lambda pair: False),
        "within": within,
        "links": found,
        "truth": series,
        "years": years,
    }


def counts(found: dict, true: set, near) -> dict:
    wrong, missed = set(found) - true, true - set(found)
    return {
        "right": len(set(found) & true),
        "found": len(found),
        "true": len(true),
        "wrong": wrong,
        "missed": missed,
        "wrong_doubtful": sum(found[p] for p in wrong),
        "missed_doubtful": sum(near(p) for p in missed),
        "doubtful": sum(found.values()),
        "right_doubtful": sum(found[p] for p in set(found) & true),
    }


def table(documents: int) -> None:
    """Prints a Markdown table."""
    print(
        "| edits | projects: precision | recall | wrong (doubtful) | missed (doubtful) | right but doubtful "
        "| indicators: precision | recall | wrong (doubtful) | missed |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    whole: dict = {"projects": [], "indicators": []}
    for number, (kind, edits) in enumerate(KINDS.items()):
        seeds = range(1000 * number, 1000 * number + documents)
        parts = [measure(seed, edits, projects=8 + seed % 13) for seed in seeds]
        cells = [kind]
        for what in whole:
            of = [part[what] for part in parts]
            whole[what] += of
            cells += line(of, what)
        print("| " + " | ".join(cells) + " |", flush=True)
    print("| **together** | " + " | ".join(cell for what, of in whole.items() for cell in line(of, what)) + " |")


def line(of: list[dict], what: str) -> list[str]:
    right, found, true = (sum(c[k] for c in of) for k in ("right", "found", "true"))
    wrong, missed = (sum(len(c[k]) for c in of) for k in ("wrong", "missed"))
    doubtful, near, needless = (sum(c[k] for c in of) for k in ("wrong_doubtful", "missed_doubtful", "right_doubtful"))
    cells = [f"{right / found:.4f}", f"{right / true:.4f}", f"{wrong} ({doubtful})"]
    return cells + ([f"{missed} ({near})", f"{needless / right:.3f}"] if what == "projects" else [f"{missed}"])


def county(units: int = 100, years: int = 5, projects: int = 20) -> None:
    """Time and peak memory of matching and comparing units × years."""
    from budgetperf.years import compare

    truths = []
    for seed in range(units):
        edits = {"rename": 0.3, "add": 0.12, "name_cut": 12 if seed % 3 == 0 else None}
        series = make_series(seed, years, projects=projects, edits=edits)
        for truth in series.truths:
            for project in truth["projects"]:
                project |= {"unit_code": f"{100 + seed:03d}001", "unit_name": f"昌宁县第{seed}单位"}
        truths += series.truths
    dataset = concat([dataset_of(truth) for truth in truths])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(dataset.projects):,} projects, {len(dataset.indicators):,} indicators, {before:.0f} MB before")
    start = time.perf_counter()
    comparison = compare(dataset, mapping=None)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"compared in {seconds:.1f} s, peak {peak:.0f} MB; {len(comparison.projects):,} rows of projects, "
        f"{len(comparison.indicators):,} of indicators"
    )


if __name__ == "__main__":
    if "--county" in sys.argv:
        county()
    else:
        table(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
