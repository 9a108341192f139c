"""Indicators printed as cards of labels with their values (指标名称 | 服务人数 | 指标值 | ≥80人), laid out as rows under heads."""

import re

from budgetperf.field.vocabulary import both_levels, header_field, is_label, level1_name, level2_name
from budgetperf.layout.lattice import Cell, Lattice, Line
from budgetperf.layout.unpivot import HEADS, OF_INDICATOR, Unpivoted, laid_out

_TITLE = re.compile(r"(\D{0,6}指标)\s*[（(]?[0-9一二三四五六七八九十]{1,3}[)）]?[：:]?")
Pair = tuple[str, Cell, Cell]  # field, label, value


def cards_in_rows(lattice: Lattice) -> Unpivoted | None:
    """A table in which the same labels come again and again, those of a name and a target among them: the labels of the
    first card as heads, a row a card; None where no two cards stand below each other."""
    pairs = {row: found for row in lattice.rows if (found := _pairs(lattice.starts.get(row, [])))}
    opening = next((found[0][0] for found in pairs.values()), None)
    starts = [row for row, found in pairs.items() if found[0][0] == opening]
    if len(starts) < 2:
        return None
    cards: list[list[Pair]] = []
    titles: list[Cell] = []  # 指标2, over its card
    first, end = starts[0], max(pairs)
    for row in [row for row in lattice.rows if first <= row <= end]:
        if row in pairs:
            cards += [[]] if row in starts else []
            cards[-1] += pairs[row]
        elif _is_title(lattice.texts(row)):
            titles += lattice.texts(row)
        else:
            return None
    fields = [field for field, *_ in cards[0]]
    levels = [value.text for card in cards for field, _, value in card if field in ("level1", "level2")]
    if (
        not {"name", "target"} <= set(fields)
        or not all(levels)
        or any([field for field, *_ in card] != fields for card in cards)
    ):
        return None
    above, below = [r for r in lattice.rows if r < first], [r for r in lattice.rows if r > end]
    titles += lattice.texts(above.pop()) if above and _is_title(lattice.texts(above[-1])) else []
    heads = [_in_column(_as_head(label, field), n) for n, (field, label, _) in enumerate(cards[0], 1)]
    of_cards = [[_in_column(value, n) for n, (*_, value) in enumerate(card, 1)] for card in cards]
    rows = [lattice.starts.get(r, []) for r in above] + [heads, *of_cards] + [lattice.starts.get(r, []) for r in below]
    labels = [label for card in cards[1:] for _, label, _ in card]
    words = f"{len(cards)} 条指标各自成块印出（每块有“{cards[0][0][1].text}”等 {len(fields)} 项），一块读成一行"
    return Unpivoted(laid_out(lattice, rows), [*labels, *titles], [], [words])


def cards_joined(items: list[Lattice | Line]) -> list[Lattice | Line]:
    """A document's items with the tables of a page that are a card each, between them nothing but their titles, as one."""
    result: list[Lattice | Line] = []
    for item in items:
        above = next((n for n in reversed(range(len(result))) if not _is_title_line(result[n])), None)
        whole = result[above] if above is not None else None
        if isinstance(item, Lattice) and isinstance(whole, Lattice) and whole.page == item.page and _go_on(whole, item):
            rows = [(table, row) for table in (whole, item) for row in table.rows]
            printed = {n: table.printed.get(row, row) for n, (table, row) in enumerate(rows, 1)}
            stacked = laid_out(whole, [table.starts.get(row, []) for table, row in rows])
            result[above] = stacked._replace(printed=printed)
        else:
            result.append(item)
    return result


def _go_on(whole: Lattice, card: Lattice) -> bool:
    """Whether a table holds one more card of the labels with which another ends."""
    own = [[field for field, *_ in _pairs(card.starts.get(row, []))] for row in card.rows]
    above = [[field for field, *_ in _pairs(whole.starts.get(row, []))] for row in whole.rows[-len(own) :]]
    return {"name", "target"} <= {field for fields in own for field in fields} and own == above


def _is_title_line(item: Lattice | Line) -> bool:
    return isinstance(item, Line) and _names_card(item.text)


def _names_card(text: str) -> bool:
    """Whether a title only counts the cards (指标2); one that names a level (产出指标1) says more."""
    found = _TITLE.fullmatch(text)
    return found is not None and not level1_name(found[1]) and not level2_name(found[1])


def _pairs(cells: list[Cell]) -> list[Pair]:
    """The labels of a row that name what an indicator has, each with the cell behind it; none where others stand there."""
    found = [(_field(label.text, value.text), label, value) for label, value in zip(cells[::2], cells[1::2])]  # noqa: B905
    of_indicator = len(cells) % 2 == 0 and all(field in OF_INDICATOR for field, *_ in found)
    return found if of_indicator and not any(header_field(value.text) for *_, value in found) else []


def _field(label: str, value: str) -> str | None:
    """What a label names; one beside a level is a level's (指标类型 | 产出指标/数量指标)."""
    field = header_field(label)
    if field in OF_INDICATOR or not is_label(label, "more"):
        return field
    return "level2" if both_levels(value) or level2_name(value) else "level1" if level1_name(value) else None


def _as_head(label: Cell, field: str) -> Cell:
    return label if header_field(label.text) == field else label._replace(text=HEADS[field == "level2"])


def _is_title(cells: list[Cell]) -> bool:
    return len(cells) == 1 and _names_card(cells[0].text)


def _in_column(cell: Cell, col: int) -> Cell:
    return cell._replace(col=col, colspan=1, rowspan=1)
