"""Files of other kinds are named, with what to send instead, and never read as something else."""

import io
import json
import zipfile

import pytest

from api.http.problems import HttpProblem
from api.http.uploads import READERS, ReadOptions
from api.intake.checking import check
from api.intake.parsed import UnreadableFile
from tests.api.intake.boms import a_bom, a_part, found, read

CSV, JSON, CYCLONEDX = "text/csv", "application/json", "application/vnd.cyclonedx+json"
SPDX = "which is not read here; CycloneDX is read in the versions 1.4, 1.5, 1.6 and 1.7"
TWO = b'{"specFormat": "CycloneDX", "specVersion": "2.0", "version": 1, "components": []}'
SPDX_2 = b'{"SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.3", "packages": []}'
SPDX_3 = b'{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": []}'


def an_archive(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return packed.getvalue()


FILES = [
    *(
        (kind, TWO, "the file is CycloneDX of version 2.0; CycloneDX is read in the versions")
        for kind in (CSV, JSON, CYCLONEDX)
    ),
    *((kind, SPDX_2, f"the file is SPDX of version 2.3, {SPDX}") for kind in (CSV, JSON, CYCLONEDX)),
    *((kind, SPDX_3, f"the file is SPDX, {SPDX}") for kind in (CSV, JSON, CYCLONEDX)),
    (JSON, b'{"bomFormat": "CycloneDX", "specVersion": "1.6"}', "the file is CycloneDX; send it with the content type"),
    (CSV, b"SPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0\n", f"the file is SPDX of version 2.2, {SPDX}"),
    (CSV, b"| key | name | quantity |\n|---|:---:|--:|\n| a | A | 1 |\n", "the file is a table in Markdown; save"),
    (CSV, b"key | name | quantity\n--- | :--- | ---:\na | A | 1\n", "the file is a table in Markdown; save"),
    (CSV, b"# Parts\n\n| key | name |\r\n| --- | --- |\r\n", "the file is a table in Markdown; save"),
    (CSV, b"<!DOCTYPE html><table><tr><td>key</td></tr></table>", "the file is a web page (HTML); save"),
    (CSV, b"\xef\xbb\xbf<html><body>x</body></html>", "the file is a web page (HTML); save"),
    (CSV, b"<?xml version='1.0'?><a/>", "the file is XML; save"),
    (CSV, b"%PDF-1.7", "the file is a PDF file, not a table; save"),
    (CSV, b"{\\rtf1 x}", "the file is an RTF document, not a table; save"),
    (CSV, b"\x89PNG\r\n", "the file is a picture (PNG), not a table; save"),
    (CSV, b"\x1f\x8b\x08", "the file is a gzip archive, not a table; save"),
    (CSV, an_archive("a.csv"), "the file is a zip archive, not a table; take the table out of it"),
    (CSV, an_archive("word/document.xml"), "the file is a Word document, not a table; take the table out of it"),
    (CSV, an_archive("content.xml"), "the file is an OpenDocument file, not a table"),
    (
        CSV,
        an_archive("xl/workbook.xml"),
        "the file is an Excel workbook, not CSV; send it with the content type of an XLSX",
    ),
    (CSV, b'[{"key": "a"}]', "the file is JSON; send it with the content type application/json"),
]


@pytest.mark.parametrize(("kind", "raw", "words"), FILES)
def test_a_file_of_another_kind_is_named(kind: str, raw: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        list(READERS[kind](raw, None, ReadOptions()).lines)
    assert refused.value.detail.startswith(words)


def test_a_table_with_pipes_and_dashes_in_its_cells_is_a_table() -> None:
    raw = b"key,name,quantity\na,|--|--|,1\nb,<b>,2\n"
    assert [line.component["key"] for line in READERS[CSV](raw, None, ReadOptions()).lines] == ["a", "b"]


def software(ref: str, **fields: object) -> dict[str, object]:
    return {"type": "library", "bom-ref": ref, "name": "made up", **fields}


def test_software_without_a_quantity_counts_once_with_one_note() -> None:
    document = a_bom(software("a"), software("b", type="firmware"), a_part("c", "4"), software("d", properties=[
        {"name": "cdx:device:quantity", "value": "3"}]))  # fmt: skip
    bom, lines = read(document)
    assert [line.component["quantity"] for line in lines] == ["1", "1", "4", "3"]
    assert bom.refused == []
    assert [(note.row, note.field, note.detail) for note in bom.notes] == [
        (None, "quantity", "2 software components state no quantity and count once; where there are more, give the property "
         "cdx:device:quantity"),
    ]  # fmt: skip


def test_hardware_without_any_quantity_is_one_fault_with_its_count() -> None:
    report = check(found(a_bom(a_part("a", None), a_part("b", None), software("c")))).report()
    [refused] = report.refused
    assert refused.detail.startswith("none of the 2 components that are hardware has a quantity; give how many")
    assert (report.lines.used, report.lines.refused) == (1, 2)


def test_hardware_without_a_quantity_among_others_is_named() -> None:
    report = check(found(a_bom(a_part("a", None), a_part("b", "2"), a_part("c", None)))).report()
    assert [(each.row, each.field) for each in report.refused] == [(1, "quantity"), (3, "quantity")]


@pytest.mark.parametrize(("given", "cure"), [
    ("GPL", "give the id that SPDX has for it"), ("apache-2.0", "write Apache-2.0"), ("", "give the id that SPDX has"),
])  # fmt: skip
@pytest.mark.parametrize("version", ["1.4", "1.5", "1.6", "1.7"])
def test_a_licence_id_that_spdx_does_not_know_is_named(given: str, cure: str, version: str) -> None:
    part = a_part("a", licenses=[{"license": {"id": given}}])
    bom, _ = read(a_bom(part, version=version))
    [refused] = bom.refused
    assert refused.column == "/components/0/licenses/0/license/id"
    assert refused.detail.startswith(f"{given!r} is no licence id in the list of SPDX; {cure}")
    system = {"type": "device", "name": "K", "licenses": [{"license": {"id": given}}]}
    bom, _ = read(a_bom(version=version, metadata={"component": system}))
    assert [each.column for each in bom.refused] == ["/metadata/component/licenses/0/license/id"]


def test_json_of_the_service_is_not_mistaken() -> None:
    raw = json.dumps({"components": [{"key": "a", "name": '"spdxVersion": 1', "quantity": 1}]}).encode()
    try:
        assert len(list(READERS[JSON](raw, None, ReadOptions()).lines)) == 1
    except HttpProblem:  # pragma: no cover
        raise AssertionError("it is the service's own") from None
