"""What every command of `apos` does alike: find the service and the key, ask, print, and end with an exit code."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from getpass import getpass
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console, Group, RenderableType
from rich.text import Text

from apos_client._base import Answer
from apos_client._client import Apos
from apos_client.command._complaints import (
    NOT_SIGNED_IN,
    PERHAPS_DONE,
    WRONG_USE,
    exit_code,
    lines,
    printable,
    without_keys,
)
from apos_client.command._stored_sign_in import SignIn, Unusable, stored_sign_in
from apos_client.errors import AposError

DEFAULT_URL = "http://127.0.0.1:8000"
Options = Mapping[str, str]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone on standard output")]


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


def _ask_secret(prompt: str) -> str:
    if not sys.stdin.isatty():
        fail(WRONG_USE, "There is no terminal to ask for the key.", "Give it on standard input, with --key-stdin.")
    return getpass(prompt)


@dataclass(frozen=True)
class Outside:
    """Where the command meets the world; a test decides what each of them does."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    connect: Callable[[str, str], Apos] = Apos
    today: Callable[[], date] = _today
    ask_secret: Callable[[str], str] = _ask_secret


def outside(context: typer.Context) -> Outside:
    """The world of this command."""
    return context.find_object(Outside) or Outside()


@contextmanager
def service(context: typer.Context, options: Options | None = None, perhaps_done: str = PERHAPS_DONE) -> Iterator[Apos]:
    """The service that you are signed in to; every error ends the command in words.

    `options` names the option or argument that filled each field of a request; `perhaps_done` says what to do when the
    answer to a write was lost.
    """
    world = outside(context)
    signed_in = _sign_in(world.environ)
    with told(options, perhaps_done), world.connect(signed_in.url, signed_in.key) as apos:
        yield apos


@contextmanager
def told(options: Options | None = None, perhaps_done: str = PERHAPS_DONE) -> Iterator[None]:
    """Ends the command in words where the client raises an error."""
    try:
        yield
    except AposError as error:
        fail(exit_code(error), *lines(error, options or {}, perhaps_done))


def _sign_in(environ: Mapping[str, str]) -> SignIn:
    """The environment wins; a stored key is only for the address that it was stored with."""
    url, key = environ.get("APOS_URL", "").strip(), environ.get("APOS_KEY", "").strip()
    if url and key:
        return SignIn(url, key)
    stored = stored_in(environ)
    if key:
        return SignIn(url or (stored.url if stored else DEFAULT_URL), key)
    if stored is None:
        fail(NOT_SIGNED_IN, "You are not signed in.", "Sign in with `apos login`, or put an API key in APOS_KEY.")
    if url.rstrip("/") not in ("", stored.url.rstrip("/")):
        fail(
            NOT_SIGNED_IN, f"You are signed in to {stored.url}, and not to {url}.", "Unset APOS_URL, or sign in there."
        )
    return stored


def stored_in(environ: Mapping[str, str]) -> SignIn | None:
    """The stored sign-in; one that cannot be used ends the command in words."""
    try:
        return stored_sign_in(environ)
    except Unusable as error:
        fail(NOT_SIGNED_IN, str(error), "Sign in again with `apos login`.")


def show(report: Callable[[int], RenderableType]) -> None:
    """Prints a report made for the width of the terminal; what cannot be narrower runs over its edge."""
    console = Console(highlight=False)
    # In a group, because a text by itself would lose what it says of wrapping.
    console.print(Group(report(console.width)), crop=False)


def show_line(words: str) -> None:
    """Prints a line that may run over the edge of the terminal, because it is to be copied."""
    show(lambda _: Text(printable(words), no_wrap=True, overflow="ignore"))


def print_json(answer: Answer | Sequence[Answer] | Mapping[str, Any]) -> None:
    """Prints what the service said, as UTF-8 whatever the locale."""
    typer.echo(json.dumps(_document(answer), indent=2, ensure_ascii=False).encode())


def _document(answer: Any) -> Any:
    if isinstance(answer, Answer):
        return answer.document()
    if isinstance(answer, Mapping):
        return {name: _document(value) for name, value in answer.items()}
    return [_document(item) for item in answer] if isinstance(answer, list | tuple) else answer


def fail(code: int, *words: str) -> NoReturn:
    """Ends the command with an exit code and words on standard error."""
    for line in words:
        print(without_keys(printable(line)), file=sys.stderr)
    raise typer.Exit(code)
