"""OpenDocument spreadsheets made by hand, so that a test can write what no program would."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

from tests.api.intake.books import HEAD, packed

KIND = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _NAMES.items())
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def cell(text: str, kind: str = "string", value: str = "", more: str = "") -> str:
    """A cell that shows a text, of a kind and with a value."""
    stored = {"string": "", "float": "value", "percentage": "value", "currency": "value"}.get(kind, f"{kind}-value")
    given = f' office:{stored}="{escape(value)}"' if stored else ""
    return (
        f'<table:table-cell office:value-type="{kind}"{given} {more}><text:p>{escape(text)}</text:p></table:table-cell>'
    )


def number(value: str, shown: str | None = None, more: str = "") -> str:
    """A cell with a number, shown as it is stored unless said otherwise."""
    return cell(value if shown is None else shown, "float", value, more)


EMPTY = "<table:table-cell/>"


def row(*cells: str, more: str = "") -> str:
    """A row of cells."""
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def heads(*names: str) -> str:
    """A row of headings."""
    return row(*map(cell, names or HEAD))


def plain(key: str = "A", name: str = "B", quantity: str = "1", more: str = "") -> str:
    """A row with a component."""
    return row(cell(key), cell(name), number(quantity), more=more)


def sheet(*rows: str, name: str = "Parts", style: str = "", after: str = "") -> str:
    """A sheet of rows."""
    return f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}{after}</table:table>'


def content(*sheets: str, styles: str = "", after: str = "") -> str:
    """The part with all sheets."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_DECLARED}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f"{''.join(sheets)}{after}</office:spreadsheet></office:body></office:document-content>"
    )


def named_styles(styles: str) -> str:
    """The part with styles that have names."""
    return f"<office:document-styles {_DECLARED}><office:styles>{styles}</office:styles></office:document-styles>"


def manifest(kind: str = KIND, more: str = "") -> str:
    """The list of what is in the archive."""
    root = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    return f'<manifest:manifest xmlns:manifest="{_MANIFEST}">{root}{more}</manifest:manifest>'


def entry(path: str, kind: str, inner: str = "") -> str:
    """A line of that list."""
    given = f'manifest:full-path="{path}" manifest:media-type="{kind}"'
    return f"<manifest:file-entry {given}>{inner}</manifest:file-entry>"


def archive(text: str, listed: str = "", **parts: str) -> bytes:
    """The archive of a spreadsheet with this content; underscores in the names of further parts are slashes."""
    further = {name.replace("_", "/"): part for name, part in parts.items()}
    return packed({"mimetype": KIND, "META-INF/manifest.xml": listed or manifest(), "content.xml": text, **further})


def book(*rows: str, styles: str = "", after: str = "", named: str = "") -> bytes:
    """A spreadsheet of one sheet."""
    text = content(sheet(*rows, after=after), styles=styles)
    parts = {"mimetype": KIND, "META-INF/manifest.xml": manifest(), "content.xml": text}
    return packed({**parts, "styles.xml": named_styles(named)} if named else parts)


def renamed(raw: bytes, old: str, new: str) -> bytes:
    """The same archive with one part of another name."""
    with zipfile.ZipFile(BytesIO(raw)) as opened:
        return packed({new if name == old else name: opened.read(name) for name in opened.namelist()})
