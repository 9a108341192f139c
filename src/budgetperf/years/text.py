"""The difference of two texts, word by word: what went, what came, what stayed."""

import html
import re
from typing import NamedTuple

from rapidfuzz.distance import Indel

# numbers with what is counted, Latin words and single characters: Chinese prints no blanks between words
_WORDS = re.compile(r"\d[\d,.]*\s*[%％‰]?|[A-Za-z][A-Za-z0-9-]*|\s+|.", re.DOTALL)
_STOPS = set('，。；、：,;:.！？!?（）()“”"')


class Piece(NamedTuple):
    """A stretch of text: kind is same, gone or came."""

    kind: str
    text: str


def difference(old: str | None, new: str | None) -> list[Piece]:
    """The pieces that make up both texts: same + gone is the old one, same + came the new one.

    Changes that only one or two characters stand between are one change, so that it reads as words.

    >>> difference("培训村干部36人", "培训社区干部48人")
    [Piece(kind='same', text='培训'), Piece(kind='gone', text='村'), Piece(kind='came', text='社区'), Piece(kind='same', text='干部'), \
Piece(kind='gone', text='36'), Piece(kind='came', text='48'), Piece(kind='same', text='人')]
    """
    before, after = _WORDS.findall(old or ""), _WORDS.findall(new or "")
    parts: list[list] = []  # [gone, came] or [same, None]
    for tag, start, end, other_start, other_end in Indel.opcodes(before, after):
        gone, came = "".join(before[start:end]), "".join(after[other_start:other_end])
        if tag == "equal":
            parts.append([gone, None])
        elif parts and parts[-1][1] is not None:
            parts[-1][0] += gone
            parts[-1][1] += came
        else:
            parts.append([gone if tag != "insert" else "", came if tag != "delete" else ""])
    pieces = []
    for gone, came in _joined(parts):
        if came is None:
            pieces.append(Piece("same", gone))
        else:
            pieces += [Piece(kind, text) for kind, text in (("gone", gone), ("came", came)) if text]
    return pieces


def _joined(parts: list[list]) -> list[list]:
    """Changes with a lone character between them as one; a stop or number between keeps them apart."""
    joined: list[list] = []
    for at, (gone, came) in enumerate(parts):
        short = came is None and len(gone) == 1 and gone not in _STOPS and not gone.isdigit()
        between = 0 < at < len(parts) - 1
        if (
            short
            and between
            and joined
            and joined[-1][1] is not None
            and min(len(joined[-1][0]), len(joined[-1][1])) > 0
        ):
            joined[-1][0] += gone
            joined[-1][1] += gone
        elif came is not None and joined and joined[-1][1] is not None:
            joined[-1][0] += gone
            joined[-1][1] += came
        else:
            joined.append([gone, came])
    return joined


def marked(old: str | None, new: str | None) -> str:
    """The difference as one line of text: [-gone-]{+came+}.

    >>> marked("完成2023年任务", "完成2024年任务")
    '完成[-2023-]{+2024+}年任务'
    """
    signs = {"same": "{}", "gone": "[-{}-]", "came": "{{+{}+}}"}
    return "".join(signs[piece.kind].format(piece.text) for piece in difference(old, new))


def marked_html(old: str | None, new: str | None) -> str:
    """The difference for a notebook or page: what went struck out, what came underlined; safe HTML.

    >>> marked_html("共3人", "共5人")
    '共<del>3</del><ins>5</ins>人'
    """
    signs = {"same": "{}", "gone": "<del>{}</del>", "came": "<ins>{}</ins>"}
    return "".join(signs[piece.kind].format(html.escape(piece.text)) for piece in difference(old, new))
