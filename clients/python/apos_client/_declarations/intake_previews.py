"""Intake previews: what the intake reads of a file of components, while nothing is stored."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from apos_client._connection import Connection
from apos_client._files import Progress, content_of
from apos_client._models import IntakeReport


class IntakePreviews:
    """What the intake would read of a file. Nothing is stored, and nobody else sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(
        self,
        file: Path | bytes,
        *,
        declaration: UUID | str | None = None,
        currency: str | None = None,
        rate: Decimal | str | None = None,
        rate_date: date | None = None,
        media_type: str | None = None,
        sheets: Sequence[str] = (),
        on_progress: Progress | None = None,
    ) -> IntakeReport:
        """The intake report on a file, with its refused lines. Raises BadInput only if the file cannot be read at all.

        With a declaration the lines are also checked against its total and the function groups of its profile. The media type
        follows from the name of the file; bytes need one. `sheets` names those of a workbook to read, as one bill of materials;
        without it the first with headings is read. `on_progress` is called with the bytes sent, and with all there are.
        Unit values in another currency need `currency`, `rate` (euros for one unit of it) and `rate_date`.
        """
        content = content_of(file, media_type, on_progress)
        conversion = {"currency": currency, "rate": rate, "rate_date": rate_date}
        return self._connection.preview_file(
            "/intake-previews", content, IntakeReport, declaration_id=declaration, sheet=list(sheets), **conversion
        )
