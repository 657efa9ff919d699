"""A declaration as a file, in JSON or YAML: in the API's own names, with lot, challenge and supplier by id or key.

The file is the declaration itself, or has it under `declaration` with `supplier`, `lot` or `challenge`, `price` and `revises`
next to it, as `data/demo-drone.yaml` does. A figure is read as text, so that nothing is rounded; and only true and false are
booleans, so that NO is a country.
"""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from apos_client._models import Amount, Statement
from apos_client.errors import BadInput, FieldError, Problem

TERMS = {"supplier": "supplierId", "lot": "lotId", "challenge": "challengeId", "revises": "revises", "price": "price"}
READ_AS_TEXT = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool"}
Model = TypeVar("Model", bound=BaseModel)


class _StrictLoader(yaml.SafeLoader):
    """YAML in which a name that one mapping has twice is an error, with its line and column."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping as a dictionary. Raises ConstructorError where it has a name twice."""
        seen: set[Any] = set()
        # Names that come by `<<` may be given again: that is what merging is for.
        for name_node, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if name_node.tag == "tag:yaml.org,2002:merge":
                continue
            name = self.construct_object(name_node, deep=True)
            if isinstance(name, Hashable):
                if name in seen:
                    detail = (
                        f"{name!r} is given twice in one mapping, and it is unclear which of the two counts; keep one"
                    )
                    raise yaml.constructor.ConstructorError(None, None, detail, name_node.start_mark)
                seen.add(name)
        return super().construct_mapping(node, deep=deep)


class _TextLoader(_StrictLoader):
    """YAML in which figures and days stay text."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in READ_AS_TEXT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Terms(BaseModel):
    supplier: str | None = None
    lot: str | None = None
    challenge: str | None = None
    revises: str | None = None
    price: Amount | None = None


@dataclass(frozen=True, slots=True)
class DeclarationFile:
    """What a file declares, and for what; None where the file does not say."""

    statement: Statement
    supplier: str | None
    lot: str | None
    challenge: str | None
    revises: str | None
    price: Amount | None

    def with_options(
        self,
        *,
        supplier: str | None = None,
        lot: str | None = None,
        challenge: str | None = None,
        revises: str | None = None,
    ) -> "DeclarationFile":
        """The same with the options of the command, which take precedence over the file."""
        options = {"supplier": supplier, "revises": revises}
        given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
        if lot is not None or challenge is not None:
            given |= {"lot": lot, "challenge": challenge}
        return replace(self, **given)

    def places(self) -> dict[str, str]:
        """What people call each place in the file: a component by its key."""
        components = enumerate(self.statement.components)
        return {f"components/{number}": f"component {component.key}" for number, component in components}


def read_declaration(file: Path) -> DeclarationFile:
    """The declaration in a file. Raises BadInput with everything that is wrong in the file itself."""
    document = _document(file)
    declared = document.get("declaration", document)
    if not isinstance(declared, dict):
        raise _invalid(file, [FieldError("/declaration", "give the declaration here, by the names of its fields")])
    given = {**{name: value for name, value in document.items() if name in TERMS}, **declared}
    both = [(name, sent) for name, sent in TERMS.items() if name != sent and name in given and sent in given]
    both += [(name, name) for name in TERMS if declared is not document and name in document and name in declared]
    if both:
        details = [FieldError(f"/{name}", f"{name} is given twice, once as {sent}; keep one") for name, sent in both]
        raise _invalid(file, details)
    terms = {name: given.pop(name, None) or given.pop(sent, None) for name, sent in TERMS.items()}
    for sent in TERMS.values():
        given.pop(sent, None)
    if isinstance(terms["supplier"], dict):
        terms["supplier"] = terms["supplier"].get("key")
    errors: list[FieldError] = []
    statement, read_terms = _validated(Statement, given, errors), _validated(_Terms, terms, errors)
    if statement is None or read_terms is None:
        raise _invalid(file, errors)
    parties = (read_terms.supplier, read_terms.lot, read_terms.challenge)
    return DeclarationFile(statement, *parties, read_terms.revises, read_terms.price)


def _validated(model: type[Model], given: Mapping[str, Any], errors: list[FieldError]) -> Model | None:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        errors += [FieldError("/" + "/".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
        return None


def _document(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        # _TextLoader is a safe loader that resolves less, which the linter cannot know.
        document = _json(text) if file.suffix == ".json" else yaml.load(text, _TextLoader)  # noqa: S506
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise _invalid(file, [FieldError("", f"is not JSON or YAML: {' '.join(str(error).split())}")]) from None
    if not isinstance(document, dict):
        raise _invalid(file, [FieldError("", "give the fields of a declaration by their names")])
    return document


def _json(text: str) -> Any:
    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            at = f" (in the one with {names[0]} {pairs[0][1]!r})" if isinstance(pairs[0][1], str) else ""
            raise ValueError(f"an object{at} has {twice!r} twice, and it is unclear which of the two counts; keep one")
        return values

    return json.loads(text, parse_float=str, object_pairs_hook=as_object)


def _invalid(file: Path, errors: list[FieldError]) -> BadInput:
    return BadInput(Problem(400, f"{file} is not a valid declaration", "correct these fields", errors=tuple(errors)))
