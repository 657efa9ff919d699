"""Arguments and options that several commands of `apos declare` have, and the names of the fields that they fill."""

from pathlib import Path
from typing import Annotated

import typer

DeclarationFileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The declaration, as JSON or YAML")
]
DeclarationId = Annotated[str, typer.Argument(metavar="DECLARATION", help="Its id")]
LotOption = Annotated[
    str | None, typer.Option(help="The lot that it is for, by id or key; by default that of the file")
]
ChallengeOption = Annotated[str | None, typer.Option(help="The challenge that it is for; by default that of the file")]
SupplierOption = Annotated[
    str | None, typer.Option(help="The supplier, by id or key; by default that of the file, or yourself")
]
RevisesOption = Annotated[str | None, typer.Option(metavar="ID", help="The declaration that it revises")]
LOT_OR_CHALLENGE = "Say what it is for: give --lot or --challenge, or one of them in the file."
FIELDS = {
    "representative/name": "--name",
    "representative/function": "--function",
    "representative/email": "--email",
    "referenceDate": "--reference-date",
    "declarationId": "DECLARATION",
}
