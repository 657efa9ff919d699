"""`apos declare`: what a system is made of, from a file to a signed declaration, and how it scores."""

import typer

from apos_client.command._declare.changes import changes
from apos_client.command._declare.components import check, upload
from apos_client.command._declare.drafts import draft, revise, submit, withdraw
from apos_client.command._declare.export import export
from apos_client.command._declare.scores import preview, score
from apos_client.command._declare.templates import templates
from apos_client.command._declare.what_if import SetsOfComponents, what_if
from apos_client.command._messages import EXIT_CODES

declare = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Declare what a system is made of, and read its score.",
    epilog=EXIT_CODES,
)
for _command in (preview, draft, revise, submit, withdraw, score, check, upload, templates, export, changes):
    declare.command(epilog=EXIT_CODES)(_command)
declare.command(cls=SetsOfComponents, epilog=EXIT_CODES)(what_if)
