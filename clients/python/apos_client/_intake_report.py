"""The intake report: what the service read of a file of components, what it did not, and what is still to be answered.

It is the answer to every upload, and a refused upload carries it in its error. Lists name the first hundred things; the
counts count all.
"""

from apos_client._answers import Answer


class LineCounts(Answer):
    """Rows of a file: those read are those used, those ignored and those refused. A header is none of them."""

    read: int
    used: int
    ignored: int
    refused: int


class ReadColumn(Answer):
    """Which column a field is read from, as the user sees it: letter and heading."""

    field: str
    column: str


class IgnoredRow(Answer):
    """A row that is no component, and why: blank, title or total. Rows count from 1, as a spreadsheet does."""

    row: int
    why: str


class RefusedCell(Answer):
    """What cannot be used, and what would be right. In JSON the row is the place among the components, from 1."""

    row: int | None
    column: str | None
    field: str | None
    detail: str


class FieldCompleteness(Answer):
    """Of how many leaves a field is known; a leaf is a component without parts."""

    field: str
    known: int
    leaves: int


class OpenQuestion(Answer):
    """What a score asks and the components do not say: of how many leaves, and of which, the costliest ten first.

    The field `components` names the sub-assemblies whose parts are not all there by their author's own word.
    """

    field: str
    unanswered: int
    component_keys: tuple[str, ...]


class IntakeNote(Answer):
    """What was left unknown although the file says something of it, and why."""

    row: int | None
    column: str
    field: str
    detail: str


class IntakeReport(Answer):
    """What an intake read, and what it did not. `unread` are headings that say nothing to it."""

    format: str
    lines: LineCounts
    columns: tuple[ReadColumn, ...]
    unread: tuple[str, ...]
    ignored: tuple[IgnoredRow, ...]
    refused: tuple[RefusedCell, ...]
    notes: tuple[IntakeNote, ...]
    completeness: tuple[FieldCompleteness, ...]
    questions: tuple[OpenQuestion, ...]

    @property
    def is_usable(self) -> bool:
        """Whether an upload of the same file would be stored."""
        return self.lines.refused == 0 and not self.refused
