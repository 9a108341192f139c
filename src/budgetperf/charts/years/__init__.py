"""Charts of a comparison of years: bridge, slopes, flows, weight shift, harder or easier, small multiples.

All take frames of `budgetperf.years.compare`, and `scope=comparison.scope` for subtitle and foot.
"""

from budgetperf.charts.years.flows import split_flows
from budgetperf.charts.years.indicators import target_bars, weight_shift_heatmap
from budgetperf.charts.years.money import slopes, small_multiples, year_bridge

__all__ = ["slopes", "small_multiples", "split_flows", "target_bars", "weight_shift_heatmap", "year_bridge"]
