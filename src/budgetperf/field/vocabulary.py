"""The field's closed lists: column heads, taxonomy, comparators, units of measure, labels.

They live in `field/vocabulary.toml`; the section of the same name in a user's settings adds spellings to them, for as
long as `use` says.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import lru_cache, wraps

from budgetperf.errors import InputError
from budgetperf.settings import merged, own

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
LOOKED_UP = 20_000  # answers of one function kept at hand
_ADDED: ContextVar[str] = ContextVar("added", default="{}")  # the user's additions, as JSON: a key for what is kept


@contextmanager
def use(additions: Mapping) -> Iterator[None]:
    """The vocabulary with a user's additions (`Settings.vocabulary`), inside the `with` block only.

    Raises InputError for a spelling that would mean two things.

    >>> with use({"headers": {"name": ["考核要点"]}}):
    ...     header_field("考核 要点")
    'name'
    >>> header_field("考核要点")
    """
    token = _ADDED.set(json.dumps(additions, ensure_ascii=False, sort_keys=True))
    try:
        _refuse_second_meanings()
        yield
    finally:
        _ADDED.reset(token)


def per_vocabulary(function: Callable) -> Callable:
    """`function` worked out once for each of its arguments and each vocabulary in use; begun anew after LOOKED_UP of them,
    so that the memory of a process does not hang on how many documents it reads."""
    kept: dict[tuple, object] = {}

    @wraps(function)
    def looked_up(*arguments):
        key = (_ADDED.get(), *arguments)
        value = kept.get(key, kept)
        if value is kept:
            if len(kept) >= LOOKED_UP:
                kept.clear()
            value = kept[key] = function(*arguments)
        return value

    return looked_up


@lru_cache(maxsize=LOOKED_UP)
def fold(text: str) -> str:
    """Spelling without width, blanks and bracketed remarks, traditional characters as simplified, for comparison only.

    >>> fold("绩效指 标性质"), fold("预算数 （万元）"), fold("＞＝"), fold("單位名稱")
    ('绩效指标性质', '预算数', '>=', '单位名称')
    """
    folded = simplified(re.sub(r"\s+", "", unicodedata.normalize("NFKC", untranslated(text))).replace(":", ""))
    return _BRACKETED.sub("", folded).strip(":、.-*★※") or folded


_LATIN_LINES = re.compile(r"(?<=[\u4e00-\u9fff）)])\s*\n\s*[A-Za-z][A-Za-z0-9\s,.'()/&-]{2,}$")
_CHINESE = re.compile("[\u4e00-\u9fff]")
# Tibetan, Mongolian, Uyghur and Kazakh, Yi, Dai, Korean, beside or below the Chinese
_OTHER_SCRIPT = re.compile(
    r"[\u0f00-\u0fff\u1800-\u18af\u0600-\u077f\ufb50-\ufdff\ufe70-\ufefe\ua000-\ua4cf\u1950-\u19df\uac00-\ud7af]+"
)


def untranslated(text: str) -> str:
    """A text without what says the same in another language: words of another script, or Latin lines below it.

    >>> untranslated("项目名称\\nProject Name"), untranslated("GB/T 50378"), untranslated("水质\\n优")
    ('项目名称', 'GB/T 50378', '水质\\n优')
    >>> untranslated("项目名称\\nལས་གཞིའི་མིང་།"), untranslated("ལས་གཞིའི་མིང་།")
    ('项目名称', 'ལས་གཞིའི་མིང་།')
    """
    bare = _LATIN_LINES.sub("", text.rstrip())
    return _OTHER_SCRIPT.sub("", bare).strip() if _OTHER_SCRIPT.search(bare) and _CHINESE.search(bare) else bare


def simplified(text: str) -> str:
    """Text with the traditional characters of the field's words in their simplified form.

    >>> simplified("金額單位：萬元")
    '金额单位：万元'
    """
    return text.translate(_traditional())


@lru_cache
def _traditional() -> dict[int, str]:
    pairs = own("field/vocabulary.toml")["traditional"]
    return str.maketrans(pairs["printed"], pairs["meant"])


@per_vocabulary
def vocabulary() -> dict:
    """All lists as one dictionary: the package's own, plus those in use."""
    return merged(own("field/vocabulary.toml"), json.loads(_ADDED.get()))


