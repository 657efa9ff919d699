"""The types that request and response bodies are built from, and the mapping of bodies to columns.

A response field is a column of the same name, or a composite: several columns whose names begin with the field's name
(`window` is `window_start` and `window_end`). So the shape of a resource is defined once, in its models.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args
from uuid import UUID

import pycountry
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
    field_validator,
)
from pydantic.alias_generators import to_camel

from api.schemas.plain_texts import PlainLine, PlainText
from api.schemas.stored_values import read_as_stored
from domain.base import MAX_KEY, MAX_REASON, MAX_TEXT, MAX_TITLE
from domain.money import Qualifier, to_cents, to_euros

PLAIN = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"
ONE_LINE = r"^[^\u0000-\u001f\u007f]*$"
AMOUNT = r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?$"
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""The years in which business dates lie; any other year is a slip of the pen."""
SHA256 = r"^[0-9a-f]{64}$"
URI = r"^https?://[A-Za-z0-9\[][A-Za-z0-9._~%!$&'()*+,;=:\[\]-]*([/?#][A-Za-z0-9._~%!$&'()*+,;=:@/?#\[\]-]*)?$"
"""A link that anybody can follow: http or https, a host without a name and password before it, no space."""
MESSAGE_SHA256 = "give the SHA-256 of the document: 64 hexadecimal digits in lower case"
MESSAGE_URI = (
    "give an address that begins with https:// or http://, without a user name, spaces or signs that need escaping, "
    "such as https://example.org/report.pdf"
)
MESSAGE_COUNTRY = "is not an ISO 3166-1 alpha-2 country code in capitals, such as NL (Greece is GR, the UK GB)"
MESSAGE_ID = "give an id as the service writes it: 36 characters with hyphens"
MESSAGE_DAY = 'give a date as "2026-11-21"'
MESSAGE_YEAR = f"give a year between {FIRST_YEAR} and {LAST_YEAR}"
COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
DECIMAL = object()
"""Marks a field of text that holds a decimal, so that a table shows it as a number: `Annotated[str, DECIMAL]`."""


def is_decimal(text: str) -> bool:
    """Whether a text is a decimal as the service writes it, `-7.60`."""
    return _DECIMAL.fullmatch(text) is not None


def _iso_day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError(MESSAGE_DAY)


def _is_within_years(value: object) -> object:
    """Refuses the text of a day out of range."""
    if isinstance(value, str) and not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        raise ValueError(MESSAGE_YEAR)
    return value


def _is_text(value: object) -> object:
    if isinstance(value, str):
        return value
    raise ValueError('give a decimal string such as "15000000.00"; a number may already have been rounded')


def _is_amount(value: object) -> object:
    to_cents(str(_is_text(value)))
    return value


def _is_moment(value: object) -> object:
    if isinstance(value, str) or hasattr(value, "tzinfo"):
        return value
    raise ValueError('give a date and time with its time zone, such as "2026-11-21T08:00:00Z"')


