"""Bytes as the service holds a large body: mapped from a file that has no name."""

import mmap
from tempfile import TemporaryFile

from api.intake.large_bytes import LargeBytes


def mapped(raw: bytes) -> LargeBytes:
    """These bytes, mapped from a file; no bytes cannot be mapped, and stay as they are."""
    if not raw:
        return raw
    with TemporaryFile(buffering=0) as file:
        file.write(raw)
        return mmap.mmap(file.fileno(), len(raw), access=mmap.ACCESS_READ)
