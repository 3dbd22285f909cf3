"""Where a service keeps the data that documents name: memory, a folder, or Redis, by its setting."""

from __future__ import annotations

import hashlib
import logging
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from descentscape.api.ops.errors import EXHAUSTED, ProblemError
from descentscape.api.ops.settings import PREFIX, Settings
from descentscape.core.data.folder_store import FolderStore
from descentscape.core.data.store import DataStore, MemoryStore, StoredKind, current_store
from descentscape.core.errors import InvalidValue

REDIS = ("redis://", "rediss://", "unix://")

REDIS_SECONDS = 5.0
"""How long an answer of Redis is waited for."""

_log = logging.getLogger("descentscape")


class RedisStore:
    """A store in Redis, which all replicas of a service share.

    Each content goes ``seconds`` after it was asked for last, and earlier where Redis itself is told to make
    room (``maxmemory-policy allkeys-lru``); ``budget`` bounds one content. ``client`` is a ``redis.Redis``.
    """

    def __init__(self, client: Any, budget: int, seconds: int) -> None:
        self._client, self._budget, self._seconds = client, budget, seconds

    def put(self, kind: StoredKind, content: bytes) -> str:
        """Keep ``content`` and return its SHA-256 in hex; ``InvalidValue`` where it exceeds the budget."""
        if len(content) > self._budget:
            raise InvalidValue(f"the {kind}", f"at most {self._budget} bytes", len(content))
        sha256 = hashlib.sha256(content).hexdigest()
        self._asked("set", _key(kind, sha256), content, ex=self._seconds)
        return sha256

    def get(self, kind: StoredKind, sha256: str) -> bytes | None:
        """The content of this hash, which counts as asked for now; None where it is not kept."""
        content = self._asked("getex", _key(kind, sha256), ex=self._seconds)
        whole = isinstance(content, bytes) and hashlib.sha256(content).hexdigest() == sha256
        return content if whole else None

    def _asked(self, command: str, *args: Any, **options: Any) -> Any:
        """What Redis answers; a 503 where it does not."""
        try:
            return getattr(self._client, command)(*args, **options)
        except (OSError, import_module("redis").RedisError) as error:
            raise _failing("does not answer") from error


def _key(kind: StoredKind, sha256: str) -> str:
    return f"descentscape:{kind}:{sha256}"


def _failing(how: str) -> ProblemError:
    message = f"The store of this service {how}: come back later."
    return ProblemError(503, message, headers={"Retry-After": "10"})


def keep(kind: StoredKind, content: bytes) -> None:
    """Keep a content in the store of this process; raises ProblemError (503) where that takes nothing."""
    try:
        current_store().put(kind, content)
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        _log.error("the store takes nothing", extra={"reason": str(error)})
        raise _failing("takes nothing") from error


def create_store(settings: Settings, shared: Path | None) -> DataStore:
    """The store that the settings name; else memory, or the folder that several processes share.

    Raises InvalidValue where the settings name none that can be.
    """
    if settings.store.startswith(REDIS):
        return _redis(settings)
    if settings.store:
        return _folder(settings)
    if shared is not None:
        return FolderStore(shared / "data", settings.store_bytes)
    return MemoryStore(settings.store_bytes)


def _folder(settings: Settings) -> FolderStore:
    try:
        store = FolderStore(Path(settings.store).expanduser(), settings.store_bytes)
    except (OSError, RuntimeError):  # as Python calls a home that nobody has
        store = None
    if store is None or not os.access(store.folder, os.W_OK | os.X_OK):
        raise InvalidValue(f"{PREFIX}STORE", "a folder that can be written to, or a Redis", settings.store)
    return store


def _redis(settings: Settings) -> RedisStore:
    place = settings.store.rpartition("@")[2]  # without the password
    try:
        redis = import_module("redis")
        client = redis.Redis.from_url(
            settings.store, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        )
    except ImportError:
        words = "a folder, as the redis package is not installed (pip install 'descentscape[redis]')"
        raise InvalidValue(f"{PREFIX}STORE", words, place) from None
    except ValueError:
        raise InvalidValue(f"{PREFIX}STORE", "an address like redis://host:6379/0", place) from None
    return RedisStore(client, settings.store_bytes, settings.store_seconds)
