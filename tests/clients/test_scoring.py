"""Scoring through the client: profiles, schemes and previews."""

import hashlib
import json
from datetime import timedelta
from decimal import Decimal

import pytest

from apos_client import (
    Apos,
    BadInput,
    Component,
    Conflict,
    DesignAuthority,
    FunctionGroup,
    NotFound,
    NotPermitted,
    Score,
    ScoringProfile,
    Stale,
)
from tests.clients.declared import AUDITED, PRICE, PROFILE, SIGNED, a_challenge, a_component, a_draft, a_statement
from tests.clients.services import RunningService, Watched

OTHER = ScoringProfile(
    function_groups=(FunctionGroup(name="control", weight="2.5"),), dimensions=("spareParts",), cap_percent="7.5"
)


def test_a_profile_is_published_read_and_replaced_by_the_etag_of_its_challenge(
    workplace: RunningService, office: Apos
) -> None:
    challenge = a_challenge(workplace, profile=None)
    with pytest.raises(NotFound, match="has not published one here yet"):
        office.challenges.scoring_profile(challenge)
    seen = office.challenges.find(challenge)
    published = office.challenges.publish_scoring_profile(challenge, PROFILE, etag=seen.etag, reason="The first")
    assert (published.cap_percent, published.require_eu_prime, published.frozen_at) == ("10", False, None)
    assert [(each.name, each.weight, each.critical) for each in published.function_groups] == [
        ("control", "3", True),
        ("airframe", "1", False),
    ]
    assert office.challenges.scoring_profile(challenge) == published
    with pytest.raises(Stale):
        office.challenges.publish_scoring_profile(challenge, OTHER, etag=seen.etag)
    again = office.challenges.publish_scoring_profile(challenge, OTHER, etag=published.etag)
    assert (again.cap_percent, again.dimensions) == ("7.5", ("spareParts",))
    assert again.version == office.challenges.find(challenge).version


def test_a_lot_has_a_profile_too_and_one_that_runs_has_it_frozen(workplace: RunningService, office: Apos) -> None:
    lot, _ = workplace.running_lot()
    published = office.lots.publish_scoring_profile(lot, PROFILE)
    assert published.frozen_at is not None
    assert office.lots.scoring_profile(lot) == published
    with pytest.raises(Conflict, match="frozen"):
        office.lots.publish_scoring_profile(lot, OTHER)


def test_a_profile_that_was_read_is_published_elsewhere(workplace: RunningService, office: Apos) -> None:
    one, other = a_challenge(workplace), a_challenge(workplace, profile=None)
    office.challenges.publish_scoring_profile(other, office.challenges.scoring_profile(one))
    assert (
        office.challenges.scoring_profile(other).function_groups
        == office.challenges.scoring_profile(one).function_groups
    )


def test_a_profile_that_is_wrong_names_every_field(workplace: RunningService, office: Apos) -> None:
    wrong = ScoringProfile(function_groups=(FunctionGroup(name="a", weight="0"),), dimensions=(), cap_percent="51")
    with pytest.raises(BadInput) as refused:
        office.challenges.publish_scoring_profile(a_challenge(workplace, profile=None), wrong)
    assert {error.pointer for error in refused.value.errors} == {
        "/functionGroups/0/weight",
        "/dimensions",
        "/capPercent",
    }


def test_a_supplier_reads_its_profile_and_publishes_none(workplace: RunningService) -> None:
    challenge = a_challenge(workplace)
    with workplace.client("supplier") as apos:
        profile = apos.challenges.scoring_profile(challenge)
        assert {"version", "frozen_at"} & profile.model_fields_set == set()
        assert [each.supplier_id for each in apos.challenges.entrants(challenge, status="entered")] == [
            apos.suppliers.find("intelic").id
        ]
        with pytest.raises(NotPermitted):
            apos.challenges.publish_scoring_profile(challenge, PROFILE)


