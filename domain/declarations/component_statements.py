"""Component statements (onderdeelverklaringen): a maker deeper in the chain declares a component to the programme office.

A statement is signed when it is made, and its content never changes; the maker may share it with suppliers and withdraw it.
Those suppliers may attach it to a component of a declaration and see its verdict, never its lines. It never affects a score.
"""

from collections.abc import Sequence, Sized
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_TITLE, Audited, EuroCents, Id, ListFilter, UtcDateTime, column, json_type
from domain.errors import BrokenRule, Conflict, Fault, repeated
from domain.ledger import OMIT
from domain.scoring.algorithm import Algorithm
from domain.scoring.exact import decimals
from domain.scoring.inputs import ComponentInput
from domain.scoring.results import ScoreOriginShare
from domain.scoring.score_schemes import MAX_VERSION
from domain.scoring.tree import total_faults


class Validity(StrEnum):
    """Whether a statement still holds."""

    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ComponentStatement(Audited, table=True):
    """A component and the lines that it is made of, in `component_set`. `shared_with` lists ids of suppliers.

    `reference_date` and `scheme_version` are those that its verdict was computed with.
    """

    __tablename__ = "component_statements"
    __table_args__ = (sa.CheckConstraint("total_component_cost_cents >= 0", name="total_component_cost"),)
    LIST_FILTERS: ClassVar = {"shared_with": ListFilter("shared_with", list)}

    supplier_id: UUID = Field(sa_type=column(Id), foreign_key="suppliers.id", index=True)
    name: str = Field(max_length=MAX_TITLE)
    part_number: str | None = Field(default=None, max_length=MAX_TITLE)
    total_component_cost_cents: int = Field(sa_type=column(EuroCents))
    component_set: UUID = Field(sa_type=column(Id), unique=True)
    component_count: int
    components_digest: str = Field(max_length=64)
    valid_until: date | None = None
    shared_with: list[str] = Field(default_factory=list, sa_type=json_type())
    withdrawn_on: date | None = None
    signed_at: datetime = Field(sa_type=column(UtcDateTime))
    scheme_version: str = Field(max_length=MAX_VERSION, foreign_key="score_schemes.scheme_version", index=True)
    reference_date: date


class StatementSignatory(Audited, table=True):
    """The authorised representative who signed a statement. The columns are null once erased."""

    __tablename__ = "statement_signatories"

    statement_id: UUID = Field(sa_type=column(Id), foreign_key="component_statements.id", unique=True)
    name: str | None = Field(default=None, max_length=MAX_TITLE, sa_column_kwargs=OMIT)
    function: str | None = Field(default=None, max_length=MAX_TITLE, sa_column_kwargs=OMIT)
    email: str | None = Field(default=None, max_length=MAX_TITLE, sa_column_kwargs=OMIT)


class StatementVerdict(Audited, table=True):
    """What other suppliers may know of a statement. Computed once, when the statement is made, and stored under its id.

    `maker` is the name of the supplier that made it: whoever shares a text with others says who it is from. A separate table,
    because visibility gives columns by role, and the maker and the prime have the same role.
    """

    __tablename__ = "statement_verdicts"

    id: UUID = Field(primary_key=True, sa_type=column(Id), foreign_key="component_statements.id")
    maker: str = Field(max_length=MAX_TITLE)
    name: str = Field(max_length=MAX_TITLE)
    part_number: str | None = Field(default=None, max_length=MAX_TITLE)
    origin_shares: dict[str, Any] = Field(sa_type=json_type())
    valid_until: date | None = None
    withdrawn_on: date | None = None


def new_statement_faults(
    *,
    components: Sized,
    known_cents: int,
    total_cents: int,
    valid_until: date | None,
    shared_with: Sequence[str],
    today: date,
) -> list[Fault]:
    """What is wrong with a new statement, except faults of single lines."""
    faults = [] if components else [Fault("/components", "give at least one component")]
    faults += total_faults(total_cents=total_cents, known_cents=known_cents)
    if valid_until is not None and valid_until < today:
        faults.append(Fault("/validUntil", f"is before today, {today}; give today or a later day"))
    return faults + repeated("sharedWith", shared_with)


def check_change(
    *, withdrawn_before: date | None, withdrawn_on: date | None, shared_with: Sequence[str], today: date
) -> None:
    """Refuses to undo a withdrawal, to withdraw on a day other than today, and to list a supplier twice."""
    if withdrawn_before is not None and withdrawn_on != withdrawn_before:
        raise Conflict(
            "this statement was withdrawn, which is final; make a new one",
            [Fault("/withdrawnOn", "is final and cannot be changed")],
        )
    faults = repeated("sharedWith", shared_with)
    if withdrawn_on not in (withdrawn_before, today):
        faults.append(Fault("/withdrawnOn", f"a statement is withdrawn at once; give today, {today}"))
    if faults:
        raise BrokenRule.at(*faults)


def validity_of(*, valid_until: date | None, withdrawn_on: date | None, today: date) -> Validity:
    """Whether a statement is valid today; on `valid_until` it still is."""
    if withdrawn_on is not None:
        return Validity.WITHDRAWN
    return Validity.EXPIRED if valid_until is not None and valid_until < today else Validity.VALID


def origin_shares(
    *, algorithm: Algorithm, components: Sequence[ComponentInput], total_cents: int, reference_date: date
) -> dict[str, dict[str, str | None]]:
    """Both origin shares of a component as the API shows them, without the keys of the lines that decide them."""
    shares = algorithm.origin_shares(components, total_cents=total_cents, reference_date=reference_date)
    return {name: _rendered_share(share) for name, share in shares.items()}


def _rendered_share(share: ScoreOriginShare) -> dict[str, str | None]:
    figures = {"proven": share.proven, "declared": share.declared, "upperBound": share.upper_bound}
    shown = {name: None if figure is None else decimals(figure, 4) for name, figure in figures.items()}
    return {**shown, "verdict": share.verdict.value}
