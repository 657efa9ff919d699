"""Score schemes as rows: what they keep of their document, what is refused of the next one, and when one takes effect."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.errors import BrokenRule, Conflict
from domain.scoring.bm1 import BonusMalus
from domain.scoring.schemes import ALGORITHMS
from domain.scoring.score_schemes import (
    ScoreScheme,
    algorithm_of_row,
    check_country_lists,
    check_new_version,
    check_publication,
    columns_of_scheme,
    proposed_columns,
)
from tests.domain.scoring.examples import bonus_malus, scheme_document
from tests.domain.scoring.test_documents import COUNTRIES

TODAY, DAY = date(2026, 11, 21), timedelta(days=1)


def test_a_stored_scheme_is_read_as_the_scheme_it_was() -> None:
    row = ScoreScheme(**columns_of_scheme(scheme_document()))
    assert (row.scheme_version, row.country_list_version, row.algorithm, row.status) == (
        "BM-1.0", "CL-2026-11", "bm1", "proposal",
    )  # fmt: skip
    assert algorithm_of_row(row) == bonus_malus()


def test_a_scheme_that_was_changed_behind_its_digest_is_not_computed_with() -> None:
    row = ScoreScheme(**columns_of_scheme(scheme_document()))
    row.document = {**row.document, "valuePart": "1/3"}
    with pytest.raises(ValueError, match=r"BM-1\.0 is not the one that was stored"):
        algorithm_of_row(row)


def test_what_is_no_scheme_is_refused() -> None:
    with pytest.raises(BrokenRule):
        columns_of_scheme({**scheme_document(), "weights": {}})


def test_the_algorithms_are_those_that_scores_were_stored_under() -> None:
    assert {"bm1": BonusMalus} == ALGORITHMS


def test_a_proposal_is_stored_as_a_scheme_is() -> None:
    document = {**scheme_document(), "version": "BM-1.1"}
    assert proposed_columns(document, at="/document", countries=COUNTRIES) == columns_of_scheme(document)


def test_everything_wrong_with_a_proposal_is_told_once_and_by_its_place_in_the_body() -> None:
    document = {**scheme_document(), "colour": 1, "noneScore": 101, "version": ""}
    document["weights"] = {**document["weights"], "madeIn": 21}
    with pytest.raises(BrokenRule) as refused:
        proposed_columns(document, at="/document", countries=COUNTRIES)
    pointers = [fault.pointer for fault in refused.value.faults]
    assert pointers == ["/document/version", "/document/colour", "/document/weights", "/document/noneScore"]


def test_a_version_is_taken_once() -> None:
    check_new_version(scheme_version="BM-1.1", known=["BM-1.0"], at="/document/version")
    with pytest.raises(Conflict) as refused:
        check_new_version(scheme_version="BM-1.0", known=["BM-1.0", "BM-1.1"], at="/document/version")
    [fault] = refused.value.faults
    assert (fault.pointer, fault.detail) == ("/document/version", "is already in use; versions in use: BM-1.0, BM-1.1")


def test_a_version_of_country_lists_stands_for_one_set_of_lists() -> None:
    first, same = scheme_document(), scheme_document()
    check_country_lists(proposed=same, known=[first], at="/at")
    same["countryLists"]["lists"]["concern"]["countries"].append("CU")
    with pytest.raises(Conflict, match=r"CL-2026-11 of BM-1\.0 differ") as refused:
        check_country_lists(proposed=same, known=[first], at="/at")
    assert [fault.pointer for fault in refused.value.faults] == ["/at"]
    same["countryLists"]["version"] = "CL-2027-01"
    check_country_lists(proposed=same, known=[first], at="/at")


def publish(**named: Any) -> None:
    """Checks a publication of which only what is named matters."""
    check_publication(**{"effective_on": TODAY, "today": TODAY, "is_published": False, "last": None, **named})


@pytest.mark.parametrize(
    "named",
    [{}, {"effective_on": TODAY + DAY}, {"last": TODAY - DAY}, {"effective_on": TODAY + 2 * DAY, "last": TODAY + DAY}],
)
def test_a_scheme_takes_effect_today_or_later_and_after_all_others(named: dict[str, Any]) -> None:
    publish(**named)


@pytest.mark.parametrize(
    ("named", "kind", "pointers"),
    [
        pytest.param({"effective_on": TODAY - DAY}, BrokenRule, ["/effectiveOn"], id="a day that has passed"),
        pytest.param({"is_published": True}, Conflict, [], id="twice"),
        pytest.param({"last": TODAY}, Conflict, ["/effectiveOn"], id="on the day of another"),
        pytest.param({"last": TODAY + DAY}, Conflict, ["/effectiveOn"], id="before another"),
    ],
)
def test_what_cannot_take_effect_is_refused(named: dict[str, Any], kind: type[Exception], pointers: list[str]) -> None:
    with pytest.raises(kind) as refused:
        publish(**named)
    assert [fault.pointer for fault in refused.value.faults] == pointers  # type: ignore[attr-defined]
