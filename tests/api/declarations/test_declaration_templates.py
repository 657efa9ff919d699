"""Declaration templates: for every role, as JSON that explains, and as the table itself."""

import csv
import io

import httpx
import openpyxl
import pytest

from api.http.negotiation import XLSX
from api.intake.tables.columns import FIELDS
from domain.permissions import Role
from tests.api.intake.outcomes import Outcome, of_csv, of_xlsx
from tests.support.given import Given, faults
from tests.support.service import Apos

PATH = "/declaration-templates/components"


@pytest.mark.parametrize("role", Role)
async def test_every_role_reads_what_each_column_is_for(apos: Apos, given: Given, role: Role) -> None:
    supplier = (await given.supplier())["id"] if role is Role.SUPPLIER else None
    client = await apos.as_(role, supplier)
    answer = await client.get(PATH)
    assert answer.status_code == 200
    template = answer.json()
    assert (template["id"], template["formats"]) == ("components", ["text/csv", XLSX])
    assert [column["field"] for column in template["columns"]] == list(FIELDS)
    assert [column["heading"] for column in template["columns"] if column["required"]] == ["key", "name", "quantity"]
    [quantity] = [column for column in template["columns"] if column["field"] == "quantity"]
    assert quantity["help"] == {
        "en": "How many there are in one delivered system, not per sub-assembly",
        "nl": "Hoeveel er in één geleverd systeem zitten, niet per samenstelling",
    }
    assert (quantity["example"], "aantal" in quantity["otherHeadings"]) == ("4", True)
    assert (await client.get("/declaration-templates")).json() == {"items": [template], "nextCursor": None}


async def test_it_has_an_etag_and_is_not_sent_again_to_who_knows_it(office: httpx.AsyncClient) -> None:
    tag = (await office.get(PATH)).headers["etag"]
    again = await office.get(PATH, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_as_csv_it_is_a_table_of_headings_under_help(office: httpx.AsyncClient) -> None:
    answer = await office.get(PATH, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="components.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    english, dutch, headings = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert (headings, english[2], dutch[2]) == (list(FIELDS), "What it is", "Wat het is")
    assert of_csv(answer.content) == Outcome(ignored={1: "title", 2: "title"})


async def test_as_a_workbook_it_is_the_same_with_a_sheet_that_explains(office: httpx.AsyncClient) -> None:
    answer = await office.get(PATH, headers={"Accept": XLSX})
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    assert answer.headers["content-disposition"] == 'attachment; filename="components.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Components", "Help - Uitleg"]
    assert of_xlsx(answer.content) == Outcome(ignored={1: "title", 2: "title"})


async def test_another_format_is_406_and_another_template_404(office: httpx.AsyncClient) -> None:
    refused = await office.get(PATH, headers={"Accept": "application/pdf"})
    assert (refused.status_code, XLSX in refused.json()["detail"]) == (406, True)
    missing = await office.get("/declaration-templates/lots")
    assert missing.status_code == 404
    assert (
        missing.json()["detail"]
        == "declaration template not found: no declaration template with this id, or you may not see it"
    )


async def test_a_cursor_and_an_unknown_parameter_are_refused(office: httpx.AsyncClient) -> None:
    assert list(faults(await office.get("/declaration-templates?cursor=abc"))) == ["/query/cursor"]
    assert list(faults(await office.get("/declaration-templates?sort=name"))) == ["/query/sort"]
    assert list(faults(await office.get(f"{PATH}?language=nl"))) == ["/query/language"]
    assert (await office.get("/declaration-templates?limit=1&sort=-id")).json()["nextCursor"] is None
