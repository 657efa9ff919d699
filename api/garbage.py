"""When the process looks for garbage: not while it makes what it keeps, and rarely afterwards.

A collection looks through every object that may be garbage, and stops all threads meanwhile. While the process starts, nearly
all that it makes stays, so collections would find nothing and take a fifth of the time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = (50_000, 20, 100)
"""How many new objects start a collection, and how many of those one of older objects.

A large upload makes hundreds of thousands of objects that all live until it is answered.
"""


@contextmanager
def permanent_objects() -> Iterator[None]:
    """Within the block nothing is collected; what exists at its end is exempt from every later collection."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
