"""Registers through the client: listed, found, added once, changed by the ETag of a read, as the service keeps them.

Where the service has no route yet, the request itself is looked at.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from apos_client import Amount, Apos, BadInput, Evidence, NotPermitted, Reference, Retries, Stale, Window
from tests.clients.services import LosesAnswers, RunningService

ID = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"
DAY = date(2026, 7, 2)
COMMITMENT = {
    "id": ID,
    "version": 3,
    "key": "c-ngs",
    "kind": "toezegging",
    "text": "Kabinetsinzet",
    "made": None,
    "due": "2026-06-20",
    "dueNote": "voor de zomer",
    "status": "open",
    "fulfilledOn": None,
    "evidence": None,
    "lotIds": [ID],
    "references": [
        {"asPrinted": "36600, nr. 50", "dated": None, "note": None, "reading": {"normalised": "36 600, nr. 50"}}
    ],
    "source": "apos-progress-2026",
    "note": None,
    "readings": ["due"],
}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (lambda apos: [each.title for each in apos.targets.each(bound="atLeast")], 4),
        (lambda apos: [each.title for each in apos.budget_lines.each()], 1),
        (lambda apos: [each.name for each in apos.test_sites.each(country="NL")], 2),
        (lambda apos: [each.name for each in apos.organisations.each(kind="cooperation")], 3),
        (lambda apos: [each.title for each in apos.trials.each(window_end_before=date(2030, 1, 1))], 2),
        (lambda apos: [each.subject for each in apos.dependencies.each()], 1),
    ],
    ids=["targets", "budget lines", "test sites", "cooperations", "trials", "dependencies"],
)
def test_a_register_is_listed(reader: Apos, keys: Callable[[Apos], list[str]], expected: int) -> None:
    assert len(keys(reader)) == expected


def test_a_line_is_found_by_its_key_and_by_its_id(reader: Apos) -> None:
    first = next(reader.targets.each(sort="title"))
    assert first.key is not None
    found = reader.targets.find(first.key)
    assert (found.id, found.bound_pct, found.definition_version) == (first.id, first.bound_pct, "letters-2026")
    assert reader.targets.find(found.id) == found


def test_a_line_is_added_with_what_it_is_made_of_and_changed_by_its_etag(
    workplace: RunningService, office: Apos
) -> None:
    lot, _ = workplace.running_lot()
    site = office.test_sites.add(name="Example range", country="NL", domain="air", hosts=["gpsDisruption", "indoor"])
    trial = office.trials.add(title="Example", window=Window(start=DAY, end=DAY), site_id=site.id, lot_ids=[lot])
    assert (trial.site_id, trial.lot_ids, trial.window) == (site.id, (lot,), Window(start=DAY, end=DAY))
    changed = office.trials.change(trial.id, etag=trial.etag, reason="Moved", window=None, site_id=None)
    assert (changed.window, changed.lot_ids, changed.site_id) == (None, (lot,), None)
    with pytest.raises(Stale):
        office.trials.change(trial.id, etag=trial.etag, title="Older")
    assert office.trials.change(trial.id, title="Newer").title == "Newer"


def test_amounts_and_references_to_lots_are_sent_as_they_are(workplace: RunningService, office: Apos) -> None:
    lot, _ = workplace.running_lot()
    line = office.budget_lines.add(title="Example", amount=Amount(amount="1500000.00", qualifier="upTo"), fund="dmf")
    assert (line.amount, line.fund) == (Amount(amount="1500000.00", currency="EUR", qualifier="upTo"), "dmf")
    target = office.targets.add(title="Example", bound="atMost", bound_pct=40, definition_version="t-1", note="Example")
    assert office.targets.change(target.id, bound_pct=35).bound_pct == 35
    dependency = office.dependencies.add(subject="Example", controlling_country="US", alternative_id=str(lot))
    assert dependency.alternative_id == lot


def test_safeguards_are_listed_and_changed(office: Apos) -> None:
    dependency = office.dependencies.add(subject="Example of safeguards")
    second = office.dependencies.add_safeguard(dependency.id, text="Second", position=2)
    office.dependencies.add_safeguard(dependency.id, text="First", position=1, status="planned")
    assert [each.text for each in office.dependencies.safeguards(dependency.id)] == ["Second", "First"]
    assert [each.text for each in office.dependencies.safeguards(dependency.id, status="planned")] == ["First"]
    shown = Evidence(title="Contract", uri="https://example.org/contract.pdf", sha256="0" * 64)
    changed = office.dependencies.change_safeguard(dependency.id, second.id, status="inPlace", evidence=[shown])
    assert (changed.status, changed.evidence) == ("inPlace", (shown,))


def test_a_line_whose_answer_was_lost_is_added_once(workplace: RunningService, office: Apos) -> None:
    network = LosesAnswers("POST")
    with workplace.client(transport=network) as apos:
        added = apos.targets.add(
            title="Lost once", bound="atLeast", bound_pct=1, definition_version="t-lost", idempotency_key="target-lost"
        )
    assert [each.id for each in office.targets.each(definition_version="t-lost")] == [added.id]
    assert [request.headers["Idempotency-Key"] for request in network.sent("POST")] == ["target-lost"] * 2


def test_a_line_that_is_wrong_names_the_field(office: Apos) -> None:
    with pytest.raises(BadInput) as refused:
        office.targets.add(title="Example", bound="atLeast", bound_pct=101, definition_version="t-1")
    assert [error.pointer for error in refused.value.errors] == ["/boundPct"]


def test_a_viewer_does_not_read_dependencies(portfolio: RunningService) -> None:
    with portfolio.client("viewer") as apos, pytest.raises(NotPermitted):
        list(apos.dependencies.each())


class Noting:
    """A network that answers every request with one thing, and notes what was asked."""

    def __init__(self, answer: Any, status: int = 200) -> None:
        self.requests: list[httpx.Request] = []
        self._answer, self._status = answer, status

    def client(self) -> Apos:
        """A client of this network."""
        return Apos("https://apos.example.org", None, transport=httpx.MockTransport(self._note), retries=Retries(()))

    def _note(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self._status, json=self._answer, headers={"ETag": '"v3-a"'})


def test_commitments_are_asked_by_every_filter_and_read_with_their_papers() -> None:
    network = Noting({"items": [COMMITMENT], "nextCursor": None})
    with network.client() as apos:
        [read] = apos.commitments.each(
            kind="toezegging", status="open", lot_id=ID, reference="36600-50", due_from=DAY, due_before=DAY, sort="-due"
        )
    assert dict(network.requests[0].url.params) == {
        "limit": "200", "sort": "-due", "kind": "toezegging", "status": "open", "lotId": ID, "reference": "36600-50",
        "dueFrom": "2026-07-02", "dueBefore": "2026-07-02",
    }  # fmt: skip
    assert read.document() == COMMITMENT
    assert read.references[0].reading is not None
    assert read.references[0].reading.normalised == "36 600, nr. 50"


def test_a_commitment_is_added_and_fulfilled() -> None:
    network = Noting(COMMITMENT)
    with network.client() as apos:
        paper = Reference(as_printed="36600, nr. 50", dated=DAY)
        apos.commitments.add(kind="motie", text="Voortrekkersrol", references=[paper], lot_ids=[ID])
        apos.commitments.change(ID, status="fulfilled", fulfilled_on=DAY, evidence="dmf-reply-2026")
    added, _, changed = network.requests
    assert (added.method, added.url.path, json.loads(added.content)) == (
        "POST",
        "/v1/commitments",
        {
            "kind": "motie",
            "text": "Voortrekkersrol",
            "references": [{"asPrinted": "36600, nr. 50", "dated": "2026-07-02"}],
            "lotIds": [ID],
        },
    )
    assert (changed.method, changed.url.path, changed.headers["If-Match"]) == (
        "PATCH",
        f"/v1/commitments/{ID}",
        '"v3-a"',
    )
    assert json.loads(changed.content) == {
        "status": "fulfilled", "fulfilledOn": "2026-07-02", "evidence": "dmf-reply-2026",
    }  # fmt: skip


def test_a_critical_component_is_added_and_listed_by_its_source() -> None:
    component = {
        "id": ID, "version": 1, "key": "motors", "function": "Propulsion", "dutchPosition": None, "source": "s",
        "note": None, "readings": [],
    }  # fmt: skip
    network = Noting(component)
    with network.client() as apos:
        added = apos.critical_components.add(key="motors", function="Propulsion", dutch_position=None)
    assert added.document() == component
    listed = Noting({"items": [component], "nextCursor": None})
    with listed.client() as apos:
        assert [each.function for each in apos.critical_components.each(source="s")] == ["Propulsion"]
    assert (network.requests[0].url.path, listed.requests[0].url.params["source"]) == ("/v1/critical-components", "s")


def test_a_consent_is_given_and_withdrawn() -> None:
    consent = {
        "id": ID, "version": 1, "supplierId": ID, "scope": "public", "givenOn": "2026-07-02", "withdrawnOn": None,
        "note": None,
    }  # fmt: skip
    network = Noting(consent)
    with network.client() as apos:
        given = apos.suppliers.give_consent(ID, scope="public", given_on=DAY)
        apos.suppliers.withdraw_consent(ID, ID, withdrawn_on=DAY, etag=given.etag)
    added, changed = network.requests
    path = f"/v1/suppliers/{ID}/consents"
    assert (added.url.path, json.loads(added.content)) == (
        path,
        {"scope": "public", "givenOn": "2026-07-02", "note": None},
    )
    assert (changed.url.path, json.loads(changed.content)) == (f"{path}/{ID}", {"withdrawnOn": "2026-07-02"})


def test_consents_are_listed() -> None:
    network = Noting({"items": [], "nextCursor": None})
    with network.client() as apos:
        assert list(apos.suppliers.consents(ID)) == []
    assert network.requests[0].url.path == f"/v1/suppliers/{ID}/consents"
