"""Who decided what about a finding: a file that outlives every rebuild, and the identity that ties it to findings."""

import csv
import hashlib
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd

from budgetperf.errors import InputError
from budgetperf.tables.declared import TABLES
from budgetperf.tables.whole import written_whole

COLUMNS = ["finding_id", "decision", "decision_reason", "decided_by", "decided_on", "rule", "message"]
WORDS = {
    "confirmed": "confirmed", "确认": "confirmed", "属实": "confirmed",
    "dismissed": "dismissed", "驳回": "dismissed", "不成立": "dismissed",
    "explained": "explained", "已说明": "explained", "说明": "explained",
}  # fmt: skip
TITLES = {"处理日期": "decided_on"} | {
    column.title: name for name, column in TABLES["findings"].columns.items() if name in COLUMNS
}
NOT_CONTENT = {"cells", "threshold"}  # where it stands and what it was measured by: no part of what was found


def identity(rule: str, subject: tuple, evidence: dict) -> str:
    """Twelve hexadecimal digits from rule, subject and content: not from order, numbers of rows or file names.

    >>> identity("L01", ("甲局", 2024, "培训", "满意度"), {"target": "70", "cells": [[3, 1]]})
    'd2d21e0ec913'
    """
    content = {key: value for key, value in evidence.items() if key not in NOT_CONTENT}
    text = json.dumps([rule, list(subject), content], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def told_apart(ids: list[str]) -> list[str]:
    """Ids of findings that are alike in all, as two equal rows of a project, numbered.

    >>> told_apart(["a", "b", "a"])
    ['a', 'b', 'a-2']
    """
    seen: Counter = Counter()
    unique = []
    for one in ids:
        seen[one] += 1
        unique.append(one if seen[one] == 1 else f"{one}-{seen[one]}")
    return unique


def read_decisions(path: str | Path | None) -> pd.DataFrame:
    """The decisions of a CSV file (COLUMNS); empty where there is no file. UTF-8 or, as Excel saves it, GB18030.
    The findings of the Excel working paper, saved as CSV, are read by their Chinese titles.

    The last decision about a finding counts. Raises InputError where a column is missing, a decision is no known
    word (confirmed/确认, dismissed/驳回, explained/已说明) or stands without a finding, and for other encodings.
    """
    if path is None or not Path(path).is_file():
        return pd.DataFrame(columns=COLUMNS, dtype=object)
    content = Path(path).read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise InputError(f"{path} 既不是 UTF-8 也不是 GB18030 的文字。请另存为 UTF-8 的 CSV。") from error
    rows = [
        {TITLES.get(column, column): value for column, value in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]
    missing = [column for column in COLUMNS[:2] if rows and column not in rows[0]]
    if missing:
        raise InputError(f"{path} 缺少列 {'、'.join(missing)}。请保留表头：{','.join(COLUMNS)}。")
    kept: dict[str, dict] = {}
    for line, row in enumerate(rows, 2):
        word, number = (row.get("decision") or "").strip(), (row.get("finding_id") or "").strip()
        if not word:
            continue  # listed, not decided yet
        if not number:
            raise InputError(
                f"{path} 第 {line} 行有决定“{word}”，却没有 finding_id，不知是哪条发现。请填写或删去这一行。"
            )
        if word not in WORDS:
            known = "、".join(WORDS)
            raise InputError(f"{path} 第 {line} 行的决定“{word}”不认识。请改为其中之一：{known}。")
        kept.pop(number, None)
        given = {column: (row.get(column) or "").strip() for column in COLUMNS}
        given["decision_reason"] = (
            given["decision_reason"] or (row.get("reason") or "").strip()
        )  # its name in older files
        kept[number] = given | {"decision": WORDS[word]}
    return pd.DataFrame(list(kept.values()), columns=COLUMNS, dtype=object)


def apply_decisions(findings: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """`findings` with decision, decision_reason and decided_by from the decisions; empty where nothing was decided.

    >>> decided = pd.DataFrame([["a", "dismissed", "已核", "王", "", "", ""]], columns=COLUMNS)
    >>> apply_decisions(pd.DataFrame({"finding_id": ["a", "b"]}), decided)["decision"].tolist()
    ['dismissed', None]
    """
    by_id = {row.finding_id: row for row in decisions.itertuples()}
    matched = [by_id.get(number) for number in findings["finding_id"]]
    values = {
        column: pd.Series(
            [getattr(row, column) or None if row else None for row in matched], findings.index, dtype=object
        )
        for column in ("decision", "decision_reason", "decided_by")
    }
    return findings.assign(**values)


def stale_decisions(findings: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Decisions about findings that are no longer there: what they spoke of changed or is gone; COLUMNS."""
    return decisions[~decisions["finding_id"].isin(findings["finding_id"].dropna())].reset_index(drop=True)


def decide(
    path: str | Path, findings: pd.DataFrame, decision: str, decision_reason: str, by: str, on: str | None = None
) -> int:
    """Write one decision about every row of `findings` (a selection of them) into the file; the number written.

    Earlier decisions about the same findings are replaced, all others stay. Raises InputError for an unknown word, where
    reason or name are blank, and for a file that cannot be replaced; nothing is written then.
    """
    if decision not in WORDS:
        raise InputError(f"决定“{decision}”不认识。请用其中之一：{'、'.join(WORDS)}。")
    lacking = [word for word, text in (("理由", decision_reason), ("姓名", by)) if not text.strip()]
    if lacking:
        raise InputError(f"没有写下决定：请先填{'和'.join(lacking)}。")
    old = read_decisions(path)
    new = pd.DataFrame(
        {
            "finding_id": findings["finding_id"], "decision": WORDS[decision], "decision_reason": decision_reason, "decided_by": by,
            "decided_on": on or date.today().isoformat(), "rule": findings["rule"], "message": findings["message"],
        }
    )  # fmt: skip
    kept = pd.concat([old[~old["finding_id"].isin(new["finding_id"])], new.astype(object)], ignore_index=True)
    path = Path(path)
    with written_whole(path) as building:
        building.write_bytes(("\ufeff" + kept[COLUMNS].to_csv(index=False, lineterminator="\n")).encode())
    return len(new)
