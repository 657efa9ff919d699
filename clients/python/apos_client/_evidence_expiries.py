"""Evidence that expires (verlopend bewijs): what proof falls when, and by how many points the score falls with it."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from apos_client._exchange import Exchange
from apos_client._models import EvidenceExpiry


class EvidenceExpiries:
    """What expires of submitted and accepted declarations: a supplier sees its own, an assessor what is assigned to it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(
        self,
        *,
        first: date | None = None,
        until: date | None = None,
        declaration_id: UUID | str | None = None,
        lot_id: UUID | str | None = None,
        challenge_id: UUID | str | None = None,
        page_size: int = 50,
    ) -> Iterator[EvidenceExpiry]:
        """Every proof that expires from a day until another, by day: by default from today on, a year long."""
        filters = {
            "from": first,
            "until": until,
            "declaration_id": declaration_id,
            "lot_id": lot_id,
            "challenge_id": challenge_id,
            "page_size": page_size,
        }
        return self._exchange.each("/evidence-expiries", EvidenceExpiry, filters)
