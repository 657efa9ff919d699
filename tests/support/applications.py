"""Applications that were built before, one for each service that runs at a time.

FastAPI builds the routes of an included router when they are first asked for, which takes longer than most tests. A
service is another thing: each has its own, and what a test leaves on an application beside it fails that test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from starlette.routing import Mount

from api.main import create_app
from api.settings import Settings

_FREE: list[FastAPI] = []


@contextmanager
def application() -> Iterator[FastAPI]:
    """An application without a service, nobody else's until the block ends; after a failure it is not used again."""
    app = _FREE.pop() if _FREE else create_app(Settings(_env_file=None))
    before = _left_on(app)
    yield app
    for each in _parts(app):
        del each.state.service
    assert _left_on(app) == before, "a test left something on the application, which the next one would find"
    _FREE.append(app)


def contract_app(app: FastAPI) -> FastAPI:
    """The part of an application that the contract describes."""
    [mounted] = [route.app for route in app.routes if isinstance(route, Mount)]
    assert isinstance(mounted, FastAPI)
    return mounted


def _parts(app: FastAPI) -> tuple[FastAPI, FastAPI]:
    return app, contract_app(app)


def _left_on(app: FastAPI) -> list[Any]:
    """What can be put on an application while it runs."""
    return [
        (
            dict(each.state._state),
            dict(each.dependency_overrides),
            dict(each.exception_handlers),
            list(each.routes),
            list(each.user_middleware),
        )
        for each in _parts(app)
    ]
