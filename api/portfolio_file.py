"""Imports a portfolio from YAML in one transaction, through the same bodies, rules and ledger as the API.

Rows are identified by their key. A row that exists already and differs is reported, never overwritten, so importing the
same file again changes nothing.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from pydantic import ValidationError
from pydantic.alias_generators import to_snake

from api.actions.oversight.commitments import add_commitment
from api.actions.oversight.critical_components import add_critical_component
from api.actions.oversight.dependencies import add_dependency, add_safeguard
from api.actions.portfolio.challenges import add_challenge
from api.actions.portfolio.lots import add_lot, add_partner
from api.actions.portfolio.milestones import add_milestone
from api.actions.portfolio.programmes import add_programme
from api.actions.portfolio.suppliers import add_supplier
from api.actions.portfolio.trials import add_test_site, add_trial
from api.actions.registers.facts import add_fact
from api.portfolio_report import Count, InvalidPortfolioFile, Report, compare
from api.queries.portfolio import lots as lot_queries
from api.routes.oversight.commitments import CommitmentCreate
from api.routes.oversight.critical_components import CriticalComponentCreate
from api.routes.oversight.dependencies import DependencyCreate, SafeguardCreate
from api.routes.portfolio.challenges import ChallengeCreate
from api.routes.portfolio.lots import LotCreate, PartnerCreate
from api.routes.portfolio.milestones import MilestoneCreate
from api.routes.portfolio.programmes import ProgrammeCreate
from api.routes.portfolio.suppliers import SupplierCreate
from api.routes.portfolio.trials import TrialCreate
from api.routes.registers.budget_lines import BudgetLineCreate
from api.routes.registers.organisations import OrganisationCreate
from api.routes.registers.sources import SourceCreate
from api.routes.registers.targets import TargetCreate
from api.routes.registers.test_sites import TestSiteCreate
from api.schemas.bodies import Body, columns_of
from api.schemas.faults import fault_of
from api.store.ledger import Write
from api.store.loading import by_key, rows_of
from api.store.visibility import visible
from api.strict_yaml import StrictLoader
from domain.base import Audited
from domain.errors import BrokenRule, Fault, Refusal
from domain.money import MAX_CENTS, to_euros
from domain.oversight.commitments import Commitment
from domain.oversight.critical_components import CriticalComponent
from domain.oversight.dependencies import Dependency, Safeguard
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot, LotPartner
from domain.portfolio.milestones import Milestone
from domain.portfolio.programmes import Programme
from domain.portfolio.suppliers import Supplier
from domain.portfolio.trials import Trial
from domain.registers import BudgetLine, Organisation, Source, Target, TestSite

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """How the rows of one section become rows of a table.

    `references` maps a field that names other rows by their keys to a field of the body and the section of those rows, such
    as `"owner": ("ownerId", "organisations")`. Of the fields in `parents`, a row has exactly one. Fields in `own_rows`
    become rows of another table; those in `fixed` are added to every row with the same value.
    """

    name: str
    table: type[Audited]
    body: type[Body]
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    own_rows: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)


SECTIONS = (
    Section("sources", Source, SourceCreate),
    Section("organisations", Organisation, OrganisationCreate),
    Section("programmes", Programme, ProgrammeCreate),
    Section("suppliers", Supplier, SupplierCreate),
    Section(
        "lots",
        Lot,
        LotCreate,
        {
            "programme": ("programmeId", "programmes"),
            "owner": ("ownerId", "organisations"),
            "replacedBy": ("replacedBy", "lots"),
        },
        own_rows=("partners",),
    ),
    Section("challenges", Challenge, ChallengeCreate, {"programme": ("programmeId", "programmes")}),
    Section(
        "milestones",
        Milestone,
        MilestoneCreate,
        {
            "after": ("after", "milestones"),
            "lot": ("lotId", "lots"),
            "challenge": ("challengeId", "challenges"),
            "programme": ("programmeId", "programmes"),
        },
        parents=("lotId", "challengeId", "programmeId"),
    ),
    Section("testSites", TestSite, TestSiteCreate, {"partners": ("partnerIds", "organisations")}),
    Section(
        "trials",
        Trial,
        TrialCreate,
        {"site": ("siteId", "testSites"), "challenges": ("challengeIds", "challenges"), "lots": ("lotIds", "lots")},
    ),
    Section("targets", Target, TargetCreate, fixed={"definitionVersion": "letters-2026"}),
    Section("budgetLines", BudgetLine, BudgetLineCreate),
    Section(
        "dependencies",
        Dependency,
        DependencyCreate,
        {"lot": ("lotId", "lots"), "alternative": ("alternativeId", "lots")},
        own_rows=("safeguards",),
    ),
    Section("criticalComponents", CriticalComponent, CriticalComponentCreate),
    Section("commitments", Commitment, CommitmentCreate, {"lots": ("lotIds", "lots")}),
)


async def add_source(write: Write, source: Source) -> Source:
    """Adds a source; it refers to no other row."""
    return await write.ledger.add(source)


ADD: dict[type[Audited], Callable[[Write, Any], Awaitable[Audited]]] = {
    Source: add_source,
    Programme: add_programme,
    Supplier: add_supplier,
    Lot: add_lot,
    Challenge: add_challenge,
    Milestone: add_milestone,
    TestSite: add_test_site,
    Trial: add_trial,
    Dependency: add_dependency,
    CriticalComponent: add_critical_component,
    Commitment: add_commitment,
}


async def import_file(write: Write, path: Path) -> Report:
    """Imports a file. Raises InvalidPortfolioFile with all faults of the first section that has any."""
    return await import_portfolio(write, _read(path))


async def import_portfolio(write: Write, document: Mapping[str, Any]) -> Report:
    """Imports a portfolio that has been parsed already. Raises InvalidPortfolioFile."""
    report = Report(unsupported=sorted(set(document) - {section.name for section in SECTIONS}))
    known: dict[str, dict[str, Any]] = {}
    for section in SECTIONS:
        known[section.name] = dict(await by_key(write.session, section.table, write.context))
        await _import_section(write, section, _rows(document, section.name), known, report)
    await _import_partners(write, _rows(document, "lots"), known, report)
    await _import_safeguards(write, _rows(document, "dependencies"), known, report)
    return report


def _read(path: Path) -> Mapping[str, Any]:
    try:
        # The loader is a safe one that refuses more, which the linter cannot know.
        document = yaml.load(path.read_text(encoding="utf-8-sig"), StrictLoader)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidPortfolioFile([f"the file cannot be read: {error}"]) from error
    if not isinstance(document, dict) or not all(isinstance(name, str) for name in document):
        raise InvalidPortfolioFile(
            ["the file is not a portfolio: its top level must map names of sections to their rows"]
        )
    return document


def _rows(document: Mapping[str, Any], name: str) -> list[Row]:
    section = document.get(name) or []
    if isinstance(section, dict):
        section = [{"key": key, **(row or {})} for key, row in section.items()]
    if not isinstance(section, list) or not all(isinstance(row, dict) for row in section):
        raise InvalidPortfolioFile([f"{name}: a section must be a list of rows"])
    return section


async def _import_section(
    write: Write, section: Section, rows: list[Row], known: dict[str, dict[str, Any]], report: Report
) -> None:
    count = report.sections[section.name] = Count()
    faults: list[str] = []
    for row in _references_first(section, rows):
        place = f"{section.name} {row.get('key') or '(a row without a key)'}"
        candidate = _candidate(section, row, known, place, faults)
        if candidate is None:
            continue
        stored = known[section.name].get(row["key"])
        if stored is not None:
            compare(stored, candidate, place, count, report)
            continue
        try:
            add = ADD.get(section.table, add_fact)
            known[section.name][row["key"]] = await add(write, section.table(**candidate))
            count.added += 1
        except BrokenRule as error:
            faults += _messages_of(place, error.faults) or [f"{place}: {error.detail}"]
        except Refusal as error:
            faults.append(f"{place}: {error.detail}")
    if faults:
        raise InvalidPortfolioFile(faults)


def _references_first(section: Section, rows: list[Row]) -> Iterable[Row]:
    """The rows, sorted so that each follows the rows of its section to which it refers."""
    own = [name for name, (_, target) in section.references.items() if target == section.name]
    rows_by_key = {row.get("key"): row for row in rows}
    if len(rows_by_key) < len(rows):
        keys = [row.get("key") for row in rows]
        repeated = sorted({str(key) for key in keys if keys.count(key) > 1})
        raise InvalidPortfolioFile([f"{section.name}: these keys are missing or listed twice: {', '.join(repeated)}"])
    graph = {row.get("key"): [row[name] for name in own if row.get(name) in rows_by_key] for row in rows}
    try:
        return [rows_by_key[key] for key in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise InvalidPortfolioFile(
            [f"{section.name}: these refer to each other in a circle: {error.args[1]}"]
        ) from error


def _candidate(
    section: Section, row: Row, known: Mapping[str, Mapping[str, Any]], place: str, faults: list[str]
) -> dict[str, Any] | None:
    """The columns for a row of the file; None where it has faults, which are added to `faults`."""
    own = _plain({name: value for name, value in row.items() if name not in section.own_rows})
    document = {**section.fixed, **_with_amount_object(own)}
    row_faults: list[str] = []
    for name, (renamed, target) in section.references.items():
        given = document.pop(name, None)
        if given is not None and renamed != name and renamed in document:
            row_faults.append(f"{place}: {name} and {renamed} are the same field under two names; keep {name}")
        keys = given if isinstance(given, list) else [] if given is None else [given]
        row_faults += [
            f"{place}: {name}: none of the {target} has the key {k!r}" for k in keys if k not in known[target]
        ]
        ids = [str(known[target][key].id) for key in keys if key in known[target]]
        if ids:
            document[renamed] = ids if isinstance(given, list) else ids[0]
    parents = {to_snake(name): UUID(document.pop(name)) for name in section.parents if name in document}
    if section.parents and len(parents) != 1 and not row_faults:
        row_faults.append(f"{place}: name exactly one lot, challenge or programme")
    try:
        columns = {**columns_of(section.body.model_validate(document)), **parents}
    except ValidationError as error:
        row_faults += _refused(place, error)
    faults += row_faults
    return None if row_faults else columns


def _refused(place: str, error: ValidationError) -> list[str]:
    return _messages_of(place, (fault_of({**each, "loc": ("body", *each["loc"])}) for each in error.errors()))


def _messages_of(place: str, faults: Iterable[Fault]) -> list[str]:
    return [f"{place}: {fault.pointer.lstrip('/').replace('/', '.')}: {fault.detail}" for fault in faults]


def _plain(value: Any) -> Any:
    """A value of the file in the form that bodies have: days as text, amounts as decimal strings."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        renamed = {_AMOUNTS.get(name, name): _plain(inner) for name, inner in value.items()}
        if len(renamed) < len(value):
            twice = ", ".join(f"{own} and {name}" for own, name in _AMOUNTS.items() if own in value and name in value)
            raise InvalidPortfolioFile([f"{twice} are the same field under two names; keep one of them"])
        if "amountEur" in value:
            renamed["amount"] = _euros(value["amountEur"])
        return renamed
    return value


