"""Two worlds that differ only in what an audience may not see, and are the same in all else, to the last id.

A world is made of steps, each with ids and codes of its own, so that a step which is left out moves nothing in the
others: what both worlds have is equal byte by byte, and hidden rows lie between those that are seen.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from unittest.mock import patch
from uuid import UUID

import domain.base
from domain.permissions import Role
from tests.support.databases import Postgres, Sqlite
from tests.support.declared import SIGNED
from tests.support.operations import schema
from tests.support.rights import REQUEST_ID
from tests.support.service import Clock, ledger_matches_rows, running
from tests.support.sides import (
    LATER,
    Chronicle,
    Ids,
    a_side,
    a_statement,
    assessed,
    declarations,
    declared,
    registers,
    takes_part,
)

REGISTERS = {
    "Source": ("sourceId", "/sources"),
    "Organisation": ("organisationId", "/organisations"),
    "Programme": ("programmeId", "/programmes"),
    "TestSite": ("testSiteId", "/test-sites"),
    "Trial": ("trialId", "/trials"),
    "Commitment": ("commitmentId", "/commitments"),
    "Target": ("targetId", "/targets"),
    "BudgetLine": ("budgetLineId", "/budget-lines"),
}
"""Nouns of which those outside see what is published, without its note."""
FIRST = 0x01A1_0000_0000
AFTERWARDS = 1000
"""The step of whatever is written once a world is made."""


class Sequence:
    """Ids that are the same in every world: version 7, ordered by step and then by number."""

    def __init__(self) -> None:
        self.begin(AFTERWARDS)

    def begin(self, step: int) -> None:
        """From here on ids are those of a step, from its first one."""
        self._step, self._numbers = step, count(1)

    def uuid7(self) -> UUID:
        """The next id of the step."""
        return UUID(int=(FIRST + self._step) << 80 | 7 << 76 | 2 << 62 | next(self._numbers))


@contextmanager
def numbered() -> Iterator[Sequence]:
    """Within it, new rows get ids in sequence instead of by the machine's clock."""
    sequence = Sequence()
    with patch.object(domain.base, "compat", sequence):
        yield sequence


@dataclass
class Scene:
    """What the steps of a world have made so far: the registers, and both sides."""

    given: Chronicle
    shared: Ids = field(default_factory=dict)
    own: Ids = field(default_factory=dict)
    rival: Ids = field(default_factory=dict)


Make = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True)
class Step:
    """Makes something that both worlds have, or that only the full one has."""

    make: Make
    hidden: bool = False


@dataclass(frozen=True)
class World:
    """A database with a world in it, and the secret of whoever asks there."""

    url: str
    secret: str
    scene: Scene

    @property
    def made(self) -> dict[str, list[Any]]:
        """The ids of all rows, by the parameter that names them."""
        return self.scene.given.made


@dataclass(frozen=True)
class Audience:
    """Somebody who asks: a role, and the steps of a world, some of them hidden from it."""

    role: Role
    steps: tuple[Step, ...]

    async def world(self, server: Postgres | Sqlite, *, full: bool) -> World:
        """A world in a new database, with what is hidden from this audience, or without."""
        url = server.empty()
        with numbered() as sequence:
            async with running(url, Clock()) as apos:
                given = Chronicle(apos, await apos.as_(Role.PROGRAMME_ADMIN))
                for client in (given.admin, await given.second()):
                    client.headers["X-Request-Id"] = REQUEST_ID
                scene = Scene(given)
                for number, step in enumerate(self.steps):
                    sequence.begin(number)
                    given.numbers = count(1 + 100 * number)
                    if full or not step.hidden:
                        await step.make(scene)
                secret = await self._secret(scene)
                await _name_what_nobody_makes(given)
        ledger_matches_rows(url)
        return World(url, secret, scene)

    async def _secret(self, scene: Scene) -> str:
        if self.role in (Role.SUPPLIER, Role.ASSESSOR):
            return scene.own[f"{self.role}Secret"]  # type: ignore[no-any-return]
        return (await scene.given.apos.key(self.role))[1]


async def _name_what_nobody_makes(given: Chronicle) -> None:
    for scheme in (await given.admin.get("/score-schemes?schemeVersion=BM-1.0")).json()["items"]:
        given.remember("schemeId", scheme["id"], scheme)
    for template in (await given.admin.get("/declaration-templates")).json()["items"]:
        given.remember("templateId", template["id"], template)
        for publication in (await given.admin.get(f"/score-schemes/{scheme['id']}/publications")).json()["items"]:
            given.remember("publicationId", publication["id"], publication)
    for page in ("/audit-events?limit=1", "/audit-events?limit=1&sort=-seq"):
        [event] = (await given.admin.get(page)).json()["items"]
        given.remember("seq", event["seq"], event)


