"""Much work of one supplier, and many keys that are guessed."""

import asyncio
import json

from tests.attack.scene import Scene, Seen
from tests.attack.sending import SILENT, request

AT_ONCE = 40
GUESSES = 300
PATIENCE = 30
"""Seconds after which whoever asked for a score gives up."""
FAILURES_A_MINUTE = 30
"""What the setting APOS_FAILURE_LIMIT says unless told otherwise."""


async def scores_at_once(scene: Scene) -> list[Seen]:
    """Forty scores of one supplier's own large declaration, at the same time."""
    seen = Seen(f"{AT_ONCE} scores at once")
    body = json.dumps({"declarationId": scene.declared}).encode()
    sent = request("POST", "/v1/score-previews", scene.attacker, body, Content_Type="application/json")

    async def one() -> None:
        # Who is not answered in time has given up, and counts for nothing.
        seen.saw(await scene.send(sent, PATIENCE), {"200", "429", SILENT})

    async with scene.watching(seen):
        await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    seen.must(seen.statuses["200"] > 0, "none was answered")
    return [seen]


async def guessed_keys(scene: Scene) -> list[Seen]:
    """Keys that are guessed, from the address from which another supplier reads: that supplier is answered all the same."""
    seen = Seen("guessed keys")
    guesses = [f"apos_{scene.draw.randbytes(16).hex()}" for _ in range(60 if scene.short else GUESSES)]
    async with scene.watching(seen):
        for guess in guesses:
            seen.saw(await scene.send(request("GET", "/v1/origin-declarations", guess)), {"401", "429"})
    # At the turn of a minute as many again.
    seen.must(seen.statuses["401"] <= 2 * FAILURES_A_MINUTE, f"{seen.statuses['401']} were not slowed")
    events = scene.service.security_events()
    seen.must(seen.statuses["429"] > 0, "none was slowed")
    seen.must(events["signInFailed"] >= seen.statuses["401"], "failures are missing in the security log")
    logs = scene.service.log.read_text(errors="replace") + scene.service.security_log.read_text(errors="replace")
    seen.must(not any(key in logs for key in [*guesses, *scene.keys.values(), scene.attacker]), "a key is in a log")
    return [seen]
