"""Components from CycloneDX in XML: rewritten as the JSON of the same bill, which the reader of JSON then reads.

So both forms of a bill give the same declaration. Only what is read is rewritten; the file as a whole is held against the
schema of its version that the `cyclonedx` library ships. The library's own model is not used: it sorts components, and
drops those that it takes for equal, while a declaration has the lines of its file in their order. Nothing is held whole: the
JSON is written to an unnamed temporary file while the XML is read.
"""

import mmap
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from tempfile import TemporaryFile
from typing import IO, Any, Literal
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from lxml import etree
from msgspec.json import Encoder

from api.intake.cyclonedx.file import Bom, read_cyclonedx
from api.intake.cyclonedx.pieces import DEEPEST
from api.intake.cyclonedx.schema import VERSIONS
from api.intake.encodings.detection import UTF_8
from api.intake.large_bytes import LargeBytes, forget, pieces_of
from api.intake.parsed import Format, Refused, UnreadableFile
from api.intake.recognition import unread_xml

MAX_LISTED = 100
MAX_DEPTH = 200
"""Elements within elements; components alone are limited to `DEEPEST`."""
_MAX_MESSAGE = 300
_ENCODE = Encoder().encode
_NAMESPACE = re.compile(r"\{http://cyclonedx\.org/schema/bom/([0-9.]{1,10})\}(.*)", re.DOTALL)
_ENCODING = re.compile(rb"""^[\xef\xbb\xbf\s]*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_WIDE_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_MESSAGE_DTD = "the file holds a DOCTYPE, which could define entities; leave it out"
_MESSAGE_DEEP = f"its elements are nested more than {MAX_DEPTH} levels deep; nest them less deeply"
_MESSAGE_DEEP_COMPONENTS = f"its components are nested more than {DEEPEST} levels deep; nest them less deeply"

Kind = Literal["object", "list", "text"]


@dataclass(frozen=True, slots=True)
class _Element:
    """What an element becomes in JSON, and which elements within it are read; the others are left out."""

    kind: Kind
    children: Mapping[str, str]


_READ: Mapping[str, _Element] = {
    "bom": _Element(
        "object",
        {
            "metadata": "metadata",
            "components": "components",
            "compositions": "compositions",
            "properties": "properties",
        },
    ),
    "metadata": _Element("object", {"component": "component", "properties": "properties"}),
    "components": _Element("list", {"component": "component"}),
    "component": _Element(
        "object",
        {
            "supplier": "organisation",
            "manufacturer": "organisation",
            "name": "text",
            "version": "text",
            "scope": "text",
            "properties": "properties",
            "components": "components",
        },
    ),
    "organisation": _Element("object", {"name": "text"}),
    "properties": _Element("list", {"property": "property"}),
    "property": _Element("text", {}),
    "compositions": _Element("list", {"composition": "composition"}),
    "composition": _Element("object", {"aggregate": "aggregate", "assemblies": "assemblies"}),
    "aggregate": _Element("text", {}),
    "assemblies": _Element("list", {"assembly": "assembly"}),
    "assembly": _Element("text", {}),
    "text": _Element("text", {}),
}


def read_cyclonedx_xml(raw: LargeBytes) -> Bom:
    """The contents of a CycloneDX file in XML, as `read_cyclonedx` gives those of one in JSON.

    Places in the report are those of the same bill in JSON. Raises UnreadableFile where it is not such a file, or not safe to
    read, possibly only while its lines are iterated.
    """
    if unread := unread_xml(raw):
        raise UnreadableFile(unread)
    encoding = _encoding_of(raw)
    with TemporaryFile() as out:
        version = _rewrite(raw, out)
        out.flush()
        faults = list(_schema_faults(raw, version))
        as_json = mmap.mmap(out.fileno(), 0, access=mmap.ACCESS_READ)
    bom = Bom(Format.CYCLONEDX, iter(()), refused=faults) if faults else read_cyclonedx(as_json)
    bom.encoding = encoding
    return bom


def _encoding_of(raw: LargeBytes) -> str:
    head = raw[:200]
    stated = _ENCODING.match(head)
    return _WIDE_ENCODINGS.get(head[:2]) or (stated[1].decode().upper() if stated else UTF_8.label)


def _rewrite(raw: LargeBytes, out: IO[bytes]) -> str:
    """Writes a file as JSON, and returns its version. Raises UnreadableFile."""
    writer = _JsonWriter(out)
    parser = DefusedXMLParser(target=writer, forbid_dtd=True)
    try:
        for piece in pieces_of(raw):
            parser.feed(piece)
        parser.close()
    except DefusedXmlException:
        raise UnreadableFile(_MESSAGE_DTD) from None
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableFile(f"the file is not well-formed XML: {str(error)[:_MAX_MESSAGE]}") from None
    finally:
        forget(raw, len(raw))
    return writer.version


@dataclass(slots=True)
class _Frame:
    """An element that is open: what it becomes, and whether something was written within it."""

    element: _Element
    name: str
    attributes: Mapping[str, str]
    is_empty: bool = True


class _JsonWriter:
    """Writes what is read of a file as JSON; a target for a parser."""

    def __init__(self, out: IO[bytes]) -> None:
        self.version = ""
        self._out = out
        self._prefix = ""
        self._frames: list[_Frame] = []
        self._left_out = 0
        self._components = 0
        self._text: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if self._left_out or (found := self._known(tag)) is None:
            self._left_out += 1
            if self._left_out + len(self._frames) > MAX_DEPTH:
                raise UnreadableFile(_MESSAGE_DEEP)
            return
        name, element = found
        self._begin_value(_local(tag))
        self._frames.append(_Frame(element, name, attributes))
        self._text.clear()
        if name == "components":
            self._components += 1
            if self._components > DEEPEST + 1:
                raise UnreadableFile(_MESSAGE_DEEP_COMPONENTS)
        if element.kind != "text":
            self._out.write(b"{" if element.kind == "object" else b"[")
            self._write_attributes(name, attributes)

    def data(self, text: str) -> None:
        """Text within an element."""
        if not self._left_out:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        """An element ends."""
        if self._left_out:
            self._left_out -= 1
            return
        frame = self._frames.pop()
        if frame.name == "components":
            self._components -= 1
        if frame.element.kind == "text":
            self._out.write(_ENCODE(_value_of(frame, _plain("".join(self._text)))))
        else:
            self._out.write(b"}" if frame.element.kind == "object" else b"]")

    def close(self) -> None:
        """The file ends."""

    def _known(self, tag: str) -> tuple[str, _Element] | None:
        """What an element is read as; None where it is left out."""
        if not self._frames:
            self.version = _version_of(_NAMESPACE.fullmatch(tag))
            self._prefix = tag.removesuffix("bom")
            return "bom", _READ["bom"]
        # Another namespace within the file is an extension, which anybody may define.
        name = self._frames[-1].element.children.get(_local(tag)) if tag.startswith(self._prefix) else None
        return None if name is None else (name, _READ[name])

    def _begin_value(self, tag: str) -> None:
        if not self._frames:
            return
        frame = self._frames[-1]
        self._out.write(b"" if frame.is_empty else b",")
        frame.is_empty = False
        if frame.element.kind == "object":
            self._out.write(_ENCODE(tag) + b":")

    def _write_attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        written: dict[str, Any] = {}
        if name == "bom":
            written = {"bomFormat": "CycloneDX", "specVersion": self.version, "version": 1}
        elif name == "component":
            written = {given: attributes[given] for given in ("type", "bom-ref") if given in attributes}
            if attributes.get("isExternal", "").strip() in ("true", "1"):
                written["isExternal"] = True
        if written:
            self._out.write(_ENCODE(written)[1:-1])
            self._frames[-1].is_empty = False


def _version_of(root: re.Match[str] | None) -> str:
    if root is None or root[2] != "bom":
        raise UnreadableFile(
            "the file is XML, but not CycloneDX: its outermost element is not bom in the namespace of a version of CycloneDX"
        )
    if root[1] not in VERSIONS:
        raise UnreadableFile(
            f"the file is CycloneDX of version {root[1]}; convert it to one of the versions {', '.join(VERSIONS)}"
        )
    return root[1]


def _value_of(frame: _Frame, text: str) -> Any:
    if frame.name == "property":
        return {"name": frame.attributes.get("name", ""), "value": text}
    if frame.name == "assembly":
        return frame.attributes.get("ref", "")
    return text or ("not_specified" if frame.name == "aggregate" else "")


def _plain(text: str) -> str:
    """A text without the line breaks and the space around it that a program adds to lay out XML."""
    return re.sub(r"[\t\r\n]+", " ", text).strip(" ")


@lru_cache(maxsize=256)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _schema_faults(raw: LargeBytes, version: str) -> Iterator[Refused]:
    """What breaches the schema, up to a limit, each with the place of the component that it is in.

    The file is known to have no DOCTYPE, so the parser has no entities to expand.
    """
    if not _validated(raw, version, _Silent()):
        return
    # The parser does not say where a breach is, so the file is read once more, asking after each element whether it had any.
    places = _Places()
    for place, message in _validated(raw, version, places)[:MAX_LISTED]:
        row, pointer = places.where.get(place, (None, None))
        yield Refused(row, pointer, None, f"does not match the CycloneDX schema: {message}")


def _validated(raw: LargeBytes, version: str, target: "_Silent") -> list[tuple[int, str]]:
    """The breaches of the schema in a file, in its order, with their ordinal."""
    parser = etree.XMLParser(
        target=target, schema=_schema_of(version), resolve_entities=False, no_network=True, load_dtd=False
    )
    target.breaches = lambda: len(parser.feed_error_log)
    try:
        for piece in pieces_of(raw):
            parser.feed(piece)
            if target.breaches() >= MAX_LISTED:
                break
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(f"the file is not well-formed XML: {str(error)[:_MAX_MESSAGE]}") from None
    finally:
        forget(raw, len(raw))
    target.locate()
    return [(place, _message_of(entry.message)) for place, entry in enumerate(parser.feed_error_log)]


def _message_of(message: str) -> str:
    plain = re.sub(r"\{http://cyclonedx\.org/schema/[^}]*\}", "", message)
    return plain if len(plain) <= _MAX_MESSAGE else plain[:_MAX_MESSAGE] + "..."


class _Silent:
    """A target that keeps nothing of what is parsed."""

    breaches: Any = staticmethod(int)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def close(self) -> None:
        """The file ends."""

    def locate(self) -> None:
        """Assigns the last breaches to where they are."""


class _Places(_Silent):
    """A target that keeps in which component each breach is: its ordinal, and its pointer in JSON."""

    def __init__(self) -> None:
        self.where: dict[int, tuple[int | None, str | None]] = {}
        self._open: list[tuple[int, str]] = []
        self._counts = [0]
        self._path: list[str] = []
        self._last: tuple[int | None, str | None] = (None, None)
        self._row = 0
        self._seen = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.locate()
        name = _local(tag)
        if name == "component" and self._is_line(len(self._open)):
            self._row += 1
            pointer = f"{self._open[-1][1] if self._open else ''}/components/{self._counts[-1]}"
            self._counts[-1] += 1
            self._counts.append(0)
            self._open.append((self._row, pointer))
        self._path.append(name)
        self._last = self._place()

    def end(self, tag: str) -> None:
        self.locate()
        self._last = self._place()
        self._path.pop()
        if _local(tag) == "component" and self._is_line(len(self._open) - 1):
            self._open.pop()
            self._counts.pop()

    def locate(self) -> None:
        if len(self.where) >= MAX_LISTED:
            return
        breaches = self.breaches()
        for place in range(self._seen, breaches):
            # A breach is known once the next element begins or ends.
            self.where[place] = self._last
        self._seen = breaches

    def _place(self) -> tuple[int | None, str | None]:
        """The innermost open component; outside of them the open element."""
        return self._open[-1] if self._open else (None, "".join(f"/{name}" for name in self._path[1:]))

    def _is_line(self, depth: int) -> bool:
        """Whether a component so deep within others is one of the bill, not of the metadata or of a pedigree."""
        return self._path == ["bom", *("components", "component") * depth, "components"]


def _schema_of(version: str) -> etree.XMLSchema:
    """The schema that the library ships. It is compiled for each file, as a compiled one is bound to a thread."""
    shipped = files("cyclonedx.schema") / "_res" / f"bom-{version}.SNAPSHOT.xsd"
    return etree.XMLSchema(file=str(shipped))
