"""The commands that every kind of item has: `list`, `show`, `add` and `change`, made from one description of it.

`list` prints columns and `show` every field; `add` and `change` have an option for each field. What is changed was not changed by
somebody else since it was read: the command reads the ETag and sends it, or takes that of your own read with `--if-match`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apos_client.command._fields import FOUND_IN, FieldOption, options_of, sent_fields
from apos_client.command._messages import EXIT_CODES, WRONG_USE
from apos_client.command._session import AsJson, fail, print_items, print_json, service, show, show_line

if TYPE_CHECKING:
    from apos_client import Apos

IfMatch = Annotated[
    str | None,
    typer.Option("--if-match", metavar="ETAG", help="Only if its ETag is still this one; without it, it is read first"),
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, for the audit trail")]
Run = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of item: how it is called, the list of the client that has it, and the columns that `list` prints."""

    name: str
    items: str
    columns: tuple[str, ...]

    @property
    def metavar(self) -> str:
        """What stands for one of them on the command line."""
        return self.name.replace(" ", "_").upper()

    @property
    def with_article(self) -> str:
        """One of them, in a sentence."""
        return f"{'an' if self.name[0] in 'aeiou' else 'a'} {self.name}"

    def argument(self, help_text: str = "Its id or key") -> Any:
        """The argument that names one of them."""
        return Annotated[str, typer.Argument(metavar=self.metavar, help=help_text)]

    def of(self, apos: Apos) -> Any:
        """The list of the client."""
        return getattr(apos, self.items)


def group(text: str, **options: Any) -> typer.Typer:
    """A group of commands with this help."""
    return typer.Typer(rich_markup_mode=None, help=text, epilog=EXIT_CODES, **{"no_args_is_help": True, **options})


def add_show(commands: typer.Typer, noun: Noun) -> None:
    """The command `show`."""

    def run(context: typer.Context, item: str, *, as_json: bool) -> None:
        with service(context, {"key": noun.metavar}) as apos:
            found = noun.of(apos).find(item)
        print_item(found, as_json=as_json)

    parameters = [_positional("item", noun.argument()), keyword("as_json", AsJson, False)]
    _add(commands, "show", f"Show every field of {noun.with_article}, and its ETag.", run, parameters)


def add_add(
    commands: typer.Typer,
    noun: Noun,
    keywords: type,
    *,
    to: Sequence[Parameter] = (),
    adding: Callable[[Apos, Mapping[str, Any]], Callable[..., Any]] | None = None,
) -> None:
    """The command `add`, with an option for each keyword.

    Where it is added to something else, `to` are the options that name it, and `adding` gives the method for what was given.
    """
    options = options_of(keywords)

    def run(context: typer.Context, *, as_json: bool, **given: Any) -> None:
        with service(context, _places(options)) as apos:
            add = noun.of(apos).add if adding is None else adding(apos, given)
            made = add(**sent_fields(apos, options, given))
        print_done("Added", noun, made, as_json=as_json)

    parameters = [*field_parameters(options), *to, keyword("as_json", AsJson, False)]
    _add(commands, "add", f"Add {noun.with_article}.", run, parameters)


