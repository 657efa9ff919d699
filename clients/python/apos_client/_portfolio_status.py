"""The status of the portfolio (stand van de portefeuille): every lot and challenge with both colours."""

from apos_client._exchange import Exchange
from apos_client._models import PortfolioStatus


class PortfolioStatuses:
    """The status of the portfolio, for the programme office, the administrator and the auditor."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def read(self) -> PortfolioStatus:
        """Where every lot and challenge stands today."""
        return self._exchange.read("/portfolio-status", PortfolioStatus)

    def csv(self) -> str:
        """The same as CSV: a row per lot and challenge, `kind` first, nested keys as dotted headers."""
        return self._exchange.text("/portfolio-status", "text/csv")
