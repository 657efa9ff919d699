"""Organisations: what they are within or beside the state."""

from domain.registers import OrganisationKind


def test_the_kinds_are_spelled_as_everywhere() -> None:
    assert [kind.value for kind in OrganisationKind] == [
        "ministry",
        "service",
        "unit",
        "knowledgeInstitute",
        "government",
    ]
