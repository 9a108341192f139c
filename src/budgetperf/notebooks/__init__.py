"""What the notebooks call (`show`) and what runs them all for a year (`run`)."""

from budgetperf.notebooks.links import evidence_sheets, report
from budgetperf.notebooks.run import Outcome, find_notebooks, run_notebooks
from budgetperf.notebooks.show import MOST, evidence_of, indicator_list, open_all, open_data, picker, table

__all__ = [
    "MOST",
    "Outcome",
    "evidence_of",
    "evidence_sheets",
    "find_notebooks",
    "indicator_list",
    "open_all",
    "open_data",
    "picker",
    "report",
    "run_notebooks",
    "table",
]
