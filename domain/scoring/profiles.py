"""The scoring profile (scoreprofiel): what a lot or challenge scores on, fixed before anyone is scored.

Function groups with their weights, the dependency dimensions that apply, the cap, and whether an EU prime is required.
This module says what makes a profile invalid; when it freezes belongs to `scoring_profiles`.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from domain.errors import Fault
from domain.scoring.inputs import FunctionGroup, Profile

CAP_LIMIT_PERCENT = Fraction(50)


def profile_faults(
    *, profile: Profile, at: str = "/profile", cap_limit_percent: Fraction = CAP_LIMIT_PERCENT
) -> list[Fault]:
    """Everything that makes a scoring profile invalid. `at` is the pointer to the profile in the body."""
    return [Fault(at + pointer, detail) for pointer, detail in _faults(profile, cap_limit_percent)]


def _faults(profile: Profile, cap_limit_percent: Fraction) -> Iterator[tuple[str, str]]:
    if not profile.function_groups:
        yield "/functionGroups", "name at least one function group"
    yield from _group_faults(profile.function_groups)
    if not profile.dimensions:
        yield "/dimensions", "name at least one dependency dimension"
    for index in _repeated(profile.dimensions):
        yield f"/dimensions/{index}", f"{profile.dimensions[index]} is listed twice; name each dimension only once"
    if not 0 < profile.cap_percent <= cap_limit_percent:
        yield "/capPercent", f"the cap must be over 0 and at most {cap_limit_percent} percent"
    if profile.reference_amount_cents is not None and profile.reference_amount_cents < 0:
        yield "/referenceAmount", "the reference amount cannot be negative"


def _group_faults(groups: Sequence[FunctionGroup]) -> Iterator[tuple[str, str]]:
    repeated = set(_repeated([group.name for group in groups]))
    for index, group in enumerate(groups):
        if index in repeated:
            yield f"/functionGroups/{index}/name", f"function group {group.name} is listed twice; list it only once"
        if group.weight <= 0:
            yield f"/functionGroups/{index}/weight", "the weight of a function group must be over 0"


def _repeated(names: Sequence[str]) -> list[int]:
    """The indexes of names that occurred earlier in the list."""
    first = {name: index for index, name in reversed(list(enumerate(names)))}
    return [index for index, name in enumerate(names) if first[name] != index]
