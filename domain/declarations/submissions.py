"""Submissions (indieningen): the moment a declaration is signed, and who signed it.

A submission is never changed. The person who signed stands in a row of its own, which no event repeats, so that a name can
be erased without touching what was declared.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from domain.base import MAX_TITLE, Audited, Id, UtcDateTime, column
from domain.ledger import OMIT


class Submission(Audited, table=True):
    """A declaration was submitted; it is so once."""

    __tablename__ = "submissions"

    declaration_id: UUID = Field(sa_type=column(Id), foreign_key="origin_declarations.id", unique=True)
    submitted_at: datetime = Field(sa_type=column(UtcDateTime))


class Signatory(Audited, table=True):
    """The authorised representative who signed; null once erased."""

    __tablename__ = "signatories"

    submission_id: UUID = Field(sa_type=column(Id), foreign_key="submissions.id", unique=True)
    name: str | None = Field(default=None, max_length=MAX_TITLE, sa_column_kwargs=OMIT)
    function: str | None = Field(default=None, max_length=MAX_TITLE, sa_column_kwargs=OMIT)
    email: str | None = Field(default=None, max_length=MAX_TITLE, sa_column_kwargs=OMIT)
