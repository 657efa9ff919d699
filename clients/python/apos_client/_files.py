"""Files as they are sent: by which media type, and in pieces, so that somebody can watch how far it is.

The media type follows from the name. A `.json` is CycloneDX where it says so of itself, and else the API's own JSON.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from apos_client.errors import BadInput, Problem

JSON, CYCLONEDX, CSV = "application/json", "application/vnd.cyclonedx+json", "text/csv"
BY_SUFFIX = {
    ".csv": CSV,
    ".tsv": "text/tab-separated-values",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": JSON,
}
PIECE = 65_536
_IS_CYCLONEDX = re.compile(rb'"bomFormat"\s*:\s*"CycloneDX"')
Progress = Callable[[int, int], None]
"""Told after each piece: bytes that are sent, of how many. It begins anew where the file is sent again."""


class Sending:
    """A file on its way, of one media type; it can be sent again from its beginning."""

    def __init__(self, content: bytes, media_type: str, on_progress: Progress | None = None) -> None:
        self._content = content
        self._on_progress = on_progress
        self.headers = {"Content-Type": media_type, "Content-Length": str(len(content))}

    def __iter__(self) -> Iterator[bytes]:
        whole = len(self._content)
        for start in range(0, whole, PIECE):
            yield self._content[start : start + PIECE]
            if self._on_progress is not None:
                self._on_progress(min(start + PIECE, whole), whole)


def sending(file: Path | bytes, media_type: str | None, on_progress: Progress | None = None) -> Sending:
    """A file, or the bytes of one, as it is sent. Raises BadInput where its media type is not known."""
    content = file if isinstance(file, bytes) else file.read_bytes()
    return Sending(content, media_type or _media_type(file, content), on_progress)


def _media_type(file: Path | bytes, content: bytes) -> str:
    if isinstance(file, bytes):
        raise _unknown("bytes have no name, so say their media type")
    known = BY_SUFFIX.get(file.suffix.lower())
    if known is None:
        raise _unknown(
            f"{file.name} is not named {', '.join(BY_SUFFIX)}; save it as one of these, or say its media type"
        )
    return CYCLONEDX if known == JSON and _IS_CYCLONEDX.search(content) else known


def _unknown(detail: str) -> BadInput:
    return BadInput(Problem(400, "It is not known what this file is", detail))
