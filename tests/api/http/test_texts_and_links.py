"""Text and links in bodies, headers and files: composed, visible, and http or https only."""

import json
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter, ValidationError

from api.intake.checking import check
from api.intake.tables.csv_file import read_csv
from api.routes.portfolio.challenges import Cancellation
from api.schemas.bodies import Count, Country, Day, EvidenceItem, Line, Reason, Text, Uri, View, WindowBody
from api.schemas.declarations import Component, ComponentKey
from api.schemas.references import Reference
from tests.support.given import Given, faults

MATCH = {"If-Match": "*"}
LINKS = [
    "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.org/a", "urn:x:y",
    "mailto:a@example.org", "//example.org/a", "https:example.org", "https://", "https://?a", "https://user@example.org",
    "https://user:word@example.org/a", "https://example.org\\@other.org", "https://example.org/a b", "https://example.org/\n",
    "https://example.org/\x01", "https://example.org/é", "https://example.org/<a>", " https://example.org", "vbscript:x",
]  # fmt: skip
GOOD = [
    "https://example.org",
    "http://example.org:8080/a/b?c=d&e=[f]#g",
    "https://[::1]/a@b",
    "https://e.org/?u=a@b.org",
]


@pytest.mark.parametrize("link", LINKS)
def test_only_http_and_https_are_links(link: str) -> None:
    component = {"key": "a", "name": "A", "quantity": 1, "evidence": {"uri": link}}
    for kind, given in ((Uri, link), (Component, component)):
        with pytest.raises(ValidationError, match="give an address that begins with https://"):
            TypeAdapter(kind).validate_python(given)


@pytest.mark.parametrize("link", GOOD)
def test_a_usual_link_is_taken(link: str) -> None:
    assert TypeAdapter(Uri).validate_python(link) == link


class Shown(View):
    """An answer that is made of what requests are made of."""

    title: Line
    note: Text | None
    country: Country
    count: Count
    day: Day
    window: WindowBody
    evidence: list[EvidenceItem]
    cancellation: Cancellation
    references: list[Reference]


def test_an_answer_shows_what_was_stored_before_as_it_is() -> None:
    stored: dict[str, Any] = {
        "title": " a\u200bb",
        "note": "",
        "country": "nl",
        "count": -1,
        "day": "1026-01-01",
        "window": {"start": "2026-01-02", "end": "1026-01-01"},
        "evidence": [{"title": "x" * 5000, "uri": "javascript:alert(1)", "sha256": "A"}],
        "cancellation": {"reason": "\x01", "authority": ""},
        "references": [{"asPrinted": "27 830, nr. 489\n", "dated": "1026-01-01", "note": None}],
    }
    shown = Shown(**stored).model_dump(mode="json", by_alias=True)
    assert [reference.pop("reading")["normalised"] for reference in shown["references"]] == ["27830-489"]
    assert shown == stored
    with pytest.raises(ValidationError, match="3 validation errors"):
        TypeAdapter(EvidenceItem).validate_python(stored["evidence"][0])


def test_a_link_in_a_table_is_refused_in_its_cell() -> None:
    file = b"key,name,quantity,evidence.level,evidence.uri\na,A,1,document,javascript:alert(1)\n"
    [refused] = check(read_csv(file)).report().refused
    assert (refused.row, refused.field) == (2, "evidence.uri")
    assert refused.detail.startswith("give an address that begins with https://")


@pytest.mark.parametrize("kind", [Line, Text, Reason, ComponentKey])
def test_every_type_of_text_is_composed_and_visible(kind: Any) -> None:
    read = TypeAdapter(kind).validate_python
    assert read(" Cafe\u0301 ") == "Café"
    for text in ("a\u202eb", "a\u200bb", "a\x85b", "a\ud800b", "\u0301"):
        with pytest.raises(ValidationError, match=r"which cannot be seen|nothing that can be seen"):
            read(text)


def test_a_key_composed_otherwise_is_the_key_of_the_same_line() -> None:
    file = "key,parentKey,name,quantity\nCafe\u0301,,A,1\nb,Café,B,1\n".encode()
    assert check(read_csv(file)).refusals.count == 0
    twice = "key,name,quantity\nCafe\u0301,A,1\nCafé,B,1\n".encode()
    assert check(read_csv(twice)).refusals.count == 1


async def test_a_field_with_an_invisible_character_is_named(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot()
    answer = await office.patch(f"/lots/{lot['id']}", json={"title": "a\u202eb"}, headers=MATCH)
    assert (answer.status_code, list(faults(answer))) == (400, ["/title"])
    assert "holds U+202E (right-to-left override), which cannot be seen, at character 2" in faults(answer)["/title"]
    answer = await office.patch(
        f"/lots/{lot['id']}", content=json.dumps({"title": "a\ud800"}).encode(),
        headers={**MATCH, "Content-Type": "application/merge-patch+json"},
    )  # fmt: skip
    assert (answer.status_code, list(faults(answer))) == (400, ["/title"]), answer.text


async def test_a_reason_is_text_too(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot()
    headers = {**MATCH, "Change-Reason": "a%E2%80%AEb"}
    answer = await office.patch(f"/lots/{lot['id']}", json={"title": "b"}, headers=headers)
    assert (answer.status_code, list(faults(answer))) == (400, ["/header/Change-Reason"])
