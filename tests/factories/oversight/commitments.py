"""Commitments."""

from typing import Any

from domain.oversight.commitments import Commitment, CommitmentKind
from tests.factories.rows import a_row


def a_commitment(**named: Any) -> Commitment:
    """An open promise, of which no source says when it was made or is due."""
    return a_row(Commitment, named, kind=CommitmentKind.TOEZEGGING, text="Brief aan de Kamer")
