"""What is said of each field that is wrong: in plain words, with what would be right, and nothing of any library."""

from enum import Enum
from typing import Annotated, Any, Literal

import pydantic
import pytest
from pydantic import Field, StrictBool, StrictInt, TypeAdapter, ValidationError

from api.schemas.faults import fault_of


class Colour(Enum):
    """Two words."""

    RED = "red"
    BLUE = "blue"


class Inner(pydantic.BaseModel):
    """An object."""

    model_config = pydantic.ConfigDict(extra="forbid")

    size: int


@pytest.mark.parametrize(
    ("kind", "value", "detail"),
    [
        (Inner, 7, "is not an object; write its fields between { and }"),
        (dict[str, int], 7, "is not an object; write its fields between { and }"),
        (Inner, {}, "is required"),
        (Inner, {"size": 1, "sise": 2}, "is not known here; leave it out or correct its name"),
        (list[int], 7, "is not a list; write it between [ and ]"),
        (str, 7, "is not a text; write it between quotation marks"),
        (StrictBool, "yes", "is neither true nor false; write one of these, without quotation marks"),
        (StrictInt, "7", "is not a whole number; write it in digits, without quotation marks"),
        (int, 1.5, "is not a whole number"),
        (Colour, "green", "is none of these: 'red' or 'blue'"),
        (Literal["a", "b"], "c", "is none of these: 'a' or 'b'"),
        (Annotated[str, Field(max_length=2)], "abc", "has more characters than 2, the most that it may have"),
        (Annotated[str, Field(min_length=2)], "a", "has fewer characters than 2"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "has more items than 1, the most that it may have"),
        (Annotated[int, Field(ge=0)], -1, "is less than 0, the least that it may be"),
        (Annotated[int, Field(le=9)], 10, "is more than 9, the most that it may be"),
        (Annotated[str, Field(pattern="^[a-z]{2}$")], "A", "does not match the pattern ^[a-z]{2}$"),
    ],
)
def test_a_fault_says_what_is_wrong_in_plain_words(kind: Any, value: object, detail: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    [error] = refused.value.errors()
    assert fault_of({**error, "loc": ("body", *error["loc"])}).detail == detail