def _is_plausible(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(MESSAGE_YEAR)
    return moment


def _is_exact(qualifier: Qualifier) -> Qualifier:
    if qualifier is not Qualifier.EXACT:
        raise ValueError("a declared amount is always exact; leave the qualifier out")
    return qualifier


def _is_country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError(MESSAGE_COUNTRY)
    return code


def _of_pattern(pattern: str, message: str) -> BeforeValidator:
    """Refuses text that does not match the pattern, with this message instead of the pattern itself."""
    compiled = re.compile(pattern)

    def check(value: object) -> object:
        if isinstance(value, str) and not compiled.fullmatch(value):
            raise ValueError(message)
        return value

    return BeforeValidator(check)


def _is_id(value: object) -> object:
    if isinstance(value, UUID) or (isinstance(value, str) and len(value) == 36):
        return value
    raise ValueError(MESSAGE_ID)


Line = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_TITLE, pattern=ONE_LINE, strip_whitespace=True), PlainLine
]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_TEXT, pattern=PLAIN, strip_whitespace=True), PlainText
]
Reason = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_REASON, pattern=PLAIN, strip_whitespace=True), PlainText
]
Key = Annotated[
    str,
    StringConstraints(max_length=MAX_KEY, pattern=r"^[a-z0-9][a-z0-9-]*$"),
    _of_pattern(r"[a-z0-9][a-z0-9-]*", "give lower-case letters, digits and hyphens, such as long-range"),
]
Code = Annotated[
    str,
    StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
    _of_pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*", "give letters, digits, dots, hyphens and underscores, such as APOS-K1"),
]
Fund = Annotated[
    str,
    StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9-]*$"),
    _of_pattern(r"[a-z][a-z0-9-]*", "give lower-case letters, digits and hyphens, such as strategic-cooperation"),
]
Sha256 = Annotated[
    str,
    StringConstraints(max_length=64, pattern=SHA256),
    _of_pattern(SHA256, MESSAGE_SHA256),
    Field(examples=["0" * 64]),
]
Uri = Annotated[
    str,
    StringConstraints(max_length=2000, pattern=URI),
    _of_pattern(URI, MESSAGE_URI),
    Field(examples=["https://example.org/report.pdf"]),
]
Country = Annotated[
    str,
    StringConstraints(min_length=2, max_length=2, pattern=r"^[A-Z]{2}$"),
    AfterValidator(_is_country),
    Field(examples=["NL"]),
]
CalendarDay = Annotated[date, BeforeValidator(_iso_day), Field(examples=["2026-11-20"])]
"""Any day, to filter by."""
Day = Annotated[
    date,
    BeforeValidator(_is_within_years),
    BeforeValidator(_iso_day),
    Field(examples=["2026-11-20"]),
]
"""A business date."""
Moment = Annotated[AwareDatetime, BeforeValidator(_is_moment), AfterValidator(_is_plausible)]
Identifier = Annotated[UUID, BeforeValidator(_is_id)]
Flag = StrictBool
Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class Body(BaseModel):
    """A request body, or a part of one: camelCase, and unknown fields are refused by name.

    `ELSEWHERE` are fields that are stored in another table; `READ_ONLY` those that appear only in responses: they are
    ignored in requests and not stored.
    """

    ELSEWHERE: ClassVar[frozenset[str]] = frozenset()
    READ_ONLY: ClassVar[frozenset[str]] = frozenset()
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", validate_by_alias=True, serialize_by_alias=True)


class EvidenceItem(Body):
    """A document given as evidence: its title, its address and the SHA-256 of its content."""

    title: Line = Field(examples=["Report of the trial"])
    uri: Uri
    sha256: Sha256


class Composite(BaseModel):
    """A value that is stored in several columns; `SUFFIXES` maps its fields to the end of the column names."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", serialize_by_alias=True, validate_by_name=True)
    SUFFIXES: ClassVar[dict[str, str]] = {}

    @classmethod
    def from_columns(cls, prefix: str, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The fields of the value from a row, None where the first of its columns is null.

        A view is made of them as a whole, which takes less time than making each of its parts first.
        """
        values = {name: row[prefix + suffix] for name, suffix in cls.SUFFIXES.items()}
        return None if next(iter(values.values())) is None else values

    def to_columns(self, prefix: str) -> dict[str, Any]:
        """The columns that store this value, with their values."""
        return {prefix + suffix: getattr(self, name) for name, suffix in self.SUFFIXES.items()}


class WindowBody(Composite):
    """Inclusive first and last days."""

    SUFFIXES = {"start": "_start", "end": "_end"}

    start: Day = Field(examples=["2026-07-01"])
    end: Day = Field(examples=["2027-03-31"])

    @field_validator("end")
    @classmethod
    def _not_before_start(cls, end: date | None, info: Any) -> date | None:
        start = info.data.get("start")
        if start is not None and end is not None and end < start:
            raise ValueError(f"is before the start of the window, {start}; give that day or a later one")
        return end


