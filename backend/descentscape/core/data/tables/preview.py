"""What a table looks like before anything is learnt from it: its columns, and what is done about each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from descentscape.core.data.tables.cells import is_missing
from descentscape.core.data.tables.columns import ColumnContent, read_column, shown
from descentscape.core.data.tables.examples import Choice, Room, examples_of, task_of
from descentscape.core.data.tables.table import Table, content_of
from descentscape.core.errors import InvalidValue

EXAMPLES, SAMPLE_ROWS = 5, 5

CARRIED = 4096
"""Bytes of the columns of a table that a document, and so a link, carries itself."""

TARGET_NAMES = (
    *("target", "label", "labels", "class", "classes", "y", "species", "outcome", "diagnosis", "category"),
    *("result", "survived", "quality", "price", "grade"),
)
"""Names that a column to predict often has, in lower case."""


def preview(table: Table, name: str, notes: Sequence[str], room: Room) -> dict[str, Any]:
    """The facts of a table, a guess of target, inputs and task, and five rows, as plain values.

    ``notes`` say what was done in reading it; what a data set of the guess would do beside is added.
    ``content`` has the columns with all cells where they are few enough for a document to carry them.
    """
    content = content_of(table)
    contents = [read_column(column, table) for column in table.columns]
    target = guess_target(contents)
    inputs = [content.name for content in contents if content.usable and content.name != target]
    guessed = next((content for content in contents if content.name == target), None)
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "name": name,
        "rows": table.rows,
        "columns": [_column(table, content) for content in contents],
        "target": target,
        "inputs": inputs,
        "task": task_of(guessed) if guessed else None,
        "notes": [*notes, *_consequences(table, target, inputs, room, contents)],
        "sample": [_row(table, row) for row in range(table.rows)[:SAMPLE_ROWS]],
        "content": json.loads(content) if len(content) <= CARRIED else None,
    }


def _row(table: Table, row: int) -> list[str]:
    return [shown(column.cells[row]) for column in table.columns]


def guess_target(contents: Sequence[ColumnContent]) -> str | None:
    """The column to predict: by its name, else the last usable one; None where none is."""
    usable = [content for content in contents if content.usable]
    named = [content.name for content in usable if content.name.strip().lower() in TARGET_NAMES]
    others = [content.name for content in usable if content.kind != "date"] or [each.name for each in usable]
    return next(reversed(named or others), None)


def _column(table: Table, content: ColumnContent) -> dict[str, Any]:
    cells = table.column(content.name, "name").cells
    different = dict.fromkeys(shown(cell) for cell in cells[:1000] if not is_missing(cell))
    return {
        "name": content.name,
        "kind": content.kind,
        "missing": int(content.missing.sum()),
        "distinct": content.distinct,
        "examples": list(different)[:EXAMPLES],
        "note": content.note,
    }


def _consequences(
    table: Table, target: str | None, inputs: Sequence[str], room: Room, contents: Sequence[ColumnContent]
) -> list[str]:
    if target is None:
        return ["No column can be predicted: none has several values."]
    if not inputs:
        return [f"Beside ‘{shown(target)}’ there is no column that is taken as an input."]
    try:
        return list(examples_of(table, Choice(target), room, {each.name: each for each in contents}).notes)
    except InvalidValue as error:
        return [f"With the target ‘{shown(target)}’ as guessed: {error}."]
