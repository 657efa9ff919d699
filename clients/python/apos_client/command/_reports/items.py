"""Any item of the service on a terminal: a list as columns, one item with every field. Nothing is left out or cut."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic.alias_generators import to_camel
from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._base import Answer
from apos_client.command._reports.tables import STYLES, Column, table

UNKNOWN = "-"
TITLES = {"title", "text", "name", "narrative", "reason", "label", "supplier_name", "changed"}
"""Columns that may be wrapped."""


def items_report(items: Sequence[Any], columns: Sequence[str], noun: str, width: int) -> RenderableType:
    """Items in columns; a column is a field, dotted where it is nested, and one that no item has is not shown."""
    documents = [each.document() if isinstance(each, Answer) else each for each in items]
    shown: list[Column[Mapping[str, Any]]] = [
        Column(_header(path), _cell_of(path), is_title=path.split(".")[-1] in TITLES)
        for path in columns
        if any(_has(each, path) for each in documents)
    ]
    count = f"1 {noun}" if len(items) == 1 else f"{len(items)} {plural(noun)}"
    summary = Text(f"{count}.")
    return Group(table(shown, [documents], width), Text(""), summary) if shown else summary


def item_report(item: Answer, width: int) -> RenderableType:
    """Every field of an item, one on a line, with its ETag."""
    fields = list(_flat(item.document()))
    etag = getattr(item, "etag", None)
    if etag:
        fields.append(("etag", etag))
    names = max(len(name) for name, _ in fields)
    lines = []
    for name, value in fields:
        line = Text.assemble((f"{name:<{names}}", "bold"), "  ", *_wrapped(value, width - names - 2, names + 2))
        lines.append(line)
    text = Text("\n").join(lines)
    text.no_wrap, text.overflow = True, "ignore"
    return text


def plural(noun: str) -> str:
    """More than one of a noun."""
    return f"{noun.removesuffix('y')}ies" if noun.endswith("y") else f"{noun}s"


def shown(value: Any) -> str:
    """A value as text: an amount with its currency, a window with both days, a list with commas between."""
    if value is None or value == []:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        if set(value) == {"start", "end"}:
            return f"{shown(value['start'])} to {shown(value['end'])}"
        return ", ".join(f"{name} {shown(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(shown(each) for each in value)
    return str(value)


def _flat(document: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if isinstance(value, Mapping) and value and set(value) != {"start", "end"}:
            yield from _flat(value, f"{at}{name}.")
        else:
            yield f"{at}{name}", shown(value)


def _wrapped(value: str, width: int, indent: int) -> list[str]:
    from textwrap import wrap

    from apos_client.command._messages import printable

    text = " ".join(printable(value).split())
    lines = wrap(text, max(width, 20), break_on_hyphens=False) or [""]
    return [("\n" + " " * indent).join(lines)]


def _header(path: str) -> str:
    words = path.replace(".", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _has(document: Mapping[str, Any], path: str) -> bool:
    return _value(document, path) is not None


def _value(document: Mapping[str, Any], path: str) -> Any:
    value: Any = document
    for step in path.split("."):
        value = value.get(to_camel(step)) if isinstance(value, Mapping) else None
    return value


def _cell_of(path: str) -> Any:
    def cell(document: Mapping[str, Any]) -> Text:
        text = shown(_value(document, path))
        return Text(text, style=STYLES.get(text, "") if "colours" in path else "")

    return cell
