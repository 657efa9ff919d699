"""What if, over HTTP: a stored declaration scored with some of its statements replaced, and nothing stored."""

import json
from typing import Any

import httpx
import pytest

from domain.declarations.component_columns import DeclaredComponent
from domain.declarations.origin_declarations import OriginDeclaration
from domain.ledger import AuditEvent
from domain.permissions import Role
from domain.scoring.scores import StoredScore
from tests.support.declared import PROFILE, a_leaf, components, euros, statement
from tests.support.given import Given, faults
from tests.support.operations import UNKNOWN
from tests.support.service import Apos

PATH = "/score-previews"
CHINESE = {"countryOfManufacture": "CN", "countryOfControl": "CN"}


async def asked(client: httpx.AsyncClient, stored: dict[str, Any], /, **fields: Any) -> httpx.Response:
    """The answer to what if."""
    return await client.post(PATH, json={"declarationId": stored["id"], **fields})


def score_of(answer: httpx.Response) -> dict[str, Any]:
    """The score of what if, without what it changes of the score as declared."""
    return {name: value for name, value in answer.json().items() if name != "effect"}


def replaced(place: int, **fields: Any) -> list[dict[str, Any]]:
    """The components of example 1 with one of them changed."""
    lines = components()
    lines[place] = {**lines[place], **fields}
    return lines


async def whole(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    """The score of a whole declaration that is given, on the profile of the tests."""
    price = fields.pop("price", euros("1000000"))
    body = {"profile": PROFILE, "declaration": statement(**fields), "price": price}
    answer = await client.post(PATH, json=body)
    assert answer.status_code == 200, answer.text
    score: dict[str, Any] = answer.json()
    return score


async def test_nothing_replaced_is_the_declaration_as_it_is(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, components=replaced(0, **CHINESE))
    answer = await asked(client, draft)
    assert answer.status_code == 200
    assert answer.json() == await whole(client, components=replaced(0, **CHINESE))
    await given.submitted(draft, client)
    score = await client.get(f"/origin-declarations/{draft['id']}/score")
    assert (await asked(client, draft)).content == score.content


async def test_replacing_one_part_scores_as_the_whole_changed_declaration_and_stores_nothing(
    apos: Apos, given: Given
) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, components=replaced(1, **CHINESE))
    stored = [apos.rows(kind) for kind in (OriginDeclaration, DeclaredComponent, StoredScore, AuditEvent)]
    answer = await asked(client, draft, replacements=[components()[1]])
    assert score_of(answer) == await whole(client)
    assert (answer.json()["score"], answer.headers["content-language"]) == ("100.0", "en")
    assert [apos.rows(kind) for kind in (OriginDeclaration, DeclaredComponent, StoredScore, AuditEvent)] == stored


async def test_the_effect_of_what_if_is_that_of_the_revision_that_declares_it(given: Given) -> None:
    lot, supplier, client = await given.contest()
    third = {"countryOfManufacture": "US", "countryOfControl": "US", "unitValue": euros("33333.33")}
    before = await given.declaration(lot, supplier, client, components=replaced(0, **third))
    changed = replaced(0, **{**third, "countryOfManufacture": "NL"})
    effect = (await asked(client, before, replacements=changed[:1])).json()["effect"]
    await given.submitted(before, client)
    await given.reviewed(before, "returned")
    revision = await given.declaration(lot, supplier, client, revises=before["id"], components=changed)
    changes = (await client.get(f"/origin-declarations/{revision['id']}/changes")).json()["effect"]
    assert effect == {name: changes[name] for name in ("score", "points", "adjustmentPercent", "originShares")}
    assert effect["points"]["difference"] not in (None, "0.0000")


