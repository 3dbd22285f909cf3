"""Data that documents name by their SHA-256: kept by the process, found again by what they are.

A document is small: a table or a recorded training run of more than a few kilobytes stands in it as the
hash of its content. The validation of the document and the computation both ask the one store of the process.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Literal, Protocol

from descentscape.core.errors import InvalidValue

StoredKind = Literal["table", "checkpoints"]

DEFAULT_BUDGET = 256 * 2**20
"""Bytes that the store of a process keeps unless its service says otherwise."""


class Gone(InvalidValue):
    """Stored data that a document names and that the store has no more.

    ``kind`` and ``sha256`` say which, so that a client can ask for the file again and know it by its hash.
    """

    def __init__(self, kind: StoredKind, sha256: str, field: str) -> None:
        super().__init__(field, "data that this service still has: open the file again", f"{sha256[:12]}…")
        self.kind = kind
        self.sha256 = sha256


class DataStore(Protocol):
    """Where the contents stand; every method may be called from several threads at once."""

    def put(self, kind: StoredKind, content: bytes) -> str:
        """Keep ``content`` and return its SHA-256 in hex; ``InvalidValue`` where it is over the bound."""
        ...

    def get(self, kind: StoredKind, sha256: str) -> bytes | None:
        """The content of this hash, or None where it was never put or had to make room."""
        ...


class MemoryStore:
    """A store in the memory of this process that forgets what was asked for the longest time ago.

    ``budget`` bounds the bytes of all contents together, and so each one's.
    """

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        if budget < 1:
            raise InvalidValue("budget", "at least 1 byte", budget)
        self.budget = budget
        self._contents: OrderedDict[tuple[StoredKind, str], bytes] = OrderedDict()
        self._held = 0
        self._lock = Lock()

    @property
    def held(self) -> int:
        """Bytes of the contents that are kept at this moment."""
        with self._lock:
            return self._held

    def put(self, kind: StoredKind, content: bytes) -> str:
        """Keep ``content`` and return its SHA-256 in hex; ``InvalidValue`` where it exceeds the budget."""
        if len(content) > self.budget:
            raise InvalidValue(f"the {kind}", f"at most {self.budget} bytes", len(content))
        sha256 = hashlib.sha256(content).hexdigest()
        key = (kind, sha256)
        with self._lock:
            if key not in self._contents:
                self._contents[key] = bytes(content)
                self._held += len(content)
            self._contents.move_to_end(key)
            while self._held > self.budget:
                _, oldest = self._contents.popitem(last=False)
                self._held -= len(oldest)
        return sha256

    def get(self, kind: StoredKind, sha256: str) -> bytes | None:
        """The content of this hash, which counts as asked for now; None where it is not kept."""
        key = (kind, sha256)
        with self._lock:
            content = self._contents.get(key)
            if content is not None:
                self._contents.move_to_end(key)
            return content


class _Process:
    """The one store of this process."""

    store: DataStore = MemoryStore()


def current_store() -> DataStore:
    """The store of this process: in its memory until `use_store` names another."""
    return _Process.store


def use_store(store: DataStore) -> DataStore:
    """Make ``store`` the store of this process, and return the one that it replaces."""
    replaced, _Process.store = _Process.store, store
    return replaced


def stored(kind: StoredKind, sha256: str, field: str) -> bytes:
    """The content that ``field`` of a document names by its hash; `Gone` where the store has it no more."""
    content = current_store().get(kind, sha256)
    if content is None:
        raise Gone(kind, sha256, field)
    return content
