"""Score schemes, when they take effect, and what one would do."""

from typing import Any

from domain.base import new_id
from domain.scoring.score_schemes import SchemePublication
from domain.scoring.simulations import Simulation, SimulationStatus
from tests.factories.dates import a_day, a_moment
from tests.factories.rows import a_row

MOMENT = "2026-11-21T09:00:00"


def a_publication(**named: Any) -> SchemePublication:
    """The publication of a scheme of its own."""
    decided = {"authority": "Stuurgroep", "reason": "De lijst is herzien.", "published_at": a_moment(MOMENT)}
    return a_row(SchemePublication, named, scheme_id=new_id(), effective_on=a_day("2027-01-01"), **decided)


def a_simulation(**named: Any) -> Simulation:
    """A simulation of a scheme of its own while no declaration stood."""
    counts = ("compared", "moved_up", "moved_down", "unchanged", "knocked_out", "relieved", "rank_changes")
    about = {"scheme_id": new_id(), "simulated_at": a_moment(MOMENT), "status": SimulationStatus.COMPLETE}
    figures = {**dict.fromkeys(counts, 0), "by_parent": [], "results_digest": "0" * 64}
    return a_row(Simulation, named, **figures, **about)
