"""The routes of the contract, whose modules are imported when one of their resources is first asked for.

Most of what a start would do otherwise is to import these modules, so a server is ready without them. Until they are there,
`load_in_turns` imports them one by one while requests are answered. A request for one that is not there yet imports it first.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping
from importlib import import_module

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from api.garbage import permanent_objects
from api.http.route import Route

PAUSE = 0.01
"""Seconds between two imports, in which requests are answered; importing one module takes about as long."""
log = logging.getLogger("apos.api")


def resource_of(path: str) -> str:
    """The collection that a path is about, without ids: `lots` for `/lots/{lotId}`, `lots/partners` for those of one lot."""
    return "/".join(path.split("/")[1:4:2])


class RoutesOnDemand(BaseRoute):
    """The routes of these modules, each of which has the `router` of some resources, and of nothing else.

    Of a request only the routes of its resource are compared with its path.
    """

    def __init__(self, resources: Mapping[str, tuple[str, ...]]) -> None:
        self.resources = resources
        self._module_of = {resource: module for module, own in resources.items() for resource in own}
        self._loaded: dict[str, list[Route]] = {}
        self.failed: list[str] = []
        self._routes_of: dict[str, list[Route]] = defaultdict(list)

    @property
    def routes(self) -> list[Route]:
        """All routes, in the order of their modules; modules that are not there yet are imported."""
        return [route for module in self.resources for route in self.load(module)]

    @property
    def imported(self) -> list[str]:
        """The modules that are there."""
        return list(self._loaded)

    def load(self, module: str) -> list[Route]:
        """The routes of a module."""
        if module not in self._loaded:
            with permanent_objects():
                router: APIRouter = import_module(module).router
            routes = [_checked(route) for route in router.routes]
            for route in routes:
                self._routes_of[resource_of(route.path)].append(route)
            self._loaded[module] = routes
        return self._loaded[module]

    async def load_in_turns(self) -> None:
        """Imports what is not there yet.

        A module that cannot be imported is logged and added to `failed`; its requests fail, and the server is no longer ready.
        """
        for module in self.resources:
            if module not in self._loaded:
                try:
                    self.load(module)
                except Exception:
                    log.exception("the routes of %s cannot be imported", module)
                    self.failed.append(module)
                await asyncio.sleep(PAUSE)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The route of the path and method, else one of the path alone."""
        found: tuple[Match, Scope] = (Match.NONE, {})
        for route in self._of_resource(scope) if scope["type"] == "http" else ():
            match, child_scope = route.matches(scope)
            if match is Match.FULL:
                return match, child_scope
            if match is Match.PARTIAL:
                found = match, child_scope
        return found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with the route that matched. Raises 405 with all methods of the path where none has this method."""
        route: Route = scope["route"]
        if scope["method"] not in (route.methods or ()):
            path = _path_of(scope)
            of_path = [each for each in self._of_resource(scope) if each.path_regex.match(path)]
            methods = {method for each in of_path for method in each.methods or ()}
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(methods))})
        await route.handle(scope, receive, send)

    def _of_resource(self, scope: Scope) -> list[Route]:
        resource = resource_of(_path_of(scope))
        if resource in self._module_of:
            self.load(self._module_of[resource])
        return self._routes_of.get(resource, [])


def _checked(route: BaseRoute) -> Route:
    assert isinstance(route, Route), f"{route} is no Route, so nobody would be asked for a credential"
    return route


def _path_of(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))
