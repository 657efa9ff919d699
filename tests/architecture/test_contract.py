"""The contract: what is committed is what is served, and every operation says all that a client must know."""

import asyncio
import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from domain.permissions import Role
from tests.architecture.contract import contract
from tests.architecture.modules import ROOT
from tests.architecture.stand_in import SOME_ID, client, stand_in

COMMITTED = ROOT / "openapi" / "apos.json"
ALWAYS = ("400", "401", "500")
SEMANTIC = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
Document = Mapping[str, Any]


def written(document: Document) -> str:
    """A contract as it is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=False) + "\n"


def stale(committed: str, served: Document) -> list[str]:
    """What differs between the committed contract and the one that is served, by path, schema and otherwise."""
    if committed == written(served):
        return []
    before = json.loads(committed) if committed else {}
    faults = []
    for name in sorted({*before, *served}):
        old, new = before.get(name), served.get(name)
        if old != new:
            inner = _changed(old, new)
            faults.append(f"{name}: {', '.join(inner)} changed" if inner else f"{name} changed")
    return [fault + "; run `make openapi`" for fault in faults or ["it is written in another way"]]


def _changed(old: Any, new: Any) -> list[str]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return []
    if set(old) | set(new) <= {"schemas", "responses", "headers", "securitySchemes", "parameters"}:
        return [f"{kind} {name}" for kind in sorted({*old, *new}) for name in _changed(old.get(kind), new.get(kind))]
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def operations(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every operation with its name for people."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def undescribed(document: Document) -> list[str]:
    """What the contract does not say that a client must know."""
    faults = [] if SEMANTIC.fullmatch(document["info"]["version"]) else ["info.version is not semantic"]
    seen: set[str] = set()
    for name, operation in operations(document):
        faults += [
            f"{name}: no {part}" for part in ("operationId", "summary", "description") if not operation.get(part)
        ]
        faults += [f"{name}: does not say {status}" for status in ALWAYS if status not in operation["responses"]]
        faults += [f"{name}: no example of {where}" for where in _without_example(operation, document)]
        own = operation.get("operationId", name)
        faults += [f"{name}: another operation is called {own} too"] if own in seen else []
        seen.add(own)
    return faults


def _without_example(operation: Mapping[str, Any], document: Document) -> Iterator[str]:
    bodies = {"the request": operation.get("requestBody", {}), **operation["responses"]}
    for where, body in bodies.items():
        for media, content in _resolved(body, document).get("content", {}).items():
            if media.endswith("json") and "example" not in content and not content.get("examples"):
                yield f"{where} as {media}"


def _resolved(body: Mapping[str, Any], document: Document) -> Mapping[str, Any]:
    found: Any = body
    if "$ref" in body:
        found = document
        for step in body["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return found  # type: ignore[no-any-return]


def untitled(document: Document) -> list[str]:
    """The schemas whose title is not their name: two with one title become one class in many a generated client."""
    schemas = document["components"]["schemas"].items()
    return [name for name, schema in schemas if schema.get("title", name) != name]


def refused_examples() -> list[str]:
    """The requests whose own example the service refuses by itself, whatever is stored."""
    return asyncio.run(_refused(contract()))


async def _refused(document: Document) -> list[str]:
    faults = []
    async with client(stand_in(Role.PROGRAMME_ADMIN)) as asking:
        for path, methods in document["paths"].items():
            url = re.sub(r"\{\w+\}", str(SOME_ID), path)
            for method, operation in methods.items():
                example = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
                if example is not None:
                    answer = await asking.request(method.upper(), url, json=example)
                    if answer.status_code == 400:
                        faults.append(f"{method.upper()} {path}: {answer.json()['detail']}")
    return faults


def test_the_committed_contract_is_the_one_that_is_served() -> None:
    committed = COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else ""
    assert stale(committed, contract()) == []


def test_every_operation_says_all_that_a_client_must_know() -> None:
    assert undescribed(contract()) == []


def test_the_title_of_every_schema_is_its_name_and_so_unique() -> None:
    assert untitled(contract()) == []


def test_every_example_of_a_request_is_one_that_can_be_sent() -> None:
    assert refused_examples() == []


def _broken(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = copy.deepcopy(contract())
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        pytest.param(
            lambda d: d["info"].update(version="1.0.1"), "info: version changed; run `make openapi`", id="the version"
        ),
        pytest.param(lambda d: d["paths"].pop("/lots"), "paths: /lots changed; run `make openapi`", id="a path"),
        pytest.param(
            lambda d: d["components"]["schemas"]["LotView"]["properties"].pop("note"),
            "components: schemas LotView changed; run `make openapi`",
            id="a schema",
        ),
        pytest.param(lambda d: d.update(tags=[]), "tags changed; run `make openapi`", id="something else"),
    ],
)
def test_a_contract_that_is_not_the_committed_one_is_seen(
    change: Callable[[dict[str, Any]], object], fault: str
) -> None:
    assert stale(written(contract()), _broken(change)) == [fault]


def test_a_contract_that_was_written_by_hand_is_seen() -> None:
    assert stale(json.dumps(contract()), contract()) == ["it is written in another way; run `make openapi`"]


def test_a_contract_that_was_never_committed_is_seen() -> None:
    assert stale("", {"openapi": "3.1.0"}) == ["openapi changed; run `make openapi`"]


def _added(change: Callable[[dict[str, Any]], object]) -> list[str]:
    """What a change makes the contract say no longer, beside what it does not say already."""
    already = undescribed(contract())
    return [fault for fault in undescribed(_broken(change)) if fault not in already]


def _of(operation: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    method, path = operation.split(" ")
    return lambda document: document["paths"][path][method.lower()]


ADD = _of("POST /lots")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        pytest.param(lambda d: d["info"].update(version="1.0"), "info.version is not semantic", id="the version"),
        pytest.param(lambda d: ADD(d).pop("operationId"), "POST /lots: no operationId", id="no operation id"),
        pytest.param(lambda d: ADD(d).update(summary=""), "POST /lots: no summary", id="no summary"),
        pytest.param(lambda d: ADD(d).pop("description"), "POST /lots: no description", id="no description"),
        *(
            pytest.param(
                lambda d, s=status: ADD(d)["responses"].pop(s), f"POST /lots: does not say {status}", id=status
            )
            for status in ALWAYS
        ),
        pytest.param(
            lambda d: ADD(d)["requestBody"]["content"]["application/json"].pop("example"),
            "POST /lots: no example of the request as application/json",
            id="no example of the request",
        ),
        pytest.param(
            lambda d: ADD(d)["responses"]["201"]["content"]["application/json"].pop("example"),
            "POST /lots: no example of 201 as application/json",
            id="no example of the answer",
        ),
        pytest.param(
            lambda d: _of("GET /lots")(d).update(operationId="addLot"),
            "POST /lots: another operation is called addLot too",
            id="one name for two operations",
        ),
    ],
)
def test_what_the_contract_does_not_say_is_seen(change: Callable[[dict[str, Any]], object], fault: str) -> None:
    assert _added(change) == [fault]


def test_two_schemas_with_one_title_are_seen() -> None:
    document = _broken(lambda d: d["components"]["schemas"]["WindowPatch"].update(title="WindowBody"))
    assert untitled(document) == ["WindowPatch"]


def test_a_problem_without_an_example_is_seen_wherever_it_is_answered() -> None:
    faults = _added(lambda d: d["components"]["responses"]["401"]["content"]["application/problem+json"].pop("example"))
    assert faults == [f"{name}: no example of 401 as application/problem+json" for name, _ in operations(contract())]
