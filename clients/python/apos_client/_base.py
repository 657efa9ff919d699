"""What every model of the client has, and the methods of the few that have some of their own.

An older client reads a newer service: fields that it does not know are kept, and a word that may get company (a status, a kind)
is plain text. A field that your role does not see is absent: it reads as None, or as an empty list, and is not in
`model_fields_set`.
"""

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

import apos_client

if TYPE_CHECKING:
    from apos_client._models import Component, ExplanationLine, LineCounts, RefusedCell, Statement


def _figure(given: object) -> object:
    if isinstance(given, bool):
        return given
    if isinstance(given, int):
        return str(given)
    return format(given, "f") if isinstance(given, Decimal) else given


Figure = Annotated[str, BeforeValidator(_figure)]
"""A number as a decimal string. Whole numbers and Decimals are accepted too; a float is not, because it is rounded."""


class Answer(BaseModel):
    """Part of an answer of the service; it is never changed."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow", frozen=True)

    def document(self) -> dict[str, Any]:
        """The answer as the service gave it, with the fields that this version of the client does not know."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class Tagged(Answer):
    """Something with an ETag. `etag` is that of this read, to change it only if nobody did since; a list gives none."""

    etag: str | None = Field(default=None, exclude=True)


class Resource(Tagged):
    """Something with an id."""

    id: UUID
    version: int | None = None


class EvidenceBase(Answer):
    """A document whose content can be checked."""

    @classmethod
    def of_file(cls, file: Path, *, title: str, uri: str) -> Self:
        """Evidence with the digest of a local file, which is not sent."""
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return cls.model_validate({"title": title, "uri": uri, "sha256": digest})


class IntakeReportBase(Tagged):
    """A report on a file."""

    if TYPE_CHECKING:
        lines: LineCounts
        refused: tuple[RefusedCell, ...]

    @property
    def is_usable(self) -> bool:
        """Whether an upload of the same file would be stored."""
        return self.lines.refused == 0 and not self.refused


class OriginDeclarationBase(Resource):
    """A declaration without its components."""

    def statement(self, components: Iterable["Component"]) -> "Statement":
        """The declaration with these components, as a preview takes it."""
        statement = apos_client.Statement
        stated = {name: getattr(self, name) for name in statement.model_fields if name != "components"}
        return statement(**stated, components=tuple(components))


class ScoreBase(Answer):
    """A score with its explanation."""

    if TYPE_CHECKING:
        explanation: tuple[ExplanationLine, ...]

    def costliest(self, count: int = 3) -> list["ExplanationLine"]:
        """The lines of the explanation that lost the most points, the largest loss first."""
        return sorted(self.explanation, key=lambda line: Decimal(line.lost), reverse=True)[:count]
