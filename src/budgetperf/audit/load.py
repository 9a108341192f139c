"""Where rules come from: the files of `audit/rules/`, other packages' entry points, Python files of the user's own."""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType

from budgetperf.audit import rules as package
from budgetperf.audit.registry import FAMILIES, Rule, rules_of
from budgetperf.errors import InputError

OF_READING = {"R01": ("未能读出", "not read"), "R03": ("重复的文件", "the same document again")}
GROUP = "budgetperf.rules"  # entry points of other packages' rules


def rules_in(folder: ModuleType) -> list[Rule]:
    """The rules of every file of a package, by family and id, whatever the files are called.

    >>> [one.id for one in rules_in(package)][:3]
    ['R02', 'R04', 'D01']
    """
    names = [f"{folder.__name__}.{found.name}" for found in pkgutil.iter_modules(folder.__path__)]
    order = list(FAMILIES)
    rules = [one for name in names for one in rules_of(importlib.import_module(name))]
    return sorted(rules, key=lambda one: (order.index(one.id[0]), one.id))


def rule_titles(lang: str = "zh") -> dict[str, str]:
    """Rule → its title, also of what reading says before any rule is run.

    >>> rule_titles()["C04"], rule_titles("en")["R01"]
    ('安排了资金而没有成本指标', 'not read')
    """
    return {rule: words[lang == "en"] for rule, words in OF_READING.items()} | {
        one.id: one.title_en if lang == "en" else one.title for one in all_rules()
    }


def own_rules() -> list[Rule]:
    """The package's rules, D to S, each once."""
    return rules_in(package)


def rules_from_file(path: str | Path) -> list[Rule]:
    """The rules of a Python file of the user's own.

    Raises InputError where the file does not exist, does not run, or defines no rule.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"找不到规则文件 {path}。请检查路径。")
    name = f"budgetperf_rules_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise InputError(f"规则文件 {path} 不是 Python 文件（.py）。请换一个文件。")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where inspect looks for the module of a function
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a file may also call exit()
        raise InputError(f"规则文件 {path} 运行出错（{type(error).__name__}: {error}）。请改正后重试。") from error
    own = rules_of(module)
    if not own:
        raise InputError(f"规则文件 {path} 里没有规则。请用 @rule(...) 标记函数，例子见 docs/rules.md。")
    return own


@cache
def _installed_rules() -> tuple[Rule, ...]:
    """The package's rules and those of installed entry points."""
    extra = [one for entry in metadata.entry_points(group=GROUP) for one in rules_of(entry.load())]
    return *own_rules(), *extra


def all_rules(extra: Iterable[str | Path] = ()) -> list[Rule]:
    """The package's rules, those of installed entry points, and those of `extra` files; ids are unique.

    >>> [one.id for one in all_rules()][:3]
    ['R02', 'R04', 'D01']
    """
    rules = [*_installed_rules()]
    for path in extra:
        rules += rules_from_file(path)
    taken: set[str] = set()
    for one in rules:
        if one.id in taken or not one.id[:1].isalpha() or one.severity not in ("E", "W", "I"):
            raise InputError(f"规则编号 {one.id} 重复，或编号、级别（{one.severity}）不合规定。请改规则文件。")
        taken.add(one.id)
    return rules
