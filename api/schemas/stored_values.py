"""What a view is read with: the types of its fields, without the rules of requests.

Rules change, and rows outlive them. A row that was stored under looser rules is shown as it was stored, so a view that holds a
type of a request body (`Day`, `Uri`, `Reference`, ...) takes the shape of that type only: no bounds, patterns or lengths, no
check of one value, and no refusal of fields that are not known. Validators of a whole model remain, because they compute fields.
"""

from typing import Any

from pydantic import BaseModel
from pydantic_core import SchemaValidator

_BOUNDS = frozenset({"gt", "ge", "lt", "le", "multiple_of"})
_LENGTHS = frozenset({"min_length", "max_length"})
_RULES = {
    "str": _LENGTHS | {"pattern", "strip_whitespace", "to_lower", "to_upper"},
    **dict.fromkeys(("list", "set", "tuple", "dict"), _LENGTHS),
    **dict.fromkeys(("int", "float", "decimal", "date", "datetime"), _BOUNDS),
    "model-fields": frozenset({"extras_behavior"}),
    "config": frozenset({"extra_fields_behavior"}),
}
"""What of a core schema is a rule, by its type; the configuration of a model has none, and is called `config` here."""
_CHECKS = frozenset({"function-before", "function-after", "function-wrap"})
_KEPT = frozenset({"serialization", "metadata", "cls", "default", "members", "expected"})
_MODELS = frozenset({"model", "model-fields", "definition-ref"})


def read_as_stored(view: type[BaseModel]) -> None:
    """Makes a view take values as they are stored; what they were checked by when they came in is not asked again."""
    found = view.__pydantic_core_schema__
    schema = without_rules(found)
    if schema != found:
        # A validator that pydantic has already built for a nested model would bring its rules back.
        view.__pydantic_validator__ = SchemaValidator(schema, _use_prebuilt=False)


def without_rules(node: Any) -> Any:
    """A core schema, or a part of one, without rules."""
    if isinstance(node, list | tuple):
        return type(node)(without_rules(each) for each in node)
    if not isinstance(node, dict):
        return node
    kind = node.get("type")
    if not isinstance(kind, str):  # fields by name, one of which may be called `type`
        return {name: without_rules(each) for name, each in node.items()}
    if kind in _CHECKS and not _is_of_a_model(node["schema"]):
        return without_rules(node["schema"])
    return {
        name: each if name in _KEPT else _without(each, "config") if name == "config" else without_rules(each)
        for name, each in _without(node, kind).items()
    }


def _without(node: dict[str, Any], kind: str) -> dict[str, Any]:
    rules = _RULES.get(kind, frozenset())
    return {name: each for name, each in node.items() if name not in rules}


def _is_of_a_model(schema: dict[str, Any]) -> bool:
    inner = schema
    while inner["type"] in _CHECKS:
        inner = inner["schema"]
    return inner["type"] in _MODELS
