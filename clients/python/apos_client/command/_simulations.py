"""`apos simulations`: simulate a scheme over the active declarations, and follow one that is running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from apos_client.command._messages import EXIT_CODES
from apos_client.command._session import AsJson, print_json, service, show_text

if TYPE_CHECKING:
    from apos_client import Simulation

SECONDS_TO_WAIT = 3600.0
simulations = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What a score scheme would do to the active declarations.",
    epilog=EXIT_CODES,
)
Scheme = Annotated[str, typer.Argument(metavar="SCHEME", help="Its id, or its version such as BM-1.0")]
NAMES = {"schemeVersion": "SCHEME", "schemeId": "SCHEME", "simulationId": "SIMULATION"}
Seconds = Annotated[float, typer.Option("--timeout", min=0, metavar="SECONDS", help="How long to wait at most")]


@simulations.command("run", epilog=EXIT_CODES)
def run_simulation(
    context: typer.Context,
    scheme: Scheme,
    *,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it is complete")] = True,
    timeout: Seconds = SECONDS_TO_WAIT,
    as_json: AsJson = False,
) -> None:
    """Simulate a scheme over every active declaration.

    No score changes. A large one goes on in the service, also if you stop waiting for it.
    """
    from apos_client.command._reports.progress import count_bar

    with service(context, NAMES) as apos, count_bar("Comparing declarations") as on_progress:
        simulation = apos.score_schemes.simulate(scheme, wait=wait, timeout=timeout, on_progress=on_progress)
    _print(simulation, as_json=as_json)


@simulations.command("follow", epilog=EXIT_CODES)
def follow_simulation(
    context: typer.Context,
    scheme: Scheme,
    simulation: Annotated[UUID, typer.Argument(metavar="SIMULATION", help="Its id")],
    *,
    timeout: Seconds = SECONDS_TO_WAIT,
    as_json: AsJson = False,
) -> None:
    """Wait until a simulation is complete, and show it."""
    from apos_client.command._reports.progress import count_bar

    with service(context, NAMES) as apos, count_bar("Comparing declarations") as on_progress:
        found = apos.score_schemes.find_simulation(scheme, simulation)
        found = apos.score_schemes.finished(found, timeout=timeout, on_progress=on_progress)
    _print(found, as_json=as_json)


def _print(simulation: Simulation, *, as_json: bool) -> None:
    if as_json:
        print_json(simulation)
        return
    show_text(f"Simulation {simulation.id}: {_summary(simulation)}")


def _summary(simulation: Simulation) -> str:
    """A simulation in a sentence."""
    if simulation.status == "running":
        progress = simulation.progress
        return f"running, {progress.done} of {progress.total} declarations compared."
    moved = f"{simulation.moved_up} up, {simulation.moved_down} down, {simulation.unchanged} unchanged"
    knocked_out = f"{simulation.knocked_out} knocked out, {simulation.relieved} relieved"
    count = "1 declaration" if simulation.compared == 1 else f"{simulation.compared} declarations"
    return f"{count} compared: {moved}; {knocked_out}; {simulation.rank_changes} change rank."
