"""Knock-outs (uitsluitingsgronden): what no score makes up for. The score is still shown; there is no fictitious price.

One entry per component, dimension or group and reason, in the order of the codes and then of the keys: components,
dimensions, groups, and what concerns the whole system. Only concern can be waived, by a recorded decision that names the
component or the dimension.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from domain.scoring.bm1.case import CONCERN, Case, ValuedLeaf, group_of
from domain.scoring.inputs import AuthorityLevel, Dependence, WaiverInput
from domain.scoring.results import KnockOutCode, Reason, ScoreKnockOut

_CODES, _REASONS = list(KnockOutCode), list(Reason)


def knock_outs_of(case: Case, waivers: Sequence[WaiverInput]) -> tuple[ScoreKnockOut, ...]:
    """All knock-outs of a case, those waived included, with the waiver that is in force."""
    found = [*_concern(case), *_incomplete(case), *_prime(case)]
    return tuple(sorted((_waived(entry, waivers, case.reference_date) for entry in found), key=_order))


def _order(entry: ScoreKnockOut) -> tuple[int, int, str, int]:
    keys = (entry.component_key, entry.dimension, entry.function_group)
    kind, key = next(((kind, key) for kind, key in enumerate(keys) if key is not None), (len(keys), ""))
    return _CODES.index(entry.code), kind, key, _REASONS.index(entry.reason)


def _waived(entry: ScoreKnockOut, waivers: Sequence[WaiverInput], reference_date: date) -> ScoreKnockOut:
    """The entry with the first waiver that is for it and still in force, on its last day included."""
    if entry.code is not KnockOutCode.CONCERN:
        return entry
    for waiver in waivers:
        is_for_it = (waiver.code, waiver.component_key, waiver.dimension) == (
            entry.code,
            entry.component_key,
            entry.dimension,
        )
        if is_for_it and reference_date <= waiver.expires_on:
            return replace(entry, waiver=waiver)
    return entry


def _critical(case: Case) -> Iterator[ValuedLeaf]:
    for group in case.groups:
        if group.group.critical:
            yield from group.leaves


def _concern(case: Case) -> Iterator[ScoreKnockOut]:
    """KO-1: a country of concern in a critical leaf, at any value, or a decisive dimension on one."""
    for leaf in _critical(case):
        if any(group_of(case.scheme, country) == CONCERN for country in leaf.origin):
            yield ScoreKnockOut(KnockOutCode.CONCERN, Reason.COUNTRY_OF_CONCERN, component_key=leaf.key)
    for dimension in case.dimensions:
        if dimension.dependence is Dependence.DECISIVE and dimension.group == CONCERN:
            yield ScoreKnockOut(KnockOutCode.CONCERN, Reason.DECISIVE_ON_CONCERN, dimension=dimension.name)


def _incomplete(case: Case) -> Iterator[ScoreKnockOut]:
    """KO-2: what must be known and is not. It can be cured by answering."""
    yield from _incomplete_leaves(case)
    for dimension in case.dimensions:
        if dimension.is_unknown:
            yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.DIMENSION_UNKNOWN, dimension=dimension.name)
    for group in case.groups:
        if group.group.critical and not group.leaves:
            yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.EMPTY_CRITICAL_GROUP, function_group=group.group.name)
    if case.residual_is_large:
        yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.RESIDUAL)
    if case.total is None:
        yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.TOTAL_MISSING)


def _incomplete_leaves(case: Case) -> Iterator[ScoreKnockOut]:
    """Unknown origin of a critical leaf; and a leaf without a group, which may be a critical one."""
    for leaf in _critical(case):
        if None in leaf.origin:
            yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.UNKNOWN_ORIGIN, component_key=leaf.key)
    if any(group.group.critical for group in case.groups):
        for leaf in case.leaves:
            if leaf.component.function_group is None:
                yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.NO_FUNCTION_GROUP, component_key=leaf.key)


def _prime(case: Case) -> Iterator[ScoreKnockOut]:
    """KO-3: the profile requires an EU prime that holds the design authority whole."""
    authority = case.authority
    is_eu_prime = authority.level is AuthorityLevel.BOTH and authority.is_eu
    if case.profile.require_eu_prime and not is_eu_prime:
        yield ScoreKnockOut(KnockOutCode.PRIME, Reason.PRIME_NOT_EU)
