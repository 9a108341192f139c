"""Profiles of a dataset as tidy frames: allocation of money, indicators, weights, coverage. Sums are exact Decimals.

Every function takes a Dataset (the whole or what `select` leaves of it) and `by`, the groups it is made for:
`by=["unit"]` gives each unit its own shares, `by=["document"]` each document, `by=["year"]` each year.
"""

from budgetperf.profiles.base import GROUPS, NOT_STATED, exact_sum, is_synthetic, part, percent, rounded, scope, select
from budgetperf.profiles.chosen import KINDS, choose
from budgetperf.profiles.columns import COLUMNS, frame_csv, titled
from budgetperf.profiles.counts import FEW, MANY, indicator_distribution, indicators, indicators_per_project
from budgetperf.profiles.effective import (
    heaping,
    peers,
    quantification,
    quantified_rows,
    reused_names,
    unit_cost_quartiles,
)
from budgetperf.profiles.evaluation import evaluated_projects, evaluated_results, far_off, grades, score_rates
from budgetperf.profiles.kinds import spending_kind
from budgetperf.profiles.money import allocation, concentration
from budgetperf.profiles.points import (
    EQUAL_FROM,
    HEAVY_POINTS,
    HEAVY_SHARE,
    level1_weights,
    project_weights,
    weight_profile,
    weight_values,
)
from budgetperf.profiles.quality import completeness, coverage, cut_names, yardsticks

__all__ = [
    "COLUMNS",
    "EQUAL_FROM",
    "FEW",
    "GROUPS",
    "HEAVY_POINTS",
    "HEAVY_SHARE",
    "KINDS",
    "MANY",
    "NOT_STATED",
    "allocation",
    "choose",
    "completeness",
    "concentration",
    "coverage",
    "cut_names",
    "evaluated_projects",
    "evaluated_results",
    "exact_sum",
    "far_off",
    "frame_csv",
    "grades",
    "heaping",
    "indicator_distribution",
    "indicators",
    "indicators_per_project",
    "is_synthetic",
    "level1_weights",
    "part",
    "peers",
    "percent",
    "project_weights",
    "quantification",
    "quantified_rows",
    "reused_names",
    "rounded",
    "scope",
    "score_rates",
    "select",
    "spending_kind",
    "titled",
    "unit_cost_quartiles",
    "weight_profile",
    "weight_values",
    "yardsticks",
]
