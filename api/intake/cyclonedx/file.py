"""Components from a CycloneDX file, versions 1.4 to 1.7 in JSON: components nested in another are its parts.

Fields of the standard are read from there, the rest from our own properties. Nothing is inferred: no country from an address,
no name from a version. Only software that states no quantity counts once, with a note, because bills of software never state
one; hardware without a quantity is refused. Besides the lines, it keeps what `metadata.component` says of the system as a
whole, and how complete the author calls each assembly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from api.intake.cyclonedx import schema as schemas
from api.intake.cyclonedx.main_component import declaration_body
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
    own_names,
    put,
)
from api.intake.encodings.detection import UTF_8
from api.intake.large_bytes import LargeBytes
from api.intake.parsed import Format, Note, ParsedFile, ParsedLine, Refused, UnreadableFile
from api.intake.recognition import unread_markup, unread_software_list

SOFTWARE = frozenset(
    (
        "application",
        "framework",
        "library",
        "container",
        "platform",
        "operating-system",
        "device-driver",
        "firmware",
        "file",
    )
) | {"machine-learning-model", "data", "cryptographic-asset"}
"""The types of components that are software, or part of it."""
MAX_LISTED = 100
"""Components whose breaches of the schema are listed; of each invalid one after them, only that it is invalid."""
COLUMNS = {
    "key": f"{KEY}, else bom-ref, else purl",
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
_SYSTEM_ORIGINS = "origins of the system as a whole are not read; give apos:finalAssemblyCountry as a property"
MESSAGE_SERIAL = (
    "is no serial number: write urn:uuid: and a UUID in small letters, as in urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79, "
    "or leave it out"
)
_MISPLACED = "is not read here; move it to metadata.component.properties"


@dataclass(slots=True)
class Bom(ParsedFile):
    """A CycloneDX file while it is being read.

    `declaration` is the body of a declaration without components, None where the file names no system. It is available from
    the start; `compositions` fills as the lines are iterated.
    """

    declaration: dict[str, Any] | None = None


def read_cyclonedx(raw: LargeBytes) -> Bom:
    """The contents of a CycloneDX file. Raises UnreadableFile where it is not one, possibly only while its lines are iterated."""
    if unread := unread_markup(raw) or unread_software_list(raw):
        raise UnreadableFile(unread)
    pieces = Pieces(raw)
    envelope = pieces.envelope()
    return _BomReader(pieces, envelope, _schema_for(envelope)).bom


def _schema_for(envelope: Any) -> schemas.Schema:
    if not isinstance(envelope, dict) or envelope.get("bomFormat") != "CycloneDX":
        raise UnreadableFile('the file is JSON, but not CycloneDX; give "bomFormat": "CycloneDX" at its top level')
    version = envelope.get("specVersion")
    if version not in schemas.VERSIONS:
        found = f"of version {version[:20]}" if isinstance(version, str) else "without a specVersion"
        raise UnreadableFile(
            f"the file is CycloneDX {found}; convert it to one of the versions {', '.join(schemas.VERSIONS)}"
        )
    return schemas.schema_of(str(version))


class _BomReader:
    """Turns a file into lines, and collects refusals and notes on the way."""

    def __init__(self, pieces: Pieces, envelope: dict[str, Any], schema: schemas.Schema) -> None:
        self._pieces = pieces
        self._schema = schema
        self._keys: dict[int, str] = {}
        self._invalid = 0
        self._counted_once = 0
        self._has_quantity = False
        self._without_quantity: list[int] = []
        self.bom = Bom(Format.CYCLONEDX, self._lines(), columns=dict(COLUMNS), encoding=UTF_8.label)
        self._completeness: dict[str, str] = {}
        self._read_envelope(envelope)

    def _refuse(self, row: int | None, column: str, name: str | None, detail: str) -> None:
        self.bom.refused.append(Refused(row, column, name, detail))

    def _read_envelope(self, envelope: dict[str, Any]) -> None:
        metadata = envelope.get("metadata")
        system = metadata.get("component") if isinstance(metadata, dict) else None
        origins = system.pop("origins", None) if isinstance(system, dict) else None
        faults = list(islice(self._schema.envelope_faults(envelope), MAX_LISTED))
        for path, message, _ in faults:
            self._refuse(None, _pointer(path), None, MESSAGE_SERIAL if path == ["serialNumber"] else message)
        if origins is not None:
            self._note(None, "/metadata/component/origins", "system", _SYSTEM_ORIGINS)
        if faults:
            return
        self._refuse_misplaced(envelope.get("properties"), "/properties")
        self._refuse_misplaced((metadata or {}).get("properties"), "/metadata/properties")
        if system is not None:
            self.bom.declaration = declaration_body(
                system, lambda column, detail: self._refuse(None, column, None, detail)
            )
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
                    detail = (
                        f"{ref[:100]} is called {composition['aggregate']} here and {before} before; keep one of them"
                    )
                    self._refuse(None, f"/compositions/{place}", None, detail)
        if system in self._completeness:
            self.bom.compositions[None] = self._completeness.pop(system)

    def _lines(self) -> Iterator[ParsedLine]:
        for first, batch in self._pieces.batches():
            origins = [given.pop("origins", None) if isinstance(given, dict) else None for given in batch]
            is_valid = self._schema.allows(batch)
            for row, (given, made) in enumerate(zip(batch, origins, strict=True), first):
                line = _Component(self, row, given, made)
                if not is_valid:
                    self._refuse_breaches(row, given)
                if isinstance(given, dict):
                    yield ParsedLine(row, line.body())
        self._note_unknown_assemblies()
        self._note_counted_once()
        self._refuse_without_quantity()

    def _refuse_breaches(self, row: int, given: Any) -> None:
        if self._invalid >= MAX_LISTED:
            if not self._schema.allows([given]):
                self._refuse(
                    row, self.pointer_to(row), None, "does not match the CycloneDX schema; a CycloneDX tool can say why"
                )
            return
        faults = list(islice(self._schema.component_faults(given), MAX_LISTED))
        self._invalid += bool(faults)
        for path, message, missing in faults:
            at = missing if missing and not path else next(iter(path), None)
            self._refuse(row, self.pointer_to(row) + _pointer(path), _FIELDS.get(str(at)), message)

    def _note_unknown_assemblies(self) -> None:
        """Notes compositions of assemblies that are not in the file; runs when all lines have been read."""
        for ref in self._completeness:
            if not ref.startswith("urn:cdx:"):
                detail = f"compositions name the assembly {ref[:100]}, which no component has as its bom-ref"
                self._note(None, "/compositions", "components", detail)

    def quantity(self, row: int, given: str | None, *, is_software: bool) -> str:
        """The quantity of a component: 1 for software that states none. Whether the lack of others is one fault or many is
        known at the end, so they too get one until then, in a file that is refused."""
        if given is not None:
            self._has_quantity = True
            return given
        if is_software:
            self._counted_once += 1
        else:
            self._without_quantity.append(row)
        return "1"

    def _note_counted_once(self) -> None:
        if self._counted_once:
            count = self._counted_once
            subject = "1 software component states" if count == 1 else f"{count} software components state"
            detail = f"{subject} no quantity and counts once; where there are more, give the property {QUANTITY}"
            self._note(None, "/components", "quantity", detail if count == 1 else detail.replace("counts", "count"))

    def _refuse_without_quantity(self) -> None:
        cure = f"give how many are in one delivered system as the property {QUANTITY}"
        rows = self._without_quantity
        if len(rows) > 1 and not self._has_quantity:
            detail = f"none of the {len(rows)} components that are hardware has a quantity; {cure}"
            self._refuse(None, "/components", "quantity", detail)
            self.bom.refused_rows.extend(rows)
            return
        for row in rows:
            self.refuse(row, "/properties", "quantity", f"has no quantity; {cure}")

    def pointer_to(self, row: int) -> str:
        """The JSON pointer to a component."""
        return self._pieces.pointer_to(row)

    def refuse(self, row: int, at: str, name: str | None, detail: str) -> None:
        """Records something that cannot be used in a component."""
        self._refuse(row, self.pointer_to(row) + at, name, detail)

    def note(self, row: int, at: str, name: str, detail: str) -> None:
        """Records a field of a component that is left unknown."""
        self._note(row, self.pointer_to(row) + at, name, detail)

    def _note(self, row: int | None, column: str, name: str, detail: str) -> None:
        if len(self.bom.notes) < MAX_LISTED:
            self.bom.notes.append(Note(row, column, name, detail))

    def register_key(self, row: int, key: str | None, ref: str | None) -> None:
        """Records the key of a component as the parent key of those nested in it, and for its stated completeness."""
        if key is not None and self._pieces.is_node(row):
            self._keys[row] = key
        if self._completeness and ref in self._completeness and key is not None:
            self.bom.compositions[key] = self._completeness.pop(ref)

    def enclosing_key(self, row: int) -> str | None:
        """The key of the component that this one is nested in."""
        return self._keys.get(self._pieces.parent_of(row))


class _Component:
    """A component of the file, read as the body of a declared component; values that are not allowed are left out and refused."""

    def __init__(self, reader: _BomReader, row: int, given: Any, origins: Any) -> None:
        self._reader = reader
        self._row = row
        self._given = given
        self._origins = origins
        self._values: dict[str, str] = {}

    def body(self) -> dict[str, Any]:
        """The body, with only the fields that the file gives."""
        body: dict[str, Any] = {}
        self._read_properties()
        for name, value in self._values.items():
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
        properties, values = self._given.get("properties"), self._values
        for place, given in enumerate(properties if isinstance(properties, list) else ()):
            name = given.get("name") if isinstance(given, dict) else None
            if not isinstance(name, str):
                continue
            if name in OF_COMPONENT and name not in values:
                values[name] = _text(given.get("value")) or ""
            elif is_ours(name):
                self._refuse_property(f"/properties/{place}/name", name)

    def _refuse_property(self, at: str, name: str) -> None:
        if name in OF_COMPONENT:
            self._reader.refuse(self._row, at, _field(name), f"{name} is listed twice; keep one of them")
        else:
            problem = "belongs to the system as a whole" if name in OF_SYSTEM else "is not known"
            self._reader.refuse(
                self._row, at, None, f"{name[:100]} {problem}; a component can have: {own_names(OF_COMPONENT)}"
            )

    def _read_key(self, body: dict[str, Any]) -> None:
        ref = _text(self._given.get("bom-ref"))
        key = body.get("key") or ref or _text(self._given.get("purl"))
        if key:
            body["key"] = key
        else:
            self._reader.refuse(self._row, "", "key", f"has no key; give it a bom-ref, a purl or {KEY}")
        enclosing = self._reader.enclosing_key(self._row)
        if enclosing is not None and body.setdefault("parentKey", enclosing) != enclosing:
            detail = (
                f"is nested in {enclosing[:100]} and names another parent; leave {PARENT_KEY} out, or do not nest it"
            )
            self._reader.refuse(self._row, "/properties", "parentKey", detail)
        self._reader.register_key(self._row, key, ref)

    def _maker(self) -> str | None:
        for name in ("manufacturer", "supplier"):
            organisation = self._given.get(name)
            found = _text(organisation.get("name")) if isinstance(organisation, dict) else None
            if found:
                return found
        return None

    def _read_quantity(self, body: dict[str, Any]) -> None:
        total, own = self._values.get(QUANTITY), self._values.get(OWN_QUANTITY)
        is_software = self._given.get("type") in SOFTWARE
        body["quantity"] = self._reader.quantity(self._row, total or own or None, is_software=is_software)
        if total and own and own != total:
            detail = f"{QUANTITY} and {OWN_QUANTITY} differ; keep one of them"
            self._reader.refuse(self._row, "/properties", "quantity", detail)

    def _read_origins(self, body: dict[str, Any]) -> None:
        if self._origins is None:
            return
        faults = list(islice(schemas.origins_faults(self._origins), MAX_LISTED))
        for path, message, _ in faults:
            self._reader.refuse(self._row, _pointer(["origins", *path]), "countryOfManufacture", message)
        country, reason = (None, None) if faults else made_in(self._origins)
        stated = body.get("countryOfManufacture")
        if country is not None and body.setdefault("countryOfManufacture", country) != country:
            detail = f"its origins say {country} and {MADE_IN} says {str(stated)[:20]}; keep what is right"
            self._reader.refuse(self._row, "/origins", "countryOfManufacture", detail)
        elif reason and stated is None:
            self._reader.note(self._row, "/origins", "countryOfManufacture", f"{reason}, so the country is unknown")

    def _refuse_left_out(self) -> None:
        """Refuses a component marked as not delivered: either it or the mark must go, and only its author knows which."""
        for name, value in (("scope", "excluded"), ("isExternal", True)):
            if self._given.get(name) == value:
                detail = f"is marked as not part of what is delivered ({name}); leave it out, or remove the mark"
                self._reader.refuse(self._row, f"/{name}", None, detail)


def _text(value: Any) -> str | None:
    """The text, or None where it is empty or not text."""
    return value if isinstance(value, str) and value.strip() else None


def _field(name: str) -> str:
    return ".".join(OF_COMPONENT[name]).removesuffix(".amount")


def _pointer(path: "list[str | int]") -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
