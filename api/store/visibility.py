"""Visibility: what an actor may read of each table, as a select from which every query starts.

`visible` gives the rows and columns of a table that the reader may see. Filters, counts and sorts start from it, so nothing
is filtered afterwards. A table and role without a rule raise an error: a forgotten rule shows nothing instead of everything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, or_, select, union_all

from api.store.listed_values import listed_rows
from api.store.named_rows import named_by, rows_naming, sites_of, trials_of
from api.store.own_work import ReadContext as ReadContext  # noqa: PLC0414 - who needs the rules needs it with them
from api.store.own_work import assigned_challenges, assigned_lots, own_challenges, own_lots
from api.store.select_cache import cached_per_context
from domain.access.api_keys import ApiKey, AssessorAssignment
from domain.base import Audited
from domain.declarations.component_columns import DeclaredComponent
from domain.declarations.component_statements import ComponentStatement, StatementSignatory, StatementVerdict
from domain.declarations.origin_declarations import OriginDeclaration
from domain.declarations.reviews import Review
from domain.declarations.submissions import Signatory, Submission
from domain.declarations.waivers import Waiver, WaiverConfirmation
from domain.ledger import AuditEvent, table_of
from domain.oversight.commitments import Commitment
from domain.oversight.critical_components import CriticalComponent
from domain.oversight.dependencies import Dependency, Safeguard
from domain.permissions import Role
from domain.portfolio.challenges import Challenge, ChallengeEntrant
from domain.portfolio.consents import Consent, ConsentScope
from domain.portfolio.lots import Lot, LotPartner
from domain.portfolio.milestones import Assessment, Milestone, Rebaseline
from domain.portfolio.parent_progress import ParentProgress
from domain.portfolio.programmes import Programme, ProgrammeSettings
from domain.portfolio.suppliers import Supplier
from domain.portfolio.trials import Trial
from domain.registers import BudgetLine, Organisation, Source, Target, TestSite
from domain.scoring.score_schemes import SchemePublication, ScoreScheme
from domain.scoring.scores import StoredScore
from domain.scoring.scoring_profiles import ScoringProfile
from domain.scoring.simulations import Simulation, SimulationResult
from domain.withdrawals import Withdrawable, WithdrawalKind

VisibleTable = (
    type[Audited] | type[AuditEvent] | type[DeclaredComponent] | type[SimulationResult] | type[ParentProgress]
)
"""The tables that have rules: all except idempotency records."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rows (None: all) and which columns (None: all except secrets) a role may see of a table."""

    rows: Callable[[Any, ReadContext], ColumnElement[bool]] | None = None
    columns: tuple[str, ...] | None = None
    links: Mapping[str, Callable[[ReadContext], Select[Any]]] = field(default_factory=dict)
    """Columns that name another row, null where it is not among these ids."""


ALL = Rule()
Condition = Callable[[Any, ReadContext], ColumnElement[bool]]
Ids = Callable[[ReadContext], Select[Any]]
INTERNAL_ROLES = (Role.PROGRAMME_OFFICE, Role.PROGRAMME_ADMIN, Role.AUDITOR)
OUTSIDE_ROLES = (Role.SUPPLIER, Role.VIEWER)
"""Roles that see no note of the office, nor versions, which would tell that one was changed."""
PUBLIC_COLUMNS = ("id", "key", "code", "title", "status", "effect_published", "source")
THRESHOLD_COLUMNS = ("id", "programme_id", "effective_on", "amber_up_to_days", "recorded_at")
INTERNAL_COLUMNS = ("version", "note", "budget_note")
"""Columns of registers that are for those inside."""
PUBLIC_SOURCE = ("id", "key", "title", "file", "reference", "date", "signed_by", "uri")
PARENT_COLUMNS = ("lot_id", "challenge_id", "programme_id")
PROGRESS_COLUMNS = (
    *PARENT_COLUMNS, "id", "key", "title", "kind", "critical", "acceptance_criterion", "window_start", "window_end",
    "original_start", "original_end", "forecast_start", "forecast_end", "ai_version", "status", "achieved_on", "source",
    "assessed_on", "withdrawn_kind", "withdrawn_on",
)  # fmt: skip


