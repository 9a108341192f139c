"""Reports written from a notebook: under a bar, with a link to what was written."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from budgetperf.report import write_evidence_sheets, write_report
from budgetperf.tables.dataset import Dataset


def report(dataset: Dataset, path: str | Path, **options):
    """Write the report on a dataset as .docx, .xlsx or .html, under a bar; a link to it, for a notebook to show.

    options: as of `budgetperf.write_report` (unit, year, lang, source, template, decisions, mapping).
    """
    return _linked(write_report, dataset, path, **options)


def evidence_sheets(dataset: Dataset, findings: pd.DataFrame, path: str | Path, **options):
    """Write 取证单 of the findings (rows of `findings`) as .docx, under a bar; a link to it, for a notebook to show.

    options: as of `budgetperf.write_evidence_sheets` (by, names, lang, source, template).
    """
    return _linked(write_evidence_sheets, dataset, findings, path, **options)


def _linked(write: Callable[..., Path], *given, **options):
    """What `write` wrote, as a link relative to the working folder: Jupyter serves no others."""
    from IPython.display import FileLink
    from tqdm.auto import tqdm

    with tqdm(leave=False) as bar:

        def progress(done: int, total: int, words: str) -> None:
            bar.total, bar.n = total, done
            bar.set_postfix_str(words[:40])

        path = write(*given, progress=progress, **options)
    same_drive = path.anchor in ("", Path.cwd().anchor)
    return FileLink(os.path.relpath(path) if same_drive else str(path))
