"""What a revision changed and waivers of knock-outs, through the client."""

from datetime import date, timedelta

import pytest

from apos_client import Apos, BadInput, Conflict, KnockOut, NotPermitted, Waiver
from tests.clients.declared import SIGNED, a_component, a_draft, a_statement, returned
from tests.clients.services import RunningService

LAST = date.today() + timedelta(days=30)  # noqa: DTZ011 - a day of the service's own clock, with room


def waive(apos: Apos, declaration: object, place: str = "pilot") -> Waiver:
    """Proposes to waive a concern at a component."""
    return apos.origin_declarations.waive(
        str(declaration),
        component_key=place,
        authority="Stuurgroep",
        reason="No other source.",
        expires_on=LAST,
        alternative_trajectory="A second source.",
    )


def test_a_revision_tells_what_it_changed(workplace: RunningService, office: Apos) -> None:
    with workplace.client("supplier") as supplier:
        before = returned(workplace, supplier, office)
        lines = [
            a_component("pilot", "2000", "control", countryOfManufacture="CN"),
            a_component("hull", "1000", "airframe"),
        ]
        revision = supplier.origin_declarations.revise(before.id, components=lines)
        found = supplier.origin_declarations.changes(revision.id)
        assert (found.against_id, found.lines.unchanged) == (before.id, 0)
        assert [item.key for item in (*found.lines.added.items, *found.lines.removed.items)] == ["hull", "wings"]
        assert found.effect is not None
        assert [each.component_key for each in found.effect.knock_outs.came.items] == ["pilot"]
        assert supplier.origin_declarations.changes(revision.id, against=before.id, limit=1) == found
        with pytest.raises(Conflict, match="first revision"):
            supplier.origin_declarations.changes(before.id)
        with pytest.raises(BadInput, match="not an earlier revision"):
            supplier.origin_declarations.changes(before.id, against=revision.id)


def test_a_waiver_is_part_of_the_score(workplace: RunningService, office: Apos) -> None:
    concern = a_statement(a_component("pilot", "2000", "control", countryOfManufacture="CN"))
    with workplace.client("supplier") as supplier:
        draft = a_draft(workplace, supplier, concern)
        supplier.origin_declarations.submit(draft.id, SIGNED)
        with pytest.raises(NotPermitted):
            waive(supplier, draft.id)
        with pytest.raises(Conflict, match="it has KO-1 at pilot"):
            waive(office, draft.id, "wings")
        proposed = waive(office, draft.id)
        assert proposed.confirmed_at is None
        with pytest.raises(Conflict, match="you proposed this waiver yourself"):
            office.origin_declarations.confirm_waiver(proposed.id)
        with workplace.client("colleague") as second:
            assert second.origin_declarations.confirm_waiver(proposed.id).waiver_id == proposed.id
        [entry] = [each for each in supplier.origin_declarations.score(draft.id).knock_outs if each.code == "KO-1"]
        assert isinstance(entry, KnockOut)
        assert entry.waiver is not None
        assert (entry.component_key, entry.waiver.expires_on) == ("pilot", LAST)
        assert [each.authority for each in supplier.origin_declarations.waivers(draft.id)] == ["Stuurgroep"]
