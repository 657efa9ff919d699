"""Uploads in another currency: converted by the stated rate, which the report and the declaration show."""

import pytest

from domain.declarations.origin_declarations import OriginDeclaration
from tests.api.declarations.test_intake_previews import ANY, a_draft, bare
from tests.support.given import Given, faults
from tests.support.service import Apos

CSV = {"Content-Type": "text/csv"}
RATE = {"currency": "USD", "rate": "0.92", "rateDate": "2026-11-20"}
TABLE = b"Item,Description,Qty,Unit Price($)\n1,Motor,4,12.50\n"


async def test_a_table_in_dollars_is_stored_in_euros_and_the_declaration_shows_the_rate(
    apos: Apos, given: Given
) -> None:
    path, client = await a_draft(given)
    preview = await client.post("/intake-previews", params=RATE, content=TABLE, headers=CSV)
    assert (preview.status_code, preview.json()["conversion"]) == (200, RATE)
    stored = await client.put(path, params=RATE, content=TABLE, headers={**CSV, **ANY})
    assert (stored.status_code, stored.json()["conversion"]) == (200, RATE)
    [line] = (await client.get(path)).json()["items"]
    assert line["unitValue"] == {"amount": "11.50", "currency": "EUR", "qualifier": "exact"}
    declaration = (await client.get(path.removesuffix("/components"))).json()
    assert declaration["conversion"] == RATE
    assert apos.events(OriginDeclaration)[-1]["state"]["conversion"] == RATE


async def test_components_in_euros_take_the_rate_away_again(given: Given) -> None:
    path, client = await a_draft(given)
    await client.put(path, params=RATE, content=TABLE, headers={**CSV, **ANY})
    stored = await client.put(path, json={"components": [bare("a")]}, headers=ANY)
    assert stored.json()["conversion"] is None
    assert (await client.get(path.removesuffix("/components"))).json()["conversion"] is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"rate": None}, "/query/rate"),
        ({"rate": "0"}, "/query/rate"),
        ({"rate": "-0.92"}, "/query/rate"),
        ({"rate": "0.123456789"}, "/query/rate"),
        ({"rateDate": "2099-01-01"}, "/query/rateDate"),
        ({"currency": "EUR"}, "/query/currency"),
        ({"currency": "XXQ"}, "/query/currency"),
    ],
)
async def test_a_rate_that_cannot_be_used_is_refused_by_its_parameter_and_nothing_is_stored(
    apos: Apos, given: Given, changes: dict[str, str | None], pointer: str
) -> None:
    path, client = await a_draft(given)
    before = apos.rows(OriginDeclaration)
    params = {name: value for name, value in {**RATE, **changes}.items() if value is not None}
    for answer in (
        await client.post("/intake-previews", params=params, content=TABLE, headers=CSV),
        await client.put(path, params=params, content=TABLE, headers={**CSV, **ANY}),
    ):
        assert (answer.status_code, list(faults(answer))) == (400, [pointer])
    assert apos.rows(OriginDeclaration) == before


async def test_a_rate_is_for_tables_only(given: Given) -> None:
    path, client = await a_draft(given)
    answer = await client.put(path, params=RATE, json={"components": [bare("a")]}, headers=ANY)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("a currency is stated only for a table (CSV, XLSX, ODS or XLS)")
