"""The archive of an OpenDocument spreadsheet: its manifest says what is in it, and whether it is encrypted."""

from api.intake.parsed import UnreadableFile
from api.intake.tables.archives import MESSAGE_EMBEDDED, MESSAGE_MACROS, MESSAGE_SAVE, ZipArchive
from api.intake.tables.xml_parts import local, parse_part

MANIFEST, CONTENT, STYLES = "META-INF/manifest.xml", "content.xml", "styles.xml"
_SPREADSHEETS = tuple(f"application/vnd.oasis.opendocument.{kind}" for kind in ("spreadsheet", "spreadsheet-template"))
_DOCUMENT, _CHART = "application/vnd.oasis.opendocument.", "application/vnd.oasis.opendocument.chart"
_OLE_OBJECTS = ("application/vnd.sun.star.oleobject", "application/x-openoffice-oleobject")
_MESSAGE_ENCRYPTED = "the file is encrypted; save it without a password"


class OdsArchive(ZipArchive):
    """The archive of an ODS file."""

    kind = "an ODS file"
    forbidden = (("basic/script-l", MESSAGE_MACROS), ("scripts/python/", MESSAGE_MACROS), ("dialogs/", MESSAGE_MACROS))

    def __init__(self, raw: bytes) -> None:
        """Raises UnreadableFile where it is not an ODS file, or not safe to open."""
        super().__init__(raw)
        if MANIFEST not in self.names:
            raise UnreadableFile(f"the file is an archive, but not an ODS file; {MESSAGE_SAVE}")
        self._refuse_by_manifest()

    def _refuse_by_manifest(self) -> None:
        kinds: dict[str, str] = {}
        is_encrypted = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal is_encrypted
            element, given = local(name), {local(key): value for key, value in attributes.items()}
            if element == "file-entry":
                kinds[given.get("full-path", "")] = given.get("media-type", "")
            is_encrypted = is_encrypted or element == "encryption-data"

        parse_part(self, MANIFEST, start)
        if is_encrypted:
            raise UnreadableFile(_MESSAGE_ENCRYPTED)
        if kinds.pop("/", "") not in _SPREADSHEETS or CONTENT not in self.names:
            raise UnreadableFile(f"the file is an archive, but not an ODS file; {MESSAGE_SAVE}")
        if any(_is_embedded(kind) for kind in kinds.values()):
            raise UnreadableFile(MESSAGE_EMBEDDED)


def _is_embedded(kind: str) -> bool:
    """Whether a part is another file; a chart only draws what is in the cells."""
    return kind in _OLE_OBJECTS or (kind.startswith(_DOCUMENT) and not kind.startswith(_CHART))
