"""The whole contract against the real server, authenticated, by generated requests: no 5xx, nothing undocumented."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.http.negotiation import CSV, TSV, XLSX
from tests.support.commands import command, serving
from tests.support.databases import Postgres, Sqlite
from tests.support.portfolio import PORTFOLIO

CONTRACT = Path(__file__).parents[3] / "openapi" / "apos.json"
CASES = 12
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)
schema = schemathesis.openapi.from_path(CONTRACT)


@schemathesis.serializer(CSV, TSV, XLSX)
def as_file(_context: object, value: object) -> bytes:
    """What stands for a file: text that is generated, which is rarely one."""
    return str(value).encode(errors="replace")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A real server with the real portfolio, and an administrator's key."""
    server = request.getfixturevalue("postgres" if request.param == "postgresql" else "sqlite")
    assert isinstance(server, Postgres | Sqlite)
    url = server.empty()
    assert command(url, "import", str(PORTFOLIO)).exit_code == 0
    key = command(url, "keys", "create", "--role", "programmeAdmin").stdout.strip()
    with serving(url) as (address, _):
        yield address, key


@schema.parametrize()
@settings(
    max_examples=CASES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_it_or_gets_an_undocumented_answer(case: schemathesis.Case, served: tuple[str, str]) -> None:
    address, key = served
    # A wild Authorization header is tried elsewhere; here every case is the administrator's.
    headers = {"Authorization": f"Bearer {key}"}
    case.call_and_validate(base_url=address, headers=headers, checks=CHECKS, timeout=20)
