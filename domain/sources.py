"""Sources (bronnen): the published documents every fact of the portfolio rests on.

A source is known by its key, which facts quote; a key is never changed. References to parliamentary papers in any
spelling are not kept here but with the facts that print them.
"""

import datetime as dt

from sqlmodel import Field

from domain.base import MAX_KEY, MAX_TEXT, MAX_TITLE, Audited


class Source(Audited, table=True):
    """A letter, reply or report; `date` is the day it bears, None where it bears none."""

    __tablename__ = "sources"

    key: str = Field(max_length=MAX_KEY, unique=True)
    title: str = Field(max_length=MAX_TITLE, index=True)
    file: str | None = Field(default=None, max_length=MAX_TITLE)
    reference: str | None = Field(default=None, max_length=120)
    date: dt.date | None = Field(default=None, index=True)
    note: str | None = Field(default=None, max_length=MAX_TEXT)
