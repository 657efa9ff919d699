"""Components from a CycloneDX file, versions 1.4 to 1.7 in JSON: nested components are what their sub-assembly is made of.

What the standard has a field for is read from there, the rest from properties of our own. Nothing is taken from where it does
not stand: no country from an address, no name from a version, no quantity of one. What `metadata.component` says of the
system as a whole is kept beside the lines, as is how complete the author calls each assembly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from api.intake.cyclonedx import schema as schemas
from api.intake.cyclonedx.origins import made_in
from api.intake.cyclonedx.pieces import Pieces
from api.intake.cyclonedx.properties import (
    KEY,
    MADE_IN,
    OF_COMPONENT,
    OF_SYSTEM,
    OWN_QUANTITY,
    PARENT_KEY,
    QUANTITY,
    is_ours,
    known,
    put,
)
from api.intake.cyclonedx.stated import stated_of
from api.intake.parsed import Format, Note, ParsedFile, ParsedLine, Refused, UnreadableFile

MOST_NAMED = 100
"""Components whose every breach of the schema is told; each one after them is told to be wrong, no more."""
COLUMNS = {
    "key": f"{KEY}, else bom-ref",
    "parentKey": f"the component it is nested in, or {PARENT_KEY}",
    "name": "name",
    "manufacturer": "manufacturer.name, else supplier.name",
    "quantity": f"{QUANTITY}, else {OWN_QUANTITY}",
    "countryOfManufacture": f"{MADE_IN}, else origins",
    **{
        ".".join(path).removesuffix(".amount"): name
        for name, path in OF_COMPONENT.items()
        if path[-1] not in ("key", "parentKey", "quantity", "countryOfManufacture")
    },
}
"""Where each field of a component is read from."""
_FIELDS = {"name": "name", "bom-ref": "key", "manufacturer": "manufacturer", "supplier": "manufacturer"}
_INSTEAD = "origins of the system as a whole are not read; give apos:finalAssemblyCountry as a property"
_MISPLACED = "is not read here; move it to metadata.component.properties"


@dataclass(slots=True)
class Bom(ParsedFile):
    """A CycloneDX file as it is being read.

    `stated` is the body of a declaration without components, None where the file names no system; it is there from the
    start. What its compositions say fills with the lines.
    """

    stated: dict[str, Any] | None = None


def read_cyclonedx(raw: bytes) -> Bom:
    """What is in a CycloneDX file. Raises UnreadableFile, and its lines do so too, where it cannot be read as one."""
    if raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        raise UnreadableFile("the file is XML; CycloneDX is read only as JSON, so convert it with a CycloneDX tool")
    pieces = Pieces(raw)
    envelope = pieces.envelope()
    return _BomReader(pieces, envelope, _schema_for(envelope)).bom


def _schema_for(envelope: Any) -> schemas.Schema:
    if not isinstance(envelope, dict) or envelope.get("bomFormat") != "CycloneDX":
        raise UnreadableFile('the file is JSON, but not CycloneDX; give "bomFormat": "CycloneDX" at its top level')
    version = envelope.get("specVersion")
    if version not in schemas.VERSIONS:
        said = f"of version {version[:20]}" if isinstance(version, str) else "without a specVersion"
        raise UnreadableFile(
            f"the file is CycloneDX {said}; convert it to one of the versions {', '.join(schemas.VERSIONS)}"
        )
    return schemas.schema_of(str(version))


class _BomReader:
    """A file on its way to lines."""

    def __init__(self, pieces: Pieces, envelope: dict[str, Any], schema: schemas.Schema) -> None:
        self._pieces = pieces
        self._schema = schema
        self._keys: dict[int, str] = {}
        self._unsound = 0
        self.bom = Bom(Format.CYCLONEDX, self._lines(), columns=dict(COLUMNS))
        self._completeness: dict[str, str] = {}
        self._read_envelope(envelope)

    def _refuse(self, row: int | None, column: str, name: str | None, detail: str) -> None:
        self.bom.refused.append(Refused(row, column, name, detail))

    def _read_envelope(self, envelope: dict[str, Any]) -> None:
        metadata = envelope.get("metadata")
        system = metadata.get("component") if isinstance(metadata, dict) else None
        origins = system.pop("origins", None) if isinstance(system, dict) else None
        faults = list(islice(self._schema.of_envelope(envelope), MOST_NAMED))
        for path, words, _ in faults:
            self._refuse(None, _pointer(path), None, words)
        if origins is not None:
            self._note(None, "/metadata/component/origins", "system", _INSTEAD)
        if faults:
            return
        self._refuse_misplaced(envelope.get("properties"), "/properties")
        self._refuse_misplaced((metadata or {}).get("properties"), "/metadata/properties")
        if system is not None:
            self.bom.stated = stated_of(system, lambda column, words: self._refuse(None, column, None, words))
        self._read_compositions(envelope.get("compositions") or [], (system or {}).get("bom-ref"))

    def _refuse_misplaced(self, properties: list[dict[str, Any]] | None, at: str) -> None:
        for place, given in enumerate(properties or []):
            if is_ours(given.get("name", "")):
                self._refuse(None, f"{at}/{place}/name", None, _MISPLACED)

    def _read_compositions(self, compositions: list[dict[str, Any]], system: str | None) -> None:
        for place, composition in enumerate(compositions):
            for ref in composition.get("assemblies", ()):
                before = self._completeness.setdefault(ref, composition["aggregate"])
                if before != composition["aggregate"]:
                    said = (
                        f"{ref[:100]} is called {composition['aggregate']} here and {before} before; keep one of them"
                    )
                    self._refuse(None, f"/compositions/{place}", None, said)
        if system in self._completeness:
            self.bom.compositions[None] = self._completeness.pop(system)

    def _lines(self) -> Iterator[ParsedLine]:
        for first, part in self._pieces.some():
            origins = [given.pop("origins", None) if isinstance(given, dict) else None for given in part]
            is_sound = self._schema.allows(part)
            for row, (given, made) in enumerate(zip(part, origins, strict=True), first):
                line = _Component(self, row, given, made)
                if not is_sound:
                    self._hold_against_schema(row, given)
                if isinstance(given, dict):
                    yield ParsedLine(row, line.body())
        self._end()

    def _hold_against_schema(self, row: int, given: Any) -> None:
        if self._unsound >= MOST_NAMED:
            if not self._schema.allows([given]):
                self._refuse(
                    row, self.pointer_to(row), None, "does not match the CycloneDX schema; a CycloneDX tool can say why"
                )
            return
        faults = list(islice(self._schema.of_component(given), MOST_NAMED))
        self._unsound += bool(faults)
        for path, words, missing in faults:
            at = missing if missing and not path else next(iter(path), None)
            self._refuse(row, self.pointer_to(row) + _pointer(path), _FIELDS.get(str(at)), words)

    def _end(self) -> None:
        """What can be told when all lines are known."""
        for ref in self._completeness:
            if not ref.startswith("urn:cdx:"):
                said = f"compositions name the assembly {ref[:100]}, which no component has as its bom-ref"
                self._note(None, "/compositions", "components", said)

    def pointer_to(self, row: int) -> str:
        """Where a component stands in the file."""
        return self._pieces.pointer_to(row)

    def refuse(self, row: int, at: str, name: str | None, detail: str) -> None:
        """Notes what cannot be used of a component."""
        self._refuse(row, self.pointer_to(row) + at, name, detail)

    def note(self, row: int, at: str, name: str, detail: str) -> None:
        """Notes what is left unknown of a component."""
        self._note(row, self.pointer_to(row) + at, name, detail)

    def _note(self, row: int | None, column: str, name: str, detail: str) -> None:
        if len(self.bom.notes) < MOST_NAMED:
            self.bom.notes.append(Note(row, column, name, detail))

    def name_key(self, row: int, key: str | None, ref: str | None) -> None:
        """Takes the key of a component for those nested in it, and for how complete its author calls it."""
        if key is not None and self._pieces.is_node(row):
            self._keys[row] = key
        if self._completeness and ref in self._completeness and key is not None:
            self.bom.compositions[key] = self._completeness.pop(ref)

    def key_around(self, row: int) -> str | None:
        """The key of the component that one is nested in."""
        return self._keys.get(self._pieces.parent_of(row))


class _Component:
    """A component of the file as the body of a declared one; what it does not allow is left out and refused."""

    def __init__(self, reading: _BomReader, row: int, given: Any, origins: Any) -> None:
        self._reading = reading
        self._row = row
        self._given = given
        self._origins = origins
        self._said: dict[str, str] = {}

    def body(self) -> dict[str, Any]:
        """The body, with no more in it than the file says."""
        body: dict[str, Any] = {}
        self._read_properties()
        for name, value in self._said.items():
            if value:
                put(body, OF_COMPONENT[name], value)
        self._read_key(body)
        plain = {"name": _text(self._given.get("name")), "manufacturer": self._maker()}
        body |= {name: text for name, text in plain.items() if text}
        self._read_quantity(body)
        self._read_origins(body)
        self._refuse_left_out()
        return body

    def _read_properties(self) -> None:
        properties, said = self._given.get("properties"), self._said
        for place, given in enumerate(properties if isinstance(properties, list) else ()):
            name = given.get("name") if isinstance(given, dict) else None
            if not isinstance(name, str):
                continue
            if name in OF_COMPONENT and name not in said:
                said[name] = _text(given.get("value")) or ""
            elif is_ours(name):
                self._refuse_property(f"/properties/{place}/name", name)

    def _refuse_property(self, at: str, name: str) -> None:
        if name in OF_COMPONENT:
            self._reading.refuse(self._row, at, _field(name), f"{name} is listed twice; keep one of them")
        else:
            which = "belongs to the system as a whole" if name in OF_SYSTEM else "is not known"
            self._reading.refuse(
                self._row, at, None, f"{name[:100]} {which}; a component can have: {known(OF_COMPONENT)}"
            )

    def _read_key(self, body: dict[str, Any]) -> None:
        ref = _text(self._given.get("bom-ref"))
        key = body.get("key") or ref
        if key:
            body["key"] = key
        else:
            self._reading.refuse(self._row, "", "key", f"has no key; give it a bom-ref, or {KEY}")
        around = self._reading.key_around(self._row)
        if around is not None and body.setdefault("parentKey", around) != around:
            said = f"is nested in {around[:100]} and names another parent; leave {PARENT_KEY} out, or do not nest it"
            self._reading.refuse(self._row, "/properties", "parentKey", said)
        self._reading.name_key(self._row, key, ref)

    def _maker(self) -> str | None:
        for name in ("manufacturer", "supplier"):
            organisation = self._given.get(name)
            found = _text(organisation.get("name")) if isinstance(organisation, dict) else None
            if found:
                return found
        return None

    def _read_quantity(self, body: dict[str, Any]) -> None:
        total, own = self._said.get(QUANTITY), self._said.get(OWN_QUANTITY)
        if not total and not own:
            said = f"has no quantity; give how many are in one delivered system as the property {QUANTITY}"
            self._reading.refuse(self._row, "/properties", "quantity", said)
        elif total:
            body["quantity"] = total
            if own and own != total:
                said = f"{QUANTITY} and {OWN_QUANTITY} differ; keep one of them"
                self._reading.refuse(self._row, "/properties", "quantity", said)

    def _read_origins(self, body: dict[str, Any]) -> None:
        if self._origins is None:
            return
        faults = list(islice(schemas.faults_of_origins(self._origins), MOST_NAMED))
        for path, words, _ in faults:
            self._reading.refuse(self._row, _pointer(["origins", *path]), "countryOfManufacture", words)
        country, why = (None, None) if faults else made_in(self._origins)
        stated = body.get("countryOfManufacture")
        if country is not None and body.setdefault("countryOfManufacture", country) != country:
            said = f"its origins say {country} and {MADE_IN} says {str(stated)[:20]}; keep what is right"
            self._reading.refuse(self._row, "/origins", "countryOfManufacture", said)
        elif why and stated is None:
            self._reading.note(self._row, "/origins", "countryOfManufacture", f"{why}, so the country is unknown")

    def _refuse_left_out(self) -> None:
        """What is not delivered is no line, and only who made the file can say which of the two is meant."""
        for name, value in (("scope", "excluded"), ("isExternal", True)):
            if self._given.get(name) == value:
                said = f"is marked as not part of what is delivered ({name}); leave it out, or remove the mark"
                self._reading.refuse(self._row, f"/{name}", None, said)


def _text(value: Any) -> str | None:
    """Text that says something; an empty one is as good as none."""
    return value if isinstance(value, str) and value.strip() else None


def _field(name: str) -> str:
    return ".".join(OF_COMPONENT[name]).removesuffix(".amount")


def _pointer(path: "list[str | int]") -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
