"""A database with the real portfolio that is kept between runs, to serve and try things on, and an office key for it."""

import os
from pathlib import Path

from local_service import LocalService
from screen import Screen, command, relative_path

DATABASE, KEY = "portfolio.sqlite", "office.key"
UNFINISHED = f"{DATABASE}.new"


def prepare(screen: Screen, folder: Path) -> None:
    """Makes the database and the key where they do not exist yet, and prints how to use them."""
    database, key = folder / DATABASE, folder / KEY
    if not database.exists():
        screen.sentence("Making a database with the real portfolio ...")
        _make(folder, key)
    service = LocalService(folder, DATABASE)
    service.migrate()
    if not key.exists():
        _write_secret(key, service.make_keys(["programmeOffice"])[0])
    screen.sentence("The portfolio, and a key of the programme office:")
    screen.lines(relative_path(database), relative_path(key))
    screen.sentence("Serve it, and ask it from another terminal:")
    screen.lines(
        f"APOS_DATABASE_URL=sqlite:///{relative_path(database)} {command('apos-server')} serve",
        f"APOS_KEY=$(cat {relative_path(key)}) {command('apos')} status",
    )


def _make(folder: Path, key: Path) -> None:
    """Makes the database under another name and renames it when complete: an interrupted run leaves no half portfolio."""
    for suffix in ("", "-wal", "-shm"):
        (folder / f"{UNFINISHED}{suffix}").unlink(missing_ok=True)
    service = LocalService(folder, UNFINISHED)
    service.migrate()
    service.fill()
    # A key of an earlier database is not valid in this one.
    key.unlink(missing_ok=True)
    (folder / UNFINISHED).rename(folder / DATABASE)


def _write_secret(file: Path, secret: str) -> None:
    """Writes a file that only its owner can ever read; it is either complete or absent."""
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write(f"{secret}\n")
    unfinished.rename(file)
