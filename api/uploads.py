"""Files of components: each read by its content type, in a thread, before a transaction begins.

What each format means belongs to its reader in the intake; what is stored of it, to the actions.
"""

from collections.abc import Callable, Mapping
from typing import Annotated

from api.declarations import Component, ComponentsBody
from api.documents import lines_apart, upload
from api.intake.found import Format, Found, Line, Refused, Unusable
from api.intake.taking import Taken, take
from api.media import JSON
from api.problems import HttpProblem
from domain.components import MAX_COMPONENTS
from domain.errors import Fault

_IN_JSON = lines_apart(ComponentsBody, lines=("components",), each=Component, most=MAX_COMPONENTS)


def _json(raw: bytes) -> Found:
    given, faults = _IN_JSON(raw)
    refused = [Refused(None, fault.pointer, None, fault.detail) for fault in faults]
    return Found(Format.JSON, (Line(row, line) for row, line in enumerate(given, 1)), refused=refused)


READERS: Mapping[str, Callable[[bytes], Found]] = {JSON: _json}
"""What reads a file, by its content type."""
TAKES_FILES = {"x-accepts": list(READERS), "x-reports": True}
"""What the contract says of an operation that takes them."""


def _taken(raw: bytes, media: str) -> Taken:
    try:
        return take(READERS[media](raw))
    except Unusable as error:
        raise HttpProblem(400, error.detail, [Fault("", error.detail)]) from None


def _usable(raw: bytes, media: str) -> Taken:
    taken = _taken(raw, media)
    if not taken.has_shape:
        taken.refuse()
    return taken


AnyUpload = Annotated[Taken, upload(ComponentsBody, _taken)]
"""A file as it was read, with what is wrong with it."""
Upload = Annotated[Taken, upload(ComponentsBody, _usable)]
"""A file in which every line can be read; else a problem with the report."""
