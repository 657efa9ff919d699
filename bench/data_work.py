"""The data work alone, as the floor and the raw limit do it: parsing the same bytes, and the SQL statements needed.

Only types are checked; there is no ledger and no authentication.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, NotRequired

import yaml
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from api.schemas.bodies import columns_of
from api.schemas.declarations import ScoringProfileBody
from bench.databases import Kind
from bench.declared import PROFILE
from bench.processes import ROOT
from domain.base import new_id
from domain.declarations.component_columns import LINE
from domain.declarations.components import components_of
from domain.declarations.origin_declarations import OriginDeclaration, system_of
from domain.ledger import table_of
from domain.scoring import bm1
from domain.scoring.inputs import Profile
from domain.scoring.scoring_profiles import profile_of

DAY = date(2026, 11, 21)
PRICE_CENTS = 4_800_000_000
PAGE = 50
Rows = Sequence[tuple[Any, ...]]


class ComponentBody(TypedDict):
    """A component in a request body; only its types are checked."""

    key: str
    parentKey: str | None
    name: str
    partNumber: str | None
    manufacturer: str | None
    functionGroup: NotRequired[str | None]
    quantity: int | str
    unitValue: NotRequired[dict[str, str] | None]
    countryOfManufacture: NotRequired[str | None]
    countryOfControl: NotRequired[str | None]
    licenceCountry: NotRequired[str | None]
    exportRegime: NotRequired[str | None]
    secondSourceCountry: NotRequired[str | None]
    stockWeeks: NotRequired[int | str | None]
    leadTimeWeeks: NotRequired[int | str | None]
    evidence: NotRequired[dict[str, str | None] | None]
    statementId: NotRequired[str | None]


class ComponentsBody(TypedDict):
    """The body that replaces the components of a declaration."""

    components: list[ComponentBody]


class DeclarationBody(ComponentsBody):
    """A declaration in a request body; only its types are checked."""

    supplierId: NotRequired[str]
    lotId: NotRequired[str]
    price: NotRequired[dict[str, str] | None]
    system: dict[str, str | None]
    totalComponentCost: dict[str, str]
    designAuthority: dict[str, Any]
    dimensions: list[dict[str, Any]]


class PreviewBody(TypedDict):
    """The body of a score preview; its profile is not parsed, because it is always `the_profile()`."""

    declaration: DeclarationBody


PARSE_LINES: TypeAdapter[ComponentsBody] = TypeAdapter(ComponentsBody)
PARSE_COMPONENTS: TypeAdapter[list[ComponentBody]] = TypeAdapter(list[ComponentBody])
PARSE_DECLARATION: TypeAdapter[DeclarationBody] = TypeAdapter(DeclarationBody)
PARSE_PREVIEW: TypeAdapter[PreviewBody] = TypeAdapter(PreviewBody)
_NOTHING: dict[str, str | None] = {}
_LINES = ("component_set", "position", *LINE)
_ROW = tuple(column.name for column in table_of(OriginDeclaration).columns)


@dataclass(frozen=True, slots=True)
class Statements:
    """Every SQL statement of the data work, in the dialect of one kind of database."""

    one: str
    set_of: str
    page: str
    components: str
    lines: str
    export: str
    add: str
    add_lines: str
    replace: str


@cache
def statements_of(kind: Kind) -> Statements:
    """The statements for a kind of database."""
    mark = "?" if kind == "sqlite" else "%s"
    row, line = ", ".join(_ROW), ", ".join(_LINES)
    declarations, components = f"SELECT {row} FROM origin_declarations", f"SELECT {line} FROM components"
    copied = f"COPY components ({line}) FROM STDIN"
    inserted = f"INSERT INTO components ({line}) VALUES ({', '.join(mark for _ in _LINES)})"
    within = f"WHERE component_set = {mark}"
    lines = f"SELECT {', '.join(LINE)} FROM components {within} ORDER BY position"
    return Statements(
        one=f"{declarations} WHERE id = {mark}",
        set_of=f"SELECT component_set FROM origin_declarations WHERE id = {mark}",
        page=f"{declarations} WHERE id > {mark} ORDER BY id LIMIT {PAGE + 1}",
        components=f"{components} {within} AND position > {mark} ORDER BY position LIMIT {PAGE + 1}",
        lines=lines,
        export=lines if kind == "sqlite" else f"COPY ({lines}) TO STDOUT WITH (FORMAT csv, HEADER)",
        add=f"INSERT INTO origin_declarations ({row}) VALUES ({', '.join(mark for _ in _ROW)})",
        add_lines=inserted if kind == "sqlite" else copied,
        replace=f"UPDATE origin_declarations SET component_set = {mark}, component_count = {mark},"
        f" version = version + 1 WHERE id = {mark}",
    )


def declaration_of(raw: bytes) -> tuple[tuple[Any, ...], Rows]:
    """The row and the lines to store for the body of a declaration."""
    body = PARSE_DECLARATION.validate_json(raw)
    own = str(new_id())
    rows = rows_of(body["components"])
    price, system = body.get("price"), body["system"]
    columns: dict[str, Any] = {
        "id": own,
        "version": 1,
        "supplier_id": body.get("supplierId"),
        "lot_id": body.get("lotId"),
        "series": own,
        "revision": 1,
        "status": "draft",
        "price_cents": _cents(price) if price else None,
        "system_name": system["name"],
        "system_version": system["version"],
        "system_final_assembly_country": system["finalAssemblyCountry"],
        "total_component_cost_cents": _cents(body["totalComponentCost"]),
        "design_authority": json.dumps(body["designAuthority"]),
        "dimensions": json.dumps(body["dimensions"]),
        "component_set": rows[0][0],
        "component_count": len(rows),
        "components_cents": 0,
    }
    return tuple(columns.get(name) for name in _ROW), rows


def replacement_of(raw: bytes) -> Rows:
    """The lines to store for a body that replaces the components."""
    return rows_of(PARSE_LINES.validate_json(raw)["components"])


def rows_of(components: Sequence[ComponentBody]) -> Rows:
    """Components as rows of a new set."""
    own = str(new_id())
    return [(own, place, *_line(component)) for place, component in enumerate(components)]


def text_of(line: Sequence[Any]) -> tuple[Any, ...]:
    """A stored line with its dates as text, as SQLite has them; PostgreSQL returns them as dates."""
    return tuple(value.isoformat() if isinstance(value, date) else value for value in line)


def score_of(lines: Sequence[Sequence[Any]], declared: Mapping[str, Any]) -> bytes:
    """The score of lines in storage form, with its explanation, as the JSON of the answer."""
    system = system_of(declared, components_of(lines))
    score = bm1.score(the_scheme(), the_profile(), system, price_cents=PRICE_CENTS, reference_date=DAY)
    return json.dumps(bm1.shown(score), ensure_ascii=False, separators=(",", ":")).encode()


def preview_of(raw: bytes) -> bytes:
    """The score for the body of a preview."""
    declared = PARSE_PREVIEW.validate_json(raw)["declaration"]
    return score_of([row[2:] for row in rows_of(declared["components"])], scored_columns(declared))


def scored_columns(declared: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that are declared of a system as a whole and that its score uses."""
    return {
        "total_component_cost_cents": _cents(declared["totalComponentCost"]),
        "design_authority": declared["designAuthority"],
        "dimensions": declared["dimensions"],
        "system_final_assembly_country": declared["system"]["finalAssemblyCountry"],
    }


