"""`apos declare check` and `upload`: what the intake says of a file, with a bar on a terminal, and exit codes for scripts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from apos_client import Apos
from apos_client.command._reports import progress
from tests.api.intake.boms import a_bom, a_part
from tests.api.intake.ods_books import book as an_ods
from tests.api.intake.ods_books import heads
from tests.api.intake.ods_books import plain as a_row
from tests.api.intake.xml_boms import in_xml
from tests.clients.command_line import answered, plain, run, run_on
from tests.clients.declared import a_component, a_draft
from tests.clients.services import LosesAnswers, RunningService, Watched

WORKBOOKS = Path(__file__).parents[1] / "api" / "intake" / "workbooks"
NOBODY = "00000000-0000-7000-8000-000000000000"
ONE = {"count": 1, "sheet": None}
REPORT: dict[str, Any] = {
    "format": "csv",
    "sheets": [],
    "unreadSheets": [],
    "lines": {"read": 5, "used": 2, "ignored": 2, "refused": 1},
    "columns": [
        {"field": "key", "column": "A (Ref)", "sheet": None},
        {"field": "quantity", "column": "D (Qty)", "sheet": None},
    ],
    "unread": ["Supplier", "Extended\x1b[31m price"],
    "ignored": [
        {"row": 1, "why": "title", "sheet": None},
        {"row": 4, "why": "blank", "sheet": None},
        {"row": 6, "why": "blank", "sheet": None},
    ],
    "refused": [
        {"row": 5, "column": "D (Qty)", "field": "quantity", "detail": "is 0; give what one system holds\x07", **ONE},
        {"row": None, "column": None, "field": None, "detail": "the components cost more than the whole", **ONE},
    ],
    "notes": [
        {"row": 2, "column": "/components/1", "field": "countryOfControl", "detail": "names two\tcountries", "sheet": None}
    ],
    "completeness": [
        {"field": "functionGroup", "known": 3, "leaves": 3},
        {"field": "countryOfManufacture", "known": 2, "leaves": 3},
        {"field": "evidence.level", "known": 0, "leaves": 3},
    ],
    "questions": [
        {"field": "countryOfManufacture", "unanswered": 1, "componentKeys": ["R1"]},
        {"field": "evidence.level", "unanswered": 12, "componentKeys": ["R1", "R2"]},
    ],
    "conversion": None,
}  # fmt: skip
TAKEN = {**REPORT, "lines": {"read": 4, "used": 2, "ignored": 2, "refused": 0}, "refused": []}


@pytest.fixture
def supplier(workplace: RunningService) -> Iterator[Apos]:
    """Intelic, writing."""
    with workplace.client("supplier") as apos:
        yield apos


@pytest.fixture
def table(tmp_path: Path) -> str:
    """A file that is named as a table is."""
    file = tmp_path / "parts.csv"
    file.write_text("Ref;Qty\n")
    return str(file)


def parts(folder: Path, name: str = "parts.json", **changes: Any) -> str:
    """A file of two components, the last with changes."""
    lines = [a_component("pilot", "1500", "control").document(), a_component("wings", "900", "airframe").document()]
    lines[-1] |= changes
    file = folder / name
    file.write_text(json.dumps({"components": lines}))
    return str(file)


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_a_report_says_what_was_read_what_was_refused_and_what_is_open(table: str, columns: int) -> None:
    result = answered([httpx.Response(200, json=REPORT)], "declare", "check", table, columns=columns)
    assert result.exit_code == 3
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert lines[:2] == ["Read as     CSV", "Lines       5 read: 2 used, 2 ignored, 1 refused"]
    printed = plain(result.stdout)
    assert "Ignored blank in rows 4, 6; title in row 1" in printed
    assert "Not read Supplier, Extended [31m price" in printed
    assert "Column Read as A (Ref) key D (Qty) quantity" in printed
    assert "row 5, D (Qty): is 0; give what one system holds" in printed
    assert "the file: the components cost more than the whole" in printed
    assert "These are the first" not in printed
    assert "To know: row 2, /components/1: names two countries" in printed
    assert "Answered, of 3 components without parts:" in printed
    assert lines[next(n for n, line in enumerate(lines) if "OfManufacture" in line)].split()[-3:] == ["66", "%", "2"]
    assert "evidence.level 12 R1, R2, 10 more" in printed
    assert result.stderr == "The file cannot be used as it is: correct what is refused, and check it again.\n"


def test_a_bar_is_full_where_all_is_known_and_only_there(table: str) -> None:
    known = [{"field": "a", "known": 3000, "leaves": 3000}, {"field": "b", "known": 2999, "leaves": 3000}]
    none = {"field": "c", "known": 0, "leaves": 3000}
    report = {**TAKEN, "completeness": [*known, none]}
    result = answered([httpx.Response(200, json=report)], "declare", "check", table)
    assert [line.split()[1:] for line in result.stdout.splitlines() if "█" in line or "░" in line] == [
        ["█" * 20, "100", "%", "3000"],
        ["█" * 19 + "░", "99", "%", "2999"],
        ["░" * 20, "0", "%", "0"],
    ]


def test_a_report_of_nothing_has_nothing_to_tell_but_that(table: str) -> None:
    empty = {"columns": [], "notes": [], "unread": [], "ignored": [], "completeness": [], "questions": []}
    nothing = {**TAKEN, **empty, "format": "parquet", "lines": dict.fromkeys(TAKEN["lines"], 0)}
    result = answered([httpx.Response(200, json=nothing)], "declare", "check", table)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "Read as     parquet",
        "Lines       0 read: 0 used, 0 ignored, 0 refused",
        "",
        "All of it can be used.",
    ]


def test_more_refused_lines_than_are_named_are_counted(table: str) -> None:
    refused = [{**REPORT["refused"][0], "row": row} for row in range(1, 101)]
    many = {**REPORT, "refused": refused, "lines": {"read": 900, "used": 0, "ignored": 0, "refused": 900}}
    result = answered([httpx.Response(200, json=many)], "declare", "check", table)
    assert "These are the first; 900 lines are refused." in plain(result.stdout)


def test_of_many_ignored_rows_the_first_ten_are_named(table: str) -> None:
    blank = [{"row": row, "why": "blank", "sheet": None} for row in range(1, 13)]
    result = answered([httpx.Response(200, json={**TAKEN, "ignored": blank})], "declare", "check", table)
    assert "blank in rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ..." in plain(result.stdout)


def test_of_several_sheets_each_row_and_column_is_told_with_its_sheet(table: str) -> None:
    columns = [{"field": "quantity", "column": "D (Qty)", "sheet": name} for name in ("Main", "Radio")]
    report = {
        **REPORT, "sheets": ["Main", "Radio"], "unreadSheets": ["Notes"], "columns": columns,
        "ignored": [{"row": 1, "why": "title", "sheet": "Radio"}],
        "refused": [{**REPORT["refused"][0], "sheet": "Radio"}],
    }  # fmt: skip
    printed = plain(answered([httpx.Response(200, json=report)], "declare", "check", table, columns=200).stdout)
    assert "Sheets Main, Radio Not read sheet Notes Ignored title in row Radio:1" in printed
    assert "Main: D (Qty) quantity Radio: D (Qty) quantity" in printed
    assert "sheet Radio, row 5, D (Qty): is 0; give what one system holds" in printed


def test_sheets_are_chosen_in_a_check_and_in_an_upload(
    workplace: RunningService, supplier: Apos, tmp_path: Path
) -> None:
    heads, line = ("Item", "Description", "Qty"), ("1", "Chip", 2)
    book = openpyxl.Workbook()
    for name in ("Main", "Radio", "Old"):
        sheet = book.create_sheet(name)
        sheet.append(heads)
        sheet.append(line)
    book.remove(book.worksheets[0])
    file = tmp_path / "parts.xlsx"
    book.save(file)
    draft = a_draft(workplace, supplier)
    chosen = ["--sheet", "Main", "--sheet", "Radio", "--json"]
    report = json.loads(run(workplace.settings("supplier"), "declare", "check", str(file), *chosen).stdout)
    assert (report["sheets"], report["unreadSheets"], report["lines"]["used"]) == (["Main", "Radio"], ["Old"], 2)
    result = run(workplace.settings("supplier"), "declare", "upload", str(draft.id), str(file), *chosen)
    assert (result.exit_code, json.loads(result.stdout)["sheets"]) == (0, ["Main", "Radio"])
    assert [each.key for each in supplier.origin_declarations.components(draft.id)] == ["Main/1", "Radio/1"]
    missing = run(workplace.settings("supplier"), "declare", "check", str(file), "--sheet", "Rodia")
    assert "the file has no visible sheet Rodia; name one of: Main, Radio, Old" in plain(missing.stderr)


def test_a_file_that_can_be_used_ends_well_and_nothing_is_stored(
    workplace: RunningService, supplier: Apos, tmp_path: Path
) -> None:
    draft = a_draft(workplace, supplier)
    words = ["declare", "check", parts(tmp_path), "--declaration", str(draft.id)]
    result = run(workplace.settings("supplier"), *words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:2] == ["Read as     JSON", "Lines       2 read: 2 used, 0 ignored, 0 refused"]
    assert result.stdout.splitlines()[-1] == "All of it can be used."
    as_json = run(workplace.settings("supplier"), *words, "--json")
    assert json.loads(as_json.stdout)["lines"] == {"read": 2, "used": 2, "ignored": 0, "refused": 0}
    assert supplier.origin_declarations.find(draft.id) == draft


def test_a_check_for_scripts_is_json_alone_and_ends_as_refusals_do(
    workplace: RunningService, supplier: Apos, tmp_path: Path
) -> None:
    draft = a_draft(workplace, supplier)
    file = parts(tmp_path, functionGroup="sails")
    result = run(workplace.settings("supplier"), "declare", "check", file, "--declaration", str(draft.id), "--json")
    assert result.exit_code == 3
    assert [cell["field"] for cell in json.loads(result.stdout)["refused"]] == ["functionGroup"]


def test_an_upload_stores_what_the_file_says(workplace: RunningService, supplier: Apos, tmp_path: Path) -> None:
    draft = a_draft(workplace, supplier)
    network = Watched()
    result = run_on(
        workplace.client("supplier", transport=network),
        "declare", "upload", str(draft.id), parts(tmp_path), "--reason", "Geteld",
    )  # fmt: skip
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == f"Stored: 2 components, and no others, in declaration {draft.id}"
    assert network.sent("PUT")[0].headers["Change-Reason"] == "Geteld"
    values = [each.unit_value and each.unit_value.amount for each in supplier.origin_declarations.components(draft.id)]
    assert values == ["1500", "900"]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_refused_upload_shows_the_report_and_says_that_nothing_was_stored(
    workplace: RunningService, supplier: Apos, tmp_path: Path, as_json: bool
) -> None:
    draft = a_draft(workplace, supplier)
    file = parts(tmp_path, quantity=0)
    words = ["declare", "upload", str(draft.id), file, *(["--json"] if as_json else [])]
    result = run(workplace.settings("supplier"), *words)
    said = json.loads(result.stderr)["detail"] if as_json else result.stderr.removesuffix("\n")
    assert (result.exit_code, said) == (3, "Nothing was stored: correct what is refused, and send it again.")
    if as_json:
        assert [cell["field"] for cell in json.loads(result.stdout)["refused"]] == ["quantity"]
    else:
        assert "  row 2, quantity: " in result.stdout
    assert supplier.origin_declarations.find(draft.id) == draft


def test_a_file_that_cannot_be_read_at_all_is_refused_by_its_name(
    workplace: RunningService, supplier: Apos, tmp_path: Path
) -> None:
    draft = a_draft(workplace, supplier)
    file = tmp_path / "parts.json"
    file.write_text("{")
    for words in (["check", str(file)], ["upload", str(draft.id), str(file)]):
        result = run(workplace.settings("supplier"), "declare", *words)
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr.splitlines()[-1] == "Correct this, and try again."


def test_what_a_file_is_can_be_said(workplace: RunningService, tmp_path: Path) -> None:
    file = parts(tmp_path, "parts.txt")
    unsaid = run(workplace.settings("supplier"), "declare", "check", file)
    assert (unsaid.exit_code, unsaid.stdout) == (3, "")
    assert "parts.txt does not end in .csv, .tsv, .xlsx, .ods, .xls, .json, .xml" in unsaid.stderr
    said = run(workplace.settings("supplier"), "declare", "check", file, "--format", "json", "--json")
    assert (said.exit_code, json.loads(said.stdout)["format"]) == (0, "json")


@pytest.mark.parametrize(("name", "content", "options", "read_as"), [
    ("parts.ods", an_ods(heads(), a_row()), [], "ODS"), ("parts.txt", an_ods(heads(), a_row()), ["--format", "ods"], "ODS"),
    ("parts.xls", (WORKBOOKS / "shown.xls").read_bytes(), [], "XLS"),
    ("drone.cdx.xml", in_xml(a_bom(a_part())), [], "CycloneDX"),
    ("drone.txt", in_xml(a_bom(a_part())), ["--format", "cyclonedx-xml"], "CycloneDX"),
])  # fmt: skip
def test_other_workbooks_and_xml_are_checked(
    workplace: RunningService, tmp_path: Path, name: str, content: bytes, options: list[str], read_as: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    checked = run(workplace.settings("supplier"), "declare", "check", str(file), *options)
    assert checked.stdout.splitlines()[0].split() == ["Read", "as", read_as]
    assert checked.exit_code == (3 if read_as == "XLS" else 0), (
        "the one that LibreOffice made has cells that are refused"
    )


def test_what_the_service_does_not_take_is_refused_input(table: str) -> None:
    refusal = httpx.Response(415, json={"title": "Not taken here", "detail": "send one of: application/json"})
    result = answered([refusal], "declare", "check", table)
    assert (result.exit_code, result.stderr) == (3, "Not taken here: send one of: application/json\n")


def test_a_declaration_that_does_not_exist_is_not_found(workplace: RunningService, tmp_path: Path) -> None:
    file = parts(tmp_path)
    for words in (["check", file, "--declaration", NOBODY], ["upload", NOBODY, file], ["upload", "kestrel", file]):
        result = run(workplace.settings("supplier"), "declare", *words)
        assert (result.exit_code, result.stdout) == (6, "")


def test_a_lost_answer_to_an_upload_says_to_look_first(
    workplace: RunningService, supplier: Apos, tmp_path: Path
) -> None:
    draft = a_draft(workplace, supplier)
    losing = workplace.client("supplier", transport=LosesAnswers("PUT"))
    result = run_on(losing, "declare", "upload", str(draft.id), parts(tmp_path))
    assert (result.exit_code, result.stdout) == (8, "")
    assert "It may have been done all the same: check before you repeat it." in result.stderr


@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_bar_is_shown_on_a_terminal_and_nowhere_else(
    table: str, is_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "can_show_bars", lambda: is_terminal)
    settings = {"TTY_COMPATIBLE": "1" if is_terminal else "0", "TTY_INTERACTIVE": "1", "TERM": "xterm"}
    network = httpx.MockTransport(lambda request: httpx.Response(200, json=TAKEN))
    connected = {"APOS_URL": "https://apos.example.org", "APOS_KEY": "apos_x"}
    result = run(
        {**connected, **settings}, "declare", "check", table, "--json",
        connect=lambda url, key: Apos(url, key, transport=network),
    )  # fmt: skip
    assert result.exit_code == 0
    assert json.loads(result.stdout) == TAKEN
    assert ("Sent; the service is reading it" in result.stderr) is is_terminal
    assert bool(result.stderr) is is_terminal


def test_a_table_in_dollars_is_checked_and_uploaded_with_its_rate(
    workplace: RunningService, supplier: Apos, tmp_path: Path
) -> None:
    draft = a_draft(workplace, supplier)
    file = tmp_path / "dollars.csv"
    file.write_text("Item,Description,Qty,Unit Price($)\n1,Motor,4,12.50\n")
    stated = ["--currency", "USD", "--rate", "0.92", "--rate-date", "2026-11-20"]
    for words in (["check", str(file)], ["upload", str(draft.id), str(file)]):
        result = run(workplace.settings("supplier"), "declare", *words, *stated)
        assert result.exit_code == 0, result.output
        assert "1 USD is 0.92 EUR, of 2026-11-20, as stated" in result.stdout
    [line] = supplier.origin_declarations.components(draft.id)
    assert line.unit_value is not None
    assert line.unit_value.amount == "11.50"
    for wrong in (["--currency", "USD"], ["--currency", "USD", "--rate", "0", "--rate-date", "2026-11-20"]):
        assert run(workplace.settings("supplier"), "declare", "upload", str(draft.id), str(file), *wrong).exit_code != 0
    assert run(workplace.settings("supplier"), "declare", "check", str(file), "--rate-date", "x").exit_code == 2