def test_the_scheme_is_found_by_its_version_and_its_digest_is_that_of_its_content(reader: Apos) -> None:
    scheme = reader.score_schemes.find("BM-1.0")
    assert [each.id for each in reader.score_schemes.each(scheme_version="BM-1.0")] == [scheme.id]
    assert reader.score_schemes.find(scheme.id) == scheme
    assert scheme.status == "proposal"
    text = json.dumps(scheme.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == scheme.digest
    assert scheme.document()["document"] == scheme.content
    with pytest.raises(NotFound, match="a score scheme with the scheme version 'BM-0' does not exist"):
        reader.score_schemes.find("BM-0")


def test_a_preview_scores_and_stores_nothing(workplace: RunningService) -> None:
    network = Watched()
    with workplace.client("supplier", transport=network) as apos:
        before = [each.id for each in apos.origin_declarations.each()]
        score = apos.score_previews.ask(PROFILE, a_statement(), price=PRICE)
        assert [each.id for each in apos.origin_declarations.each()] == before
    assert (score.score, score.fictitious_price and score.fictitious_price.amount) == ("100.0", "9000.00")
    assert score.points is not None
    assert sum(Decimal(str(figure)) for figure in score.points.model_dump().values()) == 100
    [request] = network.sent("POST")
    assert "Idempotency-Key" not in request.headers


def test_a_preview_is_what_the_submission_then_stores(workplace: RunningService) -> None:
    with workplace.client("supplier") as apos:
        statement = a_statement(a_component("pilot", "2000", "control", countryOfManufacture="US"))
        draft = a_draft(workplace, apos, statement)
        components = list(apos.origin_declarations.components(draft.id))
        profile = apos.challenges.scoring_profile(draft.challenge_id or "")
        preview = apos.score_previews.ask(profile, draft.statement(components), price=draft.price)
        apos.origin_declarations.submit(draft.id, SIGNED)
        assert apos.origin_declarations.score(draft.id) == preview


def test_a_preview_of_another_day(reader: Apos) -> None:
    today = reader.score_previews.ask(PROFILE, a_statement()).reference_date
    day = today.replace(year=today.year + 1, day=1)
    assert reader.score_previews.ask(PROFILE, a_statement(), reference_date=day).reference_date == day


def test_what_if_a_part_of_a_stored_declaration_were_replaced(workplace: RunningService) -> None:
    chinese = a_component("pilot", "2000", "control", countryOfManufacture="CN", countryOfControl="CN")
    with workplace.client("supplier") as apos:
        draft = a_draft(workplace, apos, a_statement(chinese, a_component("wings", "1000", "airframe")))
        as_it_is = apos.score_previews.what_if(draft.id)
        assert [each.code for each in as_it_is.knock_outs] == ["KO-1"]
        better = apos.score_previews.what_if(draft.id, replacements=[a_component("pilot", "2000", "control")])
        assert (better.score, better.knock_outs, better.improvements) == ("100.0", (), ())
        assert as_it_is.improvements[0].before == "CN"
        assert as_it_is.improvements[0].after == "G1"
        authority = DesignAuthority(level="neither", country="NL", evidence=AUDITED)
        lesser = apos.score_previews.what_if(draft.id, design_authority=authority, price=PRICE, language="nl")
        assert lesser.points is not None
        assert lesser.points.design_authority == "0.0000"
        with pytest.raises(NotFound):
            apos.score_previews.what_if("01a1fd21-9384-76b9-bb16-d38cd1af38c8")
        with pytest.raises(BadInput) as refused:
            apos.score_previews.what_if(draft.id, replacements=[a_component("radio", "1", "control")])
    assert [error.pointer for error in refused.value.errors] == ["/replacements/0/key"]


def test_a_score_is_explained_in_dutch(workplace: RunningService) -> None:
    with workplace.client("supplier") as apos:
        draft = a_draft(workplace, apos)
        apos.origin_declarations.submit(draft.id, SIGNED)
        english, dutch = (apos.origin_declarations.score(draft.id, language=language) for language in ("en", "nl"))
    assert english.explanation[0].cause.text.startswith("made in NL")
    assert dutch.explanation[0].cause.text.startswith("gemaakt in NL")
    assert (english.points, english.improvements) == (dutch.points, dutch.improvements)


def test_what_expires_is_read_to_its_end(workplace: RunningService) -> None:
    with workplace.client("supplier") as apos:
        day = apos.score_previews.ask(PROFILE, a_statement()).reference_date.replace(day=28)
        proof = {"evidence": {"level": "audited", "expiresOn": day.isoformat()}}
        parts = [a_component("pilot", "2000", "control", **proof), a_component("wings", "1000", "airframe", **proof)]
        draft = a_draft(workplace, apos, a_statement(*parts))
        apos.origin_declarations.submit(draft.id, SIGNED)
        found = list(apos.evidence_expiries.each(first=day, until=day, declaration_id=draft.id, page_size=1))
        assert [each.component_key for each in found] == ["pilot", "wings"]
        assert {each.declaration_id for each in found} == {draft.id}
        fallen = sum(Decimal(each.points or 0) for each in found)
        later = apos.origin_declarations.score(draft.id, reference_date=day + timedelta(days=1))
    assert (found[-1].score_after, fallen) == (later.score, Decimal("35.0000"))


def test_a_preview_that_is_wrong_points_into_the_declaration(reader: Apos) -> None:
    stray = a_statement(a_component("pilot", "1", "tail"))
    with pytest.raises(BadInput) as refused:
        reader.score_previews.ask(PROFILE, stray)
    assert [error.pointer for error in refused.value.errors] == ["/declaration/components/0/functionGroup"]


def test_the_costliest_lines_come_first(reader: Apos) -> None:
    score = weak_score(reader)
    lost = [Decimal(line.lost) for line in score.costliest(len(score.explanation))]
    assert lost == sorted(lost, reverse=True)
    assert [line.lost for line in score.costliest()] == [str(each) for each in lost[:3]]
    assert score.costliest(1)[0].cause.text
    assert (score.knock_outs[0].code, score.knock_outs[0].component_key) == ("KO-1", "pilot")
    assert score.concentration.largest_outside is not None
    assert score.concentration.largest_outside.country == "CN"


def weak_score(apos: Apos) -> Score:
    """A score with much lost, and a knock-out."""
    bad = a_component("pilot", "2000", "control", countryOfManufacture="CN", countryOfControl="CN")
    return apos.score_previews.ask(PROFILE, a_statement(bad, a_component("wings", "1000", "airframe")), price=PRICE)


@pytest.mark.parametrize(("given", "sent"), [(4, "4"), ("0.25", "0.25"), (Decimal("1E+2"), "100")])
def test_a_figure_is_given_as_text_a_whole_number_or_a_decimal(given: object, sent: str) -> None:
    assert Component.model_validate({"key": "k", "name": "n", "quantity": given}).document()["quantity"] == sent


@pytest.mark.parametrize("given", [0.25, True])
def test_a_figure_is_never_a_rounded_one(given: object) -> None:
    with pytest.raises(ValueError, match="quantity"):
        Component.model_validate({"key": "k", "name": "n", "quantity": given})
