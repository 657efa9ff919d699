"""Every error of the tree, as the service or the network causes it."""

import pickle
from collections.abc import Callable
from datetime import date
from uuid import UUID

import httpx
import pytest

from apos_client import (
    Apos,
    AposError,
    BadInput,
    Conflict,
    Evidence,
    FieldError,
    KeyReused,
    NotFound,
    NotPermitted,
    NotSignedIn,
    NotUnderstood,
    Problem,
    Refused,
    Retries,
    ServiceFault,
    TooLarge,
    TooManyRequests,
    Unreachable,
    UnusableSettings,
)
from tests.clients.services import RunningService, client_with_answers

NOBODY = UUID("00000000-0000-7000-8000-000000000000")
DAY = date(2026, 7, 2)


def test_bad_input_names_every_field(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    bad = [Evidence(title="", uri="nowhere", sha256="12")]
    with pytest.raises(BadInput) as refused:
        office.milestones.record_assessment(milestone, outcome="met", assessed_on=DAY, narrative="n", evidence=bad)
    assert refused.value.problem.status == 400
    assert [error.pointer for error in refused.value.errors] == [
        "/evidence/0/title",
        "/evidence/0/uri",
        "/evidence/0/sha256",
    ]
    assert list(office.milestones.assessments(milestone)) == []


def test_a_broken_rule_names_the_field_and_what_to_write_instead(workplace: RunningService, office: Apos) -> None:
    with pytest.raises(BadInput) as refused:
        office.milestones.record_assessment(workplace.milestone(), outcome="met", assessed_on=DAY, narrative="n")
    assert refused.value.errors == (
        FieldError("/achievedOn", "outcome met needs the day on which the milestone was achieved"),
    )
    assert "/achievedOn: outcome met needs the day" in str(refused.value)


@pytest.mark.parametrize("key", [None, "apos_unknown"], ids=["no key", "an unknown key"])
def test_without_a_valid_key_you_are_not_signed_in(portfolio: RunningService, key: str | None) -> None:
    with Apos(portfolio.url, key) as apos, pytest.raises(NotSignedIn):
        list(apos.lots.each())


def test_a_role_that_never_may_is_not_permitted(portfolio: RunningService) -> None:
    with portfolio.client("supplier") as apos, pytest.raises(NotPermitted, match="the role supplier may not"):
        apos.portfolio_status.read()


def test_what_does_not_exist_is_not_found_by_id_nor_by_key(reader: Apos) -> None:
    with pytest.raises(NotFound, match="lot not found: no lot with this id"):
        reader.lots.find(NOBODY)
    with pytest.raises(NotFound, match="a lot with the key 'no-such-lot' does not exist"):
        reader.lots.find("no-such-lot")


def test_what_a_supplier_may_not_see_is_not_found(portfolio: RunningService, reader: Apos) -> None:
    other = reader.lots.find("long-range").id
    with portfolio.client("supplier") as apos:
        for name in (other, "long-range"):
            with pytest.raises(NotFound):
                apos.lots.find(name)


def test_a_second_correction_of_the_same_is_a_conflict(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()

    def record(corrects: UUID | None) -> UUID:
        return office.milestones.record_assessment(
            milestone, outcome="notMet", assessed_on=DAY, narrative="n", corrects=corrects
        ).id

    first = record(None)
    later = record(first)
    with pytest.raises(Conflict) as refused:
        record(first)
    assert refused.value.errors == (FieldError("/corrects", f"correct {later} instead"),)


def test_a_key_that_stood_on_another_request_is_reused(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()

    def record(narrative: str) -> None:
        office.milestones.record_assessment(
            milestone, outcome="notMet", assessed_on=DAY, narrative=narrative, idempotency_key=f"reused-{milestone}"
        )

    record("one")
    with pytest.raises(KeyReused):
        record("two")
    assert len(list(office.milestones.assessments(milestone))) == 1


def test_a_request_beyond_the_limit_is_too_large(workplace: RunningService, office: Apos) -> None:
    with pytest.raises(TooLarge):
        office.milestones.record_assessment(
            workplace.milestone(), outcome="notMet", assessed_on=DAY, narrative="n" * 2_000_000
        )


def test_too_many_requests_say_how_long_to_wait() -> None:
    answer = httpx.Response(429, headers={"Retry-After": "30"}, json={"title": "Too many requests", "detail": "wait"})
    with client_with_answers([answer]) as apos, pytest.raises(TooManyRequests) as refused:
        apos.portfolio_status.read()
    assert refused.value.problem.retry_after == 30


def test_a_fault_of_the_service_names_the_request_to_report() -> None:
    problem = {"title": "Something went wrong", "detail": "nothing was stored", "instance": "urn:apos:request:7"}
    with client_with_answers([httpx.Response(500, json=problem)]) as apos, pytest.raises(ServiceFault) as refused:
        apos.portfolio_status.read()
    assert refused.value.problem.instance == "urn:apos:request:7"


def test_a_refusal_of_another_kind_is_plainly_refused() -> None:
    with (
        client_with_answers([httpx.Response(451, json={"title": "t", "detail": "d"})]) as apos,
        pytest.raises(Refused) as refused,
    ):
        apos.portfolio_status.read()
    assert type(refused.value) is Refused


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("<h1>Forbidden</h1>", "gave no explanation"),
        ("[1]", "gave no explanation"),
        ('{"detail": 3, "errors": [3, {"pointer": "/a"}]}', "gave no explanation"),
        ('{"detail": "no", "errors": "none"}', "no"),
    ],
)
def test_a_refusal_without_a_problem_document_is_still_a_refusal(body: str, detail: str) -> None:
    with client_with_answers([httpx.Response(403, text=body)]) as apos, pytest.raises(NotPermitted) as refused:
        apos.portfolio_status.read()
    assert refused.value.problem.title == "Forbidden"
    assert detail in refused.value.problem.detail


def test_a_service_that_does_not_run_is_unreachable() -> None:
    with (
        Apos("http://127.0.0.1:1", None, retries=Retries(pauses=())) as apos,
        pytest.raises(Unreachable) as unreachable,
    ):
        apos.portfolio_status.read()
    assert str(unreachable.value).startswith("cannot reach http://127.0.0.1:1: ")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(200, text="<h1>Welcome</h1>", headers={"Content-Type": "text/html"}), "got text/html"),
        (httpx.Response(200, content=b"{}", headers={}), "got no content type"),
        (httpx.Response(200, text="{", headers={"Content-Type": "application/json"}), "is not JSON"),
        (httpx.Response(200, json={"asOf": "2026-11-21"}), "unexpected value at audience"),
        (httpx.Response(200, json=[]), "unexpected value at the top level"),
        (httpx.Response(302, headers={"Location": "/login"}), "answered 302"),
        (
            httpx.Response(200, stream=httpx.ByteStream(b"no gzip"), headers={"Content-Encoding": "gzip"}),
            "cannot be read",
        ),
    ],
    ids=["a page", "no type", "broken JSON", "a field short", "no object", "a redirect", "broken compression"],
)
def test_what_is_not_this_service_is_not_understood(answer: httpx.Response, words: str) -> None:
    with client_with_answers([answer]) as apos, pytest.raises(NotUnderstood, match=words):
        apos.portfolio_status.read()


