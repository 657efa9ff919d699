"""When the network fails: what is safe to repeat is repeated, done once, and not for ever."""

from datetime import date
from uuid import UUID

import httpx
import pytest

from apos_client import Apos, Conflict, Retries, Unreachable, Window
from tests.clients.declared import PROFILE, SIGNED, a_challenge, a_draft, a_statement
from tests.clients.services import LosesAnswers, NeverConnects, RunningService, Watched, client_with_answers, counted

SUMMER = Window(start=date(2027, 6, 21), end=date(2027, 8, 31))
NOBODY = UUID("01a1fd6b-e8ab-764c-b47e-793b6405b962")
ASSESSMENT = {
    "id": "01a1fd6c-d73f-702c-a809-f52dc8a23096",
    "version": 1,
    "milestoneId": str(NOBODY),
    "outcome": "notMet",
    "assessedOn": "2026-07-02",
    "narrative": "n",
    "recordedAt": "2026-11-21T09:25:31.921879Z",
}


def record(apos: Apos, milestone: UUID = NOBODY) -> UUID:
    return apos.milestones.record_assessment(
        milestone, outcome="notMet", assessed_on=date(2026, 7, 2), narrative="n"
    ).id


def test_an_assessment_whose_answer_was_lost_is_recorded_once(workplace: RunningService, office: Apos) -> None:
    milestone, network = workplace.milestone(), LosesAnswers("POST")
    with workplace.client(transport=network) as apos:
        recorded = record(apos, milestone)
    assert [each.id for each in office.milestones.assessments(milestone)] == [recorded]
    assert len(network.sent("POST")) == 2
    assert len({request.headers["Idempotency-Key"] for request in network.sent("POST")}) == 1


def test_a_rebaseline_whose_answers_were_lost_twice_is_done_once(workplace: RunningService, office: Apos) -> None:
    milestone, network = workplace.milestone(), LosesAnswers("POST", lost=2)
    with workplace.client(transport=network) as apos:
        done = apos.milestones.rebaseline(milestone, SUMMER, reason="r", authority="a")
    assert [each.id for each in office.milestones.rebaselines(milestone)] == [done.id]
    assert len(network.sent("POST")) == 3


def test_every_write_has_a_fresh_idempotency_key(workplace: RunningService) -> None:
    milestone, network = workplace.milestone(), Watched()
    with workplace.client(transport=network, new_key=counted([f"a-{milestone}", f"b-{milestone}"])) as apos:
        record(apos, milestone)
        record(apos, milestone)
    assert [request.headers["Idempotency-Key"] for request in network.sent("POST")] == [
        f"a-{milestone}",
        f"b-{milestone}",
    ]


def test_a_read_whose_answer_was_lost_is_asked_again(portfolio: RunningService) -> None:
    network = LosesAnswers("GET")
    with portfolio.client(transport=network) as apos:
        assert [programme.key for programme in apos.programmes.each(sort="code")] == ["ai-dss", "apos"]
    assert len(network.requests) == 2


def test_a_change_whose_answer_was_lost_is_not_sent_again_but_said_to_be_perhaps_done(
    workplace: RunningService, office: Apos
) -> None:
    milestone, network = workplace.milestone(), LosesAnswers("PATCH")
    with workplace.client(transport=network) as apos, pytest.raises(Unreachable) as lost:
        apos.milestones.forecast(milestone, SUMMER)
    assert lost.value.perhaps_done
    assert len(network.sent("PATCH")) == 1
    assert office.milestones.find(milestone).forecast == SUMMER


def test_a_change_that_never_left_is_sent_again(workplace: RunningService) -> None:
    milestone, network = workplace.milestone(), NeverConnects("PATCH")
    with workplace.client(transport=network) as apos:
        assert apos.milestones.forecast(milestone, SUMMER).forecast == SUMMER
    assert len(network.sent("PATCH")) == 1


def test_a_draft_whose_answer_was_lost_is_made_once(workplace: RunningService, office: Apos) -> None:
    network, challenge = LosesAnswers("POST"), a_challenge(workplace)
    with workplace.client("supplier", transport=network) as apos:
        draft = apos.origin_declarations.draft(a_statement(), supplier="intelic", challenge=challenge)
    assert [each.id for each in office.origin_declarations.each(challenge_id=challenge)] == [draft.id]
    assert len({request.headers["Idempotency-Key"] for request in network.sent("POST")}) == 1


