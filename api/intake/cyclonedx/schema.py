"""The schemas of CycloneDX, as the library ships them, and what a file does that they do not allow.

A version's schema is compiled once. What it refers to comes from the library's files too; nothing is ever fetched. Components
are held against their own part of the schema, a few at a time, so that a large file needs no more memory than a small one.
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
_MOST_WORDS = 300

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
"""The origins of a component, of which 2.0 has published no more than a draft: only what is read here is held to a form."""

ParsedFile = tuple[list[str | int], str, str | None]
"""What a schema does not allow: where, in words, and the name of the field that is missing, if one is."""


class Schema:
    """The schema of one version."""

    def __init__(self, version: str) -> None:
        own = f"{_HOME}bom-{version}.schema.json"
        resources = [(f"{_HOME}{name}.SNAPSHOT.schema.json", _shipped(name)) for name in _REFERENCED_SCHEMAS]
        document = _shipped(f"bom-{version}")
        registry = Registry([*resources, (own, document)])
        one = {"$ref": f"{own}#/definitions/component"}
        self._whole = Draft7Validator(document, registry=registry, mask="this", offline=True)
        self._many = Draft7Validator({"type": "array", "items": one}, registry=registry, mask="this", offline=True)
        self._one = Draft7Validator(one, registry=registry, mask="this", offline=True)

    def of_envelope(self, document: Any) -> Iterator[ParsedFile]:
        """What is wrong with a file beside its components."""
        return _message(self._whole.iter_errors(document))

    def allows(self, components: list[Any]) -> bool:
        """Whether nothing is wrong with components, each as if nothing were nested in it."""
        return self._many.is_valid(components)

    def of_component(self, component: Any) -> Iterator[ParsedFile]:
        """What is wrong with a component, as if nothing were nested in it."""
        return _message(self._one.iter_errors(component))


@lru_cache(maxsize=len(VERSIONS))
def schema_of(version: str) -> Schema:
    """The schema of a version that is taken."""
    return Schema(version)


def faults_of_origins(origins: Any) -> Iterator[ParsedFile]:
    """What is wrong with the form of origins."""
    return _message(_origins().iter_errors(origins))


@lru_cache(maxsize=1)
def _origins() -> Draft202012Validator:
    return Draft202012Validator(ORIGINS, mask="this", offline=True)


def _shipped(name: str) -> dict[str, Any]:
    """A schema that the library ships; which file it is in is the library's own business, so a test opens each of them."""
    shipped = files("cyclonedx.schema") / "_res" / f"{name}.SNAPSHOT.schema.json"
    document: dict[str, Any] = json.loads(shipped.read_text(encoding="utf-8"))
    return document


def _message(errors: Iterator[ValidationError]) -> Iterator[ParsedFile]:
    for error in errors:
        words = error.message if len(error.message) <= _MOST_WORDS else error.message[:_MOST_WORDS] + "..."
        kind = error.kind
        missing = kind.property if isinstance(kind, ValidationErrorKind.Required) else None
        yield error.instance_path, words, missing
