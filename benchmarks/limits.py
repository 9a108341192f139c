"""What becomes of more than two hundred kinds of damage: right, repaired, flagged, refused, unnoticeable, or silent.

`uv run python benchmarks/limits.py [--tries 15] [--first 0] [--kind KIND ...] [--log FILE] [--write docs/limits.md]`
puts one fault of each kind into that many generated documents, builds each, and prints a table; `--write` puts it into
the page that says what cannot be noticed. Documents whose untouched text is not read rightly and reconciled are left
out: in an open one every damage would count as noticed. `--log` keeps each outcome and goes on where it stopped.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generator.odd_damage import ALL_KINDS
from silence import OUTCOMES, trial

from budgetperf.pipeline import build_document

TITLES = {
    "right": "读对",
    "repaired": "修复并记录",
    "flagged": "已提示",
    "refused": "整份拒读",
    "beyond": "原理上看不出",
    "silent": "无提示读错",
}
BEGIN, END = "<!-- 由 benchmarks/limits.py 写入 -->", "<!-- 写入到此为止 -->"


def measure(kinds: list[str], seeds: range, show: int, minutes: float, log: Path | None) -> dict[str, Counter]:
    """Kind → how often each outcome came; silent ones are printed so that they can be repeated."""
    known = {}
    if log and log.exists():
        known = {(kind, seed): name for kind, seed, name in map(json.loads, log.read_text().splitlines())}
    counts: dict[str, Counter] = {kind: Counter() for kind in kinds}
    ends = time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.txt"

        def build(text: str):
            path.write_text(text, encoding="utf-8")
            return build_document(path)

        def outcome(kind: str, seed: int) -> str | None:
            if (kind, seed) in known:
                return known[kind, seed]
            if time.monotonic() > ends:
                return None
            result = trial(kind, seed, build, projects=6)
            name = result.outcome if result else "nothing to spoil"
            if kind and name == "silent" and counts[kind]["silent"] < show:
                print(
                    f"{kind} seed {seed}: {result.what}\n    {len(result.cells)} silent: {result.cells[0]}", flush=True
                )
            if log:
                with log.open("a") as lines:
                    lines.write(json.dumps([kind, seed, name]) + "\n")
            return name

        for seed in seeds:
            if outcome("", seed) not in ("right", "repaired"):
                continue
            for kind in kinds:
                counts[kind][outcome(kind, seed)] += 1
    return {kind: Counter({name: n for name, n in count.items() if name in OUTCOMES}) for kind, count in counts.items()}


def as_markdown(counts: dict[str, Counter], seeds: range) -> str:
    order = ["right", "repaired", "flagged", "refused", "beyond", "silent"]
    everything = sum(counts.values(), Counter())
    rows = [("**合计**", everything), *((f"`{kind}`", counts[kind]) for kind in sorted(counts))]
    lines = [
        f"{len(counts)} 种损坏、{everything.total()} 次（种子 {seeds[0]} 到 {seeds[-1]}）：",
        "",
        "| 损坏 | 次数 | " + " | ".join(TITLES[name] for name in order) + " |",
        "|---|---:|" + "---:|" * len(order),
    ]
    lines += [
        f"| {kind} | {n.total()} | " + " | ".join(str(n[name] or "") for name in order) + " |" for kind, n in rows if n
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=15, help="documents a kind")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--kind", nargs="*", default=ALL_KINDS, choices=ALL_KINDS)
    parser.add_argument("--show", type=int, default=2, help="silent examples a kind")
    parser.add_argument("--minutes", type=float, default=600, help="stop after so long")
    parser.add_argument("--log", type=Path, help="outcomes, a line each; those it holds are not tried again")
    parser.add_argument("--write", type=Path, help="page whose marked part the table replaces")
    arguments = parser.parse_args()
    began = time.monotonic()
    seeds = range(arguments.first, arguments.first + arguments.tries)
    counts = measure(arguments.kind, seeds, arguments.show, arguments.minutes, arguments.log)
    table = as_markdown(counts, seeds)
    if arguments.write:
        page = arguments.write.read_text(encoding="utf-8")
        part = f"{BEGIN}\n\n{table}\n\n{END}"
        arguments.write.write_text(
            re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: part, page, flags=re.DOTALL), encoding="utf-8"
        )
    else:
        print(table)
    print(f"{time.monotonic() - began:.0f} s")
    assert set(OUTCOMES) == set(TITLES)
    return 1 if sum(counts.values(), Counter())["silent"] else 0


if __name__ == "__main__":
    sys.exit(main())
