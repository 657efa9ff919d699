"""What every command of `apos` does alike: find the service and the key, ask, print, and end with an exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from apos_client.command._messages import (
    NOT_SIGNED_IN,
    PERHAPS_DONE,
    WRONG_USE,
    exit_code,
    message,
    printable,
    problem_of,
    problem_of_lines,
    without_keys,
)
from apos_client.command._stored_sign_in import SignIn, UnusableSignIn, stored_sign_in
from apos_client.errors import AposError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from apos_client import Answer, Apos

UNLIMITED = 100_000
"""Columns that no report has."""
DEFAULT_URL = "http://127.0.0.1:8000"
Options = Mapping[str, str]
_AS_JSON: ContextVar[bool] = ContextVar("as_json", default=False)


def remember_json(value: bool) -> bool:
    """Keeps whether the command that runs was given --json; the commands that do not offer it were not."""
    _AS_JSON.set(value)
    return value


AsJson = Annotated[
    bool, typer.Option("--json", callback=remember_json, is_eager=True, help="Print only JSON on standard output")
]


def _connect(url: str, key: str) -> Apos:
    from apos_client import Apos

    return Apos(url, key)


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


def _ask_secret(prompt: str) -> str:
    from getpass import getpass

    if not sys.stdin.isatty():
        fail(WRONG_USE, "There is no terminal to ask for the key.", "Give the key on standard input, with --key-stdin.")
    return getpass(prompt)


def _new_run() -> str:
    return f"apos-{uuid4()}"


@dataclass(frozen=True)
class Environment:
    """What the command uses from outside; a test replaces it."""

    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)
    connect: Callable[[str, str], Apos] = _connect
    today: Callable[[], date] = _today
    ask_secret: Callable[[str], str] = _ask_secret
    new_run: Callable[[], str] = _new_run
    """The key of a run of a command. What it writes has idempotency keys of this run, so that a lost answer does nothing twice,
    and another run of the same command is another one."""


def environment_of(context: typer.Context) -> Environment:
    """The environment of this command."""
    return context.find_object(Environment) or Environment()


@contextmanager
def service(context: typer.Context, options: Options | None = None, perhaps_done: str = PERHAPS_DONE) -> Iterator[Apos]:
    """The service that you are signed in to; an error ends the command with a message.

    `options` names the option or argument that filled each field of a request; `perhaps_done` says what to do when the
    answer to a write was lost.
    """
    environment = environment_of(context)
    sign_in = _sign_in(environment.variables)
    with errors_as_messages(options, perhaps_done), environment.connect(sign_in.url, sign_in.key) as apos:
        yield apos


@contextmanager
def errors_as_messages(options: Options | None = None, perhaps_done: str = PERHAPS_DONE) -> Iterator[None]:
    """Ends the command with a message if the client raises an error."""
    try:
        yield
    except AposError as error:
        code = exit_code(error)
        if asked_for_json():
            print_problem(problem_of(error, code, perhaps_done))
            raise typer.Exit(code) from None
        fail(code, *message(error, options or {}, perhaps_done))


def asked_for_json() -> bool:
    """Whether the command that runs was given --json."""
    return _AS_JSON.get()


def print_problem(problem: Mapping[str, Any]) -> None:
    """Prints a problem document on standard error, as UTF-8 whatever the locale; standard output has answers alone."""
    text = without_keys(json.dumps(problem, indent=2, ensure_ascii=False))
    typer.echo(f"{text}\n".encode(), err=True, nl=False)


def _sign_in(variables: Mapping[str, str]) -> SignIn:
    """Environment variables take precedence; a stored key is used only for the address that it was stored with."""
    url, key = variables.get("APOS_URL", "").strip(), variables.get("APOS_KEY", "").strip()
    if url and key:
        return SignIn(url, key)
    stored = _stored(variables)
    if key:
        return SignIn(url or (stored.url if stored else DEFAULT_URL), key)
    if stored is None:
        fail(NOT_SIGNED_IN, "You are not signed in.", "Sign in with `apos login`, or set APOS_KEY to an API key.")
    if url.rstrip("/") not in ("", stored.url.rstrip("/")):
        fail(NOT_SIGNED_IN, f"You are signed in to {stored.url}, not to {url}.", "Unset APOS_URL, or sign in there.")
    return stored


def _stored(variables: Mapping[str, str]) -> SignIn | None:
    try:
        return stored_sign_in(variables)
    except UnusableSignIn as error:
        fail(NOT_SIGNED_IN, str(error), "Sign in again with `apos login`.")


def show(report: Callable[[int], RenderableType]) -> None:
    """Prints a report made for the width of the terminal; what cannot be narrower is longer than a line."""
    from rich.console import Console, Group

    plain = bool(os.environ.get("NO_COLOR"))
    # Without a colour system nothing is written but text: NO_COLOR alone would leave bold and dim.
    console = Console(highlight=False, color_system=None if plain else "auto", width=_width())
    # A text that is not in a group would lose what it says about wrapping.
    console.print(Group(report(console.width)), crop=False)


def _width() -> int | None:
    """The width to print for: that of the terminal (None), and in a pipe no limit, because nobody sees where a line ends."""
    return None if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal() else UNLIMITED


def print_items(items: Sequence[Answer | Mapping[str, Any]], columns: Sequence[str], noun: str) -> None:
    """Prints columns of items, and how many there are."""
    from apos_client.command._reports.items import items_report

    show(lambda width: items_report(items, columns, noun, width))


def show_text(text: str) -> None:
    """Prints sentences, wrapped to the width of the terminal."""
    from rich.text import Text

    show(lambda _: Text(text))


def show_line(text: str) -> None:
    """Prints a line that is never wrapped, because it is to be copied."""
    typer.echo(printable(text))


def print_json(answer: Answer | Sequence[Answer] | Mapping[str, Any]) -> None:
    """Prints what the service answered, as UTF-8 whatever the locale."""
    typer.echo(json.dumps(_document(answer), indent=2, ensure_ascii=False).encode())


def _document(answer: Any) -> Any:
    from apos_client import Answer

    if isinstance(answer, Answer):
        return answer.document()
    if isinstance(answer, Mapping):
        return {name: _document(value) for name, value in answer.items()}
    return [_document(item) for item in answer] if isinstance(answer, list | tuple) else answer


def fail(code: int, *lines: str) -> NoReturn:
    """Ends the command with an exit code and lines on standard error."""
    if asked_for_json():
        print_problem(problem_of_lines(code, lines))
    else:
        for line in lines:
            print(without_keys(printable(line)), file=sys.stderr)
    raise typer.Exit(code)
