"""The same work followed over the years: matching, comparison, the user's mapping.

`compare(dataset)` gives a Comparison of tidy frames; `match_projects` and `match_indicators` are its first steps by
themselves. Sums are exact Decimals; what cannot be compared is said in `Comparison.notes`.
"""

from budgetperf.years.changes import finding_summary
from budgetperf.years.comparison import Comparison, compare, compare_up_to, nothing, review_rows, target_summary, totals
from budgetperf.years.evaluation import evaluation_summary, more_money_despite_results
from budgetperf.years.indicators import match_indicators
from budgetperf.years.mapping import read_mapping, write_review
from budgetperf.years.printing import printed, printed_links, write_tables
from budgetperf.years.projects import match_projects
from budgetperf.years.selection import rows_of_year, years_of
from budgetperf.years.targets import compare_targets, target_of
from budgetperf.years.text import difference, marked, marked_html
from budgetperf.years.words import TITLES, in_words

__all__ = [
    "TITLES",
    "Comparison",
    "compare",
    "compare_targets",
    "compare_up_to",
    "difference",
    "evaluation_summary",
    "finding_summary",
    "in_words",
    "marked",
    "marked_html",
    "match_indicators",
    "match_projects",
    "more_money_despite_results",
    "nothing",
    "printed",
    "printed_links",
    "read_mapping",
    "review_rows",
    "rows_of_year",
    "target_of",
    "target_summary",
    "totals",
    "write_review",
    "write_tables",
    "years_of",
]
