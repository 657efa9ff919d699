"""`apos rankings` and `apos waivers`: the active declarations in order, and knock-outs that do not count."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from apos_client.command._messages import EXIT_CODES, WRONG_USE
from apos_client.command._nouns import Noun, group, print_done, print_list
from apos_client.command._options import ReferenceDate, day
from apos_client.command._session import AsJson, fail, print_json, service, show_text

if TYPE_CHECKING:
    from apos_client import Apos, Ranking

WAIVER = Noun(
    "waiver",
    "waivers",
    ("id", "code", "component_key", "dimension", "authority", "expires_on", "confirmed_at", "reason"),
)
FIELDS = {
    "componentKey": "--component",
    "dimension": "--dimension",
    "authority": "--authority",
    "reason": "--reason",
    "expiresOn": "--expires-on",
    "alternativeTrajectory": "--alternative",
    "declarationId": "DECLARATION",
}
RANKED = Noun(
    "declaration",
    "origin_declarations",
    (
        *("rank", "supplier_name", "status", "revision", "score", "adjustment_percent", "price.amount"),
        *("edip_verdict", "unranked", "declaration_id"),
    ),
)
DeclarationArgument = Annotated[str, typer.Argument(metavar="DECLARATION", help="Its id")]

waivers = group("Waivers of knock-outs (ontheffingen): listed, proposed and confirmed.")


def rankings(
    context: typer.Context,
    *,
    lot: Annotated[str | None, typer.Option(help="Of this lot, by id or key")] = None,
    challenge: Annotated[str | None, typer.Option(help="Of this challenge, by id or key")] = None,
    reference_date: ReferenceDate = None,
    as_json: AsJson = False,
) -> None:
    """The active declarations of a lot or challenge in order (rangorde), for the programme office."""
    if (lot is None) == (challenge is None):
        fail(WRONG_USE, "Say of what: give --lot or --challenge.")
    with service(context, {"key": "--lot or --challenge", "referenceDate": "--reference-date"}) as apos:
        ranking = _ranking(apos, lot, challenge, reference_date)
    if as_json:
        print_json(ranking)
        return
    print_list(ranking.items, RANKED, as_json=False)
    when = f"on {ranking.reference_date}" if ranking.reference_date else "by their stored scores"
    show_text(f"Decided by {ranking.decided_by}, {when}.")


def _ranking(apos: Apos, lot: str | None, challenge: str | None, day_of: date | None) -> Ranking:
    if lot is not None:
        return apos.lots.ranking(lot, reference_date=day_of)
    return apos.challenges.ranking(challenge or "", reference_date=day_of)


@waivers.command("list", epilog=EXIT_CODES)
def list_waivers(context: typer.Context, declaration: DeclarationArgument, *, as_json: AsJson = False) -> None:
    """The waivers of a declaration, expired ones included."""
    with service(context, FIELDS) as apos:
        listed = list(apos.origin_declarations.waivers(declaration))
    print_list(listed, WAIVER, as_json=as_json)


@waivers.command("add", epilog=EXIT_CODES)
def add_waiver(
    context: typer.Context,
    declaration: DeclarationArgument,
    *,
    component: Annotated[str | None, typer.Option(metavar="KEY", help="The component with the knock-out")] = None,
    dimension: Annotated[str | None, typer.Option(help="Or the dimension with it")] = None,
    authority: Annotated[str, typer.Option(help="Who decided so")],
    reason: Annotated[str, typer.Option(help="Why it does not count")],
    expires_on: Annotated[
        date, typer.Option(parser=day, metavar="DATE", help="The last day on which it does not count")
    ],
    alternative: Annotated[str, typer.Option(help="What will take the place of it, and when")],
    as_json: AsJson = False,
) -> None:
    """Propose that a concern (KO-1) of a submitted declaration does not count until a day; another key confirms it."""
    with service(context, FIELDS) as apos:
        made = apos.origin_declarations.waive(
            declaration, component_key=component, dimension=dimension, authority=authority, reason=reason,
            expires_on=expires_on, alternative_trajectory=alternative,
        )  # fmt: skip
    print_done("Added", WAIVER, made, as_json=as_json)


@waivers.command("confirm", epilog=EXIT_CODES)
def confirm_waiver(
    context: typer.Context,
    waiver: Annotated[UUID, typer.Argument(metavar="WAIVER", help="Its id, as `waivers list` shows it")],
    *,
    as_json: AsJson = False,
) -> None:
    """Confirm a waiver that another key proposed. From then on it counts."""
    with service(context, FIELDS) as apos:
        made = apos.origin_declarations.confirm_waiver(waiver)
    if as_json:
        print_json(made)
    else:
        show_text(f"Confirmed: waiver {waiver}.")
