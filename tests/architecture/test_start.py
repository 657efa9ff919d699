"""Starting: a server is ready without what only some requests need, and help without what only some commands need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.http.on_demand import resource_of
from api.http.route import routes_of
from api.key_commands import ROLES
from api.main import RESOURCES, create_app
from api.store.schema import migrate
from domain.permissions import Role
from tests.architecture.modules import ROOT
from tests.architecture.stand_in import DEFAULTS, contract_of

NOT_TO_SERVE = (
    "alembic",
    "api.routes.portfolio",
    "cyclonedx",
    "defusedxml",
    "httpx",
    "jsonschema_rs",
    "lxml",
    "mako",
    "openpyxl",
    "psycopg",
    "pycountry",
    "pydantic.v1",
    "websockets",
    "xlrd",
    "xlsxwriter",
    "yaml",
)
"""Modules that a server on SQLite is ready without."""
NOT_FOR_HELP = (*NOT_TO_SERVE, "domain", "fastapi", "rich", "sqlalchemy", "uvicorn")
SERVE = """
import api.__main__, api.server
from api.settings import Settings
settings = Settings(database_url="sqlite:///{file}", _env_file=None)
api.__main__.require_schema(settings)
config = api.server._config(api.server.create(settings), settings)
config.load()
"""
HELP = """
import contextlib, io, sys
from api.__main__ import command
with contextlib.redirect_stdout(io.StringIO()) as said:
    command(["--help"], prog_name="apos-server", standalone_mode=False)
assert "migrate" in said.getvalue()
"""


def imported(program: str, names: tuple[str, ...]) -> list[str]:
    """Those of these modules that a program imports, in a process of its own."""
    ending = f"\nimport sys\nprint(*(name for name in {names!r} if name in sys.modules))"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("APOS_", "COVERAGE"))}
    done = subprocess.run(
        [sys.executable, "-c", program + ending],
        env={**clean, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_server_is_ready_without_what_only_some_requests_need(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/apos.sqlite")
    assert imported(SERVE.format(file=tmp_path / "apos.sqlite"), NOT_TO_SERVE) == []


def test_help_is_there_without_what_only_some_commands_need() -> None:
    assert imported(HELP, NOT_FOR_HELP) == []


def test_an_import_is_seen() -> None:
    assert imported("import api.routes.declarations.declaration_templates", ("xlsxwriter", "yaml")) == ["xlsxwriter"]


def test_help_names_the_roles_as_the_domain_does() -> None:
    assert ", ".join(Role) == ROLES


def test_every_module_of_routes_is_found_by_its_resources() -> None:
    files = (ROOT / "api" / "routes").rglob("[!_]*.py")
    assert set(RESOURCES) == {
        ".".join(file.relative_to(ROOT / "api" / "routes").with_suffix("").parts) for file in files
    }


@pytest.mark.parametrize("module", RESOURCES)
def test_the_resources_of_a_module_are_those_of_its_routes(module: str) -> None:
    routes = routes_of(contract_of(create_app(DEFAULTS)))
    own = [route for route in routes if route.endpoint.__module__ == f"api.routes.{module}"]
    assert set(RESOURCES[module]) == {resource_of(route.path) for route in own}
