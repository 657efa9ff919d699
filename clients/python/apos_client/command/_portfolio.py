"""`apos status`, and the commands of lots, challenges and suppliers with their parts in each other."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from apos_client._keywords import (
    ChallengeChanges,
    ChallengeStatus,
    EntrantStatus,
    LotChanges,
    LotStatus,
    NameBasis,
    NewChallenge,
    NewLot,
    PartnerRole,
    SupplierChanges,
)
from apos_client.command._messages import EXIT_CODES, WRONG_USE
from apos_client.command._nouns import (
    IfMatch,
    Noun,
    Reason,
    add_add,
    add_change,
    add_show,
    group,
    print_done,
    print_list,
)
from apos_client.command._options import day
from apos_client.command._output import Dialect
from apos_client.command._session import AsJson, fail, print_json, service, show
from apos_client.command._withdraw import Authority, On, Why, print_withdrawal

LOT = Noun("lot", "lots", ())
CHALLENGE = Noun(
    "challenge",
    "challenges",
    ("code", "key", "title", "status", "colours.original", "colours.current", "budget.amount"),
)
SUPPLIER = Noun("supplier", "suppliers", ("key", "name", "country", "name_basis", "source"))
PARTNER = Noun("partner", "partners", ("id", "supplier_name", "role", "ended_on"))
ENTRANT = Noun("entrant", "entrants", ("id", "supplier_name", "supplier_id", "status"))

lots = group(
    "Lots (kavels): listed, shown, added and changed, with their partners.",
    invoke_without_command=True,
    no_args_is_help=False,
)
challenges = group("Industry challenges: listed, shown, added and changed, with their entrants.")
suppliers = group("Suppliers (leveranciers): listed, shown, added and changed.")

LotArgument = Annotated[str, typer.Argument(metavar="LOT", help="Its id or key")]
ChallengeArgument = Annotated[str, typer.Argument(metavar="CHALLENGE", help="Its id or key")]
SupplierArgument = Annotated[str, typer.Argument(metavar="SUPPLIER", help="Its id or key")]
LotStatusOption = Annotated[LotStatus | None, typer.Option("--status", help="Only those with this status")]


def status(
    context: typer.Context,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print only CSV on standard output: a row for each lot and challenge")
    ] = False,
    dialect: Dialect = None,
) -> None:
    """The status of every lot and challenge, with both colours.

    The original colour is against the window that was first agreed, the current one against the present window. Each that is
    amber or red names the milestone that gives it.
    """
    from apos_client.command._reports.portfolio import status_report

    if as_json and as_csv:
        fail(WRONG_USE, "Give --json or --csv, not both.")
    if dialect is not None and not as_csv:
        fail(WRONG_USE, "--dialect is for --csv; give both, or neither.")
    with service(context) as apos:
        if as_csv:
            typer.echo(apos.portfolio_status.csv(dialect=dialect).encode(), nl=False)
            return
        portfolio = apos.portfolio_status.read()
    if as_json:
        print_json(portfolio)
    else:
        show(lambda width: status_report(portfolio, width))


@lots.callback(epilog=EXIT_CODES)
def lots_alone(context: typer.Context, status: LotStatusOption = None, as_json: AsJson = False) -> None:
    """Lots (kavels): listed, shown, added and changed, with their partners. Without a command they are listed."""
    if context.invoked_subcommand is None:
        list_lots(context, status=status, as_json=as_json)
    elif status is not None or as_json:
        fail(WRONG_USE, f"Give --status and --json after `{context.invoked_subcommand}`.")


@lots.command("list", epilog=EXIT_CODES)
def list_lots(context: typer.Context, *, status: LotStatusOption = None, as_json: AsJson = False) -> None:
    """The lots that you may see."""
    from apos_client.command._reports.portfolio import lots_report

    with service(context, {"status": "--status"}) as apos:
        listed = list(apos.lots.each(sort="code") if status is None else apos.lots.each(sort="code", status=status))
    if as_json:
        print_json(listed)
    else:
        show(lambda width: lots_report(listed, width))


add_show(lots, LOT)
add_add(lots, LOT, NewLot)
add_change(lots, LOT, LotChanges)


@lots.command("partners", epilog=EXIT_CODES)
def list_partners(context: typer.Context, lot: LotArgument, *, as_json: AsJson = False) -> None:
    """The suppliers that take part in a lot, those whose part ended included."""
    with service(context, {"key": "LOT"}) as apos:
        listed = list(apos.lots.partners(lot))
    print_list(listed, PARTNER, as_json=as_json)


@lots.command("add-partner", epilog=EXIT_CODES)
def add_partner(
    context: typer.Context,
    lot: LotArgument,
    supplier: SupplierArgument,
    *,
    role: Annotated[PartnerRole, typer.Option(help="Its role")],
    as_json: AsJson = False,
) -> None:
    """Let a supplier take part in a lot; from then on it sees the lot."""
    with service(context, {"key": "LOT or SUPPLIER", "supplierId": "SUPPLIER", "role": "--role"}) as apos:
        made = apos.lots.add_partner(lot, supplier, role=role)
    print_done("Added", PARTNER, made, as_json=as_json)


@lots.command("end-partner", epilog=EXIT_CODES)
def end_partner(
    context: typer.Context,
    lot: LotArgument,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The id of its part in the lot")],
    *,
    ended_on: Annotated[date, typer.Option("--ended-on", parser=day, metavar="DATE", help="Its last day")],
    if_match: IfMatch = None,
    reason: Reason = None,
    as_json: AsJson = False,
) -> None:
    """End the part of a supplier in a lot."""
    with service(context, {"key": "LOT", "partnerId": "PARTNER", "endedOn": "--ended-on"}) as apos:
        changed = apos.lots.end_partner(lot, partner, ended_on=ended_on, etag=if_match, reason=reason)
    print_done("Changed", PARTNER, changed, as_json=as_json)


@lots.command("withdraw-partner", epilog=EXIT_CODES)
def withdraw_partner(
    context: typer.Context,
    lot: LotArgument,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The id of its part in the lot")],
    *,
    on: On,
    reason: Why,
    authority: Authority,
    as_json: AsJson = False,
) -> None:
    """Withdraw a part that was entered in error, for good; the supplier no longer sees the lot by it."""
    with service(context, {"key": "LOT", "partnerId": "PARTNER", "on": "--on"}) as apos:
        done = apos.lots.withdraw_partner(lot, partner, on=on, reason=reason, authority=authority)
    print_withdrawal(partner, done, as_json=as_json)


@challenges.command("list", epilog=EXIT_CODES)
def list_challenges(
    context: typer.Context,
    *,
    status: Annotated[ChallengeStatus | None, typer.Option(help="Only those with this status")] = None,
    as_json: AsJson = False,
) -> None:
    """The challenges that you may see."""
    with service(context, {"status": "--status"}) as apos:
        each = apos.challenges.each
        listed = list(each(sort="code") if status is None else each(sort="code", status=status))
    print_list(listed, CHALLENGE, as_json=as_json)


add_show(challenges, CHALLENGE)
add_add(challenges, CHALLENGE, NewChallenge)
add_change(challenges, CHALLENGE, ChallengeChanges)


@challenges.command("entrants", epilog=EXIT_CODES)
def list_entrants(context: typer.Context, challenge: ChallengeArgument, *, as_json: AsJson = False) -> None:
    """The suppliers that entered a challenge, and what became of each."""
    with service(context, {"key": "CHALLENGE"}) as apos:
        listed = list(apos.challenges.entrants(challenge))
        names = {} if as_json else {str(each.id): each.name for each in apos.suppliers.each()}
    if as_json:
        print_json(listed)
        return
    rows = [each.document() for each in listed]
    print_list([{**row, "supplierName": names.get(row["supplierId"])} for row in rows], ENTRANT, as_json=False)


@challenges.command("add-entrant", epilog=EXIT_CODES)
def add_entrant(
    context: typer.Context, challenge: ChallengeArgument, supplier: SupplierArgument, *, as_json: AsJson = False
) -> None:
    """Let a supplier enter a challenge; from then on it sees the challenge."""
    with service(context, {"key": "CHALLENGE or SUPPLIER", "supplierId": "SUPPLIER"}) as apos:
        made = apos.challenges.add_entrant(challenge, supplier)
    print_done("Added", ENTRANT, made, as_json=as_json)


@challenges.command("change-entrant", epilog=EXIT_CODES)
def change_entrant(
    context: typer.Context,
    challenge: ChallengeArgument,
    entrant: Annotated[str, typer.Argument(metavar="ENTRANT", help="The id of its entry")],
    *,
    status: Annotated[EntrantStatus, typer.Option(help="What became of it")],
    if_match: IfMatch = None,
    reason: Reason = None,
    as_json: AsJson = False,
) -> None:
    """Record what became of an entrant."""
    with service(context, {"key": "CHALLENGE", "entrantId": "ENTRANT", "status": "--status"}) as apos:
        changed = apos.challenges.change_entrant(challenge, entrant, status=status, etag=if_match, reason=reason)
    print_done("Changed", ENTRANT, changed, as_json=as_json)


@challenges.command("withdraw-entrant", epilog=EXIT_CODES)
def withdraw_entrant(
    context: typer.Context,
    challenge: ChallengeArgument,
    entrant: Annotated[str, typer.Argument(metavar="ENTRANT", help="The id of its entry")],
    *,
    on: On,
    reason: Why,
    authority: Authority,
    as_json: AsJson = False,
) -> None:
    """Withdraw an entry that was entered in error, for good; the supplier no longer sees the challenge by it."""
    with service(context, {"key": "CHALLENGE", "entrantId": "ENTRANT", "on": "--on"}) as apos:
        done = apos.challenges.withdraw_entrant(challenge, entrant, on=on, reason=reason, authority=authority)
    print_withdrawal(entrant, done, as_json=as_json)


@suppliers.command("list", epilog=EXIT_CODES)
def list_suppliers(context: typer.Context, *, as_json: AsJson = False) -> None:
    """The suppliers that you may see."""
    with service(context) as apos:
        listed = list(apos.suppliers.each())
    print_list(listed, SUPPLIER, as_json=as_json)


add_show(suppliers, SUPPLIER)


@suppliers.command("add", epilog=EXIT_CODES)
def add_supplier(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Option(help="Its name")],
    key: Annotated[str | None, typer.Option(help="A short name to find it by; it never changes")] = None,
    country: Annotated[str | None, typer.Option(help="Its country, such as NL")] = None,
    name_basis: Annotated[
        NameBasis | None, typer.Option(help="Why its name may be public; without it, it is not")
    ] = None,
    source: Annotated[str | None, typer.Option(help="The key of the published document that it rests on")] = None,
    note: Annotated[str | None, typer.Option(help="A note")] = None,
    as_json: AsJson = False,
) -> None:
    """Add a supplier."""
    options = {
        "name": "--name",
        "key": "--key",
        "country": "--country",
        "nameBasis": "--name-basis",
        "source": "--source",
    }
    with service(context, {**options, "note": "--note"}) as apos:
        made = apos.suppliers.add(name, key=key, country=country, name_basis=name_basis, source=source, note=note)
    print_done("Added", SUPPLIER, made, as_json=as_json)


add_change(suppliers, SUPPLIER, SupplierChanges)