def add_change(commands: typer.Typer, noun: Noun, keywords: type, *, name: str = "change") -> None:
    """The command `change`, with an option for each keyword; what is not given stays as it is."""
    options = options_of(keywords)
    clearable = {each.option[2:]: each for each in options if each.may_be_empty}
    clear_option = typer.Option(
        "--clear", metavar="FIELD", help=f"Make it unknown: {', '.join(clearable)}; may be repeated"
    )

    def run(
        context: typer.Context,
        item: str,
        *,
        clear: list[str] | None,
        if_match: str | None,
        reason: str | None,
        as_json: bool,
        **given: Any,
    ) -> None:
        cleared = _cleared(clearable, clear or (), given)
        if not cleared and all(value in (None, []) for value in given.values()):
            fail(WRONG_USE, "Say what changes: give a field, or --clear with one.")
        with service(
            context, {**_places(options), "key": noun.metavar, "Change-Reason": "--reason", "If-Match": "--if-match"}
        ) as apos:
            fields = {**sent_fields(apos, options, given), **cleared}
            changed = noun.of(apos).change(item, etag=if_match, reason=reason, **fields)
        print_done("Changed", noun, changed, as_json=as_json)

    parameters = [
        _positional("item", noun.argument()),
        *field_parameters(options, required=False),
        keyword("clear", Annotated[list[str] | None, clear_option], None),
        keyword("if_match", IfMatch, None),
        keyword("reason", Reason, None),
        keyword("as_json", AsJson, False),
    ]
    text = (
        f"Change fields of {noun.with_article}; what is not given stays as it is. A list is replaced by what is given."
    )
    _add(commands, name, text, run, parameters)


def field_parameters(options: Sequence[FieldOption], *, required: bool = True) -> list[Parameter]:
    """The options as parameters of a command, those that must be given first."""
    first = sorted(options, key=lambda each: not (required and each.is_required))
    return [_field_parameter(each, required=required and each.is_required) for each in first]


def print_list(listed: Iterable[Any], noun: Noun, *, as_json: bool) -> None:
    """Prints the columns of items, and how many there are; or all that the service said of them."""
    items = list(listed)
    if as_json:
        print_json(items)
    else:
        print_items(items, noun.columns, noun.name)


def print_item(item: Any, *, as_json: bool) -> None:
    """Prints every field of an item; for scripts its ETag too."""
    etag = getattr(item, "etag", None)
    if as_json:
        print_json({**item.document(), **({"etag": etag} if etag else {})})
        return
    from apos_client.command._reports.items import item_report

    show(lambda width: item_report(item, width))


def print_done(done: str, noun: Noun, item: Any, *, as_json: bool) -> None:
    """Prints what was added or changed: a sentence with its id, or all of it."""
    if as_json:
        print_item(item, as_json=True)
        return
    called = getattr(item, "key", None) or getattr(item, "code", None)
    show_line(f"{done}: {noun.name} {f'{called}, ' if called else ''}{item.id}")


def _field_parameter(option: FieldOption, *, required: bool) -> Parameter:
    default = Parameter.empty if required else None
    return keyword(option.field, option.annotation(required=required), default)


def _places(options: Sequence[FieldOption]) -> dict[str, str]:
    """The option that filled each field of a request."""
    return {**{each.sent: each.option for each in options}, "key": " or ".join(_references(options)) or "--key"}


def _references(options: Sequence[FieldOption]) -> list[str]:
    return [each.option for each in options if each.field in FOUND_IN]


def _cleared(clearable: Mapping[str, FieldOption], names: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields to make unknown. Wrong use ends the command."""
    cleared: dict[str, Any] = {}
    for name in names:
        option = clearable.get(name.removeprefix("--"))
        if option is None:
            fail(WRONG_USE, f"--clear {name}: is not a field that may be unknown; give one of {', '.join(clearable)}.")
        if given.get(option.field) not in (None, []):
            fail(WRONG_USE, f"{option.option} is given and cleared: give one of them.")
        cleared[option.field] = [] if option.is_list else None
    return cleared


def _positional(name: str, annotation: Any) -> Parameter:
    return Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation)


def keyword(name: str, annotation: Any, default: Any) -> Parameter:
    """An option of a command."""
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _add(commands: typer.Typer, name: str, text: str, run: Run, parameters: Sequence[Parameter]) -> None:
    """Adds a function to a group as a command with these parameters; typer reads them from its signature."""
    context = Parameter("context", Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    whole = [context, *parameters]
    run.__signature__ = Signature(whole)  # type: ignore[attr-defined]  # a function may have one
    run.__annotations__ = {each.name: each.annotation for each in whole}
    commands.command(name, help=text, epilog=EXIT_CODES)(run)
