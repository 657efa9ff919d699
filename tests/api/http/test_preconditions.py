"""ETag, If-Match and If-None-Match."""

from collections.abc import Callable

import httpx
import pytest

from domain.permissions import Role
from domain.portfolio.lots import Lot
from tests.support.given import Given, faults
from tests.support.service import Apos, Clock


async def test_a_change_without_if_match_is_428_and_with_a_stale_one_412(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot = await given.lot()
    path = f"/lots/{lot['id']}"
    tag = (await office.get(path)).headers["etag"]
    assert tag.startswith('"v1-')
    missing = await office.patch(path, json={"title": "Een"})
    assert (missing.status_code, list(faults(missing))) == (428, ["/header/If-Match"])

    first = await office.patch(path, json={"title": "Een"}, headers={"If-Match": tag})
    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert first.headers["etag"] == (await office.get(path)).headers["etag"]

    stale = await office.patch(path, json={"title": "Twee"}, headers={"If-Match": tag})
    assert (stale.status_code, list(faults(stale))) == (412, ["/header/If-Match"])
    assert apos.rows(Lot)[0]["title"] == "Een"


OF_ANOTHER_VERSION = ['"v9-0123456789abcdef"', 'W/"v9-0123456789abcdef"', '"v9-0123456789abcdef-gzip", "1"']


@pytest.mark.parametrize("tag", OF_ANOTHER_VERSION)
async def test_a_tag_of_another_version_is_stale(given: Given, office: httpx.AsyncClient, tag: str) -> None:
    lot = await given.lot()
    answer = await office.patch(f"/lots/{lot['id']}", json={"title": "Een"}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["type"]) == (412, "/problems/stale")
    assert faults(answer) == {"/header/If-Match": "is the ETag of another version; the stored one is version 1"}


WITHOUT_A_VERSION = [
    ("", "is empty"),
    ("v1-0123456789abcdef", "lacks its quotation marks"),
    *(
        (tag, "is not an ETag of this resource")
        for tag in ("v1", '"1"', '"0123456789abcdef"', '"5e-62ab", "7"', 'W/"x"')
    ),
    *((f'"v1-{digest}"', "is not an ETag") for digest in ("0123", "0123456789abcdef0", "0123456789abcdeg", "x" * 400)),
    ('"v99999999999999999999-0123456789abcdef"', "is not an ETag of this resource"),
]


@pytest.mark.parametrize(("tag", "beginning"), WITHOUT_A_VERSION)
async def test_what_names_no_version_is_never_called_another_version(
    apos: Apos, given: Given, office: httpx.AsyncClient, tag: str, beginning: str
) -> None:
    lot = await given.lot(title="Kavel")
    answer = await office.patch(f"/lots/{lot['id']}", json={"title": "Een"}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["type"]) == (412, "/problems/no-version")
    assert answer.json()["detail"] == "If-Match names no version of the resource"
    detail = faults(answer)["/header/If-Match"]
    assert detail.startswith(beginning)
    assert '"v1-0123456789abcdef"' in detail
    assert apos.rows(Lot)[0]["title"] == "Kavel"


BY_PROXIES = {
    "weakened, as nginx does": lambda tag: f"W/{tag}",
    "-gzip, as Apache does": lambda tag: f'{tag[:-1]}-gzip"',
    "-gzip after the quotation mark": lambda tag: f"{tag}-gzip",
    "--gzip, as Jetty does": lambda tag: f'{tag[:-1]}--gzip"',
    ";gzip": lambda tag: f'{tag[:-1]};gzip"',
    ":zstd": lambda tag: f'{tag[:-1]}:zstd"',
    "-br": lambda tag: f'{tag[:-1]}-br"',
    "weakened and -gzip": lambda tag: f'W/{tag[:-1]}-gzip"',
    "one of several": lambda tag: f'"1", W/{tag}',
}
"""What proxies make of an ETag."""


@pytest.mark.parametrize("change", BY_PROXIES.values(), ids=BY_PROXIES.keys())
async def test_a_tag_that_a_proxy_changed_is_taken_for_what_it_was(
    given: Given, office: httpx.AsyncClient, change: Callable[[str], str]
) -> None:
    path = f"/lots/{(await given.lot())['id']}"
    tag = (await office.get(path)).headers["etag"]
    known = await office.get(path, headers={"If-None-Match": change(tag)})
    assert (known.status_code, known.headers["etag"]) == (304, tag)
    other = await office.get(path, headers={"If-None-Match": change('"v1-0123456789abcdef"')})
    assert other.status_code == 200
    assert (await office.patch(path, json={"title": "Een"}, headers={"If-Match": change(tag)})).status_code == 200
    stale = await office.patch(path, json={"title": "Twee"}, headers={"If-Match": change(tag)})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/stale")


async def test_the_tag_of_the_csv_of_a_draft_serves_to_replace_its_lines(
    given: Given, office: httpx.AsyncClient
) -> None:
    supplier, lot = await given.supplier(), await given.lot()
    await given.partner(lot, supplier)
    draft = await given.declaration(lot, supplier, office, totalComponentCost=None)
    path = f"/origin-declarations/{draft['id']}/components"
    for dialect in ("rfc4180", "excel-nl"):
        read = await office.get(f"{path}?dialect={dialect}", headers={"Accept": "text/csv"})
        headers = {"If-Match": read.headers["etag"], "Content-Type": "text/csv"}
        written = await office.put(path, content=read.content, headers=headers)
        assert written.status_code == 200, written.text
        assert (await office.put(path, content=read.content, headers=headers)).json()["type"] == "/problems/stale"


async def test_any_version_and_one_of_several_will_do(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot()
    for title, tag in [("Een", "*"), ("Twee", '"v1-0123456789abcdef", "v2-0123456789abcdef"')]:
        answer = await office.patch(f"/lots/{lot['id']}", json={"title": title}, headers={"If-Match": tag})
        assert (answer.status_code, answer.json()["title"]) == (200, title)


async def test_a_poller_gets_304_until_something_changes_and_colours_change_at_midnight(
    given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    milestone = await given.milestone(window={"start": "2026-11-01", "end": "2026-11-21"})
    path = f"/milestones/{milestone['id']}"
    seen = await office.get(path)
    again = await office.get(path, headers={"If-None-Match": seen.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", seen.headers["etag"])
    clock.move_to("2026-11-22")
    tomorrow = await office.get(path, headers={"If-None-Match": seen.headers["etag"]})
    assert (tomorrow.status_code, tomorrow.json()["colours"]["current"]) == (200, "amber")
    assert seen.json()["version"] == tomorrow.json()["version"]
    patched = await office.patch(path, json={"critical": True}, headers={"If-Match": seen.headers["etag"]})
    assert patched.status_code == 200, "the version is what If-Match is about"


async def test_a_patch_that_changes_nothing_records_nothing(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot = await given.lot(title="Kavel")
    answer = await office.patch(f"/lots/{lot['id']}", json={"title": "Kavel"}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert len(apos.events(Lot)) == 1


async def test_a_supplier_cannot_tell_from_a_tag_that_something_it_may_not_see_changed(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot, own, other = await given.lot(), await given.supplier(), await given.supplier()
    await given.partner(lot, own)
    client = await apos.as_(Role.SUPPLIER, own["id"])
    before = await client.get(f"/lots/{lot['id']}")
    await given.partner(lot, other)
    await office.patch(f"/lots/{lot['id']}", json={"note": "geheim"}, headers={"If-Match": "*"})
    after = await client.get(f"/lots/{lot['id']}")
    assert (before.headers["etag"], before.content) == (after.headers["etag"], after.content)


async def test_a_merge_patch_changes_inside_an_object_and_null_removes(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot(
        budget={"amount": "10.50", "fund": "dmf"}, effect="Bereik", period={"start": "2027-01-01", "end": "2027-12-31"}
    )
    path, tag = f"/lots/{lot['id']}", {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
    patch = b'{"budget": {"qualifier": "moreThan", "note": "ruim"}, "effect": null, "period": {"end": "2028-01-01"}}'
    seen = (await office.patch(path, content=patch, headers=tag)).json()
    assert seen["budget"] == {
        "amount": "10.50",
        "currency": "EUR",
        "qualifier": "moreThan",
        "fund": "dmf",
        "note": "ruim",
        "source": None,
    }
    assert (seen["effect"], seen["period"]) == (None, {"start": "2027-01-01", "end": "2028-01-01"})
    wrong = await office.patch(path, content=b'{"title": null, "period": {"end": "2026-01-01"}}', headers=tag)
    assert (wrong.status_code, sorted(faults(wrong))) == (400, ["/period/end", "/title"])
