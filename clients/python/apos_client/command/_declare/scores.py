"""`apos declare preview` and `score`: the score of a file that is not stored, and that of a submitted declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from apos_client.command._declare.arguments import (
    FIELDS,
    LOT_OR_CHALLENGE,
    ChallengeOption,
    DeclarationFileArgument,
    DeclarationId,
    LotOption,
)
from apos_client.command._messages import WRONG_USE
from apos_client.command._options import ReferenceDate
from apos_client.command._session import AsJson, errors_as_messages, fail, print_json, service, show

if TYPE_CHECKING:
    from apos_client import Apos, PublishedProfile
    from apos_client.command._declare.declaration_file import DeclarationFile


def preview(
    context: typer.Context,
    file: DeclarationFileArgument,
    *,
    lot: LotOption = None,
    challenge: ChallengeOption = None,
    reference_date: ReferenceDate = None,
    as_json: AsJson = False,
) -> None:
    """The score of a declaration for its lot or challenge. Nothing is stored, and nobody else sees it."""
    from apos_client.command._declare.declaration_file import read_declaration
    from apos_client.command._reports.score import score_report

    with errors_as_messages():
        declared = read_declaration(file).with_options(lot=lot, challenge=challenge)
    options = {f"declaration/{place}": name for place, name in declared.places().items()} | FIELDS
    with service(context, options) as apos:
        profile = _profile(apos, declared)
        score = apos.score_previews.ask(
            profile, declared.statement, price=declared.price, reference_date=reference_date
        )
    if as_json:
        print_json(score)
    else:
        show(lambda width: score_report(score, width))


def score(
    context: typer.Context,
    declaration: DeclarationId,
    *,
    reference_date: ReferenceDate = None,
    as_json: AsJson = False,
) -> None:
    """The score of a submitted declaration, and what costs most.

    It is the score that was stored at submission, or that of another day.
    """
    from apos_client.command._reports.score import score_report

    with service(context, FIELDS) as apos:
        stored = apos.origin_declarations.score(declaration, reference_date=reference_date)
    if as_json:
        print_json(stored)
    else:
        show(lambda width: score_report(stored, width))


def _profile(apos: Apos, declared: DeclarationFile) -> PublishedProfile:
    if (declared.lot is None) == (declared.challenge is None):
        fail(WRONG_USE, LOT_OR_CHALLENGE)
    if declared.lot is not None:
        return apos.lots.scoring_profile(declared.lot)
    return apos.challenges.scoring_profile(declared.challenge or "")
