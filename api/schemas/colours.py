"""The two colours as responses show them: against both baselines, with the slip in days, always together."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from api.schemas.bodies import View
from domain.portfolio.colours import BothColours, Colour, Progress, both_colours, colour_of_slip

WITHOUT_MILESTONES: Mapping[str, Any] = {
    "original_slip": None,
    "original_failed": False,
    "current_slip": None,
    "current_failed": False,
    "amber_up_to_days": 0,
}


class Colours(View):
    """Against the original baseline, and against the current one."""

    original: Colour
    current: Colour


class SlipDays(View):
    """Days from the end of each baseline window; null where there is no baseline."""

    original: int | None = Field(examples=[0])
    current: int | None = Field(examples=[0])


ColourFields = Mapping[str, Mapping[str, Any]]
"""The fields `colours` and `slip_days` of a view, as it is made from them."""


def of_milestone(progress: Progress, amber_up_to_days: int, today: date) -> ColourFields:
    """The fields `colours` and `slip_days` of a milestone."""
    return colour_fields(both_colours(progress=progress, amber_up_to_days=amber_up_to_days, today=today))


def of_parent(row: Mapping[str, Any] | None) -> ColourFields:
    """The fields `colours` and `slip_days` of a lot or challenge, from its row of parent colours.

    The row is None, or its colours are, for one without milestones.
    """
    if row is None or row["amber_up_to_days"] is None:
        row = WITHOUT_MILESTONES
    original, current = (
        colour_of_slip(
            slip_days=row[f"{side}_slip"], failed=row[f"{side}_failed"], amber_up_to_days=row["amber_up_to_days"]
        )
        for side in ("original", "current")
    )
    return colour_fields(BothColours(original, current))


def colour_fields(both: BothColours) -> ColourFields:
    """The fields `colours` and `slip_days` of a view."""
    return {
        "colours": {"original": both.original.colour, "current": both.current.colour},
        "slip_days": {"original": both.original.slip_days, "current": both.current.slip_days},
    }
