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


_OBJECT = "is not an object; write its fields between {{ and }}"
_WHOLE = "is not a whole number"
_PLAIN = {
    "missing": MISSING,
    "extra_forbidden": "is not known here; leave it out or correct its name",
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "list_type": "is not a list; write it between [ and ]",
    "tuple_type": "is not a list; write it between [ and ]",
    "string_type": "is not a text; write it between quotation marks",
    "bool_type": "is neither true nor false; write one of these, without quotation marks",
    "bool_parsing": "is neither true nor false",
    "int_type": f"{_WHOLE}; write it in digits, without quotation marks",
    "int_from_float": _WHOLE,
    "int_parsing": f"{_WHOLE}; write it in digits",
    "string_pattern_mismatch": "does not match the pattern {pattern}",
    "enum": "is none of these: {expected}",
    "literal_error": "is none of these: {expected}",
    "string_too_short": "has fewer characters than {min_length}",
    "string_too_long": "has more characters than {max_length}, the most that it may have",
    "too_short": "has fewer items than {min_length}",
    "too_long": "has more items than {max_length}, the most that it may have",
    "greater_than": "is not more than {gt}",
    "greater_than_equal": "is less than {ge}, the least that it may be",
    "less_than": "is not less than {lt}",
    "less_than_equal": "is more than {le}, the most that it may be",
}
"""What is said of each type of error, with the values of its context."""


def _detail(error: dict[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return f"is not JSON: {error.get('ctx', {}).get('error', 'it cannot be read')} at character {error['loc'][-1]}"
    if error["type"] in _PLAIN:
        return _PLAIN[error["type"]].format(**error.get("ctx", {}))
    return str(error["msg"]).removeprefix("Value error, ")
