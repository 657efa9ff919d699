"""Headings of bills of materials: what each is read as, and what is left unread or refused."""

import pytest

from api.intake.heading_texts import HEADINGS, ColumnRole, headings_of
from api.intake.tables.columns import FIELDS, SPELLINGS, parse_headings
from api.intake.tables.meanings import MESSAGE_WEEKS, meaning_of
from api.intake.tables.numbers import MESSAGE_EUROS
from api.intake.tables.rows import letter_of
from api.schemas.declarations import Component


def read_as(*headings: str) -> dict[str, str]:
    """The heading that each field is read from."""
    return {field: headings[index] for field, index in parse_headings(1, headings).columns.items()}


READ = {
    "key": ["Key", "SLEUTEL"],
    "parentKey": ["parent key", "Assembly", "Samenstelling", "Onderdeel van"],
    "name": ["Description", "Omschrijving", "Benaming", "描述", "Part Name"],
    "partNumber": [
        "MPN",
        "Manufacturer Part Number",
        "Mfr P/N",
        "mfr. part no.",
        "Artikelnummer",
        "Onderdeelnummer",
        "Fabrikant onderdeelnummer",
        "Onderdeelnummer fabrikant",
        "型号",
        "P/N",
        "Part #",
    ],
    "manufacturer": ["Mfr", "Manufacturer", "Maker", "Fabrikant", "制造商"],
    "functionGroup": ["Function group", "Functiegroep"],
    "quantity": ["Qty", "QTY.", "Q'ty", "Quantity", "Aantal", "Hoeveelheid", "数量", "Qty\n"],
    "unitValue": [
        *(
            "Unit price",
            "Unit Cost",
            "UNIT_PRICE",
            "Prijs per stuk",
            "Stukprijs",
            "Stuksprijs",
            "Eenheidsprijs",
            "单价",
        ),
        *(
            "Unit price (EUR)",
            "Stukprijs [€]",
            "Prijs per stuk in euro",
            "Eenheidsprijs excl. BTW",
            "Unit price, ex. VAT, EUR",
        ),
    ],
    "countryOfManufacture": [
        "Country of Origin",
        "COO",
        "Made in",
        "Land van oorsprong",
        "land van vervaardiging",
        "原产国",
    ],
    "countryOfControl": ["Country of control", "Land van zeggenschap"],
    "licenceCountry": ["Licence country", "License country", "Licentieland"],
    "exportRegime": ["Export regime", "Exportregime"],
    "secondSourceCountry": ["Second source country", "Tweede bron"],
    "stockWeeks": ["Stock (weeks)", "Voorraad (weken)", "stock weeks", "Voorraad in weken", "Weken voorraad"],
    "leadTimeWeeks": [
        "Lead time (weeks)",
        "Levertijd (weken)",
        "LEAD TIME WKS",
        "levertijd in weken",
        "Lead-time [wk]",
    ],
    "evidence.level": ["Evidence", "Bewijs", "Bewijsniveau"],
    "evidence.expiresOn": ["Evidence valid until", "Geldig tot", "Expiry date"],
    "evidence.uri": ["Evidence URL", "Bewijslink"],
    "evidence.sha256": ["SHA-256", "sha256"],
}


@pytest.mark.parametrize(("field", "heading"), [(field, heading) for field, all_ in READ.items() for heading in all_])
def test_a_usual_heading_is_read_as_its_field(field: str, heading: str) -> None:
    assert read_as(heading)[field] == heading


def test_every_field_of_a_component_has_a_column_under_its_own_name() -> None:
    plain = {to_camel for to_camel in FIELDS if "." not in to_camel}
    assert len(plain) == len(Component.__annotations__) - 1
    assert list(parse_headings(1, FIELDS).columns) == list(FIELDS)
    assert parse_headings(1, FIELDS).is_canonical
    assert not parse_headings(1, FIELDS[::-1]).is_canonical


def test_no_spelling_belongs_to_two_meanings() -> None:
    spelled = [(text, role) for role in HEADINGS for text in headings_of(role)]
    assert [
        (text, role) for text, role in spelled if (meaning := meaning_of(text)) is None or meaning.role != role
    ] == []
    assert {role for _, role in spelled} == {*FIELDS, *ColumnRole} - {ColumnRole.ITEM_NAME}


