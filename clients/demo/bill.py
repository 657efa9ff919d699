"""The bill of materials of the made-up drone, as a Dutch spreadsheet saves it: semicolons, decimal commas, a title, a total."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from apos_client import Component, IntakeReport

HEADINGS = {
    "key": "RefDes",
    "parentKey": "Samenstelling",
    "name": "Omschrijving",
    "partNumber": "Onderdeelnummer",
    "manufacturer": "Fabrikant",
    "functionGroup": "Functiegroep",
    "quantity": "Aantal",
    "unitValue.amount": "Stukprijs",
    "countryOfManufacture": "Land van vervaardiging",
    "countryOfControl": "Land van zeggenschap",
    "licenceCountry": "Licentieland",
    "exportRegime": "Exportregime",
    "secondSourceCountry": "Land tweede bron",
    "stockWeeks": "Voorraadweken",
    "leadTimeWeeks": "Levertijdweken",
    "evidence.level": "Bewijs",
    "evidence.expiresOn": "Bewijs geldig tot",
    "evidence.uri": "Vindplaats bewijs",
}
FIGURES = {"quantity", "unitValue.amount", "stockWeeks", "leadTimeWeeks"}


def bill_of(title: str, components: Iterable[Component], total: str) -> bytes:
    """The table of these components, with a title above its headings and a total below."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerows([[title], [], list(HEADINGS.values())])
    writer.writerows([_cell(field, component.document()) for field in HEADINGS] for component in components)
    writer.writerow(["Totaal", *[""] * 6, total.replace(".", ",")])
    return text.getvalue().encode("utf-8-sig")


def report_facts(report: IntakeReport) -> tuple[tuple[str, str], ...]:
    """An intake report in three lines, each with its name."""
    lines = report.lines
    known = [each.field for each in report.completeness if each.known == each.leaves]
    unanswered = [f"{each.field} of {each.unanswered}" for each in report.questions]
    return (
        ("read", f"{lines.read} lines: {lines.used} used, {lines.ignored} ignored, {lines.refused} refused"),
        ("known of all", ", ".join(known) or "nothing"),
        ("still asked", ", ".join(unanswered) or "nothing"),
    )


def _cell(field: str, document: Any) -> str:
    value = document
    for step in field.split("."):
        value = (value or {}).get(step)
    text = "" if value is None else str(value)
    return text.replace(".", ",") if field in FIGURES else text
