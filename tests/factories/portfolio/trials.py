"""Trials."""

from typing import Any

from domain.base import new_id
from domain.portfolio.trials import Trial
from tests.factories.rows import a_row


def a_trial(**named: Any) -> Trial:
    """A trial of a challenge of its own, without a window or a site."""
    return a_row(Trial, named, title="Beproeving", challenge_ids=[str(new_id())])
