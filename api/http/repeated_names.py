"""Names that one object of a JSON body has twice: which of the two values counts is unclear, so the body is refused.

Parsers keep the last value. Counting shows quickly whether any name was dropped: an object has as many names as there are
colons after quotation marks. Only where the counts differ is the body parsed once more, with a look at every name.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from api.http.problems import MAX_FAULTS, HttpProblem, summary_of
from domain.errors import Fault

MESSAGE_TWICE = "is given twice in one object, and it is unclear which of the two counts; keep one"
_SPACE = b" \t\n\r"


class _Object(dict[str, Any]):
    """An object, with the names that it has twice."""

    twice: tuple[str, ...] = ()


def parse_strictly(text: str, refuse_constant: Callable[[str], Any]) -> Any:
    """JSON as objects. Raises HttpProblem with a pointer to each name that is given twice in one object."""
    found: list[_Object] = []

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) == len(pairs):
            return values
        marked = _Object(values)
        marked.twice = tuple(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        found.append(marked)
        return marked

    document = json.loads(text, parse_constant=refuse_constant, object_pairs_hook=as_object)
    if found:
        refuse_repeated([Fault(pointer, MESSAGE_TWICE) for pointer in _pointers(document, "")])
    return document


def refuse_repeated(faults: list[Fault]) -> None:
    """Raises 400 with these faults."""
    raise HttpProblem(400, summary_of(len(faults)), faults[:MAX_FAULTS], count=len(faults))


def may_repeat(raw: bytes, names: int) -> bool:
    """Whether JSON that has this many names once it is parsed can have had more; a text that holds `":` may say so too."""
    return raw.translate(None, _SPACE).count(b'":') != names


def refuse_repeated_lines(raw: bytes, at: str, start: int) -> None:
    """Raises 400 where an object in a list of lines has a name twice; `at` is the pointer to the list, of which these are
    the lines from `start` on."""
    try:
        parse_strictly(raw.decode(), lambda _name: None)
    except HttpProblem as problem:
        moved = [Fault(_moved(fault.pointer, at, start), fault.detail) for fault in problem.faults]
        raise HttpProblem(400, problem.detail, moved, count=problem.count) from None


def _moved(pointer: str, at: str, start: int) -> str:
    _, index, *rest = pointer.split("/")
    return "/".join([at, str(int(index) + start), *rest])


def names_of(node: Any) -> int:
    """How many names all objects in a parsed body have together."""
    count = 0
    pending: list[Any] = [[node]]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            count += len(part)
            part = part.values()
        pending += [inner for inner in part if isinstance(inner, dict | list)] if not isinstance(part, str) else ()
    return count


def _pointers(node: Any, at: str) -> Iterator[str]:
    """The pointers to the names that are given twice."""
    pending: list[tuple[Any, str]] = [(node, at)]
    while pending:
        part, place = pending.pop()
        if isinstance(part, _Object):
            yield from (f"{place}/{_escaped(name)}" for name in part.twice)
        inner = part.items() if isinstance(part, dict) else enumerate(part)
        pending += [
            (value, f"{place}/{_escaped(str(name))}") for name, value in inner if isinstance(value, dict | list)
        ]


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
