"""X03 to X06: quantities, words and subjects that do not agree across projects, or with the project's own name."""

import re
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

import pandas as pd
from rapidfuzz import fuzz

from budgetperf.audit.message import project_named
from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import any_of, number

_PLACE = re.compile(
    r"[\u4e00-\u9fff]{2,3}?(?:街道|路|街|村|镇|乡|社区|小区|小学|中学|医院|水库|幼儿园)(?!级|民|干|两|委|务|居)"
)
_NO_PLACE = re.compile(
    r"各|行政村|自然村|个村|农村|乡村|全村|村村|道路|公路|线路|铁路|网络|老旧|本|所有|学校|一|街$|的"
)


# ---- X03: the same quantity --------------------------------------------------------------------------------------------


class _Quantity(NamedTuple):
    """How many there are of something, in plain values, of a project that counts what a unit simply has: its entity."""

    document_id: str
    project_no: int
    indicator_no: int
    unit_name: str
    fiscal_year: int  # 0 where not known
    project_name: str
    entity: str
    kind: str
    exact: str
    text: str
    comparator: str
    target_text: str
    unit: str
    shown: str


def _quantities(tables, thresholds, words) -> list[_Quantity]:
    rows = tables.indicators
    rows = rows[rows["kind"].isin(["people", "things"]) & rows["value"].notna()]
    entity = _entities(rows["text"], words).where(~rows["comparator"].isin(["≤", "<"]), "")
    rows = rows.assign(entity=entity, fiscal_year=rows["fiscal_year"].fillna(0), exact=rows["exact"].map(str))
    concerned = (rows["entity"] != "").groupby([rows["document_id"], rows["project_no"]]).transform("any")
    values = rows.loc[concerned.astype(bool), list(_Quantity._fields)].astype(object).itertuples(index=False, name=None)
    return list(map(_Quantity._make, values))


@rule("X03", "W", "同一数量前后不一", "同一单位同一事物的数量在各项目中应一致",
      basis="同一单位同一年度的基本数量应一致（本工具词表）",
      inputs=["indicators.target_value", "indicators.measure_unit", "indicators.name"],
      title_en="the same quantity contradicts itself", gather=_quantities)  # fmt: skip
def contradicting_quantities(gathered, thresholds, words):
    """X03: how many there are of what a unit has (communities, cadres), not how many of what it does.

    Projects that serve different places have different numbers; so has one whose numbers all stand in one proportion.
    """
    quantities = pd.DataFrame(gathered, columns=_Quantity._fields)
    quantities["exact"] = quantities["exact"].map(Decimal)
    quantities["value"] = quantities["exact"].astype(float)
    rows = quantities[quantities["entity"] != ""]
    for (_, _, entity, _kind), group in rows.groupby(["unit_name", "fiscal_year", "entity", "kind"], sort=False):
        group = group.drop_duplicates(["project_name", "comparator", "exact"])  # its self-evaluation says it again
        if group["value"].nunique() < 2 or group[["document_id", "project_no"]].drop_duplicates().shape[0] < 2:
            continue
        if not _comparable(group, quantities, thresholds["sister_names"]):
            continue
        last = list(group.itertuples())[-1]
        shown = "、".join(f"{project_named(r)}为 {r.comparator}{r.target_text}{r.unit}" for r in group.itertuples())
        cells = [(r.document_id, int(r.project_no), int(r.indicator_no)) for r in group.itertuples()]
        evidence = {"quantity": entity, "values": sorted([r.project_name, r.comparator + r.target_text + r.unit] for r in group.itertuples()),
                    "cells": [cell[1:] for cell in cells]}  # fmt: skip
        values = "、".join(dict.fromkeys(f"{number(v)}" for v in group["exact"]))
        zh = f"“{entity}”的数量在 {len(group)} 个项目中不一致（{values}）：{shown}"
        yield found(last, zh, f"{entity}: {values} in {len(group)} projects", evidence, rests_on=cells)


def _entities(text: pd.Series, words) -> pd.Series:
    """The thing that a name counts, "" where it is none of those that a unit simply has."""
    before, after = any_of(words["stock_before"]), any_of(words["stock_after"])
    known = set(words["stock"])
    bare = text.str.replace(f"^(?:{before})+", "", regex=True).str.replace(f"(?:{after})$", "", regex=True)
    return bare.where(bare.isin(known), "")


def _comparable(group: pd.DataFrame, quantities: pd.DataFrame, sister_names: float) -> bool:
    """Whether the quantity should be the same: the projects are no sisters that differ by place, or, if they are, their
    numbers do not follow another number that both name."""
    names = group["project_name"].tolist()
    pairs = [(a, b) for at, a in enumerate(names) for b in names[at + 1 :]]
    sisters = any(a != b and fuzz.ratio(a, b) >= 100 * sister_names and _differ_by_place(a, b) for a, b in pairs)
    if not sisters:
        return True
    keys = pd.MultiIndex.from_frame(group[["document_id", "project_no"]])
    own = quantities[pd.MultiIndex.from_frame(quantities[["document_id", "project_no"]]).isin(keys)]
    by_key = group.set_index(["document_id", "project_no"])["value"]
    proportions = []
    for name, others in own[own["value"] > 0].groupby("text"):
        if name in set(group["text"]) or len(others) != len(group) or others["value"].nunique() < 2:
            continue
        other = others.set_index(["document_id", "project_no"])["value"]
        if not other.index.is_unique or not by_key.index.is_unique:
            continue
        share = by_key / other.reindex(by_key.index)
        proportions.append(share.max() / share.min() < 1.05)
    return bool(proportions) and not any(proportions)


