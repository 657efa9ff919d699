"""What an operation declares, what the contract says of it, and what it does when it is asked: the same facts of each.

A fact that only one of the three knows has been said somewhere else than where it belongs.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from api.http.negotiation import CSV, CYCLONEDX, CYCLONEDX_XML, JSON, MERGE_PATCH, ODS, TSV, XLS, XLSX
from api.http.operation import Operation
from domain.permissions import Role, may
from tests.architecture.stand_in import DEFAULTS, SOME_ID, client
from tests.factories.permissions import an_actor

Facts = Mapping[str, object]
Document = Mapping[str, Any]
MEDIA_TYPES = (JSON, MERGE_PATCH, CSV, TSV, XLSX, ODS, XLS, CYCLONEDX, CYCLONEDX_XML)
NO_MEDIA_TYPE = "application/nosuch"
TAGGED_BY_THEMSELVES = {"getScore", "previewScore", "getChanges"}
"""Operations whose answer is rendered before it comes to the route, under a digest of its own."""
LANGUAGE_HEADERS = {"Content-Language", "Vary"}
CREATED_HEADERS = {"Location", "Idempotent-Replayed"}
REFUSED_FILE = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {"component": {"type": "device", "name": "Kestrel"}},
    "components": [{"type": "device", "name": "", "bom-ref": "radio"}],
}
"""A file that can be read, and of which a line cannot be used."""


def name_of(operation: Operation) -> str:
    """As a reader of the contract says it: `GET /lots/{lotId}`."""
    return f"{operation.method} {operation.path}"


def declared(operation: Operation) -> Facts:
    """What an operation says of itself."""
    return {
        "If-Match": operation.needs_if_match,
        "If-None-Match": operation.answers_not_modified,
        "Idempotency-Key": operation.takes_idempotency_key,
        "Change-Reason": operation.writes,
        "Accept-Language": operation.answers_in_language,
        "Vary": operation.answers_in_language or len(operation.formats) > 1,
        "formats": sorted(operation.formats),
        "accepts": sorted(operation.accepts),
        "reports": operation.reports,
    }


def described(operation: Operation, document: Document) -> Facts:
    """The same as a contract says it, in what is asked and in what is answered."""
    spec = _spec_of(operation, document)
    answers = spec["responses"]
    [success, *others] = [answer for status, answer in answers.items() if status.startswith("2")]
    asked = {parameter["name"] for parameter in spec.get("parameters", []) if parameter["in"] == "header"}
    bodies = sorted(spec.get("requestBody", {}).get("content", {}))
    created = all(set(answer["headers"]) >= CREATED_HEADERS for answer in (success, *others))
    return {
        "If-Match": _both("If-Match" in asked, "412" in answers, "428" in answers),
        "If-None-Match": _both("If-None-Match" in asked, "304" in answers),
        "Idempotency-Key": _both("Idempotency-Key" in asked, "422" in answers, created),
        "Change-Reason": "Change-Reason" in asked,
        "Accept-Language": _both("Accept-Language" in asked, set(success["headers"]) >= LANGUAGE_HEADERS),
        "Vary": "Vary" in success["headers"],
        "formats": sorted(success["content"]),
        "accepts": bodies if ("415" in answers) == bool(bodies) else "as 415 does not say",
        "reports": "IntakeReport" in json.dumps(answers["400"]),
    }


def _both(*said: bool) -> object:
    """What is said throughout; all of it where it is not the same."""
    return said[0] if len(set(said)) == 1 else said


def _spec_of(operation: Operation, document: Document) -> Document:
    spec: Document = document["paths"][operation.path][operation.method.lower()]
    return spec


@dataclass
class Caller:
    """Somebody who asks one operation, with its example for a body, in every way that shows what it does."""

    asking: httpx.AsyncClient
    operation: Operation
    spec: Document

    async def ask(self, *, without: str = "", body: object = None, **headers: str) -> httpx.Response:
        """The answer to a request that is right, but for what is given here."""
        named = {"{templateId}": "components", "{seq}": "1"}
        steps = [named.get(step, str(SOME_ID)) if "{" in step else step for step in self.operation.path.split("/")]
        example = self.spec.get("requestBody", {}).get("content", {}).get(JSON, {}).get("example")
        content = None if example is None else json.dumps(body or example)
        right = {"If-Match": "*", **({} if content is None else {"Content-Type": JSON})}
        given = right | {name.replace("_", "-"): value for name, value in headers.items()}
        given.pop(without, None)
        return await self.asking.request(self.operation.method, "/".join(steps), content=content, headers=given)

    async def facts(self) -> Facts:
        """What it does, in the words of `declared`."""
        return {
            "If-Match": (await self.ask(without="If-Match")).status_code == 428,
            # A list has a tag in formats other than JSON, which come last.
            "If-None-Match": (await self.ask(If_None_Match="*", Accept=[*self.operation.formats][-1])).status_code
            == 304,
            "Idempotency-Key": "/header/Idempotency-Key" in (await self.ask(Idempotency_Key="a b")).text,
            "Change-Reason": "/header/Change-Reason" in (await self.ask(Change_Reason=" ")).text,
            "Accept-Language": (await self.ask(Accept_Language="nl")).headers.get("content-language") == "nl",
            "Vary": "vary" in (await self.ask()).headers,
            "formats": sorted([media async for media in self._formats()]),
            "accepts": sorted([media async for media in self._accepts()]),
            "reports": '"report":' in (await self.ask(body=REFUSED_FILE, Content_Type=CYCLONEDX)).text,
        }

    async def _formats(self) -> AsyncIterator[str]:
        for media in MEDIA_TYPES:
            answer = await self.ask(Accept=media)
            if answer.status_code != 406:
                yield answer.headers["content-type"].partition(";")[0] if answer.is_success else media

    async def _accepts(self) -> AsyncIterator[str]:
        if (await self.ask(Content_Type=NO_MEDIA_TYPE)).status_code == 415:
            for media in MEDIA_TYPES:
                if (await self.ask(Content_Type=media)).status_code != 415:
                    yield media

    async def faults(self) -> list[str]:
        """What is wrong with its tag, with its address, and with how much it reads."""
        larger = await self.ask(Content_Length=str(DEFAULTS.max_body_bytes + 1))
        reads_large = larger.status_code != 413
        faults = [] if reads_large == self.operation.reads_large_body else [f"reads large bodies: {reads_large}"]
        answer = await self.ask(Accept=JSON)
        if answer.is_success and answer.headers["content-type"] == JSON:
            tag, right = answer.headers.get("etag"), self._tag_of(answer)
            faults += [] if tag == right else [f"has the tag {tag} instead of {right}"]
            where, own = answer.headers.get("location", ""), f"/{answer.json().get('id')}"
            # The key in use is read at a path without its id.
            is_right = where.endswith((own, "/me")) if self.operation.takes_idempotency_key else where == ""
            faults += [] if is_right else [f"is said to be at {where}"]
        return faults

    def _tag_of(self, answer: httpx.Response) -> str | None:
        """The tag that a body asks for, as anybody could work it out who reads the whole of it."""
        if self.operation.is_list:
            return None
        if self.spec["operationId"] in TAGGED_BY_THEMSELVES:
            return answer.headers["etag"]
        body = answer.json()
        digest = body.get("digest", hashlib.sha256(answer.content).hexdigest())[:16]
        return f'"v{body["version"]}-{digest}"' if "version" in body else f'"{digest}"'


async def observed(
    operations: list[Operation], app_for: Callable[[Role], FastAPI], document: Document
) -> dict[str, tuple[Facts, list[str]]]:
    """What operations do, by their names, each asked by somebody who may; and what else is wrong with their answers."""
    behaviour = {}
    for role in sorted({_first_who_may(operation) for operation in operations}):
        async with client(app_for(role)) as asking:
            del asking.headers["If-Match"]
            for operation in operations:
                if _first_who_may(operation) is role:
                    caller = Caller(asking, operation, _spec_of(operation, document))
                    behaviour[name_of(operation)] = (await caller.facts(), await caller.faults())
    return behaviour


def _first_who_may(operation: Operation) -> Role:
    return next(role for role in Role if all(may(an_actor(role), permission) for permission in operation.permissions))


def differences(operation: Operation, facts: Facts) -> list[str]:
    """The facts that are other than an operation declares them."""
    said = declared(operation)
    return [
        f"{name_of(operation)}: {name} is {facts[name]}, declared {said[name]}"
        for name in said
        if facts[name] != said[name]
    ]
