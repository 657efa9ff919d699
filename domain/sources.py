"""Sources (bronnen): the published documents every fact of the portfolio rests on.

A source is known by its key, which facts quote; a key is never changed. How its own reference is read, and those to other
papers, is told in `references`.
"""

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

from sqlmodel import Field

from domain.base import MAX_KEY, MAX_TEXT, MAX_TITLE, Audited, Listed
from domain.references import asked_for, found_by


class Source(Audited, table=True):
    """A letter, reply or report; `date` is the day it bears, None where it bears none."""

    LISTED: ClassVar[Mapping[str, Listed]] = {
        "reference": Listed("reference", lambda printed: found_by(printed, None) if printed else (), asked_for)
    }
    __tablename__ = "sources"

    key: str = Field(max_length=MAX_KEY, unique=True)
    title: str = Field(max_length=MAX_TITLE, index=True)
    file: str | None = Field(default=None, max_length=MAX_TITLE)
    reference: str | None = Field(default=None, max_length=120)
    date: dt.date | None = Field(default=None, index=True)
    note: str | None = Field(default=None, max_length=MAX_TEXT)
