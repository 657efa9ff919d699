"""CycloneDX files as tests write them: a bill of materials of hardware in each version, and the smallest that is taken."""

import json
from typing import Any

from api.intake.cyclonedx.file import Bom, read_cyclonedx
from api.intake.parsed import ParsedLine, Refused

VERSIONS = ("1.4", "1.5", "1.6", "1.7")


def said(**values: str | None) -> list[dict[str, str]]:
    """Properties of our own, underscores for dots; `quantity` is the one of the taxonomy."""
    names = {name: f"apos:{name.replace('_', '.')}" for name in values} | {"quantity": "cdx:device:quantity"}
    return [{"name": names[name]} | ({} if value is None else {"value": value}) for name, value in values.items()]


def a_part(ref: str | None = "radio", quantity: str | None = "1", **fields: Any) -> dict[str, Any]:
    """A component with no more than it needs, of which a test names what matters to it."""
    part: dict[str, Any] = {"type": "device", "name": f"Part {ref}", "properties": said(quantity=quantity)}
    return {**part, **({} if ref is None else {"bom-ref": ref}), **fields}


def a_bom(*parts: Any, version: str = "1.6", **fields: Any) -> dict[str, Any]:
    """A file of these components."""
    return {"bomFormat": "CycloneDX", "specVersion": version, "version": 1, "components": [*parts], **fields}


def a_drone(version: str) -> dict[str, Any]:
    """A bill of materials as a maker of hardware writes it: assemblies, makers, licences, hashes, completeness."""
    maker = "supplier" if version in ("1.4", "1.5") else "manufacturer"
    imu = a_part(
        "imu", "2", **{maker: {"name": "Voorbeeld Sensoren B.V.", "url": ["https://example.org"]}},
        hashes=[{"alg": "SHA-256", "content": "ab" * 32}], version="3.1",
    )  # fmt: skip
    firmware = a_part(
        "firmware", "1", type="firmware", licenses=[{"license": {"id": "Apache-2.0"}}], group="org.example"
    )
    autopilot = a_part("autopilot", "1", components=[imu, firmware], description="Vluchtbesturing")
    return a_bom(
        autopilot,
        a_part("motor", "4", purl="pkg:generic/example/motor@2"),
        version=version,
        serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        metadata={
            "timestamp": "2026-11-20T08:00:00Z",
            "component": {"type": "device", "name": "Kestrel", "version": "2", "bom-ref": "kestrel"},
        },
        dependencies=[{"ref": "autopilot", "dependsOn": ["imu", "firmware"]}],
        compositions=[
            {"aggregate": "complete", "assemblies": ["kestrel"]},
            {"aggregate": "incomplete", "assemblies": ["autopilot"]},
        ],
    )


def raw(document: Any) -> bytes:
    """A document as a file."""
    return json.dumps(document, ensure_ascii=False).encode()


def found(document: Any) -> Bom:
    """What a reader finds in a document, not taken from yet."""
    return read_cyclonedx(raw(document))


def read(document: Any) -> tuple[Bom, list[ParsedLine]]:
    """What a reader finds in a document, taken to the end."""
    bom = found(document)
    return bom, list(bom.lines)


def bodies(*parts: Any, **fields: Any) -> list[dict[str, Any]]:
    """The lines of components in which nothing is wrong."""
    bom, lines = read(a_bom(*parts, **fields))
    assert bom.refused == []
    return [line.component for line in lines]


def refused(*parts: Any, **fields: Any) -> list[Refused]:
    """What is refused of components."""
    return read(a_bom(*parts, **fields))[0].refused
