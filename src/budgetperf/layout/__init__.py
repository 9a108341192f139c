"""Cells → printed rows with named columns: what stands where on the page, before anything is repaired."""

from budgetperf.layout.grid_table import read_grid_tables
from budgetperf.layout.printed import Printed
from budgetperf.layout.text_table import read_text_tables
from budgetperf.tables.cells import Reading


def printed_tables(reading: Reading) -> list[Printed]:
    """Every performance-target table of a document, in print order; empty where it holds none."""
    if reading.format == "text":
        return read_text_tables(reading.cells)
    names = dict(zip(reading.pages["page"], reading.pages["name"], strict=True))
    return read_grid_tables(reading.cells, names if reading.format == "xlsx" else None)
