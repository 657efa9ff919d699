"""Checks files against the CycloneDX schemas that the `cyclonedx` library ships.

A version's schema is compiled once; the schemas it refers to come from the library too, and nothing is fetched. Components
are checked against their own part of the schema, a few at a time, so that a large file needs no more memory than a small one.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jsonschema_rs import Draft7Validator, Draft202012Validator, Registry, ValidationError, ValidationErrorKind

VERSIONS = ("1.4", "1.5", "1.6", "1.7")
_REFERENCED_SCHEMAS = ("spdx", "jsf-0.82", "cryptography-defs")
_HOME = "http://cyclonedx.org/schema/"
_MAX_MESSAGE = 300

ORIGINS = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["distribution"],
        "properties": {
            "stage": {"type": "string"},
            "distribution": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["isoCode"],
                    "properties": {
                        "isoCode": {"type": "string", "pattern": "^[A-Z]{2}(-[A-Z0-9]{1,3})?$"},
                        "percentage": {"type": "number", "minimum": 0, "maximum": 100},
                    },
                },
            },
        },
    },
}
"""The form of `origins`, which are only in the draft of CycloneDX 2.0: just the parts that are read here are checked."""

SchemaFault = tuple[list[str | int], str, str | None]
"""A breach of a schema: the path to it, the message, and the name of the missing field, if one is missing."""


class Schema:
    """The schema of one version."""

    def __init__(self, version: str) -> None:
        address = f"{_HOME}bom-{version}.schema.json"
        resources = [(f"{_HOME}{name}.SNAPSHOT.schema.json", _shipped(name)) for name in _REFERENCED_SCHEMAS]
        document = _shipped(f"bom-{version}")
        registry = Registry([*resources, (address, document)])
        one = {"$ref": f"{address}#/definitions/component"}
        self._whole = Draft7Validator(document, registry=registry, mask="this", offline=True)
        self._many = Draft7Validator({"type": "array", "items": one}, registry=registry, mask="this", offline=True)
        self._one = Draft7Validator(one, registry=registry, mask="this", offline=True)

    def envelope_faults(self, document: Any) -> Iterator[SchemaFault]:
        """What is wrong with a file apart from its components."""
        return _named(_faults(self._whole.iter_errors(document)), document)

    def allows(self, components: list[Any]) -> bool:
        """Whether these components are valid, each without those nested in it."""
        return self._many.is_valid(components)

    def component_faults(self, component: Any) -> Iterator[SchemaFault]:
        """What is wrong with a component, without those nested in it."""
        return _named(_faults(self._one.iter_errors(component)), component)


@lru_cache(maxsize=1)
def _licence_ids() -> frozenset[str]:
    return frozenset(_shipped("spdx")["enum"])


def _named(faults: Iterator[SchemaFault], document: Any) -> Iterator[SchemaFault]:
    """The faults, with each licence id that SPDX does not know in place of the breach that the schema tells of its list."""
    named = list(_unknown_licences(document, [])) if isinstance(document, dict) else []
    lists = [path[:-3] for path, _, _ in named]
    yield from named
    for fault in faults:
        if not any(fault[0][: len(at)] == at for at in lists):
            yield fault


def _unknown_licences(node: Any, at: list[str | int]) -> Iterator[SchemaFault]:
    """The licence ids in a file that are not in the list of SPDX, wherever there are `licenses`."""
    for name, value in node.items() if isinstance(node, dict) else enumerate(node):
        if name == "licenses" and isinstance(value, list):
            for place, choice in enumerate(value):
                licence = choice.get("license") if isinstance(choice, dict) else None
                given = licence.get("id") if isinstance(licence, dict) else None
                if isinstance(given, str) and given not in _licence_ids():
                    yield [*at, name, place, "license", "id"], _unknown_licence(given), None
        elif isinstance(value, dict | list):
            yield from _unknown_licences(value, [*at, name])


def _unknown_licence(given: str) -> str:
    same = next((known for known in sorted(_licence_ids()) if known.casefold() == given.strip().casefold()), None)
    cure = f"write {same}" if same else 'give the id that SPDX has for it, or its name as "name" instead of "id"'
    return f"{given[:100]!r} is no licence id in the list of SPDX; {cure}"


@lru_cache(maxsize=len(VERSIONS))
def schema_of(version: str) -> Schema:
    """The schema of one of `VERSIONS`."""
    return Schema(version)


def origins_faults(origins: Any) -> Iterator[SchemaFault]:
    """What is wrong with the form of origins."""
    return _faults(_origins_validator().iter_errors(origins))


@lru_cache(maxsize=1)
def _origins_validator() -> Draft202012Validator:
    return Draft202012Validator(ORIGINS, mask="this", offline=True)


def _shipped(name: str) -> dict[str, Any]:
    """A schema that the library ships. Its file is private to the library, so a test opens each of them."""
    shipped = files("cyclonedx.schema") / "_res" / f"{name}.SNAPSHOT.schema.json"
    document: dict[str, Any] = json.loads(shipped.read_text(encoding="utf-8"))
    return document


def _faults(errors: Iterator[ValidationError]) -> Iterator[SchemaFault]:
    for error in errors:
        message = error.message if len(error.message) <= _MAX_MESSAGE else error.message[:_MAX_MESSAGE] + "..."
        kind = error.kind
        missing = kind.property if isinstance(kind, ValidationErrorKind.Required) else None
        yield error.instance_path, message, missing
