"""The components of the bench as files that a supplier uploads, in each format that the service accepts."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter

from api.exports.components import HEADERS
from api.http.negotiation import CSV, CYCLONEDX, JSON, XLSX
from domain.declarations.component_columns import NUMBERS

Components = Sequence[Mapping[str, Any]]


def as_json(components: Components) -> bytes:
    """The JSON body that replaces the components."""
    return json.dumps({"components": components}, ensure_ascii=False, separators=(",", ":")).encode()


def as_csv(components: Components) -> bytes:
    """A CSV with semicolons and decimal commas, as a Dutch spreadsheet saves it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADERS)
    writer.writerows(
        [_cell(component, header).replace(".", ",", _decimals(header)) for header in HEADERS]
        for component in components
    )
    return text.getvalue().encode()


def as_xlsx(components: Components) -> bytes:
    """A workbook in which only quantities and values are numbers, and the rest is text, as inventory systems export it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Components")
        sheet.write_row(0, 0, HEADERS)
        for row, component in enumerate(components, 1):
            for column, header in enumerate(HEADERS):
                cell = _cell(component, header)
                if header in NUMBERS and cell:
                    sheet.write_number(row, column, float(cell))
                elif cell:
                    sheet.write_string(row, column, cell)
    return target.getvalue()


def as_cyclonedx(components: Components) -> bytes:
    """A CycloneDX file; what the standard has no field for is in properties of the components."""
    listed = [_bom_component(component) for component in components]
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": listed}
    return json.dumps(bom, ensure_ascii=False, separators=(",", ":")).encode()


FILES = {JSON: as_json, CSV: as_csv, XLSX: as_xlsx, CYCLONEDX: as_cyclonedx}
"""The function that writes a file, by its content type."""
_IN_CYCLONEDX = {"key", "name", "manufacturer", "quantity"}


def _decimals(header: str) -> int:
    return 1 if header in NUMBERS else 0


def _cell(component: Mapping[str, Any], header: str) -> str:
    value: Any = component
    for step in header.split("."):
        value = None if value is None else value.get(step)
    if isinstance(value, dict):
        value = value["amount"]
    return "" if value is None else str(value)


def _bom_component(component: Mapping[str, Any]) -> dict[str, Any]:
    bom_component = {
        "type": "device",
        "bom-ref": component["key"],
        "name": component["name"],
        "properties": [{"name": "cdx:device:quantity", "value": str(component["quantity"])}, *_properties(component)],
    }
    if component.get("manufacturer"):
        return {**bom_component, "manufacturer": {"name": component["manufacturer"]}}
    return bom_component


def _properties(component: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for header in HEADERS:
        if header not in _IN_CYCLONEDX and (cell := _cell(component, header)):
            yield {"name": f"apos:{header}", "value": cell}
