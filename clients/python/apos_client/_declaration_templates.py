"""Declaration templates: the empty tables that a supplier fills in, and what each of their columns is for."""

from collections.abc import Iterator
from typing import Unpack
from urllib.parse import quote

from apos_client._exchange import Exchange
from apos_client._keywords import Sorted
from apos_client._models import DeclarationTemplate

PATH = "/declaration-templates"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DeclarationTemplates:
    """The empty tables that there are. That of an origin declaration's lines is called `components`."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[Sorted]) -> Iterator[DeclarationTemplate]:
        """Every template."""
        return self._exchange.each(PATH, DeclarationTemplate, filters)

    def find(self, name: str = "components") -> DeclarationTemplate:
        """What the columns of a template are for. Raises NotFound."""
        return self._exchange.read(f"{PATH}/{quote(name, safe='')}", DeclarationTemplate)

    def csv(self, name: str = "components") -> str:
        """The empty table as CSV, with help above its headings. Raises NotFound."""
        return self._exchange.content(f"{PATH}/{quote(name, safe='')}", CSV).decode("utf-8")

    def xlsx(self, name: str = "components") -> bytes:
        """The empty table as a workbook, with help above its headings. Raises NotFound."""
        return self._exchange.content(f"{PATH}/{quote(name, safe='')}", XLSX)
