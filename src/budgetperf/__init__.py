"""Performance-target tables of Chinese public budgets: read, repaired on record, proved by their own sums.

`import budgetperf as bp`: `bp.build` reads documents, `bp.load` a built folder, `bp.read_frame` a raw DataFrame; all give a
`bp.Dataset` of plain frames; `bp.query` asks built folders in SQL. `bp.clean` holds the cleaning functions, `bp.audit`, `bp.profiles`, `bp.charts`, `bp.years` and
`bp.report` what is made of the tables; `bp.show_cell` and `bp.show_page` show the print behind a number.
"""

from importlib import import_module

from budgetperf.version import __version__

# public name → where it lives; pandas and the readers load only when they are used, so that `budgetperf --help` stays quick
_ROOMS = ["audit", "charts", "clean", "evidence", "notebooks", "profiles", "report", "years"]
_FUNCTIONS = {
    "build": "pipeline",
    "read_frame": "pipeline",
    "load": "tables.store",
    "save": "tables.store",
    "query": "tables.query",
    "Dataset": "tables.dataset",
    "show_cell": "evidence",
    "show_page": "evidence",
    "write_report": "report",
    "write_evidence_sheets": "report",
}
__all__ = ["__version__", *_ROOMS, *_FUNCTIONS]


def __getattr__(name: str):
    if name in _ROOMS:
        return import_module(f"budgetperf.{name}")
    if name in _FUNCTIONS:
        return getattr(import_module(f"budgetperf.{_FUNCTIONS[name]}"), name)
    raise AttributeError(f"module 'budgetperf' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
