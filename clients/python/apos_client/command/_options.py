"""Options with a form of their own: days and documents of evidence, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from apos_client import Evidence


def day(text: str) -> date:
    """A day as it is typed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; give one such as 2026-11-20") from None


ReferenceDate = Annotated[
    date | None, typer.Option(parser=day, metavar="DATE", help="The score of this day, because evidence expires")
]


@dataclass(frozen=True, slots=True)
class TypedEvidence:
    """A document of evidence as it is typed, TITLE=URI=SHA256."""

    title: str
    uri: str
    sha256: str


def typed_evidence(text: str) -> TypedEvidence:
    """The parts of a document as it is typed; the URI may contain =, the title may not."""
    title, _, rest = text.partition("=")
    uri, _, sha256 = rest.rpartition("=")
    parts = [part.strip() for part in (title, uri, sha256)]
    if not all(parts):
        raise typer.BadParameter(f"{text!r} lacks a part; give TITLE=URI=SHA256, in quotes")
    return TypedEvidence(*parts)


def evidence_of(typed: Sequence[TypedEvidence], files: Sequence[Path], uris: Sequence[str]) -> list[Evidence]:
    """Documents as they were typed, and as local files with their addresses; files are not sent, only their digests."""
    from apos_client import Evidence

    if len(files) != len(uris):
        raise typer.BadParameter("give one --evidence-uri for each --evidence-file, in the same order")
    documents = [Evidence(title=each.title, uri=each.uri, sha256=each.sha256) for each in typed]
    local = [Evidence.of_file(file, title=file.name, uri=uri) for file, uri in zip(files, uris, strict=True)]
    return [*documents, *local]
