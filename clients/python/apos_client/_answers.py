"""What answers are made of.

An older client reads a newer service: fields it does not know are kept and ignored, and words that may grow (a status,
a kind) are plain text. A field that your role does not see is absent; it reads as None, and is not in
`model_fields_set`.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

MilestoneStatus = Literal["scheduled", "met", "partiallyMet", "notMet"]


def _figure(given: object) -> object:
    if isinstance(given, bool):
        return given
    if isinstance(given, int):
        return str(given)
    return format(given, "f") if isinstance(given, Decimal) else given


Figure = Annotated[str, BeforeValidator(_figure)]
"""A number as a decimal string; whole numbers and Decimals are taken too, floats never, because they are rounded."""


class Answer(BaseModel):
    """Part of an answer of the service; it is never changed."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow", frozen=True)

    def document(self) -> dict[str, Any]:
        """What the service said, in its own names, with the fields that this version does not know."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class Tagged(Answer):
    """What is changed only if it still is as it was read. `etag` is that of this read; a list gives none."""

    etag: str | None = Field(default=None, exclude=True)


class Resource(Tagged):
    """One thing with an id."""

    id: UUID
    version: int | None = None


class Window(Answer):
    """Inclusive first and last days."""

    start: date
    end: date


class Amount(Answer):
    """An amount as a decimal string, and whether it is exact, a minimum (moreThan) or a maximum (upTo)."""

    amount: str
    currency: str = "EUR"
    qualifier: str = "exact"


class Budget(Amount):
    """An amount and the fund it comes from; only amounts of one fund can be added up."""

    fund: str | None = None
    note: str | None = None
    source: str | None = None


class Colours(Answer):
    """green, amber, red, or grey without a baseline: against the original, and against the current one."""

    original: str
    current: str


class SlipDays(Answer):
    """Days from the end of each baseline window; None where there is none."""

    original: int | None
    current: int | None


class DeliveryConfidence(Answer):
    """An officer's own judgement, from 1 to 5; it stands beside the colours."""

    points: int
    narrative: str
