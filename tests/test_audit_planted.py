"""Documents as clerks word them (tests/planted): every fault is found, no near miss is."""

import pandas as pd
import pytest
from planted import judged, results, targets

from budgetperf.audit.config import load_config
from budgetperf.audit.run import audit
from budgetperf.tables.dataset import Dataset, typed

CONFIG = load_config(None)


@pytest.mark.parametrize("drawn", [targets, results], ids=["targets", "results"])
def test_faults_are_found_and_near_misses_left_alone(drawn):
    dataset, truths = drawn()
    missed, alarms = judged(audit(dataset, CONFIG), truths)
    assert [(one.rules, one.shown) for one in missed] == []
    assert [(one.rules, one.shown) for one in alarms] == []


def test_a_rule_is_silent_where_its_column_was_not_read_and_says_so_once():
    """No column of reasons in the form: nothing is called unexplained."""
    dataset, _ = results()
    head = {
        "document_id": "d1", "page": 1, "table": 1, "row": 1, "col": 1, "rowspan": 1, "colspan": 1, "text": "实际完成值",
        "role": "header",
    }  # fmt: skip
    cells = dataset.cells.iloc[:0]
    tables = dataset.tables() | {"indicators": dataset.indicators.assign(deviation_note=None)}
    bare = Dataset(**tables | {"cells": typed(pd.concat([cells, pd.DataFrame([head])], ignore_index=True), "cells")})
    findings = audit(bare, CONFIG)
    assert not set(findings["rule"]) & {"S03", "S08"}
    (note,) = findings[findings["rule"] == "R04"]["message"]
    assert "偏差原因" in note and "S03" in note and "S08" in note
    read = Dataset(
        **tables
        | {
            "cells": typed(
                pd.concat([cells, pd.DataFrame([head | {"text": "偏差原因分析及改进措施"}])], ignore_index=True),
                "cells",
            )
        }
    )
    findings = audit(read, CONFIG)
    assert {"S03", "S08"} <= set(findings["rule"]) and "R04" not in set(findings["rule"])
