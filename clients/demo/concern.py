"""A concern is waived: a second revision of the made-up drone has a part from a country of concern for a while.

It is withdrawn in the end, so that the accepted revision is what the status shows.
"""

from datetime import date, timedelta

from apos_client import Apos, Conflict, OriginDeclaration, Score
from drone import Drone
from local_service import Failed
from scored import euros
from screen import Screen

PART, CONCERN = "compass", "CN"
HALF_A_YEAR = timedelta(days=182)


class Concern:
    """The steps of the supplier, of the office, and of a colleague of the office with a key of their own."""

    def __init__(self, screen: Screen, office: Apos, colleague: Apos, drone: Drone) -> None:
        self._screen = screen
        self._office = office
        self._colleague = colleague
        self._drone = drone

    def run(self, supplier: Apos, accepted: OriginDeclaration, today: date) -> None:
        """A part of the accepted revision changes, the concern is waived, and the revision is withdrawn."""
        self._screen.step(
            "A concern is waived",
            f"The maker of a part moves to {CONCERN}, so the supplier revises again. (An example.)",
        )
        revision = self.revise(supplier, accepted)
        before = self._score(revision)
        self._screen.expect_refusal(
            Conflict,
            "The office cannot accept it",
            lambda: self._office.origin_declarations.review(revision.id, verdict="accepted", narrative="Bekeken."),
        )
        self.waive(revision, today)
        self.compare(before, self._score(revision))
        self.withdraw(supplier, revision)

    def revise(self, supplier: Apos, accepted: OriginDeclaration) -> OriginDeclaration:
        """The part is made in a country of concern, and everything else is as it was."""
        draft = supplier.origin_declarations.revise(accepted.id)
        lines = [
            line.model_copy(update={"country_of_manufacture": CONCERN}) if line.key == PART else line
            for line in supplier.origin_declarations.components(draft.id)
        ]
        supplier.origin_declarations.replace_components(draft.id, lines, etag=draft.etag)
        supplier.origin_declarations.submit(draft.id, self._drone.representative)
        return supplier.origin_declarations.find(draft.id)

    def waive(self, revision: OriginDeclaration, today: date) -> None:
        """The office proposes that the concern does not count for half a year; it cannot confirm that itself."""
        waiver = self._office.origin_declarations.waive(
            revision.id,
            component_key=PART,
            authority=f"Stuurgroep APOS, {today} (an example)",
            reason="There is no other maker before the summer.",
            expires_on=today + HALF_A_YEAR,
            alternative_trajectory="A second maker in the EU is being qualified.",
        )
        self._screen.facts(
            ("waived", f"{waiver.code} at {self._drone.names[PART]}, until {waiver.expires_on}"),
            ("reason", waiver.reason),
            ("authority", waiver.authority),
            ("instead", waiver.alternative_trajectory),
        )
        self._screen.expect_refusal(
            Conflict, "It confirms this itself", lambda: self._office.origin_declarations.confirm_waiver(waiver.id)
        )
        self._colleague.origin_declarations.confirm_waiver(waiver.id)
        self._screen.sentence("A colleague confirms it with another key, and from then on it counts.")

    def compare(self, before: Score, after: Score) -> None:
        """The figures stay; the fictitious price comes back."""
        prices = [score.fictitious_price for score in (before, after)]
        self._screen.rows(
            ("", "Before", "Waived"),
            [
                ("score of 100", before.score or "-", after.score or "-"),
                ("knock-outs", *(str(len(score.knock_outs)) for score in (before, after))),
                ("fictitious price", *("none" if price is None else euros(price) for price in prices)),
            ],
        )
        waived = [each.code for each in after.knock_outs if each.waiver is not None]
        if (
            before.score != after.score
            or before.fictitious_price is not None
            or prices[1] is None
            or waived != ["KO-1"]
        ):
            raise Failed("the waiver should bring the fictitious price back and change no figure, and does not")

    def withdraw(self, supplier: Apos, revision: OriginDeclaration) -> None:
        """The supplier takes the revision back, and the accepted one stays."""
        supplier.origin_declarations.withdraw(revision.id, reason="Another maker was found.")
        self._screen.sentence("The supplier finds another maker and withdraws the revision, before it is reviewed:")
        all_of_them = sorted(supplier.origin_declarations.each(), key=lambda each: each.revision)
        self._screen.rows(("Revision", "Status"), [(str(each.revision), each.status) for each in all_of_them])
        if [each.status for each in all_of_them] != ["superseded", "accepted", "withdrawn"]:
            raise Failed("the accepted revision should stay and the last be withdrawn, and they are not")

    def _score(self, revision: OriginDeclaration) -> Score:
        return self._office.origin_declarations.score(revision.id)
