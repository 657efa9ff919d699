"""Files that a command writes: an existing file is replaced only with --force."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from apos_client._media_types import CsvDialect
from apos_client.command._messages import UNEXPECTED, WRONG_USE
from apos_client.command._session import fail, show_line

Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", dir_okay=False, help="Write it to this file")
]
Dialect = Annotated[
    CsvDialect | None,
    typer.Option(help="For CSV: excel-nl is what a Dutch Excel opens, with semicolons and decimal commas"),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists")]


def _for_its_owner(file: str, flags: int) -> int:
    return os.open(file, flags, 0o600)


def write(content: bytes, file: Path | None, *, force: bool, is_text: bool = True) -> None:
    """Writes to a file, and says so; or to standard output if no file is given."""
    if file is None:
        if not is_text and sys.stdout.isatty():
            fail(WRONG_USE, "This format is not text that a terminal can show: give a file, with -o FILE.")
        typer.echo(content, nl=False)
        return
    try:
        with open(file, "wb" if force else "xb", opener=_for_its_owner) as opened:
            opened.write(content)
    except FileExistsError:
        fail(WRONG_USE, f"{file} exists already.", "Give another name, or --force to replace it.")
    except OSError as error:
        fail(UNEXPECTED, f"{file} cannot be written: {error.strerror}.")
    show_line(f"Written: {file}")
