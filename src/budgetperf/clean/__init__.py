"""Small pandas functions that undo what print and extraction did; each usable by itself on any frame.

One page a question: text (wraps, width, characters), amounts, targets, levels, names (cut ones), codes, checks. One manner
for all: a Series in, or a DataFrame column by column, the same index out, the input untouched; what gives a frame for each
column takes one at a time and says so; blank is NaN, None, "" or only spaces; numbers pass through exactly, floats by their
printed form; `errors` says what becomes of text that cannot be read; a column that a check misses is named.
"""

from budgetperf.clean.amounts import parse_amounts, parse_numbers, to_float
from budgetperf.clean.checks import check_shares, check_subtotals, check_total, check_weights
from budgetperf.clean.codes import check_codes, fiscal_years, parts_of_codes, split_codes
from budgetperf.clean.levels import fill_merged, fold_level1, fold_level2, level1_by_taxonomy
from budgetperf.clean.names import complete_names, cut_width, is_cut
from budgetperf.clean.targets import comparators, parse_targets
from budgetperf.clean.text import line_width, plain_texts, undo_wraps
from budgetperf.field.wraps import display_width

__all__ = [
    "check_codes", "check_shares", "check_subtotals", "check_total", "check_weights", "comparators", "complete_names",
    "cut_width", "display_width", "fill_merged", "fiscal_years", "fold_level1", "fold_level2", "is_cut",
    "level1_by_taxonomy", "line_width", "parse_amounts", "parse_numbers", "parse_targets", "parts_of_codes", "plain_texts", "split_codes",
    "to_float", "undo_wraps",
]  # fmt: skip
