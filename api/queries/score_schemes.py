"""Selects of score schemes."""

from typing import Any

from sqlalchemy import Select, select

from api.reader import Reader, readable
from domain.score_schemes import ScoreScheme


def schemes(reader: Reader) -> Any:
    """The schemes that the reader may see."""
    return readable(ScoreScheme, reader)


def newest(reader: Reader) -> Select[Any]:
    """The newest scheme, which new scores are computed under."""
    seen = readable(ScoreScheme, reader)
    return select(seen).order_by(seen.c.id.desc()).limit(1)


def of_version(reader: Reader, version: str) -> Select[Any]:
    """The scheme of one version."""
    seen = readable(ScoreScheme, reader)
    return select(seen).where(seen.c.scheme_version == version)
