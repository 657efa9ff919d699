"""Declaration templates: the empty tables that a supplier fills in, and what each of their columns is for."""

from collections.abc import Iterator
from typing import Unpack
from urllib.parse import quote

from apos_client._answers import Answer, Tagged
from apos_client._exchange import Exchange
from apos_client._lists import Sorted

PATH = "/declaration-templates"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TemplateHelp(Answer):
    """What a column is for, in English and Dutch."""

    en: str
    nl: str


class TemplateColumn(Answer):
    """A column of a template; `other_headings` are read as this one."""

    field: str
    heading: str
    required: bool
    help: TemplateHelp
    example: str
    other_headings: tuple[str, ...] = ()


class DeclarationTemplate(Tagged):
    """An empty table to fill in, by its columns. `formats` are the media types that the table itself comes in."""

    id: str
    formats: tuple[str, ...] = ()
    columns: tuple[TemplateColumn, ...]


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
