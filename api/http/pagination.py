"""Lists: filters, sorting, and keyset pagination that stays stable while rows are added.

A cursor is opaque; it holds the sort and the values of the last row, both of which the reader has seen. Filters and sorts
apply only to columns that the reader may see; others are refused, because a filter would reveal hidden values.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from sqlalchemy import BigInteger, ColumnElement, Date, FromClause, Select, and_, literal, or_, select, tuple_

from api.store.links import FILTERS, filter_by_link
from api.store.listed_values import listed_rows
from api.store.sessions import Session
from api.store.text_order import has_part, in_dutch_order
from api.store.visibility import ReadContext, VisibleTable, visible, visible_with_withdrawn
from domain.base import Audited
from domain.errors import BrokenRule, Fault
from domain.text_order import folded

Item = TypeVar("Item")
Place = TypeVar("Place")
IDENTITY_COLUMNS = ("id", "seq", "position")
"""Columns that identify a row of a list: mostly `id`; `seq` for audit events, `position` for components."""
MAX_DIGITS = 19
"""Digits of the largest number that a column can hold."""
SORTED_AS_TEXT = {"title", "name", "subject", "function"}
"""Columns that people read, which are sorted in Dutch order."""
_ONE_LINE = r"^[^\u0000-\u001f\u007f]*$"
_NO_COLUMNS = {"limit", "cursor", "sort", "dialect", "withdrawn"}
"""Parameters that are not the value of a column."""


class PartOfText(str):
    """The value of a filter that finds a part of a text, without regard to accents and case."""

    __slots__ = ()


def _part(text: str) -> PartOfText:
    if not folded(text.strip()):
        raise ValueError("has nothing that can be looked for; give a part of the text, or leave it out")
    return PartOfText(text.strip())


PartFilter = Annotated[
    str,
    Field(
        max_length=100,
        pattern=_ONE_LINE,
        description="Finds a part of it, whatever its accents and capitals",
        examples=["eenheid"],
    ),
    AfterValidator(_part),
]


class ListQuery(BaseModel):
    """The query parameters of every list; subclasses add filters and the columns of `sort`.

    `TABLE` is set where filters look for values within list columns of that table.
    """

    TABLE: ClassVar[type[Audited] | None] = None
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    limit: Annotated[int, Field(ge=1, le=200, description="How many at most")] = 50
    cursor: Annotated[
        str | None,
        Field(max_length=2000, description="`nextCursor` of the page before; send it with the same filters and sort"),
    ] = None
    sort: Annotated[str, Field(description="Column to sort by; `-` before it for descending")] = "id"


class WithdrawableQuery(ListQuery):
    """The query parameters of a list whose rows can be withdrawn."""

    withdrawn: Annotated[bool, Field(description="Also list the rows that were entered in error")] = False

    def visible(self, kind: VisibleTable, context: ReadContext) -> FromClause:
        """What the reader may see of a table, with the rows that were entered in error if they are asked for."""
        return (visible_with_withdrawn if self.withdrawn else visible)(kind, context)


class Page(BaseModel, Generic[Item]):
    """One page of a list; `nextCursor` is null on the last."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    items: list[Item]
    next_cursor: str | None


