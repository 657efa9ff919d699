"""Texts in the language that is asked for, over HTTP, and how a header is read."""

from typing import Any

import httpx
import pytest
from hypothesis import given as tried
from hypothesis import strategies as st

from api.http.negotiation import preferred_language
from domain.scoring.texts.languages import Language
from tests.support.declared import PROFILE, statement
from tests.support.given import Given
from tests.support.properties import holds

EN, NL = Language.EN, Language.NL


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", EN),
        ("nl", NL),
        ("NL", NL),
        ("nl-NL", NL),
        ("nl-BE, fr;q=0.9", NL),
        ("en, nl", EN),
        ("nl, en", NL),
        ("en;q=0.5, nl;q=0.6", NL),
        ("nl;q=0.5, en", EN),
        ("nl; q=0.1", NL),
        ("nl;q=0", EN),
        ("nl;q=0.000, en;q=0", EN),
        ("fr, de", EN),
        ("fr, nl;q=0.2", NL),
        ("*", EN),
        ("nlx", EN),
        ("nl;q=high", NL),
        (";;q=,,", EN),
    ],
)
def test_the_preferred_language(header: str, language: Language) -> None:
    assert preferred_language(header) is language


@holds
@tried(header=st.text(st.sampled_from("nleNL-;,=q01. *\t") | st.characters(), max_size=40))
def test_any_header_gives_a_language(header: str) -> None:
    assert preferred_language(header) in Language


async def test_a_stored_score_is_told_in_either_language_with_the_same_figures(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, dimensions=[])
    await given.submitted(draft, client)
    path = f"/origin-declarations/{draft['id']}/score"
    english, dutch, again = [
        await client.get(path, headers={"Accept-Language": header} if header else {})
        for header in ("", "nl", "nl, en;q=0.3")
    ]
    assert [answer.headers["content-language"] for answer in (english, dutch)] == ["en", "nl"]
    assert [answer.headers["vary"] for answer in (english, dutch)] == ["Accept-Language", "Accept-Language"]
    assert again.content == dutch.content
    first = [answer.json()["explanation"][0]["cause"]["text"] for answer in (english, dutch)]
    assert first == [
        "made in NL (in the EU or EEA): 100 of 100, audited, counts in full",
        "gemaakt in NL (in de EU of de EER): 100 van 100, bevestigd door een audit, telt volledig mee",
    ]
    assert dutch.json()["knockOuts"][0]["text"].startswith("de afhankelijkheid voor cloudtoegang")
    assert (
        dutch.json()["improvements"][0]["text"]
        == "verklaar de afhankelijkheid voor cloudtoegang; dit is de winst als die er niet is en u dat ten minste"
        " zelf verklaart"
    )
    assert _without_texts(english.json()) == _without_texts(dutch.json())


async def test_each_language_has_its_own_tag_and_what_did_not_change_says_its_language(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    await given.submitted(draft, client)
    path = f"/origin-declarations/{draft['id']}/score"
    tags = {}
    for language in Language:
        asking = {"Accept-Language": language.value}
        tags[language] = (await client.get(path, headers=asking)).headers["etag"]
        known = await client.get(path, headers={**asking, "If-None-Match": tags[language]})
        assert (known.status_code, known.headers["content-language"], known.headers["vary"]) == (
            304, language.value, "Accept-Language",
        )  # fmt: skip
    assert tags[EN] != tags[NL]
    other = await client.get(path, headers={"Accept-Language": "nl", "If-None-Match": tags[EN]})
    assert other.status_code == 200


async def test_a_preview_is_told_in_dutch_too(office: httpx.AsyncClient) -> None:
    body = {"profile": PROFILE, "declaration": statement(designAuthority=None)}
    answer = await office.post("/score-previews", json=body, headers={"Accept-Language": "nl"})
    assert (answer.headers["content-language"], answer.headers["vary"]) == ("nl", "Accept-Language")
    [line] = [line for line in answer.json()["explanation"] if line["criterion"] == "designAuthority"]
    assert line["cause"]["text"] == "over de ontwerpautoriteit is niets verklaard"


async def test_improvements_say_exactly_what_a_change_gains(office: httpx.AsyncClient) -> None:
    declaration = statement()
    declaration["components"][1] |= {"countryOfControl": "CN", "stockWeeks": "3"}
    declaration["dimensions"][0] |= {"dependence": "partial", "country": "US"}
    before = await _asked(office, declaration)
    assert [tuple(entry.values())[:-1] for entry in before["improvements"]] == [
        ("replace", "power", "countryOfControl", "CN", "G1", "3.7500"),
        ("replace", "operationalUse", "country", "US", "G1", "2.5000"),
        ("reduce", "operationalUse", "dependence", "partial", "none", "2.5000"),
        ("stock", "power", "stockWeeks", "3", "12", "1.4063"),
    ]
    declaration["components"][1] |= {"countryOfControl": "DE"}
    after = await _asked(office, declaration)
    assert float(after["points"]["control"]) - float(before["points"]["control"]) == 3.75


async def _asked(client: httpx.AsyncClient, declaration: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/score-previews", json={"profile": PROFILE, "declaration": declaration})
    body: dict[str, Any] = answer.json()
    return body


def _without_texts(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _without_texts(value) for name, value in node.items() if name != "text"}
    return [_without_texts(item) for item in node] if isinstance(node, list) else node
