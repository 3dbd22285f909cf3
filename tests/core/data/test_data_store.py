"""The store of data that documents name by their hash: what it finds again, forgets and refuses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from descentscape.core.data.store import Gone, MemoryStore, current_store, stored, use_store
from descentscape.core.errors import InvalidValue


@pytest.fixture
def store() -> Iterator[MemoryStore]:
    """A small store as the process's one, for one test."""
    small = MemoryStore(10)
    replaced = use_store(small)
    yield small
    use_store(replaced)


def test_content_is_found_by_its_sha256_and_kind(store: MemoryStore) -> None:
    sha256 = store.put("table", b"abc")
    assert sha256 == hashlib.sha256(b"abc").hexdigest()
    assert current_store() is store
    assert stored("table", sha256, "dataset.sha256") == b"abc"
    assert store.get("checkpoints", sha256) is None


def test_the_longest_unasked_content_makes_room(store: MemoryStore) -> None:
    first, second = store.put("table", b"aaaa"), store.put("table", b"bbbb")
    store.get("table", first)
    third = store.put("table", b"cccc")
    assert [store.get("table", key) for key in (first, second, third)] == [b"aaaa", None, b"cccc"]
    assert store.held == 8


def test_the_same_content_is_held_once(store: MemoryStore) -> None:
    assert store.put("table", b"aaaa") == store.put("table", b"aaaa")
    assert store.held == 4


def test_content_over_the_budget_is_refused_and_displaces_nothing(store: MemoryStore) -> None:
    kept = store.put("table", b"aaaa")
    with pytest.raises(InvalidValue, match="the table must be at most 10 bytes, got 11"):
        store.put("table", b"b" * 11)
    assert store.get("table", kept) == b"aaaa"


def test_a_budget_below_one_byte_is_refused() -> None:
    with pytest.raises(InvalidValue, match="budget must be at least 1 byte, got 0"):
        MemoryStore(0)


def test_gone_data_names_field_kind_and_hash(store: MemoryStore) -> None:
    sha256 = hashlib.sha256(b"never put").hexdigest()
    with pytest.raises(Gone, match=r"dataset.sha256 must be data .*: open the file again") as gone:
        stored("table", sha256, "dataset.sha256")
    assert (gone.value.kind, gone.value.sha256) == ("table", sha256)
    assert sha256[:12] in str(gone.value)


def test_threads_keep_the_sum_within_the_budget(store: MemoryStore) -> None:
    contents = [bytes([letter]) * 3 for letter in range(65, 91)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda content: store.put("table", content), contents * 4))
    left = [c for c in contents if store.get("table", hashlib.sha256(c).hexdigest()) == c]
    assert len(left) == 3
    assert store.held == 9
