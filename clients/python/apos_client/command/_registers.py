"""`apos sources`, `apos organisations` and `apos commitments`: the letters, who is named in them, and what they promise."""

from typing import Annotated

import typer

from apos_client._keywords import (
    CommitmentFilters,
    CommitmentKind,
    CommitmentStatus,
    NewOrganisation,
    NewSource,
    OrganisationChanges,
    OrganisationFilters,
    OrganisationKind,
    SourceChanges,
    SourceFilters,
)
from apos_client.command._messages import EXIT_CODES, WRONG_USE
from apos_client.command._nouns import Noun, add_add, add_change, add_show, group, print_list
from apos_client.command._session import AsJson, environment_of, fail, print_json, service, show

SOURCE = Noun("source", "sources", ("key", "title", "date", "reference"))
ORGANISATION = Noun("organisation", "organisations", ("key", "name", "kind", "country", "source"))
OPTIONS = {"status": "--status", "kind": "--kind", "reference": "--reference", "dueBefore": "--overdue"}

sources = group("Sources (bronnen): the letters, replies and reports that facts rest on.")
organisations = group("Organisations: parts of the ministry, institutes and cooperations. Companies are suppliers.")


@sources.command("list", epilog=EXIT_CODES)
def list_sources(
    context: typer.Context,
    *,
    reference: Annotated[
        str | None, typer.Option(help="Only those of this paper, in any spelling, such as '36800-K'")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The published documents that facts rest on, those with the earliest date first."""
    filters: SourceFilters = {"sort": "date"}
    if reference is not None:
        filters["reference"] = reference
    with service(context, {"reference": "--reference"}) as apos:
        listed = list(apos.sources.each(**filters))
    print_list(listed, SOURCE, as_json=as_json)


@organisations.command("list", epilog=EXIT_CODES)
def list_organisations(
    context: typer.Context,
    *,
    kind: Annotated[OrganisationKind | None, typer.Option(help="Only those of this kind")] = None,
    as_json: AsJson = False,
) -> None:
    """The organisations that you may see."""
    filters: OrganisationFilters = {"sort": "name"}
    if kind is not None:
        filters["kind"] = kind
    with service(context, {"kind": "--kind"}) as apos:
        listed = list(apos.organisations.each(**filters))
    print_list(listed, ORGANISATION, as_json=as_json)


for _group, _noun, _new, _changes in (
    (sources, SOURCE, NewSource, SourceChanges),
    (organisations, ORGANISATION, NewOrganisation, OrganisationChanges),
):
    add_show(_group, _noun)
    add_add(_group, _noun, _new)
    add_change(_group, _noun, _changes)


def commitments(
    context: typer.Context,
    *,
    status: Annotated[CommitmentStatus | None, typer.Option(help="Only those with this status")] = None,
    kind: Annotated[CommitmentKind | None, typer.Option(help="Only those of this kind")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only open ones whose day has passed")] = False,
    reference: Annotated[
        str | None, typer.Option(help="Only those of this paper, in any spelling, such as '36 800-X34'")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Promises to parliament and its motions.

    Those that are due first come first.
    """
    from apos_client.command._reports.commitments import commitments_report

    if overdue and status not in (None, "open"):
        fail(WRONG_USE, f"--overdue selects open commitments, and --status those that are {status}: give one of them.")
    today = environment_of(context).today()
    filters: CommitmentFilters = {"sort": "due"}
    if overdue:
        filters |= {"status": "open", "due_before": today}
    elif status is not None:
        filters["status"] = status
    if kind is not None:
        filters["kind"] = kind
    if reference is not None:
        filters["reference"] = reference
    with service(context, OPTIONS) as apos:
        listed = list(apos.commitments.each(**filters))
    if as_json:
        print_json(listed)
    else:
        show(lambda width: commitments_report(listed, today, width))
