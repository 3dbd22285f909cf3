"""What a table holds, as text for a terminal, and the experiment that learns it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from descentscape.core.data.tables.columns import shown
from descentscape.core.data.tables.examples import Choice, examples_of
from descentscape.core.data.tables.preview import preview
from descentscape.core.data.tables.table import Table
from descentscape.document.problem_size import TABLE_ROOM
from descentscape.readers.data_sets import COSTS, data_set_of, read_source
from descentscape.readers.rows import ReadTable

NAME_WIDTH = 24


def as_text(file: Path, target: str | None, inputs: Sequence[str] | None = None) -> tuple[str, ReadTable]:
    """A line for each column of a file, and sentences about what will be done; and the table itself.

    Raises InvalidValue where the target, or an input, is none of its columns.
    """
    name, read = read_source(file)
    told = preview(read.table, name, read.notes, TABLE_ROOM)
    chosen = read.table.column(target, "target").name if target else told["target"]
    asked = [read.table.column(each, f"inputs[{index}]").name for index, each in enumerate(inputs or ())]
    lines = [f"{name}: {told['rows']:,} rows, {len(told['columns'])} columns"]
    for column in told["columns"]:
        used = column["name"] in (asked or (*told["inputs"], told["target"]))
        mark = "target" if column["name"] == chosen else "input" if used else ""
        missing = f"{column['missing']:,} missing" if column["missing"] else ""
        about = "; ".join(filter(None, [missing, column["note"] if mark != "target" else ""]))
        label = f"{shown(column['name']):{NAME_WIDTH}} {column['kind']:9} {column['distinct']:7,} values"
        lines.append(f"  {mark:7} {label}  {about or ', '.join(column['examples'])}".rstrip())
    return "\n".join([*lines, *told["notes"]]), read


def experiment_of(
    name: str, table: Table, target: str | None, inputs: Sequence[str] | None
) -> dict[str, Any]:
    """An experiment that learns a table, whose cost fits the target; raises InvalidValue where none can."""
    dataset = data_set_of(name, table, target, inputs)
    choice = Choice(dataset["target"], None if inputs is None else tuple(inputs))
    task = examples_of(table, choice, TABLE_ROOM).data.task
    return {"problem": {"dataset": dataset, "cost": COSTS[task]}}
