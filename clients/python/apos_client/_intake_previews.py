"""Intake previews: what the intake would say of a file of components, while nothing is stored."""

from pathlib import Path
from uuid import UUID

from apos_client._exchange import Exchange
from apos_client._files import Progress, sending
from apos_client._models import IntakeReport


class IntakePreviews:
    """What would be read of a file, and what would not. Nothing is stored, and nobody else sees it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def ask(
        self,
        file: Path | bytes,
        *,
        declaration: UUID | str | None = None,
        media_type: str | None = None,
        on_progress: Progress | None = None,
    ) -> IntakeReport:
        """The intake report on a file, refused lines among it; only a file that cannot be read at all is BadInput.

        With a declaration its lines are held against that one too: its total, and its profile's function groups. The media
        type follows from the name of the file, bytes need one; `on_progress` is told bytes sent, and of how many.
        """
        content = sending(file, media_type, on_progress)
        return self._exchange.ask_of("/intake-previews", content, IntakeReport, declaration_id=declaration)
