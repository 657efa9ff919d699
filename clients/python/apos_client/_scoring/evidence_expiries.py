"""Evidence that expires (verlopend bewijs): which proof, on which day, and by how many points the score falls with it."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from apos_client._connection import Connection
from apos_client._models import EvidenceExpiry


class EvidenceExpiries:
    """What expires of active declarations: a supplier sees its own, an assessor those that are assigned to it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
        """Every proof that expires from one day until another, in the order of days; by default in the year from today."""
        filters = {
            "from": first,
            "until": until,
            "declaration_id": declaration_id,
            "lot_id": lot_id,
            "challenge_id": challenge_id,
            "page_size": page_size,
        }
        return self._connection.each("/evidence-expiries", EvidenceExpiry, filters)
