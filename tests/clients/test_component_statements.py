"""Component statements through the client: made, shared, attached and withdrawn."""

from datetime import timedelta

import pytest

from apos_client import Amount, Apos, BadInput, NotFound
from tests.clients.declared import SIGNED, a_component, a_draft, a_statement
from tests.clients.services import RunningService


def test_a_maker_states_a_component_and_a_prime_attaches_it(workplace: RunningService, office: Apos) -> None:
    maker = office.suppliers.add(f"Maker {next(workplace.numbers)}")
    lines = [a_component("board", "60", None), a_component("chip", "40", None, countryOfManufacture="US")]
    made = office.component_statements.make(
        "Flight computer",
        lines,
        supplier=maker.id,
        total_component_cost=Amount(amount="100"),
        representative=SIGNED,
        part_number="FC-3",
    )
    assert (made.validity, made.shared_with, made.representative.name) == ("valid", (), "A. Jansen")
    assert [line.key for line in office.component_statements.components(made.id)] == ["board", "chip"]
    with workplace.client("supplier") as prime:
        with pytest.raises(NotFound):
            prime.component_statements.verdict(made.id)
        own = prime.suppliers.find("intelic").id
        shared = office.component_statements.share(made.id, [own], etag=made.etag)
        assert shared.shared_with == (own,)
        verdict = prime.component_statements.verdict(made.id)
        assert (verdict.id, verdict.origin_shares.edip.proven, verdict.origin_shares.edip.verdict) == (
            made.id,
            "60.0000",
            "fail",
        )
        assert verdict.model_dump(exclude={"etag"}) in [
            each.model_dump(exclude={"etag"}) for each in prime.component_statements.verdicts()
        ]
        with pytest.raises(NotFound):
            prime.component_statements.find(made.id)
        pilot = a_component("pilot", "2000", "control", statementId=made.id)
        draft = a_draft(workplace, prime, a_statement(pilot))
        assert [line.statement_id for line in prime.origin_declarations.components(draft.id)] == [made.id]
        withdrawn = office.component_statements.withdraw(made.id, withdrawn_on=made.reference_date)
        assert (withdrawn.validity, withdrawn.withdrawn_on) == ("withdrawn", made.reference_date)
        assert prime.component_statements.verdict(made.id).validity == "withdrawn"
        with pytest.raises(BadInput, match="was withdrawn"):
            a_draft(workplace, prime, a_statement(pilot))
    assert [each.id for each in office.component_statements.each(supplier_id=maker.id)] == [made.id]
    other = office.component_statements.make(
        "Board", lines, supplier=maker.id, total_component_cost=Amount(amount="100"), representative=SIGNED
    )
    with pytest.raises(BadInput, match="withdrawn at once"):
        office.component_statements.withdraw(other.id, withdrawn_on=other.reference_date - timedelta(days=1))
