"""Opens the zip archive of a spreadsheet, unless it holds macros, links to other files, or unpacks to too much.

The sizes that the archive states are checked first; unpacked bytes are counted too, because stated sizes can be false. XML
that defines entities is refused while it is parsed, since a few lines of it can expand to gigabytes.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from api.intake.parsed import UnreadableFile

MAX_UNPACKED = 200 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_RATIO = 500
RATIO_FREE_BYTES = 10 * 1024 * 1024
"""Unpacked bytes below which any ratio is accepted: a short text that repeats itself compresses very well."""
MAX_TAG = 1 << 20
"""Bytes that a tag or a comment of a part may have."""
_IN_DIRECTORY = b"PK\x01\x02"
"""What each entry of an archive's directory begins with; elsewhere it is one run of bytes in four thousand million."""
_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
_PIECE = 1 << 16
_DAMAGED = (KeyError, ValueError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
"""What the library raises where a part is not what the archive's directory says."""
_ENCRYPTED = 0x1
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
MESSAGE_MACROS = "the file holds macros, which are never opened; save it as an Excel workbook (.xlsx) without macros"
MESSAGE_LINKS = "the file links to other workbooks; replace the links with their values and save it again"
MESSAGE_EMBEDDED = "other files are embedded in the file; remove them and save it again"
MESSAGE_SAVE = "save it as an Excel workbook (.xlsx)"
_FORBIDDEN = (
    ("vbaproject", MESSAGE_MACROS),
    ("xl/macrosheets/", MESSAGE_MACROS),
    ("xl/externallinks/", MESSAGE_LINKS),
    ("xl/embeddings/", MESSAGE_EMBEDDED),
    ("xl/activex/", "the file holds ActiveX controls; remove them and save it again"),
)
_CONNECTIONS, _QUERY_TABLES = "xl/connections.xml", "xl/querytables/"
_TEXT_IMPORT = "6"
_FETCHING = frozenset({"dbPr", "olapPr", "webPr"})
MESSAGE_CONNECTIONS = (
    "the file fetches data from elsewhere; in the program, choose Data, Queries & Connections, delete what is listed there "
    "(the values in the cells stay), and save it again"
)
_MACRO_TYPES = (b"macroenabled", b"ms-excel.template.macro", b"ms-excel.addin.macro", b"vbaproject")


class ZipArchive:
    """The parts of a spreadsheet's archive, each read as a stream; `kind` is what messages call such a file."""

    kind = "an archive"
    forbidden: tuple[tuple[str, str], ...] = ()
    """Parts of names that no file may have, in lower case, each with what to say."""

    def __init__(self, raw: bytes) -> None:
        """Raises UnreadableFile where it is not such a file, or not safe to open."""
        if raw.count(_IN_DIRECTORY) > MAX_ENTRIES:
            # Before the library makes an object of each of them.
            raise _too_many_parts()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
            raise UnreadableFile(f"the file is not {self.kind}; {MESSAGE_SAVE}") from None
        self._refuse_unsafe()
        self.names = frozenset(self._zip.namelist())

    def _refuse_unsafe(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES or len({entry.filename.lower() for entry in entries}) != len(entries):
            raise _too_many_parts()
        for entry in entries:
            if entry.flag_bits & _ENCRYPTED:
                raise UnreadableFile(f"the file is encrypted; {MESSAGE_SAVE} without a password")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise UnreadableFile(
                    f"the file is compressed in a way that no spreadsheet program uses; {MESSAGE_SAVE}"
                )
            for part, message in self.forbidden:
                if part in entry.filename.lower().replace("\\", "/"):
                    raise UnreadableFile(message)
        unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
        if unpacked > MAX_UNPACKED or (unpacked > RATIO_FREE_BYTES and unpacked > MAX_RATIO * packed):
            raise _bomb()

    def parse(self, name: str, parser: "expat.XMLParserType") -> Iterator[None]:
        """Feeds a part to a parser in pieces, and yields after each. Raises UnreadableFile where it is not plain XML."""
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parsed = 0
        try:
            for piece in self.pieces(name):
                parser.Parse(piece, False)
                parsed += len(piece)
                if parsed - parser.CurrentByteIndex > MAX_TAG:
                    # It is gone through again with each piece until it ends.
                    raise UnreadableFile(
                        f"the file's part {name} has a tag or comment of more than {MAX_TAG} bytes; {MESSAGE_SAVE}"
                    )
                yield
            parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            if error.code == _NO_MEMORY:
                raise MemoryError from None
            raise UnreadableFile(f"the file's part {name} is not well-formed XML ({error}); {MESSAGE_SAVE}") from None

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, a piece at a time."""
        try:
            with self._zip.open(name) as part:
                yield from _counted(part)
        except _DAMAGED:
            raise UnreadableFile(f"the file's part {name} is missing or damaged; {MESSAGE_SAVE}") from None


class Archive(ZipArchive):
    """The archive of an XLSX file."""

    kind = "an XLSX file"
    forbidden = _FORBIDDEN

    def __init__(self, raw: bytes) -> None:
        """Raises UnreadableFile where it is not an XLSX file, or not safe to open."""
        if raw.startswith(_OLE_SIGNATURE):
            raise UnreadableFile(
                f"the file is encrypted, or a document of another kind; {MESSAGE_SAVE} without a password"
            )
        super().__init__(raw)
        self._refuse_macro_types()
        self._refuse_connections()

    def _refuse_macro_types(self) -> None:
        if "[Content_Types].xml" not in self.names or not any(name.startswith("xl/") for name in self.names):
            raise UnreadableFile(f"the file is an archive, but not an XLSX file; {MESSAGE_SAVE}")
        types = b"".join(self.pieces("[Content_Types].xml")).lower()
        if any(macro in types for macro in _MACRO_TYPES):
            raise UnreadableFile(MESSAGE_MACROS)

    def _refuse_connections(self) -> None:
        """Refuses all connections but imports of a text file, whose values are in the cells and stay as they are."""
        lowered = {name.lower(): name for name in self.names}
        has_queries = any(_QUERY_TABLES in name for name in lowered)
        parts = [name for name in lowered if name.endswith(_CONNECTIONS)]
        types: set[str] = set()

        def start(name: str, attributes: dict[str, str]) -> None:
            element = name.rpartition("|")[2]
            if element == "connection" or element in _FETCHING:
                types.add(attributes.get("type", "") if element == "connection" else element)

        for part in parts:
            parser = expat.ParserCreate(namespace_separator="|")
            parser.StartElementHandler = start
            for _ in self.parse(lowered[part], parser):
                pass
        if (parts or has_queries) and types != {_TEXT_IMPORT}:
            raise UnreadableFile(MESSAGE_CONNECTIONS)


def _counted(part: IO[bytes]) -> Iterator[bytes]:
    total = 0
    while piece := part.read(_PIECE):
        total += len(piece)
        if total > MAX_UNPACKED:
            raise _bomb()
        yield piece


def _too_many_parts() -> UnreadableFile:
    return UnreadableFile(f"the file has more than {MAX_ENTRIES} parts, or two of the same name; {MESSAGE_SAVE}")


def _bomb() -> UnreadableFile:
    limit = MAX_UNPACKED // (1024 * 1024)
    return UnreadableFile(
        f"the file unpacks to more than {limit} MB, or to over {MAX_RATIO} times its size; remove what is not needed"
    )


def _refuse_doctype(*_declared: object) -> None:
    raise UnreadableFile(f"the file holds a DOCTYPE, which no spreadsheet program writes; {MESSAGE_SAVE}")
