"""The made-up drone of the demo: it says so, its figures add up, and its claims are true."""

import json
import re
from collections import defaultdict
from decimal import Decimal
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from rich.console import Console

from apos_client import Component, Score
from tests.clients.services import ROOT, RunningService, demo_module

FILE = ROOT / "data" / "demo-drone.yaml"
MAKERS = """
    Beispiel Ejemplo Eksempel Esempio Esimerkki Example Exempel Exemple Exemplu Fanli Jitsurei Muster Naide Pelda Piemers
    Priklad Primer Pryklad Przyklad Shili Specimen Voorbeeld Yesi
"""


@pytest.fixture(scope="module")
def given() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def drone() -> Any:
    return demo_module("drone")


@pytest.fixture(scope="module")
def components(given: dict[str, Any]) -> list[Component]:
    return [Component.model_validate(each) for each in given["declaration"]["components"]]


@pytest.fixture(scope="module")
def revised(drone: Any, components: list[Component]) -> list[Component]:
    changed: list[Component] = drone.made_up_drone().revision.applied_to(components)
    return changed


def test_the_file_says_that_it_is_made_up(given: dict[str, Any]) -> None:
    assert FILE.read_text(encoding="utf-8").startswith("# MADE UP, all of it")
    assert given["madeUp"] is True
    names = (given["supplier"]["name"], given["representative"]["name"], given["declaration"]["system"]["name"])
    assert all("(made up)" in name for name in names)


def test_makers_part_numbers_and_documents_are_of_nobody(components: list[Component], revised: list[Component]) -> None:
    for component in [*components, *revised]:
        assert component.manufacturer is None or component.manufacturer.split()[0] in MAKERS.split()
        assert re.fullmatch(r"DEMO-\d{4}", component.part_number or "")
        assert component.evidence is None or (component.evidence.uri or "https://example.org/").startswith(
            "https://example.org/"
        )


def test_it_has_forty_components_and_more_in_six_function_groups(
    given: dict[str, Any], components: list[Component]
) -> None:
    groups = {group["name"] for group in given["profile"]["functionGroups"]}
    assert len(components) >= 40
    assert len({component.key for component in components}) == len(components)
    assert len(groups) == 6
    assert {component.function_group for component in components if component.function_group} == groups
    assert {True, False} == {group["critical"] for group in given["profile"]["functionGroups"]}


@pytest.mark.parametrize("which", ["first", "revised"])
def test_it_adds_up(which: str, given: dict[str, Any], components: list[Component], revised: list[Component]) -> None:
    lines = {"first": components, "revised": revised}[which]
    said = {"first": given["declaration"], "revised": given["revision"]}[which]["totalComponentCost"]["amount"]
    values = {line.key: value_of(line) for line in lines}
    parts = defaultdict[str, list[Component]](list)
    for line in lines:
        parts[line.parent_key or ""].append(line)
    for key, own in parts.items():
        if key:
            assert values[key] == sum(values[part.key] for part in own), key
    top = sum(values[line.key] for line in parts[""])
    assert Decimal(0) < Decimal(said) - top < Decimal(said) / 20, "little enough is left over"


def test_it_is_of_every_kind_of_origin_and_evidence(components: list[Component]) -> None:
    levels = {component.evidence.level for component in components if component.evidence}
    assert levels == {"none", "selfDeclared", "document", "audited"}
    made_in = {component.country_of_manufacture for component in components}
    assert {"NL", "NO", "US", "UA", "CN", "TW", None} <= made_in


def test_every_part_can_be_sent_as_it_stands(given: dict[str, Any], portfolio: RunningService) -> None:
    question = {"profile": given["profile"], "declaration": given["declaration"], "price": given["price"]}
    json.dumps(given)
    answer = portfolio.ask("/score-previews", question)
    assert answer.status_code == 200, answer.text


def test_a_revision_of_components_that_do_not_exist_is_refused(drone: Any, local_service: Any) -> None:
    with pytest.raises(local_service.Failed, match="changes components that are not there: battery-cells"):
        drone.made_up_drone().revision.applied_to([])


