"""Logs of a process that serves: for people, or as one JSON object a line, each with the id of its request."""

import atexit
import logging
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

from api import security_log

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is being answered, for lines of the log."""
FIELDS = "{asctime}{levelname}{name}{message}{requestId}"
NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}


def configure(*, as_json: bool, security_target: str) -> None:
    """Writes the log to standard error, and starts the security log. Raises OSError where that cannot be written."""
    if as_json:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonFormatter(FIELDS, style="{", rename_fields=NAMES, datefmt=security_log.TIME_FORMAT))
        handler.addFilter(_add_request_id)
        logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    atexit.register(security_log.start(security_target).stop)


def _add_request_id(record: logging.LogRecord) -> bool:
    record.requestId = REQUEST_ID.get()
    return True
