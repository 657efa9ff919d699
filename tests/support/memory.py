"""Memory that Python objects take, as tests measure it."""

import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

USUAL_THRESHOLDS = (700, 10, 10)
"""How often Python collects garbage by itself. The tests as a whole let it do so more rarely, and hold more for it."""


@dataclass
class Measured:
    """What a block took at most, in bytes."""

    peak: int = 0


@contextmanager
def measured_memory() -> Iterator[Measured]:
    """Measures the memory of a block; its peak is known when the block has ended."""
    measured, thresholds = Measured(), gc.get_threshold()
    gc.set_threshold(*USUAL_THRESHOLDS)
    tracemalloc.start()
    try:
        yield measured
    finally:
        measured.peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        gc.set_threshold(*thresholds)
