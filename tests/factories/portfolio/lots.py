"""Lots and their partners."""

from typing import Any

from domain.base import new_id
from domain.portfolio.lots import Lot, LotPartner, PartnerRole
from tests.factories.rows import a_row


def a_lot(**named: Any) -> Lot:
    """A lot that is being explored, of a programme of its own."""
    return a_row(Lot, named, programme_id=new_id(), code="APOS-K1", title="Lange-afstandswapensystemen")


def a_lot_partner(**named: Any) -> LotPartner:
    """A supplier's part in a lot that has not ended."""
    return a_row(LotPartner, named, lot_id=new_id(), supplier_id=new_id(), role=PartnerRole.PARTNER)
