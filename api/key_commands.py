"""`apos-server keys`: making, listing and revoking API keys on the machine of the service."""

import getpass
import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from api.command_line import fail, print_message, read_settings, require_schema, run_write

if TYPE_CHECKING:
    from api.store.ledger import Write

ROLES = "programmeOffice, programmeAdmin, supplier, assessor, auditor, viewer"
"""The roles as help names them; `domain.permissions` defines them, but importing the domain makes every table."""
keys = typer.Typer(no_args_is_help=True, help="API keys.", rich_markup_mode=None)


Label = Annotated[
    str | None, typer.Option(help="The person or the system that uses it; default: who makes it, and on which machine")
]
Expiry = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"],
        help="Until when it is valid, in UTC; default: for APOS_KEY_DAYS days",
    ),
]


@keys.command("create")
def create_key(
    role: Annotated[str, typer.Option(help=f"One of: {ROLES}")],
    supplier: Annotated[str | None, typer.Option(help="Key of the supplier; only with the role supplier")] = None,
    label: Label = None,
    expires: Expiry = None,
) -> None:
    """Create a key and print nothing but its secret on standard output, only this once."""
    from api.actions.access.api_keys import make_key
    from api.store.loading import by_key
    from domain.errors import Refusal
    from domain.permissions import Role
    from domain.portfolio.suppliers import Supplier

    if role not in list(Role):
        fail(f"the role {role!r} does not exist; give one of: {', '.join(Role)}")
    settings = read_settings()
    require_schema(settings)

    async def make(write: "Write") -> str:
        suppliers = await by_key(write.session, Supplier, write.context)
        if supplier is not None and supplier not in suppliers:
            fail(f"no supplier has the key {supplier!r}; the keys are: {', '.join(sorted(suppliers)) or 'none'}")
        supplier_id = suppliers[supplier].id if supplier else None
        row = await make_key(
            *(write, Role(role), label or _who_makes_it(), supplier_id, _in_utc(expires)),
            days=settings.key_days,
            four_eyes=settings.four_eyes,
        )
        return row[1]

    try:
        secret = run_write(settings, "key made on the command line", make)
    except Refusal as error:
        fail(error.detail, *(fault.detail for fault in error.faults))
    print(secret)
    print_message(f"created a key for {role}; it is shown only this once")


@keys.command("list")
def list_keys() -> None:
    """List every key without its secret: id, role, whether it is valid, last use, and label."""
    from api.queries.access import api_keys as queries

    settings = read_settings()
    require_schema(settings)

    async def read(write: "Write") -> "list[tuple[str, ...]]":
        rows = (await write.session.execute(queries.every(write.context))).mappings()
        return [
            (
                str(row["id"]),
                row["role"],
                _state(row, write.now),
                str(row["last_used_at"] or "never used"),
                row["label"] or "",
            )
            for row in rows
        ]

    for row in run_write(settings, "keys listed on the command line", read):
        print("\t".join(row).rstrip())


@keys.command("revoke")
def revoke_key(
    key: Annotated[UUID, typer.Argument(metavar="KEY", help="The id of the key, as `keys list` shows it")],
) -> None:
    """Revoke a key at once and for good."""
    from api.store.loading import load
    from domain.access.api_keys import ApiKey, revocation
    from domain.errors import NotFound

    settings = read_settings()
    require_schema(settings)

    async def revoke(write: "Write") -> None:
        row = await load(write.session, ApiKey, key, write.context, {})
        revoked_at = revocation(revoked_at=row.revoked_at, revoke=True, now=write.now)
        await write.update_if_changed(row, {"revoked_at": revoked_at})

    try:
        run_write(settings, "key revoked on the command line", revoke)
    except NotFound:
        fail(f"no key has the id {key}; `apos-server keys list` shows them")
    print_message(f"revoked the key {key}")


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _who_makes_it() -> str:
    with suppress(OSError, KeyError):  # a user without a name
        return f"made by {getpass.getuser()} on {socket.gethostname()}"[:300]
    return "made on the command line"


def _state(row: "Mapping[str, Any]", now: datetime) -> str:
    if row["revoked_at"] is not None:
        return "revoked"
    if row["awaits_confirmation"]:
        return "awaits confirmation"
    if row["expires_at"] is None:
        return "valid"
    return f"{'expired' if row['expires_at'] <= now else 'valid until'} {row['expires_at']}"
