"""Who sees what of the registers, of the ids within rows, and of filters by rows that are hidden (GOVERNANCE 1)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest

from domain.permissions import Role
from tests.support.given import WINDOW, Given
from tests.support.service import Apos, Clock, ledger_matches_rows, running
from tests.support.snapshots import Contents, put, taken

UNKNOWN = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"
NARROW = (Role.SUPPLIER, Role.ASSESSOR, Role.VIEWER)
BODIES: dict[str, dict[str, Any]] = {
    "organisations": {"name": "Instituut", "kind": "knowledgeInstitute"},
    "test-sites": {"name": "Terrein"},
    "targets": {"title": "Doel", "bound": "atLeast", "boundPct": 40, "definitionVersion": "letters-2026"},
    "budget-lines": {"title": "Regel"},
    "commitments": {"kind": "aim", "text": "Streven"},
    "programmes": {"code": "P-X", "title": "Plan", "budget": {"amount": "5.00", "fund": "dmf", "note": "intern"}},
}


@dataclass
class Scene:
    """Own work of the supplier and the assessor, hidden work that is not published, and who asks."""

    given: Given
    source: str
    own: dict[str, Any]
    hidden: dict[str, Any]
    clients: dict[Role, httpx.AsyncClient]

    async def reads(self, path: str) -> dict[Role, httpx.Response]:
        """What each role is answered."""
        return {role: await client.get(path) for role, client in self.clients.items()}


@dataclass
class Stage:
    """What is in the database of a scene when its test begins."""

    contents: Contents
    source: str
    own: dict[str, Any]
    hidden: dict[str, Any]
    secrets: dict[Role, str]


STAGES: dict[str, Stage] = {}
"""The stages that this process has made, by kind of database; each test gets a copy of one in a database of its own."""


@pytest.fixture
async def scene(database_url: str, clock: Clock) -> AsyncIterator[Scene]:
    """A lot and a challenge of a supplier and an assessor, and others of nobody; nothing is published."""
    kind = database_url.partition(":")[0]
    if kind not in STAGES:
        STAGES[kind] = await staged(database_url, clock)
    stage = STAGES[kind]
    put(database_url, stage.contents)
    async with running(database_url, clock) as apos:
        clients = {role: apos.client(secret) for role, secret in stage.secrets.items()}
        given = Given(apos, clients[Role.PROGRAMME_ADMIN], count(100))
        yield Scene(given, stage.source, stage.own, stage.hidden, clients)
    ledger_matches_rows(database_url)


async def staged(database_url: str, clock: Clock) -> Stage:
    """Makes it over HTTP."""
    async with running(database_url, clock) as apos:
        given = Given(apos, await apos.as_(Role.PROGRAMME_ADMIN))
        own, hidden = await work(given), await work(given)
        supplier = await given.supplier()
        await given.partner({"id": own["lots"]}, supplier)
        await given.post(f"/challenges/{own['challenges']}/entrants", {"supplierId": supplier["id"]})
        assessor = await given.assessor(f"/lots/{own['lots']}")
        inside = [role for role in Role if role not in (Role.SUPPLIER, Role.ASSESSOR)]
        secrets = {role: (await apos.key(role))[1] for role in inside}
        secrets[Role.SUPPLIER] = (await apos.key(Role.SUPPLIER, supplier["id"]))[1]
        secrets[Role.ASSESSOR] = assessor.headers["Authorization"].removeprefix("Bearer ")
        source = (await given.source())["key"]
    return Stage(taken(database_url), source, own, hidden, secrets)


async def work(given: Given) -> dict[str, Any]:
    """A lot and a challenge, with what belongs to them, by register."""
    programme = await given.programme()
    owner = await given.post("/organisations", BODIES["organisations"])
    lot = (await given.lot(programmeId=programme["id"], ownerId=owner["id"]))["id"]
    challenge = (await given.challenge(programmeId=programme["id"]))["id"]
    site = (await given.post("/test-sites", {"name": "Terrein"}))["id"]
    subjects = {"siteId": site, "lotIds": [lot], "challengeIds": [challenge]}
    return {
        "programmes": programme["id"],
        "organisations": owner["id"],
        "lots": lot,
        "challenges": challenge,
        "test-sites": site,
        "trials": (await given.post("/trials", {"title": "Proef", **subjects}))["id"],
        "commitments": (await given.post("/commitments", {"kind": "aim", "text": "Streven", "lotIds": [lot]}))["id"],
    }


OWN = {
    "trials": {Role.SUPPLIER, Role.ASSESSOR},
    "programmes": {Role.SUPPLIER, Role.ASSESSOR},
    "test-sites": {Role.ASSESSOR},
    "commitments": {Role.ASSESSOR},
    "organisations": {Role.ASSESSOR},
}
"""Who sees unpublished rows of its own lots and challenges: their trials and programmes, sites, promises and owners."""


@pytest.mark.parametrize("register", OWN)
async def test_what_is_not_published_is_seen_by_those_inside_and_where_it_is_of_own_work(
    scene: Scene, register: str
) -> None:
    for rows, outside in ((scene.own, OWN[register]), (scene.hidden, set())):
        path = f"/{register}/{rows[register]}"
        seen = {role for role, answer in (await scene.reads(path)).items() if answer.status_code == 200}
        assert seen == {Role.PROGRAMME_OFFICE, Role.PROGRAMME_ADMIN, Role.AUDITOR} | outside
        lists = await scene.reads(f"/{register}?limit=200")
        assert {r for r, page in lists.items() if rows[register] in [row["id"] for row in page.json()["items"]]} == seen


@pytest.mark.parametrize("register", BODIES)
async def test_a_hidden_row_answers_as_one_that_does_not_exist(scene: Scene, register: str) -> None:
    row = await scene.given.post(f"/{register}", BODIES[register])
    for role in NARROW:
        hidden = await scene.clients[role].get(f"/{register}/{row['id']}", headers={"X-Request-Id": "one"})
        nothing = await scene.clients[role].get(f"/{register}/{UNKNOWN}", headers={"X-Request-Id": "one"})
        assert hidden.status_code == nothing.status_code == 404
        assert {**hidden.json(), "instance": ""} == {**nothing.json(), "instance": ""}


@pytest.mark.parametrize("register", [*BODIES, "trials", "sources"])
async def test_a_published_row_is_seen_by_all_and_its_notes_by_those_inside_and_assessors(
    scene: Scene, register: str
) -> None:
    bodies = {**BODIES, "trials": {"title": "Proef", "lotIds": [scene.hidden["lots"]]}}
    bodies["commitments"] = {**BODIES["commitments"], "references": [{"asPrinted": "27 830-1", "note": "intern"}]}
    fact = {"key": "s-2", "title": "Brief"} if register == "sources" else {**bodies[register], "source": scene.source}
    row = await scene.given.post(f"/{register}", {**fact, "note": "intern"})
    for role, answer in (await scene.reads(f"/{register}/{row['id']}")).items():
        assert answer.status_code == 200
        listed = (await scene.clients[role].get(f"/{register}?limit=200")).json()["items"]
        assert answer.json() in listed
        assert ("intern" in answer.text) == (role not in (Role.SUPPLIER, Role.VIEWER))
        assert ("version" in answer.json()) == (role not in (Role.SUPPLIER, Role.VIEWER))


async def test_a_note_that_changes_moves_no_etag_of_those_outside(scene: Scene) -> None:
    row = await scene.given.post("/targets", {**BODIES["targets"], "source": scene.source})
    before = await scene.reads(f"/targets/{row['id']}")
    await scene.given.changed(f"/targets/{row['id']}", {"note": "intern"})
    after = await scene.reads(f"/targets/{row['id']}")
    same = {role for role in before if before[role].headers["etag"] == after[role].headers["etag"]}
    assert same == {Role.SUPPLIER, Role.VIEWER}


LINKED = {
    "/trials": ("siteId", "lotIds", "challengeIds"),
    "/test-sites": ("partnerIds",),
    "/commitments": ("lotIds",),
}


@pytest.mark.parametrize("path", LINKED)
async def test_ids_in_a_row_are_only_of_rows_that_the_actor_may_see(scene: Scene, path: str) -> None:
    own, hidden = scene.own, scene.hidden
    bodies = {
        "/trials": {
            "title": "Proef", "siteId": hidden["test-sites"], "lotIds": [hidden["lots"], own["lots"]],
            "challengeIds": [hidden["challenges"]],
        },
        "/test-sites": {"name": "Terrein", "partnerIds": [hidden["organisations"], own["organisations"]]},
        "/commitments": {"kind": "aim", "text": "t", "lotIds": [hidden["lots"], own["lots"]]},
    }  # fmt: skip
    row = await scene.given.post(path, {**bodies[path], "source": scene.source})
    shown = {role: answer.json() for role, answer in (await scene.reads(f"{path}/{row['id']}")).items()}
    for role in (Role.PROGRAMME_OFFICE, Role.AUDITOR):
        assert {name: shown[role][name] for name in LINKED[path]} == {name: row[name] for name in LINKED[path]}
    lots = {Role.SUPPLIER: [own["lots"]], Role.ASSESSOR: [own["lots"]], Role.VIEWER: []}
    partners = {Role.SUPPLIER: [], Role.ASSESSOR: [own["organisations"]], Role.VIEWER: []}
    for role in NARROW:
        # A trial of an assessor's own lot shows it the site, which then belongs to its lot.
        site = hidden["test-sites"] if role is Role.ASSESSOR else None
        wanted = {"siteId": site, "lotIds": lots[role], "challengeIds": [], "partnerIds": partners[role]}
        assert {name: shown[role][name] for name in LINKED[path]} == {name: wanted[name] for name in LINKED[path]}
        [listed] = [each for each in (await scene.clients[role].get(path)).json()["items"] if each["id"] == row["id"]]
        assert listed == shown[role]


async def test_an_assessor_reads_neither_the_successor_nor_the_predecessor_that_are_hidden(scene: Scene) -> None:
    own, hidden = scene.own["lots"], scene.hidden["lots"]
    await scene.given.changed(f"/lots/{own}", {"replacedBy": hidden})
    first = await scene.given.milestone(f"/lots/{hidden}")
    second = await scene.given.milestone(f"/lots/{own}", after=first["id"])
    assessor = scene.clients[Role.ASSESSOR]
    assert (await assessor.get(f"/lots/{own}")).json()["replacedBy"] is None
    assert (await assessor.get("/lots")).json()["items"][0]["replacedBy"] is None
    assert (await assessor.get(f"/milestones/{second['id']}")).json()["after"] is None
    assert (await scene.clients[Role.AUDITOR].get(f"/lots/{own}")).json()["replacedBy"] == hidden
    assert (await scene.clients[Role.AUDITOR].get(f"/milestones/{second['id']}")).json()["after"] == first["id"]


FILTERS = [
    ("/trials", "siteId", "test-sites"),
    ("/trials", "lotId", "lots"),
    ("/trials", "challengeId", "challenges"),
    ("/commitments", "lotId", "lots"),
    ("/milestones", "lotId", "lots"),
    ("/milestones", "challengeId", "challenges"),
    ("/milestones", "programmeId", "programmes"),
    ("/lots", "programmeId", "programmes"),
    ("/lots", "ownerId", "organisations"),
    ("/challenges", "programmeId", "programmes"),
    ("/origin-declarations", "lotId", "lots"),
    ("/origin-declarations", "challengeId", "challenges"),
    ("/evidence-expiries", "lotId", "lots"),
    ("/evidence-expiries", "challengeId", "challenges"),
]


@pytest.mark.parametrize(("path", "name", "noun"), FILTERS)
async def test_a_filter_by_a_hidden_row_answers_as_one_by_no_row(scene: Scene, path: str, name: str, noun: str) -> None:
    """Published rows that name the hidden row are there to be found."""
    given, hidden, sourced = scene.given, scene.hidden, {"source": scene.source}
    subjects = {"siteId": hidden["test-sites"], "lotIds": [hidden["lots"]], "challengeIds": [hidden["challenges"]]}
    await given.post("/trials", {"title": "Proef", **subjects, **sourced})
    await given.post("/commitments", {"kind": "aim", "text": "t", "lotIds": [hidden["lots"]], **sourced})
    for parent in (f"/lots/{hidden['lots']}", f"/challenges/{hidden['challenges']}"):
        await given.milestone(parent, **sourced)
    headers = {"X-Request-Id": "one"}
    for role in NARROW:
        client = scene.clients[role]
        one = await client.get(path, params={name: hidden[noun]}, headers=headers)
        none = await client.get(path, params={name: UNKNOWN}, headers=headers)
        assert one.status_code == none.status_code
        assert one.content.replace(hidden[noun].encode(), b"") == none.content.replace(UNKNOWN.encode(), b"")
        assert {**one.headers} == {**none.headers}
    for role in (Role.PROGRAMME_OFFICE, Role.AUDITOR):
        found = await scene.clients[role].get(path, params={name: hidden[noun]})
        assert bool(found.json()["items"]) == (path not in ("/origin-declarations", "/evidence-expiries") and (
            (path, name) != ("/milestones", "programmeId")
        ))  # fmt: skip


async def test_a_filter_by_a_lot_that_a_supplier_left_finds_nothing_of_its_own(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    await given.declaration(lot, supplier, client)
    path = f"/origin-declarations?lotId={lot['id']}"
    assert len((await client.get(path)).json()["items"]) == 1
    [partner] = (await given.admin.get(f"/lots/{lot['id']}/partners")).json()["items"]
    await given.changed(f"/lots/{lot['id']}/partners/{partner['id']}", {"endedOn": "2026-11-20"})
    assert (await client.get(f"/lots/{lot['id']}")).status_code == 404
    assert (await client.get(path)).json()["items"] == []
    assert len((await client.get("/origin-declarations")).json()["items"]) == 1


async def test_a_viewers_milestone_names_the_lot_or_challenge_that_it_may_see(scene: Scene) -> None:
    sourced = {"source": scene.source}
    lot, challenge = await scene.given.lot(**sourced), await scene.given.challenge(**sourced)
    paths = [f"/lots/{lot['id']}", f"/challenges/{challenge['id']}", f"/lots/{scene.hidden['lots']}"]
    made = [await scene.given.milestone(path, window=WINDOW, **sourced) for path in paths]
    viewer = scene.clients[Role.VIEWER]
    shown = [(await viewer.get(f"/milestones/{milestone['id']}")).json() for milestone in made]
    assert [(each["lotId"], each["challengeId"]) for each in shown] == [
        (lot["id"], None), (None, challenge["id"]), (None, None),
    ]  # fmt: skip
    assert (await viewer.get("/milestones")).json()["items"] == shown
    assert (await viewer.get(f"/milestones?lotId={lot['id']}")).json()["items"] == shown[:1]
    assert (await viewer.get(f"/lots/{scene.hidden['lots']}/milestones")).status_code == 404


async def test_the_milestones_of_a_programme_that_is_hidden_are_not_listed(scene: Scene) -> None:
    path = f"/programmes/{scene.hidden['programmes']}/milestones"
    statuses = {role: answer.status_code for role, answer in (await scene.reads(path)).items()}
    assert {role for role, status in statuses.items() if status == 404} == set(NARROW)
