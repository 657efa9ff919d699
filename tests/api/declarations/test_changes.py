"""Changes between revisions over HTTP: what differs, what it does to the score, and against what."""

import json
import unicodedata
from dataclasses import replace
from typing import Any, Literal

import httpx
import pytest
from sqlalchemy import false

from api.routes.declarations.changes import RevisionChanges
from api.store.visibility import RULES
from domain.permissions import Role
from domain.scoring.scoring_profiles import ScoringProfile
from tests.support.declared import a_leaf, components, euros
from tests.support.given import Given, faults
from tests.support.operations import UNKNOWN
from tests.support.service import Apos, Clock, PutRule
from tests.support.sides import waived

Declared = dict[str, Any]
DECISIVE = {"dimension": "cloudAccess", "dependence": "decisive", "country": "CN", "evidence": {"level": "audited"}}


async def a_series(given: Given, *revisions: Declared) -> tuple[list[Declared], httpx.AsyncClient]:
    """A series of declarations, each but the last returned, and a client of the supplier."""
    lot, supplier, client = await given.contest()
    made: list[Declared] = []
    for fields in revisions:
        revised: Declared = {}
        if made:
            await given.submitted(made[-1], client)
            await given.reviewed(made[-1], "returned")
            revised = {"revises": made[-1]["id"], "components": None}
        made.append(await given.declaration(lot, supplier, client, **{**revised, **fields}))
    return made, client


async def changes(client: httpx.AsyncClient, declaration: Declared, query: str = "") -> Declared:
    """What a declaration changed."""
    answer = await client.get(f"/origin-declarations/{declaration['id']}/changes{query}")
    assert answer.status_code == 200, answer.text
    told: Declared = answer.json()
    return told


def mended() -> list[Declared]:
    """Worked example 1 with another place, a changed line, one that is gone and one that is new."""
    control, power, _ = components()
    return [
        power,
        {**control, "countryOfManufacture": "US", "evidence": {"level": "document"}},
        a_leaf("hull", "80000", "airframe"),
    ]


async def test_a_revision_tells_what_it_changed_and_what_that_does(given: Given) -> None:
    (first, second), client = await a_series(given, {}, {"components": mended(), "price": euros("990000")})
    found = await changes(client, second)
    assert {name: found[name] for name in ("declarationId", "revision", "againstId", "againstRevision")} == {
        "declarationId": second["id"],
        "revision": 2,
        "againstId": first["id"],
        "againstRevision": 1,
    }
    lines = found["lines"]
    told = {
        kind: [item["key"] for item in lines[kind]["items"]] for kind in ("added", "removed", "changed", "affected")
    }
    assert told == {"added": ["hull"], "removed": ["airframe"], "changed": ["control"], "affected": []}
    assert lines["unchanged"] == 1
    assert lines["changed"]["items"][0]["fields"] == [
        {"field": "countryOfManufacture", "before": "NL", "after": "US"},
        {"field": "evidence.level", "before": "audited", "after": "document"},
    ]
    assert found["system"] == [{"field": "price", "before": "1000000.00", "after": "990000.00"}]
    effect = found["effect"]
    assert effect["score"] == {"before": "100.0", "after": "87.9", "difference": "-12.1"}
    assert effect["adjustmentPercent"] == {"before": "10.00", "after": "7.58", "difference": "-2.42"}
    assert effect["originShares"]["edip"] == {
        "proven": {"before": "100.0000", "after": "50.0000", "difference": "-50.0000"},
        "declared": {"before": "100.0000", "after": "50.0000", "difference": "-50.0000"},
        "upperBound": {"before": "100.0000", "after": "50.0000", "difference": "-50.0000"},
        "verdict": {"before": "pass", "after": "fail"},
    }
    assert effect["attribution"]["changed"] == lines["changed"]["points"] == lines["changed"]["items"][0]["points"]
    exact = sum(round(float(points) * 10_000) for points in effect["attribution"].values())
    assert abs(exact - round(float(effect["points"]["difference"]) * 10_000)) <= len(effect["attribution"])


