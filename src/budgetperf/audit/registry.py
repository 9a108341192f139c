"""What a rule is and how one is written; where rules come from: load.py.

A rule is a function of (tables, thresholds, words) that yields what it found; `@rule` says what it is called and what
it rests on. A file of your own with such functions is given by `budgetperf audit --rules FILE`, or installed as an
entry point of the group `budgetperf.rules`:

    from budgetperf.audit import found, rule

    @rule("U01", "W", "培训超过两周", "培训天数超过 14 天", basis="本单位培训管理办法", inputs=["indicators.target_value"])
    def long_training(tables, thresholds, words):
        rows = tables.indicators
        for row in rows[rows["text"].str.contains("培训") & (rows["unit"] == "天") & (rows["value"] > 14)].itertuples():
            yield found(row, f"培训 {row.value:g} 天，超过 14 天", f"{row.value:g} days of training, more than 14",
                        {"days": row.value})
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

FAMILIES = {
    "R": "识读 reading",
    "D": "表内勾稽 the document itself",
    "C": "完整性 completeness",
    "Q": "表述 wording",
    "T": "口径 target and unit",
    "L": "目标水平 level of the target",
    "W": "分值 weights",
    "B": "预算 budget",
    "X": "跨项目 across projects",
    "S": "自评 self-evaluation",
    "Y": "跨年度 over years",
}


class Found(NamedTuple):
    """One thing found: where, in words without the place and the basis, and the figures as data.

    rests_on: further (document_id, project_no, indicator_no or None) whose cells decide it; item: how it is named in a
    list where many are summed up.
    """

    document_id: str
    project_no: int | None
    indicator_no: int | None
    zh: str
    en: str
    evidence: dict
    severity: str | None = None
    rests_on: tuple = ()
    item: str = ""


def found(row, zh: str, en: str, evidence: dict, *, severity: str | None = None, rests_on: Iterable = ()) -> Found:
    """A Found at a row of tables.documents, tables.projects or tables.indicators (as itertuples gives it).

    >>> from types import SimpleNamespace as Row
    >>> found(Row(document_id="a", project_no=3), "没有时效指标", "no timeliness indicator", {}).project_no
    3
    """
    project, indicator = getattr(row, "project_no", None), getattr(row, "indicator_no", None)
    project = None if project is None else int(project)
    indicator = None if indicator is None else int(indicator)
    item = getattr(row, "shown", "") if indicator is not None else ""
    return Found(row.document_id, project, indicator, zh, en, evidence, severity, tuple(rests_on), item)


@dataclass(frozen=True)
class Rule:
    """A rule: `run(tables, thresholds, words)` yields Found. `basis` may name thresholds in {}.

    inputs: columns it rests on, as "indicators.weight"; "rows": which rows belong to a project. summary: "project" or
    "document" where many findings of one document are summed up, else None.

    across: whether it compares documents. One that does not finds in a document alone what it finds there among others,
    so that its findings are kept with the document. One that does may have `gather(tables, thresholds, words)`, the list
    of what it needs of a document in plain values (text, numbers, lists), kept as well; `run` then takes the list of all
    documents instead of the tables. `when(dataset)`: whether there is anything to compare.
    """

    id: str
    severity: str
    title: str
    what: str
    basis: str
    inputs: tuple[str, ...]
    summary: str | None
    title_en: str
    run: Callable
    across: bool = True
    gather: Callable | None = None
    when: Callable | None = None

    def basis_with(self, thresholds: Mapping) -> str:
        """The basis with the thresholds that decide.

        >>> Rule("U01", "I", "", "", "低于 {below} 分", (), None, "", print).basis_with({"below": 60})
        '低于 60 分'
        """
        return self.basis.format_map(shown_thresholds(thresholds))


def shown_thresholds(thresholds: Mapping) -> dict:
    """Thresholds as they are printed: no needless digits.

    >>> shown_thresholds({"below": 60.0})
    {'below': '60'}
    """
    return {
        key: f"{value:.4g}" if isinstance(value, float) and value > 1 else value for key, value in thresholds.items()
    }


def rule(
    id: str,
    severity: str,
    title: str,
    what: str,
    *,
    basis: str,
    inputs: Iterable[str] = (),
    summary: str | None = None,
    title_en: str = "",
    across: bool = True,
    gather: Callable | None = None,
    when: Callable | None = None,
):
    """Decorator that makes a function a rule, see Rule; the function itself stays as it is.

    >>> @rule("U01", "I", "例", "例", basis="本单位规定")
    ... def example(tables, thresholds, words):
    ...     return []
    >>> example.rule.id, list(example(None, {}, {}))
    ('U01', [])
    """

    def mark(run: Callable) -> Callable:
        run.rule = Rule(
            id, severity, title, what, basis, tuple(inputs), summary, title_en or title, run, across, gather, when
        )
        return run

    return mark


def rules_of(module: ModuleType) -> list[Rule]:
    """The rules that a module defines, in the order of their definition."""
    marked = [value.rule for value in vars(module).values() if isinstance(getattr(value, "rule", None), Rule)]
    return [one for one in marked if inspect.getmodule(one.run) is module]
