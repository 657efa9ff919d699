"""The command `apos`: the portfolio on a terminal, or as JSON for scripts.

Tables and sentences are for people and may change; `--json` and the exit codes are for scripts and stay. The key is never an
argument, because everybody on a machine can read the arguments of a process.

Modules import at the top only what a command needs to describe itself, and the rest where it runs: `apos --help` loads neither
pydantic nor httpx nor rich.
"""

import codecs
import sys
from typing import Annotated

import typer

from apos_client.command._access import audit, keys, whoami
from apos_client.command._declare import declare
from apos_client.command._messages import EXIT_CODES, UNEXPECTED, WRONG_USE, problem_of_lines, without_keys
from apos_client.command._milestones import milestones
from apos_client.command._portfolio import challenges, lots, status, suppliers
from apos_client.command._registers import commitments, organisations, sources
from apos_client.command._reviewing import rankings, waivers
from apos_client.command._session import Environment, print_problem, remember_json
from apos_client.command._sign_in import login, logout
from apos_client.command._simulations import simulations
from apos_client.command._withdraw import withdraw

app = typer.Typer(
    name="apos",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="The APOS portfolio: its status, its milestones, and the declarations of suppliers. Begin with `apos login`.",
    epilog=EXIT_CODES,
)
for _command in (login, logout, whoami, status, commitments, rankings, withdraw):
    app.command(epilog=EXIT_CODES)(_command)
for _name, _group in {
    "lots": lots,
    "challenges": challenges,
    "suppliers": suppliers,
    "milestones": milestones,
    "sources": sources,
    "organisations": organisations,
    "declare": declare,
    "waivers": waivers,
    "simulations": simulations,
    "audit": audit,
    "keys": keys,
}.items():
    app.add_typer(_group, name=_name)


REPLACING = "apos.replacing"
"""How a code page is written that lacks a character: what the command draws with other signs, the rest with question marks."""
_DRAWN = {"─": "-", "█": "#", "░": "."}


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_DRAWN.get(each, "?") for each in error.object[error.start : error.end]), error.end


codecs.register_error(REPLACING, _replaced)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"apos {version('apos-client')}")
        raise typer.Exit


@app.callback()
def _apos(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """The APOS portfolio: its status, its milestones, and the declarations of suppliers. Begin with `apos login`."""
    remember_json(False)


def main(environment: Environment | None = None) -> None:
    """The command `apos`; an unexpected error is one line, and never a trace."""
    for stream in (sys.stdout, sys.stderr):
        # A code page of Windows lacks characters that titles have: what it cannot show is replaced, and never a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=REPLACING)
    try:
        if "--json" in sys.argv[1:]:
            sys.exit(_with_problems(environment or Environment()))
        app(prog_name="apos", obj=environment or Environment())
    except Exception as error:
        text = f"Unexpected error: {type(error).__name__}: {without_keys(str(error))}"
        if "--json" in sys.argv[1:]:
            print_problem(problem_of_lines(UNEXPECTED, [text]))
        else:
            print(text, file=sys.stderr)
            print("Report it to the maintainers of this command, with what you did.", file=sys.stderr)
        sys.exit(UNEXPECTED)


def _with_problems(environment: Environment) -> int:
    """Runs a command whose wrong use is a problem document too, and returns its exit code."""
    try:
        code = app(prog_name="apos", obj=environment, standalone_mode=False)
    except Exception as error:
        # What the parser raises has a message for the user; the library does not publish the class that all of it is of.
        if not hasattr(error, "format_message"):
            raise
        print_problem(problem_of_lines(WRONG_USE, [error.format_message()]))
        return WRONG_USE
    return code if isinstance(code, int) else 0
