"""The security log: one line of JSON for each event that tells who tried what, to a file or to standard output.

Lines are written by a thread of their own, so that a slow disk or pipe holds up no answer. Where more wait than it may keep, the
rest are counted, and the count is written.
"""

import logging
from enum import StrEnum
from logging.handlers import QueueHandler, QueueListener, WatchedFileHandler
from queue import Full, Queue
from sys import stdout
from typing import Any

from pythonjsonlogger.json import JsonFormatter

MOST_WAITING = 10_000
MAX_PATH = 500
STANDARD_OUTPUT = "-"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S%z"
_log = logging.getLogger("apos.security")
_log.propagate = False


class SecurityEvent(StrEnum):
    """What a line is about."""

    SIGN_IN_FAILED = "signInFailed"
    NOT_PERMITTED = "notPermitted"
    SLOWED = "slowed"
    CONFIDENTIAL_READ = "confidentialRead"
    CONFIDENTIAL_NOT_FOUND = "confidentialNotFound"


def record(event: SecurityEvent, fields: dict[str, Any]) -> None:
    """Records an event with these fields, by the names that the line shall have."""
    if _log.isEnabledFor(logging.INFO):
        _log.info(event.value, extra=fields)


class _LogQueue(QueueHandler):
    """Hands lines to the thread that writes them, and counts those for which there is no room."""

    lost = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except Full:
            self.lost += 1
            return
        if self.lost:
            lost, self.lost = self.lost, 0
            _log.warning("linesLost", extra={"lines": lost})


def start(target: str) -> QueueListener:
    """Writes the security log to a file, or to standard output (`-`), until the listener that is returned is stopped.

    A file is opened again where it was moved away, as programs do that rotate logs. Raises OSError where it cannot be written.
    """
    handler = (
        logging.StreamHandler(stdout) if target == STANDARD_OUTPUT else WatchedFileHandler(target, encoding="utf-8")
    )
    names = {"asctime": "time", "message": "event"}
    handler.setFormatter(JsonFormatter("{asctime}{message}", style="{", rename_fields=names, datefmt=TIME_FORMAT))
    waiting: Queue[Any] = Queue(MOST_WAITING)
    listener = QueueListener(waiting, handler)
    _log.handlers = [_LogQueue(waiting)]
    _log.setLevel(logging.INFO)
    listener.start()
    return listener
