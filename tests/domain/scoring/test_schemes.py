"""The scheme as data: BM-1.0 number by number, what a scheme may not say, and its digest."""

import hashlib
from collections.abc import Callable, Mapping, Set
from fractions import Fraction
from typing import Any

import pytest

from domain.errors import BrokenRule, Fault
from domain.scoring.bm1 import scheme_of
from domain.scoring.inputs import AuthorityLevel, EvidenceLevel
from domain.scoring.schemes import ALGORITHMS, algorithm_of, digest_of, proposal_faults
from tests.domain.scoring.examples import bm_1_0, bonus_malus, scheme_document
from tests.domain.scoring.test_documents import COUNTRIES

EU27 = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
NATO_OUTSIDE_G1 = "AL CA GB ME MK TR US"


def test_the_numbers_are_those_of_the_specification() -> None:
    scheme = bm_1_0()
    assert scheme.version == "BM-1.0"
    assert scheme.leaf_weights == {"madeIn": 20, "control": 15, "licence": 10, "exportRegime": 10, "supply": 15}
    assert (scheme.dimensions_weight, scheme.authority_weight) == (25, 5)
    assert list(scheme.evidence_factors.values()) == [0, Fraction(1, 2), Fraction(4, 5), 1]
    assert list(scheme.evidence_factors) == list(EvidenceLevel)
    assert scheme.group_scores == {"G1": 100, "G2": 80, "G3": 50, "G4": 25, "D": 0, "U": 0}
    assert scheme.partial_scores == {"G1": 100, "G2": 80, "G3": 60, "G4": 40, "D": 0, "U": 0}
    assert scheme.decisive_scores == {"G1": 100, "G2": 40, "G3": 20, "G4": 10, "D": 0, "U": 0}
    assert scheme.authority_scores == {AuthorityLevel.BOTH: 100, AuthorityLevel.ONE: 50, AuthorityLevel.NEITHER: 0}
    assert (scheme.cap_default_percent, scheme.cap_limit_percent, scheme.neutral_score) == (10, 50, 50)
    assert (scheme.residual_limit_percent, scheme.inside_share_percent) == (5, 65)
    assert scheme.outside_licence_limit_percent == 35


def test_the_country_groups_are_those_of_the_specification() -> None:
    scheme = bm_1_0()
    assert scheme.eu_countries == set(EU27.split())
    assert scheme.country_groups == {
        "G1": set(EU27.split()) | {"IS", "LI", "NO"},
        "G2": {"UA"},
        "G3": set(NATO_OUTSIDE_G1.split()) | {"CH", "JP", "KR", "AU", "NZ"},
        "D": {"CN", "HK", "MO", "RU", "BY", "IR", "KP"},
    }


def test_nato_adds_nine_to_the_european_union_and_lacks_four() -> None:
    lists = scheme_document()["countryLists"]["lists"]
    eu27, nato = set(lists["eu27"]["countries"]), set(lists["nato"]["countries"])
    assert nato - eu27 == {"AL", "CA", "GB", "IS", "ME", "MK", "NO", "TR", "US"}
    assert eu27 - nato == {"AT", "CY", "IE", "MT"}


def test_the_numbers_are_said_to_be_a_proposal() -> None:
    assert scheme_document()["status"] == "proposal"