def meanings(lists: Mapping) -> dict[tuple[str, str], list[str]]:
    """(section, folded spelling) → the keys under which it stands there.

    >>> meanings({"comparators": {"≥": ["不低于"], "=": ["不 低于"]}})
    {('comparators', '不低于'): ['≥', '=']}
    """
    found: dict[tuple[str, str], list[str]] = {}
    for section, key, spelling in _spellings(lists):
        keys = found.setdefault((section, fold(spelling)), [])
        keys += [key] if key not in keys else []
    return found


def _spellings(lists: Mapping) -> Iterator[tuple[str, str, str]]:
    """(section, key, spelling) of the lists in which a spelling has one meaning; levels as they are compared."""
    for section in ("headers", "labels", "comparators", "units_of_measure"):
        for key, spellings in lists.get(section, {}).items():
            yield from ((section, key, one) for one in spellings)
    for key, tiers in lists.get("form", {}).items():
        if key != "words":  # those are parts of labels
            texts = tiers if key == "note" else [one for tier in tiers for one in tier]
            yield from (("form", key, one) for one in texts)
    for level, entry in lists.get("levels", {}).items():
        yield from (("levels", level, _stem(one)) for one in [level, *entry.get("variants", [])])
        for below, spellings in entry.get("level2", {}).items():
            yield from (("level2", below, _stem(one)) for one in [below, *spellings])
    yield from (("categories", code, name) for code, name in lists.get("categories", {}).items())


@per_vocabulary
def _refuse_second_meanings() -> None:
    """InputError where the user's additions give a spelling a meaning besides one it has."""
    ours = meanings(own("field/vocabulary.toml"))
    for place, keys in meanings(vocabulary()).items():
        if len(keys) > 1 and keys != ours.get(place):
            raise InputError(
                f"budgetperf.toml 的 [{place[0]}] 里，“{place[1]}”既是 {keys[0]} 又是 {keys[-1]} 的写法，"
                "一个写法只能有一个意思。请删去其中一处。"
            )


@per_vocabulary
def header_fields() -> dict[str, str]:
    """Folded column head → field.

    >>> header_fields()["分值权重"], header_fields()["计算符号"]
    ('weight', 'comparator')
    """
    return {fold(head): field for field, heads in vocabulary()["headers"].items() for head in heads}


_UNIT_BEHIND = re.compile(r"(?:[/／,，]\s*(?:百|千|万|百万|亿)?元|(?<=[数额金算费资款])(?:千|万|百万|亿)元)\s*$")
_NAME_WITH_CODE = re.compile(
    r"(项目|单位|部门)(?:名称[及和与/、]\1?(?:编码|代码|编号)|(?:编码|代码|编号)[及和与/、]\1?名称)$"
)
_VALUE_WITH_UNIT = re.compile(r"(值)[及和与/、](?:计量|度量)?单位$")


def fold_head(text: str) -> str:
    """A head folded, without the unit of money behind it, the code beside a name and the unit beside a value.

    >>> fold_head("金额/万元"), fold_head("预算数（万元）"), fold_head("项目名称/编码"), fold_head("指标值/计量单位")
    ('金额', '预算数', '项目名称', '指标值')
    """
    return _VALUE_WITH_UNIT.sub(r"\1", _NAME_WITH_CODE.sub(r"\1名称", fold(_UNIT_BEHIND.sub("", text))))


@per_vocabulary
def header_field(text: str) -> str | None:
    """The field that a column head names, or None.

    >>> header_field("预算数 (万元)"), header_field("三级 指标"), header_field("社区数量")
    ('budget', 'name', None)
    """
    if len(text) >= 40 and len(untranslated(text)) >= 40:
        return None
    known, head = header_fields(), fold_head(text)
    return known.get(head) or known.get(_YEAR_WORD.sub("年", head)) or known.get(_YEAR_WORD.sub("年度", head))


_YEAR_WORD = re.compile("年度?")


