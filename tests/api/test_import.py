"""Importing the real portfolio: every fact, once, or nothing."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.portfolio_file import SECTIONS
from api.portfolio_report import InvalidPortfolioFile
from domain.ledger import AuditEvent
from domain.permissions import Role
from domain.portfolio.lots import Lot
from domain.registers import Source
from tests.support.portfolio import PORTFOLIO, imported
from tests.support.service import Apos


async def test_the_real_portfolio_is_imported_once_and_then_found_unchanged(apos: Apos) -> None:
    first = await imported(apos, PORTFOLIO)
    assert {name: count.added for name, count in first.sections.items()} == {
        "sources": 5, "organisations": 17, "programmes": 2, "suppliers": 2, "lots": 5, "challenges": 2, "milestones": 10,
        "testSites": 3, "trials": 2, "targets": 4, "budgetLines": 1, "dependencies": 1, "criticalComponents": 0,
        "commitments": 12, "partners": 2, "safeguards": 3,
    }  # fmt: skip
    assert first.unsupported == []
    events = len(apos.rows(AuditEvent))
    assert events == 71 + 2, "each row once, and the scheme and its publication that migrations brought"
    second = await imported(apos, PORTFOLIO)
    assert [count.added + count.different for count in second.sections.values()] == [0] * 16
    assert [count.same for count in second.sections.values()] == [5, 17, 2, 2, 5, 2, 10, 3, 2, 4, 1, 1, 0, 12, 2, 3]
    assert len(apos.rows(AuditEvent)) == events


async def test_every_fact_of_the_file_is_read_back_through_the_contract(apos: Apos) -> None:
    await imported(apos, PORTFOLIO)
    client = await apos.as_(Role.PROGRAMME_ADMIN)
    document = yaml.safe_load(PORTFOLIO.read_text())
    ids: dict[str, dict[str, str]] = {}
    facts = 0
    for section in SECTIONS:
        path = re.sub(r"[A-Z]", lambda m: f"-{m[0].lower()}", section.name)
        items = (await client.get(f"/{path}?limit=200")).json()["items"]
        ids[section.name] = {item["key"]: item["id"] for item in items}
        rows = document.get(section.name, [])
        rows = [{"key": key, **row} for key, row in rows.items()] if isinstance(rows, dict) else rows
        assert len(rows) == len(items)
        for row in map(_with_whole_amount, rows):
            [item] = (await client.get(f"/{path}?key={row['key']}")).json()["items"]
            for name, value in row.items():
                facts += 1
                if name == "safeguards":
                    path_of_own = f"/dependencies/{item['id']}/safeguards"
                    safeguards = (await client.get(path_of_own)).json()["items"]
                    assert [own["text"] for own in sorted(safeguards, key=lambda own: own["position"])] == value
                elif name in section.own_rows:
                    partners = (await client.get(f"/lots/{item['id']}/partners")).json()["items"]
                    shown = [{"supplier": partner["supplierId"], "role": partner["role"]} for partner in partners]
                    assert shown == [
                        {**partner, "supplier": ids["suppliers"][partner["supplier"]]} for partner in value
                    ]
                elif name in section.references:
                    renamed, target = section.references[name]
                    named = (
                        [ids[target][key] for key in value] if isinstance(value, list) else value and ids[target][value]
                    )
                    assert item[renamed] == named, (row["key"], name)
                else:
                    assert _holds(item[name], _as_shown(value)), (row["key"], name, item[name])
    assert facts == 468, "an amount and its qualifier are one"


def _with_whole_amount(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose amount stands in it field by field, with the amount as one fact."""
    parts = {name: value for name, value in row.items() if name in ("amountEur", "amountQualifier")}
    rest = {name: value for name, value in row.items() if name not in parts}
    return {**rest, "amount": parts} if parts else row


