"""The keywords of methods: filters of lists, what a new thing is made of, and what may change of it.

A list of words is closed here, so that a type checker finds a wrong word before anything is sent.
"""

from typing import Any

from generation.contract import SCHEMAS, TEXT, Contract, KeywordShapes, Schema, docstring, python_name, references
from generation.names import CHANGES, KEYWORDS, NEW, WORDS, model_name

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
    paths = {path for path, _ in contract.operations}
    for path, operation in contract.operations:
        asked = {each["name"]: each["schema"] for each in operation.get("parameters", ()) if each["in"] == "query"}
        own = {
            python_name(name): shapes.shape(schema).schema for name, schema in asked.items() if name not in NOT_FILTERS
        }
        if own and "sort" in asked:
            within, _, last = path.rpartition("/")
            # A list under one row is filtered by less than the list of all.
            nested = "Nested" if within and f"/{last}" in paths else ""
            name = f"{nested}{model_name(contract.items(operation)[0])}Filters"
            listed = last.replace("-", " ")
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
        "properties": {_called(name): _keyword(schema, shapes) for name, schema in create["properties"].items()},
        "required": [_called(name) for name in create["required"]],
    }


def _changes(noun: str, contract: Contract, shapes: KeywordShapes) -> Schema:
    """In a patch null removes a field, so a keyword takes None only where a new thing may lack the field too."""
    new, patch = (contract.schemas[noun + ending]["properties"] for ending in ("Create", "EditPatch"))
    words = python_name(noun[0].lower() + noun[1:]).replace("_", " ")
    return {
        "type": "object",
        "description": f"What may change of {'an' if words[0] in 'aeiou' else 'a'} {words}.",
        "properties": {_called(name): _keyword(new.get(name) or _whole(patch[name]), shapes) for name in patch},
    }


def _called(name: str) -> str:
    """A field as a keyword."""
    return KEYWORDS.get(name) or python_name(name)


def _whole(patched: Any) -> Any:
    """The schema of a field that only a patch has, with whole objects instead of their patches."""
    if isinstance(patched, dict):
        return {name: _whole(each) for name, each in patched.items()}
    if isinstance(patched, list):
        return [_whole(each) for each in patched]
    is_patch = isinstance(patched, str) and patched.startswith(SCHEMAS) and patched.endswith("Patch")
    return f"{patched.removesuffix('Patch')}Body" if is_patch else patched


def _keyword(schema: Schema, shapes: KeywordShapes) -> dict[str, Any]:
    described = "description" in schema
    return shapes.shape(schema).written(description=docstring(schema["description"]) if described else None)
