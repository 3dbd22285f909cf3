"""Where a service keeps data, by its setting; Redis is spoken to through what stands for its client."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from descentscape.api.ops.errors import ProblemError
from descentscape.api.ops.settings import Settings
from descentscape.api.ops.stores import RedisStore, create_store, keep
from descentscape.core.data.folder_store import FolderStore
from descentscape.core.data.store import MemoryStore, use_store
from descentscape.core.errors import InvalidValue


class RedisError(Exception):
    pass


class Client:
    """The two commands that are asked of Redis, and when what they touch would expire."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.expires: dict[str, int] = {}
        self.answers = True

    def set(self, key: str, value: bytes, ex: int) -> None:
        self.getex(key, ex)
        self.kept[key] = value

    def getex(self, key: str, ex: int) -> bytes | None:
        if not self.answers:
            raise RedisError
        self.expires[key] = ex
        return self.kept.get(key)


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Client:
    client = Client()

    def from_url(url: str, **_: Any) -> Client:
        assert url == "redis://host/0"
        return client

    library = SimpleNamespace(RedisError=RedisError, Redis=SimpleNamespace(from_url=from_url))
    monkeypatch.setitem(sys.modules, "redis", library)
    return client


def test_memory_a_shared_folder_and_a_named_one(tmp_path: Path) -> None:
    assert isinstance(create_store(Settings(store_bytes=7), None), MemoryStore)
    shared = create_store(Settings(), tmp_path)
    assert isinstance(shared, FolderStore)
    assert shared.folder == tmp_path / "data"
    named = create_store(Settings(store=str(tmp_path / "named"), store_bytes=7), tmp_path)
    assert isinstance(named, FolderStore)
    assert (named.folder, named.budget) == (tmp_path / "named", 7)


def test_redis(redis: Client) -> None:
    store = create_store(Settings(store="redis://host/0", store_bytes=10, store_seconds=60), None)
    assert isinstance(store, RedisStore)
    sha256 = store.put("table", b"cells")
    assert store.get("table", sha256) == b"cells"
    assert redis.expires == {f"descentscape:table:{sha256}": 60}
    assert store.get("checkpoints", sha256) is None
    redis.kept[f"descentscape:table:{sha256}"] = b"other"
    assert store.get("table", sha256) is None
    with pytest.raises(InvalidValue, match="at most 10 bytes"):
        store.put("table", b"x" * 11)
    redis.answers = False
    with pytest.raises(ProblemError, match="does not answer"):
        store.get("table", sha256)


def test_without_its_library_redis_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(InvalidValue, match="pip install"):
        create_store(Settings(store="redis://host/0"), None)


@pytest.mark.parametrize(
    ("store", "words"),
    [
        ("/dev/null/store", "DESCENTSCAPE_STORE must be a folder that can be written to, or a Redis"),
        ("~nobody-has-this-home/store", "must be a folder that can be written to"),
        ("redis://:secret@host:port/0", r"must be an address like redis://host:6379/0, got 'host:port/0'"),
    ],
)
def test_a_store_that_cannot_be_is_refused_at_the_start(store: str, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        create_store(Settings(store=store), None)


def test_a_folder_that_takes_nothing_any_more_is_a_503(tmp_path: Path) -> None:
    replaced = use_store(FolderStore(tmp_path / "store"))
    try:
        (tmp_path / "store").rmdir()
        (tmp_path / "store").write_text("a file in its place")
        with pytest.raises(ProblemError, match="takes nothing") as refused:
            keep("table", b"cells")
        assert refused.value.status == 503
    finally:
        use_store(replaced)