def put(value: Any, *path: str) -> Callable[[dict[str, Any]], None]:
    """What puts a value at a path of a document."""

    def change(document: dict[str, Any]) -> None:
        *steps, last = path
        for step in steps:
            document = document[step]
        document[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(put("", "version"), ["/version"], id="no version"),
        pytest.param(put(None, "countryLists", "version"), ["/countryLists/version"], id="no list version"),
        pytest.param(put(21, "weights", "madeIn"), ["/weights"], id="weights not together 100"),
        pytest.param(put(20.0, "weights", "madeIn"), ["/weights/madeIn", "/weights"], id="a floating number"),
        pytest.param(put(True, "noneScore"), ["/noneScore"], id="a truth value is no number"),
        pytest.param(put("1/0", "valuePart"), ["/valuePart"], id="a fraction over 0"),
        pytest.param(
            put("3/2", "evidenceFactors", "audited"), ["/evidenceFactors/audited", "/evidenceFactors"], id="over 1"
        ),
        pytest.param(
            put("9/10", "evidenceFactors", "selfDeclared"), ["/evidenceFactors"], id="better evidence worth less"
        ),
        pytest.param(
            put(90, "countryGroups", "G3", "score"), ["/countryGroups/*/score"], id="a better group worth less"
        ),
        pytest.param(
            put(5, "countryGroups", "U", "score"), ["/countryGroups/*/score"], id="unknown worth more than concern"
        ),
        pytest.param(put(60, "designAuthorityScores", "neither"), ["/designAuthorityScores"], id="neither worth more"),
        pytest.param(
            put(["NL", "NL"], "countryLists", "lists", "partners", "countries"),
            ["/countryLists/lists/partners/countries"],
            id="a country twice",
        ),
        pytest.param(
            put([False], "countryLists", "lists", "partners", "countries"),
            ["/countryLists/lists/partners/countries"],
            id="NO read as false",
        ),
        pytest.param(
            put(["Japan"], "countryLists", "lists", "partners", "countries"),
            ["/countryLists/lists/partners/countries"],
            id="no country code",
        ),
        pytest.param(
            put(["UA"], "countryLists", "lists", "partners", "countries"), ["/countryGroups/G3"], id="two groups"
        ),
        pytest.param(
            put(["eea", "nowhere"], "countryGroups", "D", "lists"),
            ["/countryGroups/D/lists", "/countryGroups/D"],
            id="no such list",
        ),
        pytest.param(put(None, "countryLists", "lists", "eea", "asOf"), ["/countryLists/lists/eea/asOf"], id="no date"),
        pytest.param(put("partners", "euList"), ["/euList"], id="the EU outside G1"),
        pytest.param(put("europe", "euList"), ["/euList"], id="no such EU list"),
        pytest.param(
            put(60, "adjustment", "neutralScore"), ["/adjustment/neutralScore"], id="neutral not in the middle"
        ),
        pytest.param(put(51, "adjustment", "capDefaultPercent"), ["/adjustment"], id="default cap over its limit"),
        pytest.param(put("9/10", "limits", "declaredFactor"), ["/limits"], id="declared over proven"),
        pytest.param(put(["G9"], "originShares", "edip"), ["/originShares/edip"], id="no such group"),
        pytest.param(put("G1", "originShares", "safe"), ["/originShares/safe"], id="no list of groups"),
    ],
)
def test_a_scheme_is_refused_where_it_is_at_fault(change: Callable[[Any], None], expected: list[str]) -> None:
    document = scheme_document()
    change(document)
    with pytest.raises(BrokenRule) as refused:
        scheme_of(document)
    assert [fault.pointer for fault in refused.value.faults] == expected


def test_a_document_without_anything_is_refused_for_everything() -> None:
    with pytest.raises(BrokenRule) as refused:
        scheme_of({})
    found = {fault.pointer for fault in refused.value.faults}
    assert {"/version", "/weights/madeIn", "/weights", "/countryLists/lists", "/euList", "/originShares/edip"} <= found


def test_the_digest_is_of_canonical_json() -> None:
    canonical = '{"a":[1,"é"],"b":null}'
    assert digest_of({"b": None, "a": [1, "é"]}) == hashlib.sha256(canonical.encode()).hexdigest()


def test_documents_that_hold_the_same_have_the_same_digest() -> None:
    document = scheme_document()
    assert digest_of(dict(reversed(document.items()))) == digest_of(document)
    assert digest_of({**document, "version": "BM-1.1"}) != digest_of(document)


def test_bm_1_0_never_changes() -> None:
    assert digest_of(scheme_document()) == "46deec1f450497186e5394a1d7ece9cc37063b1d99eeb9d1f7c4b24062716076"


def test_a_document_becomes_the_algorithm_that_it_names() -> None:
    assert algorithm_of(scheme_document()) == bonus_malus()
    with pytest.raises(KeyError):
        algorithm_of({**scheme_document(), "algorithm": "bm2"})


@pytest.mark.parametrize("name", [None, "bm2", ["bm1"], {}, 1])
def test_a_proposal_names_an_algorithm_that_there_is(name: Any) -> None:
    document = {**scheme_document(), "algorithm": name}
    if name is None:
        del document["algorithm"]
    [fault] = proposal_faults(document, countries=COUNTRIES)
    assert (fault.pointer, fault.detail) == ("/algorithm", "this algorithm does not exist; give one of: bm1")


def test_without_an_algorithm_all_else_is_named_as_bm_1_would() -> None:
    named = [fault.pointer for fault in proposal_faults({"algorithm": "bm1"}, countries=COUNTRIES)]
    unnamed = [fault.pointer for fault in proposal_faults({}, countries=COUNTRIES)]
    assert unnamed[:4] == ["/version", "/status", "/euList", "/algorithm"]
    assert sorted(unnamed) == sorted([*named, "/algorithm"])


def test_what_every_document_says_is_asked_for_whatever_its_algorithm_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless:
        """An algorithm that finds every document good."""

        @classmethod
        def of(cls, document: Mapping[str, Any]) -> "Careless":
            return cls()

        @classmethod
        def document_faults(cls, document: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
            return []

    monkeypatch.setitem(ALGORITHMS, "careless", Careless)  # type: ignore[arg-type] # it computes nothing
    assert [fault.pointer for fault in proposal_faults({"algorithm": "careless"}, countries=COUNTRIES)] == [
        *("/version", "/status", "/countryLists/version", "/countryLists/compiledOn", "/countryLists/lists"),
    ]