def _differ_by_place(a: str, b: str) -> bool:
    """Whether what differs in two like names stands at their beginning, as places do."""
    common = 0
    while common < min(len(a), len(b)) and a[-1 - common] == b[-1 - common]:
        common += 1
    return common >= 4


# ---- X04 to X07: words -------------------------------------------------------------------------------------------------

_YEAR = re.compile(
    r"(?<!\d)(20[0-4]\d)年(?!\d*月?\d*[日号]?(?:以来|以前|之前|前建|建成|印发|出台|发布|起|开始|至|到|—|-|–|~|结转|尾款|欠|项目尾))"
)
_EARLIER = re.compile(
    r"(?:较|比|自|从|截至|截止|截至到|至|到|—|-|–|~|根据|按照|依据|结转|上年|关于|对|以)$|[《〔\[“][^》〕\]”]*$|20\d\d年?[-—–至到、和]$"
)
_ACTED = re.compile(
    r"(?:印发|出台|下达|发布|通知|文件|会议|批准|立项|建成|结转|尾款|遗留|欠付|决算|审计|考核结果|第\d|方案|意见|规划|清单)"
)


@rule("X04", "I", "表述过时或年度有误", "政策用语和年度应与预算年度相符", basis="政策用语时效（本工具词表）；文中年度应为预算年度",
      inputs=["projects.objective", "indicators.name"], title_en="stale words or a wrong year", across=False)  # fmt: skip
def stale_words(tables, thresholds, words):
    """X04: in objectives, project names, indicator names and targets."""
    excuses = defaultdict(list)
    for word, by in words["stale_excused"]:
        excuses[word].append(by)
    for project in tables.project_rows:
        if pd.isna(project.fiscal_year):
            continue
        year = int(project.fiscal_year)
        for word, since in words["stale_after_year"]:
            if word in project.text and year >= since and not any(by in project.text for by in excuses[word]):
                zh = f"绩效目标仍引用“{word}”，{year} 年度已不是最新提法"
                yield found(
                    project, zh, f"the objective still cites {word} in {year}", {"word": word, "fiscal_year": year}
                )
        wrong = _wrong_year(project.text, year)
        if wrong:
            zh = f"绩效目标写的是 {wrong} 年，预算年度为 {year} 年"
            yield found(
                project,
                zh,
                f"the objective speaks of {wrong}, the fiscal year is {year}",
                {"year": wrong, "fiscal_year": year},
            )
    rows = tables.indicators
    dated = (rows["text"] + rows["target_text"]).str.contains("20[0-4]\\d")
    for row in tables.where(dated & rows["fiscal_year"].notna()):
        year, said = int(row.fiscal_year), f"{row.text}，{row.target_text}"
        deadline = row.level2 == "时效指标" and re.match(r"20\d\d(?=[年./-])", row.target_text)
        wrong = _wrong_year(said, year) or (int(deadline[0]) if deadline and int(deadline[0]) < year else None)
        if wrong:
            zh = f"写的是 {wrong} 年，预算年度为 {year} 年"
            yield found(
                row,
                zh,
                f"speaks of {wrong}, the fiscal year is {year}",
                {"year": wrong, "fiscal_year": year, "name": row.name},
            )


def _wrong_year(text: str, year: int) -> int | None:
    """A year of the last five that the text plans for, where it never names the fiscal year; None where there is none.

    >>> _wrong_year("完成2023年各项工作", 2024), _wrong_year("根据2023年通知精神开展工作", 2024)
    (2023, None)
    >>> _wrong_year("较2023年增长5%", 2024), _wrong_year("2023年至2024年建设", 2024), _wrong_year("对2023年以前的小区", 2024)
    (None, None, None)
    """
    if str(year) in text:
        return None
    for match in _YEAR.finditer(text):
        clause = re.split(r"[。；;]", text[: match.start()])[-1]
        after = re.split(r"[，,。；;]", text[match.end() :])[0]
        if year - 5 <= int(match[1]) < year and not _EARLIER.search(clause) and not _ACTED.search(after):
            return int(match[1])
    return None


@rule("X05", "W", "绩效目标的主体与项目名称不符", "绩效目标说的应是项目名称所指的对象",
      basis="绩效目标应与项目相关（参考财预〔2015〕88号“相关性”审查）", inputs=["projects.objective", "projects.project_name"],
      title_en="the objective speaks of another subject", across=False)  # fmt: skip
