"""The messages and exit codes for errors: what is wrong, at which option, and what to do about it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from apos_client.errors import (
    AposError,
    BadInput,
    Conflict,
    Failed,
    FieldError,
    KeyReused,
    NotFound,
    NotPermitted,
    NotSignedIn,
    NotUnderstood,
    Refused,
    ServiceFault,
    Stale,
    StillRunning,
    TooLarge,
    TooManyRequests,
    Unreachable,
    UnusableSettings,
)

UNEXPECTED, WRONG_USE, REFUSED, NOT_SIGNED_IN, NOT_PERMITTED, NOT_FOUND, CONFLICT, UNAVAILABLE = range(1, 9)
EXIT_CODES = (
    "Exit codes: 0 done, 1 unexpected, 2 wrong use, 3 refused input, 4 not signed in, 5 not permitted, 6 not found, "
    "7 conflict, 8 unavailable."
)
BY_STATUS = {
    400: REFUSED,
    401: NOT_SIGNED_IN,
    403: NOT_PERMITTED,
    404: NOT_FOUND,
    409: CONFLICT,
    412: CONFLICT,
    413: REFUSED,
    415: REFUSED,
    422: CONFLICT,
    428: CONFLICT,
    429: UNAVAILABLE,
    502: UNAVAILABLE,
    503: UNAVAILABLE,
    504: UNAVAILABLE,
}
REMEDIES: dict[type[AposError], str] = {
    UnusableSettings: "Correct APOS_URL or APOS_KEY, or sign in again with `apos login`.",
    Unreachable: "Check that the service runs, and that you signed in to its address.",
    NotUnderstood: "Check that the address is that of the APOS service, and that this command is up to date.",
    BadInput: "Correct this, and try again.",
    NotSignedIn: "Your key is not valid: it may have expired or been revoked. Ask the programme administrator for "
    "another, and sign in with `apos login`.",
    NotPermitted: "Ask the programme administrator for a key with another role.",
    NotFound: "Check the id or key; it may also be something that your key may not see.",
    Conflict: "Look at the present state, and decide again.",
    Stale: "Somebody changed it just now. Look at the present state, and decide again.",
    KeyReused: "The same request was made before, with other content. Look at the present state.",
    TooLarge: "Split it into smaller requests, or send less.",
    TooManyRequests: "Wait a while, and try again.",
    StillRunning: "It goes on in the service. Follow it with `apos simulations follow`, or read it later.",
    Failed: "Simulate again. If it fails again, report it to those who run the service: its log has the cause.",
    ServiceFault: "Try again later. If it happens again, report it with the number of the request.",
}
TITLES: dict[type[AposError], str] = {
    UnusableSettings: "The settings are not usable",
    Unreachable: "No answer from the service",
    NotUnderstood: "The answer is not that of this service",
    StillRunning: "It is still running",
    Failed: "The service gave it up",
}
KINDS = {
    UNEXPECTED: "Unexpected",
    WRONG_USE: "Wrong use",
    REFUSED: "Refused",
    NOT_SIGNED_IN: "Not signed in",
    NOT_PERMITTED: "Not permitted",
    NOT_FOUND: "Not found",
    CONFLICT: "Conflict",
    UNAVAILABLE: "Unavailable",
}
PERHAPS_DONE = "It may have been done all the same: check before you repeat it."
_KEY = re.compile(r"apos_[A-Za-z0-9_-]{16,}")
_LOGIN = re.compile(r"(?<=://)[^\s/]*@")


def without_keys(text: str) -> str:
    """A text in which no API key can be read, and no login of an address."""
    return _LOGIN.sub("...", _KEY.sub("apos_...", text))


def printable(text: str) -> str:
    """A text in one line, without characters that control a terminal, whatever somebody wrote in it."""
    return "".join(each if each.isprintable() else " " for each in text)


def exit_code(error: AposError) -> int:
    """The exit code for an error."""
    if isinstance(error, Refused):
        return BY_STATUS.get(error.problem.status, UNEXPECTED)
    codes = {UnusableSettings: WRONG_USE, Unreachable: UNAVAILABLE, StillRunning: UNAVAILABLE, Failed: UNAVAILABLE}
    return codes.get(type(error), UNEXPECTED)


def message(error: AposError, options: Mapping[str, str], perhaps_done: str = PERHAPS_DONE) -> list[str]:
    """The lines to print on standard error. `options` maps the first steps of a pointer to the option that filled them."""
    lines = [_headline(error)]
    if isinstance(error, Refused):
        lines += [f"  {_place(field, options)}: {field.detail}" for field in error.errors]
    if isinstance(error, ServiceFault) and error.problem.instance:
        lines.append(f"  request: {error.problem.instance}")
    if isinstance(error, TooManyRequests) and error.problem.retry_after is not None:
        lines.append(f"  wait: {error.problem.retry_after} seconds")
    if is_perhaps_done(error):
        lines.append(perhaps_done)
    remedy = REMEDIES.get(type(error))
    return [*lines, remedy] if remedy else lines


def is_perhaps_done(error: AposError) -> bool:
    """Whether a write failed of which nobody knows whether it was done."""
    return (isinstance(error, Unreachable) and error.perhaps_done) or (
        isinstance(error, Refused) and error.problem.perhaps_done
    )


def problem_of(error: AposError, code: int, perhaps_done: str = PERHAPS_DONE) -> dict[str, Any]:
    """An error as a problem document (RFC 9457): that of the service, or one of this command where no service answered.

    `exitCode` is how the command ends; with `perhapsDone` a write may have been done, and `detail` ends with what to do.
    """
    document = {**_problem_of(error), "exitCode": code}
    if is_perhaps_done(error):
        document |= {"perhapsDone": True, "detail": f"{document['detail'].removesuffix('.')}. {perhaps_done}"}
    return document


def _problem_of(error: AposError) -> dict[str, Any]:
    if not isinstance(error, Refused):
        title = TITLES.get(type(error), "The command did not succeed")
        return {"type": "about:blank", "title": title, "detail": str(error)}
    problem = error.problem
    given = {"instance": problem.instance, "retryAfter": problem.retry_after}
    errors = [{"pointer": each.pointer, "detail": each.detail} for each in problem.errors]
    return {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **{name: value for name, value in given.items() if value is not None},
        **({"errors": errors} if errors else {}),
    }


def problem_of_lines(code: int, lines: Sequence[str]) -> dict[str, Any]:
    """What a command says itself, as a problem document."""
    return {
        "type": "about:blank",
        "title": KINDS.get(code, KINDS[UNEXPECTED]),
        "detail": " ".join(lines),
        "exitCode": code,
    }


def _headline(error: AposError) -> str:
    if not isinstance(error, Refused):
        return str(error)
    # The detail of bad input only repeats what the fields say.
    fields_say_it = isinstance(error, BadInput) and error.errors
    return error.problem.title if fields_say_it else f"{error.problem.title}: {error.problem.detail}"


def _place(field: FieldError, options: Mapping[str, str]) -> str:
    """The option with the wrong value, and the place inside it: `--evidence 2, sha256`."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in field.pointer.strip("/").split("/")]
    if steps[0] in ("query", "path", "header") and len(steps) > 1:
        steps = steps[1:]
    for known in range(len(steps), 0, -1):
        option = options.get("/".join(steps[:known]))
        if option is not None:
            return _within(option, steps[known:])
    return field.pointer or "the request"


def _within(option: str, steps: list[str]) -> str:
    """A place inside an option; people count from 1."""
    if steps and steps[0].isdecimal():
        option, steps = f"{option} {int(steps[0]) + 1}", steps[1:]
    return ", ".join([option, *(str(int(step) + 1) if step.isdecimal() else step for step in steps)])
