"""`apos declare check` and `upload`: a file of components as the intake reads it, stored completely or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from apos_client._media_types import CYCLONEDX, CYCLONEDX_XML, MEDIA_TYPES
from apos_client.command._messages import REFUSED
from apos_client.command._session import AsJson, fail, print_json, service, show, show_line
from apos_client.errors import BadInput

if TYPE_CHECKING:
    from apos_client import IntakeReport

FileFormat = Literal["csv", "tsv", "xlsx", "ods", "xls", "json", "cyclonedx", "cyclonedx-xml"]
_CYCLONEDX = {"cyclonedx": CYCLONEDX, "cyclonedx-xml": CYCLONEDX_XML}
ComponentsFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="The components: a table (.csv, .tsv, .xlsx, .ods, .xls), CycloneDX (.json, .xml) or JSON",
    ),
]
FormatOption = Annotated[
    FileFormat | None, typer.Option("--format", help="The format of the file, if its name does not say so")
]
CurrencyOption = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="The currency of the unit values, if it is not the euro; needs a rate"),
]
RateOption = Annotated[str | None, typer.Option(help="How many euros one unit of the currency is, as 0.9217")]
RateDateOption = Annotated[str | None, typer.Option(metavar="DATE", help="The day that the rate is of")]
SheetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--sheet", metavar="NAME", help="A sheet of the workbook to read; may be repeated, for one bill of materials"
    ),
]
OPTIONS = {
    "": "FILE",
    "declarationId": "--declaration",
    "currency": "--currency",
    "rate": "--rate",
    "rateDate": "--rate-date",
    "sheet": "--sheet",
}


def check(
    context: typer.Context,
    file: ComponentsFile,
    *,
    declaration: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Also check it against the total and the groups of this declaration"),
    ] = None,
    currency: CurrencyOption = None,
    rate: RateOption = None,
    rate_date: RateDateOption = None,
    file_format: FormatOption = None,
    sheet: SheetOption = None,
    as_json: AsJson = False,
) -> None:
    """What the intake reads of a file of components. Nothing is stored, and nobody else sees it.

    Ends with 0 if all of it can be used, and with 3 if a line is refused.
    """
    from apos_client.command._reports.progress import bar

    with service(context, OPTIONS) as apos, bar(file.name) as on_progress:
        report = apos.intake_previews.ask(
            file,
            declaration=declaration,
            **_conversion(currency, rate, rate_date),
            media_type=_media_type(file_format),
            sheets=sheet or (),
            on_progress=on_progress,
        )
    _print(report, as_json=as_json)
    if not report.is_usable:
        fail(REFUSED, "The file cannot be used as it is: correct what is refused, and check it again.")
    if not as_json:
        show_line("")
        show_line("All of it can be used.")


def upload(
    context: typer.Context,
    declaration: Annotated[str, typer.Argument(metavar="DECLARATION", help="The draft, by its id")],
    file: ComponentsFile,
    *,
    currency: CurrencyOption = None,
    rate: RateOption = None,
    rate_date: RateDateOption = None,
    file_format: FormatOption = None,
    sheet: SheetOption = None,
    reason: Annotated[str | None, typer.Option(help="Why, for the audit trail")] = None,
    as_json: AsJson = False,
) -> None:
    """Give a draft the components of a file, and no others.

    Either all lines of the file are stored, or none. The draft is read and then changed; if somebody changes it in between,
    nothing is stored.
    """
    from apos_client.command._reports.progress import bar

    with service(context, OPTIONS) as apos, _refusal_as_report(as_json=as_json), bar(file.name) as on_progress:
        stored = apos.origin_declarations.upload(
            declaration,
            file,
            **_conversion(currency, rate, rate_date),
            media_type=_media_type(file_format),
            sheets=sheet or (),
            reason=reason,
            on_progress=on_progress,
        )
    _print(stored, as_json=as_json)
    if not as_json:
        count = "1 component" if stored.component_count == 1 else f"{stored.component_count} components"
        show_line("")
        show_line(f"Stored: {count}, and no others, in declaration {declaration}")


def _conversion(currency: str | None, rate: str | None, rate_date: str | None) -> Any:
    """The stated currency and rate, as the client takes them. A day that is none is refused here."""
    try:
        day = None if rate_date is None else date.fromisoformat(rate_date)
    except ValueError:
        raise typer.BadParameter("is not a day; write it as 2026-11-20", param_hint="--rate-date") from None
    return {"currency": currency, "rate": rate, "rate_date": day}


@contextmanager
def _refusal_as_report(*, as_json: bool) -> Iterator[None]:
    """Prints the report on a refused file as that on a stored one."""
    try:
        yield
    except BadInput as error:
        if error.report is None:
            raise
        _print(error.report, as_json=as_json)
        fail(REFUSED, "Nothing was stored: correct what is refused, and send it again.")


def _media_type(given: FileFormat | None) -> str | None:
    if given is None:
        return None
    return _CYCLONEDX.get(given) or MEDIA_TYPES[f".{given}"]


def _print(report: IntakeReport, *, as_json: bool) -> None:
    from apos_client.command._reports.intake import intake_report

    if as_json:
        print_json(report)
    else:
        show(lambda width: intake_report(report, width))
