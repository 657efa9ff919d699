"""The nouns and rules of the portfolio: no session, no HTTP, no settings, no clock.

Importing this package registers every table in `METADATA`.
"""

from domain import idempotency, ledger, listed_values, registers
from domain.access import api_keys, request_counts
from domain.base import Table
from domain.declarations import component_statements, components, origin_declarations, reviews, submissions, waivers
from domain.oversight import commitments, critical_components, dependencies
from domain.portfolio import challenges, consents, lots, milestones, parent_progress, programmes, suppliers, trials
from domain.scoring import score_schemes, scores, scoring_profiles, simulation_runs, simulations

METADATA = Table.metadata
TABLE_MODULES = (
    *(api_keys, request_counts, idempotency, ledger, listed_values, registers),
    *(programmes, lots, challenges, milestones, parent_progress, trials, suppliers, consents),
    *(commitments, critical_components, dependencies),
    *(origin_declarations, components, submissions, reviews, waivers, component_statements),
    *(score_schemes, scoring_profiles, scores, simulations, simulation_runs),
)
"""The modules that define tables. Add a new one here."""
