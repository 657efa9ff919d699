"""`apos-server`: migrate, serve, import, back up, and make keys, on the machine of the service.

What takes long to import is imported by the command that needs it, so that the others, help above all, start at once.
"""

import asyncio
import getpass
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar
from uuid import UUID, uuid4

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from api.garbage import permanent_objects
from api.settings import MAX_WORKERS, Settings, without_secrets, without_values

if TYPE_CHECKING:
    from api.portfolio_file import Report
    from api.store.ledger import Write

ROLES = "programmeOffice, programmeAdmin, supplier, assessor, auditor, viewer"
"""The roles as help names them; `domain.permissions` defines them, but importing the domain makes every table."""


class PlainErrors(TyperGroup):
    """Commands that say in one line what to do where the database cannot be used, instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            remedy = _remedy(error)
            if remedy is None:
                raise
            _fail(remedy)


command = typer.Typer(
    cls=PlainErrors,
    no_args_is_help=True,
    add_completion=False,
    help="Migrate, serve, import, back up, and make keys, on the machine of the service.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
keys = typer.Typer(no_args_is_help=True, help="API keys.", rich_markup_mode=None)
command.add_typer(keys, name="keys")
Result = TypeVar("Result")


@command.callback()
def private_files() -> None:
    """Whatever a command creates is for its user alone: the database, its log, copies and temporary files."""
    os.umask(0o077)


@command.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date; a SQLite file that does not exist is created."""
    from api.store import schema

    settings = _settings()
    newer = schema.newer(settings.database_url)
    if newer is not None:
        _fail(newer)
    schema.migrate(settings.database_url)
    _print_message("the database is up to date")


@command.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default: APOS_HOST")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default: APOS_PORT")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=MAX_WORKERS, help="Processes that serve; default: APOS_WORKERS")
    ] = None,
) -> None:
    """Serve until stopped."""
    given = {"host": host or None, "port": port, "workers": workers}
    settings = _settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    if settings.security_log != "-":
        try:
            Path(settings.security_log).open("a").close()
        except OSError as error:
            _fail(
                f"the security log {settings.security_log} cannot be written: {error.strerror}; correct APOS_SECURITY_LOG"
            )
    with permanent_objects():
        _require_schema(settings)
        from api.server import run

    if not run(settings, _print_message):
        _fail(
            f"cannot listen on {settings.host}:{settings.port}; if the port is in use, choose another with --port or APOS_PORT"
        )


@command.command("import")
def import_command(file: Annotated[Path, typer.Argument(help="A portfolio in YAML")]) -> None:
    """Import a portfolio in one transaction. Rows that differ are reported, never overwritten."""
    from api.portfolio_file import InvalidPortfolioFile, import_file

    settings = _settings()
    _require_schema(settings)
    try:
        report = _run(settings, f"import {file.name}", lambda write: import_file(write, file))
    except InvalidPortfolioFile as error:
        _fail(f"{file}: nothing was imported", *error.faults)
    _print_report(report)


@command.command("backup")
def backup_command(
    file: Annotated[Path, typer.Argument(help="File to write the copy to; an existing file is not overwritten")],
) -> None:
    """Copy the whole database to a file, also while the service runs."""
    from api.store import backup

    try:
        backup.back_up(_settings().database_url, file)
    except backup.InvalidBackup as error:
        _fail(str(error))
    _print_message(
        f"the database was copied to {file}; the copy holds everything, so protect it as you protect the database"
    )


@command.command("restore")
def restore_command(file: Annotated[Path, typer.Argument(help="A copy made by `apos-server backup`")]) -> None:
    """Restore a copy into an empty database of the same kind."""
    from api.store import backup, schema

    settings = _settings()
    try:
        backup.restore(settings.database_url, file)
    except backup.InvalidBackup as error:
        _fail(str(error))
    older = (
        ""
        if schema.is_current(settings.database_url)
        else "; its schema is older: run `apos-server migrate` before `apos-server serve`"
    )
    _print_message(f"restored from {file}{older}")


@command.command("rebuild")
def rebuild_command() -> None:
    """Make anew what is derived from other rows: the progress of lots and challenges, and what lists are found by."""
    from api.store import schema

    settings = _settings()
    _require_schema(settings)
    schema.rebuild(settings.database_url)
    _print_message("what is derived was made anew; nothing else changed")


@keys.command("create")
def create_key(
    role: Annotated[str, typer.Option(help=f"One of: {ROLES}")],
    supplier: Annotated[str | None, typer.Option(help="Key of the supplier; only with the role supplier")] = None,
    label: Annotated[
        str | None,
        typer.Option(help="The person or the system that uses it; default: who makes it, and on which machine"),
    ] = None,
    expires: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"],
            help="Until when it is valid, in UTC; default: for APOS_KEY_DAYS days",
        ),
    ] = None,
) -> None:
    """Create a key and print nothing but its secret on standard output, only this once."""
    from api.actions.access.api_keys import make_key
    from api.store.loading import by_key
    from domain.errors import Refusal
    from domain.permissions import Role
    from domain.portfolio.suppliers import Supplier

    if role not in list(Role):
        _fail(f"the role {role!r} does not exist; give one of: {', '.join(Role)}")
    settings = _settings()
    _require_schema(settings)

    async def make(write: "Write") -> str:
        suppliers = await by_key(write.session, Supplier, write.context)
        if supplier is not None and supplier not in suppliers:
            _fail(f"no supplier has the key {supplier!r}; the keys are: {', '.join(sorted(suppliers)) or 'none'}")
        supplier_id = suppliers[supplier].id if supplier else None
        row = await make_key(
            *(write, Role(role), label or _who_makes_it(), supplier_id, _in_utc(expires)),
            days=settings.key_days,
            four_eyes=settings.four_eyes,
        )
        return row[1]

    try:
        secret = _run(settings, "key made on the command line", make)
    except Refusal as error:
        _fail(error.detail, *(fault.detail for fault in error.faults))
    print(secret)
    _print_message(f"created a key for {role}; it is shown only this once")


