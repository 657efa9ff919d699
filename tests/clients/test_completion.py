"""Completion: the parser is asked as a shell asks it, and bash itself with what was installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from apos_client.command import app, main
from tests.support.commands import SECONDS

ASKED = [
    ("milestones rec", ["record"]),
    ("milestones record x --outcome ", ["met", "partiallyMet", "notMet"]),
    ("lots list --stat", ["--status"]),
    ("lots list --json --stat", ["--status"]),
]


@pytest.mark.parametrize(("line", "offered"), ASKED)
def test_bash_is_offered_what_fits(
    line: str, offered: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = f"apos {line}"
    asked = {"_APOS_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    assert _answer(asked, monkeypatch, capsys).split() == offered


@pytest.mark.parametrize(("line", "offered"), ASKED)
def test_zsh_is_offered_what_fits(
    line: str, offered: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = _answer({"_APOS_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": f"apos {line}"}, monkeypatch, capsys)
    assert [word for word in offered if f'"{word}"' in answer] == offered
    assert answer.startswith("_arguments '*: :((")


def test_every_command_is_offered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"_APOS_COMPLETE": "complete_bash", "COMP_WORDS": "apos ", "COMP_CWORD": "1"}
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert _answer(asked, monkeypatch, capsys).split() == list(commands)


def test_bash_completes_with_what_was_installed(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    asked = 'source "$HOME/.bashrc"; COMP_WORDS=(apos declare ex); COMP_CWORD=2; _apos_completion apos; echo "${COMPREPLY[@]}"'
    # The command is not the last of its script, so that the shell which it looks for stays its parent.
    for script, answer in (("apos --install-completion; true", "bash completion installed"), (asked, "export")):
        done = subprocess.run(
            ["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=SECONDS, check=True
        )
        assert done.stdout.startswith(answer)


@pytest.mark.parametrize(("shell", "needed"), [("bash", "complete -o default"), ("zsh", "#compdef apos")])
def test_what_a_shell_needs_is_shown(
    shell: str, needed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert needed in _answer({"_APOS_COMPLETE": f"source_{shell}"}, monkeypatch, capsys)


def _answer(asked: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    for name, value in asked.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["apos"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    return capsys.readouterr().out
