"""Options for the fields of something that is added or changed: one for each keyword that the client's method takes.

They follow from the keywords, so a field that the contract gains is an option at once. A name of the contract becomes an option
by one rule: `acceptanceCriterion` is `--acceptance-criterion`, `programmeId` is `--programme`, and of a list one item is given
at a time: `--lot` for `lotIds`.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import typer

from apos_client import _keywords
from apos_client.command._options import day

if TYPE_CHECKING:
    from apos_client import Apos

FOUND_IN = {
    "programme_id": "programmes",
    "lot_id": "lots",
    "lot_ids": "lots",
    "challenge_ids": "challenges",
    "alternative_id": "lots",
    "replaced_by": "lots",
    "owner_id": "organisations",
    "partner_ids": "suppliers",
    "supplier_id": "suppliers",
    "site_id": "test_sites",
    "after": "milestones",
}
"""Fields that hold ids, and the list in which a key is looked up."""
HELP = {
    "source": "The key of the published document that it rests on",
    "signed_by": "Who signed it, function and name as printed",
    "uri": "Where it is published officially",
    "dated": "The date that is printed on it",
    "readings": "A field that no source states and that was concluded",
    "key": "A short name to find it by; it never changes",
    "window": "First and last day: 2026-12-01/2026-12-31",
    "period": "First and last day: 2026-12-01/2026-12-31",
    "forecast": "First and last day that are expected now",
    "budget": "An amount such as 150000000, or amount=150000000,qualifier=moreThan,fund=dmf",
    "payment": "An amount such as 150000000",
    "references": "A parliamentary paper: asPrinted='27 830, nr. 489'",
    "after": "The milestone that it comes after",
    "effect_published": "The effect in the words of the source",
}
REFERENCE = "by id or key"


class _Part:
    """Stands in for a model, which takes long to load: such a field is given as text."""


class _Names(dict[str, Any]):
    """What annotations name: words as they are defined, models as parts."""

    def __missing__(self, name: str) -> Any:
        if name in vars(_keywords):
            return vars(_keywords)[name]
        if name in _BUILT_IN:
            return _BUILT_IN[name]
        return type(name, (_Part,), {})


_BUILT_IN = {"str": str, "int": int, "bool": bool, "None": None}


@dataclass(frozen=True, slots=True)
class FieldOption:
    """A keyword of a method as an option."""

    field: str
    kind: Any
    is_list: bool
    is_required: bool
    may_be_empty: bool

    @property
    def option(self) -> str:
        """The option as it is typed."""
        name = self.field
        if self.field in FOUND_IN or self.is_list:
            name = name.removesuffix("_ids").removesuffix("_id")
        name = name.removesuffix("s") if self.is_list and name.endswith("s") else name
        return f"--{name.replace('_', '-')}"

    @property
    def sent(self) -> str:
        """The field as the contract calls it."""
        first, *rest = ("date" if self.field == "dated" else self.field).split("_")
        return first + "".join(word.capitalize() for word in rest)

    def annotation(self, *, required: bool) -> Any:
        """The option as typer takes it."""
        kind, parser, metavar = _typed(self.kind)
        given: dict[str, Any] = {"help": self._help(), "metavar": metavar}
        if parser is not None:
            given["parser"] = parser
        if kind is bool:
            return Annotated[bool | None, typer.Option(f"{self.option}/--no-{self.option[2:]}", help=self._help())]
        whole = types.GenericAlias(list, (kind,)) if self.is_list else kind
        return Annotated[whole if required else Union[whole, None], typer.Option(self.option, **given)]  # noqa: UP007

    def _help(self) -> str:
        words = HELP.get(self.field) or self.option[2:].replace("-", " ").capitalize()
        if self.field in FOUND_IN:
            words = f"{words}, {REFERENCE}"
        return f"{words}; may be repeated" if self.is_list else words


def options_of(keywords: type) -> list[FieldOption]:
    """The options for the keywords of a method."""
    hints = get_type_hints(keywords, localns=_Names(), include_extras=True)
    return [_option(name, hint) for name, hint in hints.items()]


def _option(name: str, hint: Any) -> FieldOption:
    is_required = get_origin(hint) is not NotRequired
    kind = hint if is_required else get_args(hint)[0]
    options = list(get_args(kind)) if get_origin(kind) in (Union, types.UnionType) else [kind]
    may_be_empty = type(None) in options
    kind = UUID if UUID in options else options[0]
    is_list = get_origin(kind) is not None and get_origin(kind) is not Literal
    if is_list:
        [item] = get_args(kind)
        kind = UUID if UUID in get_args(item) else item
    return FieldOption(name, kind, is_list, is_required, may_be_empty or is_list)


def _typed(kind: Any) -> tuple[Any, Callable[[str], Any] | None, str | None]:
    """How typer reads an option of a kind: its type, its parser, and how help names what is given."""
    if kind is UUID:
        return str, None, "ID"
    if kind is date:
        return date, day, "DATE"
    if isinstance(kind, type) and issubclass(kind, _Part):
        if kind.__name__ == "Window":
            return Any, window, "DATE/DATE"
        return Any, _AmountParser() if kind.__name__ in ("Amount", "Budget") else part, "FIELD=VALUE,..."
    return kind, None, None


def window(text: str) -> dict[str, str]:
    """A first and a last day as they are typed."""
    start, slash, end = text.partition("/")
    if not slash:
        raise typer.BadParameter(f"{text!r} has no last day; give two days such as 2026-12-01/2026-12-31")
    return {"start": day(start).isoformat(), "end": day(end).isoformat()}


def part(text: str) -> dict[str, Any]:
    """Fields of a part as they are typed: FIELD=VALUE pairs with commas between them, or a JSON object."""
    if text.lstrip().startswith("{"):
        try:
            return dict(json.loads(text))
        except ValueError as error:
            raise typer.BadParameter(f"{text!r} is not a JSON object: {error}") from None
    pairs = [pair.partition("=") for pair in _pairs(text)]
    if not all(equals for _, equals, _ in pairs):
        raise typer.BadParameter(
            f"{text!r} lacks a field; give FIELD=VALUE, with commas between them, or a JSON object"
        )
    return {name.strip(): value for name, _, value in pairs}


def _pairs(text: str) -> list[str]:
    """The pairs of a text; a comma before something that is no pair belongs to the value before it."""
    found: list[str] = []
    for piece in text.split(","):
        name, equals, _ = piece.partition("=")
        if found and not (equals and name.strip().isalnum()):
            found[-1] = f"{found[-1]},{piece}"
        else:
            found.append(piece)
    return found


class _AmountParser:
    """Reads an amount: a number alone, or its fields."""

    __name__ = "amount"

    def __call__(self, text: str) -> dict[str, Any]:
        return part(text) if "=" in text or text.lstrip().startswith("{") else {"amount": text}


def sent_fields(apos: Apos, options: Sequence[FieldOption], given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, as keywords of the client's method; a key of another item becomes its id."""
    fields = {each.field: given[each.field] for each in options if given.get(each.field) not in (None, [])}
    return {name: _found(apos, name, value) for name, value in fields.items()}


def _found(apos: Apos, name: str, value: Any) -> Any:
    if name not in FOUND_IN:
        return value
    items = getattr(apos, FOUND_IN[name])
    return [items.find(each).id for each in value] if isinstance(value, list) else items.find(value).id
