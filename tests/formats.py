"""A generated document in a format, layout and style drawn from its seed, built and compared with its truth.

`tests/test_formats.py` tries a few of them, `benchmarks/never_silent_formats.py` hundreds.
"""

import random
from pathlib import Path
from typing import NamedTuple

from generator.docx import to_docx
from generator.html import to_html
from generator.pdf import random_style, to_pdf
from generator.truth import joined, make_truth, random_options, split_units
from generator.xlsx import to_xlsx
from scoring import score, wrong_cells

from budgetperf.pipeline import build_document

FORMATS = ["pdf", "xlsx", "docx", "html"]
LAYOUTS = ["approval", "sichuan", "onevalue", "form", "selfeval"]
PARTS = ["one", "one", "tables", "documents"]  # how a file is made up, see `truths_of`
REMARK = "说明：以上项目绩效目标已经批复，请遵照执行。"


class Trial(NamedTuple):
    """cells compared · wrong: as scoring.wrong_cells · status of the document · made: how it was written, in words."""

    format: str
    layout: str
    seed: int
    cells: int
    wrong: list[dict]
    status: str
    made: str

    @property
    def silent(self) -> list[dict]:
        return [cell for cell in self.wrong if not cell["flagged"]]


def truths_of(seed: int, layout: str, parts: str, projects: int | None = None) -> list[dict]:
    """The truths of one file.

    parts: "one" table (forms: one a project); a table a unit ("tables"); two "documents" of one kind, told apart by
    their projects' codes or, in layouts without codes, by the names of their units.
    """
    options = random_options(seed, layout) | ({"projects": projects} if projects else {})
    if parts == "tables":
        options |= {"units": min(2, options["projects"]), "unit_column": True}
    if projects:
        options["units"] = min(options["units"], projects)
    truth = make_truth(seed, **options)
    if parts == "tables" and layout not in ("form", "selfeval"):
        return split_units(truth)
    if parts == "documents" and truth["projects"][0]["project_code"]:
        other = make_truth(seed + 100_000, **options)
        known = {p["project_code"] for p in truth["projects"]}
        if not known & {p["project_code"] for p in other["projects"]}:
            return [truth, other]
    return [truth]


def write(
    format: str, layout: str, seed: int, folder: Path, projects: int | None = None, parts: str | None = None, **style
) -> tuple:
    """(path, joined truth, how it was made) of the seed's document; `parts` and `style` override what is drawn."""
    rng = random.Random(f"format {format} {layout} {seed}")
    drawn = rng.choice(PARTS)
    parts = parts or drawn
    truths = truths_of(seed, layout, parts, projects)
    path = folder / f"{layout}-{seed}.{format}"
    if format == "pdf":
        how = random_style(seed) | style
        to_pdf(truths, seed, path, **how)
    elif format == "xlsx":
        at = rng.choice([(1, 1), (1, 1), (3, 2)])
        how = {"numbers": rng.random() < 0.5, "sheet_each": rng.random() < 0.5, "merged": rng.random() < 0.85}
        how |= {"first_row": at[0], "first_column": at[1], "hidden": rng.random() < 0.3} | style
        to_xlsx(truths, path, **how)
    elif format == "docx":
        how = {"lines_as": rng.choice(["break", "paragraph"]), "remark": rng.choice(["", REMARK])} | style
        to_docx(truths, path, **how)
    else:
        how = {"tidy": rng.random() < 0.5, "heads": rng.random() < 0.4, "frame": rng.random() < 0.3} | style
        path.write_text(to_html(truths, seed, **how), encoding="utf-8")
    made = " ".join(f"{k}={v}" for k, v in how.items())
    return path, joined(truths), f"{parts} {len(truths)} | {made}"


def trial(format: str, layout: str, seed: int, folder: Path, **how) -> Trial:
    """Write (`how`: arguments of `write`), build and compare one document; the file is left in `folder`."""
    path, truth, made = write(format, layout, seed, folder, **how)
    dataset = build_document(path)
    cells = score(truth, dataset)[0]
    return Trial(format, layout, seed, cells, wrong_cells(truth, dataset), dataset.documents["status"].iat[0], made)
