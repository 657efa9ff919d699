"""The command `apos`: the portfolio on a terminal, or as JSON for scripts.

Tables and sentences are for people and may change; `--json` and the exit codes are for scripts and stay. The key is never an
argument, because everybody on a machine can read the arguments of a process.

Modules import at the top only what a command needs to describe itself, and the rest where it runs: `apos --help` loads neither
pydantic nor httpx nor rich.
"""

import sys

import typer

from apos_client.command._commitments import commitments
from apos_client.command._declare import declare
from apos_client.command._messages import EXIT_CODES, UNEXPECTED, without_keys
from apos_client.command._milestones import milestones
from apos_client.command._portfolio import lots, status
from apos_client.command._session import Environment
from apos_client.command._sign_in import login, logout
from apos_client.command._simulations import simulations
from apos_client.command._withdraw import withdraw

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="The APOS portfolio: its status, its milestones, and the declarations of suppliers. Begin with `apos login`.",
    epilog=EXIT_CODES,
)
for _command in (login, logout, status, lots, commitments, withdraw):
    app.command(epilog=EXIT_CODES)(_command)
app.add_typer(milestones, name="milestones")
app.add_typer(declare, name="declare")
app.add_typer(simulations, name="simulations")


def main(environment: Environment | None = None) -> None:
    """The command `apos`; an unexpected error is one line, and never a trace."""
    try:
        app(prog_name="apos", obj=environment or Environment())
    except Exception as error:
        print(f"Unexpected error: {type(error).__name__}: {without_keys(str(error))}", file=sys.stderr)
        print("Report it to the maintainers of this command, with what you did.", file=sys.stderr)
        sys.exit(UNEXPECTED)
