"""Converts errors of the validation library to faults: a pointer into the request, and a text that says what is wrong."""

from typing import Any

from domain.errors import Fault

MISSING = "is required"


def fault_of(error: dict[str, Any]) -> Fault:
    """One pydantic error as a fault. The pointer of JSON that cannot be parsed is the whole body."""
    place, *path = error["loc"] or ("body",)
    steps: list[Any] = [] if error["type"] == "json_invalid" else path
    prefix = [] if place == "body" else [place]
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in (*prefix, *steps))
    return Fault(pointer, _detail(error))


def _detail(error: dict[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "is not known here; leave it out or correct its name"
    if error["type"] == "missing":
        return MISSING
    if error["type"] == "json_invalid":
        return f"is not JSON: {error.get('ctx', {}).get('error', 'it cannot be read')} at character {error['loc'][-1]}"
    if error["type"] == "string_pattern_mismatch":
        return f"does not match the pattern {error['ctx']['pattern']}"
    return str(error["msg"]).removeprefix("Value error, ")
