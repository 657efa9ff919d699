"""References to parliamentary papers (Kamerstukken): as their source prints them, and as the service reads them."""

from datetime import date

from apos_client._answers import Answer


class ReferenceReading(Answer):
    """How the service reads a printed reference: its normal form, what was probably meant, and what to beware of."""

    normalised: str | None = None
    probably: str | None = None
    flag: str | None = None


class Reference(Answer):
    """A parliamentary paper, as its source prints it. The reading is the service's own; leave it out of what you send."""

    as_printed: str
    dated: date | None = None
    note: str | None = None
    reading: ReferenceReading | None = None
