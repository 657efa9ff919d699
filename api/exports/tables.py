"""Documents as rows for CSV: nested keys become dotted headers, the same for every row.

Cells are written by type. Numbers stay numbers, a negative one too; in text, what a spreadsheet would run as a formula gets
an apostrophe before it.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from api.intake.tables.formulas import guarded
from api.schemas.bodies import DECIMAL, is_decimal


class CsvDialect(StrEnum):
    """How CSV is written: as RFC 4180 says, or as a Dutch Excel opens it with a double click."""

    RFC4180 = "rfc4180"
    EXCEL_NL = "excel-nl"

    @property
    def separator(self) -> str:
        """What separates the cells of a line."""
        return _FORMS[self].separator


@dataclass(frozen=True, slots=True)
class _CsvForm:
    """What a file begins with, the separator of cells, and the decimal mark."""

    begins_with: str
    separator: str
    decimal_mark: str


_FORMS = {CsvDialect.RFC4180: _CsvForm("", ",", "."), CsvDialect.EXCEL_NL: _CsvForm("\ufeff", ";", ",")}


class CsvTable:
    """CSV in UTF-8 with these headers, in a dialect; `numbers` are the headers of columns of decimals.

    Dates are ISO 8601 in every dialect, which every spreadsheet reads as dates.
    """

    def __init__(
        self,
        headers: Iterable[str],
        *,
        numbers: Collection[str] = (),
        dialect: CsvDialect = CsvDialect.RFC4180,
    ) -> None:
        self._headers = list(headers)
        self._form = _FORMS[dialect]
        self._cells: list[Callable[[Any], Any]] = [
            self._number if header in numbers else _text for header in self._headers
        ]

    def head(self) -> str:
        """The beginning of the file: the line of headers."""
        return self._form.begins_with + self._written([[guarded(header) for header in self._headers]])

    def lines(self, rows: Iterable[Iterable[Any]]) -> str:
        """Rows of cells as lines; a cell that is None is empty."""
        cells = self._cells
        return self._written([write(cell) for write, cell in zip(cells, row, strict=True)] for row in rows)

    def documents(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        """The whole file, line by line; `rows` are JSON documents whose nested keys the headers name."""
        yield self.head()
        paths = [header.split(".") for header in self._headers]
        for row in rows:
            yield self.lines([[_value_at(row, path) for path in paths]])

    def _written(self, rows: Iterable[Iterable[Any]]) -> str:
        lines = io.StringIO()
        csv.writer(lines, delimiter=self._form.separator).writerows(rows)
        return lines.getvalue()

    def _number(self, cell: Any) -> Any:
        """A decimal with the mark of the dialect; what is not a decimal is written as text, so that nothing slips through."""
        if isinstance(cell, str) and is_decimal(cell):
            return cell.replace(".", self._form.decimal_mark)
        return _text(cell)


def headers_of(model: type[BaseModel], prefix: str = "") -> list[str]:
    """The dotted headers of a model, in the order of its fields."""
    return [header for header, _ in _leaves(model, prefix)]


def decimals_of(model: type[BaseModel]) -> frozenset[str]:
    """Those of its headers under which are decimals."""
    return frozenset(header for header, info in _leaves(model, "") if _is_marked(info))


def _leaves(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, info in model.model_fields.items():
        header = prefix + (info.alias or name)
        kinds = [kind for kind in (info.annotation, *get_args(info.annotation)) if isinstance(kind, type)]
        nested = next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
        if nested:
            yield from _leaves(nested, f"{header}.")
        else:
            yield header, info


def _is_marked(info: FieldInfo) -> bool:
    parts = get_args(info.annotation)
    return DECIMAL in info.metadata or any(DECIMAL in getattr(part, "__metadata__", ()) for part in parts)


def _value_at(document: Any, path: list[str]) -> Any:
    for step in path:
        document = None if document is None else document[step]
    return document


def _text(cell: Any) -> Any:
    if isinstance(cell, bool):
        return str(cell).lower()
    return guarded(cell) if isinstance(cell, str) else cell
