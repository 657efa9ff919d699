"""Changes (wijzigingen) of a declaration against an earlier revision, and what they do to its score.

Figures are decimal strings, None where a system cannot be assessed.
"""

from datetime import date
from uuid import UUID

from apos_client._answers import Answer


class FieldChange(Answer):
    """A field, dotted where it is nested, with what it said before and says now; None: unknown, or not there."""

    field: str
    before: str | None
    after: str | None


class LineChange(Answer):
    """A line by its key, what it says otherwise, and the points it won more."""

    key: str
    name: str
    points: str | None
    fields: tuple[FieldChange, ...]


class ChangedLines(Answer):
    """How many lines of a kind, the points of all of them, and those that move the score most."""

    count: int
    points: str | None
    items: tuple[LineChange, ...]


class LineChanges(Answer):
    """Lines by key; those `affected` say the same and win other points. `unchanged` counts all that say the same."""

    added: ChangedLines
    removed: ChangedLines
    changed: ChangedLines
    affected: ChangedLines
    unchanged: int


class FigureChange(Answer):
    """A figure before and after."""

    before: str | None
    after: str | None
    difference: str | None


class VerdictChange(Answer):
    """A verdict before and after."""

    before: str
    after: str


class ShareChange(Answer):
    """An origin share before and after."""

    proven: FigureChange
    declared: FigureChange
    upper_bound: FigureChange
    verdict: VerdictChange


class ShareChanges(Answer):
    """Both origin shares."""

    edip: ShareChange
    safe: ShareChange


class ChangedKnockOut(Answer):
    """A knock-out that came or went, waived or not."""

    code: str
    reason: str
    component_key: str | None = None
    dimension: str | None = None
    function_group: str | None = None


class ChangedKnockOuts(Answer):
    """How many, and the first of them."""

    count: int
    items: tuple[ChangedKnockOut, ...]


class KnockOutChanges(Answer):
    """Knock-outs that were not there before, and those that are gone."""

    came: ChangedKnockOuts
    went: ChangedKnockOuts


class Attribution(Answer):
    """Where the difference in points comes from; together they are that difference."""

    added: str
    removed: str
    changed: str
    affected: str
    dimensions: str
    design_authority: str
    empty_groups: str
    residual: str


class ChangeEffect(Answer):
    """Both revisions under one scheme, on one day: those of the newer one's score, of a draft today's."""

    scheme_version: str
    country_list_version: str
    reference_date: date
    score: FigureChange
    points: FigureChange
    adjustment_percent: FigureChange
    origin_shares: ShareChanges
    knock_outs: KnockOutChanges
    attribution: Attribution | None


class RevisionChanges(Answer):
    """What a declaration changed of an earlier revision; `effect` is None where there is no scoring profile."""

    declaration_id: UUID
    revision: int
    against_id: UUID
    against_revision: int
    lines: LineChanges
    system: tuple[FieldChange, ...]
    effect: ChangeEffect | None
