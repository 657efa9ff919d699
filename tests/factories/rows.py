"""How a factory makes a row: from what matters to the test, on top of the least that makes it valid."""

from typing import Any, TypeVar

from sqlmodel import SQLModel

Made = TypeVar("Made", bound=SQLModel)


def a_row(kind: type[Made], named: dict[str, Any], /, **least: Any) -> Made:
    """A row with the columns that were named, on top of the least it needs; a name that is no column is a mistake."""
    unknown = set(named) - set(kind.model_fields)
    if unknown:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{**least, **named})
