"""Answers already given: what a record is known by, and that it is no fact of the portfolio."""

import sqlalchemy as sa

from domain.base import Audited
from domain.idempotency import IdempotencyRecord
from domain.ledger import table_of


def test_an_answer_is_known_by_actor_method_path_and_key() -> None:
    unique = [c for c in table_of(IdempotencyRecord).constraints if isinstance(c, sa.UniqueConstraint)]
    assert [[column.name for column in constraint.columns] for constraint in unique] == [
        ["actor", "method", "path", "key"]
    ]


def test_an_answer_leaves_no_event() -> None:
    assert not issubclass(IdempotencyRecord, Audited)
