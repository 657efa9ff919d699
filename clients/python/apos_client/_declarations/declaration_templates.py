"""Declaration templates: empty tables that a supplier fills in, and what each of their columns is for."""

from collections.abc import Iterator
from typing import Unpack
from urllib.parse import quote

from apos_client._connection import Connection
from apos_client._keywords import Sorted
from apos_client._media_types import CSV, XLSX, CsvDialect
from apos_client._models import DeclarationTemplate

PATH = "/declaration-templates"


class DeclarationTemplates:
    """The templates. The one for the components of an origin declaration is called `components`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def each(self, **paging: Unpack[Sorted]) -> Iterator[DeclarationTemplate]:
        """Every template."""
        return self._connection.each(PATH, DeclarationTemplate, paging)

    def find(self, name: str = "components") -> DeclarationTemplate:
        """A template with what its columns are for. Raises NotFound."""
        return self._connection.get(_path(name), DeclarationTemplate)

    def csv(self, name: str = "components", *, dialect: CsvDialect | None = None) -> str:
        """The empty table as CSV, with help above its headings; for a Dutch Excel with `excel-nl`. Raises NotFound."""
        return self._connection.content(_path(name), CSV, dialect=dialect).decode("utf-8")

    def xlsx(self, name: str = "components") -> bytes:
        """The empty table as a workbook, with help above its headings. Raises NotFound."""
        return self._connection.content(_path(name), XLSX)


def _path(name: str) -> str:
    return f"{PATH}/{quote(name, safe='')}"
