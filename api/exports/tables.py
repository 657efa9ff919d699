"""Documents as rows for CSV: nested keys become dotted headers, the same for every row.

A cell that a spreadsheet would run as a formula is prefixed with an apostrophe, so that it stays text. One that already has
apostrophes before the formula gets one more, so that a reader of the file always removes exactly one.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def headers_of(model: type[BaseModel], prefix: str = "") -> list[str]:
    """The dotted headers of a model, in the order of its fields."""
    headers = []
    for name, info in model.model_fields.items():
        header = prefix + (info.alias or name)
        kinds = [kind for kind in (info.annotation, *get_args(info.annotation)) if isinstance(kind, type)]
        nested = next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
        headers += headers_of(nested, f"{header}.") if nested else [header]
    return headers


def csv_of(headers: list[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """CSV (RFC 4180, UTF-8) line by line; `rows` are JSON documents whose nested keys the headers name."""
    yield csv_text([headers])
    paths = [header.split(".") for header in headers]
    for row in rows:
        yield csv_text([[_value_at(row, path) for path in paths]])


def csv_text(rows: Iterable[Iterable[Any]]) -> str:
    """Rows of cells as lines of CSV; a cell that is None is empty."""
    lines = io.StringIO()
    csv.writer(lines).writerows([_text(cell) for cell in row] for row in rows)
    return lines.getvalue()


def _value_at(document: Any, path: list[str]) -> Any:
    for step in path:
        document = None if document is None else document[step]
    return document


def _text(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(_FORMULA) else cell
