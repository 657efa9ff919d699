"""`apos declare templates` and `export`: files to fill in and to send again, never replacing a file without --force."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from apos_client import Apos
from tests.clients.command_line import plain, run
from tests.clients.declared import a_component, a_draft, a_statement
from tests.clients.services import RunningService

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def supplier(workplace: RunningService) -> Iterator[Apos]:
    """Intelic, writing."""
    with workplace.client("supplier") as apos:
        yield apos


def test_the_columns_of_the_template_are_shown_with_what_they_are_for(portfolio: RunningService) -> None:
    result = run(portfolio.settings("supplier"), "declare", "templates", columns=80)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert max(map(len, lines)) <= 80
    headings = [line for line in lines if not line.startswith("    ")]
    assert (len(headings), headings[:3]) == (20, ["key (needed)", "parentKey", "name (needed)"])
    assert [line for line in headings if line.endswith("(needed)")][2:] == ["quantity (needed)"]
    printed = plain(result.stdout)
    assert (
        "licenceCountry Country of the licence holder, NONE if there is no foreign licence; empty: unknown" in printed
    )
    as_json = json.loads(run(portfolio.settings("supplier"), "declare", "templates", "--json").stdout)
    assert (as_json["id"], len(as_json["columns"])) == ("components", 20)


@pytest.mark.parametrize("words", [["-o", "parts.csv"], ["--format", "csv", "-o", "parts"], ["-o", "parts.XLSX"]])
def test_the_empty_table_is_written_and_checked_with_no_complaint_but_that_it_is_empty(
    portfolio: RunningService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(portfolio.settings("supplier"), "declare", "templates", *words)
    assert (result.exit_code, result.stdout) == (0, f"Written: {words[-1]}\n")
    kind = "xlsx" if words[-1].endswith("XLSX") else "csv"
    checked = run(portfolio.settings("supplier"), "declare", "check", words[-1], "--format", kind, "--json")
    report = json.loads(checked.stdout)
    assert (checked.exit_code, report["format"], report["lines"]["used"]) == (3, kind, 0)
    assert [(each["row"], each["detail"][:27]) for each in report["refused"]] == [(None, "the file holds no component")]
    assert len(report["columns"]) == 20


def test_the_empty_table_goes_to_standard_output_where_no_file_is_named(portfolio: RunningService) -> None:
    as_csv = run(portfolio.settings("supplier"), "declare", "templates", "--format", "csv")
    assert "key,parentKey,name," in as_csv.stdout
    as_xlsx = run(portfolio.settings("supplier"), "declare", "templates", "--format", "xlsx")
    assert load_workbook(BytesIO(as_xlsx.stdout_bytes)).sheetnames[0] != ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-o", "parts.ods"], "The name parts.ods does not end in .csv or .xlsx; give the format with --format."),
        (["--format", "csv", "--json"], "--json prints the columns; leave it out to get the empty table."),
    ],
)
def test_a_template_in_an_unknown_format_is_wrong_use(
    portfolio: RunningService, words: list[str], message: str
) -> None:
    result = run(portfolio.settings("supplier"), "declare", "templates", *words)
    said = json.loads(result.stderr)["detail"] if "--json" in words else result.stderr.removesuffix("\n")
    assert (result.exit_code, result.stdout, said) == (2, "", message)


def test_an_existing_file_is_replaced_only_with_force(portfolio: RunningService, tmp_path: Path) -> None:
    file = tmp_path / "parts.csv"
    file.write_text("forty answers")
    refused = run(portfolio.settings("supplier"), "declare", "templates", "-o", str(file))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == f"{file} exists already.\nGive another name, or --force to replace it.\n"
    assert file.read_text() == "forty answers"
    forced = run(portfolio.settings("supplier"), "declare", "templates", "-o", str(file), "--force")
    assert (forced.exit_code, "forty answers" in file.read_text()) == (0, False)
    nowhere = run(portfolio.settings("supplier"), "declare", "templates", "-o", str(tmp_path / "none" / "parts.csv"))
    assert (nowhere.exit_code, nowhere.stdout) == (1, "")
    assert plain(nowhere.stderr).endswith("parts.csv cannot be written: No such file or directory.")


def test_a_table_that_was_exported_is_the_same_when_it_is_uploaded(
    workplace: RunningService, supplier: Apos, tmp_path: Path
) -> None:
    draft = a_draft(workplace, supplier)
    file = str(tmp_path / "parts.csv")
    exported = run(workplace.settings("supplier"), "declare", "export", str(draft.id), "-o", file)
    assert (exported.exit_code, exported.stderr) == (0, "")
    supplier.origin_declarations.replace_components(draft.id, [])
    assert run(workplace.settings("supplier"), "declare", "upload", str(draft.id), file).exit_code == 0
    assert supplier.origin_declarations.find(draft.id).components_digest == draft.components_digest


def test_a_table_for_a_dutch_excel_is_uploaded_again_as_it_is(
    workplace: RunningService, supplier: Apos, tmp_path: Path
) -> None:
    draft = a_draft(workplace, supplier)
    file, settings = tmp_path / "parts.csv", workplace.settings("supplier")
    exported = run(settings, "declare", "export", str(draft.id), "--dialect", "excel-nl", "-o", str(file))
    assert (exported.exit_code, exported.stderr) == (0, "")
    assert file.read_bytes().startswith(b"\xef\xbb\xbfkey;parentKey;")
    supplier.origin_declarations.replace_components(draft.id, [])
    assert run(settings, "declare", "upload", str(draft.id), str(file)).exit_code == 0
    assert supplier.origin_declarations.find(draft.id).components_digest == draft.components_digest
    empty = run(settings, "declare", "templates", "--format", "csv", "--dialect", "excel-nl")
    assert empty.stdout_bytes.decode() == supplier.declaration_templates.csv(dialect="excel-nl")
    assert "\r\nkey;parentKey;" in supplier.declaration_templates.csv(dialect="excel-nl")


def test_a_declaration_that_was_exported_is_the_same_when_it_is_drafted(
    workplace: RunningService, supplier: Apos, tmp_path: Path
) -> None:
    parts = (a_component("hull", "1", None, unitValue=None), a_component("pilot", "2000", "control", parentKey="hull"))
    before = a_draft(workplace, supplier, a_statement(*parts))
    file = tmp_path / "drone.json"
    words = ["declare", "export", str(before.id), "--format", "json"]
    file.write_bytes(run(workplace.settings("supplier"), *words).stdout_bytes)
    drafted = json.loads(run(workplace.settings("supplier"), "declare", "draft", str(file), "--json").stdout)
    kept = before.document()
    assert drafted.pop("id") != kept.pop("id")
    assert drafted == kept


def test_a_declaration_is_exported_as_cyclonedx(workplace: RunningService, supplier: Apos) -> None:
    draft = a_draft(workplace, supplier)
    exported = run(workplace.settings("supplier"), "declare", "export", str(draft.id), "--format", "cyclonedx")
    document = json.loads(exported.stdout)
    assert (document["bomFormat"], [each["name"] for each in document["components"]]) == (
        "CycloneDX",
        ["Part pilot", "Part wings"],
    )


def test_a_declaration_that_does_not_exist_is_not_exported(portfolio: RunningService, tmp_path: Path) -> None:
    file = tmp_path / "parts.csv"
    for kind in ("csv", "cyclonedx", "json"):
        result = run(portfolio.settings(), "declare", "export", NOBODY, "--format", kind, "-o", str(file))
        assert (result.exit_code, result.stdout, file.exists()) == (6, "", False)