async def _registers(scene: Scene) -> None:
    scene.shared = await registers(scene.given)


async def _rival(scene: Scene) -> None:
    scene.rival = await a_side(scene.given, scene.shared, "a")


async def _own(scene: Scene) -> None:
    basis = {"nameBasis": "publishedSource", "source": scene.shared["sourceKey"]}
    newcomer = await scene.given.supplier(name="Nieuwkomer BV", **basis)
    scene.own = {
        **await a_side(scene.given, scene.shared, "b", public=True, hidden=scene.rival),
        "newcomerId": newcomer["id"],
    }


async def _maker(scene: Scene) -> None:
    """A maker deeper in the chain shares a component with the actor's own supplier."""
    sharing = a_statement(scene.own["newcomerId"], sharedWith=[scene.own["supplierId"]])
    scene.own["sharedStatementId"] = (await scene.given.post("/component-statements", sharing))["id"]


async def _shared_with_more(scene: Scene) -> None:
    """The maker shares the same component with the rival, and makes another for it."""
    shared = [scene.own["supplierId"], scene.rival["supplierId"]]
    await scene.given.patch(f"/component-statements/{scene.own['sharedStatementId']}", {"sharedWith": shared})
    other = a_statement(scene.own["newcomerId"], name="Alleen voor de ander", sharedWith=[scene.rival["supplierId"]])
    await scene.given.post("/component-statements", other)


async def _rival_within(scene: Scene) -> None:
    """The rival takes part in the very same lots and challenge, and declares for them in every status."""
    same = ("lotId", "openLotId", "challengeId")
    within = {**scene.rival, **{name: scene.own[name] for name in same}}
    await takes_part(scene.given, within)
    await declarations(scene.given, within)
    early = await scene.given.post("/origin-declarations", declared({**within, "lotId": within["openLotId"]}))
    await scene.given.post(f"/origin-declarations/{early['id']}/submissions", SIGNED)


async def _oversight(scene: Scene) -> None:
    """What the office keeps beside what it shows: dependencies, safeguards, settings, keys."""
    given, own = scene.given, scene.own
    dependency = await given.post("/dependencies", {"subject": "Motoren", "lotId": own["lotId"], "key": "dep-own"})
    await given.post(f"/dependencies/{dependency['id']}/safeguards", {"text": "Voorraad", "position": 1})
    settings = {"effectiveOn": "2026-11-21", "envelope": {"amount": "8.00", "fund": "dmf"}}
    await given.post(f"/programmes/{own['programmeId']}/settings", settings)
    for role in ("auditor", "programmeOffice", "assessor"):
        await given.post("/api-keys", {"role": role, "label": f"Sleutel {role}"})


async def _assessors(scene: Scene) -> None:
    """Another assessor beside the one who is there."""
    key = await scene.given.post("/api-keys", {"role": "assessor", "label": "Beoordelaar"})
    for parent in (f"/lots/{scene.own['lotId']}", f"/challenges/{scene.own['challengeId']}"):
        await scene.given.put(parent, "assessors", {"keyIds": [scene.own["assessorKeyId"], key["id"]]})


async def _work_on_milestone(scene: Scene) -> None:
    """Another assessment with the same outcome, and a rebaseline there and back."""
    path = f"/milestones/{scene.own['milestoneId']}"
    await scene.given.post(f"{path}/assessments", assessed("Nogmaals bekeken, nog steeds niet."))
    for window in ({"start": "2028-01-01", "end": "2028-02-01"}, LATER):
        await scene.given.post(f"{path}/rebaselines", {"window": window, "reason": "intern", "authority": "intern"})


async def _moved_milestone(scene: Scene) -> None:
    """A rebaseline and an outcome that the public does not see."""
    path = f"/milestones/{scene.own['milestoneId']}"
    window = {"start": "2029-01-01", "end": "2029-02-01"}
    await scene.given.post(f"{path}/rebaselines", {"window": window, "reason": "intern", "authority": "intern"})
    met = {**assessed("Toch gehaald."), "outcome": "met", "achievedOn": "2026-11-20", "assessedOn": "2026-11-21"}
    await scene.given.post(f"{path}/assessments", met)


async def _confidential_names(scene: Scene) -> None:
    """What is known of a supplier, and of its key, changes."""
    await scene.given.patch(f"/suppliers/{scene.own['supplierId']}", {"name": "Andere naam", "country": "DE"})
    await scene.given.patch(f"/api-keys/{scene.own['keyId']}", {"label": "Anders"})


async def _partners_within(scene: Scene) -> None:
    """The rival takes part in the very same lots and challenge, and declares nothing."""
    await takes_part(scene.given, {**scene.own, "supplierId": scene.rival["supplierId"]})


