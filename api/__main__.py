"""`apos-server`: migrate, serve, import, back up, and make keys, on the machine of the service.

What takes long to import is imported by the command that needs it, so that the others, help above all, start at once.
"""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from api.command_line import fail, print_message, read_settings, remedy_for, require_schema, run_write
from api.garbage import permanent_objects
from api.key_commands import keys
from api.settings import MAX_WORKERS, Settings, without_secrets

if TYPE_CHECKING:
    from api.portfolio_report import Report


class PlainErrors(TyperGroup):
    """Commands that say in one line what to do where the database cannot be used, instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            remedy = remedy_for(error)
            if remedy is None:
                raise
            fail(remedy)


command = typer.Typer(
    cls=PlainErrors,
    no_args_is_help=True,
    add_completion=False,
    help="Migrate, serve, import, back up, and make keys, on the machine of the service.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
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

    settings = read_settings()
    newer = schema.newer(settings.database_url)
    if newer is not None:
        fail(newer)
    schema.migrate(settings.database_url)
    print_message("the database is up to date")


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
    settings = read_settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    if settings.security_log != "-":
        try:
            Path(settings.security_log).open("a").close()
        except OSError as error:
            fail(
                f"the security log {settings.security_log} cannot be written: {error.strerror}; correct APOS_SECURITY_LOG"
            )
    with permanent_objects():
        require_schema(settings)
        from api.server import run

    if not run(settings, print_message):
        fail(
            f"cannot listen on {settings.host}:{settings.port}; if the port is in use, choose another with --port or APOS_PORT"
        )


@command.command("import")
def import_command(file: Annotated[Path, typer.Argument(help="A portfolio in YAML")]) -> None:
    """Import a portfolio in one transaction. Rows that differ are reported, never overwritten."""
    from api.portfolio_file import import_file
    from api.portfolio_report import InvalidPortfolioFile

    settings = read_settings()
    require_schema(settings)
    try:
        report = run_write(settings, f"import {file.name}", lambda write: import_file(write, file))
    except InvalidPortfolioFile as error:
        fail(f"{file}: nothing was imported", *error.faults)
    _print_report(report)


@command.command("backup")
def backup_command(
    file: Annotated[Path, typer.Argument(help="File to write the copy to; an existing file is not overwritten")],
) -> None:
    """Copy the whole database to a file, also while the service runs."""
    from api.store import backup

    try:
        backup.back_up(read_settings().database_url, file)
    except backup.InvalidBackup as error:
        fail(str(error))
    print_message(
        f"the database was copied to {file}; the copy holds everything, so protect it as you protect the database"
    )


@command.command("restore")
def restore_command(file: Annotated[Path, typer.Argument(help="A copy made by `apos-server backup`")]) -> None:
    """Restore a copy into an empty database of the same kind."""
    from api.store import backup, schema

    settings = read_settings()
    try:
        backup.restore(settings.database_url, file)
    except backup.InvalidBackup as error:
        fail(str(error))
    older = (
        ""
        if schema.is_current(settings.database_url)
        else "; its schema is older: run `apos-server migrate` before `apos-server serve`"
    )
    print_message(f"restored from {file}{older}")


@command.command("rebuild")
def rebuild_command() -> None:
    """Make anew what is derived from other rows: the progress of lots and challenges, and what lists are found by."""
    from api.store import schema

    settings = read_settings()
    require_schema(settings)
    schema.rebuild(settings.database_url)
    print_message("what is derived was made anew; nothing else changed")


@command.command()
def wait(
    timeout: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="How long to wait at most")] = 60,
) -> None:
    """Wait until the service answers at APOS_HOST and APOS_PORT, as after `serve &`."""
    from urllib.error import URLError
    from urllib.request import ProxyHandler, build_opener

    settings = read_settings()
    address = f"http://{settings.host}:{settings.port}"
    deadline = time.monotonic() + timeout
    while True:
        try:
            with build_opener(ProxyHandler({})).open(f"{address}/readyz", timeout=5):
                return
        except (URLError, OSError) as error:
            if time.monotonic() >= deadline:
                fail(f"no service is ready at {address} after {timeout:g} seconds: {error}")
        time.sleep(0.1)


@command.command("settings")
def settings_command() -> None:
    """List every setting with its value now, its default and what it does."""
    settings = read_settings()
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
    """The command `apos-server`."""
    command(prog_name="apos-server")


def _print_report(report: "Report") -> None:
    for section, count in report.sections.items():
        print(f"{section}: {count.added} added, {count.same} unchanged, {count.different} different")
    for difference in report.differences:
        print(f"different, not overwritten: {difference}")
    if report.unsupported:
        print(f"not imported, because these sections are not supported yet: {', '.join(report.unsupported)}")


if __name__ == "__main__":
    main()
