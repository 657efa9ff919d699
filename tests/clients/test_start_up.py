"""The command describes itself before it loads what takes long: pydantic, httpx, rich, and the models."""

import json
import subprocess
import sys

import pytest

# typer itself loads pydantic for the arguments of a command, so that only `apos --help` does without it.
SLOW = {"httpx", "rich", "yaml", "apos_client._models", "apos_client._connection"}
SHOWN = """
import json, sys
from apos_client.command import app
try:
    app(sys.argv[1:], prog_name="apos")
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded(*words: str) -> set[str]:
    """The modules that are loaded after the command with these words, in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SHOWN, *words], capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    assert done.stdout.startswith("Usage: apos ")
    return set(json.loads(done.stderr))


def test_the_help_of_the_command_loads_nothing_slow() -> None:
    modules = loaded("--help")
    assert "typer" in modules
    assert modules & {"pydantic", *SLOW} == set()


@pytest.mark.parametrize(
    "words", [["declare"], ["milestones", "record"], ["declare", "what-if"], ["login"]], ids=" ".join
)
def test_the_help_of_a_command_loads_no_client(words: list[str]) -> None:
    assert loaded(*words, "--help") & SLOW == set()


def test_the_package_loads_nothing_before_it_is_used() -> None:
    script = "import sys, apos_client; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", timeout=60, check=True)
    modules = set(done.stdout.split())
    assert "apos_client" in modules
    assert modules & {"pydantic", "typer", *SLOW} == set()