def _of_parent(lots: Ids, challenges: Ids) -> Condition:
    """Milestones of these lots and challenges, by two index look-ups: an OR of both would read every milestone."""

    def rows(t: Any, context: ReadContext) -> ColumnElement[bool]:
        m, n = table_of(Milestone).alias(), table_of(Milestone).alias()
        of_lots = select(m.c.id).where(m.c.lot_id.in_(lots(context)))
        of_challenges = select(n.c.id).where(n.c.challenge_id.in_(challenges(context)))
        condition: ColumnElement[bool] = t.c.id.in_(union_all(of_lots, of_challenges))
        return condition

    return rows


def _scored_on(t: Any, context: ReadContext) -> ColumnElement[bool]:
    """Profiles of the lots and challenges in which a supplier takes part now, or for which it ever made a declaration."""
    d, e = table_of(OriginDeclaration).alias(), table_of(OriginDeclaration).alias()
    return or_(
        t.c.lot_id.in_(own_lots(context)),
        t.c.challenge_id.in_(own_challenges(context)),
        t.c.lot_id.in_(select(d.c.lot_id).where(_of_supplier(d, context))),
        t.c.challenge_id.in_(select(e.c.challenge_id).where(_of_supplier(e, context))),
    )


def _of_assigned_parent(t: Any, context: ReadContext) -> ColumnElement[bool]:
    return or_(t.c.lot_id.in_(assigned_lots(context)), t.c.challenge_id.in_(assigned_challenges(context)))


def _of_declarations(role: Role, may_see: Condition) -> dict[tuple[VisibleTable, Role], Rule]:
    """Rules for the declarations that a role may see, and for everything that belongs to those declarations.

    `may_see` is the condition on declarations; their components, submissions, reviews, scores and waivers follow it.
    """

    def own(column: str, context: ReadContext) -> Select[Any]:
        d = table_of(OriginDeclaration).alias()
        return select(d.c[column]).where(may_see(d, context))

    def of_declaration(t: Any, context: ReadContext) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = t.c.declaration_id.in_(own("id", context))
        return condition

    def of_set(t: Any, context: ReadContext) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = t.c.component_set.in_(own("component_set", context))
        return condition

    def of_submission(t: Any, context: ReadContext) -> ColumnElement[bool]:
        s = table_of(Submission).alias()
        submissions = select(s.c.id).where(s.c.declaration_id.in_(own("id", context)))
        condition: ColumnElement[bool] = t.c.submission_id.in_(submissions)
        return condition

    def of_waiver(t: Any, context: ReadContext) -> ColumnElement[bool]:
        w = table_of(Waiver).alias()
        waivers = select(w.c.id).where(w.c.declaration_id.in_(own("id", context)))
        condition: ColumnElement[bool] = t.c.waiver_id.in_(waivers)
        return condition

    return {
        (OriginDeclaration, role): Rule(may_see),
        (DeclaredComponent, role): Rule(of_set),
        (Submission, role): Rule(of_declaration),
        (Signatory, role): Rule(of_submission),
        (Review, role): Rule(of_declaration),
        (StoredScore, role): Rule(of_declaration),
        (Waiver, role): Rule(of_declaration),
        (WaiverConfirmation, role): Rule(of_waiver),
    }


def _of_supplier(t: Any, context: ReadContext) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = t.c.supplier_id == context.actor.supplier_id
    return condition


def _own_statements(column: str, context: ReadContext) -> Select[Any]:
    t = table_of(ComponentStatement).alias()
    return select(t.c[column]).where(_of_supplier(t, context))


def _own_and_shared(t: Any, context: ReadContext) -> ColumnElement[bool]:
    """The verdicts of a supplier's own statements, and of statements that other suppliers share with it."""
    shared = listed_rows(ComponentStatement, "shared_with", str(context.actor.supplier_id))
    condition: ColumnElement[bool] = t.c.id.in_(union_all(_own_statements("id", context), shared))
    return condition


