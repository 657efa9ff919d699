"""Expiries of evidence (vervaldata van bewijs): what proof of a declaration falls when, and how far the score falls with it.

Falls are worked out one after another, in the order of their days and then of what they are about, each against what stands
then; so the points of all of them together are the whole fall. A sub-assembly has no proof that counts, and what is only
self-declared cannot fall.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from domain.declarations.component_columns import LINE
from domain.declarations.origin_declarations import DeclarationStatus, system_of
from domain.scoring.algorithm import Algorithm
from domain.scoring.exact import half_up
from domain.scoring.inputs import ComponentInput, Dimension, EvidenceInput, EvidenceLevel, Profile, Statement, System

ACTIVE_STATUSES = (DeclarationStatus.SUBMITTED, DeclarationStatus.ACCEPTED)
"""The declarations whose proof is looked after: submitted and not returned, accepted and not superseded."""
EXPIRING_LEVELS = (EvidenceLevel.DOCUMENT, EvidenceLevel.AUDITED)
"""The evidence that an expiry date ends."""
_URI, _SHA256 = LINE.index("evidence_uri"), LINE.index("evidence_sha256")
_DECLARED = EvidenceLevel.SELF_DECLARED

Place = tuple[int, str]
"""What proof is about: components by key, then dimensions by name, then the design authority."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement with evidence that expires, and where that evidence is."""

    statement: Statement
    expires_on: date
    uri: str | None
    sha256: str | None

    @property
    def place(self) -> Place:
        """What it is about."""
        if isinstance(self.statement, ComponentInput):
            return 0, self.statement.key
        return (1, self.statement.dimension.value) if isinstance(self.statement, Dimension) else (2, "")


@dataclass(frozen=True, slots=True)
class Fall:
    """A proof that expires, the points that S falls by, and the score before and after; None where there is no score."""

    proof: Proof
    points: Fraction | None
    before: Fraction | None
    after: Fraction | None


def proofs_of_system(row: Mapping[str, Any]) -> list[Proof]:
    """What expires of the dimensions and the design authority that a declaration's columns hold."""
    columns = {"total_component_cost_cents": None, "system_final_assembly_country": None, **row}
    system = system_of(columns, ())
    stated = [*row["dimensions"], row["design_authority"] or {}]
    statements: list[Statement] = [*system.dimensions, system.design_authority]
    proven = ((statement, given.get("evidence") or {}) for statement, given in zip(statements, stated, strict=True))
    return _expiring((statement, given.get("uri"), given.get("sha256")) for statement, given in proven)


def proofs_of_lines(rows: Sequence[Sequence[Any]], components: Sequence[ComponentInput]) -> list[Proof]:
    """What expires of the leaves among lines, in storage form and as they are scored."""
    nodes = {component.parent_key for component in components}
    return _expiring(
        (component, row[_URI], row[_SHA256])
        for component, row in zip(components, rows, strict=True)
        if component.key not in nodes
    )


def _expiring(stated: Iterable[tuple[Statement, str | None, str | None]]) -> list[Proof]:
    return [
        Proof(statement, statement.evidence.expires_on, uri, sha256)
        for statement, uri, sha256 in stated
        if statement.evidence.level in EXPIRING_LEVELS and statement.evidence.expires_on is not None
    ]


def falls_of(
    *, algorithm: Algorithm, profile: Profile, system: System, proofs: Sequence[Proof], first: date, until: date
) -> list[Fall]:
    """What falls of a system that is scored on a first day, until a day, that day included, in order.

    What has expired before the first day has fallen already, and is not to be among the proofs.
    """
    falling = sorted(
        (proof for proof in proofs if proof.expires_on <= until), key=lambda proof: (proof.expires_on, proof.place)
    )
    fallen = (replace(proof.statement, evidence=EvidenceInput(_DECLARED)) for proof in falling)
    scores = algorithm.incremental_scores(profile, system, fallen, reference_date=first)
    return [_fall(proof, *both) for proof, both in zip(falling, pairwise(scores), strict=True)]


def _fall(proof: Proof, before: Fraction | None, after: Fraction | None) -> Fall:
    points = None if before is None or after is None else before - after
    return Fall(proof, points, _rounded_score(before), _rounded_score(after))


def _rounded_score(exact: Fraction | None) -> Fraction | None:
    """A score as it is shown, rounded half up to one decimal."""
    return None if exact is None else Fraction(half_up(10 * exact), 10)
