"""Routes are used again from test to test, applications and services are not: nothing of one is found by the next."""

from datetime import UTC, datetime

from domain.permissions import Role
from tests.support.databases import Postgres, Sqlite
from tests.support.service import Clock, running

Server = Postgres | Sqlite


async def test_a_service_finds_nothing_of_the_one_before_on_the_same_routes(server: Server, clock: Clock) -> None:
    urls = server.empty(), server.empty()
    async with running(urls[0], clock) as before:
        app, routes, service, secret = (
            before.app,
            before.routes,
            before.service,
            (await before.key(Role.PROGRAMME_OFFICE))[1],
        )
        assert (await before.client(secret).post("/sources", json={"key": "a", "title": "b"})).status_code == 201
        service.in_flight.add(("somebody", "/v1/sources", "k"))
        service.counts.at(1)["key:a"] = 1
    async with running(urls[1], Clock(datetime(2027, 1, 1, tzinfo=UTC))) as after:
        assert after.app is not app
        assert after.routes == routes
        assert after.service.settings.database_url == urls[1]
        assert after.service.clock() == datetime(2027, 1, 1, tzinfo=UTC)
        held = (after.service.used_keys, after.service.in_flight, after.service.counts.known)
        assert held == ({}, set(), {})
        assert (await after.client(secret).get("/sources")).status_code == 401
        assert (await (await after.as_(Role.PROGRAMME_OFFICE)).get("/sources")).json()["items"] == []
    for url in urls:
        server.drop(url)


async def test_two_services_at_a_time_have_an_application_each(sqlite: Sqlite, clock: Clock) -> None:
    async with running(sqlite.empty(), clock) as one, running(sqlite.empty(), clock) as other:
        assert one.app is not other.app


async def test_a_service_with_settings_of_its_own_is_built_and_started_as_a_server_does(
    sqlite: Sqlite, clock: Clock
) -> None:
    async with running(sqlite.empty(), clock) as usual:
        app = usual.app
    async with running(sqlite.empty(), clock, contact_name="Somebody") as own:
        assert own.app is not app
        assert (await own.client().get("/openapi.json")).json()["info"]["contact"]["name"] == "Somebody"
