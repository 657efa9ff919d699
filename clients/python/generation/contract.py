"""The contract as the generation reads it: its operations, and the shapes of their fields."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from pydantic.alias_generators import to_camel

from generation.names import model_name

Schema = Mapping[str, Any]
JSON = "application/json"
SCHEMAS = "#/components/schemas/"
FORMATS = ("date", "date-time", "uuid")
TEXT: Schema = {"type": "string"}
FIGURE: Schema = {"$ref": f"{SCHEMAS}Figure"}
DAY: Schema = {"$ref": f"{SCHEMAS}Day"}
WIDTH = 110
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_QUOTED = re.compile(r"`(\w+)`")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field holds where it is not null, and whether it may be null."""

    schema: Schema
    null: bool = False

    def written(self, **keywords: Any) -> dict[str, Any]:
        """The shape as a schema with these keywords, of which None is left out."""
        schema = {"anyOf": [self.schema, {"type": "null"}]} if self.null else self.schema
        return {**schema, **{name: value for name, value in keywords.items() if value is not None}}


class Contract:
    """The contract as a document, and its operations."""

    def __init__(self, document: Schema) -> None:
        self.schemas: Mapping[str, Schema] = document["components"]["schemas"]
        self.operations = [(path, each) for path, methods in document["paths"].items() for each in methods.values()]

    def is_words(self, name: str) -> bool:
        """Whether a schema is a list of words."""
        return "enum" in self.schemas[name]

    def is_page(self, name: str) -> bool:
        """Whether a schema is a page of a list."""
        return "nextCursor" in self.schemas[name].get("properties", ())

    def answers(self, operation: Schema) -> list[str]:
        """The schemas of what an operation answers: one for each form in which roles see it."""
        answer = next(each for status, each in operation["responses"].items() if status.startswith("2"))
        return list(references(answer["content"].get(JSON, {}).get("schema")))

    def items(self, operation: Schema) -> list[str]:
        """The schemas of the items of the list that an operation answers."""
        return [
            item for page in self.answers(operation) for item in references(self.schemas[page]["properties"]["items"])
        ]

    def body(self, operation: Schema) -> list[str]:
        """The schema of what is sent to an operation as a whole; a patch is none, for all of it may be left out."""
        content = operation.get("requestBody", {}).get("content", {})
        return [name for name in references(content.get(JSON, {}).get("schema")) if not name.endswith("Patch")]


def references(node: Any) -> Iterator[str]:
    """The schemas that any part of a node of the contract refers to."""
    if isinstance(node, Mapping):
        if "$ref" in node:
            yield node["$ref"].removeprefix(SCHEMAS)
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def python_name(name: str) -> str:
    """A field as Python calls it. The models make the name in the contract of it again, so that has to be possible."""
    python = _CAPITAL.sub("_", name).lower()
    if to_camel(python) != name:
        raise ValueError(f"the models cannot write {python} as {name}")
    return python


def docstring(description: str, fields: Mapping[str, Any] | None = None) -> str:
    """A description in the words of Python, in lines that fit; `fields` are those that it may name."""
    text = _QUOTED.sub(lambda name: f"`{python_name(name[1]) if name[1] in (fields or ()) else name[1]}`", description)
    text = re.sub(r"\b[Nn]ull\b", "None", text).removesuffix("\n")
    return "\n\n".join(fill(paragraph[:1].upper() + paragraph[1:], WIDTH) for paragraph in text.split("\n\n"))


class Shapes:
    """The shapes of what is answered: lists of words are open, because a newer service has more of them."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def shape(self, schema: Schema) -> Shape:
        """The shape of a field; whole numbers or text are a figure."""
        options = list(_options(schema))
        given = [option for option in options if option.get("type") != "null"]
        is_figure = {option.get("type") for option in given} == {"integer", "string"}
        shapes = [FIGURE] if is_figure else [self._of(option) for option in given]
        if any(shape != shapes[0] for shape in shapes):
            raise ValueError(f"the generation has no type for a field that holds one of several: {schema}")
        return Shape(shapes[0], len(given) < len(options))

    def _of(self, schema: Schema) -> Schema:
        if "$ref" in schema:
            return self._named(schema["$ref"].removeprefix(SCHEMAS))
        if schema["type"] == "array":
            return {"type": "array", "items": self.shape(schema["items"]).written()}
        if schema["type"] == "object":
            values = schema.get("additionalProperties")
            is_named = isinstance(values, Mapping) and "$ref" in values
            return {"type": "object", "additionalProperties": self._of(values or {}) if is_named else True}
        if schema["type"] is None:
            return {}
        return self._plain(schema["type"], schema.get("format"))

    def _named(self, name: str) -> Schema:
        return TEXT if self._contract.is_words(name) else {"$ref": SCHEMAS + model_name(name)}

    def _plain(self, kind: str, form: str | None) -> Schema:
        return {"type": kind, "format": form} if form in FORMATS else {"type": kind}


class KeywordShapes(Shapes):
    """The shapes of what a method takes: lists of words are closed, and an id may be text too."""

    def _named(self, name: str) -> Schema:
        return {"$ref": SCHEMAS + name} if self._contract.is_words(name) else super()._named(name)

    def _plain(self, kind: str, form: str | None) -> Schema:
        if form == "uuid":
            return {"anyOf": [{"type": kind, "format": form}, TEXT]}
        return DAY if form == "date" else super()._plain(kind, form)


def _options(schema: Schema) -> Iterator[Schema]:
    """What a field may hold, each of one type."""
    if "anyOf" in schema:
        for option in schema["anyOf"]:
            yield from _options(option)
    elif "$ref" in schema:
        yield schema
    else:
        # Without a type it may be anything.
        given = schema.get("type")
        kinds = given if isinstance(given, list) else [given]
        yield from ({**schema, "type": kind} for kind in kinds)
