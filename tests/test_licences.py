"""What the package needs at run time is under licences that ask nothing of those who use it; told by the installed packages."""

import re
from importlib.metadata import PackageNotFoundError, distribution, requires

COPYLEFT = re.compile(r"\bA?GPL|Affero|GNU General Public", re.IGNORECASE)
LESSER = re.compile(r"\bLGPL|Lesser", re.IGNORECASE)


def needed(name: str, found: set[str]) -> set[str]:
    """The packages that `name` needs at run time, itself included; those of extras and of other systems left out."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in found:
        return found
    try:
        requirements = requires(name) or []
    except PackageNotFoundError:
        return found
    found.add(key)
    for requirement in requirements:
        if "extra ==" not in requirement:
            needed(re.match(r"[A-Za-z0-9._-]+", requirement)[0], found)
    return found


def is_copyleft(licence: str) -> bool:
    return bool(COPYLEFT.search(licence)) and not LESSER.search(licence)


def licence_of(name: str) -> str:
    """What a package says of its licence in one line: its expression, its classifiers, or the first line of its text."""
    about = distribution(name).metadata
    classified = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    return about.get("License-Expression") or "; ".join(classified) or (about.get("License") or "").split("\n")[0]


def test_no_package_needed_at_run_time_is_under_a_licence_that_spreads():
    packages = needed("budgetperf", set())
    assert len(packages) > 60, "the installed packages were not found"
    spreading = {name: licence for name in packages if is_copyleft(licence := licence_of(name))}
    assert not spreading


def test_licences_that_spread_are_told():
    assert is_copyleft("GPL-3.0-or-later") and is_copyleft("License :: OSI Approved :: GNU General Public License v3")
    assert is_copyleft("AGPL-3.0") and not is_copyleft("LGPL-2.1") and not is_copyleft("MIT")
