"""data/sources.csv tells the truth about data/raw, and nothing there was ever edited."""

import csv
import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data/raw"


def sources() -> list[dict]:
    return list(csv.DictReader((ROOT / "data/sources.csv").read_text(encoding="utf-8").splitlines()))


def test_every_document_is_registered_once():
    real = [p.name for p in RAW.rglob("*") if p.is_file() and not p.name.startswith(".")]
    invented = [f"../synthetic/{p.name}" for p in (ROOT / "data/synthetic").glob("*.txt")]
    assert sorted(row["file"] for row in sources()) == sorted([*real, *invented]) and real


def test_what_is_synthetic_lies_outside_the_folder_that_a_build_reads():
    for row in sources():
        assert (row["real_or_synthetic"] == "synthetic") == row["file"].startswith("../synthetic/")


def test_documents_are_byte_for_byte_as_received():
    for row in sources():
        assert hashlib.sha256((RAW / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["file"]


def test_each_says_who_when_whence_and_whether_it_is_real():
    for row in sources():
        assert row["publisher"] and row["where_from"] and re.fullmatch(r"20\d\d", row["year"])
        assert row["real_or_synthetic"] in ("real", "synthetic")
