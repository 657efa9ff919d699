"""`apos declare draft`, `revise`, `submit` and `withdraw`: an origin declaration from a file, as a draft and signed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from apos_client.command._declare.arguments import (
    FIELDS,
    LOT_OR_CHALLENGE,
    ChallengeOption,
    DeclarationFileArgument,
    DeclarationId,
    LotOption,
    RevisesOption,
    SupplierOption,
)
from apos_client.command._messages import WRONG_USE, exit_code, message
from apos_client.command._session import (
    AsJson,
    environment_of,
    errors_as_messages,
    fail,
    print_json,
    service,
    show_line,
)
from apos_client.errors import AposError, Unreachable

if TYPE_CHECKING:
    from apos_client import Apos, OriginDeclaration
    from apos_client.command._declare.declaration_file import DeclarationFile

FILE_OR_DRAFT = "Say what to submit: a FILE, or --draft with the id of a draft that is ready."
ONLY_WITH_FILE = (
    "--supplier, --lot, --challenge and --revises are for a new draft: leave them out to submit one as it is."
)
REPEAT = (
    "It may have been done all the same. Repeat it with --repeat {key}, within 24 hours: then nothing is done twice."
)
RepeatOption = Annotated[
    str | None,
    typer.Option(
        "--repeat", metavar="KEY", help="Go on with an earlier run whose answer was lost, by the key that it named"
    ),
]


def draft(
    context: typer.Context,
    file: DeclarationFileArgument,
    *,
    supplier: SupplierOption = None,
    lot: LotOption = None,
    challenge: ChallengeOption = None,
    revises: RevisesOption = None,
    repeat: RepeatOption = None,
    as_json: AsJson = False,
) -> None:
    """Draft a declaration. Then give it components with `upload`, and sign it with `submit --draft`.

    Each run makes a draft of its own.
    """
    run = repeat or environment_of(context).new_run()
    with errors_as_messages():
        declared = _read(file, supplier=supplier, lot=lot, challenge=challenge, revises=revises)
    with service(context, {**declared.places(), **FIELDS}, REPEAT.format(key=run)) as apos:
        made = _as_it_is_now(apos, _draft(apos, declared, run), repeat)
    _show_draft(made, as_json=as_json)


def revise(
    context: typer.Context, declaration: DeclarationId, *, repeat: RepeatOption = None, as_json: AsJson = False
) -> None:
    """Draft the next revision of a declaration.

    The declaration has to be returned or accepted; the revision begins as a copy of it.
    """
    run = repeat or environment_of(context).new_run()
    with service(context, FIELDS, REPEAT.format(key=run)) as apos:
        made = apos.origin_declarations.revise(declaration, idempotency_key=f"{run}-revise")
        made = _as_it_is_now(apos, made, repeat)
    _show_draft(made, as_json=as_json)


def withdraw(
    context: typer.Context,
    declaration: DeclarationId,
    *,
    reason: Annotated[str | None, typer.Option(help="Why, for the audit trail")] = None,
    repeat: RepeatOption = None,
    as_json: AsJson = False,
) -> None:
    """Withdraw a draft, or a submitted declaration that was not reviewed yet: it is no longer ranked."""
    run = repeat or environment_of(context).new_run()
    with service(context, {**FIELDS, "reason": "--reason"}, REPEAT.format(key=run)) as apos:
        withdrawn = apos.origin_declarations.withdraw(declaration, reason=reason, idempotency_key=f"{run}-withdraw")
    if as_json:
        print_json(withdrawn)
    else:
        show_line(f"Withdrawn: {withdrawn.system.name}, revision {withdrawn.revision}.\nDeclaration {withdrawn.id}")


def submit(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The declaration; else that of --draft"),
    ] = None,
    *,
    name: Annotated[str, typer.Option(help="The person who signs, and is authorised to")],
    function: Annotated[str, typer.Option(help="The function of that person")],
    email: Annotated[str, typer.Option(help="The e-mail address of that person")],
    supplier: SupplierOption = None,
    lot: LotOption = None,
    challenge: ChallengeOption = None,
    revises: RevisesOption = None,
    draft: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The draft to submit; with FILE it is changed to what the file says"),
    ] = None,
    repeat: RepeatOption = None,
    as_json: AsJson = False,
) -> None:
    """Draft a declaration and submit it. That is signing it: from then on it never changes.

    Each run with a FILE makes a draft of its own, unless --draft names one.
    """
    from apos_client import Representative

    run = repeat or environment_of(context).new_run()
    representative = Representative(name=name, function=function, email=email)
    declared = _declared(file, draft, supplier=supplier, lot=lot, challenge=challenge, revises=revises)
    options = {**(declared.places() if declared else {}), **FIELDS}
    with service(context, options, REPEAT.format(key=run)) as apos:
        made = _draft_to_submit(apos, declared, draft, run)
        with _draft_in_message(apos, made, file, options):
            submission = apos.origin_declarations.submit(made.id, representative, idempotency_key=f"{run}-submit")
        submitted = apos.origin_declarations.find(made.id)
    if as_json:
        print_json({"declaration": submitted, "submission": submission})
    else:
        _show_submitted(submitted, name)


def _show_submitted(submitted: OriginDeclaration, signatory: str) -> None:
    show_line(f"Submitted: {submitted.system.name}, revision {submitted.revision}, signed by {signatory}.")
    show_line(f"Declaration {submitted.id}")
    show_line(f"Its score: apos declare score {submitted.id}")


def _show_draft(made: OriginDeclaration, *, as_json: bool) -> None:
    if as_json:
        print_json(made)
        return
    show_line(f"Drafted: {made.system.name}, revision {made.revision}, {made.component_count} components.")
    show_line(f"Declaration {made.id}")


def _read(file: Path, **options: str | None) -> DeclarationFile:
    from apos_client.command._declare.declaration_file import read_declaration

    return read_declaration(file).with_options(**options)


def _declared(file: Path | None, draft: str | None, **options: str | None) -> DeclarationFile | None:
    """What the file and the options declare; None for a draft that is submitted as it is."""
    if file is None and draft is None:
        fail(WRONG_USE, FILE_OR_DRAFT)
    if file is None and any(option is not None for option in options.values()):
        fail(WRONG_USE, ONLY_WITH_FILE)
    with errors_as_messages():
        return None if file is None else _read(file, **options)


def _draft_to_submit(apos: Apos, declared: DeclarationFile | None, draft: str | None, run: str) -> OriginDeclaration:
    if declared is None:
        return apos.origin_declarations.find(draft or "")
    return _draft(apos, declared, run) if draft is None else _change_draft(apos, declared, draft)


def _draft(apos: Apos, declared: DeclarationFile, run: str) -> OriginDeclaration:
    if (declared.lot is None) == (declared.challenge is None):
        fail(WRONG_USE, LOT_OR_CHALLENGE)
    ids: dict[str, Any] = {
        "supplier": _supplier(apos, declared.supplier),
        "lot": declared.lot and apos.lots.find(declared.lot).id,
        "challenge": declared.challenge and apos.challenges.find(declared.challenge).id,
        "revises": declared.revises,
    }
    key = f"{run}-draft"
    return apos.origin_declarations.draft(declared.statement, **ids, price=declared.price, idempotency_key=key)


def _change_draft(apos: Apos, declared: DeclarationFile, draft: str) -> OriginDeclaration:
    """Changes a draft to what the file says; what the file leaves out is removed.

    Only the components stay if the file does not have any, because they may come from a table.
    """
    before = apos.origin_declarations.find(draft)
    # A copy in which every field is set, so that those that the file leaves out are sent as null.
    statement = type(declared.statement).model_validate(declared.statement.model_dump(by_alias=True))
    changed = apos.origin_declarations.change(
        before.id,
        etag=before.etag,
        price=declared.price,
        system=statement.system,
        total_component_cost=statement.total_component_cost,
        design_authority=statement.design_authority,
        dimensions=declared.statement.dimensions,
    )
    if "components" in declared.statement.model_fields_set:
        apos.origin_declarations.replace_components(before.id, declared.statement.components, etag=changed.etag)
    return changed


def _supplier(apos: Apos, name: str | None) -> UUID:
    if name is not None:
        return apos.suppliers.find(name).id
    visible = list(apos.suppliers.each())
    if len(visible) != 1:
        fail(WRONG_USE, "Say whose declaration it is: give --supplier, or `supplier` in the file.")
    return visible[0].id


@contextmanager
def _draft_in_message(
    apos: Apos, made: OriginDeclaration, file: Path | None, options: dict[str, str]
) -> Iterator[None]:
    """If the submission of a draft is refused, the message says what became of the draft and how to go on."""
    try:
        yield
    except Unreachable:
        raise
    except AposError as error:
        lines = message(error, options)
        # A repeated run gets the answer to its first one, so the present status is read again.
        with suppress(AposError):
            status = apos.origin_declarations.find(made.id).status
            lines.append(f"The declaration {made.id} is stored, with the status {status}.")
            if status == "draft" and file is not None:
                lines.append(f"To go on with it, add --draft {made.id} to the same command; {file} is read again.")
        fail(exit_code(error), *lines)


def _as_it_is_now(apos: Apos, made: OriginDeclaration, repeated: str | None) -> OriginDeclaration:
    """A draft; that of a repeated run is read again, because the repeated answer is as old as its first run."""
    return made if repeated is None else apos.origin_declarations.find(made.id)