def _own_lines(t: Any, context: ReadContext) -> ColumnElement[bool]:
    """The lines of a supplier's own declarations and statements, by two index look-ups."""
    d = table_of(OriginDeclaration).alias()
    declared = select(d.c.component_set).where(_of_supplier(d, context))
    condition: ColumnElement[bool] = t.c.component_set.in_(
        union_all(declared, _own_statements("component_set", context))
    )
    return condition


def _own_and_consenting_partners(t: Any, context: ReadContext) -> ColumnElement[bool]:
    """In a supplier's lots: its own partnerships, and current ones of suppliers who consented to being named to lot partners."""
    c = table_of(Consent).alias()
    open_to_partners = and_(c.c.scope == ConsentScope.LOT_PARTNERS, c.c.withdrawn_on.is_(None))
    consenting = t.c.supplier_id.in_(select(c.c.supplier_id).where(open_to_partners))
    has_not_ended = or_(t.c.ended_on.is_(None), t.c.ended_on >= context.today)
    own = t.c.supplier_id == context.actor.supplier_id
    took_part = t.c.withdrawn_kind.is_(None)
    return and_(t.c.lot_id.in_(own_lots(context)), took_part, or_(own, and_(consenting, has_not_ended)))


def _of_assigned_milestone(t: Any, context: ReadContext) -> ColumnElement[bool]:
    m = table_of(Milestone).alias()
    visible = or_(m.c.lot_id.in_(assigned_lots(context)), m.c.challenge_id.in_(assigned_challenges(context)))
    condition: ColumnElement[bool] = t.c.milestone_id.in_(select(m.c.id).where(visible))
    return condition


def _published(t: Any, context: ReadContext) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = t.c.source.is_not(None)
    return condition


def _registers(
    role: Role, others: Mapping[VisibleTable, tuple[Condition, ...]]
) -> dict[tuple[VisibleTable, Role], Rule]:
    """Rules for the registers: what is published, and the rows that one of the other conditions gives."""

    def rule(kind: VisibleTable) -> Rule:
        either = (_published, *others.get(kind, ()))
        shown = tuple(c.name for c in table_of(kind).columns if c.name not in INTERNAL_COLUMNS)
        return Rule(
            lambda t, context: or_(*(each(t, context) for each in either)), shown if role in OUTSIDE_ROLES else None
        )

    return {(kind, role): rule(kind) for kind in REGISTERS}


def _of_own_work(lots: Ids, challenges: Ids) -> dict[VisibleTable, tuple[Condition, ...]]:
    """The trials of these lots and challenges, and their programmes."""
    return {
        Trial: (lambda t, context: t.c.id.in_(trials_of(lots(context), challenges(context))),),
        Programme: (
            lambda t, context: t.c.id.in_(named_by(Lot, "programme_id", lots(context))),
            lambda t, context: t.c.id.in_(named_by(Challenge, "programme_id", challenges(context))),
        ),
    }


