"""The bytes of an upload: in memory, or mapped from an unnamed temporary file where they are many.

Mapped bytes are read in pieces and then forgotten: they stay in the file, but no longer count as memory of this process.
"""

import mmap
import os
from collections.abc import Iterator

LargeBytes = bytes | mmap.mmap
PIECE = 1 << 20
"""Bytes that are read at a time."""


class MappedBody(mmap.mmap):
    """A body in an unnamed temporary file; `descriptor` leads to that file, so that another process can map it too."""

    descriptor = -1

    @classmethod
    def of(cls, descriptor: int, size: int) -> "MappedBody":
        """The body of this size in an open file, which may be closed afterwards."""
        body = cls(descriptor, size, access=mmap.ACCESS_READ)
        body.descriptor = os.dup(descriptor)
        return body

    def __del__(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)


def pieces_of(raw: LargeBytes) -> Iterator[bytes]:
    """The bytes in pieces, each of which is forgotten after the next was asked for."""
    for start in range(0, len(raw), PIECE):
        yield raw[start : start + PIECE]
        forget(raw, start + PIECE)


def count_of(raw: LargeBytes, *sought: bytes) -> int:
    """How often these single bytes occur together."""
    pieces = [raw] if isinstance(raw, bytes) else pieces_of(raw)
    return sum(piece.count(byte) for piece in pieces for byte in sought)


def forget(raw: LargeBytes, end: int) -> None:
    """Takes mapped bytes before `end` out of memory; they can still be read, from the file. Bytes in memory stay there."""
    if isinstance(raw, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        whole_pages = min(end, len(raw)) if end >= len(raw) else end - end % mmap.PAGESIZE
        if whole_pages:
            raw.madvise(mmap.MADV_DONTNEED, 0, whole_pages)
