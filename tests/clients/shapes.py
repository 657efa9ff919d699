"""Shapes in a few words, of the contract and of the client's models, so that the two can be compared.

A word is text, whole, flag, date, moment, uuid, figure (a decimal string, or a whole number where it is sent), any, the name
of a model, or such a word in brackets for a list. `null` is said apart, because a role that does not see a field has none.
"""

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from apos_client import Answer

PLAIN: dict[object, str] = {
    str: "text",
    int: "whole",
    bool: "flag",
    date: "date",
    datetime: "moment",
    UUID: "uuid",
    Any: "any",
}
FORMATS = {"date": "date", "date-time": "moment", "uuid": "uuid"}
KINDS = {"string": "text", "integer": "whole", "boolean": "flag", "object": "any"}


@dataclass(frozen=True)
class Shape:
    """What a field may hold. `words` are the only ones it may hold, where it is a closed list."""

    kind: str
    null: bool = False
    words: tuple[str, ...] = ()


class Contract:
    """The contract, with the model that stands for each of its schemas."""

    def __init__(self, document: Mapping[str, Any], models: Mapping[str, type[Answer]]) -> None:
        self._schemas: Mapping[str, Any] = document["components"]["schemas"]
        self._models = models

    def fields(self, schema: str) -> dict[str, Shape]:
        """The fields of a schema."""
        return {name: self.shape(given) for name, given in self._schemas[schema]["properties"].items()}

    def required(self, schema: str) -> set[str]:
        """The fields that a schema always has."""
        return set(self._schemas[schema].get("required", ()))

    def enums(self) -> dict[str, tuple[str, ...]]:
        """Every closed list of words that has a name."""
        return {name: tuple(given["enum"]) for name, given in self._schemas.items() if "enum" in given}

    def shape(self, given: Mapping[str, Any]) -> Shape:
        """The shape of a field, a parameter or an item."""
        if "$ref" in given:
            return self._named(given["$ref"].rpartition("/")[2])
        if "anyOf" in given:
            return _joined([self.shape(each) for each in given["anyOf"]])
        kinds = given["type"] if isinstance(given.get("type"), list) else [given.get("type", "object")]
        [kind] = [each for each in kinds if each != "null"] or ["null"]
        words = tuple(word for word in given.get("enum", ()) if word is not None)
        if kind == "array":
            item = self.shape(given["items"])
            return Shape(f"[{item.kind}]", "null" in kinds, item.words)
        return Shape(FORMATS.get(given.get("format", ""), KINDS.get(kind, kind)), "null" in kinds, words)

    def _named(self, name: str) -> Shape:
        schema = self._schemas[name]
        if "enum" in schema:
            return Shape("text", words=tuple(schema["enum"]))
        model = self._models.get(name)
        return Shape(f"no model of {name}" if model is None else model.__name__)


def _joined(options: Sequence[Shape]) -> Shape:
    """One of several: a whole number or text is a figure that is sent."""
    null = any(option.null or option.kind == "null" for option in options)
    kinds = sorted({option.kind for option in options} - {"null"})
    words = tuple(word for option in options for word in option.words)
    if kinds == ["text", "whole"]:
        kinds = ["text"]
    return Shape("|".join(kinds), null, words)


def told(annotation: object) -> Shape:
    """The shape of an annotation."""
    if get_origin(annotation) is Annotated:
        return told(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _told_one_of(get_args(annotation))
    if get_origin(annotation) is Literal:
        return Shape("text", words=get_args(annotation))
    if get_origin(annotation) in (tuple, Sequence, list):
        item = told(get_args(annotation)[0])
        return Shape(f"[{item.kind}]", words=item.words)
    if get_origin(annotation) is dict:
        return Shape("any")
    if isinstance(annotation, type) and issubclass(annotation, Answer):
        return Shape(annotation.__name__)
    return Shape(PLAIN[annotation])


def _told_one_of(options: Sequence[object]) -> Shape:
    given = [told(option) for option in options if option is not types.NoneType]
    kinds = {each.kind for each in given}
    # An id may be given as a UUID or as its text.
    kind = "uuid" if kinds == {"uuid", "text"} else "|".join(sorted(kinds))
    return Shape(kind, types.NoneType in options, tuple(word for each in given for word in each.words))
