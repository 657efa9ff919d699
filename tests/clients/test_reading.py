"""What the client reads: everything in whole lists, by id and by key, and as each role sees it."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime

import httpx
import openpyxl
import pytest
import rfc8785

from apos_client import Apos, NotFound, Retries, Window
from tests.clients.services import RunningService, Watched, client_with_answers

LOT_CODES = ["AI-DSS-S1", "AI-DSS-S2", "APOS-K1", "APOS-K2", "APOS-K3"]


def test_all_lots_are_listed(reader: Apos) -> None:
    assert [lot.code for lot in reader.lots.each(sort="code")] == LOT_CODES


def test_a_list_runs_through_all_its_pages(portfolio: RunningService) -> None:
    network = Watched()
    with portfolio.client(transport=network) as apos:
        lots = list(apos.lots.each(sort="code", page_size=2))
    assert [lot.code for lot in lots] == LOT_CODES
    assert len(network.requests) == 3
    assert {request.url.params["limit"] for request in network.requests} == {"2"}
    assert {request.url.params["sort"] for request in network.requests} == {"code"}


def test_a_page_is_asked_for_only_when_it_is_reached(portfolio: RunningService) -> None:
    network = Watched()
    with portfolio.client(transport=network) as apos:
        lots = apos.lots.each(sort="code", page_size=2)
        assert [next(lots).code for _ in range(2)] == LOT_CODES[:2]
        assert len(network.requests) == 1


def test_lots_are_filtered(reader: Apos) -> None:
    apos_programme = reader.programmes.find("apos").id
    assert [lot.key for lot in reader.lots.each(programme_id=apos_programme, status="marketDialogue")] == [
        "ground-systems"
    ]
    assert [lot.key for lot in reader.lots.each(contains_ai=True, sort="code")] == ["ai-dss-track-1", "ai-dss-track-2"]
    assert [lot.key for lot in reader.lots.each(cooperation_form="strategicPartnership")] == ["drone-software"]


def test_milestones_are_filtered_by_the_end_of_their_window(reader: Apos) -> None:
    ending = reader.milestones.each(
        window_end_from=date(2027, 3, 31), window_end_before=date(2027, 4, 1), kind="trial", sort="title"
    )
    assert sorted(milestone.key or "" for milestone in ending) == ["m-c15-trial", "m-c30-trial"]


def test_a_lot_is_found_by_its_key_and_by_its_id(reader: Apos) -> None:
    by_key = reader.lots.find("long-range")
    assert (by_key.code, by_key.period) == ("APOS-K1", Window(start=date(2027, 1, 1), end=date(2031, 12, 31)))
    assert by_key.budget is not None
    assert (by_key.budget.amount, by_key.budget.qualifier, by_key.budget.fund) == ("150000000.00", "moreThan", "dmf")
    assert reader.lots.find(by_key.id) == by_key
    assert reader.lots.find(str(by_key.id)) == by_key


def test_every_noun_is_listed_and_found(reader: Apos) -> None:
    assert [programme.key for programme in reader.programmes.each(sort="code")] == ["ai-dss", "apos"]
    assert [challenge.key for challenge in reader.challenges.each(sort="code")] == ["challenge-15", "challenge-30"]
    assert [supplier.key for supplier in reader.suppliers.each(sort="name")] == ["intelic", "palantir"]
    assert len(list(reader.milestones.each())) == 10
    assert reader.programmes.find("apos").action_lines[0] == "Investeringen in de industrie"
    assert reader.challenges.find("challenge-15").status == "running"
    assert reader.suppliers.find("intelic").country == "NL"
    assert reader.milestones.find("m-dss-base").kind == "operationalUse"


def test_what_is_found_has_its_etag_and_what_is_listed_has_none(reader: Apos) -> None:
    found = reader.milestones.find("m-c15-trial")
    assert found.etag is not None
    assert found.etag.startswith(f'"v{found.version}-')
    assert [milestone.etag for milestone in reader.milestones.each(key="m-c15-trial")] == [None]


def test_the_status_has_both_colours_of_every_lot_and_challenge(reader: Apos) -> None:
    status = reader.portfolio_status.read()
    assert sorted(line.code for line in status.lots) == LOT_CODES
    assert [line.code for line in status.challenges] == ["APOS-IC-15", "APOS-IC-30"]
    drones = next(line for line in status.lots if line.code == "APOS-K3")
    assert (drones.colours.original, drones.colours.current) == ("grey", "grey")
    assert (status.totals.lots, status.totals.challenges, status.totals.milestones.scheduled) == (5, 2, 9)


def test_the_status_keeps_its_digest_on_its_way_through_the_client(reader: Apos) -> None:
    status = reader.portfolio_status.read()
    content = {name: value for name, value in status.document().items() if name not in ("digest", "generatedAt")}
    assert hashlib.sha256(rfc8785.dumps(content)).hexdigest() == status.digest


def test_the_status_as_csv_has_a_row_for_each_lot_and_challenge(reader: Apos) -> None:
    rows = list(csv.DictReader(io.StringIO(reader.portfolio_status.csv(), newline="")))
    assert sorted(row["code"] for row in rows if row["kind"] == "lot") == LOT_CODES
    assert [row["code"] for row in rows if row["kind"] == "challenge"] == ["APOS-IC-15", "APOS-IC-30"]


def test_the_empty_tables_of_components_come_as_they_are_and_explained(reader: Apos) -> None:
    [listed] = reader.declaration_templates.each()
    template = reader.declaration_templates.find()
    assert (template.id, template.columns, template.etag is None) == (listed.id, listed.columns, False)
    fields = [column.field for column in template.columns]
    _english, _dutch, headings = csv.reader(io.StringIO(reader.declaration_templates.csv(), newline=""))
    assert headings == fields
    book = openpyxl.load_workbook(io.BytesIO(reader.declaration_templates.xlsx()))
    assert [cell.value for cell in book["Components"][3]] == fields
    with pytest.raises(NotFound, match="no declaration template with this id"):
        reader.declaration_templates.xlsx("lots")


def test_a_supplier_sees_its_own_lot_and_no_colours(portfolio: RunningService) -> None:
    with portfolio.client("supplier") as apos:
        [lot] = apos.lots.each()
    assert lot.key == "drone-software"
    assert lot.colours is None
    assert "colours" not in lot.model_fields_set


def test_a_viewer_sees_what_is_published(portfolio: RunningService) -> None:
    with portfolio.client("viewer") as apos:
        assert apos.lots.find("long-range").effect is None
        assert len(list(apos.milestones.each())) == 10
        milestone = next(apos.milestones.each())
    assert set(milestone.document()) == {"id", "lotId", "challengeId", "title", "kind", "window", "source"}


def test_fields_of_a_newer_service_are_kept_and_do_no_harm() -> None:
    lot = {"id": "01a1fd6b-e87b-74cf-bb0e-36fb1f45b877", "code": "K9", "title": "T", "status": "hibernating", "mood": 3}
    with client_with_answers([httpx.Response(200, json={"items": [lot], "nextCursor": None, "total": 1})]) as apos:
        [read] = apos.lots.each()
    assert read.status == "hibernating"
    assert read.model_extra == {"mood": 3}
    assert read.document() == lot


def test_an_answer_is_never_changed(reader: Apos) -> None:
    lot = reader.lots.find("long-range")
    with pytest.raises(ValueError, match="frozen"):
        lot.title = "Iets anders"  # type: ignore[misc]


def test_moments_are_read_with_their_time_zone(reader: Apos) -> None:
    assert reader.portfolio_status.read().generated_at.utcoffset() == datetime.now(UTC).utcoffset()


def test_the_client_says_who_it_is_and_shows_its_key_to_the_service_only(portfolio: RunningService) -> None:
    network = Watched()
    with portfolio.client(transport=network, retries=Retries()) as apos:
        list(apos.programmes.each())
        assert portfolio.keys["office"] not in repr(apos)
    [request] = network.requests
    assert request.headers["User-Agent"].startswith("apos-client/")
    assert request.headers["Authorization"] == f"Bearer {portfolio.keys['office']}"
