"""`apos login` and `apos logout`: what is checked, what is stored and how, and which settings take precedence."""

import json
import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from apos_client import Apos
from apos_client.command._stored_sign_in import SignIn, sign_in_file
from tests.clients.command_line import HOMELESS, answered, run
from tests.clients.services import RunningService, client_with_answers

KEY = f"apos_{'k' * 43}"
EMPTY = {"items": [], "nextCursor": None}


def config(folder: Path, **more: str) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(folder), **more}


def stored(folder: Path, url: str, key: str = KEY) -> Path:
    file = folder / "apos" / "sign-in.json"
    file.parent.mkdir(mode=0o700, parents=True)
    file.touch(0o600)
    file.write_text(json.dumps({"url": url, "key": key}), encoding="utf-8")
    return file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_after_a_login_no_command_needs_settings(portfolio: RunningService, tmp_path: Path) -> None:
    words = ["login", "--url", portfolio.url, "--key-stdin"]
    result = run(config(tmp_path), *words, given=f"{portfolio.keys['office']}\n", columns=40)
    file = tmp_path / "apos" / "sign-in.json"
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"Signed in to {portfolio.url}. Stored in {file}.\n"
    assert run(config(tmp_path), "lots").exit_code == 0
    assert run(config(tmp_path), "status").exit_code == 0


def test_only_its_owner_can_read_what_is_stored_and_nothing_else_is_left(
    portfolio: RunningService, tmp_path: Path
) -> None:
    (tmp_path / "apos").mkdir(mode=0o755)
    for _ in range(2):
        run(config(tmp_path), "login", "--url", portfolio.url, "--key-stdin", given=portfolio.keys["office"])
    [file] = (tmp_path / "apos").iterdir()
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)
    assert json.loads(file.read_text(encoding="utf-8")) == {"url": portfolio.url, "key": portfolio.keys["office"]}


def test_a_login_as_json_says_where_it_is_stored_and_not_the_key(portfolio: RunningService, tmp_path: Path) -> None:
    words = ["login", "--url", portfolio.url, "--key-stdin", "--json"]
    result = run(config(tmp_path), *words, given=portfolio.keys["viewer"])
    assert json.loads(result.stdout) == {"url": portfolio.url, "file": str(tmp_path / "apos" / "sign-in.json")}


def test_a_key_that_the_service_does_not_know_is_not_stored(portfolio: RunningService, tmp_path: Path) -> None:
    before = stored(tmp_path, portfolio.url).read_bytes()
    result = run(config(tmp_path), "login", "--key-stdin", given=f"{KEY[:-1]}x\n")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "Your key is not valid" in result.stderr
    assert (tmp_path / "apos" / "sign-in.json").read_bytes() == before


def test_a_service_that_does_not_run_is_not_stored(tmp_path: Path) -> None:
    result = run(config(tmp_path), "login", "--url", "http://127.0.0.1:1", "--key-stdin", given=KEY)
    assert (result.exit_code, result.stdout) == (8, "")
    assert not (tmp_path / "apos").exists()


