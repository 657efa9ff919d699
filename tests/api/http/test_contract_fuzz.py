"""The whole contract against the real server, authenticated, by generated requests: no 5xx, nothing undocumented."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.generation.hypothesis import builder
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.http.negotiation import CSV, ODS, TSV, XLS, XLSX
from tests.support.commands import command, serving
from tests.support.databases import Postgres, Sqlite
from tests.support.portfolio import PORTFOLIO

CONTRACT = json.loads((Path(__file__).parents[3] / "openapi" / "apos.json").read_text())
OPERATIONS = [f"{method.upper()} {path}" for path, methods in CONTRACT["paths"].items() for method in methods]
CASES, IN_GATE = 12, 3
"""How many requests are generated freely for each operation; a case costs several times what its request does."""
ONE_IN = 6
"""Of the cases that the generator makes for each parameter and field, the gate sends one in so many.

Many parameters stand in many operations, so each operation begins at another one: what one leaves out, others send.
"""
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)
LEFT_OUT = (
    builder.UnsatisfiableExampleMark,
    builder.NonSerializableMark,
    builder.UnserializablePayloadMark,
    builder.InvalidRegexMark,
    builder.InvalidHeadersExampleMark,
    builder.MissingPathParameters,
)
"""Where the generator notes what it could not make of an operation."""


@schemathesis.serializer(CSV, TSV, XLSX, ODS, XLS)
def as_file(_context: object, value: object) -> bytes:
    """What stands for a file: text that is generated, which is rarely one."""
    return str(value).encode(errors="replace")


@pytest.fixture(scope="module")
def contract() -> BaseSchema:
    """The contract, as the generator of requests reads it."""
    return schemathesis.openapi.from_dict(CONTRACT)


@pytest.fixture(scope="module")
def served(server: Postgres | Sqlite) -> Iterator[tuple[str, str]]:
    """A real server with the real portfolio, and an administrator's key."""
    url = server.empty()
    assert command(url, "import", str(PORTFOLIO)).exit_code == 0
    key = command(url, "keys", "create", "--role", "programmeAdmin").stdout.strip()
    with serving(url) as (address, _):
        yield address, key


@pytest.mark.gate_on("postgresql")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_request_breaks_it_or_gets_an_undocumented_answer(
    operation: str, contract: BaseSchema, served: tuple[str, str], full: bool
) -> None:
    """Cases are made here and not by `schema.parametrize()`, which makes those of all operations in every worker."""
    address, key = served
    # A wild Authorization header is tried elsewhere; here every case is the administrator's.
    headers = {"Authorization": f"Bearer {key}"}

    @settings(
        max_examples=CASES if full else IN_GATE,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def is_answered_as_documented(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=address, session=session, headers=headers, checks=CHECKS, timeout=20)

    [described] = contract.include(name=operation).get_all_operations()
    attempt = build_operation_test(
        config=contract.config,
        operation=described.ok(),
        test_func=is_answered_as_documented,
        given_kwargs={},
        feedback=FeedbackSources(),
    )
    if not full:
        cases = attempt.hypothesis_explicit_examples
        attempt.hypothesis_explicit_examples = cases[OPERATIONS.index(operation) % ONE_IN :: ONE_IN]
    with requests.Session() as session:
        session.trust_env = False  # else every request asks the environment for proxies
        attempt()
    assert [mark.get(attempt) for mark in LEFT_OUT] == [None] * len(LEFT_OUT)
