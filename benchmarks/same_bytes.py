"""Do two checkouts give the same bytes? For a change that must not change what is read.

`uv run python benchmarks/same_bytes.py ONE OTHER [FILE_OR_FOLDER...] [--generated 300] [--first 0] [--kept FOLDER]` lets
two checkouts (`git worktree add ../before COMMIT`), each in its own environment, build the same documents: generated ones
(texts, every second one damaged, and the layouts in Excel, Word, HTML and PDF in turn) and the given ones. The files of
both builds are compared byte for byte; where some differ, the documents, tables and columns that do are named.
"""

import argparse
import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from formats import FORMATS, LAYOUTS, write
from generator.damage import KINDS
from generator.odd_damage import damage
from silence import document

SUFFIXES = {".pdf", ".xlsx", ".xls", ".docx", ".html", ".htm", ".txt", ".csv"}


def generated(folder: Path, seeds: range) -> None:
    """A document a seed: every second one a text, of these every second one with a fault."""
    for seed in seeds:
        if seed % 2:
            write(FORMATS[seed // 2 % len(FORMATS)], LAYOUTS[seed // 8 % len(LAYOUTS)], seed, folder)
        else:
            text = document(seed)[1]
            if seed % 4:
                kind = KINDS[seed // 4 % len(KINDS)]
                text = damage(text, kind, random.Random(f"same bytes {seed}"))[0]
            (folder / f"text-{seed}.txt").write_text(text, "utf-8")


def built(checkout: Path, inputs: list[Path], out: Path) -> None:
    command = ["uv", "run", "--project", str(checkout), "budgetperf", "build", *map(str, inputs), "--out", str(out)]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(f"{checkout}: {done.stdout}{done.stderr}")


def differing(one: Path, other: Path) -> list[str]:
    """What differs between two files of one table, document by document, column by column."""
    known = pd.read_csv(one.with_name("documents.csv"), dtype=str).set_index("document_id")["source"]
    one, other = (pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig") for path in (one, other))
    found = [f"column {name} is in one of them only" for name in sorted(set(one) ^ set(other))]
    shared = [name for name in one if name in other.columns]
    parts = [dict(list(frame.groupby("document_id", sort=False))) for frame in (one, other)]
    for number in dict.fromkeys([*parts[0], *parts[1]]):
        rows = [part.get(number, one[:0])[shared].reset_index(drop=True) for part in parts]
        if len(rows[0]) != len(rows[1]):
            found.append(f"{known.get(number, number)}: {len(rows[0])} rows, the other has {len(rows[1])}")
        elif columns := [name for name in shared if not rows[0][name].equals(rows[1][name])]:
            found.append(f"{known.get(number, number)}: {', '.join(columns)}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("one", type=Path, help="a checkout")
    parser.add_argument("other", type=Path, help="another checkout")
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--generated", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--kept", type=Path, help="where documents and builds stay")
    given = parser.parse_args()
    with TemporaryDirectory() as scratch:
        folder = (given.kept or Path(scratch)).resolve()
        drawn, builds = folder / "documents", (folder / "one", folder / "other")
        drawn.mkdir(parents=True, exist_ok=True)
        generated(drawn, range(given.first, given.first + given.generated))
        inputs = sorted(drawn.iterdir())
        for path in given.paths:
            inputs += [p for p in sorted(path.rglob("*")) if p.suffix in SUFFIXES] if path.is_dir() else [path]
        for checkout, out in zip((given.one.resolve(), given.other.resolve()), builds, strict=True):
            built(checkout, [path.resolve() for path in inputs], out)
        files = sorted({p.name for out in builds for p in out.iterdir() if p.suffix in (".csv", ".parquet")})
        unlike = [
            name for name in files if len({(out / name).read_bytes() for out in builds if (out / name).exists()}) > 1
        ]
        for name in unlike:
            print(f"{name} differs")
            if name.endswith(".csv"):
                print("\n".join(f"    {one}" for one in differing(builds[0] / name, builds[1] / name)))
    print(f"{len(inputs)} documents: {len(files) - len(unlike)} of {len(files)} files are the same bytes")
    return bool(unlike)


if __name__ == "__main__":
    sys.exit(main())
