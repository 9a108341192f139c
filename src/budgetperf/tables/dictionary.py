"""What describes the tables to others, made from their declarations: datapackage.json and docs/data-dictionary.md.

The page is written by `uv run python -m budgetperf.tables.dictionary docs/data-dictionary.md`.
"""

from itertools import chain
from pathlib import Path

from budgetperf.tables.dataset import Dataset, kinds_of
from budgetperf.tables.declared import TABLES
from budgetperf.tables.kinds import Column

CSV = {
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8-sig",
    "profile": "tabular-data-resource",
    "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n"},
}
FIELD_TYPES = {"text": "string", "whole": "integer", "exact": "number", "box": "number", "flag": "boolean"}


def datapackage(dataset: Dataset, files: dict[str, tuple[int, str]] | None = None) -> dict:
    """Frictionless Data Package of the tables; `files`: file name → (bytes, sha256) of what was written; a table without
    CSV, which is too large for a spreadsheet, is its Parquet file. None: as if all were.
    """
    files = files or {}
    resources = [
        {
            "name": name,
            "title": TABLES[name].title,
            "description": TABLES[name].description,
            **(CSV | {"path": f"{name}.csv"} if f"{name}.csv" in files or not files else {"path": f"{name}.parquet"}),
            **_size(files, f"{name}.csv"),
            "schema": _table_schema(name, kinds_of(vars(dataset)[name], name)),
            "parquet": {"path": f"{name}.parquet", **_size(files, f"{name}.parquet")},  # the same table, typed
        }
        for name in TABLES
    ]
    return {
        "name": "budgetperf",
        "title": "项目支出绩效目标数据",
        "description": "由 budgetperf build 写出；CSV 中会被电子表格当作公式的文字前加了一个 '，见数据字典。",
        "profile": "data-package",
        "settings": dataset.settings.added(),
        "resources": resources,
    }


def _size(files: dict, name: str) -> dict:
    return {"bytes": files[name][0], "hash": f"sha256:{files[name][1]}"} if name in files else {}


def _table_schema(name: str, kinds: dict[str, str]) -> dict:
    schema = TABLES[name]
    known = [_field(column, schema.columns[column]) for column in schema.columns]
    extra = [{"name": column, "type": FIELD_TYPES[kinds[column]]} for column in kinds if column not in schema.columns]
    required = {column for column, declared in schema.columns.items() if not declared.nullable}
    links = [
        {"fields": columns, "reference": {"resource": target, "fields": columns}}
        for columns, target in schema.links
        if required.issuperset(columns)  # Frictionless knows no key that is partly empty
    ]
    keys = ({"primaryKey": list(schema.key)} if schema.key else {}) | ({"foreignKeys": links} if links else {})
    return {"fields": known + extra, "missingValues": [""], **keys}


def _field(name: str, column: Column) -> dict:
    limits = ({} if column.nullable else {"required": True}) | ({"enum": list(column.among)} if column.among else {})
    field = {
        "name": name,
        "type": FIELD_TYPES[column.kind],
        "title": column.title,
        "description": column.description,
    }
    return field | ({"constraints": limits} if limits else {})


KIND_WORDS = {
    "text": "文本 text",
    "whole": "整数 integer",
    "exact": "精确小数 decimal",
    "box": "小数 float",
    "flag": "是否 boolean",
}
DICTIONARY_HEAD = """# 数据字典 Data dictionary

由 `src/budgetperf/tables/declared.py` 生成，请勿手改。Generated; regenerate with
`uv run python -m budgetperf.tables.dictionary docs/data-dictionary.md`.

每次构建写出 `<表>.csv`（UTF-8 带 BOM）、`<表>.parquet`（带类型）和 `datapackage.json`。空 = 原件未印且无从得知。
金额、权重、得分、比率均为精确小数，从不经过二进制浮点数。行的顺序即印刷顺序。

CSV 与电子表格：以 `=` `+` `-` `@`（含全角，或其前有制表符、换行）开头的文字会被电子表格当作公式，
因此在 CSV 中前面加一个 `'`；单独的符号（如计算符号 `=`）和带正负号的数不加；
本来就以 `'` 加上述文字开头的再加一个，所以去掉一个 `'` 即得原文。
Parquet 中是原文，`budgetperf.load` 读的是 Parquet。
A text that a spreadsheet would run as a formula gets one leading `'` in the CSV only; Parquet holds it unchanged.
"""


def data_dictionary() -> str:
    """The Markdown page docs/data-dictionary.md: every table, its key and its columns."""
    return DICTIONARY_HEAD + "".join(chain.from_iterable(_dictionary_section(name) for name in TABLES))


def _dictionary_section(name: str):
    schema = TABLES[name]
    yield f"\n## {name} {schema.title}\n\n{schema.description}\n\n"
    if schema.key:
        yield f"键 key: {', '.join(f'`{column}`' for column in schema.key)}\n\n"
    for columns, target in schema.links:
        yield f"- 指向 points to `{target}`: {', '.join(f'`{column}`' for column in columns)}\n"
    yield "\n| 列 column | 标题 title | 类型 type | 可空 empty | 说明 description |\n|---|---|---|---|---|\n"
    for column, declared in schema.columns.items():
        values = f"（取值 values: {' '.join(f'`{value}`' for value in declared.among)}）" if declared.among else ""
        empty = "是 yes" if declared.nullable else "否 no"
        kind = KIND_WORDS[declared.kind]
        yield f"| `{column}` | {declared.title} | {kind} | {empty} | {declared.description}{values} |\n"


if __name__ == "__main__":
    import sys

    Path(sys.argv[1]).write_text(data_dictionary(), encoding="utf-8", newline="\n")
