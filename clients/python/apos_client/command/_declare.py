"""`apos declare`: an origin declaration from a file, previewed, submitted, and what it scores."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from apos_client._client import Apos
from apos_client._models import OriginDeclaration, PublishedProfile, Representative
from apos_client.command._complaints import EXIT_CODES, WRONG_USE, exit_code, lines
from apos_client.command._declaration_file import DeclarationFile, read_declaration
from apos_client.command._given import ReferenceDate
from apos_client.command._score_report import score_report
from apos_client.command._session import AsJson, fail, print_json, service, show, show_line, told
from apos_client.errors import AposError, Unreachable

declare = typer.Typer(
    no_args_is_help=True, help="Declare what a system is made of, and read what it scores.", epilog=EXIT_CODES
)
File = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The declaration, as JSON or YAML")
]
LotOption = Annotated[str | None, typer.Option(help="The lot that it is for, by id or key; else as the file says")]
ChallengeOption = Annotated[str | None, typer.Option(help="The challenge that it is for; else as the file says")]
SupplierOption = Annotated[str | None, typer.Option(help="Whose it is, by id or key; else as the file says, or you")]
RevisesOption = Annotated[str | None, typer.Option(metavar="ID", help="The declaration that it revises")]
DraftOption = Annotated[
    str | None, typer.Option(metavar="ID", help="The draft: it becomes what the file says, or is signed as it is")
]
Declaration = Annotated[str, typer.Argument(metavar="DECLARATION", help="Its id")]
FOR_WHAT = "Say what it is for: --lot or --challenge, or one of them in the file."
WHAT = "Say what to submit: a FILE, or --draft with the id of a draft that is as it should be."
OF_A_FILE = "--supplier, --lot, --challenge and --revises are of a new draft: leave them out to submit one as it is."
REPEAT = "It may have been done all the same. Repeat the same command: it drafts once and submits once."
SIGNATURE = {
    "representative/name": "--name",
    "representative/function": "--function",
    "representative/email": "--email",
    "referenceDate": "--reference-date",
    "declarationId": "DECLARATION",
}


@declare.command(epilog=EXIT_CODES)
def preview(
    context: typer.Context,
    file: File,
    *,
    lot: LotOption = None,
    challenge: ChallengeOption = None,
    reference_date: ReferenceDate = None,
    as_json: AsJson = False,
) -> None:
    """What a declaration would score for its lot or challenge. Nothing is stored, and nobody else sees it."""
    with told():
        given = read_declaration(file).meant(lot=lot, challenge=challenge)
    with service(context, {f"declaration/{place}": name for place, name in given.places().items()} | SIGNATURE) as apos:
        profile = _profile(apos, given)
        score = apos.score_previews.ask(profile, given.statement, price=given.price, reference_date=reference_date)
    if as_json:
        print_json(score)
    else:
        show(lambda width: score_report(score, width))


@declare.command(epilog=EXIT_CODES)
def draft(
    context: typer.Context,
    file: File,
    *,
    supplier: SupplierOption = None,
    lot: LotOption = None,
    challenge: ChallengeOption = None,
    revises: RevisesOption = None,
    as_json: AsJson = False,
) -> None:
    """Draft a declaration, to go on with: give it its components with `upload`, and sign it with `submit --draft`.

    It is safe to repeat within 24 hours: the same file makes no second draft.
    """
    with told():
        given = read_declaration(file).meant(supplier=supplier, lot=lot, challenge=challenge, revises=revises)
    with service(context, {**given.places(), **SIGNATURE}, REPEAT) as apos:
        made = _drafted(apos, given)
    _show_draft(made, as_json=as_json)


@declare.command(epilog=EXIT_CODES)
def revise(context: typer.Context, declaration: Declaration, *, as_json: AsJson = False) -> None:
    """Draft the next revision of a returned or accepted declaration, which begins as a copy of it.

    It is safe to repeat within 24 hours.
    """
    with service(context, SIGNATURE, REPEAT) as apos:
        made = apos.origin_declarations.revise(declaration, idempotency_key=_same("revise", declaration))
    _show_draft(made, as_json=as_json)


@declare.command(epilog=EXIT_CODES)
def submit(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="The declaration; none with --draft, as it is"
        ),
    ] = None,
    *,
    name: Annotated[str, typer.Option(help="Who signs, authorised to do so")],
    function: Annotated[str, typer.Option(help="The function of who signs")],
    email: Annotated[str, typer.Option(help="The e-mail address of who signs")],
    supplier: SupplierOption = None,
    lot: LotOption = None,
    challenge: ChallengeOption = None,
    revises: RevisesOption = None,
    draft: DraftOption = None,
    as_json: AsJson = False,
) -> None:
    """Draft a declaration and submit it, which is signing it: from then on it never changes.

    It is safe to repeat within 24 hours: the same file makes no second draft, and is submitted once.
    """
    signed_by = Representative(name=name, function=function, email=email)
    given = _given(file, draft, supplier=supplier, lot=lot, challenge=challenge, revises=revises)
    places = {**(given.places() if given else {}), **SIGNATURE}
    with service(context, places, REPEAT) as apos:
        made = _made(apos, given, draft)
        with _standing(apos, made, file, places):
            submission = apos.origin_declarations.submit(
                made.id, signed_by, idempotency_key=_same("submit", str(made.id), signed_by.document())
            )
        submitted = apos.origin_declarations.find(made.id)
    if as_json:
        print_json({"declaration": submitted, "submission": submission})
        return
    show_line(f"Submitted: {submitted.system.name}, revision {submitted.revision}, signed by {name}.")
    show_line(f"Declaration {made.id}")
    show_line(f"Its score: apos declare score {made.id}")


@declare.command(epilog=EXIT_CODES)
def score(
    context: typer.Context,
    declaration: Declaration,
    *,
    reference_date: ReferenceDate = None,
    as_json: AsJson = False,
) -> None:
    """The score that was stored when it was submitted, or that of another day, and what costs the most."""
    with service(context, SIGNATURE) as apos:
        found = apos.origin_declarations.score(declaration, reference_date=reference_date)
    if as_json:
        print_json(found)
    else:
        show(lambda width: score_report(found, width))


def _show_draft(made: OriginDeclaration, *, as_json: bool) -> None:
    if as_json:
        print_json(made)
        return
    show_line(f"Drafted: {made.system.name}, revision {made.revision}, {made.component_count} components.")
    show_line(f"Declaration {made.id}")


def _given(file: Path | None, draft: str | None, **meant: str | None) -> DeclarationFile | None:
    """What the file declares as it was meant; None for a draft that is submitted as it is."""
    if file is None and draft is None:
        fail(WRONG_USE, WHAT)
    if file is None and any(each is not None for each in meant.values()):
        fail(WRONG_USE, OF_A_FILE)
    with told():
        return None if file is None else read_declaration(file).meant(**meant)


def _made(apos: Apos, given: DeclarationFile | None, draft: str | None) -> OriginDeclaration:
    if given is None:
        return apos.origin_declarations.find(draft or "")
    return _drafted(apos, given) if draft is None else _redrafted(apos, given, draft)


def _profile(apos: Apos, given: DeclarationFile) -> PublishedProfile:
    if (given.lot is None) == (given.challenge is None):
        fail(WRONG_USE, FOR_WHAT)
    if given.lot is not None:
        return apos.lots.scoring_profile(given.lot)
    return apos.challenges.scoring_profile(given.challenge or "")


def _drafted(apos: Apos, given: DeclarationFile) -> OriginDeclaration:
    if (given.lot is None) == (given.challenge is None):
        fail(WRONG_USE, FOR_WHAT)
    ids: dict[str, Any] = {
        "supplier": _supplier(apos, given.supplier),
        "lot": given.lot and apos.lots.find(given.lot).id,
        "challenge": given.challenge and apos.challenges.find(given.challenge).id,
        "revises": given.revises,
    }
    price = given.price and given.price.document()
    key = _same("draft", *(str(each) for each in ids.values()), given.statement.document(), price)
    return apos.origin_declarations.draft(given.statement, **ids, price=given.price, idempotency_key=key)


def _redrafted(apos: Apos, given: DeclarationFile, draft: str) -> OriginDeclaration:
    """The draft, changed to what the file says; what the file leaves out, the draft forgets.

    Only its components stay where the file does not speak of them, because they may come from a table.
    """
    seen = apos.origin_declarations.find(draft)
    said = type(given.statement).model_validate(given.statement.model_dump(by_alias=True))
    changed = apos.origin_declarations.change(
        seen.id,
        etag=seen.etag,
        price=given.price,
        system=said.system,
        total_component_cost=said.total_component_cost,
        design_authority=said.design_authority,
        dimensions=given.statement.dimensions,
    )
    if "components" in given.statement.model_fields_set:
        apos.origin_declarations.replace_components(seen.id, given.statement.components, etag=changed.etag)
    return changed


def _supplier(apos: Apos, name: str | None) -> UUID:
    if name is not None:
        return apos.suppliers.find(name).id
    seen = list(apos.suppliers.each())
    if len(seen) != 1:
        fail(WRONG_USE, "Say whose declaration it is: --supplier, or `supplier` in the file.")
    return seen[0].id


@contextmanager
def _standing(apos: Apos, made: OriginDeclaration, file: Path | None, options: dict[str, str]) -> Iterator[None]:
    """Says what stands where a draft was made and its submission refused, and how to go on."""
    try:
        yield
    except Unreachable:
        raise
    except AposError as error:
        words = lines(error, options)
        # An answer to a repeated command is that of its first time, so it is read again how it stands.
        with suppress(AposError):
            status = apos.origin_declarations.find(made.id).status
            words.append(f"The declaration {made.id} stands, as {status}.")
            if status == "draft" and file is not None:
                words.append(f"To go on with it, add --draft {made.id} to the same command; {file} is read again.")
        fail(exit_code(error), *words)


def _same(what: str, *content: object) -> str:
    """An idempotency key that is the same for the same content, so that a repeated command does nothing twice."""
    written = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return f"apos-{what}-{hashlib.sha256(written).hexdigest()}"