def header_rank(text: str) -> int:
    """Place of a column head among the heads of its field, the commonest first.

    >>> header_rank("三级指标") < header_rank("绩效指标")
    True
    """
    heads = [fold(head) for head in vocabulary()["headers"][header_field(text)]]
    spelled = [fold_head(text), *(_YEAR_WORD.sub(word, fold_head(text)) for word in ("年", "年度"))]
    return next(heads.index(head) for head in spelled if head in heads)


@per_vocabulary
def _labels(kind: str) -> frozenset[str]:
    return frozenset(fold(label) for label in vocabulary()["labels"][kind])


_SUM_OF_SCORES = re.compile("(?:自评|评价|综合|最终|总)?(?:得分|评分|分值|分数)[合总]计|[合总]计(?:得分|评分)")
_SECTION_NUMBER = re.compile(r"^[一二三四五六七八九十]{1,3}[、.]")


@per_vocabulary
def is_label(text: str, kind: str) -> bool:
    """Whether a cell is such a label ("total", "subtotal", "score_total", "execution").

    >>> is_label("合 计-", "total"), is_label("总计划", "total"), is_label("五、自评总分", "score_total")
    (True, False, True)
    >>> is_label("得分合计", "score_total"), is_label("得分", "score_total")
    (True, False)
    """
    folded = _SECTION_NUMBER.sub("", fold(text))
    known = folded in _labels(kind) or fold(text) in _labels(kind)
    return len(text) < 30 and (known or (kind == "score_total" and _SUM_OF_SCORES.fullmatch(folded) is not None))


_POINTS = re.compile(r"[(（【\[]?\s*(\d+(?:\.\d+)?)\s*(?:[-—–~～至]\s*(\d+(?:\.\d+)?))?\s*[)）】\]]?\s*分?\s*[)）]?$")


def level_points(text: str) -> tuple[str, tuple[Decimal, Decimal] | None]:
    """A printed level without the points that stand beside its name, and the least and most points, if any.

    >>> level_points("成本指标\\n(0-20)分"), level_points("产 出 指标（50分）")[0], level_points("数量指标")
    (('成本指标', (Decimal('0'), Decimal('20'))), '产 出 指标', ('数量指标', None))
    """
    found = _POINTS.search(text)
    name = text[: found.start()].strip() if found else ""
    if not found or not re.search(r"[\u4e00-\u9fff]$", name) or not re.search(r"[(（【\[分]", found[0]):
        return text, None
    low = Decimal(found[1])
    return name, (low, Decimal(found[2]) if found[2] else low)


_LEVEL_NUMBER = re.compile(r"^\(?[0-9一二三四五六七八九十]{1,3}(?:\.[0-9]{1,2})*\)?[.、]?")


def _stem(level: str) -> str:
    folded = fold(level_points(level)[0])
    return folded.removesuffix("指标") or folded


def _known_level(text: str, spellings: dict[str, str]) -> str | None:
    """The canonical name of a printed level; a number before it and a glyph that is no character do not count."""
    if found := spellings.get(_stem(text)):
        return found
    folded = unicodedata.normalize("NFKC", text)
    bare = _LEVEL_NUMBER.sub("", re.sub(r"\s+", "", folded))
    return spellings.get(_stem(bare)) or spellings.get(_stem(re.sub(r"[^\u4e00-\u9fff]", "", _BRACKETED.sub("", bare))))


def is_plain_level(text: str) -> bool:
    """Whether a printed level is spelled without numbering or stray glyphs.

    >>> is_plain_level("产 出指标"), is_plain_level("1.产出指标"), is_plain_level("产出指标|")
    (True, False, False)
    """
    return _stem(text) in _levels()[0] or _stem(text) in _levels()[1]


@per_vocabulary
def _levels() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    level1, level2, parent = {}, {}, {}
    for name, entry in vocabulary()["levels"].items():
        level1 |= {_stem(spelling): name for spelling in [name, *entry.get("variants", [])]}
        for child, variants in entry.get("level2", {}).items():
            parent[child] = name
            level2 |= {_stem(spelling): child for spelling in [child, *variants]}
    return level1, level2, parent