async def test_both_are_scored_on_the_day_of_the_newer_one_and_a_draft_today(given: Given, clock: Clock) -> None:
    proof = {"level": "audited", "expiresOn": "2027-01-31"}
    expiring = {"components": [{**leaf, "evidence": proof} for leaf in components()]}
    (_, second), client = await a_series(given, expiring, {"price": None})
    clock.move_to("2027-01-31")
    draft = await changes(client, second)
    assert (draft["effect"]["referenceDate"], draft["effect"]["score"]["before"]) == ("2027-01-31", "100.0")
    clock.move_to("2027-02-01")
    await given.submitted(second, client)
    clock.move_to("2028-01-01")
    effect = (await changes(client, second))["effect"]
    assert (effect["schemeVersion"], effect["referenceDate"]) == ("BM-1.0", "2027-02-01")
    assert effect["score"] == {"before": "65.0", "after": "65.0", "difference": "0.0"}


async def test_knock_outs_that_came_and_went_are_told_waived_or_not(given: Given) -> None:
    concern = [*components(), a_leaf("radio", "0", "control", countryOfManufacture="CN")]
    rest = [{"dimension": d, "dependence": "none"} for d in ("operationalUse", "softwareUpdates", "spareParts")]
    (first, second), client = await a_series(
        given, {"components": concern}, {"components": components(), "dimensions": [*rest, DECISIVE]}
    )
    await given.waived(first, waived("radio"))
    assert (await changes(client, second))["effect"]["knockOuts"] == {
        "came": {
            "count": 1,
            "items": [{"code": "KO-1", "reason": "decisiveOnConcern", "dimension": "cloudAccess"}],
        },
        "went": {"count": 1, "items": [{"code": "KO-1", "reason": "countryOfConcern", "componentKey": "radio"}]},
    }


async def test_an_earlier_revision_of_the_same_series_can_be_asked_for(given: Given) -> None:
    (first, second, third), client = await a_series(given, {}, {"components": mended()}, {"price": None})
    default = await changes(client, third)
    assert (default["againstId"], default["lines"]["unchanged"]) == (second["id"], 3)
    assert await changes(client, third, f"?against={second['id']}") == default
    found = await changes(client, third, f"?against={first['id']}")
    assert (found["againstRevision"], found["lines"]["changed"]["count"]) == (1, 1)
    assert (await changes(client, second, f"?against={first['id']}"))["revision"] == 2


async def test_what_is_no_earlier_revision_is_refused_in_the_same_words(apos: Apos, given: Given) -> None:
    (first, second), client = await a_series(given, {}, {})
    (_, hidden), _ = await a_series(given, {}, {})
    other = await given.declaration(*await given.contest())
    told = set()
    for against in (second["id"], hidden["id"], other["id"], UNKNOWN):
        answer = await client.get(f"/origin-declarations/{second['id']}/changes?against={against}")
        assert (answer.status_code, list(faults(answer))) == (400, ["/query/against"])
        told.add(answer.json()["detail"])
    assert len(told) == 1
    later = await client.get(f"/origin-declarations/{first['id']}/changes?against={second['id']}")
    assert (later.status_code, list(faults(later))) == (400, ["/query/against"])


async def test_a_first_revision_has_nothing_to_be_compared_with(given: Given) -> None:
    (first,), client = await a_series(given, {})
    answer = await client.get(f"/origin-declarations/{first['id']}/changes")
    assert (answer.status_code, "the first revision" in answer.json()["detail"]) == (409, True)


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "against=first", "sort=id"])
async def test_a_bad_question_names_what_is_wrong(given: Given, query: str) -> None:
    (_, second), client = await a_series(given, {}, {})
    answer = await client.get(f"/origin-declarations/{second['id']}/changes?{query}")
    assert (answer.status_code, list(faults(answer))) == (400, [f"/query/{query.partition('=')[0]}"])


class _Uncomposed:
    """Leaves text as it was given, as it was stored before text was composed."""

    def __getattr__(self, name: str) -> Any:
        return getattr(unicodedata, name)

    @staticmethod
    def normalize(_form: str, text: str) -> str:
        return text


