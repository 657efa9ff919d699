"""The nouns and rules of the portfolio: no session, no HTTP, no settings, no clock.

Importing this package registers every table in `METADATA`.
"""

from domain import (
    api_keys,
    budget_lines,
    challenges,
    commitments,
    components,
    consents,
    critical_components,
    declarations,
    dependencies,
    idempotency,
    ledger,
    listed_values,
    lots,
    milestones,
    organisations,
    programmes,
    reviews,
    score_schemes,
    scores,
    scoring_profiles,
    sources,
    submissions,
    suppliers,
    targets,
    test_sites,
    trials,
    waivers,
)
from domain.base import Table

METADATA = Table.metadata

__all__ = [
    "METADATA",
    "api_keys",
    "budget_lines",
    "challenges",
    "commitments",
    "components",
    "consents",
    "critical_components",
    "declarations",
    "dependencies",
    "idempotency",
    "ledger",
    "listed_values",
    "lots",
    "milestones",
    "organisations",
    "programmes",
    "reviews",
    "score_schemes",
    "scores",
    "scoring_profiles",
    "sources",
    "submissions",
    "suppliers",
    "targets",
    "test_sites",
    "trials",
    "waivers",
]
