"""The two colours as responses show them: against both baselines, with the slip in days, always together."""

from collections.abc import Mapping
from datetime import date
from operator import itemgetter
from typing import Any

from pydantic import Field

from api.schemas.bodies import View
from domain.portfolio.colours import BothColours, Colour, Progress, Undated, both_colours


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


def of_parent(row: Mapping[str, Any], today: date) -> ColourFields:
    """The fields `colours` and `slip_days` of a lot or challenge, as `colours_today` gives them."""
    return colour_fields(colours_today(row, today))


def colours_today(row: Mapping[str, Any], today: date) -> BothColours:
    """The colours of a lot or challenge today, from its row with its progress and threshold.

    What has ended keeps the colours of that day. The columns of its progress are null where it never had a milestone.
    """
    amber, day = row["amber_up_to_days"], row["ended_on"] or today
    original, current = (Undated._make(columns_of(row)).colour_on(day, amber) for columns_of in _UNDATED)
    return BothColours(original, current)


_UNDATED = [itemgetter(*(f"{side}_{name}" for name in Undated._fields)) for side in ("original", "current")]


def colour_fields(both: BothColours) -> ColourFields:
    """The fields `colours` and `slip_days` of a view."""
    return {
        "colours": {"original": both.original.colour, "current": both.current.colour},
        "slip_days": {"original": both.original.slip_days, "current": both.current.slip_days},
    }
