"""Submissions: who signed enters no event."""

from domain.ledger import state_of
from tests.factories.declarations.origin_declarations import a_signatory, a_submission


def test_who_signed_is_no_part_of_the_ledger() -> None:
    assert set(state_of(a_signatory())) == {"id", "version", "submission_id"}


def test_that_it_was_signed_is() -> None:
    assert set(state_of(a_submission())) == {"id", "version", "declaration_id", "submitted_at"}