def _with_amount_object(document: dict[str, Any]) -> dict[str, Any]:
    """A row with its fields `amount` and `qualifier` combined into one object, as bodies have it."""
    if "qualifier" not in document:
        return document
    amount = {name: document.pop(name) for name in ("amount", "qualifier") if name in document}
    return {**document, "amount": amount}


_AMOUNTS = {"amountEur": "amount", "amountQualifier": "qualifier"}


def _euros(value: Any) -> Any:
    """Whole euros as a decimal string; any other value unchanged, so that validation refuses it by field."""
    whole = type(value) is int and 0 <= value <= MAX_CENTS // 100
    return to_euros(value * 100) if whole else value


async def _import_partners(
    write: Write, lots: list[Row], known: Mapping[str, Mapping[str, Any]], report: Report
) -> None:
    count = report.sections["partners"] = Count()
    rows = await rows_of(write.session, lot_queries.partners(write.context, withdrawn=False))
    stored = {(row["lot_id"], row["supplier_id"], row["role"]) for row in rows}
    for lot in lots:
        for number, partner in enumerate(lot.get("partners") or [], start=1):
            place = f"lots {lot['key']}: partners {number}"
            supplier = known["suppliers"].get(partner.get("supplier"))
            if supplier is None:
                raise InvalidPortfolioFile([f"{place}: none of the suppliers has the key {partner.get('supplier')!r}"])
            try:
                rest = {name: value for name, value in partner.items() if name != "supplier"}
                body = PartnerCreate.model_validate({"supplierId": str(supplier.id), **rest})
            except ValidationError as error:
                raise InvalidPortfolioFile(_refused(place, error)) from error
            row = LotPartner(lot_id=known["lots"][lot["key"]].id, **columns_of(body))
            if (row.lot_id, row.supplier_id, row.role) in stored:
                count.same += 1
            else:
                await add_partner(write, row)
                count.added += 1


async def _import_safeguards(
    write: Write, dependencies: list[Row], known: Mapping[str, Mapping[str, Any]], report: Report
) -> None:
    """Imports safeguards, which are texts in the file; each is identified by its dependency's key and its position."""
    count = report.sections["safeguards"] = Count()
    rows = await rows_of(write.session, visible(Safeguard, write.context))
    stored = {(row["dependency_id"], row["position"]): Safeguard.of_row(row) for row in rows}
    for dependency in dependencies:
        for position, text in enumerate(dependency.get("safeguards") or [], start=1):
            place = f"dependencies {dependency['key']}: safeguards {position}"
            try:
                body = SafeguardCreate.model_validate({"text": text, "position": position})
            except ValidationError as error:
                raise InvalidPortfolioFile(_refused(place, error)) from error
            row = Safeguard(dependency_id=known["dependencies"][dependency["key"]].id, **columns_of(body))
            existing = stored.get((row.dependency_id, position))
            if existing is None:
                await add_safeguard(write, row)
                count.added += 1
            else:
                compare(existing, {"text": row.text}, place, count, report)
