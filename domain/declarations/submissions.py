"""Submissions (indieningen): the moment a declaration is signed, and who signed it.

A submission never changes. The person who signed is in a separate row, whose personal data no event repeats, so that a name
can be erased without changing what was declared.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from domain.base import MAX_TITLE, Audited, Id, UtcDateTime, column
from domain.ledger import OMIT


class Submission(Audited, table=True):
    """The submission of a declaration, which happens once."""

    __tablename__ = "submissions"

    declaration_id: UUID = Field(sa_type=column(Id), foreign_key="origin_declarations.id", unique=True)
    submitted_at: datetime = Field(sa_type=column(UtcDateTime))


class Signatory(Audited, table=True):
    """The authorised representative who signed. The columns are null once erased."""

    __tablename__ = "signatories"

    submission_id: UUID = Field(sa_type=column(Id), foreign_key="submissions.id", unique=True)
    name: str | None = Field(default=None, max_length=MAX_TITLE, sa_column_kwargs=OMIT)
    function: str | None = Field(default=None, max_length=MAX_TITLE, sa_column_kwargs=OMIT)
    email: str | None = Field(default=None, max_length=MAX_TITLE, sa_column_kwargs=OMIT)
