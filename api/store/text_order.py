"""Conditions and orders on text as people look for it and list it, by the functions of `domain.text_order`.

SQLite calls those; on PostgreSQL a migration made the same ones.
"""

import sqlite3
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, String, func

from domain.text_order import dutch_order, folded


def has_part(column: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    """Whether a text has this part, without regard to accents and case; no character has a meaning of its own."""
    return func.folded(column, type_=String).contains(folded(part), autoescape=True)


def in_dutch_order(text: Any) -> ColumnElement[Any]:
    """What to order a text by, or to compare with that of a column."""
    return func.dutch_order(text, type_=LargeBinary)


def add_functions(connection: sqlite3.Connection) -> None:
    """Gives a connection to SQLite the functions."""
    for function in (folded, dutch_order):
        connection.create_function(function.__name__, 1, function, deterministic=True)