def test_every_spelling_that_the_template_names_is_read_as_its_field() -> None:
    electronic = {*headings_of(ColumnRole.VALUE), *headings_of(ColumnRole.COMMENT)}
    spelled = [(field, text) for field, texts in SPELLINGS.items() for text in texts if text not in electronic]
    assert [(field, text) for field, text in spelled if field not in parse_headings(1, [text]).columns] == []


@pytest.mark.parametrize(
    "heading",
    [
        "Supplier",
        "Vendor",
        "Leverancier",
        "供应商",
        "Supplier Part Number",
        "Extended price",
        "Total price",
        "Totaalprijs",
        "Price",
        "Prijs",
        "Unit",
        "Eenheid",
        "UoM",
        "Voorraad",
        "Stock",
        "Stock (pcs)",
        "ECCN",
        "Datasheet",
        "Footprint",
        "Qty per assembly",
        "Remarks",
        "Unit price incl. VAT",
        "3",
    ],
)
def test_what_may_mean_something_else_is_left_unread_and_told(heading: str) -> None:
    found = parse_headings(1, [heading])
    assert (found.columns, found.unread, found.refused) == ({}, [f"A {heading}"], [])


@pytest.mark.parametrize(
    ("heading", "field", "why"),
    [
        ("Lead time (days)", "leadTimeWeeks", MESSAGE_WEEKS),
        ("Levertijd (werkdagen)", "leadTimeWeeks", MESSAGE_WEEKS),
        ("Voorraad in maanden", "stockWeeks", MESSAGE_WEEKS),
        ("Unit price (USD)", "unitValue", MESSAGE_EUROS),
        ("Unit price $", "unitValue", MESSAGE_EUROS),
        ("Stukprijs £", "unitValue", MESSAGE_EUROS),
        ("单价(元)", "unitValue", MESSAGE_EUROS),
        ("Unit cost [CNY]", "unitValue", MESSAGE_EUROS),
    ],
)
def test_a_heading_of_another_unit_is_refused_and_its_column_is_not_read(heading: str, field: str, why: str) -> None:
    found = parse_headings(7, ["key", heading])
    assert [(fault.row, fault.column, fault.field, fault.detail) for fault in found.refused] == [
        (7, f"B {heading}", field, why)
    ]
    assert found.columns == {"key": 0}


@pytest.mark.parametrize(
    ("headings", "source", "unread"),
    [
        (["Part number", "Item", "RefDes", "key"], "key", ["B Item", "C RefDes"]),
        (["Part number", "Item", "RefDes"], "RefDes", ["B Item"]),
        (["Part number", "Item"], "Item", []),
        (["Part number", "Name"], "Part number", []),
    ],
)
def test_a_key_is_taken_from_the_best_column_that_names_lines(
    headings: list[str], source: str, unread: list[str]
) -> None:
    assert read_as(*headings)["key"] == source
    assert parse_headings(1, headings).unread == unread


def test_a_part_number_stands_in_for_a_name_only_where_no_column_is_one() -> None:
    assert read_as("MPN", "Qty") == {"key": "MPN", "name": "MPN", "partNumber": "MPN", "quantity": "Qty"}
    assert read_as("MPN", "Qty", "Description")["name"] == "Description"


def test_two_columns_that_say_the_same_are_refused_by_name() -> None:
    found = parse_headings(3, ["RefDes", "Reference designators", "Qty", "Aantal", "Hoeveelheid", "MPN"])
    assert [(fault.row, fault.column, fault.field) for fault in found.refused] == [
        (3, "A RefDes and B Reference designators", "key"),
        (3, "C Qty and D Aantal and E Hoeveelheid", "quantity"),
    ]
    assert parse_headings(1, ["key", "RefDes", "Reference designators"]).refused == []


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (999, "ALL")]
)
def test_columns_are_called_as_a_spreadsheet_calls_them(index: int, letters: str) -> None:
    assert letter_of(index) == letters
