"""Files of components through the client: previewed, uploaded whole or not at all, and sent in pieces with their progress."""

import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from apos_client import Apos, BadInput, Component, Stale, Unreachable
from apos_client._files import PIECE, content_of, cyclonedx_type
from tests.clients.declared import a_component, a_draft
from tests.clients.services import LosesAnswers, NeverConnects, RunningService, Watched, client_with_answers

JSON = "application/json"
PARTS = (a_component("pilot", "1500", "control"), a_component("wings", "900", "airframe", countryOfControl=None))
REPORT = {
    "format": "csv",
    "sheets": [],
    "unreadSheets": [],
    "lines": {"read": 1, "used": 0, "ignored": 0, "refused": 1},
    "columns": [{"field": "quantity", "column": "D (Qty)", "sheet": None}],
    "unread": ["Supplier"],
    "ignored": [],
    "refused": [
        {"row": 2, "column": "D (Qty)", "field": "quantity", "detail": "is not a number", "count": 1, "sheet": None}
    ],
    "notes": [],
    "completeness": [],
    "questions": [],
}


@pytest.fixture
def supplier(workplace: RunningService) -> Iterator[Apos]:
    """Intelic, writing."""
    with workplace.client("supplier") as apos:
        yield apos


def content(*components: Component, **changes: Any) -> bytes:
    """A file of components in JSON, the last with changes."""
    lines = [component.document() for component in components]
    lines[-1] |= changes
    return json.dumps({"components": lines}).encode()


def test_a_file_is_uploaded_and_the_report_says_what_was_read(
    workplace: RunningService, supplier: Apos, tmp_path: Path
) -> None:
    draft = a_draft(workplace, supplier)
    file = tmp_path / "parts.json"
    file.write_bytes(content(*PARTS))
    stored = supplier.origin_declarations.upload(draft.id, file, etag=draft.etag, reason="Counted again")
    assert (stored.format, stored.lines.read, stored.lines.used, stored.lines.refused) == ("json", 2, 2, 0)
    assert stored.is_usable
    assert [(each.field, each.component_keys) for each in stored.questions] == [("countryOfControl", ("wings",))]
    assert (stored.component_count, stored.version) == (2, (draft.version or 0) + 1)
    values = [each.unit_value and each.unit_value.amount for each in supplier.origin_declarations.components(draft.id)]
    assert values == ["1500", "900"]
    with pytest.raises(Stale):
        supplier.origin_declarations.upload(draft.id, file, etag=draft.etag)
    assert supplier.origin_declarations.upload(draft.id, file, etag=stored.etag).components_digest == (
        stored.components_digest
    )


def test_a_refused_file_is_an_error_with_the_report_and_nothing_is_stored(
    workplace: RunningService, supplier: Apos
) -> None:
    draft = a_draft(workplace, supplier)
    with pytest.raises(BadInput) as refused:
        supplier.origin_declarations.upload(draft.id, content(*PARTS, quantity="many"), media_type=JSON)
    report = refused.value.report
    assert report is not None
    assert (report.lines.read, report.lines.used, report.lines.refused, report.is_usable) == (2, 1, 1, False)
    assert [(cell.row, cell.field) for cell in report.refused] == [(2, "quantity")]
    assert [error.pointer for error in refused.value.errors] == ["/components/1/quantity"]
    assert supplier.origin_declarations.find(draft.id) == draft


def test_bad_input_without_a_file_has_no_report(workplace: RunningService, supplier: Apos) -> None:
    with pytest.raises(BadInput) as refused:
        supplier.origin_declarations.upload(a_draft(workplace, supplier).id, b"{", media_type=JSON)
    assert refused.value.report is None


def test_a_preview_tells_what_would_be_refused_and_stores_nothing(workplace: RunningService, supplier: Apos) -> None:
    draft = a_draft(workplace, supplier)
    file = content(*PARTS, functionGroup="sails")
    alone = supplier.intake_previews.ask(file, media_type=JSON)
    assert (alone.is_usable, alone.lines.used) == (True, 2)
    held = supplier.intake_previews.ask(file, media_type=JSON, declaration=draft.id)
    assert (held.is_usable, held.lines.used, held.lines.refused) == (False, 1, 1)
    assert [(cell.row, cell.field) for cell in held.refused] == [(2, "functionGroup")]
    assert supplier.origin_declarations.find(draft.id) == draft


def test_a_file_is_sent_in_pieces_with_its_length_and_each_is_reported(workplace: RunningService) -> None:
    network, progress = Watched(), list[tuple[int, int]]()
    file = content(*PARTS) + b" " * PIECE
    with workplace.client("supplier", transport=network) as supplier:
        report = supplier.intake_previews.ask(file, media_type=JSON, on_progress=lambda *sent: progress.append(sent))
    assert report.lines.used == 2
    assert progress == [(PIECE, len(file)), (len(file), len(file))]
    [request] = network.requests
    assert request.headers["Content-Length"] == str(len(file))
    assert "Transfer-Encoding" not in request.headers


