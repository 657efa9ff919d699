"""Resources that are still being worked on: 202 for the request that asked for one, and Retry-After while it runs."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request, Response

from api.http.operation import Operation

RETRY_SECONDS = 5
"""After how many seconds to ask again how far it is."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The answer to a request for a resource that may be running."""

    request: Request
    response: Response

    def note(self, *, is_running: bool) -> None:
        """Says in the answer whether the resource is running: when to read it again, and 202 where it was asked for."""
        if is_running:
            self.response.headers["Retry-After"] = str(RETRY_SECONDS)
            if self.request.method == "POST":
                self.response.status_code = 202


class _MayBeRunning:
    async def __call__(self, request: Request, response: Response) -> Answering:
        return Answering(request, response)

    def declares(self, operation: Operation) -> Operation:
        """Marks that the resource may be running."""
        return replace(operation, may_be_running=True)


MayBeRunning = Annotated[Answering, Depends(_MayBeRunning())]
"""For a route that makes or shows a resource which may be running."""
