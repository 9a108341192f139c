"""The house has one way through: a module imports only from rooms above it, and neighbours do not meet sideways."""

import ast
import importlib
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).parents[1] / "src/budgetperf"
ROOMS = ["version", "errors", "settings", "field", "tables", "works", "readers", "layout", "clean", "mend", "audit", "pipeline", "profiles",
         "years", "charts", "evidence", "report", "notebooks", "cli"]  # fmt: skip
SIDE_BY_SIDE = [{"readers", "layout", "clean"}]
ANYONE = {"__init__", "fonts"}  # the package's front door, and the folder of font files


def room_of(path: Path) -> str:
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> list[str]:
    """Modules of budgetperf that a file imports, without the package's name: readers.cells."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [a.name.removeprefix("budgetperf.") for a in node.names if a.name.startswith("budgetperf.")]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "budgetperf":
            inside = (node.module or "").removeprefix("budgetperf").lstrip(".")
            found += [f"{inside}.{a.name}".lstrip(".") for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            inside = [*path.relative_to(SOURCE).parts[: -node.level], *(node.module or "").split(".")]
            found += [".".join(filter(None, [*inside, a.name])) for a in node.names]
    return found


MODULES = sorted(path for path in SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_only_from_rooms_above(path):
    room = room_of(path)
    assert room in ROOMS or room in ANYONE, f"{room} has no place in the order of rooms"
    if room in ANYONE:
        return
    for name in imports_of(path):
        other = name.split(".")[0]
        if other == room or other == "__version__":
            continue
        assert other in ROOMS, f"{path.name} imports {name}, which has no place in the order of rooms"
        assert ROOMS.index(other) < ROOMS.index(room), f"{path.name} ({room}) imports {name}, a room below it"
        assert not any({room, other} <= neighbours for neighbours in SIDE_BY_SIDE), (
            f"{path.name} imports {name} sideways"
        )


def test_no_name_is_both_a_function_and_a_module():
    for path in MODULES:
        module = ".".join(["budgetperf", *path.relative_to(SOURCE).parts]).removesuffix(".py")
        room, _, name = module.rpartition(".")
        if not name.startswith("__"):
            seen = getattr(importlib.import_module(room), name, None)
            assert seen is None or isinstance(seen, ModuleType), module


def test_the_order_is_the_houses_own():
    """Every room of the order that exists is a module or a folder, and every module has a room."""
    existing = {room_of(path) for path in MODULES} - ANYONE
    assert existing <= set(ROOMS) and len(ROOMS) == len(set(ROOMS))


def test_camelot_is_known_to_the_pdf_reader_only_and_imported_late():
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
        names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        if any(name.split(".")[0] == "camelot" for name in names):
            assert room_of(path) == "readers" and "pdf" in path.parts
            top = [a.name for node in tree.body if isinstance(node, ast.Import) for a in node.names]
            assert "camelot" not in top and not any(
                isinstance(node, ast.ImportFrom) and (node.module or "").startswith("camelot") for node in tree.body
            )


def test_files_stay_short_enough_to_read():
    long = {path.name: n for path in MODULES if (n := len(path.read_text(encoding="utf-8").splitlines())) > 450}
    assert not long
