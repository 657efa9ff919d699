"""The factories of the tests: what they make, its table takes, so that no rule is tested on a row that cannot be."""

import importlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from domain import METADATA
from domain.base import Audited
from domain.ledger import table_of
from tests.architecture.modules import modules
from tests.factories.portfolio.lots import a_lot


def factories() -> dict[str, Callable[[], Audited]]:
    """Every factory that makes a row and needs nothing named."""
    found: dict[str, Callable[[], Audited]] = {}
    for module in modules("tests/factories"):
        dotted = module.path.removesuffix(".py").replace("/", ".")
        for name, factory in inspect.getmembers(importlib.import_module(dotted), inspect.isfunction):
            made = inspect.signature(factory).return_annotation
            if factory.__module__ == dotted and isinstance(made, type) and issubclass(made, Audited):
                found[name] = factory
    return found


@pytest.fixture(scope="module")
def tables() -> Any:
    """The tables as the domain has them, in memory."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("name", factories())
def test_what_a_factory_makes_its_table_takes(name: str, tables: sa.Engine) -> None:
    row = factories()[name]()
    with tables.begin() as connection:
        assert connection.execute(sa.insert(table_of(type(row))).values(row.model_dump())).rowcount == 1


def test_a_name_that_is_no_column_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="Lot has no colour"):
        a_lot(colour="green")