def other_subjects(tables, thresholds, words):
    """X05: of another kind of body (社区, 村), or of a place after which another project is named."""
    places = defaultdict(set)
    for project in tables.project_rows:
        places[project.document_id] |= _places(project.project_name)
    for project in tables.project_rows:
        other = _other_kind(project, words)
        if other:
            zh = f"项目名称写的是“{other[0]}”，绩效目标写的是“{'、'.join(other[1])}”"
            yield found(
                project,
                zh,
                f"the name says {other[0]}, the objective {', '.join(other[1])}",
                {"own": other[0], "other": other[1]},
            )
            continue
        own = _places(project.project_name)
        towns = {place for place in own if _TOWN.search(place)}
        if towns:  # of a town in the name, only a town in the objective is another place
            known = {place for place in places[project.document_id] - own if _TOWN.search(place)}
            named = [p for p in sorted(known) if p in project.text] or _other_towns(project.text)
            own = towns
        else:
            others = sorted(places[project.document_id] - own)
            named = [p for p in others if p in project.text and not any(p in o or o in p for o in own)]
        if own and named and not any(place in project.text or place[:-1] in project.text for place in own):
            zh = f"项目名称写的是“{'、'.join(sorted(own))}”，绩效目标写的是“{'、'.join(named)}”"
            en = f"the name says {', '.join(sorted(own))}, the objective {', '.join(named)}"
            yield found(project, zh, en, {"own": sorted(own), "other": named})


_TOWN = re.compile("(?:镇|乡|街道)$")
_ANY_TOWN = re.compile(
    r"(?<![全各本该两三四五六七八九十\d个])([\u4e00-\u9fff]{2})(镇|乡|街道)(?![\u4e00-\u9fff]{0,2}(?:振兴|风貌|建设|居民|村|级))"
)
_NO_TOWN = re.compile(
    "城|乡|镇|各|全|本|集|小|古|特色|回|返|下|辖|家|故|同|相关|所在|重点|中心|试点|有关|沿线|边远|偏远"
)


def _other_towns(text: str) -> list[str]:
    return list(dict.fromkeys(m[0] for m in _ANY_TOWN.finditer(text) if not _NO_TOWN.search(m[1])))


def _places(name: str) -> set[str]:
    return {match[0] for match in _PLACE.finditer(re.sub(r"\s+", "", name)) if not _NO_PLACE.search(match[0])}


def _other_kind(project, words) -> tuple[str, list[str]] | None:
    """(own kind, words of the other kind) where the objective speaks more of the other kind, or of its organs."""
    name, text = project.project_name, project.text
    for at, own in enumerate(words["subjects"]):
        others = [(k, kind) for k, kind in enumerate(words["subjects"]) if k != at]
        if not any(word in name for word in own) or any(word in name for _, kind in others for word in kind):
            continue
        mine = sum(text.count(word) for word in own)
        for k, kind in others:
            theirs = [word for word in kind if word in text]
            count = sum(text.count(word) for word in kind)
            organs = [word for word in words["subject_organs"][k] if word in text] if mine <= 1 else []
            if (count > mine and theirs) or organs:
                own_word = next(word for word in own if word in name)
                return own_word, organs or theirs
    return None


@rule("X06", "I", "绩效目标内文字重复", "绩效目标内不应重复同一段文字",
      basis="本工具阈值：重复 {shortest} 字以上，或整句 {shortest_clause} 字以上", inputs=["projects.objective"],
      title_en="a passage is repeated", across=False)  # fmt: skip
def repeated_passages(tables, thresholds, words):
    """X06."""
    for project in tables.project_rows:
        repeated = _repeated(project.text, thresholds["shortest"], thresholds["shortest_clause"])
        if repeated and repeated not in (project.unit_name, project.project_name):
            shown = repeated if len(repeated) <= 30 else f"{repeated[:28]}……"
            zh = f"绩效目标中“{shown}”（{len(repeated)} 字）重复出现"
            yield found(project, zh, f"“{shown}” stands twice in the objective", {"passage": repeated})


def _repeated(text: str, shortest: int, shortest_clause: int) -> str | None:
    """The longest passage over a comma that stands twice without overlap, else a whole clause that does.

    >>> _repeated("保障供餐，保证质量，满足所有职工用餐保障供餐，保证质量，满足所有职工用餐", 12, 10)
    '保障供餐，保证质量，满足所有职工用餐'
    >>> _repeated("提升服务能力，保障运转；提升服务水平，保障安全", 12, 10)
    """
    longest, size, limit = "", shortest, len(text) // 2
    seen: dict[str, int] = {}
    for start in range(len(text) - shortest + 1):
        first = seen.setdefault(text[start : start + shortest], start)
        if start - first < shortest:
            continue
        size = shortest
        while (
            size < limit
            and start + size < len(text)
            and first + size < start
            and text[first + size] == text[start + size]
        ):
            size += 1
        passage = text[first : first + size].strip("，。；、,;")
        if len(passage) > len(longest) and len(passage) >= shortest and re.search("[，。；、,;]", passage):
            longest = passage
    if longest:
        return longest
    clauses = [clause for clause in re.split("[，。；、,;]", text) if len(clause) >= shortest_clause]
    return next((clause for at, clause in enumerate(clauses) if clause in clauses[:at]), None)
