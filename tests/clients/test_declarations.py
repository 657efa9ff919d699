"""Origin declarations through the client: drafted, changed, submitted, reviewed, revised and scored, and refused."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from apos_client import (
    Amount,
    Apos,
    BadInput,
    Conflict,
    Dimension,
    NotFound,
    NotPermitted,
    Proof,
    Remark,
    Representative,
    Stale,
    System,
)
from tests.clients.declared import PRICE, SIGNED, a_challenge, a_component, a_draft, a_statement, returned
from tests.clients.services import RunningService

NOBODY = UUID("00000000-0000-7000-8000-000000000000")


@pytest.fixture
def supplier(workplace: RunningService) -> Iterator[Apos]:
    """Intelic, writing."""
    with workplace.client("supplier") as apos:
        yield apos


def test_a_draft_says_what_was_stated_and_lists_its_components(workplace: RunningService, supplier: Apos) -> None:
    draft = a_draft(workplace, supplier)
    assert (draft.status, draft.revision, draft.revises, draft.component_count) == ("draft", 1, None, 2)
    assert draft.price is not None
    assert draft.price.amount == "10000.00"
    assert draft.system == System(name="Kestrel", version="1", final_assembly_country="NL")
    assert draft.etag is not None
    found = supplier.origin_declarations.find(draft.id)
    assert found == draft
    components = list(supplier.origin_declarations.components(draft.id, page_size=1))
    assert [(each.key, each.quantity, each.stock_weeks) for each in components] == [
        ("pilot", "1", "12"),
        ("wings", "1", "12"),
    ]
    assert [each.key for each in supplier.origin_declarations.components(draft.id, function_group="airframe")] == [
        "wings"
    ]


def test_a_draft_as_cyclonedx_drafts_the_same_declaration(workplace: RunningService, supplier: Apos) -> None:
    draft = a_draft(workplace, supplier)
    file = supplier.origin_declarations.as_cyclonedx(draft.id)
    again = supplier.origin_declarations.draft_from_cyclonedx(file)
    assert again.id != draft.id
    assert (again.components_digest, again.component_count) == (draft.components_digest, 2)
    assert (again.system, again.dimensions, again.price) == (draft.system, draft.dimensions, draft.price)
    wrong = file.replace(b'"cdx:device:quantity"', b'"apos:amount"')
    with pytest.raises(BadInput) as refused:
        supplier.origin_declarations.draft_from_cyclonedx(wrong)
    assert [error.pointer for error in refused.value.errors] == [
        *("/quantity", "/rows/1", "/rows/2"),
    ]


def test_declarations_are_listed_by_challenge_and_status(
    workplace: RunningService, supplier: Apos, office: Apos
) -> None:
    draft = a_draft(workplace, supplier)
    assert draft.challenge_id is not None
    for apos in (supplier, office):
        declarations = apos.origin_declarations
        assert [each.id for each in declarations.each(challenge_id=draft.challenge_id, status="draft")] == [draft.id]
        assert list(declarations.each(challenge_id=draft.challenge_id, status="submitted")) == []


def test_a_declaration_is_for_a_lot_as_well_and_both_are_named_by_key(supplier: Apos, office: Apos) -> None:
    draft = supplier.origin_declarations.draft(a_statement(), supplier="intelic", lot="drone-software")
    assert (draft.lot_id, draft.challenge_id) == (office.lots.find("drone-software").id, None)
    assert draft.price is None


def test_a_draft_is_changed_by_the_etag_that_was_read(workplace: RunningService, supplier: Apos) -> None:
    draft = a_draft(workplace, supplier)
    changed = supplier.origin_declarations.change(
        draft.id,
        etag=draft.etag,
        reason="A better price",
        price=Amount(amount="9000.00"),
        dimensions=[Dimension(dimension="operationalUse", dependence="partial", country="US")],
    )
    assert changed.price == Amount(amount="9000.00", currency="EUR", qualifier="exact")
    assert [(each.dependence, each.country) for each in changed.dimensions] == [("partial", "US")]
    assert changed.system == draft.system
    assert supplier.origin_declarations.change(draft.id, price=None).price is None
    with pytest.raises(Stale):
        supplier.origin_declarations.change(draft.id, etag=draft.etag, price=PRICE)


def test_components_are_replaced_whole_and_the_etag_that_comes_back_holds(
    workplace: RunningService, supplier: Apos
) -> None:
    draft = a_draft(workplace, supplier)
    stored = supplier.origin_declarations.replace_components(
        draft.id, [a_component("pilot", "1500", "control", stockWeeks=None)], etag=draft.etag, reason="One part less"
    )
    assert (stored.component_count, stored.version) == (1, (draft.version or 0) + 1)
    [component] = supplier.origin_declarations.components(draft.id)
    assert (component.unit_value and component.unit_value.amount, component.stock_weeks) == ("1500", None)
    with pytest.raises(Stale):
        supplier.origin_declarations.replace_components(draft.id, [component], etag=draft.etag)
    supplier.origin_declarations.replace_components(draft.id, [component], etag=stored.etag)
    assert list(supplier.origin_declarations.components(draft.id)) == [component]


def test_bad_input_names_every_field_of_every_component(workplace: RunningService, supplier: Apos) -> None:
    bad = a_statement(
        a_component("pilot", "1", "control", countryOfManufacture="XX"), a_component("pilot", "1", "tail", quantity=-1)
    )
    with pytest.raises(BadInput) as refused:
        a_draft(workplace, supplier, bad)
    assert [error.pointer for error in refused.value.errors] == [
        "/components/0/countryOfManufacture",
        "/components/1/quantity",
    ]
    rules = a_statement(a_component("pilot", "1", "control"), a_component("pilot", "1", "tail"), total="1.00")
    with pytest.raises(BadInput) as refused:
        a_draft(workplace, supplier, rules)
    assert {error.pointer for error in refused.value.errors} == {
        "/components/1/key",
        "/components/1/functionGroup",
        "/totalComponentCost",
    }


def test_submitting_is_signing_once(workplace: RunningService, supplier: Apos) -> None:
    draft = a_draft(workplace, supplier)
    submission = supplier.origin_declarations.submit(draft.id, SIGNED)
    assert (submission.declaration_id, submission.representative) == (draft.id, SIGNED)
    assert [each.id for each in supplier.origin_declarations.submissions(draft.id)] == [submission.id]
    assert supplier.origin_declarations.find(draft.id).status == "submitted"
    with pytest.raises(Conflict, match="already been submitted"):
        supplier.origin_declarations.submit(draft.id, SIGNED)
    with pytest.raises(Conflict, match="only a draft can be changed"):
        supplier.origin_declarations.change(draft.id, price=None)
    with pytest.raises(Conflict, match="only a draft can be changed"):
        supplier.origin_declarations.replace_components(draft.id, [])


def test_a_representative_without_a_valid_address_is_refused(workplace: RunningService, supplier: Apos) -> None:
    draft = a_draft(workplace, supplier)
    with pytest.raises(BadInput) as refused:
        supplier.origin_declarations.submit(draft.id, Representative(name="A", function="B", email="nowhere"))
    assert [error.pointer for error in refused.value.errors] == ["/representative/email"]


def test_nothing_is_submitted_where_no_profile_is(workplace: RunningService, supplier: Apos) -> None:
    draft = a_draft(workplace, supplier, profile=None)
    with pytest.raises(Conflict, match="no scoring profile yet"):
        supplier.origin_declarations.submit(draft.id, SIGNED)


def test_the_score_is_stored_and_another_day_is_asked_for(workplace: RunningService, supplier: Apos) -> None:
    expiring = Proof(level="audited", expires_on=date.today() + timedelta(days=100))  # noqa: DTZ011  # any day will do
    statement = a_statement(
        a_component("pilot", "2000", "control", evidence=expiring), a_component("wings", "1000", "airframe")
    )
    draft = a_draft(workplace, supplier, statement)
    with pytest.raises(Conflict, match="is a draft"):
        supplier.origin_declarations.score(draft.id)
    supplier.origin_declarations.submit(draft.id, SIGNED)
    score = supplier.origin_declarations.score(draft.id)
    assert (score.score, score.adjustment_percent, score.knock_outs) == ("100.0", "10.00", ())
    assert score.fictitious_price is not None
    assert score.fictitious_price.amount == "9000.00"
    assert score.origin_shares.edip.verdict == "pass"
    later = supplier.origin_declarations.score(draft.id, reference_date=score.reference_date + timedelta(days=101))
    assert later.reference_date == score.reference_date + timedelta(days=101)
    assert Decimal(later.score or 0) < Decimal(score.score or 0)
    assert supplier.origin_declarations.score(draft.id) == score


def test_a_review_is_recorded_once_with_its_remarks(workplace: RunningService, supplier: Apos, office: Apos) -> None:
    draft = a_draft(workplace, supplier)
    with pytest.raises(Conflict, match="only a submitted one"):
        office.origin_declarations.review(draft.id, verdict="accepted", narrative="n")
    supplier.origin_declarations.submit(draft.id, SIGNED)
    remark = Remark(component_key="pilot", remark="Which licence?")
    with pytest.raises(BadInput) as refused:
        office.origin_declarations.review(
            draft.id, verdict="returned", narrative="n", remarks=[Remark(component_key="rudder", remark="r")]
        )
    assert [error.pointer for error in refused.value.errors] == ["/remarks/0/componentKey"]
    review = office.origin_declarations.review(draft.id, verdict="returned", narrative="Look.", remarks=[remark])
    assert (review.verdict, review.remarks) == ("returned", (remark,))
    assert [each.id for each in supplier.origin_declarations.reviews(draft.id)] == [review.id]
    with pytest.raises(NotPermitted):
        supplier.origin_declarations.review(draft.id, verdict="accepted", narrative="n")


def test_a_revision_copies_what_is_not_given(workplace: RunningService, supplier: Apos, office: Apos) -> None:
    before = returned(workplace, supplier, office)
    revised = supplier.origin_declarations.revise(before.id, price=Amount(amount="11000.00"))
    assert (revised.revises, revised.revision, revised.status) == (before.id, 2, "draft")
    assert (revised.system, revised.dimensions) == (before.system, before.dimensions)
    assert revised.components_digest == before.components_digest
    assert revised.price == Amount(amount="11000.00", currency="EUR", qualifier="exact")
    with pytest.raises(Conflict, match="has a revision already"):
        supplier.origin_declarations.revise(before.id)
    supplier.origin_declarations.submit(revised.id, SIGNED)
    office.origin_declarations.review(revised.id, verdict="accepted", narrative="Good.")
    series = supplier.origin_declarations.each(challenge_id=before.challenge_id or NOBODY, sort="id")
    assert [each.status for each in series] == ["superseded", "accepted"]


def test_a_revision_takes_components_of_its_own(workplace: RunningService, supplier: Apos, office: Apos) -> None:
    before = returned(workplace, supplier, office)
    only = a_component("pilot", "2500", "control")
    revised = supplier.origin_declarations.revise(before.id, components=[only])
    assert [each.key for each in supplier.origin_declarations.components(revised.id)] == ["pilot"]
    assert [each.id for each in supplier.origin_declarations.each(revises=before.id)] == [revised.id]


def test_a_draft_cannot_be_revised(workplace: RunningService, supplier: Apos) -> None:
    draft = a_draft(workplace, supplier)
    with pytest.raises(Conflict) as refused:
        supplier.origin_declarations.revise(draft.id)
    assert [error.pointer for error in refused.value.errors] == ["/revises"]


def test_what_another_supplier_declares_is_not_found(workplace: RunningService, office: Apos) -> None:
    challenge = a_challenge(workplace)
    office.challenges.add_entrant(challenge, "palantir")
    theirs = office.origin_declarations.draft(a_statement(), supplier="palantir", challenge=challenge)
    with workplace.client("supplier") as intelic:
        with pytest.raises(NotFound):
            intelic.origin_declarations.find(theirs.id)
        with pytest.raises(NotFound):
            intelic.origin_declarations.score(theirs.id)
        assert list(intelic.origin_declarations.each(challenge_id=challenge)) == []


def test_a_declaration_has_no_key(supplier: Apos) -> None:
    for name in (NOBODY, str(NOBODY), "kestrel", "../suppliers"):
        with pytest.raises(NotFound, match="origin declaration with"):
            supplier.origin_declarations.find(name)


def test_a_viewer_reads_no_declaration(portfolio: RunningService) -> None:
    with portfolio.client("viewer") as apos, pytest.raises(NotPermitted):
        list(apos.origin_declarations.each())
