"""The small registers: how facts quote sources, and words that are spelled as everywhere."""

from domain.base import Fact
from domain.ledger import table_of
from domain.registers import OrganisationKind, Source, TargetBound
from tests.factories.registers import a_source


def test_a_source_always_has_a_key_because_facts_quote_it() -> None:
    key = table_of(Source).c.key
    assert (key.nullable, key.unique) == (False, True)


def test_facts_quote_a_source_by_its_key() -> None:
    quoting = [kind for kind in Fact.__subclasses__() if hasattr(kind, "__table__")]
    targets = {key.target_fullname for kind in quoting for key in table_of(kind).c.source.foreign_keys}
    assert targets == {"sources.key"}


def test_a_source_that_bears_no_date_has_none() -> None:
    assert a_source().date is None


def test_the_kinds_of_organisations_are_spelled_as_everywhere() -> None:
    assert [kind.value for kind in OrganisationKind] == [
        "ministry",
        "service",
        "unit",
        "knowledgeInstitute",
        "government",
        "cooperation",
    ]


def test_the_bound_of_a_target_lies_on_one_of_two_sides() -> None:
    assert [bound.value for bound in TargetBound] == ["atLeast", "atMost"]
