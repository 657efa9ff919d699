"""Waivers of knock-outs (ontheffingen): decisions that a concern does not count, until the day they expire."""

from datetime import date, datetime
from uuid import UUID

from apos_client._answers import Resource


class Waiver(Resource):
    """A decision about one knock-out of a submitted declaration, at a component or in a dimension.

    Of several for one knock-out the newest in force counts. It is of one revision, and not carried to the next.
    """

    declaration_id: UUID
    code: str
    component_key: str | None = None
    dimension: str | None = None
    authority: str
    reason: str
    expires_on: date
    alternative_trajectory: str
    recorded_at: datetime
