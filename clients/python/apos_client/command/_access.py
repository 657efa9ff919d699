"""`apos whoami`, `apos audit` and `apos keys`: the key in use, the audit trail, and the keys of others."""

from __future__ import annotations

from typing import Annotated

import typer

from apos_client._keywords import AuditEventFilters, Role
from apos_client.command._messages import EXIT_CODES, UNAVAILABLE
from apos_client.command._nouns import IfMatch, Noun, Reason, group, print_done, print_item, print_list
from apos_client.command._session import AsJson, fail, print_json, service, show_line

KEY = Noun("key", "api_keys", ("id", "label", "role", "supplier_id", "expires_at", "last_used_at", "revoked"))
EVENT = Noun("event", "audit_events", ("seq", "recorded_at", "actor", "row_kind", "row_id", "changed", "reason"))
FIELDS = {
    "label": "--label",
    "role": "--role",
    "supplierId": "--supplier",
    "expiresAt": "--expires",
    "key": "--supplier",
}
AUDIT = {
    "rowKind": "--kind",
    "rowId": "--id",
    "actor": "--actor",
    "recordedAtFrom": "--since",
    "recordedAtBefore": "--before",
    "seq": "NUMBER",
}
KeyId = Annotated[str, typer.Argument(metavar="KEY", help="The id of the key; never its secret")]
Moment = "such as 2026-12-01T00:00:00Z"

audit = group("The audit trail: who changed what, when and why; for the administrator and the auditor.")
keys = group("API keys: listed, created, confirmed and revoked by the administrator; renewed by whoever uses one.")


def whoami(context: typer.Context, as_json: AsJson = False) -> None:
    """The key that you use: its role, its supplier, its label and until when it is valid. Its secret is never shown."""
    with service(context) as apos:
        me = apos.me()
        supplier = None if me.supplier_id is None else apos.suppliers.find(me.supplier_id)
    if as_json:
        print_json(me)
        return
    show_line(f"Role: {me.role}")
    if supplier is not None:
        show_line(f"Supplier: {supplier.name} ({supplier.key or supplier.id})")
    show_line(f"Label: {me.label or 'none'}")
    show_line(f"Valid until: {me.expires_at.isoformat() if me.expires_at else 'it is revoked'}")
    show_line(f"Key: {me.key_id}")


@audit.command("list", epilog=EXIT_CODES)
def list_events(
    context: typer.Context,
    *,
    kind: Annotated[str | None, typer.Option("--kind", help="Only of this kind of row, such as milestones")] = None,
    row_id: Annotated[str | None, typer.Option("--id", metavar="ID", help="Only of the row with this id")] = None,
    actor: Annotated[str | None, typer.Option(help="Only by this actor, such as key:ID")] = None,
    since: Annotated[str | None, typer.Option(metavar="MOMENT", help=f"Only from this moment, {Moment}")] = None,
    before: Annotated[str | None, typer.Option(metavar="MOMENT", help=f"Only before this moment, {Moment}")] = None,
    as_json: AsJson = False,
) -> None:
    """What was changed, by whom and why, in the order of recording."""
    given = {
        "row_kind": kind,
        "row_id": row_id,
        "actor": actor,
        "recorded_at_from": since,
        "recorded_at_before": before,
    }
    filters: AuditEventFilters = {name: value for name, value in given.items() if value is not None}  # type: ignore[assignment]  # these are its names
    with service(context, AUDIT) as apos:
        listed = list(apos.audit_events.each(**filters))
    if as_json:
        print_json(listed)
        return
    rows = [{**each.document(), "changed": ", ".join(each.changed)} for each in listed]
    print_list(rows, EVENT, as_json=False)


@audit.command("show", epilog=EXIT_CODES)
def show_event(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The number of the event")],
    *,
    as_json: AsJson = False,
) -> None:
    """One change with every field before and after, and the whole row after it."""
    with service(context, AUDIT) as apos:
        event = apos.audit_events.find(number)
    print_item(event, as_json=as_json)