def _as_shown(value: Any) -> Any:
    if isinstance(value, dict) and "amountEur" in value:
        rest = {name: inner for name, inner in value.items() if not name.startswith("amount")}
        return {**rest, "amount": f"{value['amountEur']}.00", "qualifier": value["amountQualifier"], "currency": "EUR"}
    if isinstance(value, dict):
        return {name: _as_shown(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_shown(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _holds(shown: Any, expected: Any) -> bool:
    """Whether what is shown says all that is expected; the service may add nulls for what the file leaves out."""
    if isinstance(expected, dict):
        return all(_holds(shown[name], value) for name, value in expected.items())
    if isinstance(expected, list) and expected and isinstance(expected[0], dict):
        return len(shown) == len(expected) and all(map(_holds, shown, expected))
    return bool(shown == expected)


async def test_a_row_that_differs_is_reported_and_left_as_it_is(apos: Apos) -> None:
    await imported(apos, {"sources": {"a": {"title": "Oud"}}})
    report = await imported(apos, {"sources": {"a": {"title": "Nieuw", "note": "n"}, "b": {"title": "B"}}})
    assert report.differences == [
        "sources a: title is Oud, the file says Nieuw",
        "sources a: note is nothing, the file says n",
    ]
    assert (report.sections["sources"].added, report.sections["sources"].different) == (1, 1)
    assert [row["title"] for row in apos.rows(Source)] == ["Oud", "B"]


LOT = {"key": "l", "programme": "p", "code": "L", "title": "Kavel"}
PROGRAMME = {"key": "p", "code": "P", "title": "Plan"}
UNUSABLE: list[Any] = [
    pytest.param({"sources": [{"key": "a"}]}, ["sources a: title: is required"], id="a field is missing"),
    pytest.param(
        {"sources": {"a": {"title": "t", "colour": 1}}},
        ["sources a: colour: is not known here; leave it out or correct its name"],
        id="an unknown field",
    ),
    pytest.param({"sources": 3}, ["sources: a section must be a list of rows"], id="no list"),
    pytest.param(
        {"programmes": [PROGRAMME], "lots": [{**LOT, "owner": "nobody"}]},
        ["lots l: owner: none of the organisations has the key 'nobody'"],
        id="a reference to nothing",
    ),
    pytest.param(
        {"programmes": [PROGRAMME, PROGRAMME]},
        ["programmes: these keys are missing or listed twice: p"],
        id="a key twice",
    ),
    pytest.param(
        {"programmes": [{"code": "P", "title": "t"}, {"code": "Q", "title": "t"}]},
        ["programmes: these keys are missing or listed twice: None"],
        id="no keys",
    ),
    pytest.param(
        {"programmes": [{**PROGRAMME, "budget": {"amountEur": 1.5}}]},
        [
            'programmes p: budget.amount: give a decimal string such as "15000000.00"; a number may already have been rounded'
        ],
        id="a float for an amount",
    ),
    pytest.param(
        {
            "programmes": [PROGRAMME],
            "lots": [{**LOT, "replacedBy": "m"}, {**LOT, "key": "m", "code": "M", "replacedBy": "l"}],
        },
        None,
        id="a circle",
    ),
    pytest.param(
        {"milestones": [{"key": "m", "title": "t", "kind": "trial"}]},
        ["milestones m: name exactly one lot, challenge or programme"],
        id="a milestone of nothing",
    ),
    pytest.param(
        {
            "programmes": [PROGRAMME],
            "milestones": [
                {
                    "key": "m",
                    "programme": "p",
                    "title": "t",
                    "kind": "trial",
                    "window": {"start": "2027-01-01", "end": "2026-01-01"},
                }
            ],
        },
        ["milestones m: window.end: is before the start of the window, 2027-01-01; give that day or a later one"],
        id="a window that ends before it starts",
    ),
    pytest.param(
        {"programmes": [{**PROGRAMME, "source": "none"}]},
        ["programmes p: source: no source has this key; give the key of an existing one"],
        id="a source that is not there",
    ),
    pytest.param(
        {"commitments": [{"key": "c", "kind": "motie", "text": "t", "status": "fulfilled"}]},
        [
            "commitments c: fulfilledOn: give the day on which it was fulfilled",
            "commitments c: evidence: name the letter that fulfils it, by the key of its source",
        ],
        id="a fulfilment without its day and letter",
    ),
    pytest.param(
        {"programmes": [PROGRAMME], "lots": [{**LOT, "partners": [{"supplier": "s", "role": "partner"}]}]},
        ["lots l: partners 1: none of the suppliers has the key 's'"],
        id="an unknown partner",
    ),
    pytest.param(
        {
            "programmes": [PROGRAMME],
            "suppliers": [{"key": "s", "name": "Intelic"}],
            "lots": [{**LOT, "partners": [{"supplier": "s", "role": "owner"}]}],
        },
        ["lots l: partners 1: role: is none of these: 'prime', 'strategicPartner', 'partner' or 'incumbent'"],
        id="a partner in a role that does not exist",
    ),
    pytest.param(
        {"dependencies": [{"key": "d", "subject": "s", "safeguards": [""]}]},
        ["dependencies d: safeguards 1: text: has fewer characters than 1"],
        id="a safeguard without words",
    ),
]


STARTED = ["score_schemes", "scheme_publications"]
"""What migrations tell the ledger."""


@pytest.mark.parametrize(("document", "faults"), UNUSABLE)
async def test_a_file_with_a_fault_imports_nothing(
    apos: Apos, document: dict[str, Any], faults: list[str] | None
) -> None:
    with pytest.raises(InvalidPortfolioFile) as refused:
        await imported(apos, {"organisations": [{"key": "o", "name": "O", "kind": "unit"}], **document})
    assert faults is None or refused.value.faults == faults
    assert refused.value.faults
    assert [event["row_kind"] for event in apos.rows(AuditEvent)] == STARTED, "nothing but what was there"


async def test_rows_may_stand_in_any_order(apos: Apos) -> None:
    lots = [{**LOT, "replacedBy": "m"}, {**LOT, "key": "m", "code": "M"}]
    await imported(apos, {"lots": lots, "programmes": [PROGRAMME]})
    assert {row["key"]: row["replaced_by"] is not None for row in apos.rows(Lot)} == {"l": True, "m": False}


@pytest.mark.parametrize("text", ["{", "- a", "\t", "1: 2", "\xff"])
async def test_what_is_no_portfolio_is_refused(apos: Apos, tmp_path: Path, text: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidPortfolioFile):
        await imported(apos, path)


TWICE = [
    pytest.param("lots: []\nlots: []\n", "'lots' is given twice in one mapping", id="a section"),
    pytest.param("organisations: [{key: o, name: O, name: P, kind: unit}]", "'name' is given twice", id="a field"),
    pytest.param("organisations: {o: {name: O, kind: unit}, o: {name: P, kind: unit}}", "'o' is given twice", id="a key"),
    pytest.param(
        "lots: [{key: l, budget: {amountEur: 1, amount: '2.00'}}]", "amountEur and amount are the same field", id="two names"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), TWICE)
async def test_what_is_said_twice_is_refused(apos: Apos, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text)
    with pytest.raises(InvalidPortfolioFile, match=message):
        await imported(apos, path)
