"""`apos milestones`: list them, record an assessment, forecast, and set a new window with its authority."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from apos_client._keywords import MilestoneChanges, MilestoneFilters, MilestoneStatus, NewMilestone, Outcome
from apos_client.command._messages import EXIT_CODES, WRONG_USE
from apos_client.command._nouns import Noun, add_add, add_change, add_show, keyword, print_list
from apos_client.command._options import TypedEvidence, day, evidence_of, typed_evidence
from apos_client.command._session import AsJson, environment_of, fail, print_json, service, show, show_text

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
MILESTONE = Noun("milestone", "milestones", ())
ASSESSMENT = Noun("assessment", "assessments", ("id", "assessed_on", "outcome", "achieved_on", "narrative", "corrects"))
REBASELINED = Noun("rebaseline", "rebaselines", ("id", "previous", "window", "authority", "reason"))
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
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only those that are not met although their window has ended")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """The milestones that you may see, with the lot or challenge of each.

    Those that are due first come first.
    """
    from apos_client.command._reports.milestones import milestones_report

    today = environment_of(context).today()
    with service(context, {"key": "--lot or --challenge"}) as apos:
        # Sorted here, because not every role may sort by the window.
        listed = sorted(apos.milestones.each(**_filters(apos, lot, challenge, status)), key=_due_first)
        if overdue:
            listed = [each for each in listed if _is_overdue(each, today)]
        parents = {} if as_json else _parents(apos)
    if as_json:
        print_json(listed)
    else:
        show(lambda width: milestones_report(listed, parents, width))


def _parent_of(apos: Apos, given: Mapping[str, Any]) -> Callable[..., Any]:
    """The method that adds a milestone to the one thing that was named."""
    named = {name: given[name] for name in ("lot", "challenge", "programme") if given[name] is not None}
    if len(named) != 1:
        fail(WRONG_USE, "Say of what it is a milestone: give one of --lot, --challenge and --programme.")
    [(kind, name)] = named.items()
    parents = {"lot": apos.lots, "challenge": apos.challenges, "programme": apos.programmes}[kind]
    return partial(parents.add_milestone, name)  # type: ignore[attr-defined]  # all three have it


add_show(milestones, MILESTONE)
add_add(
    milestones,
    MILESTONE,
    NewMilestone,
    to=[
        keyword(
            name, Annotated[str | None, typer.Option(f"--{name}", help=f"The {name} that it is of, by id or key")], None
        )
        for name in ("lot", "challenge", "programme")
    ],
    adding=_parent_of,
)
add_change(milestones, MILESTONE, MilestoneChanges)


@milestones.command("assessments", epilog=EXIT_CODES)
def list_assessments(context: typer.Context, milestone: Name, *, as_json: AsJson = False) -> None:
    """The assessments of a milestone in the order of recording, corrected ones included."""
    with service(context, NAMES) as apos:
        listed = list(apos.milestones.assessments(milestone))
    print_list(listed, ASSESSMENT, as_json=as_json)


@milestones.command("rebaselines", epilog=EXIT_CODES)
def list_rebaselines(context: typer.Context, milestone: Name, *, as_json: AsJson = False) -> None:
    """The rebaselines of a milestone, with who decided each and why, in the order of recording."""
    with service(context, NAMES) as apos:
        listed = list(apos.milestones.rebaselines(milestone))
    print_list(listed, REBASELINED, as_json=as_json)


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


def _parents(apos: Apos) -> dict[UUID, str]:
    """The codes of the lots, challenges and programmes that you may see."""
    lists = (apos.lots.each(), apos.challenges.each(), apos.programmes.each())
    return {item.id: item.code for listed in lists for item in listed}


def _is_overdue(milestone: Milestone, today: date) -> bool:
    return (
        milestone.status not in ("met", "cancelled") and milestone.window is not None and milestone.window.end < today
    )


def _due_first(milestone: Milestone) -> tuple[date, str]:
    return milestone.window.end if milestone.window else date.max, milestone.title
