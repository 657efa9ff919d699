"""Stored scores: the figures that are kept, and the declared share of several declarations."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.bm1 import score, shown
from domain.scoring.inputs import EvidenceLevel, System
from domain.scoring.schemes import digest_of
from domain.scoring.scores import FIGURES, declared_share, stored_figures
from tests.domain.scoring.examples import PROFILE, REFERENCE_DATE, bm_1_0, example_1, example_3, example_4
from tests.support.properties import holds

EXAMPLES = {"1": example_1(), "2": example_1(EvidenceLevel.SELF_DECLARED), "3": example_3(), "4": example_4()}


@pytest.mark.parametrize("system", EXAMPLES.values(), ids=EXAMPLES)
def test_what_is_kept_is_what_was_shown(system: System) -> None:
    found = score(bm_1_0(), PROFILE, system, price_cents=100_000_000, reference_date=REFERENCE_DATE)
    body = shown(found)
    kept = stored_figures(score=found, body=body, total_cents=system.total_cents)
    assert {name: kept[column] for column, name in FIGURES.items()} == {name: body[name] for name in FIGURES.values()}
    assert (kept["fictitious_price_cents"], kept["digest"]) == (found.fictitious_price_cents, digest_of(body))
    share = Fraction(100 * kept["declared_cents"], kept["total_cents"])
    assert share == found.origin_shares["edip"].declared, "whole cents tell the share exactly"


@pytest.mark.parametrize(
    ("parts", "share"),
    [
        pytest.param([], None, id="none"),
        pytest.param([(None, None)], None, id="without a total"),
        pytest.param([(0, 100)], "0.0000", id="nothing declared"),
        pytest.param([(65, 100)], "65.0000", id="one"),
        pytest.param([(100, 100), (0, 300)], "25.0000", id="weighted by the total"),
        pytest.param([(1, 3)], "33.3333", id="rounded down"),
        pytest.param([(2, 3)], "66.6667", id="rounded up"),
        pytest.param([(1, 3), (None, None)], "33.3333", id="one without a total beside one with"),
    ],
)
def test_the_declared_share_is_weighted_by_the_total(
    parts: list[tuple[int | None, int | None]], share: str | None
) -> None:
    assert declared_share(parts) == share


@holds
@given(st.lists(st.integers(1, 10**15).flatmap(lambda t: st.tuples(st.integers(0, t), st.just(t))), min_size=1))
def test_the_declared_share_lies_between_those_it_is_made_of(parts: list[tuple[int, int]]) -> None:
    found = declared_share(parts)
    assert found is not None
    shares = [Fraction(100 * declared, total) for declared, total in parts]
    half = Fraction(1, 20_000)
    assert min(shares) - half <= Fraction(found) <= max(shares) + half
