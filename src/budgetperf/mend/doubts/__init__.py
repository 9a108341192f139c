"""What a mended table leaves in doubt: small functions, each a failed check with its subjects and its words.

A doubt is laid down with `@doubt(check)`: it looks at a Table and returns (project number or None, note) for every
subject it doubts; None puts the document as a whole in doubt. `tests/test_doubts.py` holds for each the smallest
document that has it, and a neighbour that has not.
"""

from typing import TYPE_CHECKING

import pandas as pd

from budgetperf.mend import reconciliation
from budgetperf.mend.doubts import of_cells, of_levels, of_points, of_projects  # noqa: F401  laid down: those of projects first
from budgetperf.mend.doubts.registry import DOUBTS

if TYPE_CHECKING:
    from budgetperf.mend.table import Table


def doubts(table: "Table") -> pd.DataFrame:
    """The failed checks of everything that is in doubt in a table."""
    return reconciliation.doubts([(check, function(table)) for check, function in DOUBTS])
