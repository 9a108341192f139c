"""Small pandas functions that undo what print and extraction did; each usable by itself in a notebook."""

from budgetperf.clean.characters import plain_text, plain_texts
from budgetperf.clean.levels import fill_merged, fold_level1, fold_level2, level1_by_taxonomy
from budgetperf.clean.names import complete_from_text, complete_names, cut_width, is_cut
from budgetperf.clean.values import comparators, parse_amounts, parse_numbers, parse_targets
from budgetperf.clean.wraps import undo_wraps, unwrap
from budgetperf.field.notation import comparator_of, parse_amount, parse_number, parse_target, split_code

__all__ = [
    "comparator_of", "comparators", "complete_from_text", "complete_names", "cut_width", "fill_merged", "fold_level1",
    "fold_level2", "is_cut", "level1_by_taxonomy", "parse_amount", "parse_amounts", "parse_number", "parse_numbers",
    "parse_target", "parse_targets", "plain_text", "plain_texts", "split_code", "undo_wraps", "unwrap",
]  # fmt: skip
