"""References to parliamentary papers in bodies: as printed, together with the service's reading of them."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from api.schemas.bodies import Body, Day, Line, View
from domain.references import ReferenceFlag, parse_reference


class ReferenceReading(View):
    """How a printed reference is read."""

    normalised: str | None = Field(
        description="Dossier, chapter and number; null where the form is not known", examples=["27830-489"]
    )
    probably: str | None = Field(description="What was probably meant, where its note says so", examples=[None])
    flag: ReferenceFlag | None = Field(description="What to beware of", examples=[None])


class Reference(Body):
    """A parliamentary paper, as its source prints it. A note that says "probably 27 830" marks a probable misprint."""

    READ_ONLY = frozenset({"reading"})

    as_printed: Line = Field(examples=["27 830, nr. 489"])
    dated: Day | None = None
    note: Line | None = None
    reading: ReferenceReading | None = Field(
        default=None,
        description="How the service reads it; what a request says here is ignored",
        json_schema_extra={"readOnly": True},
    )

    @model_validator(mode="before")
    @classmethod
    def _without_given_reading(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if name != "reading"} if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _add_reading(self) -> Self:
        self.reading = reading_of(self.as_printed, self.note)
        return self


class PublishedReference(BaseModel):
    """A parliamentary paper as its source prints it, with the service's reading, without the note of the office."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, serialize_by_alias=True)

    as_printed: str = Field(examples=["27 830, nr. 489"])
    dated: Day | None
    reading: ReferenceReading

    @model_validator(mode="before")
    @classmethod
    def _read_with_note(cls, stored: Any) -> Any:
        printed = stored["asPrinted"]
        return {"as_printed": printed, "dated": stored.get("dated"), "reading": reading_of(printed, stored.get("note"))}


ReferenceFilter = Annotated[Line, Field(description="A paper it names, in any spelling", examples=["27 830, nr. 489"])]


def reading_of(printed: str, note: str | None = None) -> ReferenceReading:
    """How the service reads a reference."""
    parsed = parse_reference(printed, note)
    return ReferenceReading(normalised=parsed.normalised, probably=parsed.probably, flag=parsed.flag)
