"""A declaration as a file, in JSON or YAML: in the API's own names, with lot, challenge and supplier by id or key.

The file is the declaration itself, or has it under `declaration` with `supplier`, `lot` or `challenge`, `price` and `revises`
beside it, as `data/demo-drone.yaml` does. A figure is taken as it is written, so that nothing is rounded on the way; only
true and false are flags, so that NO is a country.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from apos_client._models import Amount, Statement
from apos_client.errors import BadInput, FieldError, Problem

BESIDE = {"supplier": "supplierId", "lot": "lotId", "challenge": "challengeId", "revises": "revises", "price": "price"}
TAKEN_AS_TEXT = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool"}


class _Written(yaml.SafeLoader):
    """YAML in which figures and days stay as they are written."""


_Written.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in TAKEN_AS_TEXT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Beside(BaseModel):
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

    def meant(
        self,
        *,
        supplier: str | None = None,
        lot: str | None = None,
        challenge: str | None = None,
        revises: str | None = None,
    ) -> "DeclarationFile":
        """The same as it was meant on the command line, which wins over the file."""
        told = {"supplier": supplier, "revises": revises}
        if lot is not None or challenge is not None:
            return replace(self, lot=lot, challenge=challenge, **_given(told))
        return replace(self, **_given(told))

    def places(self) -> dict[str, str]:
        """What people call each place in it: a component by its key."""
        parts = enumerate(self.statement.components)
        return {f"components/{number}": f"component {part.key}" for number, part in parts}


def read_declaration(file: Path) -> DeclarationFile:
    """The declaration in a file. Raises BadInput with everything that is wrong by itself."""
    document = _document(file)
    declared = document.get("declaration", document)
    if not isinstance(declared, dict):
        raise _bad(file, [FieldError("/declaration", "give the declaration here, by the names of its fields")])
    given = {**{name: value for name, value in document.items() if name in BESIDE}, **declared}
    beside = {name: given.pop(name, None) or given.pop(sent, None) for name, sent in BESIDE.items()}
    for sent in BESIDE.values():
        given.pop(sent, None)
    if isinstance(beside["supplier"], dict):
        beside["supplier"] = beside["supplier"].get("key")
    found: list[FieldError] = []
    statement, besides = _read(Statement, given, found), _read(_Beside, beside, found)
    if statement is None or besides is None:
        raise _bad(file, found)
    return DeclarationFile(statement, besides.supplier, besides.lot, besides.challenge, besides.revises, besides.price)


def _given(told: Mapping[str, str | None]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}


def _read(shape: Any, given: Mapping[str, Any], found: list[FieldError]) -> Any:
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        found += [FieldError("/" + "/".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
        return None


def _document(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
        # _Written is a safe loader that resolves less, which the linter cannot tell.
        document = json.loads(text, parse_float=str) if file.suffix == ".json" else yaml.load(text, _Written)  # noqa: S506
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise _bad(file, [FieldError("", f"is no JSON or YAML: {' '.join(str(error).split())}")]) from None
    if not isinstance(document, dict):
        raise _bad(file, [FieldError("", "give the fields of a declaration by their names")])
    return document


def _bad(file: Path, faults: list[FieldError]) -> BadInput:
    return BadInput(Problem(400, f"{file} is not right", "see what is named", errors=tuple(faults)))
