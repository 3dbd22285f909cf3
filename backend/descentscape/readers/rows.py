"""Rows of cells become a table: a header, equally many cells a row, a sample where rows are too many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice

import numpy as np

from descentscape.core.data.tables.cells import is_missing, numbers
from descentscape.core.data.tables.columns import shown
from descentscape.core.data.tables.table import (
    KEPT_CELLS,
    MAX_CELL,
    MAX_COLUMN_NAME,
    MAX_TABLE_COLUMNS,
    MAX_TABLE_ROWS,
    Column,
    Table,
    make_table,
)
from descentscape.core.errors import InvalidValue

GLANCE = 20
"""Rows below the first that tell whether that is a header."""

MOST_TITLES = 5
"""Lines that may stand above a header."""

Row = Sequence[str]


@dataclass(frozen=True, eq=False)
class ReadTable:
    """A table that was read, and in sentences what was done in reading it."""

    table: Table
    notes: tuple[str, ...]


def table_of_rows(
    rows: Iterable[Row], notes: Sequence[str] = (), names: Sequence[str] | None = None
) -> ReadTable:
    """The table of rows of text, of which the first may be a header unless there are names; none is empty.

    Above a header there may be lines of one cell, such as a title: they are left out.

    Of more rows than `KEPT_CELLS` allow a sample is drawn, always the same one. Raises InvalidValue, naming
    row (1 is the first) and column, for rows of unlike lengths, and for what is beyond the bounds.
    """
    numbered = ((number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row))
    first = list(islice(numbered, GLANCE + 1))
    if not first:
        raise InvalidValue("the table", "of at least one row with something in it", 0)
    said = list(notes)
    above = 0 if names is not None else _titles(first)
    if above:
        said.append(_left_out([row[0] for _, row in first[:above]]))
        first = first[above:]
    if names is not None:
        names = _names(names)
    elif _is_header(first, width := _width(first)):
        names = _names(first[0][1][:width])
        first = first[1:]
    else:
        names = [f"column {index + 1}" for index in range(width)]
        said.append("The first row holds numbers as the others do: the columns are named by their place.")
    width = len(names)
    if not first:
        raise InvalidValue("the table", "of at least one row below its header", 0)
    checked = _checked(chain(first, numbered), names, "header" if above else "first row")
    kept, total = _sample(checked, max(1, KEPT_CELLS // width))
    if len(kept) < total:
        said.append(f"{len(kept):,} of {total:,} rows are kept, drawn at random with seed 0.")
    columns = [Column(name, [row[index] for row in kept]) for index, name in enumerate(names)]
    whole = [column for column in columns if column.name or any(map(str.strip, column.cells))]
    return ReadTable(make_table(_named(whole)), tuple(said))


def _titles(rows: Sequence[tuple[int, Row]]) -> int:
    """How many of the first rows are no part of the table: a cell alone, above a header of several."""
    count = 0
    while count < len(rows) and _stands_alone(rows[count][1]):
        count += 1
    rest = rows[count:]
    if not 0 < count <= MOST_TITLES or len(rest) < 2 or not _is_header(rest, width := _width(rest)):
        return 0
    # Of two columns of words the second may be one without a name.
    return (
        count
        if width > 2 or any(map(_is_of_numbers, zip(*(row for _, row in rest[1:]), strict=False)))
        else 0
    )


def _stands_alone(row: Row) -> bool:
    """Whether the first cell of a row is the only one that holds anything."""
    return bool(row[0].strip()) and not any(cell.strip() for cell in row[1:])


def _is_of_numbers(cells: Sequence[str]) -> bool:
    return numbers([cell for cell in cells if not is_missing(cell)] or [""]) is not None


def _left_out(titles: Sequence[str]) -> str:
    lines = ", ".join(f"‘{shown(title)}’" for title in titles)
    return f"{lines} above the header {'is' if len(titles) == 1 else 'are'} left out."


def _width(rows: Sequence[tuple[int, Row]]) -> int:
    """As many columns as the first row has, those at its end without a name and without a cell left out."""
    width = len(rows[0][1])
    while width > 1 and not any(row[width - 1].strip() for _, row in rows if len(row) >= width):
        width -= 1
    if width > MAX_TABLE_COLUMNS:
        raise InvalidValue("row 1", f"of at most {MAX_TABLE_COLUMNS} columns", width)
    return width


def _is_header(rows: Sequence[tuple[int, Row]], width: int) -> bool:
    """Whether the first row names the columns: where the cells below one are numbers, its own is none."""
    below = [row for _, row in rows[1:] if len(row) >= width]
    for index in range(width):
        cells = [row[index] for row in below if not is_missing(row[index])]
        own = rows[0][1][index]
        if cells and numbers(cells) and not is_missing(own):
            return numbers([own]) is None
    return bool(below) or not any(numbers([cell]) for cell in rows[0][1][:width] if not is_missing(cell))


def _names(cells: Row) -> list[str]:
    """The header's names, tidied, long ones cut, and those given twice numbered."""
    tidy = [" ".join("".join(c if c.isprintable() else " " for c in cell).split()) for cell in cells]
    cut = [name if len(name) <= MAX_COLUMN_NAME - 5 else name[: MAX_COLUMN_NAME - 6] + "…" for name in tidy]
    taken, names = set(cut), list[str]()
    for name in cut:
        if name and name in names:
            name = next(each for place in count(2) if (each := f"{name} ({place})") not in taken)
            taken.add(name)
        names.append(name)
    return names


def _named(columns: Sequence[Column]) -> list[Column]:
    """The columns, those without a name called by their place."""
    taken = {column.name for column in columns}
    named = []
    for index, column in enumerate(columns, 1):
        free = (each for place in count(index) if (each := f"column {place}") not in taken)
        name = column.name or next(free)
        taken.add(name)
        named.append(Column(name, column.cells))
    return named


def _checked(rows: Iterable[tuple[int, Row]], names: Sequence[str], like: str) -> Iterator[Row]:
    width = len(names)
    for number, row in rows:
        if len(row) != width and (len(row) < width or any(cell.strip() for cell in row[width:])):
            raise InvalidValue(f"row {number}", f"of {width} cells, as the {like} is", len(row))
        if max(map(len, row)) > MAX_CELL:
            index = next(index for index, cell in enumerate(row) if len(cell) > MAX_CELL)
            name = names[index] if index < width and names[index] else str(index + 1)
            constraint = f"at most {MAX_CELL:,} characters long"
            raise InvalidValue(f"row {number}, column ‘{shown(name)}’,", constraint, len(row[index]))
        yield [cell.strip() for cell in row[:width]]


def _sample(rows: Iterable[Row], most: int) -> tuple[list[Row], int]:
    """At most so many rows in their order, each as likely as any other, and how many there were."""
    kept: list[tuple[int, Row]] = []
    rng, total = np.random.default_rng(0), 0
    for row in rows:
        if total >= MAX_TABLE_ROWS:
            raise InvalidValue("the table", f"of at most {MAX_TABLE_ROWS:,} rows", "more")
        if len(kept) < most:
            kept.append((total, row))
        elif (place := int(rng.integers(total + 1))) < most:
            kept[place] = (total, row)
        total += 1
    kept.sort(key=lambda each: each[0])
    return [row for _, row in kept], total
