"""`apos declare what-if`: the score of a declaration if some of its components were different. Nothing is stored.

Each `--set` belongs to the `--component` before it. The parser of options would lose that, so they are joined before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from apos_client.command._messages import NOT_FOUND, UNEXPECTED, WRONG_USE
from apos_client.command._options import ReferenceDate
from apos_client.command._session import AsJson, fail, print_json, service, show

if TYPE_CHECKING:
    from apos_client import Apos, Component, Score

UNKNOWN = "null"
EVIDENCE, VALUE = "evidence", "unitValue"
SEPARATOR = "\x1f"
COMPONENT_FIRST = "name the component first: --component KEY --set FIELD=VALUE"


class SetsOfComponents(TyperCommand):
    """A command in which every --set belongs to the --component before it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Joins them, then parses as usual."""
        return super().parse_args(ctx, list(_joined(args)))


def _joined(args: Sequence[str]) -> Iterator[str]:
    """The arguments, with each --set as the key of its component, a separator that nobody types, and what it sets."""
    words, component = iter(args), ""
    for word in words:
        name, equals, value = word.partition("=")
        if name not in ("--component", "--set"):
            yield word
            continue
        given = value if equals else next(words, None)
        yield name
        if given is None:
            return
        component = given if name == "--component" else component
        yield given if name == "--component" else f"{component}{SEPARATOR}{given}"


@cache
def _fields() -> list[str]:
    """The fields of a component that can be set, by their names in the contract."""
    from apos_client import Component, Proof

    own = {info.alias or name for name, info in Component.model_fields.items()} - {"key", EVIDENCE}
    return sorted(own | {f"{EVIDENCE}.{info.alias or name}" for name, info in Proof.model_fields.items()})


def _assignment(text: str) -> tuple[str, str, str | None]:
    """A component, a field of it, and the value to set; None is unknown."""
    component, _, given = text.partition(SEPARATOR)
    field, equals, value = given.partition("=")
    if not component:
        raise typer.BadParameter(COMPONENT_FIRST)
    if not equals:
        raise typer.BadParameter(f"{given!r} sets nothing; give FIELD=VALUE, or FIELD={UNKNOWN} for unknown")
    if field not in _fields():
        raise typer.BadParameter(f"{field!r} is not a field of a component; give one of {', '.join(_fields())}")
    return component, field, None if value == UNKNOWN else value


def what_if(
    context: typer.Context,
    declaration: Annotated[str, typer.Argument(metavar="DECLARATION", help="Its id; a draft too")],
    *,
    components: Annotated[
        list[str], typer.Option("--component", metavar="KEY", help="A component to change; may be repeated")
    ],
    changes: Annotated[
        list[Any],
        typer.Option(
            "--set",
            parser=_assignment,
            metavar="FIELD=VALUE",
            help=f"A field of that component, such as countryOfManufacture=NL; {UNKNOWN} is unknown; may be repeated",
        ),
    ],
    reference_date: ReferenceDate = None,
    as_json: AsJson = False,
) -> None:
    """The score if some components were different.

    It shows the score now, then, and the difference, both for the same day and scheme. Nothing is stored.
    """
    unchanged = [key for key in components if key not in {component for component, _, _ in changes}]
    if unchanged:
        fail(WRONG_USE, f"--component {unchanged[0]} changes nothing: give a field of it, with --set FIELD=VALUE.")
    keys = list(dict.fromkeys(components))
    options = {f"replacements/{place}": f"--component {key}" for place, key in enumerate(keys)}
    with service(context, {**options, "replacements": "--set"}) as apos:
        declaration_id = apos.origin_declarations.find(declaration).id
        declared = _declared(apos, str(declaration_id), keys)
        others = [_changed(declared[key], [change[1:] for change in changes if change[0] == key]) for key in keys]
        now = apos.score_previews.what_if(declaration_id, reference_date=reference_date)
        then = apos.score_previews.what_if(declaration_id, others, reference_date=now.reference_date)
    if as_json:
        print_json({"now": now, "then": then})
    else:
        _print(now, then)


def _print(now: Score, then: Score) -> None:
    from apos_client.command._reports.comparison import what_if_report

    effect = then.effect
    if effect is None:
        fail(UNEXPECTED, "The service does not compare the two scores: it is older than this command.", "Use --json.")
    show(lambda width: what_if_report(now, then, effect, width))


def _declared(apos: Apos, declaration: str, keys: Sequence[str]) -> dict[str, Component]:
    """The components with these keys as they are declared."""
    declared: dict[str, Component] = {}
    for component in apos.origin_declarations.components(declaration):
        if component.key in keys:
            declared[component.key] = component
        if len(declared) == len(keys):
            break
    missing = [key for key in keys if key not in declared]
    if missing:
        fail(NOT_FOUND, f"The declaration has no component {missing[0]}.", "Give the key of one of its lines.")
    return declared


def _changed(component: Component, changes: Sequence[tuple[str, str | None]]) -> Component:
    from pydantic import ValidationError

    document = component.document()
    for field, value in changes:
        if field == VALUE:
            document[VALUE] = None if value is None else {"amount": value}
        elif field.startswith(f"{EVIDENCE}."):
            document[EVIDENCE] = _evidence(document.get(EVIDENCE) or {}, field.removeprefix(f"{EVIDENCE}."), value)
        else:
            document[field] = value
    try:
        return type(component).model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        fail(WRONG_USE, f"--component {component.key}, {'.'.join(map(str, first['loc']))}: {first['msg']}")


def _evidence(evidence: dict[str, Any], field: str, value: str | None) -> dict[str, Any] | None:
    """The evidence with a field changed; without a level there is none."""
    return None if (field, value) == ("level", None) else {**evidence, field: value}
