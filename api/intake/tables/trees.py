"""Whether a table is an indented bill of materials, and its tree while lines are read."""

from collections.abc import Sequence
from typing import Any

from api.intake.heading_texts import ColumnRole
from api.intake.parsed import Note, ParsedFile
from api.intake.tables.columns import Headings
from api.intake.tables.contents import plain_text
from api.intake.tables.indentation import NOTE_MULTIPLIED, NOTE_PARENTS, Tree
from api.intake.tables.rows import Cell


class LineTree:
    """Places the lines of a table in the tree that one of its columns gives."""

    def __init__(self, headings: Headings, parsed: ParsedFile, index: int, *, by_level: bool) -> None:
        self._index = index
        self._parsed = parsed
        self._label = headings.labels[index]
        quantity, key = headings.columns["quantity"], headings.columns.get("key")
        multiplies = headings.meanings[quantity].role != ColumnRole.SYSTEM_QUANTITY
        self._may_qualify = key is not None and headings.meanings[key].role in (ColumnRole.ITEM, "partNumber")
        self._tree = Tree(self._label, by_level, multiplies, parsed.refused.append)

    @classmethod
    def of(cls, headings: Headings, parsed: ParsedFile) -> "LineTree | None":
        """The tree of a table, None where no column gives one, or one of parents gives it by itself."""
        if "quantity" not in headings.columns:
            return None
        if headings.level is not None:
            return cls(headings, parsed, headings.level, by_level=not headings.has_dotted_levels)
        if headings.items is None or "parentKey" in headings.columns:
            return None
        return cls(headings, parsed, headings.items, by_level=False)

    def place(self, row: int, cells: Sequence[Cell], component: dict[str, Any]) -> None:
        """Adds parent and quantity to a line."""
        text = plain_text(cells[self._index]) if self._index < len(cells) else ""
        self._tree.place(row, text, component, may_qualify_key=self._may_qualify)

    def finish(self) -> None:
        """Tells in the parsed file that the table was read as a tree, if it was."""
        if self._tree.parts:
            self._parsed.columns.setdefault("parentKey", self._label)
            detail = NOTE_MULTIPLIED if self._tree.multiplies else NOTE_PARENTS
            self._parsed.notes.append(Note(None, self._label, "quantity", detail))
