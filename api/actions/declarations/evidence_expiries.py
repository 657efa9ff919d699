"""Computes what evidence expires in a window, and by how many points the scores fall, a page at a time.

The database first finds the pairs of a day and a declaration on which something expires. Only the declarations of one page
are then read and scored, each once, however much of it expires. A page ends early where its declarations have many lines.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from api.actions.scoring.scores import LINES_PER_FETCH, turn_to_read
from api.queries.declarations import evidence_expiries as queries
from api.store.sessions import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.dates import Window
from domain.declarations.components import components_of, stored_line
from domain.declarations.evidence_expiries import Fall, Place, falls_of, proofs_of_lines, proofs_of_system
from domain.declarations.origin_declarations import system_of
from domain.scoring.algorithm import Algorithm
from domain.scoring.score_schemes import ScoreScheme, algorithm_of_row
from domain.scoring.scoring_profiles import profile_of

MAX_LINES = 50_000
"""Lines that a page reads at most; a single declaration that has more is read all the same."""
Group = tuple[date, UUID]
"""A day, and the id of a declaration of which evidence expires on it."""
END_OF_GROUP: Place = (9, "")
"""A place after everything that can expire of a declaration on one day."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExpiryQuery:
    """The page to compute: the expiries after `after`, a group and the last place in it of the page before."""

    window: Window
    filters: queries.Filters
    limit: int
    after: tuple[Group, Place] | None = None

    def continues_in(self, group: Group) -> bool:
        """Whether the page before may have ended within this group, so that a part of it can still follow."""
        return self.after is not None and self.after[0] == group

    def may_include(self, group: Group) -> bool:
        """Whether anything in this group can come after the page before."""
        return self.after is None or (group, END_OF_GROUP) > self.after


@dataclass(frozen=True, slots=True)
class Expiry:
    """A proof that expires, with the declaration and supplier it is of, and the fall in score."""

    declaration_id: UUID
    supplier_id: UUID
    fall: Fall

    @property
    def position(self) -> tuple[Group, Place]:
        """Its place in the order of the list."""
        return (self.fall.proof.expires_on, self.declaration_id), self.fall.proof.place


@dataclass(frozen=True, slots=True)
class ExpiryPage:
    """The expiries of a page. `is_last`: nothing comes after it; otherwise the next page begins after `end`."""

    items: Sequence[Expiry]
    end: tuple[Group, Place]
    is_last: bool


@dataclass(slots=True)
class _Declarations:
    """The declarations of a page with all that scoring them needs; lines are by component set."""

    rows: Sequence[Row]
    profiles: Sequence[Row]
    schemes: Mapping[str, Algorithm]
    lines: dict[UUID, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))


async def expiries(session: Session, context: ReadContext, query: ExpiryQuery) -> ExpiryPage:
    """A page of what expires in a window, ordered by day, declaration and place in it."""
    groups, more, count = await _groups(session, context, query)
    async with turn_to_read(session, count):
        declared = await _load_declarations(session, context, {declaration_id for _, declaration_id in groups})
        await session.release()
        items = await run_in_worker(_expiries_of_page, declared, groups, query, lines=count)
    if len(items) > query.limit:
        items = items[: query.limit]
        return ExpiryPage(items, items[-1].position, is_last=False)
    last = groups[-1] if groups else (query.window.end, UUID(int=0))
    # After the last group, not the last item: some counted evidence is of sub-assemblies and not shown.
    return ExpiryPage(items, (last, END_OF_GROUP), is_last=not more)