async def test_a_key_that_was_stored_composed_otherwise_is_the_key_of_the_same_line(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lines(form: Literal["NFC", "NFD"]) -> list[Declared]:
        group, motor = unicodedata.normalize(form, "hélice"), unicodedata.normalize(form, "môteur")
        leaf = {**a_leaf(motor, "80000", "power"), "parentKey": group, "name": motor}
        return [{"key": group, "name": group, "quantity": "1"}, leaf]

    lot, supplier, client = await given.contest()
    with monkeypatch.context() as patched:
        patched.setattr("domain.texts.unicodedata", _Uncomposed())
        first = await given.declaration(lot, supplier, client, components=lines("NFD"))
        await given.submitted(first, client)
    stored = (await client.get(f"/origin-declarations/{first['id']}/components")).json()["items"]
    assert [line["key"] for line in stored] == [line["key"] for line in lines("NFD")], "it is stored as it was given"
    await given.reviewed(first, "returned")
    second = await given.declaration(lot, supplier, client, revises=first["id"], components=lines("NFC"))
    found = (await changes(client, second))["lines"]
    assert ({kind: found[kind]["count"] for kind in ("added", "removed", "changed")}, found["unchanged"]) == (
        {"added": 0, "removed": 0, "changed": 0}, 2,
    )  # fmt: skip


async def test_counts_are_whole_where_lines_are_many(given: Given) -> None:
    """Over a thousand lines, so that it is worked out in the queue of large work."""
    small = [a_leaf(f"p{n}", "100", "power", evidence={"level": "document"}) for n in range(600)]
    better = [{**leaf, "evidence": {"level": "audited"}} for leaf in small]
    (_, second), client = await a_series(given, {"components": small}, {"components": better})
    found = await changes(client, second, "?limit=2")
    assert (found["lines"]["changed"]["count"], len(found["lines"]["changed"]["items"])) == (600, 2)
    assert found["lines"]["changed"]["points"] == found["effect"]["attribution"]["changed"]
    assert len((await changes(client, second))["lines"]["changed"]["items"]) == 200


async def test_changes_are_what_the_contract_says_and_have_a_tag(given: Given) -> None:
    (_, second), client = await a_series(given, {}, {"components": mended(), "totalComponentCost": None})
    path = f"/origin-declarations/{second['id']}/changes"
    answer = await client.get(path)
    shown = RevisionChanges.model_validate_json(answer.content)
    assert json.loads(shown.model_dump_json(by_alias=True, exclude_unset=True)) == answer.json()
    effect = answer.json()["effect"]
    assert effect["attribution"] is None, "without a total there is no score to compare"
    assert effect["score"] == {"before": "100.0", "after": None, "difference": None}
    assert (await client.get(path, headers={"If-None-Match": answer.headers["etag"]})).status_code == 304


async def test_without_a_profile_there_is_no_effect(given: Given, put_rule: PutRule) -> None:
    (_, second), client = await a_series(given, {}, {"components": mended()})
    rule = RULES[ScoringProfile, Role.SUPPLIER]
    put_rule(ScoringProfile, Role.SUPPLIER, replace(rule, rows=lambda _t, _reader: false()))
    found = await changes(client, second)
    assert (found["effect"], found["lines"]["changed"]["count"], found["lines"]["changed"]["points"]) == (None, 1, None)


async def test_who_sees_the_declaration_sees_its_changes(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    (_, second), client = await a_series(given, {}, {"components": mended()})
    lot, path = second["lotId"], f"/origin-declarations/{second['id']}/changes"
    seen = (await client.get(path)).content
    for context in (office, await apos.as_(Role.AUDITOR), await given.assessor(f"/lots/{lot}")):
        assert (await context.get(path)).content == seen
    rival = await apos.as_(Role.SUPPLIER, (await given.supplier())["id"])
    assert (await rival.get(path)).status_code == 404
    assert (await (await apos.as_(Role.VIEWER)).get(path)).status_code == 403
