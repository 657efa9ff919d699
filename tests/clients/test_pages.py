"""The pages of the documentation are right, and a page that is not right is found."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import Filled
from tests.clients.pages import Block, Command, Differs, Terminal, blocks_of, commands_of, follow, matches
from tests.clients.services import ROOT

DATABASE = "portfolio.sqlite"
ADDRESS = "http://127.0.0.1:8000"
PAGES = ["clients/python/README.md", "docs/programme-office.md", "docs/supplier.md", "docs/parliament.md"]


@pytest.fixture
def desk(local_service: Any, filled: Filled, tmp_path: Path) -> Iterator[tuple[Terminal, str]]:
    """A terminal in a folder as `make serve` leaves it, and the address of the service that serves it."""
    origin, keys = filled
    made = tmp_path / "build" / "demo"
    shutil.copytree(origin, made)
    (made / "office.key").write_text(f"{keys['office']}\n", encoding="utf-8")
    (tmp_path / "data").symlink_to(ROOT / "data")
    with local_service.LocalService(made, DATABASE).serving(keys["office"]) as url:
        yield Terminal(tmp_path, _environment(tmp_path)), url


def _environment(folder: Path) -> dict[str, str]:
    own = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
    return {**own, "PATH": path, "HOME": str(folder / "home"), "COLUMNS": "80", "TERM": "dumb", "PYTHONUTF8": "1"}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_does_what_it_says(desk: tuple[Terminal, str], page: str) -> None:
    terminal, url = desk
    text = (ROOT / page).read_text(encoding="utf-8")
    assert follow(text, terminal, {ADDRESS: url, ".venv/bin/": ""}) > 5


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, _environment(tmp_path))


def console(*lines: str) -> str:
    return "\n".join(["```console", *lines, "```", ""])


@pytest.mark.parametrize(
    "page",
    [
        console("$ echo lots", "lots"),
        console("$ echo lots; echo more", "lots", "..."),
        console("$ printf 'a\\nb\\nc\\n'", "a", "...", "c"),
        console("$ echo a; echo c", "a", "...", "c"),
        console("$ echo 01a1fd21-9384-76b9-bb16-d38cd1af38c8", "00000000-0000-7000-8000-000000000000"),
        console("$ echo on 2026-11-21", "on ..."),
        console("$ printf 'a\\n'; printf 'b\\n' >&2", "a", "b"),
        console("$ false", "$ echo $?", "1"),
        console("$ (exit 7)", "$ echo $?", "7"),
        console("$ echo a \\", "> b", "a b"),
        console("$ export LOT=K1", "$ mkdir in && cd in")
        + "```sh\necho $LOT > lot\n```\n"
        + console("$ cat lot", "K1"),
        "```python\nimport os\nos.mkdir('made')\n```\n" + console("$ ls", "made"),
        "<!-- not run: it needs the network -->\n\n```sh\nfalse\n```\n",
        "```json\nno command\n```\n",
    ],
)
def test_a_page_that_is_right_is_followed(terminal: Terminal, page: str) -> None:
    follow(page, terminal)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (console("$ echo lots", "milestones"), "line 2: `echo lots` printed\nlots"),
        (console("$ echo lots; echo more", "lots"), "printed\nlots\nmore"),
        (console("$ echo lots", "lots", "more"), "printed\nlots"),
        (console("$ echo 01a1fd21", "00000000-0000-7000-8000-000000000000"), "printed\n01a1fd21"),
        (console("$ echo a.c", "abc"), "printed\na.c"),
        (console("$ false"), "line 2: `false` ended with 1"),
        (console("$ false | true"), "`false | true` ended with 1"),
        (console("$ true", "$ echo $?", "3"), "line 3: `echo $?` printed\n0"),
        ("A page\n\n```sh\ntrue\nfalse\ntrue\n```\n", "line 4: `set -eu"),
        ("```sh\necho $NEVER_SET\n```\n", "NEVER_SET: unbound variable"),
        ("```python\nimport no_such_module\n```\n", "No module named 'no_such_module'"),
        (console("lots"), "line 2: a console begins with a command"),
        ("<!-- not run: -->\n\n```sh\nfalse\n```\n", "ended with 1"),
    ],
)
def test_a_page_that_is_wrong_is_seen(terminal: Terminal, page: str, message: str) -> None:
    with pytest.raises(Differs) as differs:
        follow(page, terminal)
    assert message in str(differs.value)


def test_a_page_is_counted_by_its_commands(terminal: Terminal) -> None:
    assert follow(console("$ true", "$ true") + "```sh\ntrue\ntrue\n```\n", terminal) == 3


def test_an_address_on_the_page_is_replaced_by_the_real_one(terminal: Terminal) -> None:
    follow(console("$ echo there", "there"), terminal, {"there": "here"})


def test_blocks_and_commands_know_their_line() -> None:
    page = "# A page\n\n" + console("$ a", "b", "$ c")
    assert blocks_of(page) == [Block("console", 4, "$ a\nb\n$ c\n")]
    assert commands_of(blocks_of(page)[0]) == [Command(4, "a", "b\n"), Command(6, "c")]


def test_dots_within_a_line_stay_on_it() -> None:
    assert matches("a ... c", "a b c")
    assert not matches("a ... c", "a\nc")
