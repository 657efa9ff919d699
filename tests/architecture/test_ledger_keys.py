"""The keys of the ledger: what it has kept of a table it keeps for ever, under the same name.

States in the ledger are read back as typed columns, so a column of an audited table is only ever added. The keys are in
`ledger_keys.json`, by table; a new one is written there with the change that adds it, and none is ever taken out.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from domain.base import Audited
from domain.ledger import ledgered_columns, table_of
from tests.architecture.nouns import tables

COMMITTED = Path(__file__).with_name("ledger_keys.json")
Keys = Mapping[str, Sequence[str]]


def keys() -> Keys:
    """The columns that the ledger keeps now, of every audited table."""
    audited = [table_of(kind) for kind in tables() if issubclass(kind, Audited)]
    return {table.name: ledgered_columns(table) for table in sorted(audited, key=lambda table: table.name)}


def key_faults(committed: Keys, live: Keys) -> list[str]:
    """The keys that are gone, and those that must still be written down."""
    faults = []
    for table in sorted({*committed, *live}):
        before, now = committed.get(table, ()), live.get(table, ())
        faults += [
            f"{table}.{name} is gone: the ledger still has it, so keep the column, under this name and of this type"
            for name in before
            if name not in now
        ]
        faults += [
            f'{table}.{name} is new: add "{name}" to "{table}" in tests/architecture/ledger_keys.json'
            for name in now
            if name not in before
        ]
    return faults


def test_every_key_of_the_ledger_stays_and_new_ones_are_written_down() -> None:
    assert key_faults(json.loads(COMMITTED.read_text(encoding="utf-8")), keys()) == []


@pytest.mark.parametrize(
    ("live", "faults"),
    [
        pytest.param({"lots": ["id", "title"]}, [], id="as it was"),
        pytest.param({"lots": ["title", "id"]}, [], id="in another order"),
        pytest.param(
            {"lots": ["id"]},
            ["lots.title is gone: the ledger still has it, so keep the column, under this name and of this type"],
            id="a column is gone",
        ),
        pytest.param(
            {},
            [
                "lots.id is gone: the ledger still has it, so keep the column, under this name and of this type",
                "lots.title is gone: the ledger still has it, so keep the column, under this name and of this type",
            ],
            id="a table is gone",
        ),
        pytest.param(
            {"lots": ["id", "name"]},
            [
                "lots.title is gone: the ledger still has it, so keep the column, under this name and of this type",
                'lots.name is new: add "name" to "lots" in tests/architecture/ledger_keys.json',
            ],
            id="a column was renamed",
        ),
        pytest.param(
            {"lots": ["id", "title"], "trials": ["id"]},
            ['trials.id is new: add "id" to "trials" in tests/architecture/ledger_keys.json'],
            id="a table is new",
        ),
    ],
)
def test_a_key_that_is_gone_or_new_is_seen(live: Keys, faults: list[str]) -> None:
    assert key_faults({"lots": ["id", "title"]}, live) == faults
