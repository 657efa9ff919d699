"""Components: lines in storage form, what they say to a scorer, and what is wrong with them by themselves."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base import new_id
from domain.declarations.component_columns import COLUMNS, LINE, DeclaredComponent
from domain.declarations.components import PackedRows, check_lines, components_of, digest_of_lines, stored_line
from domain.ledger import table_of
from domain.money import MAX_CENTS
from domain.scoring.inputs import ComponentInput, EvidenceInput, EvidenceLevel
from tests.support.lines import ROW, a_bare_line, a_line
from tests.support.properties import holds

SET = new_id()


def test_a_line_has_every_column_but_its_place() -> None:
    columns = [column.name for column in table_of(DeclaredComponent).columns]
    assert columns == ["component_set", "position", *LINE]


def test_a_line_is_read_as_the_component_it_states() -> None:
    [component] = components_of([a_line()])
    assert component == ComponentInput(
        key="radio",
        name="Radio",
        quantity=Fraction(2),
        parent_key="avionics",
        unit_value=Fraction(12_345_678, 1_000_000),
        function_group="control",
        country_of_manufacture="NL",
        country_of_control="US",
        licence_country="NONE",
        export_regime="US",
        second_source_country="DE",
        stock_weeks=Fraction(3, 2),
        lead_time_weeks=Fraction(0),
        evidence=EvidenceInput(EvidenceLevel.DOCUMENT, date(2027, 1, 31)),
    )


def test_what_is_not_known_stays_unknown() -> None:
    [component] = components_of([a_bare_line()])
    assert component == ComponentInput(key="bare", name="bare", quantity=Fraction(1))


def test_a_line_read_back_is_the_line_that_was_written() -> None:
    expires = date.fromisoformat(ROW["evidence_expires_on"])
    assert stored_line({**ROW, "evidence_expires_on": expires}) == a_line()
    assert stored_line(dict(zip(LINE, a_bare_line(), strict=True))) == a_bare_line()
    named = a_bare_line(statement_id=str(SET))
    assert stored_line({**dict(zip(LINE, named, strict=True)), "statement_id": SET}) == named


@holds
@given(st.decimals(0, 999_999_999, places=6), st.integers(0, 6))
def test_a_decimal_text_is_read_exactly(number: Any, places: int) -> None:
    text = f"{number:.{places}f}"
    assert components_of([a_line(quantity=text)])[0].quantity == Fraction(text)


def test_the_digest_tells_lines_and_their_order() -> None:
    one, two = a_bare_line("a"), a_bare_line("b")
    assert digest_of_lines([one, two]) == digest_of_lines([one, two])
    assert len({digest_of_lines(rows) for rows in ([one, two], [two, one], [one], [a_line(), two])}) == 4


def test_the_digest_of_lines_without_statements_is_what_it_was_before_there_were_any() -> None:
    row = a_bare_line("a")
    assert len(row) == 20
    known = "[[" + ",".join(['"a"', "null", '"a"', *["null"] * 3, '"1"', *["null"] * 8, '"none"', *["null"] * 3]) + "]]"
    assert digest_of_lines([row]) == hashlib.sha256(known.encode()).hexdigest()
    assert digest_of_lines([row]) == "4d6afa390ab5cfb14b9add5755d0e8218b171f946779724623a03ce8f06cc855"
    named = a_bare_line("b", statement_id=str(SET))
    assert len({digest_of_lines(rows) for rows in ([row, named], [row, a_bare_line("b")], [named, row])}) == 3


def test_columns_that_came_later_enter_the_digest_of_lines_that_fill_one_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = [replace(column, is_later=True) for column in COLUMNS[-2:]]
    monkeypatch.setattr("domain.declarations.components.COLUMNS", (*COLUMNS[:-2], *later))
    bare, hashed = a_bare_line("a"), a_bare_line("b", evidence_sha256="0" * 64)
    named = a_bare_line("c", statement_id=str(SET))
    entering = [([bare], -2), ([bare, hashed], -1), ([named, bare], None), ([bare, hashed, named], None)]
    for rows, end in entering:
        text = json.dumps([row[:end] for row in rows], separators=(",", ":"))
        assert digest_of_lines(rows) == hashlib.sha256(text.encode()).hexdigest()


def test_given_lines_tell_the_columns_of_their_declaration() -> None:
    given_ = check_lines([a_line(parent_key=None), a_bare_line()], SET)
    assert given_.faults == []
    assert given_.columns == {
        "component_set": SET,
        "component_count": 2,
        "components_digest": digest_of_lines([a_line(parent_key=None), a_bare_line()]),
        "components_cents": 2469,
    }
    stored = list(given_.stored())
    assert [row[:2] for row in stored] == [(str(SET), 0), (str(SET), 1)]
    assert [row[2:] for row in stored] == list(given_.rows) == [a_line(parent_key=None), a_bare_line()]


def test_no_lines_are_no_set() -> None:
    nothing = check_lines([], SET)
    assert (len(nothing.rows), nothing.columns["component_set"], nothing.columns["components_digest"]) == (
        0,
        None,
        None,
    )
    assert (nothing.columns["component_count"], nothing.cents) == (0, 0)


def test_everything_that_is_wrong_by_itself_is_found_at_once() -> None:
    found = check_lines([a_line(quantity="0"), a_bare_line("radio"), a_bare_line("x", parent_key="x")], SET)
    assert [fault.pointer for fault in found.faults] == [
        "/components/0/quantity", "/components/0/parentKey", "/components/1/key", "/components/2/parentKey",
    ]  # fmt: skip


def test_a_sum_that_no_declared_amount_can_be_is_refused() -> None:
    huge = [a_bare_line(f"k{n}", quantity="999999999", unit_value="999999999999") for n in range(2)]
    found = check_lines(huge, SET)
    assert [fault.pointer for fault in found.faults] == ["/components"]
    assert found.columns["components_cents"] == MAX_CENTS


def test_the_digest_is_of_the_whole_json_however_many_lines_there_are() -> None:
    rows = [a_bare_line(f"é{number}") for number in range(2500)]
    text = json.dumps([row[:-1] for row in rows], separators=(",", ":"), ensure_ascii=False)
    assert digest_of_lines(rows) == hashlib.sha256(text.encode()).hexdigest()


def test_lines_beside_which_others_cannot_be_read_may_name_those_and_are_not_summed() -> None:
    rows = [
        a_bare_line("n", unit_value="5"),
        a_bare_line("a", parent_key="n", unit_value="7"),
        a_bare_line("b", parent_key="x"),
    ]
    assert [fault.pointer for fault in check_lines(rows, SET).faults] == [
        "/components/2/parentKey",
        "/components/0/unitValue",
    ]
    assert check_lines(rows, SET, {"x"}).faults == []
    assert [fault.pointer for fault in check_lines(rows, SET, set()).faults] == ["/components/2/parentKey"]


@given(st.integers(0, 2100))
def test_packed_rows_are_the_rows_in_their_order(count: int) -> None:
    rows = [a_bare_line(f"k{number}") for number in range(count)]
    packed = PackedRows(rows)
    assert (len(packed), list(packed)) == (count, rows)
    assert list(packed) == rows
