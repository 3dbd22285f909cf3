"""The store in a folder: shared, bounded, the longest unasked first, and nothing in it trusted."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from descentscape.core.data.folder_store import FolderStore
from descentscape.core.errors import InvalidValue


def age(store: FolderStore, sha256: str, seconds: int) -> None:
    os.utime(store.folder / f"table-{sha256}", (seconds, seconds))


def test_what_one_puts_another_of_the_same_folder_gets(tmp_path: Path) -> None:
    one, other = FolderStore(tmp_path / "data"), FolderStore(tmp_path / "data")
    sha256 = one.put("table", b"cells")
    assert sha256 == hashlib.sha256(b"cells").hexdigest()
    assert other.get("table", sha256) == b"cells"
    assert other.get("checkpoints", sha256) is None
    assert other.held == 5


def test_the_longest_unasked_goes_first(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, 10)
    first, second = store.put("table", b"aaaa"), store.put("table", b"bbbb")
    age(store, first, 1000)
    age(store, second, 2000)
    assert store.get("table", first) == b"aaaa"
    store.put("table", b"cccc")
    assert store.get("table", first) == b"aaaa"
    assert store.get("table", second) is None
    assert store.held == 8
    with pytest.raises(InvalidValue, match="at most 10 bytes, got 11"):
        store.put("table", b"x" * 11)


def test_nothing_in_the_folder_is_trusted(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    sha256 = store.put("table", b"cells")
    (tmp_path / f"table-{sha256}").write_bytes(b"other")
    assert store.get("table", sha256) is None
    assert store.put("table", b"cells") == sha256
    assert store.get("table", sha256) == b"cells"
    assert store.get("table", "../../etc/passwd") is None


def test_what_is_not_the_stores_own_is_neither_counted_nor_removed(tmp_path: Path) -> None:
    mine = [tmp_path / name for name in ("my-thesis.docx", "table-of-contents.md", f"table-{'A' * 64}", "-")]
    for file in mine:
        file.write_bytes(b"years of work")
    left = tmp_path / ".new-abandoned"
    left.write_bytes(b"x" * 10)
    store = FolderStore(tmp_path, 10)
    assert store.held == 10
    sha256 = store.put("table", b"cells")
    assert store.get("table", sha256) == b"cells"
    assert all(file.read_bytes() == b"years of work" for file in mine)
    assert not left.exists()


def test_a_full_disk_is_made_room_on_where_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path, 1000)
    old, new = store.put("table", b"a" * 40), store.put("table", b"b" * 40)
    age(store, old, 1000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10))
    store._make_room(91)  # more than there ever is
    assert store.held == 80
    store.put("table", b"c" * 45)
    assert store.get("table", old) is None
    assert store.get("table", new) == b"b" * 40


def test_a_folder_that_was_removed_is_made_anew(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "temporary" / "data")
    shutil.rmtree(tmp_path / "temporary")
    assert store.get("table", store.put("table", b"cells")) == b"cells"