def test_csv_that_is_none_is_not_understood() -> None:
    with (
        client_with_answers([httpx.Response(200, json={})]) as apos,
        pytest.raises(NotUnderstood, match="expected text/csv"),
    ):
        apos.portfolio_status.csv()


def test_a_workbook_that_is_none_is_not_understood() -> None:
    with (
        client_with_answers([httpx.Response(200, json={})]) as apos,
        pytest.raises(NotUnderstood, match="expected application/vnd"),
    ):
        apos.declaration_templates.xlsx()


def test_a_list_that_does_not_get_on_is_not_followed_for_ever() -> None:
    page = {"items": [], "nextCursor": "again"}
    with (
        client_with_answers([httpx.Response(200, json=page)] * 2) as apos,
        pytest.raises(NotUnderstood, match="the list does not end"),
    ):
        list(apos.lots.each())


def test_nothing_is_changed_without_an_etag() -> None:
    milestone = {"id": str(NOBODY), "title": "t", "kind": "trial"}
    with (
        client_with_answers([httpx.Response(200, json=milestone)]) as apos,
        pytest.raises(NotUnderstood, match="no ETag"),
    ):
        apos.milestones.forecast(NOBODY, None)


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8000",
        "ftp://apos.example.org",
        "https://",
        "https://me:secret@apos.example.org",
        "https://apos.example.org/?q=1",
        "https://apos.example.org:port",
    ],
)
def test_a_url_that_cannot_be_right_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(UnusableSettings) as unusable:
        Apos(url, None)
    assert "secret" not in str(unusable.value)


@pytest.mark.parametrize("key", ["", "two words", "apos_é", "apos_x\n"])
def test_a_key_that_cannot_be_right_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(UnusableSettings) as unusable:
        Apos("https://apos.example.org", key)
    assert (
        str(unusable.value) == "this is not an API key: a key is printable ASCII without spaces, and begins with apos_"
    )


@pytest.mark.parametrize(
    "error",
    [
        lambda: Unreachable("gone", perhaps_done=True, idempotency_key="k"),
        lambda: BadInput(Problem(400, "t", "d", errors=(FieldError("/a", "b"),))),
    ],
)
def test_an_error_survives_its_way_between_processes(error: Callable[[], AposError]) -> None:
    copied = pickle.loads(pickle.dumps(error()))
    assert vars(copied) == vars(error())
    assert str(copied) == str(error())
