"""The command `apos`: the portfolio on a terminal, or as JSON for scripts.

The key comes from the environment only, because everybody on a machine can read the arguments of a process.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from apos_client._answers import Answer
from apos_client._client import Apos
from apos_client._complaints import EXIT_CODES, NOT_ALLOWED, exit_code, lines
from apos_client._milestones import Evidence, Outcome
from apos_client._tables import lots_report, status_report
from apos_client.errors import AposError

DEFAULT_URL = "http://127.0.0.1:8000"
SETTINGS = f"APOS_KEY holds your API key; APOS_URL the address of the service (default {DEFAULT_URL})."
OPTIONS = {
    "key": "MILESTONE",
    "milestoneId": "MILESTONE",
    "outcome": "--outcome",
    "assessedOn": "--assessed-on",
    "achievedOn": "--achieved-on",
    "narrative": "--narrative",
    "evidence": "--evidence",
    "corrects": "--corrects",
}

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=f"The APOS portfolio: how it stands, and how milestones were found. {SETTINGS}",
    epilog=EXIT_CODES,
)
milestones = typer.Typer(no_args_is_help=True, help="Record how milestones were found.", epilog=EXIT_CODES)
app.add_typer(milestones, name="milestones")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone on standard output")]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; give one such as 2026-11-20") from None


def _evidence(text: str) -> Evidence:
    parts = [part.strip() for part in text.rsplit("|", 2)]
    if len(parts) != 3 or not all(parts):
        raise typer.BadParameter(f"{text!r} lacks a part; give TITLE|URI|SHA256, in quotes")
    title, uri, sha256 = parts
    return Evidence(title=title, uri=uri, sha256=sha256)


@app.command(epilog=EXIT_CODES)
def status(as_json: AsJson = False) -> None:
    """How every lot and challenge stands, against the original and against the current baseline."""
    with _service() as apos:
        document = apos.portfolio_status.read()
    if as_json:
        _print_json(document)
    else:
        _print(lambda width: status_report(document, width))


@app.command(epilog=EXIT_CODES)
def lots(as_json: AsJson = False) -> None:
    """The lots that you may see."""
    with _service() as apos:
        listed = list(apos.lots.each(sort="code"))
    if as_json:
        _print_json(listed)
    else:
        _print(lambda width: lots_report(listed, width))


@milestones.command(epilog=EXIT_CODES)
def record(
    milestone: Annotated[str, typer.Argument(metavar="MILESTONE", help="Its id, or its key such as m-c15-trial")],
    *,
    outcome: Annotated[Outcome, typer.Option(help="How it was found")],
    assessed_on: Annotated[date, typer.Option(parser=_day, metavar="DATE", help="The day it was assessed")],
    narrative: Annotated[str, typer.Option(help="What was found, in words")],
    achieved_on: Annotated[
        date | None, typer.Option(parser=_day, metavar="DATE", help="The day it was achieved; with met, and only then")
    ] = None,
    evidence: Annotated[
        list[Evidence] | None,
        typer.Option(parser=_evidence, metavar="TITLE|URI|SHA256", help="A document that shows it; may be repeated"),
    ] = None,
    corrects: Annotated[
        UUID | None, typer.Option(metavar="ID", help="The assessment that this one corrects, by its id")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record how a milestone was found. Nothing recorded is ever changed: correct it with a new record."""
    with _service() as apos:
        recorded = apos.milestones.record_assessment(
            milestone,
            outcome=outcome,
            assessed_on=assessed_on,
            achieved_on=achieved_on,
            narrative=narrative,
            evidence=evidence or (),
            corrects=corrects,
        )
    if as_json:
        _print_json(recorded)
    else:
        _print(
            lambda width: Text(
                f"Recorded: {milestone} was found {recorded.outcome} on {recorded.assessed_on}.\n"
                f"Assessment {recorded.id}"
            )
        )


def main() -> None:
    """The command `apos`."""
    app(prog_name="apos")


@contextmanager
def _service() -> Iterator[Apos]:
    """The service of the environment; every error ends the command in words."""
    key = os.environ.get("APOS_KEY", "").strip()
    if not key:
        _fail(NOT_ALLOWED, "APOS_KEY is not set.", "Put your API key in it; the programme administrator makes keys.")
    try:
        with Apos(os.environ.get("APOS_URL", "").strip() or DEFAULT_URL, key) as apos:
            yield apos
    except AposError as error:
        _fail(exit_code(error), *lines(error, OPTIONS))


def _print(report: Callable[[int], RenderableType]) -> None:
    """Prints a report made for the width of the terminal."""
    console = Console()
    console.print(report(console.width))


def _print_json(answer: Answer | Sequence[Answer]) -> None:
    """Prints what the service said, as UTF-8 whatever the locale."""
    document = [item.document() for item in answer] if isinstance(answer, Sequence) else answer.document()
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False).encode())


def _fail(code: int, *words: str) -> NoReturn:
    for line in words:
        print(line, file=sys.stderr)
    raise typer.Exit(code)