REGISTERS = (Target, BudgetLine, Commitment, TestSite, Trial, Organisation, Programme)
SCHEMES = (ScoreScheme, SchemePublication)
SUPPLIER, ASSESSOR, VIEWER = Role.SUPPLIER, Role.ASSESSOR, Role.VIEWER
RULES: dict[tuple[VisibleTable, Role], Rule] = {
    **{(table, role): ALL for table in SCHEMES for role in Role},
    **{(Source, role): ALL for role in Role if role not in OUTSIDE_ROLES},
    **{(Source, role): Rule(columns=PUBLIC_SOURCE) for role in OUTSIDE_ROLES},
    **{(table, role): ALL for table in REGISTERS for role in INTERNAL_ROLES},
    **_registers(VIEWER, {}),
    **_registers(SUPPLIER, _of_own_work(own_lots, own_challenges)),
    **_registers(
        ASSESSOR,
        {
            **_of_own_work(assigned_lots, assigned_challenges),
            TestSite: (lambda t, r: t.c.id.in_(sites_of(assigned_lots(r), assigned_challenges(r))),),
            Commitment: (lambda t, r: t.c.id.in_(rows_naming(Commitment, "lot_id", assigned_lots(r))),),
            Organisation: (lambda t, r: t.c.id.in_(named_by(Lot, "owner_id", assigned_lots(r))),),
        },
    ),
    **{
        (table, role): ALL
        for table in (
            *(Lot, LotPartner, Challenge, ChallengeEntrant, Milestone, Assessment, Rebaseline),
            *(Supplier, Consent, ProgrammeSettings, AssessorAssignment, ParentProgress),
            *(Dependency, Safeguard, CriticalComponent),
            *(ScoringProfile, OriginDeclaration, DeclaredComponent, Submission, Signatory, Review, StoredScore),
            *(Waiver, WaiverConfirmation),
            *(Simulation, SimulationResult),
            *(ComponentStatement, StatementSignatory, StatementVerdict),
        )
        for role in INTERNAL_ROLES
    },
    **{(table, role): ALL for table in (ApiKey, AuditEvent) for role in (Role.PROGRAMME_ADMIN, Role.AUDITOR)},
    # The office assigns assessors, so it must see which keys are assessors' keys.
    (ApiKey, Role.PROGRAMME_OFFICE): Rule(lambda t, r: or_(t.c.role == Role.ASSESSOR, t.c.id == r.actor.key_id)),
    # Whoever shows a key may know what it is.
    **{(ApiKey, role): Rule(lambda t, r: t.c.id == r.actor.key_id) for role in (SUPPLIER, ASSESSOR, VIEWER)},
    (Lot, SUPPLIER): Rule(
        lambda t, r: t.c.id.in_(own_lots(r)), (*PUBLIC_COLUMNS, "programme_id", "effect", "ended_on")
    ),
    (Challenge, SUPPLIER): Rule(
        lambda t, r: t.c.id.in_(own_challenges(r)), (*PUBLIC_COLUMNS, "programme_id", "effect", "ended_on")
    ),
    (LotPartner, SUPPLIER): Rule(_own_and_consenting_partners),
    (Consent, SUPPLIER): Rule(_of_supplier),
    (ChallengeEntrant, SUPPLIER): Rule(lambda t, r: and_(_of_supplier(t, r), t.c.withdrawn_kind.is_(None))),
    (Milestone, SUPPLIER): Rule(_of_parent(own_lots, own_challenges), PROGRESS_COLUMNS),
    (Supplier, SUPPLIER): Rule(lambda t, r: t.c.id == r.actor.supplier_id),
    (Lot, ASSESSOR): Rule(lambda t, r: t.c.id.in_(assigned_lots(r)), links={"replaced_by": assigned_lots}),
    (Challenge, ASSESSOR): Rule(lambda t, r: t.c.id.in_(assigned_challenges(r))),
    (Milestone, ASSESSOR): Rule(_of_parent(assigned_lots, assigned_challenges)),
    (ParentProgress, ASSESSOR): Rule(
        lambda t, r: t.c.parent_id.in_(union_all(assigned_lots(r), assigned_challenges(r)))
    ),
    (Assessment, ASSESSOR): Rule(_of_assigned_milestone),
    (Rebaseline, ASSESSOR): Rule(_of_assigned_milestone),
    **{(ProgrammeSettings, role): Rule(columns=THRESHOLD_COLUMNS) for role in (SUPPLIER, ASSESSOR)},
    (ScoringProfile, SUPPLIER): Rule(_scored_on),
    (ScoringProfile, ASSESSOR): Rule(_of_assigned_parent),
    **_of_declarations(SUPPLIER, _of_supplier),
    (DeclaredComponent, SUPPLIER): Rule(_own_lines),
    (ComponentStatement, SUPPLIER): Rule(_of_supplier),
    (StatementSignatory, SUPPLIER): Rule(lambda t, r: t.c.statement_id.in_(_own_statements("id", r))),
    (StatementVerdict, SUPPLIER): Rule(_own_and_shared),
    **_of_declarations(ASSESSOR, _of_assigned_parent),
    (Lot, VIEWER): Rule(_published, PUBLIC_COLUMNS),
    (Challenge, VIEWER): Rule(_published, PUBLIC_COLUMNS),
    # The public window is the one that the source states: the original baseline, which never changes.
    (Milestone, VIEWER): Rule(
        _published, ("id", "title", "kind", "original_start", "original_end", "source", *PARENT_COLUMNS)
    ),
    (Supplier, VIEWER): Rule(
        lambda t, r: t.c.name_basis.is_not(None),
        ("id", "key", "name", "country", "name_basis", "readings", "source"),
    ),
}


