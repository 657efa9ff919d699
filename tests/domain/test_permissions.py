"""Permissions: every role and every permission, by hand from the table of who may do what."""

import pytest

from domain.permissions import PERMISSIONS, SYSTEM, Actor, Permission, Role, may
from tests.factories.permissions import an_actor

ROLES = ["programmeOffice", "programmeAdmin", "supplier", "assessor", "auditor", "viewer"]
TABLE = """
                     office admin supplier assessor auditor viewer
readOwnKey           yes    yes   yes      yes      yes     yes
renewOwnKey          yes    yes   yes      yes      yes     yes
readPublished        yes    yes   yes      yes      yes     yes
readRegisters        yes    yes   yes      yes      yes     yes
readPortfolio        yes    yes   yes      yes      yes     yes
readAssessments      yes    yes   no       yes      yes     no
readSuppliers        yes    yes   yes      no       yes     yes
readConsents         yes    yes   yes      no       yes     no
readPartners         yes    yes   yes      no       yes     no
readOversight        yes    yes   no       no       yes     no
readProfiles         yes    yes   yes      yes      yes     no
readDeclarations     yes    yes   yes      yes      yes     no
readStatements       yes    yes   yes      no       yes     no
readDependencies     yes    yes   no       no       yes     no
readStatus           yes    yes   no       no       yes     no
readRankings         yes    yes   no       no       yes     no
readSimulations      yes    yes   no       no       yes     no
readAudit            no     yes   no       no       yes     no
readKeys             no     yes   no       no       yes     no
editPortfolio        yes    yes   no       no       no      no
recordAssessments    yes    yes   no       yes      no      no
editConsents         yes    yes   yes      no       no      no
editDeclarations     yes    yes   yes      no       no      no
editStatements       yes    yes   yes      no       no      no
reviewDeclarations   yes    yes   no       yes      no      no
waiveKnockOuts       yes    yes   no       no       no      no
previewScores        yes    yes   yes      no       no      no
simulateSchemes      yes    yes   no       no       no      no
editSchemes          no     yes   no       no       no      no
editKeys             no     yes   no       no       no      no
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
CELLS = [(role, row[0], cell == "yes") for row in ROWS for role, cell in zip(ROLES, row[1:], strict=True)]


def test_the_roles_are_those_of_the_domain() -> None:
    assert [role.value for role in Role] == ROLES


def test_the_table_names_every_permission_once() -> None:
    assert sorted(row[0] for row in ROWS) == sorted(Permission)


@pytest.mark.parametrize(
    ("role", "permission", "expected"),
    [pytest.param(*cell, id=f"{cell[0]}: {cell[1]} {'yes' if cell[2] else 'no'}") for cell in CELLS],
)
def test_a_role_may_do_what_the_table_says(role: str, permission: str, expected: bool) -> None:
    assert may(an_actor(Role(role)), Permission(permission)) is expected


def test_an_auditor_reads_everything_and_changes_nothing_but_its_own_key() -> None:
    read = {p for p in Permission if p.value.startswith("read")}
    assert PERMISSIONS[Role.AUDITOR] == read | {Permission.RENEW_OWN_KEY}


def test_the_administrator_may_do_everything_the_office_may() -> None:
    assert PERMISSIONS[Role.PROGRAMME_OFFICE] < PERMISSIONS[Role.PROGRAMME_ADMIN]


def test_nobody_outside_the_office_changes_the_portfolio_or_keys() -> None:
    editors = {role for role in Role if PERMISSIONS[role] & {Permission.EDIT_PORTFOLIO, Permission.EDIT_KEYS}}
    assert editors == {Role.PROGRAMME_OFFICE, Role.PROGRAMME_ADMIN}


def test_the_command_line_acts_as_the_administrator_under_a_name_of_its_own() -> None:
    assert Actor("system:apos-server", Role.PROGRAMME_ADMIN, None, None) == SYSTEM
