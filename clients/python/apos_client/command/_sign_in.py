"""`apos login` and `apos logout`: an address and a key are checked and stored, so that no other command asks for them."""

import sys
from contextlib import suppress
from typing import Annotated

import typer
from rich.text import Text

from apos_client._client import is_in_clear
from apos_client.command._complaints import UNEXPECTED, WRONG_USE
from apos_client.command._session import DEFAULT_URL, AsJson, Outside, fail, outside, print_json, show, told
from apos_client.command._stored_sign_in import SignIn, Unusable, forget, store, stored_sign_in

IN_CLEAR = "Warning: {url} is not encrypted, so everybody on the way can read your key."


def login(
    context: typer.Context,
    *,
    url: Annotated[
        str | None,
        typer.Option(help=f"The address of the service; that of your last login by default, or {DEFAULT_URL}"),
    ] = None,
    key_stdin: Annotated[bool, typer.Option("--key-stdin", help="Read the key from standard input")] = False,
    as_json: AsJson = False,
) -> None:
    """Sign in: check a key with the service, and store both for the other commands.

    The key is asked for and not shown, or read from standard input. It is stored in a file that only you can read, in
    XDG_CONFIG_HOME or ~/.config. APOS_URL and APOS_KEY, where set, win over what is stored.
    """
    world = outside(context)
    address = url or _address(world)
    sign_in = SignIn(address, _given_key(world, address, from_stdin=key_stdin))
    with told(), world.connect(sign_in.url, sign_in.key) as apos:
        if is_in_clear(address):
            print(IN_CLEAR.format(url=address), file=sys.stderr)
        next(apos.programmes.each(page_size=1), None)
    try:
        file = store(world.environ, sign_in)
    except Unusable as error:
        fail(UNEXPECTED, str(error), "Set APOS_URL and APOS_KEY in the environment instead.")
    if as_json:
        print_json({"url": address, "file": str(file)})
    else:
        show(lambda _: Text(f"Signed in to {address}. Stored in {file}.", overflow="ignore", no_wrap=True))


def logout(context: typer.Context, as_json: AsJson = False) -> None:
    """Sign out: forget the address and the key. The key itself stays valid until the administrator revokes it."""
    world = outside(context)
    try:
        file = forget(world.environ)
    except Unusable as error:
        fail(UNEXPECTED, str(error), "Remove it by hand.")
    if world.environ.get("APOS_KEY", "").strip():
        print("APOS_KEY is still set, and still used.", file=sys.stderr)
    if as_json:
        print_json({"file": file and str(file)})
    else:
        words = "You were not signed in." if file is None else f"Signed out. Removed {file}."
        show(lambda _: Text(words, overflow="ignore", no_wrap=True))


def _address(world: Outside) -> str:
    given = world.environ.get("APOS_URL", "").strip()
    if given:
        return given
    # What cannot be used is stored anew, so it stands in no way here.
    with suppress(Unusable):
        stored = stored_sign_in(world.environ)
        if stored is not None:
            return stored.url
    return DEFAULT_URL


def _given_key(world: Outside, address: str, *, from_stdin: bool) -> str:
    key = (sys.stdin.readline() if from_stdin else world.ask_secret(f"API key for {address}: ")).strip()
    if not key:
        fail(WRONG_USE, "No key was given.", "The programme administrator makes keys.")
    return key
