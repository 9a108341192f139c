"""Performance-target tables of Chinese public budgets: read, repaired on record, proved by their own sums."""

__version__ = "0.1.0"


def __getattr__(name: str):
    # pandas and the readers load only when they are used: `budgetperf --help` stays quick
    if name == "build":
        from budgetperf.pipeline import build

        return build
    if name == "load":
        from budgetperf.tables.store import load

        return load
    if name == "Dataset":
        from budgetperf.tables.dataset import Dataset

        return Dataset
    if name in ("write_report", "write_evidence_sheets"):
        import budgetperf.report as reports

        return getattr(reports, name)
    if name in ("evidence", "show_page"):
        import budgetperf.evidence as room

        return getattr(room, name)
    raise AttributeError(f"module 'budgetperf' has no attribute {name!r}")