def test_the_key_is_asked_for_and_not_shown(portfolio: RunningService, tmp_path: Path) -> None:
    """On a terminal of its own, as a person does it."""
    ours, theirs = pty.openpty()
    asking = subprocess.Popen(
        [Path(sys.executable).with_name("apos"), "login", "--url", portfolio.url],
        env={**os.environ, **config(tmp_path)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while b"API key for " not in shown:
        shown += os.read(ours, 1000)
    os.write(ours, f"{portfolio.keys['office']}\n".encode())
    while b"sign-in.json." not in shown:
        shown += os.read(ours, 1000)
    assert asking.wait(60) == 0
    os.close(ours)
    assert portfolio.keys["office"].encode() not in shown


def test_the_key_is_asked_for_by_the_address_it_is_for(tmp_path: Path) -> None:
    asked: list[str] = []

    def secret(prompt: str) -> str:
        asked.append(prompt)
        return KEY

    words = ["login", "--url", "https://apos.example.org"]
    result = answered([httpx.Response(200, json=EMPTY)], *words, ask_secret=secret)
    assert (result.exit_code, asked) == (1, ["API key for https://apos.example.org: "])
    assert f"{HOMELESS / '.config' / 'apos' / 'sign-in.json'} cannot be written" in result.stderr


def test_without_a_terminal_the_key_is_asked_on_standard_input(tmp_path: Path) -> None:
    result = run(config(tmp_path), "login", given=KEY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "There is no terminal to ask for the key.",
        "Give the key on standard input, with --key-stdin.",
    ]


def test_an_empty_key_is_wrong_use(tmp_path: Path) -> None:
    result = run(config(tmp_path), "login", "--key-stdin", given="\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("No key was given.")


def test_a_key_cannot_be_an_argument(tmp_path: Path) -> None:
    for words in (["--key", KEY], [KEY]):
        result = run(config(tmp_path), "login", *words)
        assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize(
    ("url", "warned"),
    [("http://apos.example.org", True), ("https://apos.example.org", False), ("http://127.0.0.1:8000", False)],
)
def test_an_address_without_encryption_is_warned_of(tmp_path: Path, url: str, warned: bool) -> None:
    network = client_with_answers([httpx.Response(200, json=EMPTY)])
    words = ["login", "--url", url, "--key-stdin"]
    result = run(config(tmp_path), *words, given=KEY, connect=lambda url, key: network)
    assert result.exit_code == 0
    assert ("others on the network can read your key" in result.stderr) is warned


def used(settings: dict[str, str]) -> tuple[str, str]:
    """The address and key that a command uses."""
    seen: list[tuple[str, str]] = []

    def connect(url: str, key: str) -> Apos:
        seen.append((url, key))
        return client_with_answers([httpx.Response(200, json=EMPTY)])

    assert run(settings, "lots", connect=connect).exit_code == 0
    [found] = seen
    return found


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ("https://stored.example.org", KEY)),
        ({"APOS_KEY": "apos_other"}, ("https://stored.example.org", "apos_other")),
        ({"APOS_URL": "https://stored.example.org/"}, ("https://stored.example.org", KEY)),
        ({"APOS_URL": "https://a.example.org", "APOS_KEY": "apos_other"}, ("https://a.example.org", "apos_other")),
    ],
)
def test_the_environment_takes_precedence_over_what_is_stored(
    tmp_path: Path, environment: dict[str, str], expected: tuple[str, str]
) -> None:
    stored(tmp_path, "https://stored.example.org")
    assert used(config(tmp_path, **environment)) == expected


def test_without_anything_stored_the_environment_is_enough(tmp_path: Path) -> None:
    assert used(config(tmp_path, APOS_KEY="apos_x")) == ("http://127.0.0.1:8000", "apos_x")


def test_a_stored_key_is_never_sent_to_another_address(tmp_path: Path) -> None:
    stored(tmp_path, "https://stored.example.org")
    result = run(config(tmp_path, APOS_URL="https://other.example.org"), "lots")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("You are signed in to https://stored.example.org, not to https://other")


def test_a_stored_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    stored(tmp_path, "https://stored.example.org").chmod(0o640)
    result = run(config(tmp_path), "lots")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "can be read by others" in result.stderr
    assert KEY not in result.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": "https://a.example.org"}', '{"url": 1, "key": "apos_x"}'])
def test_a_damaged_sign_in_is_reported_and_a_login_replaces_it(tmp_path: Path, text: str) -> None:
    file = stored(tmp_path, "https://stored.example.org")
    file.write_text(text, encoding="utf-8")
    result = run(config(tmp_path), "lots")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.splitlines()[-1] == "Sign in again with `apos login`."
    network = client_with_answers([httpx.Response(200, json=EMPTY)])
    corrected = run(config(tmp_path), "login", "--key-stdin", given=KEY, connect=lambda url, key: network)
    assert corrected.exit_code == 0
    assert json.loads(file.read_text(encoding="utf-8")) == {"url": "http://127.0.0.1:8000", "key": KEY}


def test_a_logout_removes_the_key(tmp_path: Path) -> None:
    file = stored(tmp_path, "https://stored.example.org")
    result = run(config(tmp_path), "logout")
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"Signed out. Removed {file}.\n", "")
    assert not file.exists()
    assert run(config(tmp_path), "logout").stdout == "You were not signed in.\n"
    assert json.loads(run(config(tmp_path), "logout", "--json").stdout) == {"file": None}


def test_a_logout_says_that_the_environment_still_holds_a_key(tmp_path: Path) -> None:
    result = run(config(tmp_path, APOS_KEY=KEY), "logout")
    assert result.stderr == "APOS_KEY is still set, and still used.\n"


@pytest.mark.parametrize(
    ("environ", "file"),
    [
        ({"XDG_CONFIG_HOME": "/config", "HOME": "/me"}, "/config/apos/sign-in.json"),
        ({"XDG_CONFIG_HOME": "relative", "HOME": "/me"}, "/me/.config/apos/sign-in.json"),
        ({"HOME": "/me"}, "/me/.config/apos/sign-in.json"),
    ],
)
def test_it_is_stored_in_the_folder_for_settings(environ: dict[str, str], file: str) -> None:
    assert str(sign_in_file(environ)) == file


def test_a_sign_in_does_not_show_its_key() -> None:
    assert KEY not in repr(SignIn("https://apos.example.org", KEY))
