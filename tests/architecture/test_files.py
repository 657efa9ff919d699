"""What is committed: locks that name no host, and no file that knows the machine it was written on."""

import fnmatch
import re

import pytest

from tests.architecture.modules import ROOT, files

LOCKS = ("requirements/*.txt", "openapi/lint/package-lock.json")
FOLDER = "work"
HOST = re.compile(r"\S*://\S*")
MACHINE = re.compile(r"(?<![\w.~$}-])/(?:work|root|home|Users)/[\w.-]*")


def hosts(text: str) -> list[str]:
    """The addresses in a lock; each machine says for itself where it gets its packages."""
    return HOST.findall(text)


def machine_paths(text: str) -> list[str]:
    """The paths in a text that are on one developer's machine."""
    return MACHINE.findall(text)


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def locks() -> list[str]:
    """The committed locks."""
    return [path for path in files() if any(fnmatch.fnmatch(path, lock) for lock in LOCKS)]


def test_there_is_a_lock_of_every_kind() -> None:
    assert [lock for lock in LOCKS if not fnmatch.filter(locks(), lock)] == []


def test_no_lock_names_a_host() -> None:
    assert [f"{path}: {found}" for path in locks() for found in hosts(_text(path))] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert [f"{path}: {found}" for path in files() for found in machine_paths(_text(path))] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("--index-url https://pypi.example.org/simple", ["https://pypi.example.org/simple"]),
        ("lots @ file:///srv/lots.whl", ["file:///srv/lots.whl"]),
        ('"resolved": "http://localhost:8080/a.tgz",', ['"http://localhost:8080/a.tgz",']),
        ("anyio==4.16.0 --hash=sha256:0a30", []),
    ],
)
def test_a_host_in_a_lock_is_seen(text: str, found: list[str]) -> None:
    assert hosts(text) == found


@pytest.mark.parametrize("folder", ["work", "root", "home", "Users"])
@pytest.mark.parametrize("text", ["cd {}", "file://{}", '"{}"', "PATH={}", "({})", "a\n{}"])
def test_a_path_of_a_machine_is_seen(folder: str, text: str) -> None:
    path = f"/{folder}/anna"
    assert machine_paths(text.format(f"{path}/apos")) == [path]


@pytest.mark.parametrize(
    "text", ["docs{}notes", "example.org{}page", "~{}lots", "$DATA{}lots", "/srv{}lots", "the home of the lot"]
)
def test_a_path_within_something_else_is_no_path_of_a_machine(text: str) -> None:
    assert machine_paths(text.format(f"/{FOLDER}/")) == []
