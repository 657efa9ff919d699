"""What fails below the service: a disk without room, and a database that a newer version has migrated."""

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from bench.processes import ROOT
from tests.attack.running import Service
from tests.attack.scene import Scene, Seen
from tests.attack.sending import answer_to, request
from tests.support.commands import command
from tests.support.databases import Postgres
from tests.support.engines import plain_engine

MEGABYTES = 64
WRITES = 60
NO_DISK = "a small disk can be mounted only by root"


async def full_disk(scene: Scene) -> list[Seen]:
    """Writes on a disk that is full are refused as that, reads go on, and with room again so do writes."""
    seen = Seen("full disk")
    with small_disk() as disk:
        if disk is None:
            seen.left_out = NO_DISK
            return [seen]
        with _on_disk(scene, disk) as url:
            made = await asyncio.to_thread(command, url, "keys", "create", "--role", "programmeAdmin")
            admin = made.stdout.strip()
            service = Service(url, scene.folder / "disk")
            await asyncio.to_thread(service.start)
            try:
                await _fill_and_free(seen, service, admin, disk)
            finally:
                service.stop()
    return [seen]


async def _fill_and_free(seen: Seen, service: Service, admin: str, disk: Path) -> None:
    written = 0

    async def write(key: str, allowed: set[str]) -> str:
        body = f'{{"key":"{key}","title":"{"x" * 200}","note":null}}'.replace(',"note":null', "").encode()
        status = await answer_to(
            service.port, request("POST", "/v1/sources", admin, body, Content_Type="application/json")
        )
        seen.saw(status, allowed, "write")
        return status

    await write("before", {"201"})
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * (1 << 16)):
                pass
        except OSError:
            pass
    for number in range(WRITES):
        written += await write(f"full-{number}", {"201", "507"}) == "201"
        read = await answer_to(service.port, request("GET", "/v1/sources?limit=1", admin))
        seen.saw(read, {"200"}, "read")
    seen.must(seen.statuses["507"] > 0, "no write was told that the disk is full")
    await asyncio.to_thread(ballast.unlink)
    for number in range(3):
        written += await write(f"after-{number}", {"201"}) == "201"
    with plain_engine(service.url).connect() as connection:
        stored = connection.execute(sa.text("SELECT count(*) FROM sources")).scalar_one()
    seen.must(stored == written + 1, f"{stored} rows are stored, {written + 1} were answered")


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """A disk of 64 MB in memory, which is gone afterwards; None where none may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="apos-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=777", "tmpfs", str(folder)]
    mounted = (
        os.getuid() == 0
        and shutil.which("mount") is not None
        and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    )
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def _on_disk(scene: Scene, disk: Path) -> Iterator[str]:
    """The URL of an empty database on that disk."""
    if not isinstance(scene.server, Postgres):
        path = disk / "apos.sqlite"
        shutil.copyfile(scene.server.empty().removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    name = f"small_{secrets.token_hex(4)}"
    own = disk / "space"
    own.mkdir()
    shutil.chown(own, "nobody", "nogroup")
    with psycopg.connect(scene.server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{own}'".encode())
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE template_apos TABLESPACE {name} STRATEGY file_copy".encode()
        )
    try:
        yield scene.server.url(name)
    finally:
        plain_engine(scene.server.url(name)).dispose()
        with psycopg.connect(scene.server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            connection.execute(f"DROP TABLESPACE {name}".encode())


async def newer_schema(scene: Scene) -> list[Seen]:
    """A newer version has migrated the database: the running service says that it is not ready, and no other starts."""
    seen = Seen("newer schema")
    url = scene.server.empty()
    service = Service(url, scene.folder / "newer")
    await asyncio.to_thread(service.start)
    try:
        with plain_engine(url).begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        seen.saw(await answer_to(service.port, request("GET", "/readyz")), {"503"}, "/readyz")
        seen.saw(await answer_to(service.port, request("GET", "/livez")), {"200"}, "/livez")
        words = [sys.executable, "-m", "api", "serve", "--port", "0"]
        own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "APOS_DATABASE_URL": url}
        another = await asyncio.to_thread(
            subprocess.run, words, env=own, cwd=service.folder, capture_output=True, text=True, timeout=30, check=False
        )
        seen.must(another.returncode == 1, f"another one ended with {another.returncode}")
        seen.must(another.stderr.count("\n") == 1, "another one did not say in one line why it does not start")
    finally:
        service.stop()
    return [seen]
