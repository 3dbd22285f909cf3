"""Where compiled code is kept: by what it is made from, wherever that lies and whenever it was written."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

import numba
from numba.core import event
from numba.misc.appdirs import AppDirs

_config = cast("Any", numba.config)
_app_dirs = cast("Any", AppDirs)


class BySources:
    """What Numba asks for the place of a function's compiled code: a cache locator.

    Its own would compile a function anew when its file was touched or moved, but not when another file has
    changed that it calls functions of.
    """

    def __init__(self, function: Any) -> None:
        self._digest, self._line = function.made_from, function.__code__.co_firstlineno

    @classmethod
    def from_function(cls, function: Any, _file: str) -> BySources:
        """The locator of a function that `kept_by_sources` has marked."""
        return cls(function)

    def ensure_cache_path(self) -> None:
        """Nothing: the folder is there."""

    def get_cache_path(self) -> str:
        """The folder of the digest of its sources."""
        return str(_folder(_config.CACHE_DIR, self._digest))

    def get_source_stamp(self) -> str:
        """The digest once more."""
        return str(self._digest)

    def get_disambiguator(self) -> str:
        """The line where the function stands, since others may have its name."""
        return str(self._line)


@contextmanager
def kept_by_sources(function: Any, sources: Iterable[Path]) -> Iterator[None]:
    """Within it, what Numba makes of the function is kept by the digest of its own file and other sources."""
    function.made_from = _digest(tuple(sorted({Path(function.__code__.co_filename), *sources})))
    before = _config.CACHE_LOCATOR_CLASSES
    _config.CACHE_LOCATOR_CLASSES = f"{BySources.__module__}.{BySources.__qualname__}"
    try:
        yield
    finally:
        _config.CACHE_LOCATOR_CLASSES = before


class NotKept(Exception):  # noqa: N818 - it says what is the case
    """A function would have to be compiled."""


class _Refusal(event.Listener):
    def on_start(self, _: object) -> None:
        raise NotKept

    def on_end(self, _: object) -> None:
        """Nothing: it has not begun."""


@contextmanager
def only_what_is_kept() -> Iterator[None]:
    """Within it, calling a function that is not kept for this processor and these versions raises NotKept."""
    with event.install_listener("numba:compile", _Refusal()):
        yield


@cache
def _digest(sources: tuple[Path, ...]) -> str:
    return hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()[:16]


@cache
def _folder(chosen: str, digest: str) -> Path:
    """The first folder that can be written to: of the one chosen, one beside the sources, and the user's.

    Without any, one of this process alone: code that others may write to must not be read.
    """
    homes = (Path(__file__).parent / "__pycache__", Path(_app_dirs("descentscape", False).user_cache_dir))
    for home in (Path(chosen), *homes) if chosen else homes:
        folder = home / digest
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        return folder
    return Path(tempfile.mkdtemp(prefix="descentscape-"))
