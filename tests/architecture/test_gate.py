"""What the gate tests on one kind of database is what docs/testing.md says, and nothing in which databases differ."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

import pytest

from tests.architecture.modules import ROOT, Module, modules, snippet
from tests.conftest import KINDS

DOCUMENT = ROOT / "docs" / "testing.md"
NAMES = {"SQLite": "sqlite", "PostgreSQL": "postgresql"}
ALWAYS_ON_BOTH = {
    "test_migrations": "migrations, triggers and checks",
    "test_backup": "copies",
    "test_concurrency": "locks",
    "test_idempotency": "twins in flight",
    "test_isolation": "what services share",
    "test_workers": "what processes share",
    "test_import": "conversions of a whole portfolio",
    "test_conventions": "commits that fail, values at the edge",
}
"""Modules about what each database does in its own way, and what that is."""


def marked(tests: Sequence[Module]) -> Iterator[tuple[str, str, str]]:
    """The tests that the gate runs on one kind of database: module, name and kind."""
    for module in tests:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.gate_on":
                on = next(iter(module.around(node)))
                name = on.name if isinstance(on, ast.FunctionDef | ast.AsyncFunctionDef) else "no test of its own"
                yield PurePath(module.path).stem, name, str(ast.literal_eval(node.args[0]))


def test_the_document_names_every_test_that_the_gate_runs_on_one_database() -> None:
    rows = re.findall(r"^\| `(test_\w+)` \| (\w+) \|", DOCUMENT.read_text(), re.MULTILINE)
    assert sorted((name, kind) for _, name, kind in marked(modules("tests"))) == sorted(
        (name, NAMES[database]) for name, database in rows
    )
    assert set(NAMES.values()) == set(KINDS)


def test_what_databases_differ_in_is_tested_on_both() -> None:
    assert {stem for stem, _, _ in marked(modules("tests"))} & set(ALWAYS_ON_BOTH) == set()
    assert set(ALWAYS_ON_BOTH) - {PurePath(module.path).stem for module in modules("tests")} == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('@pytest.mark.gate_on("sqlite")\nasync def test_a(): ...', ("test_x", "test_a", "sqlite")),
        ('@other\n@pytest.mark.gate_on("sqlite")\n@another\ndef test_a(): ...', ("test_x", "test_a", "sqlite")),
        ('pytestmark = pytest.mark.gate_on("sqlite")', ("test_x", "no test of its own", "sqlite")),
    ],
)
def test_a_mark_is_seen(text: str, found: tuple[str, str, str]) -> None:
    assert list(marked([snippet("tests/api/test_x.py", text)])) == [found]
