"""The command `apos` as a test runs it: in this process, in an environment that the test replaces."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from apos_client import Apos
from apos_client.command import app
from apos_client.command._session import Environment
from tests.clients.services import client_with_answers

NOWHERE = {"APOS_URL": "http://127.0.0.1:1", "APOS_KEY": "apos_x"}
HOMELESS = Path(__file__)  # a file, in which nothing can be stored


def run(settings: dict[str, str], *words: str, columns: int = 200, given: str | None = None, **environment: Any) -> Any:
    """What the command does with these words, and with `given` on standard input."""
    clean: dict[str, str | None] = {"APOS_URL": None, "APOS_KEY": None, "COLUMNS": str(columns)}
    clean |= {"HOME": str(HOMELESS), "XDG_CONFIG_HOME": None}
    return CliRunner().invoke(app, words, env={**clean, **settings}, input=given, obj=Environment(**environment))


def run_on(network: Apos, *words: str, **options: Any) -> Any:
    """What the command does with these words on a network of the test's own."""
    return run(NOWHERE, *words, connect=lambda url, key: network, **options)


def answered(answers: Iterable[httpx.Response | Exception], *words: str, **options: Any) -> Any:
    """What the command does where these are the answers, one after another."""
    return run_on(client_with_answers(answers), *words, **options)


def plain(text: str) -> str:
    """Words in one line, without colours and frames."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m|[╭╮╰╯│─]", "", text).split())
