"""Recall and precision of every rule on planted faults, and the time that an audit takes as documents grow.

Run by hand: `uv run python benchmarks/audit.py [--seeds N] [--sizes 2000 8000 15000]`.
"""

import argparse
import sys
import time
from decimal import Decimal
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generator.faults import FAULTS, clean_dataset, planted
from generator.stock import PLACES

from budgetperf.audit.config import load_config
from budgetperf.audit.run import audit
from budgetperf.tables.dataset import Dataset, typed

CONFIG = load_config(None)


def scores(seeds: int) -> pd.DataFrame:
    """Per rule: faults planted, found at their place, other new findings of the rule, findings in the clean twin."""
    rows = []
    for rule, plants in FAULTS.items():
        planted_count = found = other = clean_count = 0
        for variant in range(len(plants)):
            for seed in range(seeds):
                clean, faulty, project = planted(seed, rule, variant)
                before = audit(clean, CONFIG, only=[rule])
                after = audit(faulty, CONFIG, only=[rule])
                after = after[after["rule"] == rule]
                hit = after["project_no"].isin([project]) | after["project_no"].isna()
                planted_count += 1
                found += bool(hit.any())
                other += int((~hit).sum())
                clean_count += int((before["rule"] == rule).sum())
        precision = found / (found + other + clean_count) if found else 0
        rows.append((rule, len(plants), planted_count, found / planted_count, precision, clean_count))
    return pd.DataFrame(rows, columns=["rule", "variants", "planted", "recall", "precision", "in_clean_twin"])


def large(indicators: int) -> Dataset:
    """A Dataset of about so many indicators: clean documents, each for another unit, texts varied by place and number."""
    parts, projects_each = [], 20
    base = [clean_dataset(seed, projects=projects_each) for seed in range(6)]
    count = 0
    while count < indicators:
        number = len(parts)
        one = base[number % len(base)].tables()
        document, unit = f"d{number}", f"{PLACES[number % len(PLACES)]}{number}号局"
        words = f"（{PLACES[number * 7 % len(PLACES)]}{number * 37 % 991}）"
        frames = {
            name: one[name].assign(document_id=document) for name in ("documents", "projects", "indicators", "checks")
        }
        frames["projects"] = frames["projects"].assign(
            unit_name=unit,
            objective=[mixed(text, number, place) for place, text in enumerate(frames["projects"]["objective"])],
        )
        frames["indicators"]["name"] = frames["indicators"]["name"].astype(str) + words
        parts.append(frames)
        count += len(frames["indicators"])
    names = Dataset.empty().tables()
    joined = {name: pd.concat([part[name] for part in parts]) if name in parts[0] else pd.DataFrame() for name in names}
    return Dataset(**{name: typed(frame, name) for name, frame in joined.items()})


def mixed(text: str, number: int, place: int) -> str:
    """An objective of its own: clauses rotated and numbers put in, as another unit would write it."""
    clauses = [clause for clause in str(text).replace("。", "，").split("，") if clause]
    turn = (number * 5 + place) % max(1, len(clauses))
    return "，".join(f"{clause}{number * 31 + k}项" for k, clause in enumerate(clauses[turn:] + clauses[:turn]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--sizes", type=int, nargs="*", default=[2_000, 8_000, 15_000])
    arguments = parser.parse_args()
    for size in arguments.sizes:
        dataset = large(size)
        begin = time.perf_counter()
        findings = audit(dataset, CONFIG)
        seconds = time.perf_counter() - begin
        counted = len(dataset.indicators)
        print(f"{counted:6d} indicators {len(dataset.projects):5d} projects {len(findings):5d} findings "
              f"{seconds:6.1f} s {1e6 * seconds / counted:7.0f} us each", flush=True)  # fmt: skip
    if arguments.seeds:
        table = scores(arguments.seeds)
        print(table.to_string(index=False, float_format="{:.2f}".format))
        print(f"planted {table['planted'].sum()}, recall {Decimal(str(table['recall'].min()))} at the least")


if __name__ == "__main__":
    main()
