"""Tables written in LaTeX, as recognisers put them out → lines and tables (items of flow.py)."""

import re
from collections.abc import Iterator

from budgetperf.readers.flow import Cell, Table, lines_of

LENGTH_LIMIT, TABLES_LIMIT, SPAN_LIMIT = 5_000_000, 1_000, 63  # characters, parts of a text, columns of a cell
_TABULAR = re.compile(r"\\begin\{(tabular[xy*]?|longtable|array)\}(.*?)\\end\{\1\}", re.DOTALL)
_RULES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|endhead|endfirsthead|c(?:mid)?(?:line|rule)(?:\([lr]+\))?\{[^{}]*\})"
)
_SPAN = re.compile(r"\s*\\multi(row|column)\s*(?:\[[^\]]*\])?\{\s*(\d{1,4})\s*\}\s*(?:\[[^\]]*\])?\s*(?=\{)")
_LOOKS = re.compile(r"\\(?:textbf|textit|text|mathrm|makecell|shortstack|heiti|songti|bfseries|centering|small|footnotesize"
                    r"|section|subsection|caption|title|par|noindent)\*?(?:\[[^\]]*\])?(?![A-Za-z])")  # fmt: skip
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{[^{}]*\}(?:\[[^\]]*\])?")
_ESCAPED = re.compile(r"\\([%&_#${}])")


def is_latex(text: str) -> bool:
    """Whether a text holds a table written in LaTeX."""
    return len(text) <= LENGTH_LIMIT and text.count(r"\begin{") <= TABLES_LIMIT and _TABULAR.search(text) is not None


def latex_items(text: str) -> list:
    """Lines and tables of such a text. Formulas ($\\ge$) stay as they are.

    >>> table = "\\\\begin{tabular}{cc} \\\\hline \\\\multirow{2}{*}{甲} & 95\\\\% \\\\\\\\ & 6 \\\\\\\\ \\\\end{tabular}"
    >>> items = latex_items("\\\\section*{目标表}" + table)
    >>> items[0], [cell[:5] for cell in items[1].cells]
    (('目标表',), [(1, 1, 2, 1, '甲'), (1, 2, 1, 1, '95%'), (2, 2, 1, 1, '6')])
    """
    items, end = [], 0
    for found in _TABULAR.finditer(text):
        items += _lines(text[end : found.start()])
        body, end = found[2], found.end()
        while body.lstrip()[:1] in ("{", "["):  # the columns, the width
            body = _behind_group(body.lstrip())
        table = _table(body)
        items += [table] if table.cells else []
    return items + _lines(text[end:])


def _lines(text: str) -> list:
    return lines_of("\n".join(_plain(line) for line in text.split("\n")))


def _table(body: str) -> Table:
    """The rows of a table; a cell that goes on in other rows leaves its places in them blank."""
    cells: list[Cell] = []
    reach: dict[int, int] = {}  # column → the last row that a cell above reaches
    rows = [row for row in _divided(_RULES.sub("", body), "\\\\") if row.strip()]
    for number, row in enumerate(rows, start=1):
        col = 1
        for piece in _divided(row, "&"):
            down, over, text = _spans(piece)
            if number > reach.get(col, 0) or text:
                cells.append(Cell(number, col, min(down, len(rows) - number + 1), over, text))
                reach |= dict.fromkeys(range(col, col + over), number + down - 1)
            col += over
    return Table(len(rows), cells)


def _spans(piece: str) -> tuple[int, int, str]:
    """Over how many rows and columns a cell reaches, and its text."""
    down = over = 1
    while found := _SPAN.match(piece):
        if found[1] == "row":
            down, rest = max(1, int(found[2])), _behind_group(piece[found.end() :])
        else:
            over, rest = min(max(1, int(found[2])), SPAN_LIMIT), _behind_group(piece[found.end() :])
        piece = rest.strip()
        if piece[:1] == "{" and not _behind_group(piece).strip():
            piece = piece[1:-1]
    return down, over, _plain(piece)


def _plain(text: str) -> str:
    """A text without the marks of its looks; lines in a cell divided by "\\n"."""
    text = _LOOKS.sub("", _ENVIRONMENT.sub("", text)).replace("\\\\", "\n")
    kept = "".join(sign for part in _formulas(text) for sign in part)
    return "\n".join(line.strip() for line in kept.split("\n") if line.strip())


def _formulas(text: str) -> Iterator[str]:
    """The parts of a text: formulas between marks as they are, others without braces and escapes."""
    for part in re.split(r"((?<!\\)\$[^$]*\$)", text):
        formula = part.startswith("$")
        yield part if formula else _ESCAPED.sub(r"\1", re.sub(r"(?<!\\)[{}]", "", part)).replace("~", " ")


def _divided(text: str, mark: str) -> Iterator[str]:
    """The parts of a text between marks that stand in no group and are not escaped."""
    depth = start = place = 0
    while place < len(text):
        if depth == 0 and text.startswith(mark, place):
            yield text[start:place]
            place += len(mark)
            start = place
            continue
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        place += 2 if text[place] == "\\" else 1
    yield text[start:]


def _behind_group(text: str) -> str:
    """What stands behind the group that a text begins with."""
    depth = 0
    for place, sign in enumerate(text):
        escaped = place > 0 and text[place - 1] == "\\"
        depth += 0 if escaped else {"{": 1, "[": 1, "}": -1, "]": -1}.get(sign, 0)
        if depth == 0:
            return text[place + 1 :]
    return ""
