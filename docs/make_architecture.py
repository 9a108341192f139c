"""Draws the rooms of the house and who imports whom, from the imports themselves, into docs/architecture.md.

uv run python docs/make_architecture.py            write
uv run python docs/make_architecture.py --check    exit 1 where the page is out of date
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from test_layering import ANYONE, MODULES, ROOMS, imports_of, room_of  # noqa: E402

PAGE = ROOT / "docs/architecture.md"
MARKS = "<!-- rooms: made by docs/make_architecture.py -->\n", "<!-- end of rooms -->\n"
EVERYWHERE = ["version", "errors", "settings", "field", "tables"]  # imported by nearly all: drawn as one ground floor


def arrows() -> dict[str, set[str]]:
    """Room → the rooms that it imports, those of the ground floor left out."""
    found = defaultdict(set)
    for path in MODULES:
        room = room_of(path)
        if room not in ANYONE:
            found[room] |= {name.split(".")[0] for name in imports_of(path)} & set(ROOMS)
    return {room: found[room] - {room, *EVERYWHERE} for room in ROOMS if room not in EVERYWHERE}


def picture() -> str:
    """The rooms as a Mermaid graph: from above to below, an arrow from each room to those that it imports."""
    lines = ["```mermaid", "flowchart BT", f'  ground["{" · ".join(EVERYWHERE)}"]']
    of_rooms = arrows()
    lines += [f"  {room}" for room in of_rooms]
    for room, others in of_rooms.items():
        lines += [f"  {room} --> {other}" for other in sorted(others, key=ROOMS.index)]
        if not others:
            lines.append(f"  {room} --> ground")
    return "\n".join([*lines, "```", ""])


def page() -> str:
    """The page with its picture made anew."""
    text = PAGE.read_text(encoding="utf-8")
    pattern = re.escape(MARKS[0]) + ".*?" + re.escape(MARKS[1])
    return re.sub(pattern, lambda _: MARKS[0] + picture() + MARKS[1], text, flags=re.DOTALL)


if __name__ == "__main__":
    made = page()
    if "--check" in sys.argv:
        sys.exit(made != PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(made, encoding="utf-8")