def test_a_submission_whose_answer_was_lost_is_not_a_conflict(workplace: RunningService, office: Apos) -> None:
    network = LosesAnswers("POST")
    with workplace.client("supplier") as apos:
        draft = a_draft(workplace, apos)
    with workplace.client("supplier", transport=network) as apos:
        submission = apos.origin_declarations.submit(draft.id, SIGNED)
    assert [each.id for each in office.origin_declarations.submissions(draft.id)] == [submission.id]
    assert len(network.sent("POST")) == 2


def test_a_replacement_whose_answer_was_lost_is_not_sent_again_but_said_to_be_perhaps_done(
    workplace: RunningService,
) -> None:
    network = LosesAnswers("PUT")
    with workplace.client("supplier") as apos:
        draft = a_draft(workplace, apos)
    with workplace.client("supplier", transport=network) as apos, pytest.raises(Unreachable) as lost:
        apos.origin_declarations.replace_components(draft.id, [], etag=draft.etag)
    assert lost.value.perhaps_done
    assert len(network.sent("PUT")) == 1


def test_a_replacement_that_never_left_is_sent_again(workplace: RunningService) -> None:
    network = NeverConnects("PUT")
    with workplace.client("supplier") as apos:
        draft = a_draft(workplace, apos)
    with workplace.client("supplier", transport=network) as apos:
        assert apos.origin_declarations.replace_components(draft.id, [], etag=draft.etag).component_count == 0
    assert len(network.sent("PUT")) == 1


def test_a_preview_is_asked_again_and_never_perhaps_done(portfolio: RunningService) -> None:
    network = LosesAnswers("POST", lost=2)
    with portfolio.client(transport=network) as apos:
        assert apos.score_previews.ask(PROFILE, a_statement()).score == "100.0"
    assert len(network.sent("POST")) == 3
    with client_with_answers([httpx.ReadTimeout("late")] * 3) as apos, pytest.raises(Unreachable) as lost:
        apos.score_previews.ask(PROFILE, a_statement())
    assert (lost.value.perhaps_done, lost.value.idempotency_key) == (False, None)


def test_retries_are_bounded_and_wait_for_their_pauses() -> None:
    waited: list[float] = []
    retries = Retries(pauses=(0.5, 2.0), wait=waited.append)
    never = [httpx.ConnectError("refused"), httpx.ConnectError("refused"), httpx.ConnectError("refused")]
    with client_with_answers(never, retries=retries) as apos, pytest.raises(Unreachable) as unreachable:
        record(apos)
    assert waited == [0.5, 2.0]
    assert not unreachable.value.perhaps_done
    assert str(unreachable.value) == "cannot reach https://apos.example.org: refused"


def test_a_write_lost_for_good_names_the_key_to_repeat_it_with() -> None:
    lost = [httpx.ReadTimeout("too late")] * 3
    with client_with_answers(lost, new_key=counted(["key-1"])) as apos, pytest.raises(Unreachable) as unreachable:
        record(apos)
    assert (unreachable.value.perhaps_done, unreachable.value.idempotency_key) == (True, "key-1")


def test_a_write_once_sent_stays_perhaps_done_though_the_service_is_gone_by_then() -> None:
    network = [httpx.ReadError("cut"), httpx.ConnectError("refused"), httpx.ConnectError("refused")]
    with client_with_answers(network) as apos, pytest.raises(Unreachable) as unreachable:
        record(apos)
    assert unreachable.value.perhaps_done


def test_a_repeat_that_meets_its_own_first_sending_waits_for_it() -> None:
    twin = httpx.Response(409, json={"title": "t", "detail": "the same request is being answered at this moment"})
    with client_with_answers([httpx.ReadTimeout("late"), twin, httpx.Response(201, json=ASSESSMENT)]) as apos:
        assert str(record(apos)) == ASSESSMENT["id"]


def test_a_conflict_with_another_request_is_raised_at_once() -> None:
    conflict = httpx.Response(409, json={"title": "t", "detail": "that assessment has already been corrected"})
    with client_with_answers([conflict]) as apos, pytest.raises(Conflict, match="already been corrected"):
        record(apos)


def test_a_refusal_is_never_asked_again() -> None:
    busy = httpx.Response(503, json={"title": "t", "detail": "d"})
    with client_with_answers([busy]) as apos, pytest.raises(Exception, match="t: d"):
        record(apos)
