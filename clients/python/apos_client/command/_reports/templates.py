"""The columns of a template on a terminal."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from apos_client._models import DeclarationTemplate
from apos_client.command._messages import printable

INDENT = 4


def template_report(template: DeclarationTemplate) -> RenderableType:
    """Each heading, and below it what the column is for, complete."""
    lines: list[RenderableType] = []
    for column in template.columns:
        needed = " (needed)" if column.required else ""
        lines += [Text.assemble((printable(column.heading), "bold"), needed)]
        lines += [Padding(Text(printable(column.help.en)), (0, 0, 0, INDENT))]
    return Group(*lines)
