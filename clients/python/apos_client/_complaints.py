"""Errors as the command tells them: what is wrong, at which option, how to cure it, and with which exit code."""

from collections.abc import Mapping

from apos_client.errors import (
    AposError,
    BadInput,
    Conflict,
    FieldError,
    KeyReused,
    NotFound,
    NotPermitted,
    NotSignedIn,
    NotUnderstood,
    Refused,
    ServiceFault,
    TooLarge,
    TooManyRequests,
    Unreachable,
    UnusableSettings,
)

REFUSED, WRONG_USE, NOT_ALLOWED, NO_ANSWER = 1, 2, 3, 4
EXIT_CODES = (
    "Exit codes: 0 done, 1 refused by the service, 2 wrong use, 3 not signed in or not permitted, "
    "4 the service cannot be reached."
)
CODES: dict[type[AposError], int] = {
    UnusableSettings: WRONG_USE,
    NotSignedIn: NOT_ALLOWED,
    NotPermitted: NOT_ALLOWED,
    Unreachable: NO_ANSWER,
    NotUnderstood: NO_ANSWER,
}
CURES: dict[type[AposError], str] = {
    UnusableSettings: "Correct APOS_URL or APOS_KEY.",
    Unreachable: "Check that the service runs and that APOS_URL is its address.",
    NotUnderstood: "Check that APOS_URL is the address of the APOS service, and that this command is up to date.",
    BadInput: "Correct what is named, and try again.",
    NotSignedIn: "APOS_KEY holds no valid key: it may have expired or been revoked. Ask the programme administrator.",
    NotPermitted: "Ask the programme administrator for a key with another role.",
    NotFound: "Check the id or key; it may also be something that your key may not see.",
    Conflict: "Look at how it stands now with `apos status`, and decide again.",
    KeyReused: "Try again.",
    TooLarge: "Send less at a time.",
    TooManyRequests: "Wait a while, and try again.",
    ServiceFault: "Try again later. When it stays, report it with the number of the request.",
}
PERHAPS_DONE = "It may have been recorded all the same: look before you do it again."


def exit_code(error: AposError) -> int:
    """The exit code for an error."""
    return CODES.get(type(error), REFUSED)


def lines(error: AposError, options: Mapping[str, str]) -> list[str]:
    """What to print on standard error. `options` maps the first step of a pointer to the option that filled it."""
    told = [_headline(error)]
    if isinstance(error, Refused):
        told += [f"  {_place(fault, options)}: {fault.detail}" for fault in error.errors]
    if isinstance(error, ServiceFault) and error.problem.instance:
        told.append(f"  request: {error.problem.instance}")
    if isinstance(error, Unreachable) and error.perhaps_done:
        told.append(PERHAPS_DONE)
    cure = CURES.get(type(error))
    return [*told, cure] if cure else told


def _headline(error: AposError) -> str:
    if not isinstance(error, Refused):
        return str(error)
    # Of bad input the detail only repeats what the fields say.
    told_by_fields = isinstance(error, BadInput) and error.errors
    return error.problem.title if told_by_fields else f"{error.problem.title}: {error.problem.detail}"


def _place(fault: FieldError, options: Mapping[str, str]) -> str:
    """The option at fault, with what follows inside it: `--evidence 2, sha256`."""
    steps = fault.pointer.strip("/").split("/")
    if steps[0] in ("query", "path", "header") and len(steps) > 1:
        steps = steps[1:]
    option = options.get(steps[0])
    if option is None:
        return fault.pointer or "the request"
    inside = [str(int(step) + 1) if step.isdecimal() else step for step in steps[1:]]
    return ", ".join([" ".join([option, *inside[:1]]), *inside[1:]])
