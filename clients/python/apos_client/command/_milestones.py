"""`apos milestones`: which there are, how each was found, when it is expected, and a new window with its authority."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._client import Apos
from apos_client._keywords import MilestoneFilters, MilestoneStatus, Outcome
from apos_client._models import Evidence, Milestone, Window
from apos_client.command._complaints import EXIT_CODES
from apos_client.command._given import day, evidence, evidence_of_files
from apos_client.command._session import AsJson, print_json, service, show
from apos_client.command._tables import LEGEND, Column, both_colours, colour, table

milestones = typer.Typer(
    no_args_is_help=True,
    help="Which milestones there are, how they were found, and when they are expected.",
    epilog=EXIT_CODES,
)
Named = Annotated[str, typer.Argument(metavar="MILESTONE", help="Its id, or its key such as m-c15-trial")]
Start = Annotated[date, typer.Option(parser=day, metavar="DATE", help="The first day of the window")]
End = Annotated[date, typer.Option(parser=day, metavar="DATE", help="The last day of the window")]
NAMES = {"key": "MILESTONE", "milestoneId": "MILESTONE"}
RECORDED = {
    **NAMES,
    "outcome": "--outcome",
    "assessedOn": "--assessed-on",
    "achievedOn": "--achieved-on",
    "narrative": "--narrative",
    "evidence": "evidence",
    "corrects": "--corrects",
}
WINDOW = {"start": "--start", "end": "--end"}
FORECAST = {**NAMES, "Change-Reason": "--reason", **{f"forecast/{end}": option for end, option in WINDOW.items()}}
REBASELINED = {
    **NAMES,
    "reason": "--reason",
    "authority": "--authority",
    **{f"window/{end}": option for end, option in WINDOW.items()},
}


@milestones.command("list", epilog=EXIT_CODES)
def list_milestones(
    context: typer.Context,
    *,
    lot: Annotated[str | None, typer.Option(help="Only those of this lot, by id or key")] = None,
    challenge: Annotated[str | None, typer.Option(help="Only those of this challenge, by id or key")] = None,
    status: Annotated[MilestoneStatus | None, typer.Option(help="Only those with this status")] = None,
    as_json: AsJson = False,
) -> None:
    """The milestones that you may see, those that are due first at the top."""
    with service(context, {"key": "--lot or --challenge"}) as apos:
        # Sorted here, because not every role may sort by the window.
        listed = sorted(apos.milestones.each(**_filters(apos, lot, challenge, status)), key=_due_first)
    if as_json:
        print_json(listed)
    else:
        show(lambda width: milestones_report(listed, width))


@milestones.command(epilog=EXIT_CODES)
def record(
    context: typer.Context,
    milestone: Named,
    *,
    outcome: Annotated[Outcome, typer.Option(help="How it was found")],
    assessed_on: Annotated[date, typer.Option(parser=day, metavar="DATE", help="The day it was assessed")],
    narrative: Annotated[str, typer.Option(help="What was found, in words")],
    achieved_on: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="The day it was achieved; with met, and only then")
    ] = None,
    documents: Annotated[
        list[Evidence] | None,
        typer.Option(
            "--evidence", parser=evidence, metavar="TITLE=URI=SHA256", help="A document that shows it; may be repeated"
        ),
    ] = None,
    files: Annotated[
        list[Path] | None,
        typer.Option("--evidence-file", exists=True, dir_okay=False, help="The same as a file here, which is not sent"),
    ] = None,
    uris: Annotated[
        list[str] | None, typer.Option("--evidence-uri", metavar="URI", help="Where that file can be found by others")
    ] = None,
    corrects: Annotated[
        UUID | None, typer.Option(metavar="ID", help="The assessment that this one corrects, by its id")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record how a milestone was found. Nothing recorded is ever changed: correct it with a new record."""
    shown = [*(documents or ()), *evidence_of_files(files or (), uris or ())]
    with service(context, RECORDED) as apos:
        recorded = apos.milestones.record_assessment(
            milestone, outcome=outcome, assessed_on=assessed_on, achieved_on=achieved_on, narrative=narrative,
            evidence=shown, corrects=corrects,
        )  # fmt: skip
    if as_json:
        print_json(recorded)
        return
    told = f"Recorded: {milestone} was found {recorded.outcome} on {recorded.assessed_on}.\nAssessment {recorded.id}"
    show(lambda _: Text(told))


