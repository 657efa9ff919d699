"""What of the client is generated follows from the contract; and a contract that the generation cannot follow is seen."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

import generate
from generation.contract import Contract
from generation.keywords import keyword_schemas
from generation.models import Models
from tests.clients.services import ROOT

DOCUMENT: dict[str, Any] = json.loads((ROOT / "openapi" / "apos.json").read_text(encoding="utf-8"))
Change = Callable[[dict[str, Any]], object]


def models(change: Change = lambda document: None) -> Models:
    """The models of the contract with a change."""
    return Models(_contract(change))


def keywords(change: Change = lambda document: None) -> dict[str, Any]:
    """The keywords of the contract with a change."""
    return dict(keyword_schemas(_contract(change)))


def _contract(change: Change) -> Contract:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return Contract(document)


def _field(document: dict[str, Any], schema: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][schema]["properties"][name]
    return found


def test_the_committed_modules_are_fresh() -> None:
    assert [file.name for file, text in generate.modules().items() if file.read_text(encoding="utf-8") != text] == []


def test_a_field_that_every_role_sees_is_required_and_one_that_some_do_not_see_is_not() -> None:
    lot = models().schemas()["Lot"]
    assert {"code", "title", "status"} <= set(lot["required"])
    assert {"colours", "references", "programme_id"}.isdisjoint(lot["required"])
    assert lot["properties"]["references"]["default"] == []


def test_a_field_that_one_more_role_no_longer_sees_is_not_required() -> None:
    def change(document: dict[str, Any]) -> None:
        public = document["components"]["schemas"]["LotPublic"]
        public["properties"].pop("code")
        public["required"].remove("code")

    assert "code" not in models(change).schemas()["Lot"]["required"]


def test_a_field_that_one_form_calls_null_may_be_none() -> None:
    def change(document: dict[str, Any]) -> None:
        _field(document, "LotPublic", "title")["type"] = ["string", "null"]

    assert models(change).schemas()["Lot"]["properties"]["title"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}


def test_words_are_open_where_they_are_read_and_closed_where_they_are_sent() -> None:
    assert models().schemas()["Commitment"]["properties"]["kind"] == {"type": "string"}
    assert keywords()["NewCommitment"]["properties"]["kind"] == {"$ref": "#/components/schemas/CommitmentKind"}


def test_a_patch_takes_none_only_for_what_a_new_thing_may_lack() -> None:
    changes = keywords()["TestSiteChanges"]["properties"]
    assert changes["name"] == {"type": "string"}
    assert changes["country"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}


def test_what_may_be_null_or_is_a_list_may_be_absent() -> None:
    score = models().schemas()["Score"]
    assert {"score", "explanation"}.isdisjoint(score["required"])
    assert "adjustment_percent" in score["required"]


def test_pages_and_problems_have_no_model() -> None:
    assert {"Problem", "LotPage"}.isdisjoint(models().schemas())


def test_what_may_be_anything_is_anything_and_what_is_named_keeps_its_name() -> None:
    event = models().schemas()["AuditEvent"]["properties"]
    assert event["changed"]["additionalProperties"] == {"$ref": "#/components/schemas/Change"}
    assert models().schemas()["Change"]["properties"]["before"].get("type") is None


def test_what_is_answered_by_itself_and_can_change_has_an_etag() -> None:
    bases = models().bases()
    assert {bases[name] for name in ("Lot", "Waiver")} == {"Resource"}
    assert {bases[name] for name in ("ScoringProfile", "StatementVerdict", "DeclarationTemplate")} == {"Tagged"}
    assert {"StatusLine", "System", "Component", "Ranking"}.isdisjoint(bases)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        pytest.param(
            lambda document: _field(document, "LotPublic", "code").update(type="integer"),
            "code has several types in the forms of one model",
            id="two forms",
        ),
        pytest.param(
            lambda document: _field(document, "TargetView", "boundPct").update(type=["boolean", "integer"]),
            "the generation has no type for a field that holds one of several",
            id="one field",
        ),
        pytest.param(
            lambda document: document["components"]["schemas"]["TargetView"]["properties"].update(
                source_url={"type": "string"}
            ),
            "the models cannot write source_url as source_url",
            id="a name",
        ),
    ],
)
def test_a_field_that_cannot_be_generated_is_seen(change: Change, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        models(change)


def test_two_lists_of_one_thing_with_different_filters_are_seen() -> None:
    def change(document: dict[str, Any]) -> None:
        asked = document["paths"]["/component-statements/{statementId}/components"]["get"]["parameters"]
        asked.append({"name": "country", "in": "query", "schema": {"type": "string"}})

    with pytest.raises(ValueError, match="has other filters than another list"):
        keywords(change)
