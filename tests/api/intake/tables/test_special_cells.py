"""Lead times under a heading that says no unit: a number must say weeks itself, as text or by what its cell shows."""

import pytest

from api.intake.tables.cells import MESSAGE_ERROR
from api.intake.tables.columns import MESSAGE_UNIT
from api.intake.tables.numbers import MESSAGE_WEEKS
from tests.api.intake.books import book, cell, heads, row
from tests.api.intake.outcomes import of_csv, of_xlsx
from tests.api.intake.tables.test_number_formats import styles

HEADINGS = ("Designator", "Name", "Qty", "Lead time")


@pytest.mark.parametrize(
    ("text", "weeks", "faults"),
    [
        ("8 weeks", "8", []),
        ("n/a", None, []),
        ("8", None, [MESSAGE_UNIT]),
        ("8 days", None, [MESSAGE_WEEKS]),
        ("#N/A", None, [MESSAGE_ERROR.format("#N/A")]),
    ],
)
def test_a_text_must_say_weeks(text: str, weeks: str | None, faults: list[str]) -> None:
    found = of_csv(f"{','.join(HEADINGS)}\nU1,Chip,1,{text}\n".encode())
    assert (found.lines[2].get("leadTimeWeeks"), [fault[3] for fault in found.refused]) == (weeks, faults)


@pytest.mark.parametrize(
    ("code", "weeks", "faults"),
    [
        ('0 "weeks"', "8", []),
        ("00", None, [MESSAGE_UNIT]),
        ('0 "days"', None, [MESSAGE_WEEKS]),
    ],
)
def test_a_number_must_be_shown_in_weeks(code: str, weeks: str | None, faults: list[str]) -> None:
    cells = [cell("A2", "U1"), cell("B2", "Chip"), cell("C2", "1", "n"), cell("D2", "8", "n", 1)]
    found = of_xlsx(book(heads(1, HEADINGS), row(2, *cells), styles=styles(code)))
    assert (found.lines[2].get("leadTimeWeeks"), [fault[3] for fault in found.refused]) == (weeks, faults)
