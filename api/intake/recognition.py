"""What a file is that cannot be read here: it is named, with what to send instead, and never read as something else.

A file is recognised by how it begins, because its name and content type are often wrong.
"""

import io
import re
import zipfile

from api.intake.large_bytes import LargeBytes

HEAD = 1 << 16
"""Bytes at the beginning of a file that it is recognised by."""
SAVE = "save the table as CSV in UTF-8, or as an Excel workbook (.xlsx)"
_VERSIONS = "CycloneDX is read in the versions 1.4, 1.5, 1.6 and 1.7, as JSON or XML"
_EXPORT = f"{_VERSIONS}; export it as one of these"
_SPEC_FORMAT = re.compile(rb'"specFormat"\s*:\s*"CycloneDX"')
_BOM_FORMAT = re.compile(rb'"bomFormat"\s*:\s*"CycloneDX"')
_SPEC_VERSION = re.compile(rb'"specVersion"\s*:\s*"([0-9.]{1,10})"')
_SPDX_VERSION = re.compile(rb'"?(?:spdxVersion|SPDXVersion|specVersion)"?\s*:\s*"?(?:SPDX-)?([0-9.]{1,10})')
_SPDX_JSON = re.compile(rb'"spdxVersion"\s*:|"SPDXID"\s*:\s*"SPDXRef-|"@context"\s*:\s*(?:\[\s*)?"https?://spdx\.org/')
_SPDX_TEXT = re.compile(rb"^\s*(?:SPDXVersion:|spdxVersion:|SPDXID:)", re.MULTILINE)
_SPDX_XML = re.compile(rb"<[A-Za-z:]*(?:SpdxDocument|RDF)\b[^<>]*spdx\.org", re.IGNORECASE)
_CYCLONEDX_XML = re.compile(rb'cyclonedx\.org/schema/bom/?([0-9.]{0,10})"')
_MARKDOWN = re.compile(rb"^[ \t]*(?:\|[ \t]*)?:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*\r?$", re.MULTILINE)
_MARKDOWN_LINE = re.compile(rb"^[ \t]*\|.*\|[ \t]*\r?$", re.MULTILINE)
_MARKDOWN_OPEN = re.compile(rb"^[^\n|]+\|[^\n]*\n[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\r?$", re.MULTILINE)
"""A row and a line of dashes below it, both without a bar before them."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table)\b", re.IGNORECASE)
_WORKBOOKS = {
    "XLSX": ("an Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ODS": ("an OpenDocument spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
    "XLS": ("a workbook of Excel 97 to 2003", "application/vnd.ms-excel"),
}
"""The workbooks that are read: what each is called, and its content type."""
_ODS_KIND = b"application/vnd.oasis.opendocument.spreadsheet"
_OLE = b"\xd0\xcf\x11\xe0"
_XLS_STREAM = "Workbook".encode("utf-16-le")
_SIGNATURES = {
    b"%PDF": "a PDF file",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"II*\x00": "a picture (TIFF)",
    b"MM\x00*": "a picture (TIFF)",
    b"SQLite format 3": "a SQLite database",
    _OLE: "an encrypted workbook, or a document, of Microsoft Office",
}
_IN_ARCHIVE = {
    "word/": "a Word document",
    "ppt/": "a PowerPoint presentation",
    "Index/": "a document of Apple iWork",
    "content.xml": "an OpenDocument file",
}


def unread_software_list(raw: LargeBytes) -> str | None:
    """What to answer to a bill of materials in JSON of a kind that is not read here; None where it is not one."""
    head = raw[:HEAD]
    if _SPEC_FORMAT.search(head):
        version = _SPEC_VERSION.search(head)
        found = (
            f"CycloneDX of version {version[1].decode()}"
            if version
            else "CycloneDX of a version that it does not state"
        )
        return f"the file is {found}; {_EXPORT}"
    if _SPDX_JSON.search(head):
        return _spdx(head)
    return None


def unread_json(raw: LargeBytes) -> str | None:
    """As `unread_software_list`, and CycloneDX that was sent as plain JSON."""
    if _BOM_FORMAT.search(raw[:HEAD]) and not _SPEC_FORMAT.search(raw[:HEAD]):
        return "the file is CycloneDX; send it with the content type application/vnd.cyclonedx+json"
    return unread_software_list(raw)


def unread_markup(raw: LargeBytes) -> str | None:
    """What to answer to XML and HTML, None where the file is neither."""
    head = raw[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"<"):
        return None
    if _HTML.search(head):
        return f"the file is a web page (HTML); {SAVE}"
    if _CYCLONEDX_XML.search(head):
        return "the file is CycloneDX in XML; send it with the content type application/vnd.cyclonedx+xml"
    return _spdx(head) if _SPDX_XML.search(head) else f"the file is XML; {SAVE}"


def unread_xml(raw: LargeBytes) -> str | None:
    """What to answer to a file that was sent as CycloneDX in XML and is something else; None where it may be that."""
    head = raw[:HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _CYCLONEDX_XML.search(head):
        return None
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        if _BOM_FORMAT.search(head) and not _SPEC_FORMAT.search(head):
            return "the file is CycloneDX in JSON; send it with the content type application/vnd.cyclonedx+json"
        return unread_software_list(raw) or f"the file is JSON, not XML; {_EXPORT}"
    return unread_markup(raw) or f"the file is not XML; {_EXPORT}"


def unread_as_table(raw: bytes) -> str | None:
    """What to answer to a file that was sent as a text table and is something else; None where it may be one."""
    return _binary(raw) or unread_markup(raw) or _list_or_text(raw[:HEAD].removeprefix(b"\xef\xbb\xbf"))


def _list_or_text(head: bytes) -> str | None:
    if head.lstrip().startswith((b"{", b"[")):
        return unread_json(head) or "the file is JSON; send it with the content type application/json"
    if _SPDX_TEXT.search(head[:4096]):
        return _spdx(head)
    has_bars = _MARKDOWN.search(head) and len(_MARKDOWN_LINE.findall(head)) > 1
    if has_bars or _MARKDOWN_OPEN.search(head):
        return f"the file is a table in Markdown; {SAVE}"
    return None


def _spdx(head: bytes) -> str:
    version = _SPDX_VERSION.search(head)
    found = f"SPDX of version {version[1].decode()}" if version else "SPDX"
    return f"the file is {found}, which is not read here; {_EXPORT}, or give the components as a table"


def unread_as_workbook(raw: bytes, sent_as: str) -> str | None:
    """What to answer to a file that was sent as a workbook (XLSX, ODS or XLS) and is something else that is known."""
    found = _workbook(raw)
    if found is not None:
        kind, media_type = _WORKBOOKS[found]
        return None if found == sent_as else f"the file is {kind} ({found}); send it with the content type {media_type}"
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE)):
        return None
    is_text = unread_markup(raw) or _list_or_text(raw[:HEAD].removeprefix(b"\xef\xbb\xbf"))
    if is_text is None and raw and b"\0" not in raw[:HEAD] and _binary(raw) is None:
        return f"the file is text, not {sent_as}; send it with the content type text/csv"
    return is_text


def _workbook(raw: bytes) -> str | None:
    """Which of the workbooks that are read a file is, None where it is none of them."""
    if raw.startswith(_OLE):
        return "XLS" if _XLS_STREAM in raw else None
    names = _names_in(raw) if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")) else []
    if any(name.startswith("xl/") for name in names):
        return "XLSX"
    return "ODS" if "content.xml" in names and _ODS_KIND in raw[:HEAD] else None


def _binary(raw: bytes) -> str | None:
    found = _workbook(raw)
    if found is not None:
        cure = f"send it with the content type of an {found} file, or save it as CSV in UTF-8"
        return f"the file is {_WORKBOOKS[found][0]}, not CSV; {cure}"
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return f"the file is {_archive(raw)}, not a table; take the table out of it, and {SAVE}"
    kind = next((kind for signature, kind in _SIGNATURES.items() if raw.startswith(signature)), None)
    return None if kind is None else f"the file is {kind}, not a table; {SAVE}"


def _names_in(raw: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return archive.namelist()[:2000]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return []


def _archive(raw: bytes) -> str:
    names = _names_in(raw)
    kinds = (kind for start, kind in _IN_ARCHIVE.items() if any(name.startswith(start) for name in names))
    return next(kinds, "a zip archive")
