"""Withdrawals as requests make them and as responses show them."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from api.schemas.bodies import Body, Composite, Day, Line, Reason, View
from domain.base import Audited
from domain.withdrawals import WithdrawalKind


class Withdrawn(Composite):
    """That a row was withdrawn: how, on which day, why, and on whose authority."""

    SUFFIXES: ClassVar = {"kind": "_kind", "on": "_on", "reason": "_reason", "authority": "_authority"}

    kind: WithdrawalKind
    on: Day
    reason: str
    authority: str


class WithdrawnForSupplier(Composite):
    """That a row was withdrawn, and on which day, for those who do not read why."""

    SUFFIXES: ClassVar = {"kind": "_kind", "on": "_on"}

    kind: WithdrawalKind
    on: Day


class WithdrawalCreate(Body):
    """Why a row is withdrawn, and on whose authority. It is final."""

    kind: WithdrawalKind = Field(
        description="enteredInError: it should never have been there; dropped, of milestones only: agreed once, given up",
        examples=["enteredInError"],
    )
    on: Day = Field(description="Today or an earlier day")
    reason: Reason = Field(examples=["Dubbel ingevoerd."])
    authority: Line = Field(examples=["Programmabureau APOS"])


class Withdrawal(View):
    """A withdrawal, with the id of the row that was withdrawn and the version that it has since."""

    id: UUID
    version: int
    kind: WithdrawalKind
    on: Day
    reason: str
    authority: str

    @classmethod
    def of_row(cls, row: Audited) -> "Withdrawal":
        """The withdrawal of a row that was withdrawn."""
        withdrawn = Withdrawn.from_columns("withdrawn", row.model_dump())
        return cls(id=row.id, version=row.version, **(withdrawn or {}))
