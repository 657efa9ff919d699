"""What tables share: ids, and column types that hold exactly what was written."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlmodel.main import default_registry

from domain import METADATA
from domain.base import (
    Audited,
    EuroCents,
    Fact,
    Id,
    Table,
    UtcDateTime,
    amount_checks,
    column,
    json_type,
    moment_text,
    new_id,
    one_of,
    window_checks,
)
from domain.ledger import table_of
from tests.support.properties import cents, holds

POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # the library does not say
SQLITE: Dialect = sqlite.dialect()
BOTH = pytest.mark.parametrize("dialect", [POSTGRESQL, SQLITE], ids=["postgresql", "sqlite"])
moments = st.datetimes(timezones=st.just(UTC))
moments_anywhere = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-720, 720).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


def test_ids_are_uuids_of_version_7() -> None:
    assert (type(new_id()), new_id().version) == (UUID, 7)


def test_later_ids_sort_after_earlier_ones() -> None:
    ids = [new_id() for _ in range(1000)]
    assert sorted(ids) == ids
    assert sorted(ids, key=str) == ids
    assert len(set(ids)) == 1000


@holds
@given(st.uuids())
def test_an_id_is_its_canonical_text_on_sqlite_and_itself_on_postgresql(value: UUID) -> None:
    assert Id().process_bind_param(value, SQLITE) == str(value)
    assert Id().process_bind_param(value, POSTGRESQL) is value
    assert Id().process_result_value(str(value), SQLITE) == value
    assert Id().process_result_value(value, POSTGRESQL) is value


@BOTH
@pytest.mark.parametrize("kind", [Id, UtcDateTime, EuroCents], ids=lambda kind: kind.__name__)
def test_null_stays_null(kind: Callable[[], sa.types.TypeDecorator[object]], dialect: Dialect) -> None:
    assert kind().process_bind_param(None, dialect) is None
    assert kind().process_result_value(None, dialect) is None


@BOTH
def test_a_moment_without_a_time_zone_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 21, 9), dialect)  # noqa: DTZ001


@holds
@given(moments_anywhere)
def test_a_moment_comes_back_as_it_was_in_utc(moment: datetime) -> None:
    for dialect in (POSTGRESQL, SQLITE):
        column_value = UtcDateTime().process_bind_param(moment, dialect)
        back = UtcDateTime().process_result_value(column_value, dialect)
        assert back == moment
        assert back is not None
        assert back.utcoffset() == timedelta(0)


@holds
@given(moments, moments)
def test_the_order_of_moments_as_text_is_their_order_in_time(one: datetime, other: datetime) -> None:
    assert (moment_text(one) < moment_text(other)) == (one < other)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param("0999-12-31T23:59:59+00:00", "0999-12-31T23:59:59.000000Z", id="before the year 1000"),
        pytest.param("0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00.000000Z", id="the first there is"),
        pytest.param("9999-12-31T23:59:59.999999+00:00", "9999-12-31T23:59:59.999999Z", id="the last there is"),
    ],
)
def test_the_ends_of_time_are_as_wide_as_any_other_moment(moment: str, expected: str) -> None:
    assert moment_text(datetime.fromisoformat(moment)) == expected


def test_a_moment_is_written_to_the_microsecond_in_utc() -> None:
    moment = datetime(2026, 11, 21, 9, 0, 0, 1, tzinfo=timezone(timedelta(hours=1)))
    assert moment_text(moment) == "2026-11-21T08:00:00.000001Z"


@holds
@given(cents)
def test_whole_cents_are_stored_as_they_are(amount: int) -> None:
    for dialect in (POSTGRESQL, SQLITE):
        stored = EuroCents().process_bind_param(amount, dialect)
        assert EuroCents().process_result_value(stored, dialect) == amount


@BOTH
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(15.0, id="a float, even a whole one"),
        pytest.param(Decimal(15), id="a decimal"),
        pytest.param(True, id="a boolean"),
        pytest.param("1500", id="text"),
    ],
)
def test_what_was_or_will_be_rounded_is_refused_as_cents(value: object, dialect: Dialect) -> None:
    with pytest.raises(TypeError, match=f"a whole number, not {type(value).__name__}"):
        EuroCents().process_bind_param(value, dialect)


def test_cents_fit_beyond_the_largest_amount() -> None:
    assert isinstance(EuroCents.impl(), sa.BigInteger)


class _Kind(StrEnum):
    FIRST = "firstOne"
    SECOND = "secondOne"


def test_an_enum_is_stored_by_its_values_under_a_check_named_after_the_column() -> None:
    kind = one_of(_Kind, "kind")
    assert (kind.enums, kind.name, kind.native_enum, kind.create_constraint) == (
        ["firstOne", "secondOne"],
        "kind",
        False,
        True,
    )


def test_json_is_binary_on_postgresql_and_none_is_null() -> None:
    kind = json_type()
    assert isinstance(kind.dialect_impl(POSTGRESQL), postgresql.JSONB)
    assert kind.none_as_null
    assert kind.dialect_impl(POSTGRESQL).none_as_null


def test_a_column_type_is_handed_on_as_it_is() -> None:
    assert column(Id) is Id


def test_windows_and_amounts_have_a_check_of_their_own_name() -> None:
    assert [check.name for check in window_checks("window", "original")] == ["window", "original"]
    assert [check.name for check in amount_checks("budget")] == ["budget_amount"]


@pytest.mark.parametrize("kind", METADATA.sorted_tables, ids=lambda table: table.name)
def test_every_constraint_has_a_name_that_can_be_told_beforehand(kind: sa.Table) -> None:
    prefixes = {
        sa.PrimaryKeyConstraint: "pk",
        sa.UniqueConstraint: "uq",
        sa.ForeignKeyConstraint: "fk",
        sa.CheckConstraint: "ck",
    }
    for constraint in kind.constraints:
        prefix = next(p for cls, p in prefixes.items() if isinstance(constraint, cls))
        assert str(constraint.name).startswith(f"{prefix}_{kind.name}"), constraint
    assert all(str(index.name).startswith(("ix_", "uq_")) for index in kind.indexes)


def test_an_audited_row_starts_at_version_1() -> None:
    assert Audited.model_fields["version"].default == 1


def test_a_fact_carries_its_key_its_source_a_note_and_what_is_a_reading() -> None:
    kinds = [kind for kind in Fact.__subclasses__() if hasattr(kind, "__table__")]
    assert kinds
    for kind in kinds:
        assert {"key", "source", "note", "readings"} <= {c.name for c in table_of(kind).columns}


TABLES = sorted(
    (mapper.class_ for mapper in default_registry.mappers if issubclass(mapper.class_, Table)),
    key=lambda kind: kind.__name__,
)


def test_every_table_with_an_id_is_among_them() -> None:
    assert {kind.__tablename__ for kind in TABLES} == {t.name for t in METADATA.tables.values() if "id" in t.columns}


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_an_instance_of_a_row_is_the_one_that_its_values_make(kind: type[Table]) -> None:
    row = {name: object() for name in kind.model_fields}
    made, usual = kind.of_row({**row, "not_a_column": 1}), kind(**row)
    assert made == usual
    assert dict(made) == dict(usual)
    assert made.model_fields_set == usual.model_fields_set
    changed = next(iter(row))
    setattr(made, changed, 1)
    assert (getattr(made, changed), getattr(usual, changed)) == (1, row[changed])


def test_the_first_instance_of_a_process_may_be_of_a_row_and_changed() -> None:
    """SQLAlchemy completes its classes when it makes the first instance itself."""
    lines = (
        "from domain.registers import Source",
        "one = Source.of_row({**dict.fromkeys(Source.model_fields), 'title': 'b'})",
        "one.title = 'c'",
        "print(one.title)",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("c\n", "")


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_columns_that_a_row_does_not_have_get_their_defaults(kind: type[Table]) -> None:
    own = {"id": new_id()}
    assert kind.of_row(own).model_dump(warnings=False) == kind(**own).model_dump(warnings=False)
