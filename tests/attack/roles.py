"""Requests that schemathesis makes of the contract, each sent as every role and without a key.

A process of its own makes and sends them, so that the other supplier's reads wait for the service alone.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test

from bench.processes import ROOT, ending_with_parent
from tests.api.http.test_contract_fuzz import CHECKS, CONTRACT, OPERATIONS
from tests.attack.scene import Scene, Seen

SECONDS = 25
CASES = 2
RENEWALS = "POST /me/renewals"
"""May end the secret with which it is asked."""
SUCCESS_OR_REFUSAL = {str(status) for status in range(200, 500)}


async def every_role(scene: Scene) -> list[Seen]:
    """As many operations as there is time for, in an order that is drawn."""
    seen = Seen("generated requests as every role")
    given = {"port": scene.service.port, "keys": scene.keys, "seed": scene.draw.randrange(1 << 30), "seconds": SECONDS}
    async with scene.watching(seen):
        sending = await asyncio.create_subprocess_exec(
            *ending_with_parent(), sys.executable, "-m", "tests.attack.roles",
            cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, failed = await sending.communicate(json.dumps(given).encode())
    if sending.returncode != 0:
        raise RuntimeError(failed.decode(errors="replace")[-2000:])
    found = json.loads(said)
    seen.attack += f" ({found['operations']} of {len(OPERATIONS)} operations)"
    seen.statuses.update(found["statuses"])
    for fault in found["faults"][:5]:
        seen.must(False, fault)
    return [seen]


def main() -> None:
    """Sends what standard input says, and prints what was seen."""
    given = json.load(sys.stdin)
    contract = schemathesis.openapi.from_dict(CONTRACT)
    order = [operation for operation in OPERATIONS if operation != RENEWALS]
    random.Random(given["seed"]).shuffle(order)
    found: dict[str, Any] = {"operations": 0, "statuses": Counter(), "faults": []}
    until = time.monotonic() + given["seconds"]
    with requests.Session() as session:
        session.trust_env = False
        for operation in order:
            if time.monotonic() > until:
                break
            _ask(contract, operation, session, given, found)
            found["operations"] += 1
    print(json.dumps(found))


def _ask(contract: Any, operation: str, session: requests.Session, given: Any, found: dict[str, Any]) -> None:
    address = f"http://127.0.0.1:{given['port']}/v1"

    @seed(given["seed"])
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def is_answered_as_documented(case: schemathesis.Case[Any]) -> None:
        for role, key in [*given["keys"].items(), ("nobody", None)]:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            answer = case.call(base_url=address, session=session, headers=headers, timeout=20)
            found["statuses"][str(answer.status_code)] += 1
            try:
                case.validate_response(answer, checks=list(CHECKS))
            except FailureGroup as group:
                wrong = str(group.exceptions[0]).replace("\n", " ")[:200]
                found["faults"].append(f"{operation} as {role}: {answer.status_code} {wrong}")

    [described] = contract.include(name=operation).get_all_operations()
    build_operation_test(
        config=contract.config,
        operation=described.ok(),
        test_func=is_answered_as_documented,
        given_kwargs={},
        feedback=FeedbackSources(),
    )()


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m tests.attack.roles", description=__doc__).parse_args()
    main()
