"""Origin declarations (herkomstverklaringen): drafted, changed, submitted, reviewed, revised and scored.

A declaration has no key of its own; it is named by its id.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Unpack
from uuid import UUID

from apos_client._connection import body_of
from apos_client._files import Progress, content_of, cyclonedx_type
from apos_client._keywords import ComponentFilters, DeclarationChanges, OriginDeclarationFilters, ReviewVerdict, Sorted
from apos_client._lists import ItemList, id_of
from apos_client._media_types import CSV, CYCLONEDX, CsvDialect
from apos_client._models import (
    Amount,
    Challenge,
    Component,
    Lot,
    OriginDeclaration,
    Remark,
    Representative,
    Review,
    RevisionChanges,
    Score,
    Statement,
    StoredComponents,
    Submission,
    Supplier,
    Waiver,
    WaiverConfirmation,
)
from apos_client._scoring.score_previews import Language

KEPT = {"supplier_id", "lot_id", "challenge_id", *DeclarationChanges.__annotations__}
"""What a revision takes over from the declaration that it revises."""


class OriginDeclarations(ItemList[OriginDeclaration]):
    """The declarations you may see: a supplier its own, an assessor those of what is assigned to it."""

    _path, _model, _key = "/origin-declarations", OriginDeclaration, None

    def each(self, **filters: Unpack[OriginDeclarationFilters]) -> Iterator[OriginDeclaration]:
        """Every declaration you may see, through all pages."""
        return self._each(filters)

    def draft(
        self,
        statement: Statement,
        *,
        supplier: UUID | str,
        lot: UUID | str | None = None,
        challenge: UUID | str | None = None,
        price: Amount | None = None,
        revises: UUID | str | None = None,
        idempotency_key: str | None = None,
    ) -> OriginDeclaration:
        """Draft a declaration for a lot or for a challenge, once, even if the answer is lost on the way.

        Supplier, lot and challenge are named by id or key. Nothing is final until the draft is submitted. `revises` is the id
        of the returned or accepted declaration that this one replaces; with `revise` you give only what changes.
        """
        parties = {
            "supplier_id": id_of(self._connection, "/suppliers", Supplier, supplier),
            "lot_id": lot and id_of(self._connection, "/lots", Lot, lot),
            "challenge_id": challenge and id_of(self._connection, "/challenges", Challenge, challenge),
        }
        body = {**statement.document(), **body_of({**parties, "price": price, "revises": revises})}
        return self._connection.add(self._path, body, OriginDeclaration, idempotency_key)

    def draft_from_cyclonedx(self, file: bytes, *, idempotency_key: str | None = None) -> OriginDeclaration:
        """Draft the declaration that a CycloneDX file (JSON or XML) describes, once; docs/cyclonedx.md says how it does.

        Raises BadInput with everything that is wrong in the file if a single line cannot be used; then nothing is stored.
        """
        return self._connection.add_file(self._path, file, cyclonedx_type(file), OriginDeclaration, idempotency_key)

    def as_cyclonedx(self, declaration: UUID | str) -> bytes:
        """A declaration with all its components as a CycloneDX file, from which the same declaration can be drafted."""
        path = f"{self._path}/{id_of(self._connection, self._path, OriginDeclaration, declaration, None)}"
        return self._connection.content(path, CYCLONEDX)

    def revise(
        self,
        declaration: UUID | str,
        *,
        components: Sequence[Component] | None = None,
        idempotency_key: str | None = None,
        **changes: Unpack[DeclarationChanges],
    ) -> OriginDeclaration:
        """Draft the next revision of a returned, accepted or withdrawn declaration, once.

        What you do not give stays as in the declaration that is revised, its components included. Raises Conflict if it
        cannot be revised.
        """
        before = self.find(declaration)
        new = {**changes, "revises": before.id}
        if components is not None:
            new["components"] = components
        kept = {name: getattr(before, name) for name in KEPT}
        return self._add({**kept, **new}, idempotency_key)

    def change(
        self,
        declaration: UUID | str,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **changes: Unpack[DeclarationChanges],
    ) -> OriginDeclaration:
        """Change what a draft says of the system as a whole. A part of `system` and the like that was never set stays.

        `etag` is that of the read you decided on: Stale is raised if somebody changed the draft since. Without `etag` it is
        read first. Raises Conflict once it was submitted.
        """
        return self._change(declaration, changes, etag, reason)

    def components(self, declaration: UUID | str, **filters: Unpack[ComponentFilters]) -> Iterator[Component]:
        """Every component of a declaration, in the order in which they were given."""
        return self._connection.each(self._path_to(declaration, "components"), Component, filters)

    def components_csv(self, declaration: UUID | str, *, dialect: CsvDialect | None = None) -> bytes:
        """Every component of a declaration as CSV, for a Dutch Excel with `excel-nl`; it can be uploaded again as it is."""
        return self._connection.content(self._path_to(declaration, "components"), CSV, dialect=dialect)

    def replace_components(
        self,
        declaration: UUID | str,
        components: Iterable[Component],
        *,
        etag: str | None = None,
        reason: str | None = None,
    ) -> StoredComponents:
        """Give a draft these components, and no others. `etag` is that of the declaration, as in `change`."""
        item, etag = self._id_and_etag(declaration, etag)
        path, body = f"{self._path}/{item}/components", body_of({"components": list(components)})
        return self._connection.replace(path, body, StoredComponents, etag=etag, reason=reason)

    def upload(
        self,
        declaration: UUID | str,
        file: Path | bytes,
        *,
        media_type: str | None = None,
        currency: str | None = None,
        rate: Decimal | str | None = None,
        rate_date: date | None = None,
        sheets: Sequence[str] = (),
        etag: str | None = None,
        reason: str | None = None,
        on_progress: Progress | None = None,
    ) -> StoredComponents:
        """Give a draft the components of a file, and no others: all lines of the file, or none.

        Raises BadInput if a line cannot be used; its `report` says which. The media type follows from the name of the file;
        bytes need one. `sheets` names those of a workbook to read, as one bill of materials; without it the first with headings
        is read. `on_progress` is called with the bytes sent, and with all there are. `etag` is as in `change`.
        Unit values in another currency need `currency`, `rate` (euros for one unit of it) and `rate_date`.
        """
        content = content_of(file, media_type, on_progress)
        item, etag = self._id_and_etag(declaration, etag)
        path = f"{self._path}/{item}/components"
        conversion = {"currency": currency, "rate": rate, "rate_date": rate_date}
        query = {**conversion, "sheet": list(sheets)}
        return self._connection.upload(path, content, StoredComponents, etag=etag, reason=reason, **query)

    def submit(
        self, declaration: UUID | str, representative: Representative, *, idempotency_key: str | None = None
    ) -> Submission:
        """Sign a draft and submit it, once: it never changes again, and its score of that day is stored with it.

        Raises Conflict if it was submitted before, and while no scoring profile is published.
        """
        path, body = self._path_to(declaration, "submissions"), body_of({"representative": representative})
        return self._connection.add(path, body, Submission, idempotency_key)

    def withdraw(
        self, declaration: UUID | str, *, reason: str | None = None, idempotency_key: str | None = None
    ) -> OriginDeclaration:
        """Withdraw a draft, or a submitted declaration that was not reviewed yet, once: it is no longer ranked.

        Raises Conflict once it was reviewed. Its series may go on with `revise`.
        """
        path, body = self._path_to(declaration, "withdrawals"), body_of({"reason": reason})
        return self._connection.add(path, body, OriginDeclaration, idempotency_key)

    def find_submission(self, declaration: UUID | str, submission: UUID | str) -> Submission:
        """A submission of a declaration, by its id. Raises NotFound."""
        return self._find_part(declaration, "submissions", Submission, submission)

    def submissions(self, declaration: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Submission]:
        """The submission of a declaration, if it was submitted."""
        return self._connection.each(self._path_to(declaration, "submissions"), Submission, paging)

    def review(
        self,
        declaration: UUID | str,
        *,
        verdict: ReviewVerdict,
        narrative: str,
        remarks: Sequence[Remark] = (),
        idempotency_key: str | None = None,
    ) -> Review:
        """Accept a submitted declaration, or return it with remarks on components, once."""
        body = body_of({"verdict": verdict, "narrative": narrative, "remarks": remarks})
        return self._connection.add(self._path_to(declaration, "reviews"), body, Review, idempotency_key)

    def find_review(self, declaration: UUID | str, review: UUID | str) -> Review:
        """A review of a declaration, by its id. Raises NotFound."""
        return self._find_part(declaration, "reviews", Review, review)

    def reviews(self, declaration: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Review]:
        """The review of a declaration, if it was reviewed."""
        return self._connection.each(self._path_to(declaration, "reviews"), Review, paging)

    def score(
        self, declaration: UUID | str, *, reference_date: date | None = None, language: Language | None = None
    ) -> Score:
        """The score that was stored at its submission, or that of another day, also in the future, as evidence expires.

        Raises Conflict for a draft.
        """
        path = self._path_to(declaration, "score")
        return self._connection.get(path, Score, language=language, reference_date=reference_date)

    def changes(
        self, declaration: UUID | str, *, against: UUID | str | None = None, limit: int | None = None
    ) -> RevisionChanges:
        """What a declaration changed of the one that it revises, or of an earlier one, and how that changes its score.

        It lists at most `limit` lines of each kind, up to 1000, those that change the score most first; counts cover all
        lines. Raises Conflict for a first revision.
        """
        path = self._path_to(declaration, "changes")
        return self._connection.get(path, RevisionChanges, against=against and str(against), limit=limit)

    def waive(
        self,
        declaration: UUID | str,
        *,
        component_key: str | None = None,
        dimension: str | None = None,
        authority: str,
        reason: str,
        expires_on: date,
        alternative_trajectory: str,
        idempotency_key: str | None = None,
    ) -> Waiver:
        """Propose that a concern (KO-1) of a submitted declaration does not count, at a component or in a dimension; once.

        It counts for nothing until another key confirms it (`confirm_waiver`). From then on every score takes it into
        account, on days up to `expires_on`. Raises Conflict if the score of today has no such knock-out.
        """
        place = {"code": "KO-1", "component_key": component_key, "dimension": dimension}
        grounds = {"authority": authority, "reason": reason, "alternative_trajectory": alternative_trajectory}
        body = body_of({**place, **grounds, "expires_on": expires_on})
        return self._connection.add(self._path_to(declaration, "waivers"), body, Waiver, idempotency_key)

    def confirm_waiver(self, waiver: UUID | str, *, idempotency_key: str | None = None) -> WaiverConfirmation:
        """Confirm a waiver that another key proposed, once; from then on it counts.

        Raises Conflict for one that you proposed yourself, that was confirmed already, or that has expired.
        """
        return self._connection.add(f"/waivers/{waiver}/confirmations", {}, WaiverConfirmation, idempotency_key)

    def waiver_confirmations(self, waiver: UUID | str, **paging: Unpack[Sorted]) -> Iterator[WaiverConfirmation]:
        """The confirmation of a waiver; none while it is only proposed."""
        return self._connection.each(f"/waivers/{UUID(str(waiver))}/confirmations", WaiverConfirmation, paging)

    def find_waiver_confirmation(self, waiver: UUID | str, confirmation: UUID | str) -> WaiverConfirmation:
        """The confirmation of a waiver, by its id. Raises NotFound."""
        path = f"/waivers/{UUID(str(waiver))}/confirmations/{UUID(str(confirmation))}"
        return self._connection.get(path, WaiverConfirmation)

    def find_waiver(self, declaration: UUID | str, waiver: UUID | str) -> Waiver:
        """A waiver of a declaration, by its id. Raises NotFound."""
        return self._find_part(declaration, "waivers", Waiver, waiver)

    def waivers(self, declaration: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Waiver]:
        """Every waiver of a knock-out of a declaration, proposed and expired ones included."""
        return self._connection.each(self._path_to(declaration, "waivers"), Waiver, paging)
