"""Ten million indicators in a hundred builds: a profile by year × level 2 × unit, its seconds and peak memory.

Run by hand: `uv run python benchmarks/query.py [--rows 10000000] [--folders 100]`. The builds are generated as Parquet
only, with the columns that the profile needs; it must give what the generator counted.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

LEVELS = ["数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标", "服务对象满意度指标"]
PROFILE = """
SELECT p.fiscal_year, i.level2, p.unit_name, count(*) AS indicators, sum(i.weight) AS points
FROM indicators i JOIN projects p USING (document_id, project_no) GROUP BY ALL
"""


def write_build(folder: Path, number: int, rows: int) -> None:
    """A build of one county and year: ten indicators a project, ten projects a unit."""
    from budgetperf.tables.declared import TABLES

    folder.mkdir(parents=True)
    projects = rows // 10
    row = np.arange(rows)
    document = f"d{number}"
    points = pa.array([Decimal(weight) for weight in (5, 10, 15)], pa.decimal128(38, 12))
    tables = {
        "projects": {
            "document_id": pa.array([document] * projects),
            "project_no": pa.array(np.arange(projects) + 1),
            "fiscal_year": pa.array(np.full(projects, 2015 + number % 10)),
            "unit_name": pa.array([f"{number // 10}县{unit // 10}局" for unit in range(projects)]),
        },
        "indicators": {
            "document_id": pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, "int32")), [document]).cast(
                pa.string()
            ),
            "project_no": pa.array(row // 10 + 1),
            "indicator_no": pa.array(row % 10 + 1),
            "level2": pa.DictionaryArray.from_arrays(pa.array((row % 6).astype("int32")), LEVELS).cast(pa.string()),
            "weight": points.take(pa.array(row % 3)),
        },
    }
    for name in TABLES:
        pq.write_table(
            pa.table(tables.get(name, {"document_id": pa.array([], pa.string())})), folder / f"{name}.parquet"
        )
    (folder / "datapackage.json").write_text("{}")


def measure(folder: Path, rows: int) -> dict:
    import budgetperf

    budgetperf.query("SELECT 1 AS one", data=folder)  # imports
    began, spent = time.perf_counter(), time.process_time()
    found = budgetperf.query(PROFILE, data=folder)
    seconds, processor = time.perf_counter() - began, time.process_time() - spent
    assert found["indicators"].sum() == rows
    assert sum(found["points"]) == sum((5, 10, 15)[n % 3] for n in range(rows // 100)) * 100
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return {"seconds": seconds, "processor": processor, "megabytes": peak, "groups": len(found)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folders", type=int, default=100)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.rows)))
        return 0
    with tempfile.TemporaryDirectory() as name:
        for number in range(options.folders):
            write_build(
                Path(name) / f"year={2015 + number % 10}" / f"region={number // 10}",
                number,
                options.rows // options.folders,
            )
        call = [sys.executable, __file__, "--rows", str(options.rows), "--measure", name]
        found = json.loads(subprocess.run(call, capture_output=True, text=True, check=True).stdout)
    print(
        f"{options.rows:,} indicators in {options.folders} builds: {found['groups']:,} groups in {found['seconds']:.1f} s "
        f"({found['processor']:.1f} s of the processor), {found['megabytes']:.0f} MB"
    )
    return 0 if found["seconds"] < 5 and found["megabytes"] < 2048 else 1


if __name__ == "__main__":
    sys.exit(main())