@cached_per_context
def visible(kind: VisibleTable, context: ReadContext) -> FromClause:
    """What the reader may see of a table, as something to select from; columns it may not see are absent.

    Rows that were entered in error are not in it, nor what belongs to them: they are in no list, sum or count. Raises
    LookupError where the table has no rule for the role.
    """
    return _seen(kind, context, _is_valid)


@cached_per_context
def visible_with_withdrawn(kind: VisibleTable, context: ReadContext) -> FromClause:
    """As `visible`, with the rows that were entered in error: to read one by its id, or to list them when asked to."""
    return _seen(kind, context, None)


Validity = Callable[[Any, VisibleTable], ColumnElement[bool] | None]


def _seen(kind: VisibleTable, context: ReadContext, condition: Validity | None) -> FromClause:
    rule = RULES.get((kind, context.actor.role))
    if rule is None:
        raise LookupError(f"no rule says what {context.actor.role} may read of {kind.__name__}")
    if rule.rows is None:
        return _visible_to_role(kind, context.actor.role, condition)
    live = table_of(kind).alias()
    further = condition and condition(live, kind)
    conditions = [rule.rows(live, context), *([] if further is None else [further])]
    columns = [
        case((column.in_(rule.links[column.name](context)), column)).label(column.name)
        if column.name in rule.links
        else column
        for column in _columns(live, kind, rule)
    ]
    return select(*columns).where(*conditions).subquery()


@cache
def _visible_to_role(kind: VisibleTable, role: Role, condition: Validity | None) -> FromClause:
    """What is seen by a rule without a condition on rows of its own.

    It is one object for all readers of a role, so that statements built from it are cached once for all of them too.
    """
    live = table_of(kind)
    further = condition and condition(live, kind)
    columns = select(*_columns(live, kind, RULES[kind, role]))
    return (columns if further is None else columns.where(further)).subquery()


def _is_valid(t: Any, kind: VisibleTable) -> ColumnElement[bool] | None:
    """Whether a row was not entered in error, nor what it belongs to; None for a table whose rows never are."""
    if issubclass(kind, Withdrawable):
        return _not_in_error(t)
    if kind is Safeguard:
        d = table_of(Dependency).alias()
        condition: ColumnElement[bool] = t.c.dependency_id.in_(select(d.c.id).where(_not_in_error(d)))
        return condition
    return None


def _not_in_error(t: Any) -> ColumnElement[bool]:
    return or_(t.c.withdrawn_kind.is_(None), t.c.withdrawn_kind != WithdrawalKind.ENTERED_IN_ERROR)


def _columns(live: FromClause, kind: VisibleTable, rule: Rule) -> list[ColumnElement[Any]]:
    return [live.c[name] for name in rule.columns or _columns_without_secrets(kind)]


def supplier_names() -> FromClause:
    """Ids and names of all suppliers, to join to a visible row: a reader of a row may see the name of the supplier it names."""
    t = table_of(Supplier).alias()
    return select(t.c.id, t.c.name).subquery()


def _columns_without_secrets(kind: VisibleTable) -> list[str]:
    return [c.name for c in table_of(kind).columns if not c.info.get("secret")]