async def _later(scene: Scene) -> None:
    """Rows that both worlds have, with ids after all that is hidden."""
    await scene.given.post("/origin-declarations", declared(scene.own))
    lot = f"/lots/{scene.own['lotId']}"
    await scene.given.milestone(lot, key="m-later", source=scene.shared["sourceKey"], critical=False)


def _internal(scene: Scene) -> dict[str, dict[str, Any]]:
    """A value for every field that some audience does not see, by the noun it belongs to."""
    budget = {"amount": "1.00", "fund": "dmf", "note": "intern"}
    fact = {"note": "intern", "readings": ["intern"], "deliveryConfidence": {"points": 1, "narrative": "intern"}}
    work = {**fact, "budget": budget, "effect": "intern", "statusSince": "2026-01-05"}
    return {
        "Lot": {
            **work,
            "domain": "sea",
            "ownerId": scene.rival["organisationId"],
            "period": LATER,
            "cooperationForm": "competition",
            "containsAi": True,
            "principles": ["intern"],
            "cooperation": {"ministerial": ["FR"], "official": ["BE"]},
            "references": [{"asPrinted": "intern"}],
            "replacedBy": scene.rival["lotId"],
        },
        # A cancellation comes with a status, which everybody sees: by itself it is always null.
        "Challenge": {**work, "cancellation": None},
        "Milestone": {
            **fact,
            "payment": {"amount": "6.00"},
            "after": scene.rival["milestoneId"],
            "critical": False,
            "acceptanceCriterion": "intern",
            "forecast": {"start": "2029-01-01", "end": "2029-02-01"},
            "aiVersion": "intern",
        },
        **{noun: {"note": "intern"} for noun in ("Supplier", *REGISTERS)},
    }


def _internal_fields(views: dict[str, str]) -> Step:
    """Changes every field of the shared rows that these views do not show, as the contract has it.

    A new field without a value here raises: it would else be compared with nothing.
    """
    places = {
        "Lot": ("lotId", "/lots"),
        "Challenge": ("challengeId", "/challenges"),
        "Milestone": ("milestoneId", "/milestones"),
        "Supplier": ("supplierId", "/suppliers"),
        **REGISTERS,
    }

    async def change(scene: Scene) -> None:
        for noun, view in views.items():
            unseen = set(schema(f"{noun}EditPatch")["properties"]) - set(schema(view)["properties"])
            parameter, path = places[noun]
            values = {name: _internal(scene)[noun][name] for name in sorted(unseen)}
            await scene.given.patch(f"{path}/{scene.own[parameter]}", values)

    return Step(change, hidden=True)


async def _notes_within(scene: Scene) -> None:
    """What the office notes of a budget and of a paper, within fields that are seen."""
    budget = {"amount": "90.00", "fund": "dmf", "note": "intern"}
    await scene.given.patch(f"/programmes/{scene.own['programmeId']}", {"budget": budget})
    paper = {"asPrinted": "27 803, nr. 49", "note": "probably 27 830."}
    await scene.given.patch(f"/commitments/{scene.own['commitmentId']}", {"references": [paper]})


_FOR_SUPPLIER = {
    "Lot": "LotForSupplier",
    "Challenge": "ChallengeForSupplier",
    "Milestone": "MilestoneForSupplier",
    **{noun: f"{noun}Public" for noun in REGISTERS},
}
_FOR_PUBLIC = {noun: f"{noun}Public" for noun in ("Lot", "Challenge", "Milestone", "Supplier", *REGISTERS)}
_HIDDEN_FROM_OUTSIDERS = (_rival_within, _oversight, _assessors, _work_on_milestone)

AUDIENCES = {
    Role.SUPPLIER: Audience(
        Role.SUPPLIER,
        (
            Step(_registers),
            Step(_rival, hidden=True),
            Step(_own),
            Step(_maker),
            *(Step(make, hidden=True) for make in _HIDDEN_FROM_OUTSIDERS),
            Step(_shared_with_more, hidden=True),
            Step(_notes_within, hidden=True),
            _internal_fields(_FOR_SUPPLIER),
            Step(_later),
        ),
    ),
    Role.VIEWER: Audience(
        Role.VIEWER,
        (
            Step(_registers),
            Step(_rival, hidden=True),
            Step(_own),
            *(Step(make, hidden=True) for make in (*_HIDDEN_FROM_OUTSIDERS, _moved_milestone)),
            Step(_notes_within, hidden=True),
            _internal_fields(_FOR_PUBLIC),
            Step(_later),
        ),
    ),
    Role.ASSESSOR: Audience(
        Role.ASSESSOR,
        (
            Step(_registers),
            Step(_rival, hidden=True),
            Step(_own),
            *(Step(make, hidden=True) for make in (_partners_within, _oversight, _confidential_names)),
            Step(_later),
        ),
    ),
}
"""Who asks, and what the two worlds differ in for each."""
