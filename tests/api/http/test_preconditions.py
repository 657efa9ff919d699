"""ETag, If-Match and If-None-Match."""

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


@pytest.mark.parametrize("tag", ["v1", '"1"', 'W/"v1-0123456789abcdef"', '"v9-0123456789abcdef"', ""])
async def test_what_is_no_tag_of_the_stored_version_is_stale(given: Given, office: httpx.AsyncClient, tag: str) -> None:
    lot = await given.lot()
    answer = await office.patch(f"/lots/{lot['id']}", json={"title": "Een"}, headers={"If-Match": tag})
    assert answer.status_code == 412


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
