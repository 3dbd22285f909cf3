"""The examples of tables that documents name, made once for each choice and held while they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from descentscape.core.data.store import stored
from descentscape.core.data.tables.examples import Choice, Room, TableExamples, examples_of
from descentscape.core.data.tables.table import Column, hash_of, make_table, table_of

HELD = 8
"""Sets of examples that are held: a few megabytes each at most."""


class _Held:
    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, Choice, Room], TableExamples] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, Choice, Room]) -> TableExamples | None:
        with self._lock:
            if (found := self._known.get(key)) is not None:
                self._known.move_to_end(key)
            return found

    def put(self, key: tuple[str, Choice, Room], found: TableExamples) -> None:
        with self._lock:
            self._known[key] = found
            while len(self._known) > HELD:
                self._known.popitem(last=False)


_HELD = _Held()


def chosen_examples(
    columns: Sequence[Column] | None, sha256: str | None, choice: Choice, room: Room
) -> TableExamples:
    """The examples of the table of these columns, or of the stored one with this hash.

    Raises `Gone` under ``sha256`` where the store has it no more, InvalidValue as `make_table` and
    `examples_of` do.
    """
    table = None if columns is None else make_table(columns)
    key = (hash_of(table) if table is not None else str(sha256), choice, room)
    if (found := _HELD.get(key)) is None:
        table = table or table_of(stored("table", key[0], "sha256"))
        found = examples_of(table, choice, room)
        _HELD.put(key, found)
    return found
