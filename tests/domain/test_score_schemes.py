"""Score schemes as rows: what they keep of their document, and that a changed one is noticed."""

import pytest

from domain.errors import BrokenRule
from domain.score_schemes import ALGORITHMS, ScoreScheme, columns_of_scheme, reading_of
from domain.scoring import bm1
from tests.domain.scoring.examples import bm_1_0, scheme_document


def test_a_stored_scheme_is_read_as_the_scheme_it_was() -> None:
    row = ScoreScheme(**columns_of_scheme(scheme_document()))
    assert (row.scheme_version, row.country_list_version, row.algorithm, row.status) == (
        "BM-1.0", "CL-2026-11", "bm1", "proposal",
    )  # fmt: skip
    assert reading_of(row) == (bm_1_0(), bm1)


def test_a_scheme_that_was_changed_behind_its_digest_is_not_computed_with() -> None:
    row = ScoreScheme(**columns_of_scheme(scheme_document()))
    row.document = {**row.document, "valuePart": "1/3"}
    with pytest.raises(ValueError, match=r"BM-1\.0 is not the one that was stored"):
        reading_of(row)


def test_what_is_no_scheme_is_refused() -> None:
    with pytest.raises(BrokenRule):
        columns_of_scheme({**scheme_document(), "weights": {}})


def test_the_algorithms_are_those_that_scores_were_stored_under() -> None:
    assert {"bm1": bm1} == ALGORITHMS