@per_vocabulary
def level1_name(text: str) -> str | None:
    """Canonical level 1 of a printed one, or None.

    >>> level1_name("产 出 指 标"), level1_name("效益"), level1_name("满意度"), level1_name("数量指标")
    ('产出指标', '效益指标', '满意度指标', None)
    >>> level1_name("1.产出指标"), level1_name("（二）效益指标"), level1_name("产出指标|")
    ('产出指标', '效益指标', '产出指标')
    """
    return _known_level(text, _levels()[0])


@per_vocabulary
def level2_name(text: str) -> str | None:
    """Canonical level 2 of a printed one, or None; any short text that ends in 满意度 is a satisfaction level.

    >>> level2_name("社会效益"), level2_name("服务对象满意 度"), level2_name("产出指标")
    ('社会效益指标', '服务对象满意度指标', None)
    """
    return _known_level(text, _levels()[1])


def both_levels(text: str) -> tuple[str, str] | None:
    """A level 1 and a level 2 that are printed in one cell, or None.

    >>> both_levels("产出指标-数量指标"), both_levels("效益／社会效益"), both_levels("数量指标")
    (('产出指标', '数量指标'), ('效益', '社会效益'), None)
    """
    parts = [part.strip() for part in re.split(r"[-—－_/／、>→]+", text)]
    return (parts[0], parts[1]) if len(parts) == 2 and level1_name(parts[0]) and level2_name(parts[1]) else None


def whole_level2(part: str) -> str | None:
    """The one canonical level 2 of which a text is the beginning, cut by a page break; None where several begin so.

    >>> whole_level2("生态效益指"), whole_level2("可持续影"), whole_level2("社会"), whole_level2("数量指标")
    ('生态效益指标', '可持续影响指标', None, None)
    """
    return _whole(part, _levels()[1])


def whole_level1(part: str) -> str | None:
    """The one canonical level 1 of which a text is the beginning.

    >>> whole_level1("产出指"), whole_level1("满意"), whole_level1("产出")
    ('产出指标', '满意度指标', None)
    """
    return _whole(part, _levels()[0])


def _whole(part: str, spellings: dict[str, str]) -> str | None:
    folded = fold(part)
    if len(folded) < 2 or _stem(part) in spellings:
        return None
    names = {name for spelling, name in spellings.items() if f"{spelling}指标".startswith(folded)}
    return names.pop() if len(names) == 1 else None


def level1_of(level2: str | None) -> str | None:
    """Level 1 to which the taxonomy counts a canonical level 2; None for 成本指标 (either) and for unknown ones.

    >>> level1_of("社会效益指标"), level1_of("成本指标")
    ('效益指标', None)
    """
    return None if level2 == "成本指标" else _levels()[2].get(level2)


@per_vocabulary
def level2_order() -> dict[str, int]:
    """Canonical level 2 → its place in the usual order of print."""
    return {name: place for place, name in enumerate(_levels()[2])}


@per_vocabulary
def comparator_spellings() -> dict[str, str]:
    """Folded spelling → canonical comparator."""
    return {
        fold(spelling): canonical
        for canonical, spellings in vocabulary()["comparators"].items()
        for spelling in spellings
    }


@per_vocabulary
def units_of_measure() -> dict[str, str]:
    """Folded unit of measure → its kind (time, rate, money, people, things, measure)."""
    return {fold(u): kind for kind, units in vocabulary()["units_of_measure"].items() for u in units}


def unit_kind(text: str) -> str | None:
    """Kind of a unit of measure, compounds by their parts, or None.

    >>> unit_kind("人次"), unit_kind("％"), unit_kind("元/平方米/月"), unit_kind("社区数量")
    ('people', 'rate', 'money', None)
    """
    kinds = units_of_measure()
    folded = fold(text)
    if folded in kinds:
        return kinds[folded]
    parts = [part.lstrip("每") for part in re.split(r"[/·每]", folded)]
    return kinds[parts[0]] if len(parts) > 1 and all(part in kinds for part in parts) else None


def names_body(text: str) -> bool:
    """Whether a text ends like the name of a public body.

    >>> names_body("白石县住房和城乡建设局（本级）"), names_body("白石县")
    (True, False)
    """
    return fold(text).endswith(tuple(vocabulary()["words"]["bodies"]))
