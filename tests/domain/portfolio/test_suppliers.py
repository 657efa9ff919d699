"""Suppliers: on what ground a name is public."""

import pytest

from domain.errors import BrokenRule, Conflict
from domain.portfolio.suppliers import NameBasis, check_basis, check_consented
from tests.factories.portfolio.suppliers import a_supplier


def test_a_name_is_public_by_consent_or_because_a_published_source_names_it() -> None:
    assert [basis.value for basis in NameBasis] == ["consent", "publishedSource"]


def test_a_name_is_confidential_until_there_is_a_basis() -> None:
    assert a_supplier().name_basis is None


def test_a_country_that_is_not_known_is_null_and_never_a_guess() -> None:
    assert a_supplier().country is None


def test_a_published_source_that_names_a_supplier_is_named_itself() -> None:
    check_basis(name_basis=NameBasis.PUBLISHED_SOURCE, source="a-letter")
    check_basis(name_basis=None, source=None)
    with pytest.raises(BrokenRule) as refused:
        check_basis(name_basis=NameBasis.PUBLISHED_SOURCE, source=None)
    assert [fault.pointer for fault in refused.value.faults] == ["/source"]


def test_a_name_becomes_public_by_a_consent_that_is_recorded() -> None:
    check_consented(before=None, after=NameBasis.CONSENT, consented=True)
    check_consented(before=NameBasis.CONSENT, after=NameBasis.CONSENT, consented=False)
    check_consented(before=NameBasis.CONSENT, after=None, consented=False)
    with pytest.raises(Conflict):
        check_consented(before=None, after=NameBasis.CONSENT, consented=False)
