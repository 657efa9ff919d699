"""The status of the portfolio (stand van de portefeuille): every lot and challenge with both colours."""

from apos_client._connection import Connection
from apos_client._media_types import CSV, CsvDialect
from apos_client._models import PortfolioStatus


class PortfolioStatuses:
    """The status of the portfolio, for the programme office, the administrator and the auditor."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self) -> PortfolioStatus:
        """The status of every lot and challenge today."""
        return self._connection.get("/portfolio-status", PortfolioStatus)

    def csv(self, *, dialect: CsvDialect | None = None) -> str:
        """The same as CSV: a row for each lot and challenge, `kind` first, nested keys as dotted headers.

        `dialect` is `excel-nl` for a Dutch Excel; encode the text as UTF-8, for it begins with a byte-order mark.
        """
        return self._connection.content("/portfolio-status", CSV, dialect=dialect).decode("utf-8")
