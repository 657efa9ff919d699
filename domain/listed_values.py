"""An index of the values in the list columns of rows, one row per value, so that lists can be filtered by them.

It is derived from the rows and written with them, so it has no history. `LIST_FILTERS` of a table names the columns that
are indexed here.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import Columns, Id, column

MAX_LISTED = 320


class ListedValue(Columns, table=True):
    """A row of table `row_kind` that the filter `name` finds by this value."""

    __tablename__ = "listed_values"
    __table_args__ = (sa.Index(None, "row_id"),)
    row_kind: str = Field(max_length=40, primary_key=True)
    name: str = Field(max_length=40, primary_key=True)
    value: str = Field(max_length=MAX_LISTED, primary_key=True)
    row_id: UUID = Field(sa_type=column(Id), primary_key=True)
