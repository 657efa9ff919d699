"""Selects of the portfolio's status: a handful of statements, whatever the size."""

from typing import Any

from sqlalchemy import Select, func, select

from api.reader import Reader, for_each_reader, readable
from domain.base import Audited
from domain.budget_lines import BudgetLine
from domain.challenges import Challenge
from domain.dependencies import Dependency, Safeguard
from domain.lots import Lot
from domain.programmes import Programme
from domain.trials import Trial


@for_each_reader
def lots(reader: Reader) -> Select[Any]:
    """What is shown of the lots themselves, by code."""
    return _by_code(Lot, reader)


@for_each_reader
def challenges(reader: Reader) -> Select[Any]:
    """What is shown of the challenges themselves, by code."""
    return _by_code(Challenge, reader)


def _by_code(kind: type[Audited], reader: Reader) -> Select[Any]:
    seen = readable(kind, reader)
    shown = [column for column in seen.c if column.name.startswith(("budget_", "delivery_confidence_"))]
    names = ("id", "programme_id", "key", "code", "title", "status")
    return select(*(seen.c[name] for name in names), *shown).order_by(seen.c.code)


def programmes(reader: Reader) -> Any:
    """The programmes, with their envelopes."""
    return readable(Programme, reader)


def budget_lines(reader: Reader) -> Any:
    """The budget lines."""
    return readable(BudgetLine, reader)


def trials(reader: Reader) -> Any:
    """The trials, with their windows."""
    return readable(Trial, reader)


def dependencies(reader: Reader) -> Select[Any]:
    """How many dependencies there are."""
    return select(func.count()).select_from(readable(Dependency, reader))


def safeguards(reader: Reader) -> Any:
    """The safeguards against them."""
    return readable(Safeguard, reader)