@keys.command("list", epilog=EXIT_CODES)
def list_keys(
    context: typer.Context,
    *,
    role: Annotated[Role | None, typer.Option(help="Only those with this role")] = None,
    as_json: AsJson = False,
) -> None:
    """Every key without its secret, revoked ones included."""
    with service(context, FIELDS) as apos:
        listed = list(apos.api_keys.each() if role is None else apos.api_keys.each(role=role))
    print_list(listed, KEY, as_json=as_json)


@keys.command("create", epilog=EXIT_CODES)
def create_key(
    context: typer.Context,
    *,
    role: Annotated[Role, typer.Option(help="Its role")],
    supplier: Annotated[
        str | None, typer.Option(help="Its supplier, by id or key; with the role supplier only")
    ] = None,
    label: Annotated[str, typer.Option(help="The person or the system that uses it")],
    expires: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help=f"Until when it is valid, {Moment}; else as long as the service gives"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key. Nothing but its secret is printed on standard output, and only this once."""
    with service(context, FIELDS) as apos:
        owner = None if supplier is None else apos.suppliers.find(supplier).id
        made = apos.api_keys.create(role=role, supplier_id=owner, label=label, expires_at=expires)
    if made.secret is None:
        fail(
            UNAVAILABLE,
            f"The answer with the secret of the key {made.id} was lost.",
            f"Revoke it, with `apos keys revoke {made.id}`, and create another.",
        )
    if as_json:
        print_json(made)
        return
    show_line(made.secret)
    typer.echo(f"Created: key {made.id} for {made.role}; its secret is shown only this once.", err=True)
    if made.awaits_confirmation:
        typer.echo(f"It opens nothing until another administrator confirms it: apos keys confirm {made.id}", err=True)


@keys.command("confirm", epilog=EXIT_CODES)
def confirm_key(context: typer.Context, key: KeyId, *, as_json: AsJson = False) -> None:
    """Confirm an administrator's key that another administrator made; before that it opens nothing."""
    with service(context, {"keyId": "KEY"}) as apos:
        confirmed = apos.api_keys.confirm(key)
    print_done("Confirmed", KEY, confirmed, as_json=as_json)


@keys.command("renew", epilog=EXIT_CODES)
def renew_key(
    context: typer.Context,
    *,
    overlap_days: Annotated[
        int,
        typer.Option("--overlap", metavar="DAYS", min=0, max=30, help="Days for which the secret in use stays valid"),
    ] = 7,
    as_json: AsJson = False,
) -> None:
    """Give the key that you use another secret and another term; for everybody. Only the new secret is printed, this once."""
    with service(context, {"overlapDays": "--overlap"}) as apos:
        renewed = apos.renew_key(overlap_days=overlap_days)
    if renewed.secret is None:
        fail(
            UNAVAILABLE,
            "The answer with the new secret was lost.",
            "Renew again: the secret that you use is still valid.",
        )
    if as_json:
        print_json(renewed)
        return
    show_line(renewed.secret)
    until = renewed.expires_at.isoformat() if renewed.expires_at else "it is revoked"
    typer.echo(f"Renewed: valid until {until}; its secret is shown only this once.", err=True)
    typer.echo(f"The secret that you used is valid until {renewed.previous_until.isoformat()}; sign in anew.", err=True)


@keys.command("revoke", epilog=EXIT_CODES)
def revoke_key(
    context: typer.Context, key: KeyId, *, if_match: IfMatch = None, reason: Reason = None, as_json: AsJson = False
) -> None:
    """Revoke a key at once and for good."""
    with service(context, {"keyId": "KEY", "revoked": "KEY"}) as apos:
        revoked = apos.api_keys.revoke(key, etag=if_match, reason=reason)
    print_done("Revoked", KEY, revoked, as_json=as_json)
