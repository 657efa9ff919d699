"""Origin declarations, and what is made of them."""

from datetime import date
from typing import Any

from domain.base import new_id
from domain.declarations.component_statements import ComponentStatement, StatementSignatory, StatementVerdict
from domain.declarations.origin_declarations import OriginDeclaration
from domain.declarations.reviews import Review, ReviewVerdict
from domain.declarations.submissions import Signatory, Submission
from domain.declarations.waivers import Waiver
from domain.scoring.results import KnockOutCode
from tests.factories.dates import a_moment
from tests.factories.rows import a_row

MOMENT = "2026-11-21T09:00:00"


def a_declaration(**named: Any) -> OriginDeclaration:
    """A draft for a lot of its own, unless a challenge is named."""
    parent = {} if {"lot_id", "challenge_id"} & set(named) else {"lot_id": new_id()}
    return a_row(OriginDeclaration, named, supplier_id=new_id(), series=new_id(), system_name="Kestrel", **parent)


def a_submission(**named: Any) -> Submission:
    """The submission of a declaration of its own."""
    return a_row(Submission, named, declaration_id=new_id(), submitted_at=a_moment(MOMENT))


def a_signatory(**named: Any) -> Signatory:
    """Who signed a submission of its own."""
    person = {"name": "A. Jansen", "function": "Directeur", "email": "a.jansen@example.org"}
    return a_row(Signatory, named, submission_id=new_id(), **person)


def a_review(verdict: ReviewVerdict = ReviewVerdict.RETURNED, **named: Any) -> Review:
    """A review of a declaration of its own."""
    fixed = {"declaration_id": new_id(), "narrative": "Bijna goed.", "reviewed_at": a_moment(MOMENT)}
    return a_row(Review, named, verdict=verdict, **fixed)


def a_component_statement(**named: Any) -> ComponentStatement:
    """A statement of a maker of its own, shared with nobody and without an end."""
    lines = {"component_set": new_id(), "component_count": 1, "components_digest": "0" * 64}
    made = {"supplier_id": new_id(), "name": "Vluchtcomputer", "total_component_cost_cents": 100_00}
    under = {"signed_at": a_moment(MOMENT), "scheme_version": "BM-1.0", "reference_date": date(2026, 11, 21)}
    return a_row(ComponentStatement, named, **made, **lines, **under)


def a_statement_signatory(**named: Any) -> StatementSignatory:
    """Who signed a statement of its own."""
    person = {"name": "A. Jansen", "function": "Directeur", "email": "a.jansen@example.org"}
    return a_row(StatementSignatory, named, statement_id=new_id(), **person)


def a_statement_verdict(**named: Any) -> StatementVerdict:
    """The verdict of a statement of its own."""
    share = {"proven": "100.0000", "declared": "100.0000", "upperBound": "100.0000", "verdict": "pass"}
    return a_row(
        StatementVerdict,
        named,
        id=new_id(),
        maker="Maker",
        name="Vluchtcomputer",
        origin_shares={"edip": share, "safe": share},
    )


def a_waiver(**named: Any) -> Waiver:
    """A waiver of a concern at a component of a declaration of its own, unless a dimension is named."""
    place = {} if {"component_key", "dimension"} & set(named) else {"component_key": "radio"}
    fixed = {
        "declaration_id": new_id(),
        "code": KnockOutCode.CONCERN,
        "authority": "Stuurgroep",
        "reason": "Geen ander.",
    }
    later = {"expires_on": date(2027, 6, 30), "alternative_trajectory": "Tweede bron in 2027."}
    return a_row(Waiver, named, recorded_at=a_moment(MOMENT), **fixed, **later, **place)
