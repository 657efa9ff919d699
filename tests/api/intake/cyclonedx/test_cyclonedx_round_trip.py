"""A declaration written as CycloneDX and read again is the same declaration: its statement, its lines, their order."""

import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.exports.cyclonedx import SPEC_VERSION, NestedComponents, digest_of_export, head_of
from api.intake.checking import check
from api.intake.cyclonedx.file import read_cyclonedx
from api.intake.cyclonedx.pieces import DEEPEST
from api.intake.cyclonedx.schema import schema_of
from api.routes.declarations.origin_declarations import OriginDeclarationCreate
from api.schemas.bodies import COUNTRIES, columns_of
from domain.base import new_id
from domain.declarations.component_columns import LINE
from domain.declarations.components import digest_of_lines
from domain.declarations.origin_declarations import OriginDeclaration
from domain.scoring.inputs import AuthorityLevel, Dependence, DimensionName, EvidenceLevel
from tests.api.intake.components import is_plain
from tests.support.properties import holds

Row = tuple[Any, ...]

texts = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(str.strip).filter(bool).filter(is_plain)
    | st.sampled_from(['"', "\\", "=1+1", "飞控", "a/b~c", "🛩", "urn:cdx:x", "apos:key"])
)  # fmt: skip
countries = st.sampled_from(sorted(COUNTRIES))
decimals = st.from_regex(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,6})?", fullmatch=True)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(date.isoformat)
uris = st.just("https://example.org/a?b=%20&c[]") | st.just("http://example.org")
hashes = st.sampled_from(["0" * 64, "ab" * 32])
levels = st.sampled_from([level.value for level in EvidenceLevel])
amounts = st.from_regex(r"(0|[1-9][0-9]{0,9})\.[0-9]{2}", fullmatch=True).map(lambda amount: {"amount": amount})


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or None where it is unknown."""
    return st.none() | strategy


PLAIN = {
    "name": texts,
    **{name: maybe(texts) for name in ("part_number", "manufacturer", "function_group")},
    **{name: maybe(decimals) for name in ("unit_value", "stock_weeks", "lead_time_weeks")},
    **{name: maybe(countries) for name in ("country_of_manufacture", "country_of_control", "second_source_country")},
    **{name: maybe(countries | st.just("NONE")) for name in ("licence_country", "export_regime")},
    "quantity": decimals,
    "evidence_level": levels,
    "evidence_expires_on": maybe(days),
    "evidence_uri": maybe(uris),
    "evidence_sha256": maybe(hashes),
    "statement_id": maybe(st.uuids().map(str)),
}


@st.composite
def lines(draw: st.DrawFn) -> list[Row]:
    """Lines of a forest in any order: a part may stand before what it is part of, and far from it."""
    keys = draw(st.lists(texts, min_size=0, max_size=9, unique=True))
    rows = []
    for place, key in enumerate(keys):
        parent = draw(maybe(st.sampled_from(keys[:place]))) if place else None
        said = {**draw(st.fixed_dictionaries(PLAIN)), "key": key, "parent_key": parent}
        rows.append(tuple(said[name] for name in LINE))
    return draw(st.permutations(rows)) if draw(st.booleans()) else rows


def objects(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object of which any field may be left out."""
    return st.fixed_dictionaries({}, optional=fields)


evidence = maybe(objects(level=levels, expiresOn=maybe(days), uri=maybe(uris), sha256=maybe(hashes)))
authorities = objects(
    level=maybe(st.sampled_from([level.value for level in AuthorityLevel])), country=maybe(countries), evidence=evidence
)


