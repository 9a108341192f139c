"""What notebook 05 shows of a comparison of years: the columns that a reader needs, in their order, in words."""

import pandas as pd
from IPython.display import HTML, Markdown, display

from budgetperf import years
from budgetperf.errors import InputError
from budgetperf.tables.dataset import Dataset

STEP = ["year_from", "year_to"]
COLUMNS = {
    "totals": [*STEP, "amount_from", "amount_to", "change", "change_percent", "continued", "ended", "new", "split", "merged"],
    "matches": [*STEP, "status", "project_from", "project_to", "method", "score", "runner_up", "runner_up_project", "doubtful"],
    "money": [*STEP, "project_from", "project_to", "amount_from", "amount_to", "change", "change_text", "contribution"],
    "indicators": ["year_to", "project_to", "status", "changes", "indicator_from", "indicator_to", "comparator_from",
                   "target_text_from", "measure_unit_from", "comparator_to", "target_text_to", "measure_unit_to", "outcome",
                   "remark", "weight_from", "weight_to", "doubtful"],
}  # fmt: skip
MOST_TEXTS = 30


def compared(data: Dataset, chosen: list[int] | None = None, upto: int | None = None, mapping=None) -> years.Comparison:
    """The comparison of the chosen years, else of all up to one; what must be said of it is shown, never raised.

    >>> compared(Dataset.empty()).projects.empty
    <IPython.core.display.Markdown object>
    True
    """
    chosen = chosen or [year for year in years.years_of(data) if upto is None or year <= upto]
    try:
        comparison = years.compare(data, chosen, mapping=mapping)
    except InputError as reason:
        comparison = years.nothing(str(reason))
    mark = "**【含合成数据，非真实文件】** " if comparison.scope["synthetic"] else ""
    display(Markdown(mark + "".join(f"\n- {note}" for note in comparison.notes)))
    return comparison


def in_columns(comparison: years.Comparison, what: str) -> pd.DataFrame:
    """One of COLUMNS' views in words: totals, matches, money, indicators (those that changed).

    >>> len(in_columns(years.nothing("一个年度"), "money"))
    0
    """
    rows = comparison.indicators if what == "indicators" else comparison.projects
    rows = years.totals(comparison) if what == "totals" else rows
    rows = rows[rows["status"] != "kept"] if what == "indicators" else rows
    return years.in_words(rows, COLUMNS[what])


def rewritten(comparison: years.Comparison, data: Dataset) -> HTML:
    """The objectives that were rewritten, the least alike first, with what went struck out and what came underlined."""
    changed = comparison.objectives[comparison.objectives["changed"].astype(bool)].sort_values("likeness")
    texts = {(row.document_id, row.project_no): row.objective for row in data.projects.itertuples()}
    groups = changed[["year_from", "year_to", "group"]].drop_duplicates()
    pairs = groups.merge(comparison.links, validate="1:m").dropna(subset=["project_from", "project_to"])
    lines = [
        f"<p><b>{row.project_to}</b>（{row.year_from}→{row.year_to}）<br>"
        + years.marked_html(
            texts[row.document_id_from, row.project_no_from], texts[row.document_id_to, row.project_no_to]
        )
        + "</p>"
        for row in pairs.head(MOST_TEXTS).itertuples()
    ]
    more = f"<p>另有 {len(pairs) - MOST_TEXTS} 处没有列出。</p>" if len(pairs) > MOST_TEXTS else ""
    return HTML("".join(lines) + more or "没有改动的绩效目标。")
