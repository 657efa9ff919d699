"""Selects of simulations and their results."""

from typing import Any

from api.reader import Reader, readable
from domain.simulations import Simulation, SimulationResult


def simulations(reader: Reader) -> Any:
    """The simulations that the reader may see."""
    return readable(Simulation, reader)


def results(reader: Reader) -> Any:
    """The results that the reader may see."""
    return readable(SimulationResult, reader)