@st.composite
def dimensions(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some dimensions, each once, in any order."""
    named = draw(st.lists(st.sampled_from([name.value for name in DimensionName]), unique=True))
    said = objects(
        dependence=maybe(st.sampled_from([one.value for one in Dependence])),
        country=maybe(countries),
        evidence=evidence,
    )
    return [{**draw(said), "dimension": name} for name in named]


@st.composite
def statements(draw: st.DrawFn) -> OriginDeclarationCreate:
    """What is declared of a system as a whole, for a lot or for a challenge."""
    ids = st.uuids(version=4).map(str)
    required = {"supplierId": ids, draw(st.sampled_from(["lotId", "challengeId"])): ids, "dimensions": dimensions()}
    optional = {
        "totalComponentCost": maybe(amounts), "price": maybe(amounts), "revises": maybe(ids),
        "designAuthority": maybe(authorities),
    }  # fmt: skip
    body = draw(st.fixed_dictionaries(required, optional=optional))
    system = draw(objects(version=maybe(texts), finalAssemblyCountry=maybe(countries)))
    return OriginDeclarationCreate.model_validate({**body, "system": {**system, "name": draw(texts)}})


def declared(body: OriginDeclarationCreate) -> OriginDeclaration:
    """The declaration that a body drafts."""
    own = new_id()
    columns = columns_of(body)
    del columns["components"]
    return OriginDeclaration(id=own, series=own, version=3, **columns)


KESTREL = OriginDeclarationCreate.model_validate(
    {"system": {"name": "Kestrel"}, "supplierId": str(new_id()), "lotId": str(new_id())}
)


def written(declaration: OriginDeclaration, rows: list[Row], piece: int = 3) -> bytes:
    """The file of a declaration with these lines, a few of which come at a time."""
    nested = NestedComponents()
    parts = [nested.text_of(rows[start : start + piece]) for start in range(0, len(rows), piece)]
    return "".join([head_of(declaration), *parts, nested.end()]).encode()


def a_row(key: str, parent: str | None) -> Row:
    """A line of which little is known."""
    said = {"key": key, "parent_key": parent, "name": key, "quantity": "1", "evidence_level": "none"}
    return tuple(said.get(name) for name in LINE)


@holds
@given(lines())
def test_lines_come_back_as_they_were_in_the_order_in_which_they_were(rows: list[Row]) -> None:
    taken = check(read_cyclonedx(written(declared(KESTREL), rows)))
    assert taken.lines_are_valid
    assert list(taken.lines.rows) == rows
    assert taken.lines.columns["components_digest"] == (digest_of_lines(rows) if rows else None)


@holds
@given(statements())
def test_what_is_said_of_the_system_comes_back_as_it_was(body: OriginDeclarationCreate) -> None:
    bom = read_cyclonedx(written(declared(body), []))
    assert bom.refused == []
    assert columns_of(OriginDeclarationCreate.model_validate(bom.declaration)) == columns_of(body)


@holds
@given(lines(), statements())
def test_the_whole_file_obeys_the_schema_of_its_version(rows: list[Row], body: OriginDeclarationCreate) -> None:
    document = json.loads(written(declared(body), rows))
    assert document["specVersion"] == SPEC_VERSION
    assert list(schema_of(SPEC_VERSION).envelope_faults(document)) == []


@holds
@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 5))
def test_equal_content_gives_equal_bytes_however_it_was_read(parents: list[int], piece: int) -> None:
    declaration = declared(KESTREL)
    rows = [a_row(f"k{own}", f"k{parent}" if parent < own else None) for own, parent in enumerate(parents)]
    assert written(declaration, rows, piece) == written(declaration, rows, 1000)


def test_a_line_is_nested_where_the_order_lets_it_be_and_else_names_its_parent() -> None:
    order = [
        ("a", None),
        ("a1", "a"),
        ("a11", "a1"),
        ("a2", "a"),
        ("b", None),
        ("a3", "a"),
        ("late", "later"),
        ("later", None),
    ]
    document = json.loads(written(declared(KESTREL), [a_row(*line) for line in order]))
    [a, b, a3, late, later] = document["components"]
    assert [part["bom-ref"] for part in (a, b, a3, late, later)] == ["a", "b", "a3", "late", "later"]
    assert [part["bom-ref"] for part in a["components"]] == ["a1", "a2"]
    assert [part["bom-ref"] for part in a["components"][0]["components"]] == ["a11"]
    assert {"name": "apos:parentKey", "value": "a"} in a3["properties"]
    assert {"name": "apos:parentKey", "value": "later"} in late["properties"]
    assert [part.get("components") for part in (b, a3, late, later)] == [None] * 4


def test_lines_deeper_than_a_file_may_be_stand_beside_and_come_back() -> None:
    rows = [a_row(f"k{level}", f"k{level - 1}" if level else None) for level in range(DEEPEST + 20)]
    file = written(declared(KESTREL), rows)
    assert len(json.loads(file)["components"]) == 2
    assert list(check(read_cyclonedx(file)).lines.rows) == rows


def test_a_file_is_told_from_another_by_what_is_in_it() -> None:
    body = {"system": {"name": "Kestrel"}, "supplierId": str(new_id()), "lotId": str(new_id())}
    one = declared(OriginDeclarationCreate.model_validate(body))
    same = OriginDeclaration(**one.model_dump())
    others = ({"version": 4}, {"price_cents": 1}, {"components_digest": "0" * 64}, {"system_name": "Torenvalk"})
    tags = [digest_of_export(OriginDeclaration(**{**one.model_dump(), **other})) for other in others]
    assert digest_of_export(same) == digest_of_export(one)
    assert len({digest_of_export(one), *tags}) == 5
