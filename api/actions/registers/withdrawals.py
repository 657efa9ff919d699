"""Withdrawing rows: entered in error, or a milestone that is dropped. Every noun is withdrawn here."""

from collections.abc import Mapping
from typing import Any, TypeVar

from api.actions.portfolio.milestones import check_drop_of
from api.store.ledger import Write
from domain.base import Audited, Fact
from domain.portfolio.milestones import Milestone
from domain.withdrawals import WithdrawalKind, check_withdrawal

Row = TypeVar("Row", bound=Audited)


async def withdraw(write: Write, row: Row, withdrawal: Mapping[str, Any]) -> Row:
    """Withdraws a row that the caller has locked; `withdrawal` has its kind, day, reason and authority."""
    kind, on = WithdrawalKind(withdrawal["kind"]), withdrawal["on"]
    source = row.source if isinstance(row, Fact) else None
    check_withdrawal(kind=kind, on=on, source=source, can_be_dropped=isinstance(row, Milestone), today=write.today)
    if kind is WithdrawalKind.DROPPED:
        assert isinstance(row, Milestone)
        await check_drop_of(write, row)
    columns = {f"withdrawn_{name}": value for name, value in withdrawal.items()}
    return await write.ledger.change(row, columns, reason=str(withdrawal["reason"]))
