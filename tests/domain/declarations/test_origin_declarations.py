"""Origin declarations: what each status allows, what a revision must be, and how one is read as a system to score."""

from datetime import date
from typing import Any

import pytest

from domain.base import new_id
from domain.declarations.origin_declarations import (
    DeclarationStatus,
    check_draft,
    check_parent,
    check_participation,
    check_review,
    check_revision,
    check_submission,
    check_unchanged,
    check_withdrawable,
    system_of,
)
from domain.errors import BrokenRule, Conflict
from domain.scoring.inputs import (
    AuthorityLevel,
    Dependence,
    DesignAuthority,
    Dimension,
    DimensionName,
    EvidenceInput,
    EvidenceLevel,
)
from tests.factories.declarations.origin_declarations import a_declaration

ALLOWED = """
           change submit review revise withdraw
draft      yes    yes    no     no     yes
submitted  no     no     yes    no     yes
accepted   no     no     no     yes    no
returned   no     no     no     yes    no
superseded no     no     no     no     no
withdrawn  no     no     no     yes    no
"""
ROWS = [line.split() for line in ALLOWED.strip().splitlines()[1:]]
CELLS = [
    (row[0], step, cell == "yes")
    for row in ROWS
    for step, cell in zip(("change", "submit", "review", "revise", "withdraw"), row[1:], strict=True)
]


def _try(step: str, status: DeclarationStatus) -> None:
    before = a_declaration(status=status)
    after = a_declaration(supplier_id=before.supplier_id, lot_id=before.lot_id)
    steps: dict[str, Any] = {
        "change": lambda: check_draft(status=status),
        "submit": lambda: check_submission(status=status, has_profile=True, takes_part=True),
        "review": lambda: check_review(status=status),
        "revise": lambda: check_revision(before=before, after=after, is_revised=False),
        "withdraw": lambda: check_withdrawable(status=status),
    }
    steps[step]()


def test_the_table_names_every_status() -> None:
    assert [row[0] for row in ROWS] == list(DeclarationStatus)


@pytest.mark.parametrize(
    ("status", "step", "allowed"), [pytest.param(*cell, id=f"{cell[1]} {cell[0]}") for cell in CELLS]
)
def test_a_status_allows_what_the_table_says(status: str, step: str, allowed: bool) -> None:
    if allowed:
        _try(step, DeclarationStatus(status))
        return
    with pytest.raises(Conflict, match=status):
        _try(step, DeclarationStatus(status))


@pytest.mark.parametrize(
    ("has_profile", "takes_part", "words"),
    [
        pytest.param(False, True, "no scoring profile", id="no profile"),
        pytest.param(True, False, "no longer takes part", id="no part"),
        pytest.param(False, False, "no longer takes part", id="neither"),
    ],
)
def test_submitting_needs_a_profile_and_a_part(has_profile: bool, takes_part: bool, words: str) -> None:
    with pytest.raises(Conflict, match=words):
        check_submission(status=DeclarationStatus.DRAFT, has_profile=has_profile, takes_part=takes_part)


def test_a_declaration_is_revised_once() -> None:
    before = a_declaration(status=DeclarationStatus.RETURNED)
    after = a_declaration(supplier_id=before.supplier_id, lot_id=before.lot_id)
    with pytest.raises(Conflict, match="has a revision already"):
        check_revision(before=before, after=after, is_revised=True)


@pytest.mark.parametrize("other", ["supplier_id", "lot_id", "challenge_id"])
def test_a_revision_is_for_the_same_supplier_lot_and_challenge(other: str) -> None:
    before = a_declaration(status=DeclarationStatus.RETURNED)
    same = {"supplier_id": before.supplier_id, "lot_id": before.lot_id}
    moved = {"lot_id": None, "challenge_id": new_id()} if other == "challenge_id" else {other: new_id()}
    with pytest.raises(BrokenRule, match="another lot, challenge or supplier"):
        check_revision(before=before, after=a_declaration(**{**same, **moved}), is_revised=False)


@pytest.mark.parametrize(("lot", "challenge"), [(True, True), (False, False)])
def test_a_declaration_is_for_one_lot_or_one_challenge(lot: bool, challenge: bool) -> None:
    with pytest.raises(BrokenRule, match="either lotId or challengeId"):
        check_parent(lot_id=new_id() if lot else None, challenge_id=new_id() if challenge else None)
    check_parent(lot_id=new_id() if lot else None, challenge_id=None if lot else new_id())


def test_a_supplier_without_a_part_declares_nothing() -> None:
    check_participation(takes_part=True)
    with pytest.raises(Conflict, match="does not take part"):
        check_participation(takes_part=False)


def test_the_score_of_what_has_changed_is_not_stored() -> None:
    check_unchanged(is_same=True)
    with pytest.raises(Conflict, match="changed at the same moment"):
        check_unchanged(is_same=False)


def test_a_declaration_is_read_as_the_system_it_states() -> None:
    row = a_declaration(
        total_component_cost_cents=40_000_000,
        system_final_assembly_country="NL",
        design_authority={
            "level": "both",
            "country": "DE",
            "evidence": {"level": "document", "expiresOn": "2027-01-31"},
        },
        dimensions=[
            {"dimension": "spareParts", "dependence": "partial", "country": "US", "evidence": None},
            {"dimension": "cloudAccess", "dependence": None, "country": None, "evidence": {"level": "audited"}},
        ],
    )
    system = system_of(row.model_dump(), ())
    assert (system.total_cents, system.final_assembly_country) == (40_000_000, "NL")
    proof = EvidenceInput(EvidenceLevel.DOCUMENT, date(2027, 1, 31))
    assert system.design_authority == DesignAuthority(AuthorityLevel.BOTH, "DE", proof)
    assert system.dimensions == (
        Dimension(DimensionName.SPARE_PARTS, Dependence.PARTIAL, "US", EvidenceInput()),
        Dimension(DimensionName.CLOUD_ACCESS, None, None, EvidenceInput(EvidenceLevel.AUDITED)),
    )


def test_what_is_not_stated_is_unknown() -> None:
    system = system_of(a_declaration().model_dump(), ())
    assert (system.total_cents, system.final_assembly_country, system.dimensions) == (None, None, ())
    assert system.design_authority == DesignAuthority()