async def test_what_replaces_nothing_has_no_effect(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    assert "effect" not in (await asked(client, draft, price=euros("5"))).json()


async def test_a_line_is_replaced_whole(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    bare = {"key": "power", "name": "Battery", "quantity": 1}
    lines = [components()[0], bare, components()[2]]
    assert score_of(await asked(client, draft, replacements=[bare])) == await whole(client, components=lines)


async def test_dimensions_authority_price_and_day_are_replaced_too(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    dimension = {
        "dimension": "spareParts",
        "dependence": "decisive",
        "country": "US",
        "evidence": {"level": "document"},
    }
    authority = {"level": "one", "country": "DE"}
    others = [line for line in statement()["dimensions"] if line["dimension"] != "spareParts"]
    price = euros("500000")
    answer = await asked(client, draft, dimensions=[dimension], designAuthority=authority, price=price)
    changed = await whole(client, dimensions=[*others, dimension], designAuthority=authority, price=price)
    assert score_of(answer) == changed
    assert changed["fictitiousPrice"]["amount"] == "460200.00"
    proof = {"level": "audited", "expiresOn": "2026-12-31"}
    lines = [{**line, "evidence": proof} for line in components()]
    scores = [
        (await asked(client, draft, replacements=lines, referenceDate=day)).json()["score"]
        for day in ("2026-12-31", "2027-01-01")
    ]
    assert scores == ["100.0", "65.0"]


@pytest.mark.parametrize(
    ("line", "total"),
    [
        pytest.param({"unitValue": euros("250000")}, "450000", id="a costlier part raises the total"),
        pytest.param({"unitValue": euros("150000.50")}, "350000.50", id="a cheaper one lowers it"),
        pytest.param({"unitValue": None}, "400000", id="an unknown value leaves it"),
    ],
)
async def test_the_total_moves_with_the_value(given: Given, line: dict[str, Any], total: str) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    lines = replaced(0, **line)
    expected = await whole(client, components=lines, totalComponentCost=euros(total))
    assert score_of(await asked(client, draft, replacements=lines[:1])) == expected


async def test_what_was_unknown_is_taken_out_of_what_was_left_over(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, components=replaced(0, unitValue=None))
    assert score_of(await asked(client, draft, replacements=components()[:1])) == await whole(client)
    costlier = replaced(0, unitValue=euros("200000.01"))[:1]
    answer = await asked(client, draft, replacements=costlier)
    assert (answer.status_code, list(faults(answer))) == (400, ["/replacements"])
    assert "leave a value out" in faults(answer)["/replacements"]


async def test_without_a_total_there_is_none_to_move(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, totalComponentCost=None)
    answer = await asked(client, draft, replacements=replaced(0, unitValue=euros("1"))[:1])
    assert (answer.json()["score"], answer.json()["improvements"]) == (None, [])


NODE = {"key": "drone", "name": "Drone", "quantity": 1, "unitValue": euros("200000")}
POWER = components()[1]


def power(**fields: Any) -> dict[str, Any]:
    """What if the power part were this."""
    return {"replacements": [{**POWER, **fields}]}


WRONG = [
    pytest.param(power(key="radio"), {"/replacements/0/key": "give the key of one of its lines"}, id="no such key"),
    pytest.param(
        {"replacements": [POWER, POWER]}, {"/replacements/1/key": "replace each line only once"}, id="a key twice"
    ),
    pytest.param(
        power(functionGroup="wings"),
        {"/replacements/0/functionGroup": "no function group wings"},
        id="a group of no profile",
    ),
    pytest.param(
        power(parentKey="none"), {"/replacements/0/parentKey": "component none does not exist"}, id="no such parent"
    ),
    pytest.param(power(parentKey="power"), {"/replacements/0/parentKey": "a part of itself"}, id="a part of itself"),
    pytest.param(
        power(parentKey="drone"),
        {
            "/replacements": "drone, which is not replaced: the leaves under drone are worth more than it is; replace that line"
        },
        id="a node that is worth less",
    ),
    pytest.param(
        {"dimensions": [{"dimension": "spareParts"}, {"dimension": "spareParts"}]},
        {"/dimensions/1/dimension": "declare each dimension only once"},
        id="a dimension twice",
    ),
    pytest.param(
        {"replacements": [{"key": "power"}]},
        {"/replacements/0/name": "required", "/replacements/0/quantity": "required"},
        id="half a line",
    ),
    pytest.param(
        power(countryOfManufacture="XX"), {"/replacements/0/countryOfManufacture": "country code"}, id="no country"
    ),
    pytest.param({"profile": PROFILE}, {"/profile": "leave declarationId out"}, id="a profile too"),
    pytest.param(
        {"profile": PROFILE, "declaration": statement()},
        {"/profile": "leave it out", "/declaration": "leave it out"},
        id="both forms",
    ),
    pytest.param({"totalComponentCost": euros("1")}, {"/totalComponentCost": "not known here"}, id="a total"),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("fields", "expected"), WRONG)
async def test_what_is_wrong_is_named_with_the_cure(
    given: Given, fields: dict[str, Any], expected: dict[str, str]
) -> None:
    lot, supplier, client = await given.contest()
    lines = [NODE, {**components()[0], "parentKey": "drone"}, *components()[1:]]
    draft = await given.declaration(lot, supplier, client, components=lines)
    answer = await asked(client, draft, **fields)
    assert answer.status_code == 400
    assert list(faults(answer)) == list(expected)
    for pointer, words in expected.items():
        assert words in faults(answer)[pointer]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        pytest.param({}, ["/profile", "/declaration"], id="nothing"),
        pytest.param({"profile": PROFILE}, ["/declaration"], id="half of it"),
        pytest.param(
            {
                "profile": PROFILE,
                "declaration": statement(),
                "replacements": [],
                "dimensions": [],
                "designAuthority": {},
            },
            ["/replacements", "/dimensions", "/designAuthority"],
            id="replacements in what is given",
        ),
        pytest.param({"declarationId": "x"}, ["/declarationId"], id="no id"),
    ],
)
async def test_it_is_either_what_is_given_or_what_is_stored(
    office: httpx.AsyncClient, body: dict[str, Any], pointers: list[str]
) -> None:
    answer = await office.post(PATH, json=body)
    assert (answer.status_code, list(faults(answer))) == (400, pointers)


async def test_without_a_profile_there_is_nothing_to_score_on(given: Given, office: httpx.AsyncClient) -> None:
    lot, supplier = await given.lot(status="running"), await given.supplier()
    await given.partner(lot, supplier)
    draft = await given.declaration(lot, supplier, office)
    answer = await asked(office, draft)
    assert answer.status_code == 409
    assert "no scoring profile yet" in answer.json()["detail"]


async def test_what_one_may_not_see_is_not_there(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    lot, supplier, client = await given.contest()
    _, _, rival = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    rival.headers["X-Request-Id"] = "one-and-the-same"
    hidden, nothing = [await asked(rival, {"id": own}) for own in (draft["id"], UNKNOWN)]
    assert hidden.status_code == 404
    assert (hidden.content, sorted(hidden.headers.items())) == (nothing.content, sorted(nothing.headers.items()))
    assert (await asked(office, draft)).status_code == 200
    for role in (Role.AUDITOR, Role.ASSESSOR, Role.VIEWER):
        assert (await asked(await apos.as_(role), draft)).status_code == 403


async def test_many_lines_are_replaced_at_once(given: Given) -> None:
    lot, supplier, client = await given.contest()
    lines = [a_leaf(f"part-{number}", "1", "control", **CHINESE) for number in range(1500)]
    draft = await given.declaration(lot, supplier, client, components=lines)
    better = [{**line, "countryOfManufacture": "NL", "countryOfControl": "NL"} for line in lines]
    score = score_of(await asked(client, draft, replacements=better))
    assert score == await whole(client, components=better)
    wrong = await asked(client, draft, replacements=[{**line, "quantity": 0.5} for line in lines])
    assert wrong.status_code == 400
    assert len(json.loads(wrong.content)["errors"]) == 100
