"""The user's own word on what is the same over the years: a file that always wins."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from budgetperf.errors import InputError
from budgetperf.tables.store import marked, unmarked
from budgetperf.tables.whole import written_whole
from budgetperf.years.names import core_unit, plain_name

COLUMNS = ["year_from", "year_to", "unit_from", "unit_to", "code_from", "project_from", "code_to", "project_to"]
COLUMNS += ["indicator_from", "indicator_to", "decision", "method", "score", "runner_up", "note"]
WORDS = {"same": "same", "同一": "same", "是": "same", "different": "different", "不同": "different", "否": "different"}


class Decision(NamedTuple):
    """One decided row: `same` or not; sides are (unit, code, project, indicator) as written, "" where empty."""

    line: int
    years: tuple[int, int]
    one: tuple[str, str, str, str]
    other: tuple[str, str, str, str]
    same: bool

    @property
    def kind(self) -> str:
        """What the row is about: unit, project or indicator."""
        if self.one[3] or self.other[3]:
            return "indicator"
        return "project" if any(side[1] or side[2] for side in (self.one, self.other)) else "unit"


class Mapping(NamedTuple):
    """The decided rows of a mapping file, and the file for messages."""

    decisions: list[Decision]
    path: str

    def between(self, year: int, other: int, kind: str) -> list[Decision]:
        """The decisions about two years, turned so that `one` is of `year`."""
        turned = []
        for decision in self.decisions:
            if decision.kind == kind and set(decision.years) == {year, other}:
                if decision.years != (year, other):
                    decision = decision._replace(years=(year, other), one=decision.other, other=decision.one)
                turned.append(decision)
        return turned


NO_MAPPING = Mapping([], "")


def read_rows(path: str | Path) -> list[dict[str, str]]:
    """The rows of a mapping file as texts, decided or not; [] where there is none. UTF-8, or GB18030 as Excel saves it.

    Raises InputError where a column is missing.
    """
    path = Path(path)
    if not path.is_file():
        return []
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = list(reader)
    missing = [column for column in COLUMNS[:11] if column not in (reader.fieldnames or [])]
    if missing:
        raise InputError(f"{path} 缺少列 {'、'.join(missing)}。没有写出任何文件。请保留表头：{','.join(COLUMNS)}。")
    return [{column: unmarked((row.get(column) or "").strip()) for column in COLUMNS} for row in rows]


def read_mapping(path: str | Path | None) -> Mapping:
    """The decisions of a mapping file; rows whose `decision` is empty are left out, no file gives none.

    Raises InputError where a decision is no known word (same/同一, different/不同), a year is none, or a row names
    nothing on one side.

    >>> read_mapping(None).decisions
    []
    """
    if path is None:
        return NO_MAPPING
    decisions = []
    for line, row in enumerate(read_rows(path), 2):
        word = row["decision"]
        if not word:
            continue
        if word not in WORDS:
            raise InputError(
                f"{path} 第 {line} 行的决定“{word}”不认识。没有写出任何文件。请改为其中之一：{'、'.join(WORDS)}。"
            )
        if not (row["year_from"].isdigit() and row["year_to"].isdigit()):
            raise InputError(f"{path} 第 {line} 行的年度不是数字。没有写出任何文件。请填写 year_from 和 year_to。")
        one = (row["unit_from"], row["code_from"], row["project_from"], row["indicator_from"])
        other = (row["unit_to"], row["code_to"], row["project_to"], row["indicator_to"])
        if not any(one) or not any(other) or bool(one[3]) != bool(other[3]):
            raise InputError(
                f"{path} 第 {line} 行只写了一边。没有写出任何文件。请写明两个年度各是哪个单位、项目或指标。"
            )
        decisions.append(
            Decision(line, (int(row["year_from"]), int(row["year_to"])), one, other, WORDS[word] == "same")
        )
    return Mapping(decisions, str(path))


def places_of(side: tuple[str, str, str, str], projects: list) -> list[int]:
    """The places of the projects that one side of a decision names: by code or name, within its unit if it names one."""
    unit, code, name, _ = side
    found = [
        place
        for place, project in enumerate(projects)
        if (not unit or core_unit(unit) == core_unit(project.unit) or unit == project.unit_code)
        and (not code or code == project.code)
        and (not name or plain_name(name) == plain_name(project.name))
    ]
    return found


def check_found(mapping: Mapping, decision: Decision, found: tuple[list, list], units: tuple[set, set]) -> bool:
    """Whether a decision names projects of both years; False where its unit is not among those compared, or the mapping
    is one without a path (see compare.decided_leniently).

    Raises InputError where the unit is there and the project is not: a mapping that means nothing is never passed over.
    """
    for side, places, known in zip((decision.one, decision.other), found, units, strict=True):
        if not places:
            if not mapping.path or (side[0] and core_unit(side[0]) not in known and side[0] not in known):
                return False
            named = "“" + "　".join(filter(None, side[:3])) + "”"
            raise InputError(
                f"{mapping.path} 第 {decision.line} 行写的{named}在数据里找不到。没有写出任何文件。请改正名称或编码，或删去这一行。"
            )
    return True


def write_review(path: str | Path, rows: Iterable[dict]) -> int:
    """Write doubtful pairs into the mapping file for a person to decide; the number of rows still undecided.

    Decided rows stay as they are, undecided ones of an earlier review are replaced.
    """
    path = Path(path)
    kept = [row for row in read_rows(path) if row["decision"]]
    identity = COLUMNS[:10]
    known = {tuple(row[column] for column in identity) for row in kept}
    asked = []
    for row in rows:
        row = {column: "" if row.get(column) is None else str(row[column]) for column in COLUMNS}
        if (key := tuple(row[column] for column in identity)) not in known:
            known.add(key)
            asked.append(row)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: marked(text) for column, text in row.items()} for row in [*kept, *asked])
    with written_whole(path) as building:
        building.write_bytes(("\ufeff" + out.getvalue()).encode())
    return len(asked)
