"""The origin of several declarations: shares weighted by T, verdicts, and knock-outs that stand."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.declarations.waivers import waiver_of
from domain.scoring.combined_origins import combined_origin, combined_verdict, lifted
from tests.factories.dates import a_day
from tests.support.properties import holds

CONCERN = {"code": "KO-1", "reason": "countryOfConcern"}


def a_score(declared: str | None, total: int | None, **fields: Any) -> dict[str, Any]:
    """The row of a stored score whose figures are all the same."""
    share = {"proven": declared, "declared": declared, "upperBound": declared, "verdict": fields.pop("edip", "pass")}
    shares = {"edip": share, "safe": {**share, "verdict": "possible"}}
    own = {"id": "d", "european_verdict": "european", "knock_outs": [], "origin_shares": shares, "total_cents": total}
    return {**own, **fields}


@pytest.mark.parametrize(
    ("scores", "share"),
    [
        pytest.param([a_score(None, None)], None, id="without a total"),
        pytest.param([a_score("0.0000", 100)], "0.0000", id="nothing declared"),
        pytest.param([a_score("65.0000", 100)], "65.0000", id="one"),
        pytest.param([a_score("33.3333", 100)], "33.3333", id="one, as its own score shows it"),
        pytest.param([a_score("100.0000", 100), a_score("0.0000", 300)], "25.0000", id="weighted by the total"),
        pytest.param([a_score("33.3333", 3), a_score(None, None)], "33.3333", id="one without a total beside one with"),
        pytest.param([a_score("0.0000", 2), a_score("100.0000", 1)], "33.3333", id="rounded down"),
        pytest.param([a_score("0.0000", 1), a_score("100.0000", 2)], "66.6667", id="rounded up"),
    ],
)
def test_a_share_is_weighted_by_the_total(scores: list[dict[str, Any]], share: str | None) -> None:
    found = combined_origin(scores)
    assert found is not None
    for name in ("edip", "safe"):
        assert {found[name][figure] for figure in ("proven", "declared", "upperBound")} == {share}


def test_without_a_declaration_there_is_no_origin() -> None:
    assert combined_origin([]) is None


percents = st.integers(0, 1_000_000).map(lambda figure: f"{figure // 10_000}.{figure % 10_000:04d}")
scores = st.lists(st.tuples(percents, st.integers(1, 10**15)).map(lambda pair: a_score(*pair)), min_size=1)


@holds
@given(scores)
def test_a_share_lies_between_those_it_is_made_of(parts: list[dict[str, Any]]) -> None:
    found = combined_origin(parts)
    assert found is not None
    shares = [Fraction(score["origin_shares"]["edip"]["declared"]) for score in parts]
    half = Fraction(1, 20_000)
    assert min(shares) - half <= Fraction(found["edip"]["declared"]) <= max(shares) + half


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        (["pass"], "pass"), (["pass", "pass"], "pass"), (["pass", "possible"], "possible"), (["possible"], "possible"),
        (["pass", "fail"], "fail"), (["possible", "fail"], "fail"),
    ],
)  # fmt: skip
def test_one_that_fails_fails_all_and_all_must_pass(verdicts: list[str], verdict: str) -> None:
    assert combined_verdict(verdicts) == verdict
    found = combined_origin([a_score("1.0000", 1, edip=each) for each in verdicts])
    assert found is not None
    assert (found["edip"]["verdict"], found["safe"]["verdict"]) == (verdict, "possible")


def test_verdicts_and_knock_outs_are_counted() -> None:
    found = combined_origin(
        [
            a_score("1.0000", 1, id="a", knock_outs=[CONCERN, CONCERN]),
            a_score("1.0000", 1, id="b", european_verdict="undetermined", knock_outs=[CONCERN]),
        ]
    )
    assert found is not None
    assert found["europeanVerdicts"] == {
        "undetermined": 1, "assembledOutside": 0, "licenceProduction": 0, "decisiveDependency": 0, "european": 1,
    }  # fmt: skip
    assert (found["knockOuts"], found["counted"]) == (3, ["a", "b"])


def test_a_waiver_lifts_the_knock_outs_of_its_own_place() -> None:
    waiver = waiver_of(
        {
            "code": "KO-1", "authority": "a", "reason": "r", "expires_on": a_day("2027-01-01"),
            "alternative_trajectory": "t", "component_key": "radio", "dimension": None,
        }
    )  # fmt: skip
    knock_outs = [
        {**CONCERN, "componentKey": "radio"},
        {**CONCERN, "componentKey": "motor"},
        {**CONCERN, "code": "KO-2", "componentKey": "radio"},
    ]
    assert (lifted(knock_outs, [waiver, waiver]), lifted(knock_outs, [])) == (1, 0)
