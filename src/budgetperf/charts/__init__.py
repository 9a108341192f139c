"""Charts: each takes a frame of `profiles`, `audit.overview` or `years` and `ax=None`, draws into the Axes, returns it.

Nothing else is touched: a theme is set only by `use_theme()`, a file written only by `save(ax, path)`. The title says
the finding, the subtitle measure, unit and period (of `scope=profiles.scope(dataset)`), the foot the source.
`lang="en"` gives English words; names from the documents stay as printed.
"""

from budgetperf.charts.areas import treemap
from budgetperf.charts.findings import finding_bars, finding_matrix, issue_bars
from budgetperf.charts.fonts import families, printable
from budgetperf.charts.levels import level_weights, share_bars
from budgetperf.charts.look import use_theme
from budgetperf.charts.matrices import coverage_matrix, level_heatmap
from budgetperf.charts.money import allocation_bars, pareto
from budgetperf.charts.saving import save
from budgetperf.charts.spread import indicator_histogram, weight_histogram
from budgetperf.charts.years import slopes, small_multiples, split_flows, target_bars, weight_shift_heatmap, year_bridge

__all__ = [
    "allocation_bars",
    "coverage_matrix",
    "families",
    "finding_bars",
    "finding_matrix",
    "indicator_histogram",
    "issue_bars",
    "level_heatmap",
    "level_weights",
    "pareto",
    "printable",
    "save",
    "share_bars",
    "slopes",
    "small_multiples",
    "split_flows",
    "target_bars",
    "treemap",
    "use_theme",
    "weight_histogram",
    "weight_shift_heatmap",
    "year_bridge",
]
