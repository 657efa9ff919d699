"""Cells of CSV by their type, and text that no spreadsheet runs, whatever separator it splits a line at."""

import csv
import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.exports.components import DECIMALS, HEADERS
from api.exports.portfolio_status import StatusLine
from api.exports.tables import CsvDialect, CsvTable, decimals_of, headers_of
from api.intake.tables.formulas import guarded, unguarded
from api.routes.scoring.rankings import RankedDeclaration
from tests.support.properties import holds

RFC4180, EXCEL_NL = CsvDialect.RFC4180, CsvDialect.EXCEL_NL
SEPARATORS = ",;\t|"
"""The separators that a spreadsheet may take a file to have, whichever it has."""


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+5 V", "'+5 V"),
        ("-7.60", "'-7.60"),
        ("@home", "'@home"),
        ("\tx", "'\tx"),
        ("\t=x", "'\t'=x"),
        ("\rx", "'\rx"),
        (" =x", " '=x"),
        ('"=x', "\"'=x"),
        ("\ufeff=x", "\ufeff'=x"),
        ("\u200b\xa0=x", "\u200b\xa0'=x"),
        ("\uff1d1", "'\uff1d1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff20x", "'\uff20x"),
        ("\u22121", "'\u22121"),
        ("'=x", "''=x"),
        ("a;=1+1", "a;'=1+1"),
        ("a,=1+1", "a,'=1+1"),
        ("a\t=1+1", "a\t'=1+1"),
        ("a|=1+1", "a|'=1+1"),
        ("a\n=1+1", "a\n'=1+1"),
        ('a; "=1+1', "a; \"'=1+1"),
        ("a;\uff1d1", "a;'\uff1d1"),
        ("a;;=1;-2", "a;;'=1;'-2"),
        ("a;'=1", "a;''=1"),
        ("a = b", "a = b"),
        ("AP-7, 5 V", "AP-7, 5 V"),
        ("O'Neill", "O'Neill"),
        ("'quoted'", "'quoted'"),
        ("", ""),
    ],
)
def test_text_is_guarded_wherever_a_cell_could_begin_with_a_formula(text: str, written: str) -> None:
    assert guarded(text) == written
    assert unguarded(written) == text


DANGEROUS = st.text(st.sampled_from("=+-@\t\r\n,;|' \"ab1\uff1d\ufeff"), max_size=12)


@holds
@given(DANGEROUS | st.text(max_size=30))
def test_what_was_guarded_is_read_back_to_the_letter(text: str) -> None:
    assert unguarded(guarded(text)) == text


@holds
@given(st.lists(DANGEROUS, min_size=1, max_size=4), st.sampled_from(CsvDialect))
def test_no_cell_of_a_file_is_a_formula_whatever_it_is_split_at(cells: list[str], dialect: CsvDialect) -> None:
    table = CsvTable([f"h{number}" for number in range(len(cells))], dialect=dialect)
    line = table.lines([cells])
    split_naively = re.split("[,;|\t\r\n]", line)
    parsed = [
        cell for mark in SEPARATORS for row in csv.reader(io.StringIO(line, newline=""), delimiter=mark) for cell in row
    ]
    for cell in (*split_naively, *parsed):
        assert not cell.strip(' "\ufeff').startswith(("=", "+", "-", "@", "\uff1d")), line


@pytest.mark.parametrize(
    ("value", "in_rfc4180", "in_excel_nl"),
    [
        ("-7.60", "-7.60", '"-7,60"'),
        ("12.5", "12.5", "12,5"),
        ("963800.00", "963800.00", "963800,00"),
        ("7", "7", "7"),
        (-7, "-7", "-7"),
        ("=1+1", "'=1+1", "'=1+1"),
        ("-1-1", "'-1-1", "'-1-1"),
    ],
)
def test_a_number_stays_a_number_with_the_decimal_mark_of_the_dialect(
    value: Any, in_rfc4180: str, in_excel_nl: str
) -> None:
    assert CsvTable(["n"], numbers=["n"]).lines([[value]]) == f"{in_rfc4180}\r\n".replace('""', "")
    assert CsvTable(["n"], numbers=["n"], dialect=EXCEL_NL).lines([[value]]).replace('"', "") == (
        f"{in_excel_nl}\r\n".replace('"', "")
    )


def test_the_same_characters_in_a_column_of_text_are_text() -> None:
    for dialect in CsvDialect:
        assert CsvTable(["t"], dialect=dialect).lines([["-7.60"]]) == "'-7.60\r\n"


@pytest.mark.parametrize(
    ("dialect", "text"),
    [(RFC4180, 'a,b.c\r\nx;y,-0.5\r\n"p,q",\r\n'), (EXCEL_NL, '\ufeffa;b.c\r\n"x;y";-0,5\r\np,q;\r\n')],
)
def test_a_file_in_each_dialect(dialect: CsvDialect, text: str) -> None:
    table = CsvTable(["a", "b.c"], numbers=["b.c"], dialect=dialect)
    rows = [{"a": "x;y", "b": {"c": "-0.5"}}, {"a": "p,q", "b": None}]
    assert "".join(table.documents(rows)) == text


def test_booleans_are_as_in_json() -> None:
    assert CsvTable(["a", "b"]).lines([[True, False]]) == "true,false\r\n"


def test_the_decimals_of_every_export_are_known() -> None:
    shares = {f"origin.{by}.{share}" for by in ("edip", "safe") for share in ("proven", "declared", "upperBound")}
    assert decimals_of(StatusLine) == {"budget.amount", "declaredShare", *shares}
    assert decimals_of(RankedDeclaration) == {
        *("score", "adjustmentPercent", "price.amount"),
        *("fictitiousPrice.ownPrice.amount", "fictitiousPrice.referenceAmount.amount"),
    }
    assert decimals_of(RankedDeclaration) <= set(headers_of(RankedDeclaration))
    assert {"quantity", "unitValue", "stockWeeks", "leadTimeWeeks"} == DECIMALS
    assert set(HEADERS) > DECIMALS
