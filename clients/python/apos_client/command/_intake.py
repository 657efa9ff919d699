"""`apos declare check` and `upload`: a file of components as the intake reads it, stored whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from apos_client._files import BY_SUFFIX, CYCLONEDX
from apos_client._models import IntakeReport
from apos_client.command._complaints import REFUSED
from apos_client.command._intake_report import intake_report
from apos_client.command._progress import bar
from apos_client.command._session import AsJson, fail, print_json, service, show, show_line
from apos_client.errors import BadInput

FileFormat = Literal["csv", "tsv", "xlsx", "json", "cyclonedx"]
MEDIA_TYPES = {suffix.removeprefix("."): media_type for suffix, media_type in BY_SUFFIX.items()} | {
    "cyclonedx": CYCLONEDX
}
Components = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="The components: a table (.csv, .tsv, .xlsx), CycloneDX or JSON",
    ),
]
GivenFormat = Annotated[
    FileFormat | None, typer.Option("--format", help="What the file is, where its name does not say so")
]
PLACES = {"": "FILE", "declarationId": "--declaration"}


def check(
    context: typer.Context,
    file: Components,
    *,
    declaration: Annotated[
        str | None, typer.Option(metavar="ID", help="Hold it against this declaration too: its total and its groups")
    ] = None,
    file_format: GivenFormat = None,
    as_json: AsJson = False,
) -> None:
    """What the intake would say of a file of components. Nothing is stored, and nobody else sees it.

    Ends with 0 where all of it can be used, and with 3 where a line is refused.
    """
    with service(context, PLACES) as apos, bar(file.name) as told:
        report = apos.intake_previews.ask(
            file, declaration=declaration, media_type=_media_type(file_format), on_progress=told
        )
    _print(report, as_json=as_json)
    if not report.is_usable:
        fail(REFUSED, "It cannot be used as it is: mend what is refused, and check it again.")
    if not as_json:
        show_line("")
        show_line("All of it can be used.")


def upload(
    context: typer.Context,
    declaration: Annotated[str, typer.Argument(metavar="DECLARATION", help="The draft, by its id")],
    file: Components,
    *,
    file_format: GivenFormat = None,
    reason: Annotated[str | None, typer.Option(help="Why, for the audit trail")] = None,
    as_json: AsJson = False,
) -> None:
    """Give a draft the components of a file, and no others: all of its lines, or none.

    The draft is changed as it is read at this moment; when somebody changes it in between, nothing is stored.
    """
    with service(context, PLACES) as apos, _reported(as_json=as_json), bar(file.name) as told:
        stored = apos.origin_declarations.upload(
            declaration, file, media_type=_media_type(file_format), reason=reason, on_progress=told
        )
    _print(stored, as_json=as_json)
    if not as_json:
        count = "1 component" if stored.component_count == 1 else f"{stored.component_count} components"
        show_line("")
        show_line(f"Stored: {count}, and no others, in declaration {declaration}")


@contextmanager
def _reported(*, as_json: bool) -> Iterator[None]:
    """Prints the report on a refused file, as on one that is taken."""
    try:
        yield
    except BadInput as error:
        if error.report is None:
            raise
        _print(error.report, as_json=as_json)
        fail(REFUSED, "Nothing was stored: mend what is refused, and send it again.")


def _media_type(given: FileFormat | None) -> str | None:
    return None if given is None else MEDIA_TYPES[given]


def _print(report: IntakeReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report)
    else:
        show(lambda width: intake_report(report, width))