def test_an_answer_to_a_file_is_waited_for_longer_than_others() -> None:
    seen = list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=REPORT)

    for timeout in (30.0, 900.0):
        network = httpx.MockTransport(answer)
        with Apos("https://apos.example.org", None, transport=network, timeout=timeout) as apos:
            apos.intake_previews.ask(b"", media_type="text/csv")
    assert [request.extensions["timeout"]["read"] for request in seen] == [300.0, 900.0]
    assert [request.extensions["timeout"]["connect"] for request in seen] == [5.0, 5.0]


def test_a_preview_whose_answer_was_lost_is_sent_again_from_its_beginning(workplace: RunningService) -> None:
    network, progress = LosesAnswers("POST"), list[tuple[int, int]]()
    file = content(*PARTS)
    with workplace.client("supplier", transport=network) as supplier:
        report = supplier.intake_previews.ask(file, media_type=JSON, on_progress=lambda *sent: progress.append(sent))
    assert (report.lines.used, len(network.requests)) == (2, 2)
    assert progress == [(len(file), len(file)), (len(file), len(file))]


def test_an_upload_is_sent_again_only_when_it_never_left(workplace: RunningService, supplier: Apos) -> None:
    draft = a_draft(workplace, supplier)
    with workplace.client("supplier", transport=NeverConnects("PUT")) as blocked:
        stored = blocked.origin_declarations.upload(draft.id, content(*PARTS), media_type=JSON, etag=draft.etag)
    lossy = LosesAnswers("PUT")
    with workplace.client("supplier", transport=lossy) as losing, pytest.raises(Unreachable) as lost:
        losing.origin_declarations.upload(draft.id, content(*PARTS[:1]), media_type=JSON, etag=stored.etag)
    assert (lost.value.perhaps_done, len(lossy.sent("PUT"))) == (True, 1)
    assert [each.key for each in supplier.origin_declarations.components(draft.id)] == ["pilot"]


@pytest.mark.parametrize(
    ("name", "text", "media_type"),
    [
        ("parts.csv", b"", "text/csv"),
        ("PARTS.CSV", b"", "text/csv"),
        ("parts.tsv", b"", "text/tab-separated-values"),
        ("parts.xlsx", b"", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("parts.ods", b"", "application/vnd.oasis.opendocument.spreadsheet"),
        ("PARTS.XLS", b"", "application/vnd.ms-excel"),
        ("drone.cdx.xml", b"<bom/>", "application/vnd.cyclonedx+xml"),
        ("parts.json", b'{"components": []}', JSON),
        ("bom.json", b'{"bomFormat" : "CycloneDX"}', "application/vnd.cyclonedx+json"),
        ("drone.cdx.json", b'{"specVersion": "1.6", "bomFormat": "CycloneDX"}', "application/vnd.cyclonedx+json"),
    ],
)
def test_the_media_type_follows_from_the_name_and_in_json_from_what_it_says(
    tmp_path: Path, name: str, text: bytes, media_type: str
) -> None:
    file = tmp_path / name
    file.write_bytes(text)
    assert content_of(file, None).headers == {"Content-Type": media_type, "Content-Length": str(len(text))}
    assert content_of(file, "text/plain").headers["Content-Type"] == "text/plain"


@pytest.mark.parametrize(("content", "kind"), [
    (b'{"bomFormat": "CycloneDX"}', "json"), (b"", "json"), (b"<bom/>", "xml"), (b"\xef\xbb\xbf\n<bom/>", "xml"),
    ("<bom/>".encode("utf-16"), "xml"), (b' {"a": "<bom/>"}', "json"),
])  # fmt: skip
def test_a_cyclonedx_file_is_json_or_xml_by_how_it_begins(content: bytes, kind: str) -> None:
    assert cyclonedx_type(content) == f"application/vnd.cyclonedx+{kind}"


@pytest.mark.parametrize("name", ["parts.xlsm", "parts.fods", "parts"])
def test_a_file_of_an_unknown_kind_is_refused_before_anything_is_sent(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"")
    with pytest.raises(BadInput, match=r"does not end in \.csv, \.tsv, \.xlsx, \.ods, \.xls, \.json, \.xml; rename it"):
        client_with_answers([]).intake_previews.ask(file)
    with pytest.raises(BadInput, match="bytes have no name; give their media type"):
        client_with_answers([]).intake_previews.ask(b"")


@pytest.mark.parametrize(
    ("given", "rows"), [(REPORT, [2]), ({**REPORT, "added": 1}, [2]), ({}, None), ("none", None), (None, None)]
)
def test_a_report_in_a_problem_is_read_and_what_is_none_is_left(given: object, rows: list[int] | None) -> None:
    refusal = httpx.Response(400, json={"title": "The request is not valid", "detail": "see it", "report": given})
    with pytest.raises(BadInput) as refused:
        client_with_answers([refusal]).intake_previews.ask(b"", media_type="text/csv")
    again = pickle.loads(pickle.dumps(refused.value))
    for error in (refused.value, again):
        assert (error.report and [cell.row for cell in error.report.refused]) == rows
