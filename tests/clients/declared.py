"""What a supplier declares in a test: a small system, a profile, and a challenge of its own to declare it for."""

from typing import Any
from uuid import UUID

from apos_client import (
    Amount,
    Apos,
    Component,
    DesignAuthority,
    Dimension,
    FunctionGroup,
    OriginDeclaration,
    Proof,
    Representative,
    ScoringProfile,
    Statement,
    System,
)
from tests.clients.services import RunningService

AUDITED = Proof(level="audited")
PROFILE = ScoringProfile(
    function_groups=(
        FunctionGroup(name="control", weight="3", critical=True),
        FunctionGroup(name="airframe", weight="1"),
    ),
    dimensions=("operationalUse",),
)
SIGNED = Representative(name="A. Jansen", function="Directeur", email="a.jansen@example.org")
PRICE = Amount(amount="10000.00")


def a_component(key: str, value: str, group: str | None, **fields: Any) -> Component:
    """A component that is Dutch in everything, audited and well supplied, unless said."""
    return Component.model_validate(
        {
            "key": key, "name": f"Part {key}", "functionGroup": group, "quantity": 1, "unitValue": {"amount": value},
            "countryOfManufacture": "NL", "countryOfControl": "NL", "licenceCountry": "NONE", "exportRegime": "NONE",
            "secondSourceCountry": "DE", "stockWeeks": 12, "leadTimeWeeks": "12", "evidence": {"level": "audited"}, **fields,
        }
    )  # fmt: skip


def a_statement(*components: Component, total: str = "3000.00") -> Statement:
    """A system of these components, or of two that are beyond reproach; it scores 100."""
    return Statement(
        system=System(name="Kestrel", version="1", final_assembly_country="NL"),
        total_component_cost=Amount(amount=total),
        design_authority=DesignAuthority(level="both", country="NL", evidence=AUDITED),
        dimensions=(Dimension(dimension="operationalUse", dependence="none", evidence=AUDITED),),
        components=components or (a_component("pilot", "2000", "control"), a_component("wings", "1000", "airframe")),
    )


def a_challenge(place: RunningService, *, profile: ScoringProfile | None = PROFILE, status: str = "open") -> UUID:
    """A challenge of its own, which Intelic enters, with a profile unless that is None."""
    with place.client() as office:
        programme = str(office.programmes.find("apos").id)
        code = f"C-{next(place.numbers)}"
        body = {"programmeId": programme, "code": code, "title": code, "status": status}
        challenge = UUID(place.post("/challenges", body)["id"])
        office.challenges.add_entrant(challenge, "intelic")
        if profile is not None:
            office.challenges.publish_scoring_profile(challenge, profile)
    return challenge


def a_draft(
    place: RunningService, supplier: Apos, statement: Statement | None = None, **options: Any
) -> OriginDeclaration:
    """A draft of Intelic for a challenge of its own."""
    challenge = a_challenge(place, **options)
    given = statement or a_statement()
    return supplier.origin_declarations.draft(given, supplier="intelic", challenge=challenge, price=PRICE)


def returned(place: RunningService, supplier: Apos, office: Apos) -> OriginDeclaration:
    """A declaration that was submitted and returned."""
    draft = a_draft(place, supplier)
    supplier.origin_declarations.submit(draft.id, SIGNED)
    office.origin_declarations.review(draft.id, verdict="returned", narrative="Look again.")
    return supplier.origin_declarations.find(draft.id)
