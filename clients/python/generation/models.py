"""The models: one for each thing, whatever forms of it roles see, which reads what a newer service answers too.

Therefore words, patterns and bounds are not checked, and a field that one form of a thing lacks may be absent.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from generation.contract import (
    FIGURE,
    SCHEMAS,
    TEXT,
    Contract,
    Schema,
    Shape,
    Shapes,
    docstring,
    python_name,
    references,
)
from generation.names import DESCRIPTIONS, EXTENDS, FORMS_OF_ROLES, MODELS, WITH_METHODS, model_name

NOT_SEEN = "A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`."
IDENTITY = {"id", "version"}


class Models:
    """The models of everything that is answered, and of what bodies are made of."""

    def __init__(self, contract: Contract) -> None:
        answers = [name for _, operation in contract.operations for name in contract.answers(operation)]
        forms = _forms(contract, answers)
        self._merged = {name: _merged(name, forms[name], Shapes(contract), contract) for name in sorted(forms)}
        self._answered = {model_name(name) for name in answers}

    def schemas(self) -> dict[str, Schema]:
        """Every model, without the fields of its base class."""
        return {name: self._own(name) for name in self._merged}

    def bases(self) -> dict[str, str]:
        """The base class of every model that has an ETag, an identity or methods."""
        bases = {name: "Tagged" for name in self._merged if self._is_tagged(name)}
        bases |= {EXTENDS[name]: "Tagged" for name in bases if name in EXTENDS}
        bases |= {name: "Resource" for name in self._merged if self._is_resource(name)}
        return bases | {name: f"{name}Base" for name in WITH_METHODS}

    def _is_tagged(self, name: str) -> bool:
        return name in self._answered and not IDENTITY.isdisjoint(self._merged[name]["properties"])

    def _is_resource(self, name: str) -> bool:
        return set(self._merged[name]["properties"]) >= IDENTITY

    def _own(self, name: str) -> Schema:
        model, parent = self._merged[name], EXTENDS.get(name)
        inherited = (
            set(self._merged[parent]["properties"]) if parent else IDENTITY if self._is_resource(name) else set()
        )
        fields = {field: schema for field, schema in model["properties"].items() if field not in inherited}
        own = {**model, "properties": fields, "required": [field for field in model["required"] if field in fields]}
        if parent is None:
            return own
        return {"description": own.pop("description"), "allOf": [{"$ref": SCHEMAS + parent}, own]}


def _forms(contract: Contract, answers: Sequence[str]) -> dict[str, list[str]]:
    """Every model with its schemas; the first is the one of the same name, or the first in `MODELS`."""
    bodies = [name for _, operation in contract.operations for name in contract.body(operation)]
    parts = [part for name in bodies for part in references(contract.schemas[name]["properties"])]
    reached = set(_reached(contract, [*answers, *parts]))
    forms = {name: [schema for schema in schemas if schema in reached] for name, schemas in MODELS.items()}
    for schema in sorted(reached, key=lambda name: (name != model_name(name), name)):
        if schema not in forms.setdefault(model_name(schema), []):
            forms[model_name(schema)].append(schema)
    return forms


def _reached(contract: Contract, names: Sequence[str]) -> Iterator[str]:
    """The schemas with these names and all that they are made of, without pages and words."""
    seen, left = set(), list(names)
    while left:
        name = left.pop()
        if name not in seen and not contract.is_words(name):
            seen.add(name)
            left += references(contract.schemas[name]["properties"])
    return (name for name in seen if not contract.is_page(name))


def _merged(name: str, forms: Sequence[str], shapes: Shapes, contract: Contract) -> dict[str, Any]:
    """A model for several schemas, with the description of the one that has the most fields."""
    widest = sorted((contract.schemas[form] for form in forms), key=lambda form: -len(form["properties"]))
    fields = dict.fromkeys(field for form in widest for field in form["properties"])
    always = [field for field in fields if all(field in form.get("required", ()) for form in widest)]
    properties = {python_name(field): _field(field, widest, shapes) for field in fields}
    description = docstring(DESCRIPTIONS.get(name) or widest[0]["description"], fields)
    by_role = any(form.endswith(FORMS_OF_ROLES) for form in forms)
    return {
        "type": "object",
        "description": f"{description}\n\n{NOT_SEEN}" if by_role else description,
        "properties": properties,
        # What may be null or is a list may be absent too, as a field that is new is from an older service.
        "required": [field for field in map(python_name, always) if not {"anyOf", "items"} & set(properties[field])],
    }


def _field(name: str, forms: Sequence[Schema], shapes: Shapes) -> dict[str, Any]:
    given: list[Schema] = [form["properties"][name] for form in forms if name in form["properties"]]
    options = [shapes.shape(each) for each in given]
    null = any(shape.null for shape in options)
    # A figure is answered as text, and sent as text or as a whole number.
    schema = FIGURE if any(shape.schema == FIGURE for shape in options) else options[0].schema
    if any(shape.schema not in (schema, TEXT) for shape in options):
        raise ValueError(f"{name} has several types in the forms of one model: {options}")
    defaults = [] if null else [each["default"] for each in given if "default" in each]
    if schema.get("type") == "array" and not null:
        defaults.append([])
    descriptions = [docstring(each["description"]) for each in given if "description" in each]
    return Shape(schema, null).written(description=next(iter(descriptions), None), default=next(iter(defaults), None))
