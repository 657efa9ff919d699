"""The real portfolio, and its import into a service."""

from pathlib import Path
from typing import Any

from api.portfolio_file import import_file, import_portfolio
from api.portfolio_report import Report
from api.store.ledger import Write
from domain.permissions import SYSTEM
from tests.support.service import Apos

PORTFOLIO = Path(__file__).parents[2] / "data" / "apos-2026.yaml"


async def imported(apos: Apos, document: dict[str, Any] | Path) -> Report:
    """The report of an import."""
    async with apos.service.database.writing() as session:
        write = Write.begin(session, SYSTEM, apos.service.clock(), "import", "import-1")
        if isinstance(document, Path):
            return await import_file(write, document)
        return await import_portfolio(write, document)
