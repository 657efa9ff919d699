"""The command `apos`: the portfolio on a terminal, or as JSON for scripts.

Tables and words are for people and may change; `--json` and the exit codes are for scripts and stay. The key is never an
argument, because everybody on a machine can read the arguments of a process.
"""

import sys

import typer

from apos_client.command._changes import changes
from apos_client.command._commitments import commitments
from apos_client.command._complaints import EXIT_CODES, UNEXPECTED, without_keys
from apos_client.command._declare import declare
from apos_client.command._export import export
from apos_client.command._intake import check, upload
from apos_client.command._milestones import milestones
from apos_client.command._portfolio import lots, status
from apos_client.command._session import Outside
from apos_client.command._sign_in import login, logout
from apos_client.command._templates import templates
from apos_client.command._what_if import EachOfItsComponent, what_if

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The APOS portfolio: how it stands, how milestones were found, and what suppliers declare. Begin with `apos login`.",
    epilog=EXIT_CODES,
)
for _command in (login, logout, status, lots, commitments):
    app.command(epilog=EXIT_CODES)(_command)
for _way in (check, upload, templates, export, changes):
    declare.command(epilog=EXIT_CODES)(_way)
declare.command(cls=EachOfItsComponent, epilog=EXIT_CODES)(what_if)
app.add_typer(milestones, name="milestones")
app.add_typer(declare, name="declare")


def main(outside: Outside | None = None) -> None:
    """The command `apos`; what nobody foresaw is told in one line, and never as a trace."""
    try:
        app(prog_name="apos", obj=outside or Outside())
    except Exception as error:
        print(f"Something unexpected happened: {type(error).__name__}: {without_keys(str(error))}", file=sys.stderr)
        print("Report it to whoever keeps this command, with what you did.", file=sys.stderr)
        sys.exit(UNEXPECTED)
