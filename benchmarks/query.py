"""Ten million indicators in a hundred builds of ten years: a profile by year × level 2 × unit, and notebook 02; seconds and
peak memory.

Run by hand: `uv run python benchmarks/query.py [--rows 10000000] [--folders 100] [--store DIR]`. The builds are generated as
Parquet only; the profile must give what the generator counted.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

LIMITS = {"profile": 5, "notebook": 60}  # seconds
LEVELS1 = ["产出指标", "产出指标", "产出指标", "成本指标", "效益指标", "满意度指标"]
LEVELS = ["数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标", "服务对象满意度指标"]


def write_build(folder: Path, number: int, rows: int) -> None:
    """A build of one county and year: ten indicators a project, ten projects a unit."""
    from budgetperf.tables.dataset import as_arrow, typed
    from budgetperf.tables.declared import TABLES

    def names(values: list[str], of: np.ndarray) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(of.astype("int32")), values).cast(pa.string())

    folder.mkdir(parents=True)
    projects = rows // 10
    row = np.arange(rows)
    document, year = f"d{number}", 2015 + number % 10
    points = pa.array([Decimal(weight) for weight in (5, 10, 15)], pa.decimal128(38, 12))
    tables = {
        "documents": {
            "document_id": [document],
            "source": [f"{number}.pdf"],
            "sha256": [document],
            "format": ["pdf"],
            "layout": ["approval"],
            "fiscal_year": [year],
            "status": ["reconciled"],
        },
        "projects": {
            "document_id": pa.array([document] * projects),
            "project_no": pa.array(np.arange(projects) + 1),
            "fiscal_year": pa.array(np.full(projects, year)),
            "project_name": pa.array([f"{number}-{project}号项目" for project in range(projects)]),
            "budget_wan_yuan": pa.array(
                [Decimal(project % 900 + 1) for project in range(projects)], pa.decimal128(38, 12)
            ),
            "unit_name": pa.array([f"{number // 10}县{unit // 10}局" for unit in range(projects)]),
        },
        "indicators": {
            "document_id": names([document], row * 0),
            "project_no": pa.array(row // 10 + 1),
            "indicator_no": pa.array(row % 10 + 1),
            "level1": names(LEVELS1, row % 6),
            "name": names([f"第{name}项工作" for name in range(997)], row % 997),
            "comparator": names(["≥", "=", "定性"], row % 3),
            "target_text": names([str(target) for target in range(101)], row % 101),
            "target_value": pa.array([Decimal(target) for target in range(101)], pa.decimal128(38, 12)).take(
                pa.array(row % 101)
            ),
            "measure_unit": names(["%", "人", "项", "天"], row % 4),
            "level2": names(LEVELS, row % 6),
            "weight": points.take(pa.array(row % 3)),
        },
    }
    for name, given in {name: tables.get(name, {}) for name in TABLES}.items():
        empty = as_arrow(typed(pd.DataFrame(), name), name)
        rows = len(next(iter(given.values()), ()))
        columns = [given.get(field.name, pa.nulls(rows, field.type)) for field in empty.schema]
        if "is_cut" in empty.schema.names:
            columns[empty.schema.get_field_index("is_cut")] = pa.array(np.zeros(rows, bool))
        pq.write_table(pa.table(columns, schema=empty.schema), folder / f"{name}.parquet")
    (folder / "datapackage.json").write_text("{}")


def measure(folder: Path, folders: int, rows: int, what: str) -> dict:
    """Seconds, processor seconds and megabytes of one thing done in this process (its kernel, for the notebook)."""
    from budgetperf import notebooks, profiles

    began, spent = time.perf_counter(), _processor()
    groups = 0
    if what == "profile":
        found = profiles.indicators(folder, of=["level2", "unit"], by=["year"])
        groups = len(found)
        assert found["indicators"].sum() == rows
        assert sum(found["weight"]) == sum((5, 10, 15)[n % 3] for n in range(rows // folders)) * folders
    else:
        (path,) = [path for path in notebooks.find_notebooks() if path.name.startswith("02")]
        with tempfile.TemporaryDirectory() as name:
            shutil.copy2(path, name)
            (outcome,) = notebooks.run_notebooks(Path(name) / "out", data_folder=folder, folder=name)
        assert not outcome.fault, outcome.fault
    seconds, processor = time.perf_counter() - began, _processor() - spent
    return {"seconds": seconds, "processor": processor, "megabytes": _peak(), "groups": groups}


def _processor() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(spent.ru_utime + spent.ru_stime for spent in both)


def _peak() -> float:
    both = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(both) / (1024 if sys.platform != "darwin" else 1024**2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folders", type=int, default=100)
    parser.add_argument("--store", type=Path, help="where the builds are kept; default: nowhere")
    parser.add_argument("--measure", choices=LIMITS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.store, options.folders, options.rows, options.measure)))
        return 0
    kept = True
    with tempfile.TemporaryDirectory() as name:
        store = options.store or Path(name)
        for number in range(options.folders if not any(store.glob("year=*")) else 0):
            build = store / f"year={2015 + number % 10}" / f"region={number // 10}"
            write_build(build, number, options.rows // options.folders)
        for what, limit in LIMITS.items():
            given = ["--rows", str(options.rows), "--folders", str(options.folders), "--store", str(store)]
            call = [sys.executable, __file__, *given, "--measure", what]
            found = json.loads(subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True).stdout)
            print(
                f"{what}, {options.rows:,} indicators in {options.folders} builds, the program loaded: {found['seconds']:.1f} s "
                f"({found['processor']:.1f} s of the processor), {found['megabytes']:.0f} MB"
                + f", {found['groups']:,} groups"
                * bool(found["groups"])
            )
            kept &= found["seconds"] < limit and found["megabytes"] < 2048
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