class Amount(Composite):
    """An amount of money as a decimal string; never a number, which may have been rounded."""

    SUFFIXES = {"amount": "_cents", "qualifier": "_qualifier"}

    amount: Annotated[str, StringConstraints(pattern=AMOUNT), BeforeValidator(_is_amount), DECIMAL] = Field(
        examples=["15000000.00"]
    )
    currency: Literal["EUR"] = "EUR"
    qualifier: Qualifier = Qualifier.EXACT

    @classmethod
    def from_columns(cls, prefix: str, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        values = super().from_columns(prefix, row)
        return None if values is None else {**values, "amount": to_euros(values["amount"])}

    def to_columns(self, prefix: str) -> dict[str, Any]:
        return {**super().to_columns(prefix), f"{prefix}_cents": to_cents(self.amount)}


class ExactAmount(Amount):
    """An amount that somebody declares, so it is neither a minimum nor a maximum."""

    SUFFIXES = {"amount": "_cents"}

    qualifier: Annotated[
        Qualifier, AfterValidator(_is_exact), WithJsonSchema({"type": "string", "enum": ["exact"]})
    ] = Qualifier.EXACT


class FictitiousPrice(Composite):
    """A price to compare offers by; with a reference amount it can be below zero."""

    SUFFIXES: ClassVar[dict[str, str]] = {"amount": "_cents"}

    amount: Annotated[str, DECIMAL] = Field(pattern=r"^-?(0|[1-9][0-9]{0,16})\.[0-9]{2}$", examples=["963800.00"])
    currency: Literal["EUR"] = "EUR"
    qualifier: Literal["exact"] = "exact"


class Budget(Amount):
    """An amount with the fund it comes from; sums are made within one fund only."""

    SUFFIXES = {**Amount.SUFFIXES, "fund": "_fund", "note": "_note", "source": "_source"}

    fund: Fund | None = Field(default=None, examples=["strategic-cooperation"])
    note: Text | None = None
    source: Key | None = Field(default=None, description="Key of the source", examples=["apos-progress-2026"])


class PublishedBudget(Amount):
    """An amount with the fund it comes from, without the note of the office."""

    SUFFIXES = {**Amount.SUFFIXES, "fund": "_fund", "source": "_source"}

    fund: Fund | None = Field(default=None, examples=["strategic-cooperation"])
    source: Key | None = Field(default=None, description="Key of the source", examples=["apos-progress-2026"])


class DeliveryConfidence(Composite):
    """An officer's own judgement, 1 (delivery in doubt) to 5 (delivery highly likely). It never replaces a colour."""

    SUFFIXES = {"points": "_points", "narrative": "_narrative"}

    points: Annotated[StrictInt, Field(ge=1, le=5)] = Field(examples=[4])
    narrative: Text


class Sourced(Body):
    """What every fact may carry: its source, a note, and which of its fields the source does not state."""

    source: Key | None = Field(
        default=None, description="Key of the source it comes from", examples=["apos-progress-2026"]
    )
    note: Text | None = None
    readings: list[Line] = Field(
        default_factory=list,
        max_length=50,
        description="Fields that no source states: they are interpretations, never quotations",
    )


class View(BaseModel):
    """A response body of a row, as it is stored, and computed values.

    `OMITS` are columns that it does not show, `COMPUTES` fields without one.
    """

    OMITS: ClassVar[frozenset[str]] = frozenset()
    COMPUTES: ClassVar[frozenset[str]] = frozenset()
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **_settings: Any) -> None:
        read_as_stored(cls)

    @classmethod
    def of(cls: "type[ViewType]", row: Mapping[str, Any] | BaseModel, **computed: Any) -> "ViewType":
        """The view of a row; `computed` gives the fields that are not columns, and may replace those that are."""
        return cls(**cls.values_of(row, **computed))

    @classmethod
    def values_of(cls, row: Mapping[str, Any] | BaseModel, **computed: Any) -> dict[str, Any]:
        """What the view of a row is made from, for a view that is a part of another."""
        columns = row.model_dump() if isinstance(row, BaseModel) else row
        values = dict(computed)
        for name, composite in _fields(cls).items():
            if name not in values:
                values[name] = columns[name] if composite is None else composite.from_columns(name, columns)
        return values


ViewType = TypeVar("ViewType", bound=View)


@cache
def _fields(model: type[BaseModel]) -> dict[str, type[Composite] | None]:
    """A model's fields, each with its composite type, or None where the field is a single column."""
    return {name: _composite(info.annotation) for name, info in model.model_fields.items()}


def _composite(annotation: Any) -> type[Composite] | None:
    kinds = [kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type)]
    return next((kind for kind in kinds if issubclass(kind, Composite)), None)


def columns_of(body: BaseModel) -> dict[str, Any]:
    """The columns that a body fills; all columns of a composite that is not given become null."""
    columns: dict[str, Any] = {}
    for name, composite in _fields(type(body)).items():
        value = getattr(body, name)
        if composite is None:
            columns[name] = _jsonable(value)
        else:
            empty = {name + suffix: None for suffix in composite.SUFFIXES.values()}
            columns |= empty if value is None else value.to_columns(name)
    return columns


def column_names(model: type[BaseModel]) -> set[str]:
    """The names of all columns that correspond to a model's fields, as `columns_of` would fill them."""
    names: set[str] = set()
    for name, composite in _fields(model).items():
        names |= {name} if composite is None else {name + suffix for suffix in composite.SUFFIXES.values()}
    return names


def _jsonable(value: Any) -> Any:
    if isinstance(value, BaseModel):
        not_stored = value.READ_ONLY if isinstance(value, Body) else frozenset[str]()
        return value.model_dump(mode="json", by_alias=True, exclude=set(not_stored))
    return (
        [_jsonable(str(item) if isinstance(item, UUID | StrEnum) else item) for item in value]
        if isinstance(value, list)
        else value
    )
