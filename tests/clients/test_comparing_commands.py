"""`apos declare what-if` and `changes`: two scores of one system, and the difference between them."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from apos_client import Apos, Component, OriginDeclaration
from tests.clients.command_line import NOWHERE, answered, plain, run
from tests.clients.declared import SIGNED, a_component, a_draft, a_statement, returned
from tests.clients.services import RunningService

NOBODY = "00000000-0000-7000-8000-000000000000"
DOUBTFUL = {"countryOfManufacture": None, "evidence": {"level": "selfDeclared"}}


@pytest.fixture
def supplier(workplace: RunningService) -> Iterator[Apos]:
    """Intelic, writing."""
    with workplace.client("supplier") as apos:
        yield apos


@pytest.fixture
def draft(workplace: RunningService, supplier: Apos) -> OriginDeclaration:
    """A draft whose pilot is of unknown origin, which knocks it out, and hardly proven."""
    pilot, wings = a_component("pilot", "2000", "control", **DOUBTFUL), a_component("wings", "1000", "airframe")
    return a_draft(workplace, supplier, a_statement(pilot, wings))


def what_if(place: RunningService, declaration: object, *words: str, columns: int = 200) -> Any:
    return run(place.settings("supplier"), "declare", "what-if", str(declaration), *words, columns=columns)


@pytest.mark.parametrize("columns", [60, 80])
def test_what_if_shows_the_score_now_and_then_and_stores_nothing(
    workplace: RunningService, supplier: Apos, draft: OriginDeclaration, columns: int
) -> None:
    words = ["--component", "pilot", "--set", "countryOfManufacture=NL", "--set", "evidence.level=audited"]
    result = what_if(workplace, draft.id, *words, columns=columns)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert lines[0].split() == ["Now", "Then", "Difference"]
    figures = {line[:20].strip(): line[20:].split() for line in lines[2:10]}
    now, then, more = figures["Score of 100"]
    assert (then, Decimal(then) - Decimal(now)) == ("100.0", Decimal(more))
    assert figures["Knock-outs"] == ["1", "0", "-1"]
    assert figures["EDIP, % proven"] == ["33.3333", "100.0000", "+66.6667"]
    printed = plain(result.stdout)
    assert "Knock-outs that would be gone: Code Where Reason KO-2 pilot unknownOrigin" in printed
    assert "Knock-outs that would be new:" not in printed
    assert printed.endswith("Nothing is stored.")
    assert supplier.origin_declarations.find(draft.id) == draft


def test_what_if_for_scripts_is_both_scores(workplace: RunningService, draft: OriginDeclaration) -> None:
    words = ["--component=wings", "--set=licenceCountry=US", "--reference-date", "2029-07-01", "--json"]
    both = json.loads(what_if(workplace, draft.id, *words).stdout)
    assert [both[when]["referenceDate"] for when in ("now", "then")] == ["2029-07-01"] * 2
    assert Decimal(both["then"]["score"]) < Decimal(both["now"]["score"])


def test_each_set_is_of_the_component_before_it(workplace: RunningService, draft: OriginDeclaration) -> None:
    words = [
        "--component", "pilot", "--set", "countryOfManufacture=NL", "--set", "unitValue=1500",
        "--component", "wings", "--set", "countryOfManufacture=null", "--set", "evidence.level=null", "--json",
    ]  # fmt: skip
    then = json.loads(what_if(workplace, draft.id, *words).stdout)["then"]
    made_in = {line.get("componentKey"): line for line in then["explanation"] if line["criterion"] == "madeIn"}
    assert (Decimal(made_in["pilot"]["won"]) > 0, Decimal(made_in["wings"]["won"])) == (True, 0)
    assert then["originShares"]["edip"]["declared"] == "60.0000"


def test_a_knock_out_that_would_be_new_is_shown(workplace: RunningService, draft: OriginDeclaration) -> None:
    words = ["--component", "pilot", "--set", "countryOfManufacture=CN"]
    printed = plain(what_if(workplace, draft.id, *words).stdout)
    assert "would be gone: Code Where Reason KO-2 pilot unknownOrigin" in printed
    assert "would be new: Code Where Reason KO-1 pilot" in printed
    stays = plain(what_if(workplace, draft.id, "--component", "wings", "--set", "stockWeeks=1").stdout)
    assert "The knock-outs would be the same." in stays


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--set", "name=A", "--component", "pilot"], "name the component first: --component KEY --set FIELD=VALUE"),
        (["--component", "pilot", "--set", "name"], "'name' sets nothing; give FIELD=VALUE, or FIELD=null"),
        (["--component", "pilot", "--set", "maker=A"], "'maker' is not a field of a component; give one of "),
        (["--component", "pilot", "--set", "key=A"], "'key' is not a field of a component; give one of "),
        (["--component", "pilot", "--component", "wings", "--set", "name=A"], "--component pilot changes nothing"),
        (["--component", "pilot"], "Missing option '--set'"),
        (["--component", "pilot", "--set"], "'--set' requires an argument"),
        (["--component"], "'--component' requires an argument"),
        ([], "Missing option '--component'"),
    ],
)
def test_what_changes_nothing_is_wrong_use(words: list[str], message: str) -> None:
    result = run(NOWHERE, "declare", "what-if", NOBODY, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in plain(result.stderr)


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ("countryOfManufacture=Holland", 3, "--component pilot, countryOfManufacture: "),
        ("quantity=0", 3, "--component pilot, quantity: "),
        ("functionGroup=sails", 3, "--component pilot, functionGroup: "),
        ("unitValue=cheap", 3, "--component pilot, unitValue, amount: "),
        ("unitValue=null", 0, ""),
        ("evidence.expiresOn=soon", 2, "--component pilot, evidence.expiresOn: "),
    ],
)
def test_what_a_component_cannot_say_names_it_and_the_field(
    workplace: RunningService, draft: OriginDeclaration, change: str, code: int, message: str
) -> None:
    result = what_if(workplace, draft.id, "--component", "pilot", "--set", change)
    assert result.exit_code == code
    assert message in result.stderr


def test_a_component_that_does_not_exist_is_not_found(workplace: RunningService, draft: OriginDeclaration) -> None:
    for declaration, key in ((draft.id, "rudder"), (NOBODY, "pilot")):
        result = what_if(workplace, declaration, "--component", key, "--set", "name=A")
        assert (result.exit_code, result.stdout) == (6, "")
    assert "Check the id or key" in result.stderr


def test_what_if_without_a_profile_is_a_conflict(workplace: RunningService, supplier: Apos) -> None:
    made = a_draft(workplace, supplier, profile=None)
    result = what_if(workplace, made.id, "--component", "pilot", "--set", "quantity=2")
    assert (result.exit_code, result.stdout) == (7, "")
    assert "no scoring profile yet" in result.stderr


def test_what_if_and_changes_show_the_figures_that_the_service_gives(
    workplace: RunningService, supplier: Apos, office: Apos
) -> None:
    before = returned(workplace, supplier, office)
    pilot = next(iter(supplier.origin_declarations.components(before.id)))
    changed = pilot.model_copy(update={"country_of_manufacture": "US"})
    after = supplier.origin_declarations.revise(before.id)
    words = ["--component", pilot.key, "--set", "countryOfManufacture=US"]
    what = what_if(workplace, after.id, *words).stdout
    effect = json.loads(what_if(workplace, after.id, *words, "--json").stdout)["then"]["effect"]
    rest = [each for each in supplier.origin_declarations.components(after.id) if each.key != pilot.key]
    supplier.origin_declarations.replace_components(after.id, [changed, *rest])
    told = supplier.origin_declarations.changes(after.id).effect
    assert told is not None
    assert effect["points"] == told.points.document()
    shown = run(workplace.settings("supplier"), "declare", "changes", str(after.id)).stdout
    row = [told.points.before, told.points.after, told.points.difference]
    for text in (what, shown):
        [line] = [line for line in text.splitlines() if line.startswith("Before it is rounded")]
        assert line.split()[4:] == row


def test_a_difference_is_shown_as_it_was_given_also_where_rounded_figures_differ_otherwise(
    workplace: RunningService, supplier: Apos, office: Apos
) -> None:
    after = revision(workplace, supplier, office, a_component("pilot", "2000", "control"))
    known = supplier.origin_declarations.changes(after.id).document()
    given = {"before": "12.0001", "after": "12.3274", "difference": "0.3274"}
    answer = httpx.Response(200, json={**known, "effect": {**known["effect"], "points": given}})
    printed = plain(answered([answer], "declare", "changes", str(after.id)).stdout)
    assert "Before it is rounded 12.0001 12.3274 +0.3274" in printed


def revision(place: RunningService, supplier: Apos, office: Apos, *components: Component) -> OriginDeclaration:
    before = returned(place, supplier, office)
    return supplier.origin_declarations.revise(before.id, components=components)


@pytest.mark.parametrize("columns", [80, 120])
def test_the_changes_of_a_revision_are_shown_with_their_effect(
    workplace: RunningService, supplier: Apos, office: Apos, columns: int
) -> None:
    pilot = a_component("pilot", "2000", "control", evidence={"level": "document"}, licenceCountry="US")
    after = revision(workplace, supplier, office, pilot, a_component("sail", "1000", "airframe"))
    result = run(workplace.settings("supplier"), "declare", "changes", str(after.id), columns=columns)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert lines[:2] == ["Revision 2 against revision 1.", "Lines: 1 added, 1 removed, 1 changed, 0 unchanged."]
    rows = [line.split() for line in lines]
    fields = [row[-3:] for row in rows if row[-3:] and row[-3:][0] in ("licenceCountry", "evidence.level")]
    assert sorted(fields) == [["evidence.level", "audited", "document"], ["licenceCountry", "NONE", "US"]]
    assert ["sail", "Part", "sail"] in [[row[0], *row[2:]] for row in rows if len(row) == 4]
    printed = plain(result.stdout)
    assert printed.index("Lines changed:") < printed.index("Lines added:") < printed.index("Lines removed:")
    assert "The system as a whole" not in printed
    [score] = [row for row in rows if row[:3] == ["Score", "of", "100"]]
    assert (score[3], Decimal(score[4]) - 100) == ("100.0", Decimal(score[5]))
    from_line = printed.partition("Where the difference comes from: Points From ")[2]
    assert "lines changed" in from_line
    as_json = json.loads(run(workplace.settings("supplier"), "declare", "changes", str(after.id), "--json").stdout)
    assert {kind: as_json["lines"][kind]["count"] for kind in ("added", "removed", "changed")} == {
        "added": 1, "removed": 1, "changed": 1,
    }  # fmt: skip


def test_what_changed_of_the_system_is_shown_and_lines_that_are_left_out_are_counted(
    workplace: RunningService, supplier: Apos, office: Apos
) -> None:
    parts = [a_component(key, "500", "airframe") for key in ("sail", "mast")]
    after = revision(workplace, supplier, office, a_component("pilot", "2000", "control"), *parts)
    supplier.origin_declarations.change(after.id, total_component_cost=None, price=None)
    printed = plain(run(workplace.settings("supplier"), "declare", "changes", str(after.id), "--limit", "1").stdout)
    assert "... and 1 more." in printed
    assert "The system as a whole: Field Before After price 10000.00 -" in printed
    assert "Score of 100 100.0 none -" in printed


def test_changes_against_an_earlier_revision_and_what_is_none(
    workplace: RunningService, supplier: Apos, office: Apos
) -> None:
    second = revision(workplace, supplier, office, a_component("pilot", "2500", "control"))
    supplier.origin_declarations.submit(second.id, SIGNED)
    office.origin_declarations.review(second.id, verdict="returned", narrative="Again.")
    third = supplier.origin_declarations.revise(second.id)
    settings = workplace.settings("supplier")
    same = run(settings, "declare", "changes", str(third.id))
    assert same.stdout.splitlines()[1].endswith("Lines: 0 added, 0 removed, 0 changed, 1 unchanged.")
    first = run(settings, "declare", "changes", str(third.id), "--against", str(second.revises))
    assert first.stdout.startswith("Revision 3 against revision 1.\nLines: 0 added, 1 removed, 1 changed, 0 unchanged.")
    of_first = run(settings, "declare", "changes", str(second.revises))
    assert (of_first.exit_code, of_first.stdout) == (7, "")
    of_later = run(settings, "declare", "changes", str(second.id), "--against", str(third.id))
    assert (of_later.exit_code, of_later.stdout) == (3, "")
    assert "  --against: " in of_later.stderr
    assert "  --limit: " in run(settings, "declare", "changes", str(third.id), "--limit", "0").stderr
    assert run(settings, "declare", "changes", NOBODY).exit_code == 6


def test_changes_without_a_profile_have_no_effect_to_tell(
    workplace: RunningService, supplier: Apos, office: Apos
) -> None:
    after = revision(workplace, supplier, office, a_component("pilot", "2000", "control"))
    known = supplier.origin_declarations.changes(after.id).document()
    result = answered([httpx.Response(200, json={**known, "effect": None})], "declare", "changes", str(after.id))
    assert plain(result.stdout).endswith("There is no scoring profile to score it on.")
