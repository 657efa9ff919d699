"""`apos login` and `apos logout`: the address and the key are checked and stored, so that no other command asks for them."""

import sys
from contextlib import suppress
from typing import Annotated

import typer

from apos_client.command._messages import UNEXPECTED, WRONG_USE
from apos_client.command._session import (
    DEFAULT_URL,
    AsJson,
    Environment,
    environment_of,
    errors_as_messages,
    fail,
    print_json,
    show_line,
)
from apos_client.command._stored_sign_in import SignIn, UnusableSignIn, remove, store, stored_sign_in

NOT_ENCRYPTED = "Warning: the connection to {url} is not encrypted, so others on the network can read your key."


def login(
    context: typer.Context,
    *,
    url: Annotated[
        str | None,
        typer.Option(help=f"The address of the service; by default that of your last login, or {DEFAULT_URL}"),
    ] = None,
    key_stdin: Annotated[bool, typer.Option("--key-stdin", help="Read the key from standard input")] = False,
    as_json: AsJson = False,
) -> None:
    """Sign in: check and store an address and a key.

    The command asks for the key without showing it, or reads it from standard input, and checks it with the service. It is
    stored for the other commands in a file that only you can read, in XDG_CONFIG_HOME or ~/.config. APOS_URL and APOS_KEY,
    if set, take precedence over what is stored.
    """
    from apos_client._client import is_unencrypted

    environment = environment_of(context)
    address = url or _address(environment)
    with errors_as_messages():
        # An address that cannot be right is refused before anybody is asked for a key.
        can_be_read = is_unencrypted(address)
    sign_in = SignIn(address, _key(environment, address, from_stdin=key_stdin))
    with errors_as_messages(), environment.connect(sign_in.url, sign_in.key) as apos:
        if can_be_read:
            print(NOT_ENCRYPTED.format(url=address), file=sys.stderr)
        next(apos.programmes.each(page_size=1), None)
    try:
        file = store(environment.variables, sign_in)
    except UnusableSignIn as error:
        fail(UNEXPECTED, str(error), "Set APOS_URL and APOS_KEY in the environment instead.")
    if as_json:
        print_json({"url": address, "file": str(file)})
    else:
        show_line(f"Signed in to {address}. Stored in {file}.")


def logout(context: typer.Context, as_json: AsJson = False) -> None:
    """Sign out: remove the address and the key. The key itself stays valid until the administrator revokes it."""
    variables = environment_of(context).variables
    try:
        file = remove(variables)
    except UnusableSignIn as error:
        fail(UNEXPECTED, str(error), "Remove it by hand.")
    if variables.get("APOS_KEY", "").strip():
        print("APOS_KEY is still set, and still used.", file=sys.stderr)
    if as_json:
        print_json({"file": file and str(file)})
    else:
        show_line("You were not signed in." if file is None else f"Signed out. Removed {file}.")


def _address(environment: Environment) -> str:
    given = environment.variables.get("APOS_URL", "").strip()
    if given:
        return given
    # A stored sign-in that cannot be used is replaced by this one.
    with suppress(UnusableSignIn):
        stored = stored_sign_in(environment.variables)
        if stored is not None:
            return stored.url
    return DEFAULT_URL


def _key(environment: Environment, address: str, *, from_stdin: bool) -> str:
    key = (sys.stdin.readline() if from_stdin else environment.ask_secret(f"API key for {address}: ")).strip()
    if not key:
        fail(WRONG_USE, "No key was given.", "The programme administrator makes keys.")
    return key
