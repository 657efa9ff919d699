"""`apos milestones`: list them, record an assessment, forecast, and set a new window with its authority."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from apos_client._keywords import MilestoneFilters, MilestoneStatus, Outcome
from apos_client.command._messages import EXIT_CODES
from apos_client.command._options import TypedEvidence, day, evidence_of, typed_evidence
from apos_client.command._session import AsJson, print_json, service, show, show_text

if TYPE_CHECKING:
    from apos_client import Apos, Milestone

milestones = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Milestones, their assessments, and when they are expected.",
    epilog=EXIT_CODES,
)
Name = Annotated[str, typer.Argument(metavar="MILESTONE", help="Its id, or its key such as m-c15-trial")]
Start = Annotated[date, typer.Option(parser=day, metavar="DATE", help="The first day of the window")]
End = Annotated[date, typer.Option(parser=day, metavar="DATE", help="The last day of the window")]
NAMES = {"key": "MILESTONE", "milestoneId": "MILESTONE"}
RECORD = {
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
REBASELINE = {
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
    """The milestones that you may see.

    Those that are due first come first.
    """
    from apos_client.command._reports.milestones import milestones_report

    with service(context, {"key": "--lot or --challenge"}) as apos:
        # Sorted here, because not every role may sort by the window.
        listed = sorted(apos.milestones.each(**_filters(apos, lot, challenge, status)), key=_due_first)
    if as_json:
        print_json(listed)
    else:
        show(lambda width: milestones_report(listed, width))


EvidenceOption = Annotated[
    list[TypedEvidence] | None,
    typer.Option(
        "--evidence",
        parser=typed_evidence,
        metavar="TITLE=URI=SHA256",
        help="A document that shows it; may be repeated",
    ),
]
EvidenceFileOption = Annotated[
    list[Path] | None,
    typer.Option("--evidence-file", exists=True, dir_okay=False, help="Such a document as a file, which is not sent"),
]
EvidenceUriOption = Annotated[
    list[str] | None, typer.Option("--evidence-uri", metavar="URI", help="Where others can find that file")
]


@milestones.command(epilog=EXIT_CODES)
def record(
    context: typer.Context,
    milestone: Name,
    *,
    outcome: Annotated[Outcome, typer.Option(help="The outcome")],
    assessed_on: Annotated[date, typer.Option(parser=day, metavar="DATE", help="The day of the assessment")],
    narrative: Annotated[str, typer.Option(help="The findings, in words")],
    achieved_on: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="The day it was achieved; with met, and only then")
    ] = None,
    documents: EvidenceOption = None,
    files: EvidenceFileOption = None,
    uris: EvidenceUriOption = None,
    corrects: Annotated[
        UUID | None, typer.Option(metavar="ID", help="The assessment that this one corrects, by its id")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record the assessment of a milestone. A record is never changed: correct it with a new one."""
    evidence = evidence_of(documents or (), files or (), uris or ())
    with service(context, RECORD) as apos:
        recorded = apos.milestones.record_assessment(
            milestone, outcome=outcome, assessed_on=assessed_on, achieved_on=achieved_on, narrative=narrative,
            evidence=evidence, corrects=corrects,
        )  # fmt: skip
    if as_json:
        print_json(recorded)
        return
    first = f"Recorded: {milestone} was assessed as {recorded.outcome} on {recorded.assessed_on}."
    show_text(f"{first}\nAssessment {recorded.id}")


@milestones.command(epilog=EXIT_CODES)
def forecast(
    context: typer.Context,
    milestone: Name,
    *,
    start: Start,
    end: End,
    reason: Annotated[str | None, typer.Option(help="Why, for the audit trail")] = None,
    as_json: AsJson = False,
) -> None:
    """Say when a milestone is expected now. No baseline changes, so a late forecast shows in both colours.

    The milestone is read and then changed; if somebody changes it in between, nothing is stored.
    """
    from apos_client import Window
    from apos_client.command._reports.milestones import forecast_report

    with service(context, FORECAST) as apos:
        changed = apos.milestones.forecast(milestone, Window(start=start, end=end), reason=reason)
    if as_json:
        print_json(changed)
    else:
        show(lambda _: forecast_report(milestone, start, end, changed))


@milestones.command(epilog=EXIT_CODES)
def rebaseline(
    context: typer.Context,
    milestone: Name,
    *,
    start: Start,
    end: End,
    reason: Annotated[str, typer.Option(help="Why the window changes")],
    authority: Annotated[str, typer.Option(help="Who decided so")],
    as_json: AsJson = False,
) -> None:
    """Give a milestone a new current window.

    Somebody has to have decided so. The original window never changes.
    """
    from apos_client import Window

    with service(context, REBASELINE) as apos:
        done = apos.milestones.rebaseline(milestone, Window(start=start, end=end), reason=reason, authority=authority)
    if as_json:
        print_json(done)
        return
    before = f"Before: {done.previous.start} to {done.previous.end}. The original window stays as it was first agreed."
    show_text(f"{milestone} now has the window {start} to {end}.\n{before}\nRebaseline {done.id}")


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
