"""What a table of its own right behind a form says of the form's project, and was not read."""

import pandas as pd

from budgetperf.field.form_labels import label_of
from budgetperf.field.vocabulary import fold, header_field
from budgetperf.mend.reconciliation import failed

# field of a label → the column of projects that it would fill; of a plan only the first two
_COLUMNS = {
    "budget": "budget_wan_yuan", "objective": "objective", "goal": "objective", "executed": "executed_wan_yuan",
    "execution_rate": "execution_rate", "achievement": "achievement",
}  # fmt: skip
_OF_PLANS = {"budget_wan_yuan", "objective"}


def check_behind(cells: pd.DataFrame, projects: pd.DataFrame, evaluated: bool) -> pd.DataFrame:
    """Failed checks for tables of which nothing was read, with no line between them and the indicators above on their page,
    whose first texts label what the project of these lacks, or that have heads of indicators. `cells`: with their roles.

    >>> projects = pd.DataFrame({"project_no": [1], "budget_wan_yuan": [None], "objective": ["硬化2公里"]})
    >>> cells = pd.DataFrame({"page": 1, "table": [1, 2, 2], "row": [1, 2, 3], "col": 1, "text": ["里程", "年度预算数（万元）", "65"],
    ...                       "role": ["indicator", "other_table", "other_table"], "project_no": [1, None, None]})
    >>> check_behind(cells, projects, False)["note"].tolist()
    ['指标之后的另一张表印有“年度预算数”，没有读入']
    """
    words = []
    for (page, number), table in cells[cells["role"].eq("other_table")].groupby(["page", "table"]):
        whole = cells[cells["page"].eq(page) & cells["table"].eq(number)]
        above = cells[cells["page"].eq(page) & cells["row"].lt(whole["row"].min())]
        behind = above.loc[above["row"].eq(above["row"].max()), ["table", "role", "project_no"]]
        of = behind.loc[behind["role"].eq("indicator"), "project_no"].dropna()
        if len(table) < len(whole) or of.empty or behind["table"].eq(0).any():
            continue
        project = projects[projects["project_no"].eq(of.iloc[0])]
        first = table[table["row"].eq(table["row"].min()) | table["col"].eq(table["col"].min())]
        heads = {header_field(text) for text in table.loc[table["row"].eq(table["row"].min()), "text"]}
        said = [text for text in first["text"] if _lacks(project, text, evaluated)]
        if said:
            words.append((int(of.iloc[0]), f"指标之后的另一张表印有“{fold(said[0])}”，没有读入"))
        elif "name" in heads and heads & {"target", "weight", "score"}:
            words.append((int(of.iloc[0]), "指标之后的另一张表像是它的更多指标，没有读入"))
    return failed("required", words)


def _lacks(project: pd.DataFrame, text: str, evaluated: bool) -> bool:
    """Whether a text surely labels what a project has not."""
    label = label_of(text)
    column = _COLUMNS.get(label.field) if label and label.sure and label.tier == 0 else None
    return column in project and (evaluated or column in _OF_PLANS) and bool(project[column].isna().all())
