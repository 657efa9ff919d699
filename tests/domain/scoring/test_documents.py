"""The document of a new scheme of BM-1: what is not known in it, and what belongs there is another kind of text."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.scoring.bm1.document import document_faults
from tests.domain.scoring.examples import scheme_document

EU27 = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
OTHERS = "IS LI NO UA AL CA GB ME MK TR US CH JP KR AU NZ CN HK MO RU BY IR KP"
COUNTRIES = frozenset(f"{EU27} {OTHERS}".split())
Change = Callable[[dict[str, Any]], object]


def pointers(change: Change) -> list[str]:
    """Where BM-1.0 is wrong after a change."""
    document = scheme_document()
    change(document)
    return [fault.pointer for fault in document_faults(document, countries=COUNTRIES)]


def test_the_first_scheme_could_be_proposed() -> None:
    assert pointers(lambda d: None) == []


WRONG: list[Any] = [
    pytest.param(lambda d: d.update(wieghts={}), ["/wieghts"], id="a name that is not known"),
    pytest.param(lambda d: d["weights"].update({"a/b~": 1}), ["/weights/a~1b~0"], id="a weight that is not known"),
    pytest.param(lambda d: d["limits"].update(cap=5), ["/limits/cap"], id="a limit that is not known"),
    pytest.param(lambda d: d["countryGroups"].update(G5={}), ["/countryGroups/G5"], id="a group that is not known"),
    pytest.param(lambda d: d["countryGroups"]["G1"].update(plus=[]), ["/countryGroups/G1/plus"], id="within a group"),
    pytest.param(
        lambda d: d["countryGroups"]["G4"].update(lists=["nato"]),
        ["/countryGroups/G4/lists"],
        id="lists that nobody reads",
    ),
    pytest.param(
        lambda d: d["countryGroups"]["U"].update({"except": []}), ["/countryGroups/U/except"], id="members of unknown"
    ),
    pytest.param(lambda d: d.pop("status"), ["/status"], id="no status"),
    pytest.param(lambda d: d.update(version="BM 1.1"), ["/version"], id="a version with a space"),
    pytest.param(lambda d: d.update(version="B" * 41), ["/version"], id="a version that is too long"),
    pytest.param(lambda d: d.update(status="a\x00b"), ["/status"], id="NUL"),
    pytest.param(lambda d: d.update(weights=[1]), ["/weights"], id="a list for weights"),
    pytest.param(lambda d: d["countryLists"].update(compiledOn="soon"), ["/countryLists/compiledOn"], id="no day"),
    pytest.param(
        lambda d: d["countryLists"].update(compiledOn="2026-02-30"), ["/countryLists/compiledOn"], id="no such day"
    ),
    pytest.param(
        lambda d: d["countryLists"]["lists"]["nato"].update(title="\ud800"),
        ["/countryLists/lists/nato/title"],
        id="half a surrogate pair",
    ),
    pytest.param(
        lambda d: d["countryLists"]["lists"]["nato"].update(countries=["NL", "XX", 3]),
        ["/countryLists/lists/nato/countries/1", "/countryLists/lists/nato/countries/2"],
        id="countries that are none",
    ),
    pytest.param(
        lambda d: d["countryLists"]["lists"].update({"a b": {}}),
        ["/countryLists/lists"],
        id="a list without a good name",
    ),
    pytest.param(
        lambda d: d["countryLists"]["lists"].update(more={}),
        ["/countryLists/lists/more/title", "/countryLists/lists/more/asOf"],
        id="a list without title and day",
    ),
    pytest.param(
        lambda d: d["adjustment"].update(capLimitPercent="49.9"), ["/adjustment/capLimitPercent"], id="a lower limit"
    ),
    pytest.param(lambda d: d["adjustment"].update(capLimitPercent="1/0"), [], id="told by the scheme itself"),
    pytest.param(lambda d: d["adjustment"].update(capLimitPercent="1e-999999999"), [], id="an exponent without end"),
]


@pytest.mark.parametrize(("change", "expected"), WRONG)
def test_what_is_wrong_is_told_by_its_place(change: Change, expected: list[str]) -> None:
    assert pointers(change) == expected


def test_a_document_that_says_nothing_lacks_its_texts() -> None:
    found = document_faults({}, countries=COUNTRIES)
    assert [fault.pointer for fault in found] == ["/version", "/status", "/euList"]
