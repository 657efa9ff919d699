"""`apos-server`, as its administrator types it: one way from end to end in processes, the rest in this one."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from api.settings import Settings, without_secrets
from domain.access.api_keys import ApiKey
from tests.support.commands import ROOT, SECONDS, command, serving, started
from tests.support.databases import Postgres, Sqlite
from tests.support.portfolio import PORTFOLIO
from tests.support.service import rows_of


@pytest.fixture
def blank_url(server: Postgres | Sqlite) -> str:
    """A database without any table."""
    return server.blank()


def test_from_nothing_to_a_served_portfolio_and_a_kill_in_between(blank_url: str) -> None:
    refused = command(blank_url, "serve")
    assert (refused.exit_code, "run `apos-server migrate` first" in refused.stderr) == (1, True)
    assert started(blank_url, "migrate").returncode == 0
    imported = command(blank_url, "import", str(PORTFOLIO))
    assert (imported.exit_code, "lots: 5 added" in imported.stdout) == (0, True)
    assert "commitments: 12 added" in imported.stdout
    assert "not imported" not in imported.stdout
    again = command(blank_url, "import", str(PORTFOLIO))
    assert (again.exit_code, "lots: 0 added, 5 unchanged" in again.stdout) == (0, True)
    made = started(blank_url, "keys", "create", "--role", "programmeOffice")
    assert (made.returncode, made.stdout.count("\n"), made.stdout.startswith("apos_")) == (0, 1, True)
    headers = {"Authorization": f"Bearer {made.stdout.strip()}"}

    with serving(blank_url) as (address, process):
        [milestone] = httpx.get(f"{address}/milestones?key=m-c15-trial", headers=headers).json()["items"]
        path = f"{address}/milestones/{milestone['id']}/assessments"
        body = {"outcome": "partiallyMet", "assessedOn": "2026-11-20", "narrative": "n"}
        keyed = {**headers, "Idempotency-Key": "once"}
        first = httpx.post(path, json=body, headers=keyed)
        assert first.status_code == 201
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=SECONDS)
    with serving(blank_url) as (address, _):
        path = f"{address}/milestones/{milestone['id']}/assessments"
        second = httpx.post(path, json=body, headers=keyed)
        assert (second.status_code, second.content) == (201, first.content)
        assert len(httpx.get(path, headers=headers).json()["items"]) == 1


def test_a_suppliers_key_is_made_by_the_suppliers_key(blank_url: str) -> None:
    command(blank_url, "migrate")
    command(blank_url, "import", str(PORTFOLIO))
    assert command(blank_url, "keys", "create", "--role", "supplier", "--supplier", "intelic").exit_code == 0
    unknown = command(blank_url, "keys", "create", "--role", "supplier", "--supplier", "nobody")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert unknown.stderr == "no supplier has the key 'nobody'; the keys are: intelic, palantir\n"


WRONG = [
    pytest.param(
        ["keys", "create", "--role", "boss"], "the role 'boss' does not exist; give one of: programmeOffice", id="role"
    ),
    pytest.param(
        ["keys", "create", "--role", "supplier"],
        "a key with the role supplier must name its supplier",
        id="no supplier",
    ),
    pytest.param(["import", "/nothing.yaml"], "nothing was imported", id="no file"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_what_is_wrong_is_said_and_ends_with_1(database_url: str, words: list[str], said: str) -> None:
    answer = command(database_url, *words)
    assert (answer.exit_code, said in answer.stderr, answer.stdout) == (1, True, "")


def test_the_settings_are_listed_without_the_password(tmp_path: Path) -> None:
    answer = command("postgresql://me:geheim@db/apos", "settings", APOS_PORT="9000")
    assert "APOS_DATABASE_URL=postgresql://me:***@db/apos" in answer.stdout
    assert "geheim" not in answer.stdout
    assert "APOS_PORT=9000\n" in answer.stdout


def test_settings_that_are_wrong_are_named(tmp_path: Path) -> None:
    answer = command("mysql://x", "migrate", APOS_PORT="many")
    assert answer.exit_code == 1
    assert "APOS_DATABASE_URL" in answer.stderr
    assert "APOS_PORT" in answer.stderr


@pytest.mark.gate_on("sqlite")
def test_the_image_holds_all_that_migrations_need(blank_url: str, tmp_path: Path) -> None:
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "requirements" not in line and "--from" not in line:
            _, source, target = line.split()
            shutil.copytree(ROOT / source, tmp_path / target, ignore=shutil.ignore_patterns("__pycache__"))
    settings = {"PATH": os.environ["PATH"], "APOS_DATABASE_URL": blank_url, "PYTHONPATH": str(tmp_path)}
    words = [sys.executable, "-m", "api", "migrate"]
    done = subprocess.run(
        words, env=settings, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:geheim@db/apos", "postgresql://me:***@db/apos"),
        ("postgresql://me@db/apos?password=geheim", "postgresql://me@db/apos?password=***"),
        (
            "postgresql://db/apos?host=/run&sslpassword=geheim&user=me",
            "postgresql://db/apos?host=/run&sslpassword=***&user=me",
        ),
        (
            "postgresql://me:geheim%40@[::1]:5432/apos?PASSWORD=geheim",
            "postgresql://me:***@[::1]:5432/apos?PASSWORD=***",
        ),
        ("postgresql://:geheim@/apos", "postgresql://:***@/apos"),
        ("sqlite:///apos.sqlite", "sqlite:///apos.sqlite"),
        ("sqlite:////data/apos.sqlite", "sqlite:////data/apos.sqlite"),
    ],
)
def test_no_secret_of_the_database_is_shown(url: str, shown: str) -> None:
    assert without_secrets(url) == shown
    assert "geheim" not in repr(Settings(database_url=url))


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    answer = command(f"sqlite:///{tmp_path}/none/apos.sqlite", "migrate")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert f"the folder {tmp_path}/none does not exist; make it" in answer.stderr


def test_keys_are_listed_revoked_and_expire(database_url: str) -> None:
    secret = command(database_url, "keys", "create", "--role", "viewer", "--label", "Kort", "--expires", "2999-01-01")
    assert (secret.exit_code, secret.stdout.startswith("apos_")) == (0, True)
    [line] = [line for line in command(database_url, "keys", "list").stdout.splitlines() if line.endswith("Kort")]
    key, role, state, *_ = line.split("\t")
    assert (role, state.startswith("valid until 2999-01-01")) == ("viewer", True)
    assert secret.stdout.strip() not in line
    assert command(database_url, "keys", "revoke", key).exit_code == 0
    assert f"{key}\tviewer\trevoked" in command(database_url, "keys", "list").stdout
    past = command(database_url, "keys", "create", "--role", "viewer", "--expires", "2020-01-01")
    assert (past.exit_code, "has already passed" in past.stderr) == (1, True)
    unknown = command(database_url, "keys", "revoke", "00000000-0000-7000-8000-000000000000")
    assert (unknown.exit_code, "no key has the id" in unknown.stderr) == (1, True)


def test_waiting_for_a_service_that_is_away_ends_with_its_address(database_url: str) -> None:
    answer = command(database_url, "wait", "--timeout", "0", APOS_PORT="1")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "no service is ready at http://127.0.0.1:1 after 0 seconds" in answer.stderr


def test_a_security_log_that_cannot_be_written_is_said_before_it_serves(database_url: str, tmp_path: Path) -> None:
    answer = command(database_url, "serve", APOS_SECURITY_LOG=str(tmp_path / "none" / "security.log"))
    assert (answer.exit_code, "APOS_SECURITY_LOG" in answer.stderr) == (1, True)


def test_no_setting_that_is_secret_is_shown(tmp_path: Path) -> None:
    shown = command("sqlite:///a.sqlite", "settings", APOS_METRICS_KEY="watch").stdout
    assert ("APOS_METRICS_KEY=***" in shown, "watch" in shown) == (True, False)


def test_what_is_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite'}"
    assert started(url, "migrate").returncode == 0
    assert started(url, "backup", str(tmp_path / "copy.apos")).returncode == 0
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_a_key_made_on_the_machine_says_by_whom_and_ends_after_a_year(database_url: str) -> None:
    assert command(database_url, "keys", "create", "--role", "programmeAdmin").exit_code == 0
    [key] = rows_of(database_url, ApiKey)
    assert key["label"].startswith("made by ")
    assert not key["awaits_confirmation"]
    assert timedelta(days=364) < key["expires_at"] - datetime.now(UTC) < timedelta(days=366)
