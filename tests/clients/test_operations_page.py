"""The page for whoever runs the service: every setting is in it, and its commands do what it says."""

import re
import shlex
from pathlib import Path

import pytest

from api.settings import Settings
from tests.clients.services import ROOT
from tests.support.commands import command

PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\n(.*?)```", PAGE, re.DOTALL)
INLINE = ("settings", "keys list", "keys revoke ID", "keys create --expires 2027-01-01", "rebuild")
"""Commands that the page names within its sentences."""
SERVING = {"serve --host 127.0.0.1 --port 8000"}
"""What does not end; the test of the README serves."""


def test_every_setting_is_in_the_page_with_its_default() -> None:
    rows = dict(re.findall(r"^\| (`APOS_[^|]+) \| ([^|]+) \|", PAGE, re.MULTILINE))
    named = {name: default for names, default in rows.items() for name in re.findall(r"`APOS_(\w+)`", names)}
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)
    assert set(re.findall(r"APOS_(\w+)", PAGE)) - {""} <= set(named)
    for names, default in rows.items():
        fields = [Settings.model_fields[name.lower()] for name in re.findall(r"`APOS_(\w+)`", names)]
        shown = ", ".join(f"`{str(field.default).lower()}`" for field in fields)
        assert default in (shown, "none", "an example"), names


def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    said = [_said(line) for block in BLOCKS for line in block.splitlines()]
    assert len(said) == 6
    assert "lots: 5 added" in said[1]
    assert said[2].startswith("apos_")
    assert Settings(_env_file=None).port == 8000, "what `serve` is given in the page is the default"
    assert (tmp_path / "restored.sqlite").is_file()


def test_the_commands_within_its_sentences_are_there(database_url: str) -> None:
    for words in INLINE:
        assert f"`{words}`" in PAGE or f"`apos-server {words}`" in PAGE
    made = command(database_url, "keys", "create", "--role", "viewer", "--expires", "2999-01-01")
    own_id = command(database_url, "keys", "list").stdout.split()[0]
    for words in ("settings", f"keys revoke {own_id}", "rebuild"):
        assert command(database_url, *words.split()).exit_code == 0
    assert made.stdout.strip() not in command(database_url, "keys", "list").stdout


def _said(line: str) -> str:
    """What a line of a block says, with what it sets before the command; nothing where it would serve."""
    words = shlex.split(line, comments=True)
    at = words.index("apos-server")
    if " ".join(words[at + 1 :]) in SERVING:
        return ""
    given = dict(word.split("=", 1) for word in words[:at])
    answer = command(given.pop("APOS_DATABASE_URL", "sqlite:///apos.sqlite"), *words[at + 1 :], **given)
    assert answer.exit_code == 0, answer.stderr
    return answer.stdout
