"""Origin declarations (herkomstverklaringen): drafted, changed, submitted, reviewed, revised, and what they score.

A declaration has no key of its own; it is named by its id.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Unpack
from uuid import UUID

from apos_client._base import Answer
from apos_client._exchange import Exchange, sent
from apos_client._files import CSV, CYCLONEDX, Progress, sending
from apos_client._keywords import ComponentFilters, DeclarationChanges, OriginDeclarationFilters, ReviewVerdict, Sorted
from apos_client._lists import find, held, id_of
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
)
from apos_client._scores import Language

PATH = "/origin-declarations"


class OriginDeclarations:
    """The declarations you may see: a supplier its own, an assessor those of what is assigned to it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[OriginDeclarationFilters]) -> Iterator[OriginDeclaration]:
        """Every declaration you may see, through all pages."""
        return self._exchange.each(PATH, OriginDeclaration, filters)

    def find(self, declaration: UUID | str) -> OriginDeclaration:
        """The declaration with this id. Raises NotFound, also for one that you may not see."""
        return find(self._exchange, PATH, OriginDeclaration, declaration, None)

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
        """Draft a declaration for a lot or for a challenge, once, also when the answer is lost on the way.

        Supplier, lot and challenge are named by id or key. Nothing is final until it is submitted. `revises` is the id of the
        returned or accepted declaration that this one takes the place of; `revise` does that by what changes.
        """
        body = {
            **statement.document(),
            "supplierId": str(id_of(self._exchange, "/suppliers", Supplier, supplier)),
            "lotId": lot and str(id_of(self._exchange, "/lots", Lot, lot)),
            "challengeId": challenge and str(id_of(self._exchange, "/challenges", Challenge, challenge)),
            "price": price and price.document(),
            "revises": revises and str(revises),
        }
        return self._exchange.add(PATH, body, OriginDeclaration, idempotency_key)

    def draft_from_cyclonedx(self, file: bytes, *, idempotency_key: str | None = None) -> OriginDeclaration:
        """Draft the declaration that a CycloneDX file tells all of, once; docs/cyclonedx.md says how it does.

        Raises BadInput, with everything that is wrong in it, where one line cannot be used; then nothing is stored.
        """
        return self._exchange.add_file(PATH, file, CYCLONEDX, OriginDeclaration, idempotency_key)

    def as_cyclonedx(self, declaration: UUID | str) -> bytes:
        """A declaration with all its components as a CycloneDX file; drafted from again, it is the same declaration."""
        return self._exchange.content(self._path(declaration), CYCLONEDX)

    def revise(
        self,
        declaration: UUID | str,
        *,
        components: Sequence[Component] | None = None,
        idempotency_key: str | None = None,
        **changes: Unpack[DeclarationChanges],
    ) -> OriginDeclaration:
        """Draft the next revision of a returned or accepted declaration, once.

        What is not given is that of the one revised, its components included. Raises Conflict where it cannot be revised.
        """
        before = self.find(declaration)
        kept = before.document()
        body = {name: kept.get(name) for name in ("supplierId", "lotId", "challengeId", *_STATED)}
        body |= {**_sent(changes), "revises": str(before.id)}
        if components is not None:
            body["components"] = [component.document() for component in components]
        return self._exchange.add(PATH, body, OriginDeclaration, idempotency_key)

    def change(
        self,
        declaration: UUID | str,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **changes: Unpack[DeclarationChanges],
    ) -> OriginDeclaration:
        """Change what a draft says of the system as a whole. What was never set within `system` and the like stays.

        `etag` is that of the read you decided on: Stale is raised when somebody changed it since. Without it the declaration
        is read just before. Raises Conflict once it was submitted.
        """
        found, etag = held(self._exchange, PATH, OriginDeclaration, declaration, etag=etag, by=None)
        return self._exchange.change(f"{PATH}/{found}", _sent(changes), OriginDeclaration, etag=etag, reason=reason)

    def components(self, declaration: UUID | str, **filters: Unpack[ComponentFilters]) -> Iterator[Component]:
        """Every component of a declaration, in the order in which they were given."""
        return self._exchange.each(f"{self._path(declaration)}/components", Component, filters)

    def components_csv(self, declaration: UUID | str) -> bytes:
        """Every component of a declaration as a table, which can be uploaded again as it is."""
        return self._exchange.content(f"{self._path(declaration)}/components", CSV)

    def replace_components(
        self,
        declaration: UUID | str,
        components: Iterable[Component],
        *,
        etag: str | None = None,
        reason: str | None = None,
    ) -> StoredComponents:
        """Give a draft these components, and no others. `etag` is that of the declaration, as in `change`."""
        found, etag = held(self._exchange, PATH, OriginDeclaration, declaration, etag=etag, by=None)
        body = {"components": [component.document() for component in components]}
        return self._exchange.replace(f"{PATH}/{found}/components", body, StoredComponents, etag=etag, reason=reason)

    def upload(
        self,
        declaration: UUID | str,
        file: Path | bytes,
        *,
        media_type: str | None = None,
        etag: str | None = None,
        reason: str | None = None,
        on_progress: Progress | None = None,
    ) -> StoredComponents:
        """Give a draft the components of a file, and no others: all of its lines, or none.

        Raises BadInput where a line cannot be used, and `report` says which. The media type follows from the name, bytes need
        one; `on_progress` is told bytes sent, and of how many. `etag` is that of the declaration, as in `change`.
        """
        content = sending(file, media_type, on_progress)
        found, etag = held(self._exchange, PATH, OriginDeclaration, declaration, etag=etag, by=None)
        return self._exchange.upload(f"{PATH}/{found}/components", content, StoredComponents, etag=etag, reason=reason)

    def submit(
        self, declaration: UUID | str, representative: Representative, *, idempotency_key: str | None = None
    ) -> Submission:
        """Sign a draft and submit it, once: it never changes again, and its score of that day is stored with it.

        Raises Conflict where it was submitted before, and where there is no scoring profile yet.
        """
        body = {"representative": representative.document()}
        return self._exchange.add(f"{self._path(declaration)}/submissions", body, Submission, idempotency_key)

    def submissions(self, declaration: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Submission]:
        """The submission of a declaration, if it was submitted."""
        return self._exchange.each(f"{self._path(declaration)}/submissions", Submission, paging)

    def review(
        self,
        declaration: UUID | str,
        *,
        verdict: ReviewVerdict,
        narrative: str,
        remarks: Sequence[Remark] = (),
        idempotency_key: str | None = None,
    ) -> Review:
        """Accept a submitted declaration, or return it with remarks per component, once."""
        body = {"verdict": verdict, "narrative": narrative, "remarks": [remark.document() for remark in remarks]}
        return self._exchange.add(f"{self._path(declaration)}/reviews", body, Review, idempotency_key)

    def reviews(self, declaration: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Review]:
        """The review of a declaration, if it was reviewed."""
        return self._exchange.each(f"{self._path(declaration)}/reviews", Review, paging)

    def score(
        self, declaration: UUID | str, *, reference_date: date | None = None, language: Language | None = None
    ) -> Score:
        """The score stored at its submission, or that of another day, the future too, because evidence expires.

        Raises Conflict for a draft.
        """
        path = f"{self._path(declaration)}/score"
        return self._exchange.read(path, Score, language=language, reference_date=reference_date)

    def changes(
        self, declaration: UUID | str, *, against: UUID | str | None = None, limit: int | None = None
    ) -> RevisionChanges:
        """What a declaration changed of the one that it revises, or of an earlier one, and what that does to its score.

        At most `limit` lines of each kind, up to 1000, those first that move the score most; counts are whole. Raises
        Conflict for a first revision.
        """
        path = f"{self._path(declaration)}/changes"
        return self._exchange.read(path, RevisionChanges, against=against and str(against), limit=limit)

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
        """Record that a concern (KO-1) of a submitted declaration does not count, at one component or in one dimension; once.

        Every score that is shown has it from now on, on days up to `expires_on`. Raises Conflict where today's score has no
        such knock-out.
        """
        place = {"component_key": component_key, "dimension": dimension}
        why = {"authority": authority, "reason": reason, "alternative_trajectory": alternative_trajectory}
        body = sent({"code": "KO-1", **place, **why, "expires_on": expires_on})
        return self._exchange.add(f"{self._path(declaration)}/waivers", body, Waiver, idempotency_key)

    def waivers(self, declaration: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Waiver]:
        """Every waiver of a declaration's knock-outs, expired ones included."""
        return self._exchange.each(f"{self._path(declaration)}/waivers", Waiver, paging)

    def _path(self, declaration: UUID | str) -> str:
        return f"{PATH}/{id_of(self._exchange, PATH, OriginDeclaration, declaration, None)}"


_STATED = {
    "price": "price",
    "system": "system",
    "totalComponentCost": "total_component_cost",
    "designAuthority": "design_authority",
    "dimensions": "dimensions",
}


def _sent(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes in the service's own names."""
    return {name: _document(changes[field]) for name, field in _STATED.items() if field in changes}


def _document(given: Answer | Sequence[Answer] | None) -> Any:
    if given is None or isinstance(given, Answer):
        return given and given.document()
    return [each.document() for each in given]
