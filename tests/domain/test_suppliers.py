"""Suppliers: on what ground a name is public."""

from domain.suppliers import NameBasis
from tests.factories.suppliers import a_supplier


def test_a_name_is_public_by_consent_or_because_a_published_source_names_it() -> None:
    assert [basis.value for basis in NameBasis] == ["consent", "publishedSource"]


def test_a_name_is_confidential_until_there_is_a_basis() -> None:
    assert a_supplier().name_basis is None


def test_a_country_that_is_not_known_is_null_and_never_a_guess() -> None:
    assert a_supplier().country is None
