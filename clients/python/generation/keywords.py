"""The keywords of methods: filters of lists, what a new thing is made of, and what may change of it.

A list of words is closed here, so that a type checker finds a wrong word before anything is sent.
"""

from typing import Any

from generation.contract import SCHEMAS, TEXT, Contract, KeywordShapes, Schema, docstring, python_name, references
from generation.names import CHANGES, NEW, WORDS, model_name

SORTED: Schema = {
    "type": "object",
    "description": "Keywords of every list: `sort` names a field, descending after `-`; `page_size` is 1 to 200.",
    "properties": {"sort": TEXT, "page_size": {"type": "integer"}},
}
NOT_FILTERS = ("limit", "cursor", "sort", "dialect")


def keyword_schemas(contract: Contract) -> dict[str, Schema]:
    """Lists of words, and the keywords of methods."""
    shapes = KeywordShapes(contract)
    new = {name: _new(contract.schemas[f"{noun}Create"], shapes) for name, noun in NEW.items()}
    changes = {name: _changes(noun, contract, shapes) for name, noun in CHANGES.items()}
    keywords = {"Sorted": SORTED, **_filters(contract, shapes), **new, **changes}
    words = {*WORDS, *(name for name in references([keywords]) if name in contract.schemas and contract.is_words(name))}
    return {**{name: contract.schemas[name] for name in sorted(words)}, **keywords}


def _filters(contract: Contract, shapes: KeywordShapes) -> dict[str, Schema]:
    """The filters of every list that can be sorted and has some; lists of the same thing have the same filters."""
    filters: dict[str, Schema] = {}
    for path, operation in contract.operations:
        asked = {each["name"]: each["schema"] for each in operation.get("parameters", ()) if each["in"] == "query"}
        own = {
            python_name(name): shapes.shape(schema).schema for name, schema in asked.items() if name not in NOT_FILTERS
        }
        if own and "sort" in asked:
            name = f"{model_name(contract.items(operation)[0])}Filters"
            listed = path.rpartition("/")[2].replace("-", " ")
            schema = {
                "description": f"Filters of {listed}.",
                "allOf": [{"$ref": f"{SCHEMAS}Sorted"}, {"type": "object", "properties": own}],
            }
            if filters.setdefault(name, schema) != schema:
                raise ValueError(f"{path} has other filters than another list of the same thing")
    return filters


def _new(create: Schema, shapes: KeywordShapes) -> Schema:
    return {
        "type": "object",
        "description": docstring(create["description"], create["properties"]),
        "properties": {python_name(name): _keyword(schema, shapes) for name, schema in create["properties"].items()},
        "required": [python_name(name) for name in create["required"]],
    }


def _changes(noun: str, contract: Contract, shapes: KeywordShapes) -> Schema:
    """In a patch null removes a field, so a keyword takes None only where a new thing may lack the field too."""
    new, patch = (contract.schemas[noun + ending]["properties"] for ending in ("Create", "EditPatch"))
    words = python_name(noun[0].lower() + noun[1:]).replace("_", " ")
    return {
        "type": "object",
        "description": f"What may change of {'an' if words[0] in 'aeiou' else 'a'} {words}.",
        "properties": {python_name(name): _keyword(new[name], shapes) for name in patch},
    }


def _keyword(schema: Schema, shapes: KeywordShapes) -> dict[str, Any]:
    described = "description" in schema
    return shapes.shape(schema).written(description=docstring(schema["description"]) if described else None)
