"""Merged cells of a sheet: the value of an area within one column holds for all rows that it covers.

An area over several columns says only what its first cell says; what it covers is empty. Areas come after the rows in the
file, so they are searched for before the rows are read. The time is in proportion to the number of covered cells, which is
limited.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from api.intake.parsed import UnreadableFile
from api.intake.tables.archives import Archive
from api.intake.tables.rows import MAX_COLUMNS, MAX_ROWS, Cell, column_index, is_empty

_MERGED = re.compile(rb'<(?:[A-Za-z0-9]+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"')
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_OVERLAP = 256
_MAX_MERGED = 20_000
_MAX_COVERED = 2_000_000


@dataclass(slots=True)
class MergedArea:
    """An area of merged cells; rows are counted from 1, columns from 0. `value` is that of its first cell, once it is read."""

    top: int
    left: int
    bottom: int
    right: int
    value: Cell = ""

    @property
    def is_one_column(self) -> bool:
        """Whether it covers rows of one column only."""
        return self.left == self.right


@dataclass(slots=True)
class MergedCells:
    """The merged cells of a sheet, applied to its rows, which must come in order."""

    areas: list[MergedArea]
    _next: int = 0
    _active: list[MergedArea] = field(default_factory=list)

    def apply(self, row: int, cells: list[Cell]) -> None:
        """Empties the covered cells of a row, and gives those within one column the value of their area.

        A row of which nothing else is filled in stays blank.
        """
        while self._next < len(self.areas) and self.areas[self._next].top <= row:
            self._active.append(self.areas[self._next])
            self._next += 1
        if not self._active:
            return
        self._active = [area for area in self._active if area.bottom >= row]
        covered = [area for area in self._active if not self._begins(area, row, cells)]
        if covered and not all(map(is_empty, cells)):
            for area in covered:
                if area.is_one_column:
                    _put(cells, area.left, area.value)

    @staticmethod
    def _begins(area: MergedArea, row: int, cells: list[Cell]) -> bool:
        """Empties what an area covers of a row; whether it is the row that its value stands in."""
        is_first = row == area.top
        for index in range(area.left + is_first, min(area.right + 1, len(cells))):
            cells[index] = ""
        if is_first and area.left < len(cells):
            area.value = cells[area.left]
        return is_first


def _put(cells: list[Cell], index: int, value: Cell) -> None:
    if value != "" and index < MAX_COLUMNS:
        cells += [""] * (index + 1 - len(cells))
        cells[index] = value


def merged_areas(archive: Archive, part: str) -> list[tuple[int, int, int, int]]:
    """The merged areas of a sheet within what is read, from the top down: top, left, bottom and right.

    Raises UnreadableFile where they are too many, or cover too much.
    """
    found: set[tuple[bytes, bytes]] = set()
    rest = b""
    for piece in archive.pieces(part):
        rest += piece
        found.update(match.groups() for match in _MERGED.finditer(rest))  # type: ignore[misc]  # two groups
        rest = rest[-_OVERLAP:]
        _refuse_many(len(found))
    areas = sorted(_areas(found))
    MergedLimit().add(areas)
    return areas


def covered_by(area: tuple[int, int, int, int]) -> int:
    """How many cells of those that are read an area covers."""
    top, left, bottom, right = area
    if top > MAX_ROWS or left > MAX_COLUMNS:
        return 0
    return (min(bottom, MAX_ROWS) - top + 1) * (min(right, MAX_COLUMNS) - left + 1)


@dataclass(slots=True)
class MergedLimit:
    """How many merged areas, and cells within them, there were so far."""

    _areas: int = 0
    _covered: int = 0

    def add(self, areas: Sequence[tuple[int, int, int, int]]) -> None:
        """Counts further areas. Raises UnreadableFile where they are too many."""
        self._areas += len(areas)
        self._covered += sum(map(covered_by, areas))
        _refuse_many(self._areas)
        if self._covered > _MAX_COVERED:
            raise UnreadableFile(f"the merged cells of the file cover more than {_MAX_COVERED} cells; unmerge them")


def _refuse_many(areas: int) -> None:
    if areas > _MAX_MERGED:
        raise UnreadableFile(f"the file has more than {_MAX_MERGED} merged cells; unmerge them")


def _areas(found: set[tuple[bytes, bytes]]) -> Iterator[tuple[int, int, int, int]]:
    for first, last in found:
        top, bottom = _ADDRESS.fullmatch(first.decode()), _ADDRESS.fullmatch(last.decode())
        if top and bottom:
            area = (int(top[2]), column_index(top[1])), (int(bottom[2]), column_index(bottom[1]))
            (row, column), (last_row, last_column) = area
            if row <= MAX_ROWS and column < MAX_COLUMNS:
                # Cut off where nothing is read, as each row costs time for each area that it is in.
                yield row, column, min(last_row, MAX_ROWS), min(last_column, MAX_COLUMNS - 1)
