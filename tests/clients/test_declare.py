"""`apos declare`: a file previewed, submitted once however often it is sent, corrected, and what it scores."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import yaml

from apos_client import Apos
from tests.clients.command_line import NOWHERE, answered, plain, run, run_on
from tests.clients.declared import PROFILE, a_challenge, a_component, a_draft, a_statement, returned
from tests.clients.services import LosesAnswers, RunningService

SIGNED = ["--name", "A. Jansen", "--function", "Directeur", "--email", "a.jansen@example.org"]
NOBODY = "00000000-0000-7000-8000-000000000000"


def document(challenge: UUID | str | None = None, **changes: Any) -> dict[str, Any]:
    """A declaration as a supplier writes it."""
    target = {} if challenge is None else {"challenge": str(challenge)}
    return {**a_statement().document(), **target, "price": {"amount": "10000.00"}, **changes}


def written(folder: Path, content: object, name: str = "drone.json") -> str:
    file = folder / name
    dump = json.dumps(content) if name.endswith(".json") else yaml.safe_dump(content, sort_keys=False)
    file.write_text(content if isinstance(content, str) else dump, encoding="utf-8")
    return str(file)


def submit(place: RunningService, file: str, *words: str, role: str = "supplier") -> Any:
    return run(place.settings(role), "declare", "submit", file, *SIGNED, *words)


@pytest.mark.parametrize("name", ["drone.json", "drone.yaml"])
def test_a_file_is_drafted_and_submitted(workplace: RunningService, office: Apos, tmp_path: Path, name: str) -> None:
    challenge = a_challenge(workplace)
    result = submit(workplace, written(tmp_path, document(challenge), name))
    assert (result.exit_code, result.stderr) == (0, "")
    [declared] = office.origin_declarations.each(challenge_id=challenge)
    assert (declared.status, declared.price and declared.price.amount) == ("submitted", "10000.00")
    assert result.stdout.splitlines() == [
        "Submitted: Kestrel, revision 1, signed by A. Jansen.",
        f"Declaration {declared.id}",
        f"Its score: apos declare score {declared.id}",
    ]
    assert [each.key for each in office.origin_declarations.components(declared.id)] == ["pilot", "wings"]


def test_a_lot_or_challenge_is_named_by_key_and_an_option_takes_precedence(
    workplace: RunningService, tmp_path: Path
) -> None:
    file = written(tmp_path, {"declaration": document(), "supplier": {"key": "intelic"}, "challenge": "challenge-15"})
    result = submit(workplace, file, "--lot", "drone-software")
    assert result.exit_code == 7
    assert "The declaration" in result.stderr
    assert ", with the status draft." in result.stderr


def test_every_run_makes_a_draft_of_its_own(workplace: RunningService, office: Apos, tmp_path: Path) -> None:
    challenge = a_challenge(workplace)
    file = written(tmp_path, document(challenge))
    settings = workplace.settings("supplier")
    first, second = (json.loads(run(settings, "declare", "draft", file, "--json").stdout) for _ in range(2))
    assert first["id"] != second["id"]
    assert submit(workplace, file, "--draft", second["id"]).exit_code == 0
    third = json.loads(run(settings, "declare", "draft", file, "--json").stdout)
    assert (third["status"], third["componentCount"]) == ("draft", first["componentCount"])
    assert len({each.id for each in office.origin_declarations.each(challenge_id=challenge)}) == 3


def test_after_lost_answers_a_run_goes_on_by_its_key(workplace: RunningService, office: Apos, tmp_path: Path) -> None:
    challenge = a_challenge(workplace)
    file = written(tmp_path, document(challenge))
    lossy = workplace.client("supplier", transport=LosesAnswers("POST", lost=3))
    lost = run_on(lossy, "declare", "submit", file, *SIGNED, new_run=lambda: "run-7")
    assert (lost.exit_code, lost.stdout) == (8, "")
    assert "Repeat it with --repeat run-7, within 24 hours: then nothing is done twice." in lost.stderr
    assert [each.status for each in office.origin_declarations.each(challenge_id=challenge)] == ["draft"]
    for _ in range(2):
        assert submit(workplace, file, "--repeat", "run-7").exit_code == 0
        assert [each.status for each in office.origin_declarations.each(challenge_id=challenge)] == ["submitted"]


def test_a_repeated_run_shows_the_draft_as_it_is_now(workplace: RunningService, office: Apos, tmp_path: Path) -> None:
    challenge = a_challenge(workplace)
    bare = {name: value for name, value in document(challenge).items() if name != "components"}
    words = ["declare", "draft", written(tmp_path, bare), "--repeat", "run-8", "--json"]
    settings = workplace.settings("supplier")
    first = json.loads(run(settings, *words).stdout)
    with workplace.client("supplier") as supplier:
        supplier.origin_declarations.replace_components(first["id"], [a_component("pilot", "1", "control")])
    again = json.loads(run(settings, *words).stdout)
    assert (first["componentCount"], again["id"], again["componentCount"]) == (0, first["id"], 1)


def test_a_refused_submission_says_what_is_stored_and_how_to_go_on(
    workplace: RunningService, office: Apos, tmp_path: Path
) -> None:
    challenge = a_challenge(workplace)
    file = written(tmp_path, document(challenge))
    refused = run(workplace.settings("supplier"), "declare", "submit", file, *SIGNED[:4], "--email", "nobody")
    [draft] = office.origin_declarations.each(challenge_id=challenge)
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "  --email: " in refused.stderr
    assert refused.stderr.splitlines()[-2:] == [
        f"The declaration {draft.id} is stored, with the status draft.",
        f"To go on with it, add --draft {draft.id} to the same command; {file} is read again.",
    ]
    corrected = {**document(challenge), "designAuthority": {"level": "one"}, "price": None}
    corrected["components"] = corrected["components"][:1]
    result = submit(workplace, written(tmp_path, corrected), "--draft", str(draft.id))
    assert (result.exit_code, result.stderr) == (0, "")
    [declared] = office.origin_declarations.each(challenge_id=challenge)
    assert (declared.id, declared.status, declared.price) == (draft.id, "submitted", None)
    assert declared.design_authority is not None
    assert declared.design_authority.document() == {"level": "one", "country": None, "evidence": None}
    assert [each.key for each in office.origin_declarations.components(declared.id)] == ["pilot"]


def test_what_was_submitted_before_is_not_said_to_be_a_draft(workplace: RunningService, tmp_path: Path) -> None:
    file = written(tmp_path, document(a_challenge(workplace)))
    made = json.loads(submit(workplace, file, "--json").stdout)["declaration"]["id"]
    again = run(workplace.settings("supplier"), "declare", "submit", "--draft", made, *SIGNED)
    assert (again.exit_code, again.stdout) == (7, "")
    assert again.stderr.splitlines()[-1].endswith(" is stored, with the status submitted.")


def test_a_returned_declaration_is_revised(workplace: RunningService, office: Apos, tmp_path: Path) -> None:
    with workplace.client("supplier") as supplier:
        before = returned(workplace, supplier, office)
    file = written(tmp_path, document(before.challenge_id))
    result = submit(workplace, file, "--revises", str(before.id), "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    after = json.loads(result.stdout)["declaration"]
    assert (after["revision"], after["revises"]) == (2, str(before.id))
    assert office.origin_declarations.find(before.id).status == "superseded"


@pytest.mark.parametrize("as_json", [False, True])
def test_a_draft_is_made_and_submitted_as_it_is(
    workplace: RunningService, office: Apos, tmp_path: Path, as_json: bool
) -> None:
    settings, challenge = workplace.settings("supplier"), a_challenge(workplace)
    words = ["declare", "draft", written(tmp_path, document(challenge)), *(["--json"] if as_json else [])]
    first = run(settings, *words)
    assert (first.exit_code, first.stderr) == (0, "")
    [made] = office.origin_declarations.each(challenge_id=challenge)
    assert made.status == "draft"
    if as_json:
        assert json.loads(first.stdout)["id"] == str(made.id)
    else:
        assert first.stdout == f"Drafted: Kestrel, revision 1, 2 components.\nDeclaration {made.id}\n"
    signed = run(settings, "declare", "submit", "--draft", str(made.id), *SIGNED)
    assert (signed.exit_code, signed.stderr) == (0, "")
    assert office.origin_declarations.find(made.id).status == "submitted"
    assert [each.key for each in office.origin_declarations.components(made.id)] == ["pilot", "wings"]


def test_the_components_of_a_draft_stay_if_the_file_has_none(
    workplace: RunningService, office: Apos, tmp_path: Path
) -> None:
    challenge = a_challenge(workplace)
    whole = document(challenge)
    components = whole.pop("components")
    drafted = run(workplace.settings("supplier"), "declare", "draft", written(tmp_path, whole), "--json")
    made = json.loads(drafted.stdout)["id"]
    file = written(tmp_path, {"components": components}, "parts.json")
    assert run(workplace.settings("supplier"), "declare", "upload", made, file).exit_code == 0
    assert submit(workplace, written(tmp_path, whole), "--draft", made).exit_code == 0
    assert [each.key for each in office.origin_declarations.components(made)] == ["pilot", "wings"]


def test_a_revision_is_drafted_as_a_copy_and_by_its_key_only_once(workplace: RunningService, office: Apos) -> None:
    with workplace.client("supplier") as supplier:
        before = returned(workplace, supplier, office)
    words = ["declare", "revise", str(before.id), "--repeat", f"run-{before.id}"]
    first, second = (run(workplace.settings("supplier"), *words) for _ in range(2))
    assert (first.exit_code, first.stderr, second.stdout) == (0, "", first.stdout)
    [made] = office.origin_declarations.each(revises=before.id)
    assert first.stdout == f"Drafted: Kestrel, revision 2, 2 components.\nDeclaration {made.id}\n"
    again = json.loads(run(workplace.settings("supplier"), *words, "--json").stdout)
    assert (again["id"], again["revises"]) == (str(made.id), str(before.id))
    of_draft = run(workplace.settings("supplier"), "declare", "revise", str(made.id))
    assert (of_draft.exit_code, of_draft.stdout) == (7, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Say what to submit: a FILE, or --draft"),
        (["--lot", "drone-software"], "Say what to submit: a FILE, or --draft"),
        (["--draft", NOBODY, "--lot", "drone-software"], "--supplier, --lot, --challenge and --revises are for a new"),
    ],
)
def test_what_to_submit_is_given_in_one_way(words: list[str], message: str) -> None:
    result = run(NOWHERE, "declare", "submit", *SIGNED, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(message)


def test_a_draft_that_cannot_be_submitted_is_kept_and_no_file_is_named(workplace: RunningService) -> None:
    with workplace.client("supplier") as supplier:
        draft = a_draft(workplace, supplier, profile=None)
    result = run(workplace.settings("supplier"), "declare", "submit", "--draft", str(draft.id), *SIGNED)
    assert (result.exit_code, result.stdout) == (7, "")
    assert result.stderr.splitlines()[-1] == f"The declaration {draft.id} is stored, with the status draft."


def test_the_office_says_whose_declaration_it_is(workplace: RunningService, tmp_path: Path) -> None:
    file = written(tmp_path, document("challenge-15"))
    result = submit(workplace, file, role="office")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Say whose declaration it is")


@pytest.mark.parametrize("words", [["preview"], ["submit", *SIGNED]], ids=lambda words: words[0])
def test_a_declaration_for_nothing_is_wrong_use(workplace: RunningService, tmp_path: Path, words: list[str]) -> None:
    result = run(workplace.settings("supplier"), "declare", words[0], written(tmp_path, document()), *words[1:])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Say what it is for: give --lot or --challenge")


@pytest.mark.parametrize(
    ("components", "message"),
    [
        ([{"key": "a", "name": "A", "quantity": "none"}], "component a, quantity: "),
        ([{"key": "a", "name": "A", "quantity": 1, "maker": "?"}], "component a, maker: is not known here"),
        ([{"key": "a", "name": "A", "quantity": 1, "functionGroup": "sails"}], "component a, functionGroup: "),
    ],
)
def test_what_the_service_refuses_names_the_component(
    workplace: RunningService, office: Apos, tmp_path: Path, components: list[dict[str, Any]], message: str
) -> None:
    challenge = a_challenge(workplace)
    result = submit(workplace, written(tmp_path, document(challenge, components=components)))
    assert (result.exit_code, result.stdout) == (3, "")
    assert message in result.stderr
    assert list(office.origin_declarations.each(challenge_id=challenge)) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON or YAML: "),
        ('{"system": {"name": "K", "name": "L"}}', "has 'name' twice, and it is unclear which of the two counts"),
        ('{"system": {"name": "K"}, "lot": "a", "lotId": "b"}', "/lot: lot is given twice, once as lotId; keep one"),
        ("[]", "give the fields of a declaration by their names"),
        ('{"declaration": 3}', "/declaration: give the declaration here"),
        ('{"lot": "a"}', "/system: Field required"),
        ('{"system": {"name": "K"}, "lot": 3}', "/lot: Input should be a valid string"),
        (
            '{"system": {"name": "K"}, "components": [{"name": "A", "quantity": 1}]}',
            "/components/0/key: Field required",
        ),
    ],
)
def test_a_file_that_is_not_valid_is_never_sent(tmp_path: Path, content: str, message: str) -> None:
    file = written(tmp_path, content)
    result = run(NOWHERE, "declare", "submit", file, *SIGNED)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith(f"{file} is not a valid declaration\n")
    assert message in result.stderr


def test_a_name_given_twice_in_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    file = written(tmp_path, "system: {name: K}\nsystem: {name: L}\n", "drone.yaml")
    result = run(NOWHERE, "declare", "submit", file, *SIGNED)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "'system' is given twice in one mapping" in result.stderr
    assert "line 2, column 1" in result.stderr


def test_a_file_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    result = run(NOWHERE, "declare", "preview", str(tmp_path / "none.json"))
    assert (result.exit_code, result.stdout) == (2, "")


def test_figures_and_countries_in_yaml_are_read_as_text(
    workplace: RunningService, office: Apos, tmp_path: Path
) -> None:
    challenge = a_challenge(workplace)
    text = f"""
        system: {{name: Kestrel, version: "1", finalAssemblyCountry: NO}}
        totalComponentCost: {{amount: 1000.10}}
        challenge: {challenge}
        components:
          - {{key: pilot, name: Pilot, functionGroup: control, quantity: 0.10, unitValue: {{amount: 10001.00}},
              evidence: {{level: document, expiresOn: 2029-06-30}}}}
    """
    result = submit(workplace, written(tmp_path, text, "drone.yaml"))
    assert (result.exit_code, result.stderr) == (0, "")
    [declared] = office.origin_declarations.each(challenge_id=challenge)
    [component] = office.origin_declarations.components(declared.id)
    assert declared.system.final_assembly_country == "NO"
    assert declared.total_component_cost is not None
    assert declared.total_component_cost.amount == "1000.10"
    assert (component.quantity, component.evidence and str(component.evidence.expires_on)) == ("0.10", "2029-06-30")


@pytest.mark.parametrize("columns", [80, 120])
def test_a_preview_shows_the_score_and_stores_nothing(
    workplace: RunningService, office: Apos, tmp_path: Path, columns: int
) -> None:
    challenge = a_challenge(workplace)
    file = written(tmp_path, document(challenge))
    result = run(workplace.settings("supplier"), "declare", "preview", file, columns=columns)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert lines[:3] == [
        "Score             100.0 of 100",
        "Adjustment        +10.00 % (bonus over 0, malus below)",
        "Fictitious price  EUR 9,000.00",
    ]
    assert "There are no knock-outs." in lines
    assert ["EDIP", "100.0000", "100.0000", "100.0000", "pass"] in [line.split() for line in lines]
    assert list(office.origin_declarations.each(challenge_id=challenge)) == []


def test_a_preview_for_a_lot_reads_the_profile_of_the_lot(
    workplace: RunningService, office: Apos, tmp_path: Path
) -> None:
    lot, _ = workplace.running_lot()
    office.lots.publish_scoring_profile(lot, PROFILE)
    result = run(workplace.settings(), "declare", "preview", written(tmp_path, document()), "--lot", str(lot), "--json")
    assert json.loads(result.stdout)["score"] == "100.0"


def test_a_score_is_of_its_day_and_of_another(workplace: RunningService, tmp_path: Path) -> None:
    expiring = document(a_challenge(workplace))
    expiring["components"][0]["evidence"] = {"level": "audited", "expiresOn": "2029-06-30"}
    made = json.loads(submit(workplace, written(tmp_path, expiring), "--json").stdout)["declaration"]["id"]
    settings = workplace.settings("supplier")
    assert plain(run(settings, "declare", "score", made).stdout).startswith("Score 100.0 of 100")
    later = run(settings, "declare", "score", made, "--reference-date", "2029-07-01", "--json")
    assert later.exit_code == 0
    score = json.loads(later.stdout)
    assert (score["referenceDate"], Decimal(score["score"]) < 100) == ("2029-07-01", True)


def test_the_knock_outs_are_shown_with_their_place(workplace: RunningService, tmp_path: Path) -> None:
    unknown = document(a_challenge(workplace))
    unknown["components"][0] |= {"countryOfManufacture": None}
    result = run(workplace.settings("supplier"), "declare", "preview", written(tmp_path, unknown))
    assert ["KO-2", "pilot", "unknownOrigin", "-"] in [line.split() for line in result.stdout.splitlines()]


@pytest.mark.parametrize("name", [NOBODY, "drone"])
def test_a_score_of_a_declaration_that_does_not_exist_is_not_found(portfolio: RunningService, name: str) -> None:
    result = run(portfolio.settings(), "declare", "score", name)
    assert (result.exit_code, result.stdout) == (6, "")


def test_the_score_of_a_draft_is_a_conflict() -> None:
    refusal = httpx.Response(409, json={"title": "Not as it stands", "detail": "a draft has no score"})
    assert answered([refusal], "declare", "score", NOBODY).exit_code == 7
