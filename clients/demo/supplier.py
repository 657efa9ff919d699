"""The supplier's journey: a made-up drone is declared, returned, revised and accepted, on the real portfolio.

Supplier, profile and drone are made up; the demo says so at the start, and so do their names. The scores come from the service;
the journey fails where the revision does not score better.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from apos_client import Apos, Component, NotFound, OriginDeclaration, Score
from bill import bill_of, report_facts
from concern import Concern
from drone import FILE, Drone, Revision
from local_service import Failed
from scored import Scored, euros
from screen import Screen, in_plain_words

SCORE_JSON, BILL = "score.json", "parts.csv"
MADE_UP = "Made up: the supplier, the scoring profile and the drone. The challenge is real."
SignIn = Callable[[str], Apos]


class Journey:
    """One supplier's steps in one challenge, by the office and by the supplier."""

    def __init__(self, screen: Screen, folder: Path, office: Apos, drone: Drone) -> None:
        self._screen = screen
        self._folder = folder
        self._office = office
        self._drone = drone

    def run(self, sign_in: SignIn, other: Apos, concern: Concern, today: date) -> None:
        """All steps, in order; `other` is the client of another supplier, and `concern` what comes after the acceptance."""
        self.enter()
        supplier = sign_in(self._drone.supplier["key"])
        self.see_profile(supplier)
        draft, preview = self.draft(supplier)
        first = self.submit(supplier, draft, preview)
        self.send_back(draft)
        revised, preview = self.revise(supplier, draft)
        second = self.submit_again(supplier, revised, preview, first)
        self.accept(supplier, revised)
        self.look_ahead(supplier, revised, second)
        concern.run(supplier, revised, today)
        self.show_other(other, revised)

    def enter(self) -> None:
        """The office records the supplier, its entrance and the profile."""
        self._screen.step("A supplier enters the challenge", f"{MADE_UP} It all comes from {FILE.name}.")
        given, challenge = self._drone.supplier, self._office.challenges.find(self._drone.challenge)
        added = self._office.suppliers.add(
            given["name"], key=given["key"], country=given["country"], note=given["note"]
        )
        self._office.challenges.add_entrant(challenge.id, added.id)
        self._office.challenges.publish_scoring_profile(
            challenge.id, self._drone.profile, etag=challenge.etag, reason="Made up for the demo"
        )
        self._screen.facts(
            ("supplier", f"{added.name}, {added.country}"), ("enters", f"{challenge.code}, {challenge.title}")
        )
        self._screen.sentence("It gets a key, which opens this challenge and its own declarations, and nothing else.")

    def see_profile(self, supplier: Apos) -> None:
        """The supplier reads what it will be scored on."""
        profile = supplier.challenges.scoring_profile(self._drone.challenge)
        self._screen.sentence("It reads what it will be scored on, which Defence sets and no supplier:")
        groups = [(group.name, group.weight, "yes" if group.critical else "-") for group in profile.function_groups]
        self._screen.rows(("Function group", "Weight", "Critical"), groups)
        self._screen.sentence(
            "The score runs from 0 to 100, and 50 changes nothing. Above it the drone is compared as if it were cheaper "
            f"(a bonus), below it as if it were dearer (a malus), by {profile.cap_percent} % at most: its fictitious price. "
            "Where a group is critical, a country of concern or an unknown origin knocks a drone out."
        )

    def draft(self, supplier: Apos) -> tuple[OriginDeclaration, Score]:
        """It drafts its declaration, and asks what that would score."""
        drone = self._drone
        self._screen.step(
            "It drafts a declaration", "Every part of the made-up drone: where it is from, and what proves it."
        )
        whole = drone.statement.model_copy(update={"components": ()})
        empty = supplier.origin_declarations.draft(
            whole, supplier=drone.supplier["key"], challenge=drone.challenge, price=drone.price
        )
        draft = self.send_bill(supplier, empty)
        assemblies = {component.parent_key for component in drone.statement.components if component.parent_key}
        total = draft.total_component_cost
        self._screen.facts(
            ("drone", draft.system.name),
            ("components", f"{draft.component_count}, of which {len(assemblies)} are made of the others"),
            ("their cost", euros(total) if total else "not known"),
            ("price asked", euros(draft.price) if draft.price else "not known"),
        )
        self._screen.sentence("Before it signs, it asks for a preview, which stores nothing:")
        preview = self._preview(supplier, draft)
        scored = Scored(self._screen, preview, drone.names)
        scored.show_outcome()
        self._screen.sentence("What the score rests on:")
        scored.show_basis()
        return draft, preview

    def send_bill(self, supplier: Apos, draft: OriginDeclaration) -> OriginDeclaration:
        """It uploads its components as its spreadsheet saves them."""
        statement = self._drone.statement
        total = statement.total_component_cost.amount if statement.total_component_cost else ""
        bill = self._folder / BILL
        bill.write_bytes(bill_of(f"Stuklijst {draft.system.name}", statement.components, total))
        stored = supplier.origin_declarations.upload(draft.id, bill, etag=draft.etag)
        self._screen.sentence(f"It sends its bill of materials ({BILL}): Dutch headings, semicolons, decimal commas.")
        self._screen.facts(*report_facts(stored))
        if [each.key for each in statement.components] != [
            each.key for each in supplier.origin_declarations.components(draft.id)
        ]:
            raise Failed("the lines of the bill of materials should be those of the drone, and are not")
        return supplier.origin_declarations.find(draft.id)

    def submit(self, supplier: Apos, draft: OriginDeclaration, preview: Score) -> Score:
        """It signs; the score of that day is stored, with every reason."""
        self._screen.step("It submits", "Submitting is signing: from now on the declaration never changes.")
        score = self._sign(supplier, draft, preview)
        scored = Scored(self._screen, score, self._drone.names)
        scored.show_costliest()
        scored.show_knock_outs()
        scored.show_shares()
        if not score.knock_outs or score.fictitious_price is not None:
            raise Failed("the first revision should be knocked out, so that it has no fictitious price")
        return score

    def send_back(self, draft: OriginDeclaration) -> None:
        """The office returns it with remarks."""
        self._screen.step("The office returns it", self._drone.review.narrative)
        review = self._office.origin_declarations.review(
            draft.id, verdict="returned", narrative=self._drone.review.narrative, remarks=self._drone.review.remarks
        )
        names = self._drone.names
        self._screen.rows(
            ("Component", "Remark"), [(names[each.component_key], each.remark) for each in review.remarks]
        )

    def revise(self, supplier: Apos, returned: OriginDeclaration) -> tuple[OriginDeclaration, Score]:
        """The supplier starts from a copy of what it declared, and changes what was wrong."""
        self._screen.step("It revises", "A revision begins as a copy; the supplier changes what was asked, and more.")
        change = self._drone.revision
        draft = supplier.origin_declarations.revise(
            returned.id,
            price=change.price,
            system=change.system,
            total_component_cost=change.total_component_cost,
            dimensions=change.dimensions,
        )
        before = list(supplier.origin_declarations.components(draft.id))
        after = change.applied_to(before)
        stored = supplier.origin_declarations.replace_components(draft.id, after, etag=draft.etag)
        if (len(before), stored.component_count) != (returned.component_count, returned.component_count):
            raise Failed("the revision should begin with the components of what it revises, and does not")
        self._screen.rows(("Component", "Made in", "Licence", "Evidence"), _changed(before, after, change))
        self._screen.sentence("- is unknown. NONE: there is no foreign licence.")
        preview = self._preview(supplier, draft)
        self._screen.sentence(
            f"A preview of the revision: {preview.score} of 100, {len(preview.knock_outs)} knock-outs."
        )
        return draft, preview

    def submit_again(self, supplier: Apos, revised: OriginDeclaration, preview: Score, first: Score) -> Score:
        """The revision is signed and compared with the first."""
        self._screen.step("It submits the revision", "It stands beside the first, to see what the answers are worth.")
        second = self._sign(supplier, revised, preview)
        shares = [(score.origin_shares.edip, score.origin_shares.safe) for score in (first, second)]
        prices = [score.fictitious_price for score in (first, second)]
        self._screen.rows(
            ("", "First", "Revised"),
            [
                ("score of 100", first.score or "-", second.score or "-"),
                ("adjustment in %", first.adjustment_percent, second.adjustment_percent),
                ("knock-outs", str(len(first.knock_outs)), str(len(second.knock_outs))),
                ("fictitious price", *("none" if price is None else euros(price) for price in prices)),
                ("EDIP verdict", *(edip.verdict for edip, _ in shares)),
                ("SAFE verdict", *(safe.verdict for _, safe in shares)),
            ],
        )
        if Decimal(second.score or 0) <= Decimal(first.score or 0):
            raise Failed(f"the revision should score more than {first.score}, and scores {second.score}")
        if second.knock_outs or second.fictitious_price is None:
            raise Failed("nothing should knock the revision out, and something does")
        Scored(self._screen, second, self._drone.names).show_costliest()
        return second

    def accept(self, supplier: Apos, revised: OriginDeclaration) -> None:
        """The office accepts the revision, which takes the place of the first."""
        self._screen.step("The office accepts it", self._drone.acceptance.narrative)
        self.show_changes(revised)
        self._office.origin_declarations.review(
            revised.id, verdict="accepted", narrative=self._drone.acceptance.narrative
        )
        all_of_them = sorted(supplier.origin_declarations.each(), key=lambda each: each.revision)
        self._screen.rows(
            ("Revision", "Drone", "Status"),
            [(str(each.revision), f"{each.system.name} {each.system.version}", each.status) for each in all_of_them],
        )
        if [each.status for each in all_of_them] != ["superseded", "accepted"]:
            raise Failed("the revision should be accepted and the first superseded, and they are not")

    def show_changes(self, revised: OriginDeclaration) -> None:
        """What the revision changed, line by line, and what that did to the score."""
        changes = self._office.origin_declarations.changes(revised.id)
        if changes.effect is None or changes.effect.points.difference is None:
            raise Failed("the changes of the revision should tell their effect, and do not")
        lines, went = changes.lines, changes.effect.knock_outs.went.count
        self._screen.sentence(
            f"It sees what changed: {lines.changed.count} lines, {len(changes.system)} fields of the whole; "
            f"{Decimal(changes.effect.points.difference):+.2f} points, {went} knock-outs gone. What moved it most:"
        )
        most = sorted(lines.changed.items, key=lambda each: Decimal(each.points or 0), reverse=True)[:3]
        self._screen.rows(
            ("Component", "Points", "Changed"),
            [
                (each.name, f"{Decimal(each.points or 0):+.2f}", ", ".join(field.field for field in each.fields))
                for each in most
            ],
        )

    def look_ahead(self, supplier: Apos, revised: OriginDeclaration, score: Score) -> None:
        """What the score comes to when the evidence has expired; and the score as a file."""
        document = json.dumps(score.document(), indent=2, ensure_ascii=False)
        (self._folder / SCORE_JSON).write_text(f"{document}\n", encoding="utf-8")
        day = _last_expiry(list(supplier.origin_declarations.components(revised.id)))
        if day is None or day < score.reference_date:
            return
        later = supplier.origin_declarations.score(revised.id, reference_date=day + timedelta(days=1))
        self._screen.sentence(
            f"Evidence expires. Nothing is stored for it, but the service can say it: on {later.reference_date} the same "
            f"declaration comes to {later.score} instead of {score.score}, unless its proof is renewed."
        )
        if Decimal(later.score or 0) >= Decimal(score.score or 0):
            raise Failed("expired evidence should lower the score, and does not")

    def show_other(self, other: Apos, revised: OriginDeclaration) -> None:
        """Another supplier cannot tell that the declaration exists."""
        self._screen.step(
            "What another supplier sees of it", "Intelic is a supplier too; it takes no part in this challenge."
        )
        seen = list(other.origin_declarations.each())
        self._screen.sentence(f"It lists the declarations it may see: {len(seen)}.")
        if seen:
            raise Failed("another supplier should see no declaration, and sees one")
        self._screen.expect_refusal(
            NotFound, "It asks for this one by its id", lambda: other.origin_declarations.find(revised.id)
        )

    def _preview(self, supplier: Apos, draft: OriginDeclaration) -> Score:
        """What a draft would score today, on the profile of its challenge."""
        profile = supplier.challenges.scoring_profile(self._drone.challenge)
        components = supplier.origin_declarations.components(draft.id)
        return supplier.score_previews.ask(profile, draft.statement(components), price=draft.price)

    def _sign(self, supplier: Apos, draft: OriginDeclaration, preview: Score) -> Score:
        """Submits a draft, and reads the score that was stored with it, which is that of the preview."""
        submission = supplier.origin_declarations.submit(draft.id, self._drone.representative)
        score = supplier.origin_declarations.score(draft.id)
        # Midnight may have passed between the two, so that evidence has expired.
        if score.reference_date == preview.reference_date and score != preview:
            raise Failed("the stored score should be that of the preview, and is not")
        signed = submission.representative
        self._screen.facts(
            ("signed by", f"{signed.name}, {signed.function}"),
            ("score stored", f"{score.score} on {score.reference_date}"),
        )
        return score


def _changed(
    before: Sequence[Component], after: Sequence[Component], change: Revision
) -> list[tuple[str, str, str, str]]:
    """A row for each component that changes in its origin or its evidence."""
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if change.fields.get(new.key)]
    rows = [
        (
            new.name,
            _transition(old.country_of_manufacture, new.country_of_manufacture),
            _transition(old.licence_country, new.licence_country),
            _transition(_level(old), _level(new)),
        )
        for old, new in pairs
    ]
    return [row for row in rows if any(row[1:])]


def _level(component: Component) -> str | None:
    level = component.evidence.level if component.evidence else None
    return level and in_plain_words(level)


def _transition(old: str | None, new: str | None) -> str:
    """From one value to another, as `NL to DE`; empty where the value is the same."""
    return "" if old == new else f"{old or '-'} to {new or '-'}"


def _last_expiry(components: Sequence[Component]) -> date | None:
    days = [each.evidence.expires_on for each in components if each.evidence and each.evidence.expires_on]
    return max(days, default=None)