async def _groups(session: Session, context: ReadContext, query: ExpiryQuery) -> tuple[list[Group], bool, int]:
    """The groups of a page in order, whether there are more, and how many lines their declarations have.

    A group that continues from the page before is included.
    """
    systems = (await session.execute(queries.systems(context, query.filters))).mappings().all()
    begin = (query.window.start, None) if query.after is None else query.after[0]
    # Every group has at least one line. Of the three extra, one fills the page, one can be the group in which the page before
    # ended, and one shows that there are more.
    statement = queries.days_of_lines(context, query.filters, query.window, begin, query.limit + 3)
    counts: dict[Group, int] = defaultdict(int)
    for row in (await session.execute(statement)).mappings():
        counts[row["evidence_expires_on"], row["id"]] += row["lines"]
    for row in systems:
        for proof in proofs_of_system(row):
            if query.window.start <= proof.expires_on <= query.window.end:
                counts[proof.expires_on, row["id"]] += 1
    ordered = sorted(filter(query.may_include, counts))
    lines = {row["id"]: row["component_count"] for row in systems}
    chosen = _first_groups(ordered, counts, lines, query)
    return chosen, len(chosen) < len(ordered), sum(lines.get(each, 0) for each in {each for _, each in chosen})


def _first_groups(
    ordered: Sequence[Group], counts: Mapping[Group, int], lines: Mapping[UUID, int], query: ExpiryQuery
) -> list[Group]:
    """The groups of a page and one item more; fewer where their declarations exceed `MAX_LINES`."""
    chosen: list[Group] = []
    items = read = 0
    seen: set[UUID] = set()
    for group in ordered:
        read += 0 if group[1] in seen else lines.get(group[1], 0)
        if items > query.limit or (chosen and read > MAX_LINES):
            break
        seen.add(group[1])
        chosen.append(group)
        items += 0 if query.continues_in(group) else counts[group]
    return chosen


async def _load_declarations(session: Session, context: ReadContext, ids: set[UUID]) -> _Declarations:
    rows = (await session.execute(queries.declarations(context, ids))).mappings().all()
    parents = ({row[name] for row in rows if row[name]} for name in ("lot_id", "challenge_id"))
    profiles = (await session.execute(queries.profiles(context, *parents))).mappings().all()
    versions = {row["scheme_version"] for row in rows}
    schemes = (await session.execute(queries.schemes(context, versions))).mappings().all()
    declared = _Declarations(
        rows, profiles, {row["scheme_version"]: algorithm_of_row(ScoreScheme.of_row(row)) for row in schemes}
    )
    sets = {row["component_set"] for row in rows if row["component_set"]}
    async with session.stream(queries.lines(context, sets)) as result:
        async for part in result.partitions(LINES_PER_FETCH):
            await run_in_worker(_add_lines, declared, part, lines=0)
    return declared


def _add_lines(declared: _Declarations, rows: Sequence[Row]) -> None:
    for row in rows:
        declared.lines[row["component_set"]].append(stored_line(row))


def _expiries_of_page(declared: _Declarations, groups: Sequence[Group], query: ExpiryQuery) -> list[Expiry]:
    """The expiries in the groups of a page, in order, after the end of the page before it."""
    chosen = set(groups)
    found = [
        expiry
        for row in declared.rows
        for expiry in _of_declaration(
            declared, row, query.window, max(day for day, found in groups if found == row["id"])
        )
        if expiry.position[0] in chosen and (query.after is None or expiry.position > query.after)
    ]
    return sorted(found, key=lambda expiry: expiry.position)


def _of_declaration(declared: _Declarations, row: Row, window: Window, until: date) -> list[Expiry]:
    """What expires of a declaration from the first day of a window until a day within it."""
    lines = declared.lines.get(row["component_set"], ())
    components = components_of(lines)
    proofs = [
        proof
        for proof in (*proofs_of_lines(lines, components), *proofs_of_system(row))
        if window.start <= proof.expires_on <= until
    ]
    if not proofs:
        return []
    profile = next(profile for profile in declared.profiles if _is_scored_on(row, profile))
    falls = falls_of(
        algorithm=declared.schemes[row["scheme_version"]],
        profile=profile_of(profile),
        system=system_of(row, components),
        proofs=proofs,
        first=window.start,
        until=until,
    )
    return [Expiry(row["id"], row["supplier_id"], fall) for fall in falls]


def _is_scored_on(declaration: Row, profile: Row) -> bool:
    name = "lot_id" if declaration["lot_id"] else "challenge_id"
    return bool(declaration[name] == profile[name])