def test_a_drone_that_does_not_say_that_it_is_made_up_is_refused(
    drone: Any, local_service: Any, tmp_path: Path
) -> None:
    file = tmp_path / "drone.yaml"
    file.write_text(FILE.read_text(encoding="utf-8").replace("madeUp: true", "madeUp: false"), encoding="utf-8")
    with pytest.raises(local_service.Failed, match="should say that it is made up"):
        drone.made_up_drone(file)


@pytest.mark.parametrize(
    ("better", "worse", "words"),
    [
        ({}, {"score": "50.0"}, "should score more than"),
        ({"score": "99.0", "fictitiousPrice": None}, {}, "nothing should knock the revision out"),
    ],
)
def test_the_journey_fails_where_the_revision_is_not_better(
    portfolio: RunningService, local_service: Any, monkeypatch: pytest.MonkeyPatch, better: Any, worse: Any, words: str
) -> None:
    journey, first = a_journey(), a_score(portfolio)
    second = Score.model_validate({**first.document(), **better, **worse})
    monkeypatch.setattr(journey, "_sign", lambda *given: second)
    with pytest.raises(local_service.Failed, match=words):
        journey.submit_again(None, None, second, first)


def test_the_journey_fails_if_the_first_revision_has_nothing_to_correct(
    portfolio: RunningService, local_service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey, score = a_journey(), a_score(portfolio)
    corrected = Score.model_validate({**score.document(), "knockOuts": []})
    monkeypatch.setattr(journey, "_sign", lambda *given: corrected)
    with pytest.raises(local_service.Failed, match="should be knocked out"):
        journey.submit(None, None, corrected)


def test_a_score_whose_lines_do_not_add_up_is_not_shown(portfolio: RunningService, local_service: Any) -> None:
    wrong = Score.model_validate({**a_score(portfolio).document(), "score": "99.9"})
    with pytest.raises(local_service.Failed, match="should add up to the score"):
        demo_module("scored").Scored(a_screen(), wrong, {}).show_basis()


@pytest.mark.parametrize(
    ("effect", "words"), [(None, "should tell their effect"), ("no points", "should tell their effect")]
)
def test_the_journey_fails_where_the_changes_have_no_effect(local_service: Any, effect: str | None, words: str) -> None:
    nothing = None if effect is None else SimpleNamespace(points=SimpleNamespace(difference=None))
    changes = SimpleNamespace(effect=nothing)
    office = SimpleNamespace(origin_declarations=SimpleNamespace(changes=lambda of: changes))
    journey = demo_module("supplier").Journey(a_screen(), Path(), office, demo_module("drone").made_up_drone())
    with pytest.raises(local_service.Failed, match=words):
        journey.show_changes(SimpleNamespace(id="a"))


def test_the_journey_fails_where_a_line_of_the_bill_is_lost(
    local_service: Any, tmp_path: Path, components: list[Component]
) -> None:
    report = SimpleNamespace(lines=SimpleNamespace(read=1, used=1, ignored=0, refused=0), completeness=[], questions=[])
    declarations = SimpleNamespace(
        upload=lambda *given, **options: report, components=lambda of: components[1:], find=lambda of: None
    )
    journey = demo_module("supplier").Journey(a_screen(), tmp_path, None, demo_module("drone").made_up_drone())
    draft = SimpleNamespace(id="a", etag="b", system=SimpleNamespace(name="Kestrel"))
    with pytest.raises(local_service.Failed, match="should be those of the drone, and are not"):
        journey.send_bill(SimpleNamespace(origin_declarations=declarations), draft)


def value_of(component: Component) -> Decimal:
    """What a line is worth."""
    assert component.unit_value is not None
    return Decimal(component.quantity) * Decimal(component.unit_value.amount)


def a_screen() -> Any:
    """A screen without output."""
    return demo_module("screen").Screen(Console(file=StringIO()))


def a_journey() -> Any:
    """The supplier's journey, before its first step."""
    return demo_module("supplier").Journey(a_screen(), Path(), None, demo_module("drone").made_up_drone())


def a_score(portfolio: RunningService) -> Score:
    """What the first revision scores."""
    with portfolio.client() as apos:
        drone = demo_module("drone").made_up_drone()
        return apos.score_previews.ask(drone.profile, drone.statement, price=drone.price)
