"""Stored scores: the figures that are kept."""

from fractions import Fraction

import pytest

from domain.scoring.bm1 import score, shown
from domain.scoring.inputs import EvidenceLevel, System
from domain.scoring.schemes import digest_of
from domain.scoring.scores import FIGURES, stored_figures
from tests.domain.scoring.examples import PROFILE, REFERENCE_DATE, bm_1_0, example_1, example_3, example_4

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