async def page(
    session: Session, context: ReadContext, visible_rows: FromClause, query: ListQuery, *extra: ColumnElement[bool]
) -> tuple[Sequence[Any], str | None]:
    """The rows of one page and the cursor of the next, None on the last.

    Fields of `query` filter the columns of the same names; `extra` are further conditions.
    """
    descending, name = query.sort.startswith("-"), _snake(query.sort.lstrip("-"))
    column = _column(visible_rows, name, "/query/sort")
    identity = next(visible_rows.c[candidate] for candidate in IDENTITY_COLUMNS if candidate in visible_rows.c)
    statement = select(visible_rows).where(*_filters(context, visible_rows, query), *extra)
    order = in_dutch_order(column) if name in SORTED_AS_TEXT else column
    if query.cursor is not None:
        value, last = _decode(query.cursor, query.sort, column, identity)
        place = in_dutch_order(value) if order is not column and value is not None else value
        statement = statement.where(_after(order, identity, place, last, descending=descending))
    statement = _ordered(statement, order, identity, descending=descending).limit(query.limit + 1)
    rows = (await session.execute(statement, is_long=order is not column or _looks_into_texts(query))).mappings().all()
    if len(rows) <= query.limit:
        return rows, None
    end = rows[query.limit - 1]
    return rows[: query.limit], _encode(query.sort, end[name], end[identity.name])


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Adds `Link: rel="next"` where there is a next page."""
    if cursor is not None:
        parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        response.headers["Link"] = f'<{request.url.path}?{urlencode([*parameters, ("cursor", cursor)])}>; rel="next"'


def _filters(context: ReadContext, visible_rows: FromClause, query: ListQuery) -> list[ColumnElement[bool]]:
    given = {name: value for name, value in query if name not in _NO_COLUMNS and value is not None}
    plain = {name: value for name, value in given.items() if not name.endswith(("_from", "_before"))}
    conditions = [_condition(visible_rows, query, name, value) for name, value in plain.items()]
    conditions += [filter_by_link(name, value, context) for name, value in plain.items() if name in FILTERS]
    for name, value in given.items():
        bounded, _, bound = name.rpartition("_")
        if name not in plain:
            column = _column(visible_rows, bounded, f"/query/{to_camel(name)}")
            conditions.append(column >= value if bound == "from" else column < value)
    return conditions


def _looks_into_texts(query: ListQuery) -> bool:
    """Whether a filter reads every text, which takes long on SQLite where there are many."""
    return any(isinstance(value, PartOfText) for _, value in query)


def _condition(visible_rows: FromClause, query: ListQuery, name: str, value: Any) -> ColumnElement[bool]:
    pointer = f"/query/{to_camel(name)}"
    if isinstance(value, PartOfText):
        return has_part(_column(visible_rows, name, pointer), value)
    listed = query.TABLE.LIST_FILTERS.get(name) if query.TABLE else None
    if query.TABLE is None or listed is None:
        condition: ColumnElement[bool] = _column(visible_rows, name, pointer) == value
        return condition
    _column(visible_rows, listed.column, pointer)
    return visible_rows.c.id.in_(listed_rows(query.TABLE, name, listed.search_key(value)))


def _column(visible_rows: FromClause, name: str, pointer: str) -> ColumnElement[Any]:
    if name not in visible_rows.c:
        raise BrokenRule.at(Fault(pointer, "your role may not see this field, so you cannot filter or sort by it"))
    return visible_rows.c[name]


def _ordered(
    statement: Select[Any], column: ColumnElement[Any], row_id: ColumnElement[Any], *, descending: bool
) -> Select[Any]:
    """Orders by a column and then by identity.

    NULLS LAST is added only where the column can be null, because an index supports only the plain order.
    """
    orders = [column, row_id] if column is not row_id else [row_id]
    ordered = [order.desc() if descending else order.asc() for order in orders]
    if getattr(column, "nullable", False):
        ordered[0] = ordered[0].nulls_last()
    return statement.order_by(*ordered)


def _after(
    column: ColumnElement[Any], row_id: ColumnElement[Any], value: object, last: object, *, descending: bool
) -> ColumnElement[bool]:
    later_id = row_id < last if descending else row_id > last
    if column is row_id:
        return later_id
    if value is None:
        return and_(column.is_(None), later_id)
    # One comparison of both, where an index can begin; `or` would read all that comes before.
    here, place = tuple_(column, row_id), tuple_(_bound(value, column), _bound(last, row_id))
    later = here < place if descending else here > place
    return or_(later, column.is_(None)) if getattr(column, "nullable", False) else later


def _bound(value: object, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value, column.type)


def _encode(sort: str, value: object, row_id: object) -> str:
    shown = value.isoformat() if isinstance(value, date) else None if value == row_id else value
    return cursor_of(sort, shown, str(row_id))


def _decode(cursor: str, sort: str, column: ColumnElement[Any], identity: ColumnElement[Any]) -> tuple[object, object]:
    def read(own_sort: str, value: str | None, row_id: str) -> tuple[object, object]:
        if own_sort != sort:
            raise ValueError
        place = UUID(row_id) if identity.name == "id" else _number(row_id, identity)
        return date.fromisoformat(value) if isinstance(column.type, Date) and value is not None else value, place

    return place_of(cursor, read)


def _number(text: str, column: ColumnElement[Any]) -> int:
    """A number that the column can hold. Raises ValueError for any other text."""
    bits = 63 if isinstance(column.type, BigInteger) else 31
    if len(text) > MAX_DIGITS or not 0 <= int(text) < 2**bits:
        raise ValueError
    return int(text)


def cursor_of(*place: object) -> str:
    """The cursor for a place in a list, which is given as texts."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str, read: Callable[..., Place]) -> Place:
    """The place that a cursor encodes; `read` converts its texts. Raises BrokenRule where the cursor is not valid."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        texts = json.loads(raw)
        if not all(isinstance(text, str | None) and _is_safe_text(text) for text in texts):
            raise ValueError
        return read(*texts)
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        fault = Fault("/query/cursor", "is not a cursor of this list and sort; begin again without it")
        raise BrokenRule.at(fault) from error


def _is_safe_text(value: str | None) -> bool:
    return value is None or not re.search(r"[\x00-\x1f\ud800-\udfff]", value)


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda m: f"_{m[1].lower()}", name)
