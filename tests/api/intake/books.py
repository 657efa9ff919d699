"""Workbooks made part by part, so that a test can write what no spreadsheet program would; and some that programs write."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
HEAD = ("key", "name", "quantity")
Parts = dict[str, str | bytes]


def cell(place: str, value: str, kind: str = "inlineStr", style: int = 0, formula: str = "") -> str:
    """A cell in XML: text within it, or a value of another kind."""
    made = f"<f>{formula}</f>" if formula else ""
    inner = f"<is><t>{escape(value)}</t></is>" if kind == "inlineStr" else f"<v>{escape(value)}</v>"
    return f'<c r="{place}" t="{kind}" s="{style}">{made}{inner}</c>'


def row(number: int, *cells: str) -> str:
    """A row in XML."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def heads(number: int = 1, names: Sequence[str] = HEAD) -> str:
    """A row of headings."""
    return row(number, *(cell(f"{chr(ord('A') + index)}{number}", name) for index, name in enumerate(names)))


def plain(number: int, key: str = "A", name: str = "B", quantity: str = "1") -> str:
    """A row with a component."""
    return row(number, cell(f"A{number}", key), cell(f"B{number}", name), cell(f"C{number}", quantity, "n"))


def sheet(*rows: str, before: str = "", after: str = "", main: str = MAIN) -> str:
    """A sheet in XML, with what stands before and after its rows."""
    return f'<worksheet xmlns="{main}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def parts(*sheets: str, states: Sequence[str] = (), styles: str = "", shared: str = "", date1904: str = "0") -> Parts:
    """The parts of a workbook with these sheets, which are visible unless a state is given."""
    listed = "".join(
        f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}" state="{states[n - 1] if states else "visible"}"/>'
        for n in range(1, len(sheets) + 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    if shared:
        relations += f'<Relationship Id="shared" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    found: Parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{date1904}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(sheets, 1)},
    }
    if styles:
        found["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    if shared:
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{shared}</sst>'
    return found


def packed(found: Parts, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return file.getvalue()


def book(*rows: str, before: str = "", after: str = "", **kinds: Any) -> bytes:
    """A workbook of one sheet."""
    return packed(parts(sheet(*rows, before=before, after=after), **kinds))


def saved(workbook: openpyxl.Workbook) -> bytes:
    """A workbook as a program writes it."""
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
