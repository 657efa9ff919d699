"""A score: one declared system under one scheme and one profile on one date.

Pure and exact: the same input gives the same score years later. Invalid input is refused before anything is computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.scoring.bm1.explanation import explanation_of
from domain.scoring.bm1.improvements import improvements_of
from domain.scoring.bm1.incremental import IncrementalScore
from domain.scoring.bm1.knockouts import knock_outs_of
from domain.scoring.bm1.origin import origin_shares_of
from domain.scoring.bm1.points import adjustment_of, fictitious_price, points_of, score_of
from domain.scoring.bm1.scheme import BonusMalusScheme
from domain.scoring.bm1.valued import valued_system
from domain.scoring.bm1.verdicts import completeness_of, concentration_of, confidence_of, european_verdict_of
from domain.scoring.inputs import AuthorityLevel, ComponentInput, DesignAuthority, Profile, System, WaiverInput
from domain.scoring.results import Score, ScoreImprovement, ScoreOriginShare
from domain.scoring.tree import refuse_invalid

EMPTY_PROFILE = Profile(function_groups=(), dimensions=())
"""For a single component, of which only the origin counts: function groups and dimensions apply to a system."""


def score(
    scheme: BonusMalusScheme,
    profile: Profile,
    system: System,
    *,
    price_cents: int | None = None,
    reference_date: date,
    waivers: Sequence[WaiverInput] = (),
) -> Score:
    """What a declared system scores, with its working.

    There is no fictitious price without a price or with a knock-out that is not waived. Raises BrokenRule with every fault
    if the profile or the declared tree is invalid.
    """
    refuse_invalid(profile=profile, system=system, cap_limit_percent=scheme.cap_limit_percent)
    valued = valued_system(scheme=scheme, profile=profile, system=system, reference_date=reference_date)
    points = points_of(valued)
    exact, rounded = score_of(points)
    adjustment = adjustment_of(valued, rounded)
    knock_outs = knock_outs_of(valued, waivers)
    is_out = any(entry.waiver is None for entry in knock_outs)
    return Score(
        scheme_version=scheme.version,
        country_list_version=scheme.country_list_version,
        reference_date=reference_date,
        exact_score=exact,
        score=rounded,
        adjustment_percent=adjustment,
        fictitious_price_cents=None
        if price_cents is None or is_out
        else fictitious_price(profile, price_cents=price_cents, adjustment=adjustment),
        points=points,
        knock_outs=knock_outs,
        origin_shares=origin_shares_of(valued),
        european_verdict=european_verdict_of(valued),
        concentration=concentration_of(valued),
        completeness=completeness_of(valued),
        confidence=confidence_of(valued),
        explanation=explanation_of(valued),
    )


def advise(
    scheme: BonusMalusScheme, profile: Profile, system: System, *, reference_date: date
) -> tuple[ScoreImprovement, ...]:
    """The single changes that would raise the score of a valid system most, with the exact gain of each."""
    valued = valued_system(scheme=scheme, profile=profile, system=system, reference_date=reference_date)
    return improvements_of(valued, system)


def incremental_score(
    scheme: BonusMalusScheme, profile: Profile, system: System, *, reference_date: date
) -> IncrementalScore:
    """The score of a valid system, to be updated as its statements are replaced."""
    return IncrementalScore(valued_system(scheme=scheme, profile=profile, system=system, reference_date=reference_date))


def component_shares(
    scheme: BonusMalusScheme, components: Sequence[ComponentInput], *, total_cents: int, reference_date: date
) -> Mapping[str, ScoreOriginShare]:
    """Both origin shares of a component that is made of these components.

    They are computed as for a declaration with just these lines, of a prime in the EU that holds the design authority,
    because the requirements on a prime do not apply to a part.
    """
    lines = tuple(
        component if component.function_group is None else replace(component, function_group=None)
        for component in components
    )
    prime = DesignAuthority(AuthorityLevel.BOTH, min(scheme.eu_countries))
    system = System(total_cents, lines, design_authority=prime)
    return origin_shares_of(
        valued_system(scheme=scheme, profile=EMPTY_PROFILE, system=system, reference_date=reference_date)
    )
