"""The rules of visibility: every pair of a table and a role that can be reached has one, and none gives a secret away.

What a role can reach is found by reaching it: it asks every operation of the contract, of a database that always answers.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from sqlmodel import SQLModel

from api.http.route import routes_of
from api.store import visibility
from api.store.visibility import RULES, ReadContext, Rule, visible
from domain.access.api_keys import ApiKey
from domain.base import Audited
from domain.ledger import table_of
from domain.permissions import Role, may
from domain.portfolio.lots import Lot
from domain.portfolio.milestones import Milestone
from tests.architecture.contract import contract
from tests.architecture.stand_in import SOME_ID, client, contract_of, stand_in
from tests.factories.permissions import an_actor
from tests.support.service import clear_cached_selects

Pair = tuple[type[SQLModel], Role]


@dataclass
class Reached:
    """What a role reached: the pairs that were asked for, and the operations that did not answer as they should."""

    asked: set[Pair] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)


class Listening(dict[Pair, Rule]):
    """Rules that keep which pairs were asked for."""

    def __init__(self, rules: Mapping[Any, Rule], asked: set[Pair]) -> None:
        super().__init__(rules)
        self._asked = asked

    def get(self, pair: Pair, default: Any = None) -> Any:
        self._asked.add(pair)
        return super().get(pair, default)


def reached_by(role: Role, rules: Mapping[Any, Rule]) -> Reached:
    """What a role reaches when it asks every operation of the contract, by these rules."""
    reached = Reached()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(visibility, "RULES", Listening(rules, reached.asked))
        clear_cached_selects()
        asyncio.run(_ask_everything(role, contract(), reached))
    clear_cached_selects()
    return reached


async def _ask_everything(role: Role, document: Mapping[str, Any], reached: Reached) -> None:
    app = stand_in(role)
    guards = {
        (operation.method.lower(), operation.path): operation.permissions[0]
        for operation in (route.operation for route in routes_of(contract_of(app)))
    }
    async with client(app) as asking:
        for path, operations in document["paths"].items():
            url = re.sub(r"\{\w+\}", str(SOME_ID), path.replace("{seq}", "1"))
            for method, operation in operations.items():
                content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                answer = await asking.request(method.upper(), url, **_json(content))
                allowed = may(an_actor(role), guards[method, path])
                if answer.status_code >= 500 or (answer.status_code == 403) == allowed:
                    reached.failed.append(f"{role}: {method.upper()} {path} answered {answer.status_code}")


def _json(content: Mapping[str, Any]) -> dict[str, Any]:
    return {"json": content["example"]} if "example" in content else {}


def faulty_rules(rules: Mapping[Any, Rule]) -> list[str]:
    """What is wrong with rules by themselves: columns that are not there, and secrets."""
    faults = []
    for (kind, role), rule in rules.items():
        columns = table_of(kind).columns
        for name in rule.columns or ():
            if name not in columns:
                faults.append(f"{kind.__name__} for {role}: there is no column {name}")
            elif columns[name].info.get("secret"):
                faults.append(f"{kind.__name__} for {role}: {name} is a secret")
    return faults


@pytest.fixture(scope="module")
def reached() -> dict[Role, Reached]:
    """What every role reaches."""
    return {role: reached_by(role, RULES) for role in Role}


@pytest.mark.parametrize("role", Role)
def test_every_operation_answers_every_role_that_may_use_it_and_refuses_the_others(
    reached: dict[Role, Reached], role: Role
) -> None:
    assert reached[role].failed == []


def test_every_table_that_a_role_can_reach_has_a_rule_for_it(reached: dict[Role, Reached]) -> None:
    asked = {pair for role in Role for pair in reached[role].asked}
    assert asked
    assert [f"{kind.__name__} for {role}" for kind, role in asked if (kind, role) not in RULES] == []


def test_no_rule_gives_a_role_what_no_operation_of_its_own_needs(reached: dict[Role, Reached]) -> None:
    asked = {pair for role in Role for pair in reached[role].asked}
    assert [f"{kind.__name__} for {role}" for kind, role in RULES if (kind, role) not in asked] == []


def test_rules_name_columns_that_are_there_and_never_a_secret() -> None:
    assert faulty_rules(RULES) == []


def _context(role: Role) -> ReadContext:
    return ReadContext(an_actor(role), date(2026, 11, 21))


PAIRS = pytest.mark.parametrize(("kind", "role"), RULES, ids=lambda value: getattr(value, "__name__", str(value)))


@PAIRS
def test_a_role_sees_what_its_rule_says_and_no_secret(kind: type[Audited], role: Role) -> None:
    seen = set(visible(kind, _context(role)).c.keys())
    everything = {column.name for column in table_of(kind).columns if not column.info.get("secret")}
    assert seen == set(RULES[kind, role].columns or everything)


def _unruled() -> list[Pair]:
    kinds = dict.fromkeys(kind for kind, _ in RULES)
    return [(kind, role) for kind in kinds for role in Role if (kind, role) not in RULES]


@pytest.mark.parametrize(("kind", "role"), _unruled(), ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_table_without_a_rule_for_a_role_shows_nothing(kind: type[Audited], role: Role) -> None:
    with pytest.raises(LookupError, match=f"no rule says what {role} may read of {kind.__name__}"):
        visible(kind, _context(role))


def test_a_missing_rule_is_seen_by_whoever_needs_it() -> None:
    pair = (Milestone, Role.SUPPLIER)
    reached = reached_by(Role.SUPPLIER, {known: rule for known, rule in RULES.items() if known != pair})
    assert pair in reached.asked
    assert "supplier: GET /milestones answered 500" in reached.failed


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        pytest.param(
            {(Lot, Role.VIEWER): Rule(columns=("id", "colour"))},
            "Lot for viewer: there is no column colour",
            id="a column that is not there",
        ),
        pytest.param(
            {(ApiKey, Role.AUDITOR): Rule(columns=("id", "key_hash"))},
            "ApiKey for auditor: key_hash is a secret",
            id="a secret",
        ),
    ],
)
def test_a_faulty_rule_is_seen(rules: Mapping[Any, Rule], fault: str) -> None:
    assert faulty_rules(rules) == [fault]
