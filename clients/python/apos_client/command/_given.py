"""What is typed: days and documents of evidence, read where they are typed, so that a slip is told before anything is sent."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from apos_client._models import Evidence


def day(text: str) -> date:
    """A day as it is typed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; give one such as 2026-11-20") from None


ReferenceDate = Annotated[
    date | None, typer.Option(parser=day, metavar="DATE", help="The score of this day, because evidence expires")
]


def evidence(text: str) -> Evidence:
    """A document as it is typed, TITLE=URI=SHA256; the URI may hold = itself, the title may not."""
    title, _, rest = text.partition("=")
    uri, _, sha256 = rest.rpartition("=")
    parts = [part.strip() for part in (title, uri, sha256)]
    if not all(parts):
        raise typer.BadParameter(f"{text!r} lacks a part; give TITLE=URI=SHA256, in quotes")
    return Evidence(title=parts[0], uri=parts[1], sha256=parts[2])


def evidence_of_files(files: Sequence[Path], uris: Sequence[str]) -> list[Evidence]:
    """Documents that are here as files, with the address of each; their digests are computed, and they are not sent."""
    if len(files) != len(uris):
        raise typer.BadParameter("give one --evidence-uri for each --evidence-file, in the same order")
    return [Evidence.of_file(file, title=file.name, uri=uri) for file, uri in zip(files, uris, strict=True)]
