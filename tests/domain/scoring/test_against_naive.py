"""The algorithm against an independent one, written from the same specification without regard to speed or form.

Both score the same generated systems; every figure, verdict, knock-out and line must be the same. Left out is what the
specification leaves open: the words of a cause, the order of the lines, trailing zeros of an adjustment, and whether a
country without any value can be the largest outside.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from domain.scoring import bm1
from tests.domain.scoring import golden_files, naive
from tests.domain.scoring.examples import bm_1_0
from tests.domain.scoring.systems import Case, cases

SYSTEMS, IN_GATE = 2_500, 200


def comparable(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body without what the specification leaves open."""
    concentration = body["concentration"]
    largest = concentration["largestOutside"]
    return {
        **without_words(body),
        "explanation": sorted(without_words(body["explanation"]), key=repr_of),
        "adjustmentPercent": Fraction(body["adjustmentPercent"]),
        "concentration": {
            **concentration,
            "largestOutside": largest if largest and Fraction(largest["share"]) else None,
        },
    }


def repr_of(line: Mapping[str, Any]) -> str:
    """A line as text, whatever the order of its fields."""
    return repr(sorted(line.items()))


def without_words(body: Any) -> Any:
    """A body whose causes only say whether they are residual, the one code that is fixed."""
    if isinstance(body, Mapping):
        return {
            name: value["code"] == "residual" if name == "cause" else without_words(value)
            for name, value in body.items()
        }
    if isinstance(body, Sequence) and not isinstance(body, str):
        return [without_words(item) for item in body]
    return body


def compare(case: Case) -> None:
    """Holds one case against the other algorithm."""
    own = bm1.shown(bm1.score(bm_1_0(), case.profile, case.system, **case.options))
    other = naive.score(bm_1_0(), case.profile, case.system, **case.options)
    assert comparable(own) == comparable(other)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in golden_files.cases().items()])
def test_both_say_the_same_of_the_golden_cases_and_so_of_the_worked_examples(case: Case) -> None:
    compare(case)


def test_both_say_the_same_of_thousands_of_generated_systems(capsys: pytest.CaptureFixture[str], full: bool) -> None:
    count, systems = 0, SYSTEMS if full else IN_GATE

    @settings(
        max_examples=systems,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases())
    def say_the_same(case: Case) -> None:
        nonlocal count
        count += 1
        compare(case)

    say_the_same()
    with capsys.disabled():
        print(f"\n{count} generated systems score alike under both algorithms")
    assert count >= systems
