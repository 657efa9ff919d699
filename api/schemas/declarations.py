"""Bodies of declarations: components, dimensions, design authority, and the scoring profile that they are scored on.

A declaration may have many thousands of components, so they are plain dictionaries that the validation library checks
entirely in compiled code; checks in Python would cost more than storing them. Declarations and previews share these bodies.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Annotated, Any, ClassVar, Literal, NotRequired

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from typing_extensions import TypedDict

from api.schemas.bodies import (
    COUNTRIES,
    FIRST_YEAR,
    LAST_YEAR,
    MESSAGE_COUNTRY,
    MESSAGE_DAY,
    MESSAGE_ID,
    MESSAGE_SHA256,
    MESSAGE_URI,
    MESSAGE_YEAR,
    ONE_LINE,
    SHA256,
    URI,
    Body,
    Code,
    Composite,
    Country,
    Day,
    ExactAmount,
    Flag,
    Line,
    Sha256,
    Uri,
)
from api.schemas.plain_texts import PlainLine
from domain.declarations.component_columns import COLUMNS, MAX_COMPONENT_KEY, ColumnKind, ComponentColumn
from domain.declarations.components import MAX_COMPONENTS
from domain.declarations.definitions import CONTROL, MADE_IN
from domain.scoring.inputs import NO_COUNTRY, AuthorityLevel, Dependence, DimensionName, EvidenceLevel

NUMBER = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?$"
UNIT_VALUE = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$"
UUID_TEXT = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MESSAGE_NUMBER = (
    'give a whole number or a decimal string, not negative and with at most 6 decimals, such as 4 or "0.25"'
)
MESSAGE_VALUE = 'give euros as a decimal string with at most 6 decimals, such as "12.500000"; a number may be rounded'


class _WithMessage:
    """Replaces every validation error of a value with one message that says what to give."""

    def __init__(self, message: str) -> None:
        self._message = message

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return self._with_message(handler(source))

    def _with_message(self, schema: CoreSchema) -> CoreSchema:
        return core_schema.custom_error_schema(schema, custom_error_type="form", custom_error_message=self._message)


class _NumberInput(_WithMessage):
    """An integer or a decimal string, kept in the form in which it was given."""

    def __init__(self) -> None:
        super().__init__(MESSAGE_NUMBER)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        whole = core_schema.int_schema(strict=True, ge=0, le=999_999_999)
        return self._with_message(
            core_schema.union_schema([whole, core_schema.str_schema(strict=True, pattern=NUMBER)], mode="left_to_right")
        )


class _CodeFrom(_WithMessage):
    """One of a long list of codes; the contract describes only their pattern."""

    def __init__(self, message: str, codes: Iterable[str], **described: Any) -> None:
        super().__init__(message)
        self._codes = sorted(codes)
        self._described = described

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return self._with_message(core_schema.literal_schema(self._codes))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", **self._described}


class _DayText(_WithMessage):
    """An existing calendar day as ISO text."""

    def __init__(self) -> None:
        super().__init__(MESSAGE_DAY)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        steps: list[CoreSchema] = [core_schema.str_schema(strict=True, pattern=DATE), core_schema.date_schema()]
        within = core_schema.date_schema(ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 31))
        in_year = core_schema.custom_error_schema(within, custom_error_type="form", custom_error_message=MESSAGE_YEAR)
        return core_schema.chain_schema([self._with_message(core_schema.chain_schema(steps)), in_year])

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": "date", "examples": ["2027-12-31"]}


Number = Annotated[str, _NumberInput(), Field(examples=["4"])]
NumberText = Annotated[Number, AfterValidator(str)]
AnyCountry = Annotated[
    str,
    _CodeFrom(MESSAGE_COUNTRY, COUNTRIES, minLength=2, maxLength=2, pattern="^[A-Z]{2}$", examples=["NL"]),
]
CountryOrNone = Annotated[
    str,
    _CodeFrom(
        f"{MESSAGE_COUNTRY}, nor {NO_COUNTRY}",
        [*COUNTRIES, NO_COUNTRY],
        maxLength=4,
        pattern="^([A-Z]{2}|NONE)$",
        examples=[NO_COUNTRY],
        description="NONE: there is no foreign one",
    ),
]
AnyDay = Annotated[str, _DayText()]
ComponentKey = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_COMPONENT_KEY, pattern=ONE_LINE, strip_whitespace=True),
    PlainLine,
]
_Uri = Annotated[str, StringConstraints(max_length=2000, pattern=URI), _WithMessage(MESSAGE_URI)]
_Sha256 = Annotated[str, StringConstraints(pattern=SHA256), _WithMessage(MESSAGE_SHA256)]
StatementReference = Annotated[
    str,
    StringConstraints(pattern=UUID_TEXT, to_lower=True),
    _WithMessage(MESSAGE_ID),
    WithJsonSchema({"type": "string", "format": "uuid"}),
]
_DICTIONARY = ConfigDict(alias_generator=to_camel, extra="forbid")


class UnitValue(TypedDict):
    """The value of one piece, in euros with up to six decimals."""

    __pydantic_config__ = _DICTIONARY  # type: ignore[misc]  # how the library configures a dictionary

    amount: Annotated[
        str, StringConstraints(strict=True, pattern=UNIT_VALUE), _WithMessage(MESSAGE_VALUE), Field(examples=["12.5"])
    ]
    currency: NotRequired[Literal["EUR"]]
    qualifier: NotRequired[Literal["exact"]]


class Evidence(TypedDict):
    """Proof of a statement. It counts up to and including `expiresOn`; without that day it does not expire."""

    __pydantic_config__ = _DICTIONARY  # type: ignore[misc]  # as above

    level: NotRequired[Literal["none", "selfDeclared", "document", "audited"] | None]
    expires_on: NotRequired[AnyDay | None]
    uri: NotRequired[Annotated[_Uri | None, Field(examples=["https://example.org/certificate.pdf"])]]
    sha256: NotRequired[Annotated[_Sha256 | None, Field(examples=["0" * 64])]]


class Component(TypedDict):
    """A line of a system: a leaf carries value and origin; a line that others name as parent is a sub-assembly of them.

    Null or absent is unknown. The quantity is that in one delivered system, not per parent.
    """

    __pydantic_config__ = _DICTIONARY  # type: ignore[misc]  # as above

    key: Annotated[ComponentKey, Field(examples=["autopilot"])]
    parent_key: NotRequired[
        Annotated[ComponentKey | None, Field(description="Key of the sub-assembly it is part of", examples=[None])]
    ]
    name: Annotated[Line, Field(examples=["Autopilot board"])]
    part_number: NotRequired[Annotated[Line | None, Field(examples=["AP-7"])]]
    manufacturer: NotRequired[Annotated[Line | None, Field(examples=["Example Avionics"])]]
    function_group: NotRequired[
        Annotated[Line | None, Field(description="Name of one of the profile's groups", examples=["control"])]
    ]
    quantity: Number
    unit_value: NotRequired[UnitValue | None]
    country_of_manufacture: NotRequired[
        Annotated[AnyCountry | None, Field(description=f"Made in: {MADE_IN.english}", examples=["NL"])]
    ]
    country_of_control: NotRequired[
        Annotated[AnyCountry | None, Field(description=f"Control: {CONTROL.english}", examples=["NL"])]
    ]
    licence_country: NotRequired[CountryOrNone | None]
    export_regime: NotRequired[CountryOrNone | None]
    second_source_country: NotRequired[AnyCountry | None]
    stock_weeks: NotRequired[Number | None]
    lead_time_weeks: NotRequired[Number | None]
    evidence: NotRequired[Evidence | None]
    statement_id: NotRequired[
        Annotated[
            StatementReference | None,
            Field(
                description="Id of a statement that its maker shares with the supplier; it changes no figure",
                examples=[None],
            ),
        ]
    ]


Components = Annotated[list[Component], Field(max_length=MAX_COMPONENTS)]


class ComponentsBody(Body):
    """The components of a declaration, and no others."""

    components: Components


def _level(given: object) -> object:
    return EvidenceLevel.NONE if given is None else given


class EvidenceBody(Body):
    """Proof of a statement. It counts up to and including `expiresOn`; without that day it does not expire."""

    level: Annotated[EvidenceLevel, BeforeValidator(_level)] = EvidenceLevel.NONE
    expires_on: Day | None = None
    uri: Uri | None = None
    sha256: Sha256 | None = None


class DesignAuthorityBody(Body):
    """Who may change the design.

    `level` counts two conditions: the prime holds the design authority, and it may lawfully replace third-country components.
    """

    level: AuthorityLevel | None = None
    country: Country | None = Field(default=None, description="The prime's country")
    evidence: EvidenceBody | None = None


class DimensionBody(Body):
    """How far the system depends on somebody, and in which country."""

    dimension: DimensionName
    dependence: Dependence | None = None
    country: Country | None = None
    evidence: EvidenceBody | None = None


class SystemBody(Composite):
    """The system that is declared."""

    SUFFIXES: ClassVar[dict[str, str]] = {
        "name": "_name",
        "version": "_version",
        "final_assembly_country": "_final_assembly_country",
    }

    name: Line = Field(examples=["Kestrel"])
    version: Line | None = None
    final_assembly_country: Country | None = None


class Stated(Body):
    """What is declared of a system as a whole."""

    system: SystemBody
    total_component_cost: ExactAmount | None = Field(default=None, description="T; null: not known yet")
    design_authority: DesignAuthorityBody | None = None
    dimensions: list[DimensionBody] = Field(default_factory=list, max_length=20)


class Representative(Body):
    """The authorised representative who signs."""

    name: Line = Field(examples=["A. Jansen"])
    function: Line = Field(examples=["Director"])
    email: Annotated[EmailStr, PlainLine, Field(max_length=300, examples=["a.jansen@example.org"])]


class FunctionGroupBody(Body):
    """A group of components by what they do."""

    name: Line = Field(examples=["control"])
    weight: NumberText = Field(description="K, over 0")
    critical: Flag = False


class ScoringProfileBody(Body):
    """What a lot or challenge scores declarations on."""

    function_groups: list[FunctionGroupBody] = Field(max_length=200)
    dimensions: list[DimensionName] = Field(max_length=20)
    cap_percent: NumberText = Field(default="10", description="Over 0, at most 50", examples=["10"])
    require_eu_prime: Flag = False
    reference_amount: ExactAmount | None = Field(
        default=None, description="Set for the second mode: the adjustment is a percentage of this, not of the price"
    )
    scheme: Code | None = Field(
        default=None,
        description="The version of its score scheme, one that has taken effect; the one in force where it is left out",
        examples=["BM-1.0"],
    )


BATCH_SIZE = 1000
"""Components that are converted together."""
_EMPTY: dict[str, Any] = {}
_OBJECTS = {column.steps[0] for column in COLUMNS if len(column.steps) > 1}
"""The fields of a component that are objects."""
_NOT_TEXT = frozenset({ColumnKind.PIECES, ColumnKind.WEEKS, ColumnKind.DAY})
"""What a body can have as a number or a day; amounts are always text."""


def as_stored(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Components as rows in storage form, one value per column: text, with days in ISO form."""
    for start in range(0, len(components), BATCH_SIZE):
        # Column by column, because looping over the columns of each component takes one and a half times as long.
        given = components[start : start + BATCH_SIZE]
        objects = {name: [component.get(name) or _EMPTY for component in given] for name in _OBJECTS}
        yield from zip(*(_values(column, given, objects) for column in COLUMNS), strict=True)


def _values(
    column: ComponentColumn, components: Sequence[Any], objects: Mapping[str, Sequence[Any]]
) -> Iterable[str | None]:
    *outer, name = column.steps
    values: Iterable[Any] = map(dict.get, objects[outer[0]] if outer else components, repeat(name))
    if column.default is not None:
        return [value or column.default for value in values]
    if column.kind in _NOT_TEXT:
        return [None if value is None else str(value) for value in values]
    return values
