"""A database with the real portfolio that stays, to serve and to try things on, and an office key for it."""

import os
from pathlib import Path

from local_service import LocalService
from screen import Screen, command, from_here

DATABASE, KEY = "portfolio.sqlite", "office.key"
UNFINISHED = f"{DATABASE}.new"


def prepare(screen: Screen, folder: Path) -> None:
    """Makes the database and the key where they are not there yet, and says how to use them."""
    database, key = folder / DATABASE, folder / KEY
    if not database.exists():
        screen.say("Making a database with the real portfolio ...")
        _make(folder, key)
    service = LocalService(folder, DATABASE)
    service.migrate()
    if not key.exists():
        _write_secret(key, service.make_keys(["programmeOffice"])[0])
    screen.say("The portfolio, and a key of the programme office:")
    screen.lines(from_here(database), from_here(key))
    screen.say("Serve it, and ask it from another terminal:")
    screen.lines(
        f"APOS_DATABASE_URL=sqlite:///{from_here(database)} {command('apos-server')} serve",
        f"APOS_KEY=$(cat {from_here(key)}) {command('apos')} status",
    )


def _make(folder: Path, key: Path) -> None:
    """Makes the database under another name until it is whole: an interrupted run leaves no half portfolio."""
    for suffix in ("", "-wal", "-shm"):
        (folder / f"{UNFINISHED}{suffix}").unlink(missing_ok=True)
    service = LocalService(folder, UNFINISHED)
    service.migrate()
    service.fill()
    # A key of an earlier database opens nothing in this one.
    key.unlink(missing_ok=True)
    (folder / UNFINISHED).rename(folder / DATABASE)


def _write_secret(file: Path, secret: str) -> None:
    """Writes a file that only its owner can read, from its first moment, and whole or not at all."""
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write(f"{secret}\n")
    unfinished.rename(file)
