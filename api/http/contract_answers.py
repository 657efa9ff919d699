"""What the contract says of answers: their shapes, without the rules of requests, as rows outlive rules.

A schema that both requests and answers use, and that has rules, becomes two: `Reference` and `StoredReference`.
"""

from collections.abc import Callable
from typing import Any

Schemas = dict[str, dict[str, Any]]
SCHEMAS = "#/components/schemas/"
_RULES = {
    *("pattern", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"),
    *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "additionalProperties"),
}


def describe_answers_as_stored(document: dict[str, Any]) -> None:
    """Takes the rules of requests out of what a flat contract says of its answers."""
    schemas: Schemas = document["components"]["schemas"]
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    answers = [answer for each in operations for status, answer in each["responses"].items() if status.startswith("2")]
    asked = _reached([each["requestBody"] for each in operations if "requestBody" in each], schemas)
    answered = _reached(answers, schemas)
    stored = _stored_otherwise(asked & answered, schemas)
    for name in sorted(answered):
        if name in stored:
            schemas[f"Stored{name}"] = _renamed(_without_rules(schemas[name]), stored) | {"title": f"Stored{name}"}
        elif name not in asked:
            schemas[name] = _renamed(_without_rules(schemas[name]), stored)
    for answer in answers:
        answer["content"] = _renamed(answer["content"], stored)


def _stored_otherwise(shared: set[str], schemas: Schemas) -> set[str]:
    """Those of shared schemas that have rules, or a part that has."""
    return {
        name for name in shared if any(schemas[part] != _without_rules(schemas[part]) for part in _parts(name, schemas))
    }


def _parts(name: str, schemas: Schemas) -> set[str]:
    return {name} | _reached([schemas[name]], schemas)


def _reached(nodes: list[Any], schemas: Schemas) -> set[str]:
    """The names of all schemas that these refer to, and those to others."""
    found: set[str] = set()
    left = list(nodes)
    while left:
        node = left.pop()
        if isinstance(node, dict):
            left += node.values()
            name = str(node.get("$ref", "")).removeprefix(SCHEMAS)
            if name in schemas and name not in found:
                found.add(name)
                left.append(schemas[name])
        elif isinstance(node, list):
            left += node
    return found


def _renamed(node: Any, stored: set[str]) -> Any:
    """The same with references to what is stored otherwise."""

    def reference(name: str, value: Any) -> Any:
        own = str(value).removeprefix(SCHEMAS)
        return f"{SCHEMAS}Stored{own}" if name == "$ref" and own in stored else value

    return _mapped(node, reference)


def _without_rules(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_rules(each) for each in node]
    if not isinstance(node, dict):
        return node
    # The properties of an object may be called as a rule is.
    return {
        name: {own: _without_rules(each) for own, each in value.items()}
        if name == "properties"
        else _without_rules(value)
        for name, value in node.items()
        if not _is_rule(name, value)
    }


def _is_rule(name: str, value: Any) -> bool:
    return name in _RULES and (name != "additionalProperties" or value is False)


def _mapped(node: Any, change: Callable[[str, Any], Any], name: str = "") -> Any:
    if isinstance(node, list):
        return [_mapped(each, change) for each in node]
    if isinstance(node, dict):
        return {own: _mapped(each, change, own) for own, each in node.items()}
    return change(name, node)
