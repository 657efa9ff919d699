"""Scoring profiles of lots and challenges: read exactly, refused when invalid, and never changed once frozen."""

from fractions import Fraction

import pytest

from domain.errors import BrokenRule, Conflict
from domain.scoring.inputs import DimensionName, FunctionGroup, Profile
from domain.scoring.scoring_profiles import check_open, check_profile, profile_of
from tests.factories.dates import a_moment
from tests.factories.scoring.scoring_profiles import a_scoring_profile


def test_a_profile_is_read_exactly() -> None:
    row = a_scoring_profile(reference_amount_cents=500, require_eu_prime=True)
    assert profile_of(row.model_dump()) == Profile(
        function_groups=(FunctionGroup("control", Fraction(3), critical=True), FunctionGroup("power", Fraction(1, 2))),
        dimensions=(DimensionName.SPARE_PARTS,),
        cap_percent=Fraction(25, 2),
        require_eu_prime=True,
        reference_amount_cents=500,
    )


def test_an_invalid_profile_is_refused_with_everything_that_is_wrong() -> None:
    with pytest.raises(BrokenRule) as refused:
        check_profile(profile=Profile(function_groups=(), dimensions=(), cap_percent=Fraction(0)))
    assert [fault.pointer for fault in refused.value.faults] == ["/functionGroups", "/dimensions", "/capPercent"]


def test_a_frozen_profile_says_since_when() -> None:
    check_open(frozen_at=None)
    with pytest.raises(Conflict, match="frozen on 2026-11-21"):
        check_open(frozen_at=a_moment("2026-11-21T09:00:00"))


def test_the_day_of_freezing_is_that_of_amsterdam() -> None:
    with pytest.raises(Conflict, match="frozen on 2026-11-21"):
        check_open(frozen_at=a_moment("2026-11-20T23:30:00"))
