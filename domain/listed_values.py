"""What stands in the lists of a row, a value a line, so that rows can be found by it through an index.

It says nothing that the row does not say: it is written with the row, from the row, and has no history of its own. A table
names in `LISTED` by what its rows are found so.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.base import Id, Table, column

MAX_LISTED = 320


class ListedValue(SQLModel, table=True):
    """That a row of a table is found by a value of a filter."""

    __tablename__ = "listed_values"
    __table_args__ = (sa.Index(None, "row_id"),)
    metadata = Table.metadata

    row_kind: str = Field(max_length=40, primary_key=True)
    name: str = Field(max_length=40, primary_key=True)
    value: str = Field(max_length=MAX_LISTED, primary_key=True)
    row_id: UUID = Field(sa_type=column(Id), primary_key=True)
