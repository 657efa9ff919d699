"""Permissions (rechten): the actor, what can be permitted, and which role has which permission.

A permission says whether a role may do something at all. Which rows and columns it sees is decided by visibility, in the api.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.errors import Conflict


class Role(StrEnum):
    """The six roles that a key can have."""

    PROGRAMME_OFFICE = "programmeOffice"
    PROGRAMME_ADMIN = "programmeAdmin"
    SUPPLIER = "supplier"
    ASSESSOR = "assessor"
    AUDITOR = "auditor"
    VIEWER = "viewer"


class Permission(StrEnum):
    """A permission that a route can require."""

    READ_OWN_KEY = "readOwnKey"
    RENEW_OWN_KEY = "renewOwnKey"
    READ_PUBLISHED = "readPublished"
    READ_REGISTERS = "readRegisters"
    READ_PORTFOLIO = "readPortfolio"
    READ_ASSESSMENTS = "readAssessments"
    READ_SUPPLIERS = "readSuppliers"
    READ_CONSENTS = "readConsents"
    READ_PARTNERS = "readPartners"
    READ_OVERSIGHT = "readOversight"
    READ_PROFILES = "readProfiles"
    READ_DECLARATIONS = "readDeclarations"
    READ_STATEMENTS = "readStatements"
    READ_DEPENDENCIES = "readDependencies"
    READ_STATUS = "readStatus"
    READ_RANKINGS = "readRankings"
    READ_SIMULATIONS = "readSimulations"
    READ_AUDIT = "readAudit"
    READ_KEYS = "readKeys"
    EDIT_PORTFOLIO = "editPortfolio"
    RECORD_ASSESSMENTS = "recordAssessments"
    EDIT_CONSENTS = "editConsents"
    EDIT_DECLARATIONS = "editDeclarations"
    EDIT_STATEMENTS = "editStatements"
    REVIEW_DECLARATIONS = "reviewDeclarations"
    WAIVE_KNOCK_OUTS = "waiveKnockOuts"
    PREVIEW_SCORES = "previewScores"
    SIMULATE_SCHEMES = "simulateSchemes"
    EDIT_SCHEMES = "editSchemes"
    EDIT_KEYS = "editKeys"


_EVERYONE = {
    Permission.READ_OWN_KEY,
    Permission.RENEW_OWN_KEY,
    Permission.READ_PUBLISHED,
    Permission.READ_REGISTERS,
    Permission.READ_PORTFOLIO,
}
_INSIDE = _EVERYONE | {
    Permission.READ_ASSESSMENTS,
    Permission.READ_SUPPLIERS,
    Permission.READ_CONSENTS,
    Permission.READ_PARTNERS,
    Permission.READ_OVERSIGHT,
    Permission.READ_DEPENDENCIES,
    Permission.READ_PROFILES,
    Permission.READ_DECLARATIONS,
    Permission.READ_STATEMENTS,
    Permission.READ_STATUS,
    Permission.READ_RANKINGS,
    Permission.READ_SIMULATIONS,
}
_OFFICE = _INSIDE | {
    Permission.EDIT_PORTFOLIO,
    Permission.RECORD_ASSESSMENTS,
    Permission.EDIT_CONSENTS,
    Permission.EDIT_DECLARATIONS,
    Permission.EDIT_STATEMENTS,
    Permission.REVIEW_DECLARATIONS,
    Permission.WAIVE_KNOCK_OUTS,
    Permission.PREVIEW_SCORES,
    Permission.SIMULATE_SCHEMES,
}
_ADMIN = _OFFICE | {
    Permission.READ_AUDIT,
    Permission.READ_KEYS,
    Permission.EDIT_KEYS,
    Permission.EDIT_SCHEMES,
}
_SUPPLIER = _EVERYONE | {
    Permission.READ_SUPPLIERS,
    Permission.READ_CONSENTS,
    Permission.EDIT_CONSENTS,
    Permission.READ_PARTNERS,
    Permission.READ_PROFILES,
    Permission.READ_DECLARATIONS,
    Permission.EDIT_DECLARATIONS,
    Permission.READ_STATEMENTS,
    Permission.EDIT_STATEMENTS,
    Permission.PREVIEW_SCORES,
}
_ASSESSOR = _EVERYONE | {
    Permission.READ_ASSESSMENTS,
    Permission.RECORD_ASSESSMENTS,
    Permission.READ_PROFILES,
    Permission.READ_DECLARATIONS,
    Permission.REVIEW_DECLARATIONS,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PROGRAMME_OFFICE: frozenset(_OFFICE),
    Role.PROGRAMME_ADMIN: frozenset(_ADMIN),
    Role.SUPPLIER: frozenset(_SUPPLIER),
    Role.ASSESSOR: frozenset(_ASSESSOR),
    Role.AUDITOR: frozenset(_INSIDE | {Permission.READ_AUDIT, Permission.READ_KEYS}),
    Role.VIEWER: frozenset(_EVERYONE | {Permission.READ_SUPPLIERS}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a request. `name` is what the ledger records, such as `key:<id>` or `system:apos-server`."""

    name: str
    role: Role
    key_id: UUID | None = None
    supplier_id: UUID | None = None


def check_second_actor(*, first: str, second: str, done: str, needed: str) -> None:
    """Refuses an actor that does by itself what takes two.

    `first` and `second` are actors as the ledger names them; `done` says what the first did, `needed` what another must do.
    """
    if first == second:
        raise Conflict(f"you {done} yourself; another actor with the same permission must {needed}")


SYSTEM = Actor("system:apos-server", Role.PROGRAMME_ADMIN)


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the actor's role has the permission, regardless of the row."""
    return permission in PERMISSIONS[actor.role]
