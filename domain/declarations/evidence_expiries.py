"""Evidence expiries (vervaldata van bewijs): which proof of a declaration expires when, and how far the score falls then.

Falls are computed one after another, by day and then by `Place`, each with all earlier proof expired, so that their points
add up to the whole fall. Evidence of a sub-assembly does not count, and self-declared evidence does not expire.
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
"""The declarations whose evidence is watched: submitted and not yet returned, or accepted and not superseded."""
EXPIRING_LEVELS = (EvidenceLevel.DOCUMENT, EvidenceLevel.AUDITED)
"""The levels of evidence that an expiry date applies to."""
_URI, _SHA256 = LINE.index("evidence_uri"), LINE.index("evidence_sha256")
_DECLARED = EvidenceLevel.SELF_DECLARED

Place = tuple[int, str]
"""What a proof is about, in sorting order: components by key, then dimensions by name, then the design authority."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement whose evidence expires, and the URI and SHA-256 of that evidence."""

    statement: Statement
    expires_on: date
    uri: str | None
    sha256: str | None

    @property
    def place(self) -> Place:
        """What it is about, by which proofs of the same day are sorted."""
        if isinstance(self.statement, ComponentInput):
            return 0, self.statement.key
        return (1, self.statement.dimension.value) if isinstance(self.statement, Dimension) else (2, "")


@dataclass(frozen=True, slots=True)
class Fall:
    """A proof that expires, the points by which S falls, and the score before and after; None without a score."""

    proof: Proof
    points: Fraction | None
    before: Fraction | None
    after: Fraction | None


def proofs_of_system(row: Mapping[str, Any]) -> list[Proof]:
    """The expiring proofs of the dimensions and the design authority in a declaration's columns."""
    columns = {"total_component_cost_cents": None, "system_final_assembly_country": None, **row}
    system = system_of(columns, ())
    stated = [*row["dimensions"], row["design_authority"] or {}]
    statements: list[Statement] = [*system.dimensions, system.design_authority]
    proven = ((statement, given.get("evidence") or {}) for statement, given in zip(statements, stated, strict=True))
    return _expiring((statement, given.get("uri"), given.get("sha256")) for statement, given in proven)


def proofs_of_lines(rows: Sequence[Sequence[Any]], components: Sequence[ComponentInput]) -> list[Proof]:
    """The expiring proofs of the leaves among these lines, which are given in storage form and as scoring input."""
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
    """The falls from the first day, on which the system is scored, up to and including `until`, in order.

    Leave out proofs that expired before the first day: that score counts them as expired already.
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
    """A score rounded half up to one decimal, as the API shows it."""
    return None if exact is None else Fraction(half_up(10 * exact), 10)