@milestones.command(epilog=EXIT_CODES)
def forecast(
    context: typer.Context,
    milestone: Named,
    *,
    start: Start,
    end: End,
    reason: Annotated[str | None, typer.Option(help="Why, for the audit trail")] = None,
    as_json: AsJson = False,
) -> None:
    """Say when a milestone is expected now. No baseline moves, so a late forecast shows in both colours.

    It is changed as it is read at this moment; when somebody changes it in between, nothing is stored.
    """
    with service(context, FORECAST) as apos:
        changed = apos.milestones.forecast(milestone, Window(start=start, end=end), reason=reason)
    if as_json:
        print_json(changed)
        return
    lines = [Text(f"{milestone} is expected from {start} to {end}.")]
    if changed.colours is not None:
        lines.append(both_colours(changed.colours, changed.slip_days))
    show(lambda _: Text("\n").join(lines))


@milestones.command(epilog=EXIT_CODES)
def rebaseline(
    context: typer.Context,
    milestone: Named,
    *,
    start: Start,
    end: End,
    reason: Annotated[str, typer.Option(help="Why the window changes")],
    authority: Annotated[str, typer.Option(help="Who decided so")],
    as_json: AsJson = False,
) -> None:
    """Give a milestone a new current window, on somebody's authority. The original window never moves."""
    with service(context, REBASELINED) as apos:
        done = apos.milestones.rebaseline(milestone, Window(start=start, end=end), reason=reason, authority=authority)
    if as_json:
        print_json(done)
        return
    before = f"Before: {done.previous.start} to {done.previous.end}. The original window stays as it was first agreed."
    show(lambda _: Text(f"{milestone} now has the window {start} to {end}.\n{before}\nRebaseline {done.id}"))


def milestones_report(listed: Sequence[Milestone], width: int) -> RenderableType:
    """The milestones: what was agreed first, what holds now, what is expected, and both colours where you see them."""
    columns: list[Column[Milestone]] = [
        Column("Key", lambda each: each.key or str(each.id)),
        Column("Title", lambda each: each.title, spare=1, is_title=True),
    ]
    coloured = any(each.colours for each in listed)
    if coloured:
        columns += [
            Column("Status", lambda each: each.status or "-", spare=2),
            Column("Agreed", lambda each: _end(each.original), spare=4),
            Column("Now by", lambda each: _end(each.window), spare=3),
            Column("Expected", lambda each: _end(each.forecast), spare=5),
            Column("Original", lambda each: _colour(each, "original")),
            Column("Current", lambda each: _colour(each, "current")),
        ]
    else:
        columns.append(Column("By", lambda each: _end(each.window)))
    legend = [Text(LEGEND, style="dim")] if coloured else []
    count = "1 milestone" if len(listed) == 1 else f"{len(listed)} milestones"
    return Group(table(columns, [listed], width), Text(f"\n{count} that you may see."), *legend)


def _filters(apos: Apos, lot: str | None, challenge: str | None, status: MilestoneStatus | None) -> MilestoneFilters:
    filters: MilestoneFilters = {}
    if lot is not None:
        filters["lot_id"] = apos.lots.find(lot).id
    if challenge is not None:
        filters["challenge_id"] = apos.challenges.find(challenge).id
    if status is not None:
        filters["status"] = status
    return filters


def _due_first(milestone: Milestone) -> tuple[date, str]:
    return milestone.window.end if milestone.window else date.max, milestone.title


def _end(window: Window | None) -> str:
    return "-" if window is None else str(window.end)


def _colour(milestone: Milestone, which: str) -> Text:
    if milestone.colours is None:
        return Text("-")
    slip = milestone.slip_days
    return colour(getattr(milestone.colours, which), None if slip is None else getattr(slip, which))
