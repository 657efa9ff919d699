"""Working out what evidence expires in a window, and by how many points the scores fall: a page of it at a time.

A page begins with days and declarations on which something expires, which the database finds. Only the declarations on the
page are read and scored, each once however much of it expires. A page ends early where its declarations have very many lines.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from api.actions.scoring.scores import AT_ONCE
from api.queries.declarations import evidence_expiries as queries
from api.store.database import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.dates import Window
from domain.declarations.components import components_of, stored_line
from domain.declarations.evidence_expiries import Fall, Place, falls_of, proofs_of_lines, proofs_of_system
from domain.declarations.origin_declarations import system_of
from domain.scoring.algorithm import Algorithm
from domain.scoring.score_schemes import ScoreScheme, algorithm_of_row
from domain.scoring.scoring_profiles import profile_of

MOST_LINES = 50_000
"""Lines that a page reads at most, but for a single declaration that has more."""
Group = tuple[date, UUID]
"""A day on which something of a declaration expires."""
BEYOND: Place = (9, "")
"""After everything that can expire of a declaration on a day."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExpiryQuery:
    """A page that is asked for: what comes after a place, which is a group and what in it came last."""

    window: Window
    filters: queries.Filters
    limit: int
    after: tuple[Group, Place] | None = None

    def goes_on_within(self, group: Group) -> bool:
        """Whether the page before may have ended within this group."""
        return self.after is not None and self.after[0] == group

    def comes_to(self, group: Group) -> bool:
        """Whether anything of this group can come after the page before."""
        return self.after is None or (group, BEYOND) > self.after


@dataclass(frozen=True, slots=True)
class Expiry:
    """A proof that falls, of a declaration of a supplier."""

    declaration_id: UUID
    supplier_id: UUID
    fall: Fall

    @property
    def at(self) -> tuple[Group, Place]:
        """Where it stands in the list."""
        return (self.fall.proof.expires_on, self.declaration_id), self.fall.proof.place


@dataclass(frozen=True, slots=True)
class ExpiryPage:
    """The expiries of a page; `is_last` where nothing comes after it, else `end` is where the next page begins."""

    items: Sequence[Expiry]
    end: tuple[Group, Place]
    is_last: bool


@dataclass(slots=True)
class _Declared:
    """All that a page needs of its declarations, by their ids and as rows; lines by the set they are in."""

    rows: Sequence[Row]
    profiles: Sequence[Row]
    schemes: Mapping[str, Algorithm]
    lines: dict[UUID, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))


async def expiries(session: Session, context: ReadContext, query: ExpiryQuery) -> ExpiryPage:
    """A page of what expires in a window, by day, declaration and what it is about."""
    groups, more = await _groups(session, context, query)
    declared = await _declared(session, context, {own for _, own in groups})
    count = sum(map(len, declared.lines.values()))
    items = await run_in_worker(_fallen, declared, groups, query, lines=count)
    if len(items) > query.limit:
        items = items[: query.limit]
        return ExpiryPage(items, items[-1].at, is_last=False)
    last = groups[-1] if groups else (query.window.end, UUID(int=0))
    # Beyond the last group rather than the last item: what was counted may be of sub-assemblies, and not be shown.
    return ExpiryPage(items, (last, BEYOND), is_last=not more)


async def _groups(session: Session, context: ReadContext, query: ExpiryQuery) -> tuple[list[Group], bool]:
    """The groups of a page in order, and whether there are more. The group that a page goes on within is among them."""
    stated = (await session.execute(queries.statements(context, query.filters))).mappings().all()
    begin = (query.window.start, None) if query.after is None else query.after[0]
    # Each has a line at least. One more fills the page, one may be that which the page before ended within, and one tells
    # that there are more.
    statement = queries.days_of_lines(context, query.filters, query.window, begin, query.limit + 3)
    counts: dict[Group, int] = defaultdict(int)
    for row in (await session.execute(statement)).mappings():
        counts[row["evidence_expires_on"], row["id"]] += row["lines"]
    for row in stated:
        for proof in proofs_of_system(row):
            if query.window.start <= proof.expires_on <= query.window.end:
                counts[proof.expires_on, row["id"]] += 1
    ordered = sorted(filter(query.comes_to, counts))
    chosen = _first_groups(ordered, counts, {row["id"]: row["component_count"] for row in stated}, query)
    return chosen, len(chosen) < len(ordered)


def _first_groups(
    ordered: Sequence[Group], counts: Mapping[Group, int], lines: Mapping[UUID, int], query: ExpiryQuery
) -> list[Group]:
    """As many groups as make a page and one item more, while their declarations have not too many lines."""
    chosen: list[Group] = []
    items = read = 0
    seen: set[UUID] = set()
    for group in ordered:
        read += 0 if group[1] in seen else lines.get(group[1], 0)
        if items > query.limit or (chosen and read > MOST_LINES):
            break
        seen.add(group[1])
        chosen.append(group)
        items += 0 if query.goes_on_within(group) else counts[group]
    return chosen


async def _declared(session: Session, context: ReadContext, ids: set[UUID]) -> _Declared:
    rows = (await session.execute(queries.declarations(context, ids))).mappings().all()
    parents = ({row[name] for row in rows if row[name]} for name in ("lot_id", "challenge_id"))
    profiles = (await session.execute(queries.profiles(context, *parents))).mappings().all()
    versions = {row["scheme_version"] for row in rows}
    schemes = (await session.execute(queries.schemes(context, versions))).mappings().all()
    declared = _Declared(
        rows, profiles, {row["scheme_version"]: algorithm_of_row(ScoreScheme(**row)) for row in schemes}
    )
    sets = {row["component_set"] for row in rows if row["component_set"]}
    async with session.stream(queries.lines(context, sets)) as result:
        async for part in result.mappings().partitions(AT_ONCE):
            await run_in_worker(_sort, declared, part, lines=0)
    return declared


def _sort(declared: _Declared, rows: Sequence[Row]) -> None:
    for row in rows:
        declared.lines[row["component_set"]].append(stored_line(row))


def _fallen(declared: _Declared, groups: Sequence[Group], query: ExpiryQuery) -> list[Expiry]:
    """The expiries of the groups of a page, in order, after where the page before it ended."""
    chosen = set(groups)
    found = [
        expiry
        for row in declared.rows
        for expiry in _of_declaration(declared, row, query.window, max(day for day, own in groups if own == row["id"]))
        if expiry.at[0] in chosen and (query.after is None or expiry.at > query.after)
    ]
    return sorted(found, key=lambda expiry: expiry.at)


def _of_declaration(declared: _Declared, row: Row, window: Window, until: date) -> list[Expiry]:
    """What expires of a declaration from the first day of a window on, until a day within it."""
    lines = declared.lines.get(row["component_set"], ())
    components = components_of(lines)
    proofs = [
        proof
        for proof in (*proofs_of_lines(lines, components), *proofs_of_system(row))
        if window.start <= proof.expires_on <= until
    ]
    if not proofs:
        return []
    own = next(profile for profile in declared.profiles if _is_scored_on(row, profile))
    falls = falls_of(
        algorithm=declared.schemes[row["scheme_version"]],
        profile=profile_of(own),
        system=system_of(row, components),
        proofs=proofs,
        first=window.start,
        until=until,
    )
    return [Expiry(row["id"], row["supplier_id"], fall) for fall in falls]


def _is_scored_on(declaration: Row, profile: Row) -> bool:
    name = "lot_id" if declaration["lot_id"] else "challenge_id"
    return bool(declaration[name] == profile[name])
