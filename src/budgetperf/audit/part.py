"""What the audit finds in some documents whatever stands in others: kept, it need not be found again."""

import json
import zlib
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from budgetperf.audit.decisions import identity
from budgetperf.tables.arrow import from_stream, to_stream
from budgetperf.tables.dataset import as_arrow, typed

NOT_READ = "R04"
UNFINISHED = "审计的时间和内存限制"  # the basis of what says that a bound stopped the audit of a document
_MORE = b"part"  # where the schema of the findings keeps what else a part holds


class Part(NamedTuple):
    """findings: rows of the table, not numbered yet; silenced: (document, column, rule) of rules that needed a column not
    read; unread: such columns by document; gathered: by rule, what one across documents needs of these, in plain values.
    """

    findings: pa.Table
    silenced: list[list[str]]
    unread: dict[str, list[str]]
    gathered: dict[str, list]


def rows_found(rows: list[dict]) -> pa.Table:
    """Rows of the table `findings`, those columns empty that hang on others."""
    return as_arrow(typed(pd.DataFrame(rows), "findings"), "findings")


def to_bytes(part: Part) -> bytes:
    """A part as bytes, for another process or for keeping.

    >>> from_bytes(to_bytes(Part(rows_found([]), [], {}, {"X01": [["甲", 8]]}))).gathered
    {'X01': [['甲', 8]]}
    """
    more = zlib.compress(json.dumps(part[1:], ensure_ascii=False).encode(), 1)
    return to_stream(part.findings.replace_schema_metadata({_MORE: more}))


def from_bytes(content: bytes) -> Part:
    """The part that `to_bytes` made into bytes."""
    findings = from_stream(pa.BufferReader(content))
    return Part(findings, *json.loads(zlib.decompress(findings.schema.metadata[_MORE])))


def part_unfinished(document_id: str, why: str) -> Part:
    """The part of a document whose audit a bound has stopped: the finding that says so.

    >>> part_unfinished("4f8ab1229e03", "用时超过 600 秒").findings["severity"].to_pylist()
    ['E']
    """
    said = (
        f"审计没有做完（{why}）：本文件的表格照常写出，审计发现缺失。请放宽 budgetperf.toml [build] 的限制后重新构建。"
    )
    finding = {
        "document_id": document_id, "rule": NOT_READ, "severity": "E", "message": said, "basis": UNFINISHED,
        "evidence": json.dumps({"note": why}, ensure_ascii=False), "uncertain": False,
        "finding_id": identity(NOT_READ, (document_id,), {"note": why}),
    }  # fmt: skip
    return Part(rows_found([finding]), [], {}, {})
