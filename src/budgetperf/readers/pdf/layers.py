"""Layers of a PDF (optional content): which of them a reader of the page does not see (PDF 32000-1, 8.11)."""

from collections.abc import Callable

from budgetperf.readers.pdf.file import of_catalog

DEEPEST_RULE = 8


def layer_watch(document) -> Callable[[object], bool | None]:
    """The function that says of an optional-content entry (a group or a membership dictionary) whether it is hidden;
    None where what the document says of its layers is damaged.

    What the document's default view shows counts; a group that the default does not name is shown.
    """
    from playa.pdftypes import resolve1

    properties = of_catalog(document, "OCProperties")
    if properties is None and document.catalog:
        return lambda entry: False
    if not isinstance(properties, dict):
        return lambda entry: None if entry else False
    hidden, groups = _hidden_groups(properties)

    def group_hidden(group) -> bool:
        return id(resolve1(group)) in hidden

    def entry_hidden(entry) -> bool:
        entry = resolve1(entry)
        if not isinstance(entry, dict):
            return False
        if id(entry) in groups:
            return id(entry) in hidden
        if "OCGs" not in entry and "VE" not in entry:
            return False
        return not _shown(entry, group_hidden)

    return entry_hidden


def _hidden_groups(properties: dict) -> tuple[set[int], dict[int, dict]]:
    from playa.pdftypes import resolve1

    groups = {
        id(group): group for group in map(resolve1, resolve1(properties.get("OCGs")) or []) if isinstance(group, dict)
    }
    view = resolve1(properties.get("D")) or {}

    def named(key: str, of: dict = view) -> set[int]:
        return {id(resolve1(group)) for group in resolve1(of.get(key)) or []}

    hidden = set(groups) if _name(view.get("BaseState")) == "OFF" else set()
    hidden = (hidden - named("ON")) | named("OFF")
    for use in map(resolve1, resolve1(view.get("AS")) or []):  # automatic states: of them only those for the screen
        if _name(use.get("Event")) != "View":
            continue
        for number in named("OCGs", use):
            state = _name(
                (resolve1((resolve1(groups.get(number, {}).get("Usage")) or {}).get("View")) or {}).get("ViewState")
            )
            hidden = hidden | {number} if state == "OFF" else hidden - {number} if state == "ON" else hidden
    return hidden, groups


def _name(value) -> str:
    from playa.pdftypes import resolve1

    return getattr(resolve1(value), "name", "")


def _shown(membership: dict, group_hidden: Callable[[object], bool]) -> bool:
    """Whether a membership dictionary's rule shows its content."""
    from playa.pdftypes import resolve1

    rule = resolve1(membership.get("VE"))
    if rule:
        return _holds(rule, group_hidden, 0)
    groups = resolve1(membership.get("OCGs"))
    groups = [groups] if isinstance(groups, dict) else [group for group in groups or [] if resolve1(group)]
    states = [not group_hidden(group) for group in groups]
    if not states:
        return True
    policy = _name(membership.get("P")) or "AnyOn"
    return {"AllOn": all(states), "AnyOff": not all(states), "AllOff": not any(states)}.get(policy, any(states))


def _holds(rule, group_hidden: Callable[[object], bool], depth: int) -> bool:
    from playa.pdftypes import resolve1

    rule = resolve1(rule)
    if isinstance(rule, dict):
        return not group_hidden(rule)
    if depth > DEEPEST_RULE:
        return True
    word, *parts = rule
    states = [_holds(part, group_hidden, depth + 1) for part in parts]
    return {"Not": not any(states), "And": all(states), "Or": any(states)}.get(_name(word), True)
