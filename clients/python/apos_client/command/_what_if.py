"""`apos declare what-if`: what a declaration would score with some of its components otherwise. Nothing is stored.

Each `--set` is of the `--component` before it. A parser of options gives them apart, so they are tied together before it.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.core import TyperCommand

from apos_client._client import Apos
from apos_client._models import Component, Proof
from apos_client.command._comparison_report import what_if_report
from apos_client.command._complaints import NOT_FOUND, WRONG_USE
from apos_client.command._given import ReferenceDate
from apos_client.command._session import AsJson, fail, print_json, service, show

UNKNOWN = "null"
EVIDENCE, VALUE = "evidence", "unitValue"
APART = "\x1f"
CHANGED = {info.alias or name for name, info in Component.model_fields.items()} - {"key", EVIDENCE}
FIELDS = sorted(CHANGED | {f"{EVIDENCE}.{info.alias or name}" for name, info in Proof.model_fields.items()})
SETS = "say which component first: --component KEY --set FIELD=VALUE"


class EachOfItsComponent(TyperCommand):
    """A command whose every --set is of the --component before it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Ties them together, then parses as ever."""
        return super().parse_args(ctx, list(_tied(args)))


def _tied(args: Sequence[str]) -> Iterator[str]:
    """The arguments, with each --set as KEY, a separator that nobody types, and what it sets."""
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
        yield given if name == "--component" else f"{component}{APART}{given}"


def _assignment(text: str) -> tuple[str, str, str | None]:
    """A component, a field of it, and what that would be; None is unknown."""
    component, _, given = text.partition(APART)
    field, equals, value = given.partition("=")
    if not component:
        raise typer.BadParameter(SETS)
    if not equals:
        raise typer.BadParameter(f"{given!r} sets nothing; give FIELD=VALUE, or FIELD={UNKNOWN} for unknown")
    if field not in FIELDS:
        raise typer.BadParameter(f"{field!r} is no field of a component; there are: {', '.join(FIELDS)}")
    return component, field, None if value == UNKNOWN else value


def what_if(
    context: typer.Context,
    declaration: Annotated[str, typer.Argument(metavar="DECLARATION", help="Its id; a draft too")],
    *,
    components: Annotated[
        list[str], typer.Option("--component", metavar="KEY", help="What of it would change; may be repeated")
    ],
    changes: Annotated[
        list[Any],
        typer.Option(
            "--set",
            parser=_assignment,
            metavar="FIELD=VALUE",
            help=f"What that component would say, such as countryOfManufacture=NL; {UNKNOWN} is unknown; may be repeated",
        ),
    ],
    reference_date: ReferenceDate = None,
    as_json: AsJson = False,
) -> None:
    """What it would score if components said something else: now, then, and the difference. Nothing is stored.

    Both are worked out for the same day and under the same scheme.
    """
    idle = [key for key in components if key not in {component for component, _, _ in changes}]
    if idle:
        fail(WRONG_USE, f"--component {idle[0]} changes nothing: give what it would say, with --set FIELD=VALUE.")
    keys = list(dict.fromkeys(components))
    options = {f"replacements/{place}": f"--component {key}" for place, key in enumerate(keys)}
    with service(context, {**options, "replacements": "--set"}) as apos:
        found = apos.origin_declarations.find(declaration)
        declared = _declared(apos, str(found.id), keys)
        others = [_changed(declared[key], [change[1:] for change in changes if change[0] == key]) for key in keys]
        now = apos.score_previews.what_if(found.id, reference_date=reference_date)
        then = apos.score_previews.what_if(found.id, others, reference_date=now.reference_date)
    if as_json:
        print_json({"now": now, "then": then})
    else:
        show(lambda width: what_if_report(now, then, width))


def _declared(apos: Apos, declaration: str, keys: Sequence[str]) -> dict[str, Component]:
    """The components with these keys as they are declared."""
    found: dict[str, Component] = {}
    for component in apos.origin_declarations.components(declaration):
        if component.key in keys:
            found[component.key] = component
        if len(found) == len(keys):
            break
    missing = [key for key in keys if key not in found]
    if missing:
        fail(NOT_FOUND, f"The declaration has no component {missing[0]}.", "Give the key of one of its lines.")
    return found


def _changed(component: Component, changes: Sequence[tuple[str, str | None]]) -> Component:
    document = component.document()
    for field, value in changes:
        if field == VALUE:
            document[VALUE] = None if value is None else {"amount": value}
        elif field.startswith(f"{EVIDENCE}."):
            document[EVIDENCE] = _evidence(document.get(EVIDENCE) or {}, field.removeprefix(f"{EVIDENCE}."), value)
        else:
            document[field] = value
    try:
        return Component.model_validate(document)
    except ValidationError as error:
        wrong = error.errors()[0]
        fail(WRONG_USE, f"--component {component.key}, {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}")


def _evidence(evidence: dict[str, Any], field: str, value: str | None) -> dict[str, Any] | None:
    """The evidence with a field changed; without a level there is none."""
    return None if (field, value) == ("level", None) else {**evidence, field: value}
