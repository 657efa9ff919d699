"""Number formats: what a cell shows of what it stores, read as the same text is in a CSV file."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.intake.tables.cells import MESSAGE_SHORTENED
from api.intake.tables.number_formats import (
    MESSAGE_HIDDEN,
    MESSAGE_LONG_FORMAT,
    MESSAGE_SCALED,
    MESSAGE_UNREAD_FORMAT,
    UnshownNumber,
    number_format,
)
from api.intake.tables.numbers import MESSAGE_EUROS, MESSAGE_PLAIN, MESSAGE_WEEKS
from api.intake.tables.styles import MESSAGE_LOCAL_CURRENCY, MESSAGE_TIME
from api.intake.tables.units import MESSAGE_RANGE, unit_fault
from tests.api.intake.books import book, cell, heads, row
from tests.api.intake.outcomes import Outcome, of_csv, of_xlsx
from tests.support.properties import holds

NAMES = ("key", "name", "quantity", "partNumber", "unitValue", "leadTimeWeeks")
PLACES = dict(zip(NAMES, "ABCDEF", strict=True))


def styles(code: str, number: int = 164) -> str:
    """The styles of a workbook of which style 1 has a number format."""
    escaped = code.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    formats = f'<numFmts count="1"><numFmt numFmtId="{number}" formatCode="{escaped}"/></numFmts>' if code else ""
    return f'{formats}<cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>'


def shown_in(field: str, code: str, value: str, *, number: int = 164, kind: str = "n", **kinds: str) -> Outcome:
    """What comes of a line in which one cell has a number format."""
    texts = {"key": "A", "name": "B"}
    cells = [cell(f"{PLACES[each]}2", text) for each, text in texts.items() if each != field]
    cells += [cell("C2", "1", "n")] if field != "quantity" else []
    cells.append(cell(f"{PLACES[field]}2", value, kind, 1))
    return of_xlsx(book(heads(1, NAMES), row(2, *cells), styles=styles(code, number), **kinds))


def told(outcome: Outcome, field: str) -> str | None:
    """The value of a field, or why its cell is refused."""
    if outcome.refused:
        [(at, column, name, detail)] = outcome.refused
        assert (at, column, name) == (2, f"{PLACES[field]} {field}", field)
        return detail
    value = outcome.lines[2].get(field)
    return value["amount"] if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("00000", "123", "00123"), ("0", "4712", "4712"), ('"MU-"000', "7", "MU-007"), ("000-00-0000", "123456789",
        "123-45-6789"),
        ("(000) 000-0000", "1234567890", "(123) 456-7890"), ("0.0", "1.1", "1.1"), ("0.00", "1.1", "1.10"),
        ("#,##0", "1148", "1148"), ("# ##0", "1148", "1148"), ("0%", "0.5", "50%"), ("# ?/?", "0.5", "1/2"),
        ("# ??/??", "5.25", "5 1/4"), ("0/8", "0.5", "4/8"), ("0,", "5000", "5"), ('0.0,"k"', "5400", "5.4k"),
        ('0 "k€"', "5", "5 k€"), ("0;0", "-5", "5"), ("0;(0)", "-5", "(5)"), ("0", "-5", "-5"),
        ('[>=100]"big"0;0', "100", "big100"),
        ('[>=100]"big"0;0', "99", "99"), ("\\M\\U-0", "5", "MU-5"), ("@", "4711", "4711"), ("General", "4711.5", "4711.5"),
        ('General" B"', "12", "12 B"), ("0.##", "1.25", "1.25"), ("[$-413]0", "5", "5"), ("[Red]0", "5", "5"),
        ('0"' + "x" * 200 + '"', "5", "5" + "x" * 200), ("0.0", "1.25", "1.3"), ("0", "8712345678901", "8712345678901"),
        ("0 m", "5", "5 m"), ('"n/a"', "5", None), ('0;-0;"-"', "0", None), ("0;-0;", "0", None),
        ('0"_unclosed', "5", "5_unclosed"), ("0\\", "5", "5"), ("0[", "5", "5["),
    ],
)  # fmt: skip
def test_a_column_of_text_reads_what_the_cell_shows(code: str, value: str, text: str | None) -> None:
    assert told(shown_in("partNumber", code, value), "partNumber") == text


@pytest.mark.parametrize(
    ("field", "code", "value", "read"),
    [
        *(("quantity", code, "5", "5") for code in ("0", "#,##0", "00000", "0.00", "General", "@", "# ##0", "[Red]0",
        "0_)", "# ?/?",
          '0 "pcs"', '0 "st"', "0;[Red]-0", "[<100]0;0.0", "[$-409]0", '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)')),
        *(("unitValue", code, "1148.5", "1148.5") for code in ("[$€-413] #,##0.00", '#,##0.00 "€"', "€ 0.00", "0.00\\ €",
          '"EUR" 0.00', "0.00 [$EUR]", '_-"€" * #,##0.00_-;-"€" * #,##0.00_-;_-"€" * "-"??_-;_-@_-', "0", "# ##0.00")),
        ("unitValue", '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)', "0", None),
        ("unitValue", "0;-0;;@", "0", None), ("unitValue", '"n/a"', "5", None), ("unitValue", "0.00", "0.125", "0.125"),
        ("leadTimeWeeks", '0 "weeks"', "8", "8"), ("leadTimeWeeks", '0 "wkn"', "8", "8"),
    ],
)  # fmt: skip
def test_a_column_of_numbers_reads_a_number_that_is_neither_scaled_nor_changed_by_text(
    field: str, code: str, value: str, read: str | None
) -> None:
    assert told(shown_in(field, code, value), field) == read


@pytest.mark.parametrize(
    ("field", "code", "value", "why"),
    [
        *(("unitValue", code, "12.5", MESSAGE_EUROS) for code in ('#,##0.00 "zł"', "#,##0.00 [$Kč-405]", '0 "kr"', "[$kr-41D] 0",
          "0 [$USD]", "$0", '"$"0', "\\$0", "[$$-409]0", '0 "Ft"', "[$CHF] 0", "0.00 zł", '0 "lei"', "[$₽-419]0")),
        *(("unitValue", code, "12.5", MESSAGE_PLAIN) for code in ('0.00 "k€"', '0.00"/1k"', '0 "x1000"', '0.00 "/100"',
        '0" per 1000"',
          "0%", "# ?/?", '0"k"', '0.0 "mln"', '"ca. "0')),
        *(("quantity", code, "5", MESSAGE_PLAIN) for code in ('0 "x1000"', '0 "k"', "0%", '0 "x 2"', '"< "0')),
        *(("quantity", f'0 "{unit}"', "5", unit_fault(f"5 {unit}")) for unit in ("m", "pieces a set")),
        ("quantity", "0-0", "15", MESSAGE_RANGE),
        *(("quantity", code, "5000", MESSAGE_SCALED) for code in ("0,", "#,##0,", '0.0,"k"', "0,.0", "0,,", "#,##0.00,")),
        ("quantity", "0;0", "-5", MESSAGE_PLAIN), ("quantity", "0;(0)", "-5", MESSAGE_PLAIN),
        ("leadTimeWeeks", '0 "days"', "8", MESSAGE_WEEKS), ("leadTimeWeeks", "0 days", "8", MESSAGE_WEEKS),
        ("leadTimeWeeks", '0 "mnd"', "8", MESSAGE_WEEKS),
        *((field, "0.00E+00", "5", MESSAGE_SHORTENED) for field in ("quantity", "unitValue")),
        ("unitValue", '0 "pcs"', "5", MESSAGE_PLAIN),
        *((field, ";;;", "5", MESSAGE_HIDDEN) for field in ("quantity", "unitValue", "partNumber")),
        *((field, '0"' + "x" * 300 + '"', "5", MESSAGE_LONG_FORMAT) for field in ("quantity", "partNumber")),
        *((field, "[DBNum1]0", "5", MESSAGE_UNREAD_FORMAT) for field in ("quantity", "partNumber")),
        *((field, "0;0;0;@;0", "5", MESSAGE_UNREAD_FORMAT) for field in ("quantity", "partNumber")),
        *((field, "h:mm", "0.5", MESSAGE_TIME) for field in ("quantity", "partNumber")), ("quantity", "mm:ss.00",
        "0.5", MESSAGE_TIME),
        *(("partNumber", code, "8712345678901", MESSAGE_SHORTENED) for code in ("General", "0.00E+00", "##0.0E+0", "@")),
        ("quantity", "0\\.000", "1148", "can mean two numbers, and nothing else in the file shows which; write 1148 or 1.1480"),
    ],
)  # fmt: skip
def test_a_cell_that_shows_something_else_than_it_stores_is_refused_with_the_cure(
    field: str, code: str, value: str, why: str
) -> None:
    assert told(shown_in(field, code, value), field) == why


@pytest.mark.parametrize("number", [5, 6, 7, 8, 42, 44])
def test_a_currency_that_depends_on_the_computer_is_refused(number: int) -> None:
    assert told(shown_in("unitValue", "", "5", number=number), "unitValue") == MESSAGE_LOCAL_CURRENCY


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 12, 13, 37, 39, 41, 43, 49, 90, 163])
def test_a_format_that_is_known_by_its_number_shows_a_plain_number(number: int) -> None:
    assert told(shown_in("quantity", "", "5", number=number), "quantity") == "5"


def test_text_that_a_format_adds_to_a_text_is_read_too() -> None:
    assert told(shown_in("unitValue", '@"/1k"', "12.50", kind="inlineStr"), "unitValue") == MESSAGE_PLAIN
    assert told(shown_in("partNumber", '0;0;0;"MU-"@', "7", kind="str"), "partNumber") == "MU-7"
    assert told(shown_in("partNumber", ";;;", "7", kind="inlineStr"), "partNumber") == MESSAGE_HIDDEN
    assert told(shown_in("partNumber", "0;-0;0", "seven", kind="inlineStr"), "partNumber") == "seven"


def test_a_sheet_that_hides_zeros_shows_none() -> None:
    raw = book(heads(1, NAMES), row(2, cell("A2", "A"), cell("B2", "B"), cell("C2", "1", "n"), cell("E2", "0", "n")))
    assert of_xlsx(raw).lines[2]["unitValue"] == {"amount": "0"}
    hiding = '<sheetViews><sheetView showZeros="0"/></sheetViews>'
    sheet = book(
        heads(1, NAMES),
        row(2, cell("A2", "A"), cell("B2", "B"), cell("C2", "1", "n"), cell("E2", "0", "n")),
        before=hiding,
    )
    assert "unitValue" not in of_xlsx(sheet).lines[2]


@holds
@given(st.text('0#?.,%@;"\\_*[]$-/E+ xyz€kdmhsG', max_size=255), st.floats(-1e14, 1e14))
def test_no_format_breaks_the_reader(code: str, value: float) -> None:
    read = number_format(code)
    for show in (read.shown, read.amount):
        shown = None
        with contextlib.suppress(UnshownNumber):
            shown = show(value)
        assert shown is None or str(shown)[:1] != " "


@pytest.mark.parametrize("piece", ["0,", '"a"0', "[", "#/", "_", "0;", ".", "[$-409]", "?/?"])
def test_a_format_takes_time_in_proportion_to_its_length(piece: str) -> None:
    code = (piece * 255)[:255]
    start = time.process_time()
    for _ in range(100):
        number_format(code)
    assert time.process_time() - start < 2


ERRORS = [
    *(
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
    ),
    *("#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#PYTHON!", "#EXTERNAL!", "#TIMEOUT!"),
    *("#N/B", "#VERW!", "#WAARDE!", "#DEEL/0!", "#NAAM?", "#GETAL!", "#LEEG!", "#OVERLOOP!", "#BEREKENEN!", "#VELD!"),
    *("#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#ÜBERLAUF!", "#KALK!", "#FELD!", "#BLOCKIERT!", "#UNBEKANNT!"),
    *("#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!", "#PROPAGATION!", "#CHAMP!", "#BLOQUÉ!", "#CONNEXION!", "#INCONNU!"),
    *("#¡REF!", "#¿NOMBRE?", "#RIF!", "#ADR!", "Err:502", "#waarde!"),
]


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_is_refused_in_every_field_of_csv_and_workbook_alike(text: str) -> None:
    names = ("key", "name", "quantity", "partNumber", "unitValue", "countryOfManufacture")
    table = f"{','.join(names)}\n" + ",".join([text] * len(names)) + "\n"
    workbook = of_xlsx(book(heads(1, names), row(2, *(cell(f"{letter}2", text) for letter in "ABCDEF"))))
    detail = f"holds the error {text}; correct it, or empty the cell"
    expected = [(2, f"{letter} {name}", name, detail) for letter, name in zip("ABCDEF", names, strict=True)]
    assert of_csv(table.encode()).refused == workbook.refused
    assert [
        fault for fault in workbook.refused if fault[2] not in ("quantity", "unitValue", "countryOfManufacture")
    ] == [fault for fault in expected if fault[2] not in ("quantity", "unitValue", "countryOfManufacture")]
    assert len(workbook.refused) == len(names)


@pytest.mark.parametrize(
    "text", ["8,71234E+12", "8.71234E+12", "1E+12", "8.71234e+12", "8.7E12", "4,56E-05", "12.3E+9"]
)
def test_a_part_number_that_lost_digits_is_refused_in_csv_and_workbook_alike(text: str) -> None:
    expected = [(2, "D partNumber", "partNumber", MESSAGE_SHORTENED)]
    assert of_csv(f'key;name;quantity;partNumber\nA;B;1;"{text}"\n'.encode()).refused == expected
    assert told(shown_in("partNumber", "General", text, kind="inlineStr"), "partNumber") == MESSAGE_SHORTENED


@pytest.mark.parametrize("text", ["########", "##"])
def test_a_column_that_was_too_narrow_is_refused_in_csv_and_workbook_alike(text: str) -> None:
    why = "holds only number signs, which a spreadsheet program shows where a column is too narrow; "
    for outcome in (of_csv(f"key,name,quantity,partNumber\nA,B,1,{text}\n".encode()),
                    shown_in("partNumber", "General", text, kind="inlineStr")):  # fmt: skip
        [(at, _, field, detail)] = outcome.refused
        assert (at, field, detail) == (2, "partNumber", why + "widen the column and save the file again")


@pytest.mark.parametrize("text", ["1E5", "E12", "#12", "C#", "#C5", "#N", "# 5", "3E12", "12E", "1,5E", "Err"])
def test_a_part_number_that_only_resembles_an_error_is_read(text: str) -> None:
    assert of_csv(f'key;name;quantity;partNumber\nA;B;1;"{text}"\n'.encode()).lines[2]["partNumber"] == text
    assert of_csv(b"key;name;quantity;partNumber\nA;B;1;'#N/A\n").lines[2]["partNumber"] == "#N/A"