@keys.command("list")
def list_keys() -> None:
    """List every key without its secret: id, role, whether it is valid, last use, and label."""
    from api.queries.access import api_keys as queries

    settings = _settings()
    _require_schema(settings)

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

    for row in _run(settings, "keys listed on the command line", read):
        print("\t".join(row).rstrip())


@keys.command("revoke")
def revoke_key(
    key: Annotated[UUID, typer.Argument(metavar="KEY", help="The id of the key, as `keys list` shows it")],
) -> None:
    """Revoke a key at once and for good."""
    from api.store.loading import load
    from domain.access.api_keys import ApiKey, revocation
    from domain.errors import NotFound

    settings = _settings()
    _require_schema(settings)

    async def revoke(write: "Write") -> None:
        row = await load(write.session, ApiKey, key, write.context, {})
        revoked_at = revocation(revoked_at=row.revoked_at, revoke=True, now=write.now)
        await write.update_if_changed(row, {"revoked_at": revoked_at})

    try:
        _run(settings, "key revoked on the command line", revoke)
    except NotFound:
        _fail(f"no key has the id {key}; `apos-server keys list` shows them")
    _print_message(f"revoked the key {key}")


@command.command()
def wait(
    timeout: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="How long to wait at most")] = 60,
) -> None:
    """Wait until the service answers at APOS_HOST and APOS_PORT, as after `serve &`."""
    from urllib.error import URLError
    from urllib.request import ProxyHandler, build_opener

    settings = _settings()
    address = f"http://{settings.host}:{settings.port}"
    deadline = time.monotonic() + timeout
    while True:
        try:
            with build_opener(ProxyHandler({})).open(f"{address}/readyz", timeout=5):
                return
        except (URLError, OSError) as error:
            if time.monotonic() >= deadline:
                _fail(f"no service is ready at {address} after {timeout:g} seconds: {error}")
        time.sleep(0.1)


@command.command("settings")
def settings_command() -> None:
    """List every setting with its value now, its default and what it does."""
    settings = _settings()
    for name, info in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = _without_secret(name, value)
        print(f"APOS_{name.upper()}={shown}\n    {info.description} (default {_shown(info.default)})")


def _without_secret(name: str, value: Any) -> object:
    """The value of a setting as it may be shown."""
    if name == "metrics_key":
        return "***" if value else ""
    return without_secrets(value) if name == "database_url" else _shown(value)


def _shown(value: object) -> object:
    """A value as it is written in the environment; nothing for an empty list."""
    return (",".join(value) or "none") if isinstance(value, tuple) else value


def main() -> None:
    """The command `apos-server`; a database that cannot be used is a message, and never a trace."""
    try:
        command(prog_name="apos-server")
    except Exception as error:
        from api.store.engines import cause_outside

        cause = cause_outside(error)
        if cause is None:
            raise
        url = Settings().database_url
        _print_message(f"the database {without_secrets(url)} cannot be used: {without_values(cause, url)}")
        _print_message("check APOS_DATABASE_URL, that the database runs, and what its user may do")
        sys.exit(1)


def _settings() -> Settings:
    try:
        settings = Settings()
    except ValidationError as error:
        faults = [f"APOS_{str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors()]
        _fail("the settings are not valid", *faults)
    file = settings.database_url.removeprefix("sqlite:///").partition("?")[0]
    folder = Path(file).parent
    if settings.database_url.startswith("sqlite:///") and not folder.is_dir():
        _fail(f"APOS_DATABASE_URL: the folder {folder} does not exist; make it, or give another path for the database")
    return settings


def _remedy(error: Exception) -> str | None:
    """What to do where the database cannot be used; None for any other error."""
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.exc import OperationalError

    from api.store.failures import Failure, failure_of

    if not isinstance(error, OperationalError):
        return None
    failure, [cause, *_] = failure_of(error), str(error.orig).splitlines()
    if failure is Failure.FULL:
        return f"the disk of the database is full ({cause}); free room on it, and run this again"
    if failure is Failure.BUSY:
        return f"the database cannot be reached or used ({cause}); check APOS_DATABASE_URL, and that its server runs"
    return None


def _require_schema(settings: Settings) -> None:
    from api.store import schema

    unmigrated = schema.unmigrated(settings.database_url)
    if unmigrated is not None:
        _fail(unmigrated)


def _run(settings: Settings, reason: str, action: "Callable[[Write], Awaitable[Result]]") -> Result:
    from api.http.service import system_clock
    from api.store.database import Database
    from api.store.ledger import Write
    from domain.permissions import SYSTEM

    async def run() -> Result:
        database = Database(settings.database_url, pool_size=1)
        try:
            async with database.writing() as session:
                write = Write.begin(session, SYSTEM, system_clock(), reason, f"command-{uuid4()}")
                return await action(write)
        finally:
            await database.close()

    return asyncio.run(run())


def _print_report(report: "Report") -> None:
    for section, count in report.sections.items():
        print(f"{section}: {count.added} added, {count.same} unchanged, {count.different} different")
    for difference in report.differences:
        print(f"different, not overwritten: {difference}")
    if report.unsupported:
        print(f"not imported, because these sections are not supported yet: {', '.join(report.unsupported)}")


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


def _print_message(text: str) -> None:
    print(text, file=sys.stderr)


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        _print_message(line)
    raise typer.Exit(1)


if __name__ == "__main__":
    main()
