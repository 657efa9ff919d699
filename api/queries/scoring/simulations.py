"""Selects of simulations and their results."""

from typing import Any

from api.store.visibility import ReadContext, visible
from domain.scoring.simulations import Simulation, SimulationResult


def simulations(context: ReadContext) -> Any:
    """The simulations that the reader may see."""
    return visible(Simulation, context)


def results(context: ReadContext) -> Any:
    """The results that the reader may see."""
    return visible(SimulationResult, context)
