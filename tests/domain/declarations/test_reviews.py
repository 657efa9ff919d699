"""Reviews: what follows from a verdict, and remarks about what is not there."""

import pytest

from domain.declarations.origin_declarations import DeclarationStatus
from domain.declarations.reviews import ReviewVerdict, check_remarks, outcome_of
from domain.errors import BrokenRule


def test_a_declaration_follows_the_verdict() -> None:
    assert {verdict: outcome_of(verdict) for verdict in ReviewVerdict} == {
        ReviewVerdict.ACCEPTED: DeclarationStatus.ACCEPTED,
        ReviewVerdict.RETURNED: DeclarationStatus.RETURNED,
    }


def test_remarks_are_about_components_of_the_declaration() -> None:
    check_remarks(component_keys=["a", "a", "b"], known={"a", "b"})
    with pytest.raises(BrokenRule) as refused:
        check_remarks(component_keys=["a", "x", "b", "y"], known={"a", "b"})
    assert [fault.pointer for fault in refused.value.faults] == ["/remarks/1/componentKey", "/remarks/3/componentKey"]