@cache
def the_scheme() -> bm1.BonusMalusScheme:
    """The scheme in force."""
    return bm1.scheme_of(yaml.safe_load((ROOT / "migrations/schemes/bm-1.0.yaml").read_text(encoding="utf-8")))


@cache
def the_profile() -> Profile:
    """The scoring profile that every workload uses."""
    return profile_of(columns_of(ScoringProfileBody.model_validate(PROFILE)))


def _line(given: ComponentBody) -> tuple[Any, ...]:
    get = given.get
    value, proof = given.get("unitValue"), given.get("evidence") or _NOTHING
    stock, lead = given.get("stockWeeks"), given.get("leadTimeWeeks")
    return (
        given["key"], given["parentKey"], given["name"], given["partNumber"], given["manufacturer"],
        get("functionGroup"), str(given["quantity"]), value and value["amount"], get("countryOfManufacture"),
        get("countryOfControl"), get("licenceCountry"), get("exportRegime"), get("secondSourceCountry"),
        None if stock is None else str(stock), None if lead is None else str(lead), proof.get("level", "none"),
        proof.get("expiresOn"), proof.get("uri"), proof.get("sha256"), get("statementId"),
    )  # fmt: skip


def _cents(amount: Mapping[str, str]) -> int:
    return int(Fraction(amount["amount"]) * 100)
