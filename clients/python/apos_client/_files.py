"""Files to send: their media type, and their content in pieces, so that somebody can see how much was sent.

The media type follows from the name. A `.json` file is CycloneDX if it says so itself, and else the API's own JSON; XML is
always CycloneDX.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from apos_client._media_types import CYCLONEDX, CYCLONEDX_XML, JSON, MEDIA_TYPES
from apos_client.errors import BadInput, Problem

PIECE = 65_536
_IS_CYCLONEDX = re.compile(rb'"(?:bom|spec)Format"\s*:\s*"CycloneDX"')
Progress = Callable[[int, int], None]
"""Called after each piece with the bytes that were sent, and with all there are. A file that is sent again begins at 0."""


class FileContent:
    """The content of a file and its media type; it can be sent again from the beginning."""

    def __init__(self, content: bytes, media_type: str, on_progress: Progress | None = None) -> None:
        self._content = content
        self._on_progress = on_progress
        self.headers = {"Content-Type": media_type, "Content-Length": str(len(content))}

    def __iter__(self) -> Iterator[bytes]:
        size = len(self._content)
        for start in range(0, size, PIECE):
            yield self._content[start : start + PIECE]
            if self._on_progress is not None:
                self._on_progress(min(start + PIECE, size), size)


def content_of(file: Path | bytes, media_type: str | None, on_progress: Progress | None = None) -> FileContent:
    """A file, or the bytes of one, to send. Raises BadInput where its media type is not known."""
    content = file if isinstance(file, bytes) else file.read_bytes()
    return FileContent(content, media_type or _media_type(file, content), on_progress)


def _media_type(file: Path | bytes, content: bytes) -> str:
    if isinstance(file, bytes):
        raise _unknown("bytes have no name; give their media type")
    known = MEDIA_TYPES.get(file.suffix.lower())
    if known is None:
        raise _unknown(f"{file.name} does not end in {', '.join(MEDIA_TYPES)}; rename it, or give its media type")
    return CYCLONEDX if known == JSON and _IS_CYCLONEDX.search(content) else known


def cyclonedx_type(content: bytes) -> str:
    """The media type of a CycloneDX file: XML begins with an angle bracket, also in UTF-16."""
    beginning = content[:100].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe\x00 \t\r\n")
    return CYCLONEDX_XML if beginning.startswith(b"<") else CYCLONEDX


def _unknown(detail: str) -> BadInput:
    return BadInput(Problem(400, "The media type of the file is not known", detail))
