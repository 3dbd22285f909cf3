"""Data that documents name, kept in a folder: shared by processes, and there after a restart."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import get_args

from descentscape.core.data.store import DEFAULT_BUDGET, StoredKind
from descentscape.core.errors import InvalidValue

HASH_LENGTH = 64

BEGUN = ".new-"
"""How the name of a file begins that is being written."""

_OWN = re.compile(rf"{re.escape(BEGUN)}\w+|({'|'.join(get_args(StoredKind))})-[0-9a-f]{{{HASH_LENGTH}}}")
"""The names of the store's files: whatever else lies in the folder is somebody's, and stays."""


class FolderStore:
    """A store whose contents are files, named by their kind and hash, the longest unasked of which make room.

    When a file was asked for is its time of modification. ``budget`` and the room on the disk bound the bytes
    of all files together. Nothing in the folder is trusted: what does not have the hash of its name counts as
    gone. The folder is made anew where it is missing, as one for temporary files may be after some days.
    """

    def __init__(self, folder: Path, budget: int = DEFAULT_BUDGET) -> None:
        if budget < 1:
            raise InvalidValue("budget", "at least 1 byte", budget)
        self.folder, self.budget = folder, budget
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def held(self) -> int:
        """Bytes of the files that are kept at this moment."""
        return sum(size for _, size, _ in self._files())

    def put(self, kind: StoredKind, content: bytes) -> str:
        """Keep ``content`` and return its SHA-256 in hex; ``InvalidValue`` where it exceeds the budget."""
        if len(content) > self.budget:
            raise InvalidValue(f"the {kind}", f"at most {self.budget} bytes", len(content))
        sha256 = hashlib.sha256(content).hexdigest()
        if self.get(kind, sha256) is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_room(len(content))
            self._write(self._file(kind, sha256), content)
        return sha256

    def get(self, kind: StoredKind, sha256: str) -> bytes | None:
        """The content of this hash, which counts as asked for now; None where it is not kept."""
        if len(sha256) != HASH_LENGTH or not sha256.isalnum():
            return None
        file = self._file(kind, sha256)
        try:
            if file.stat().st_size > self.budget:
                return None
            content = file.read_bytes()
        except OSError:
            return None
        if hashlib.sha256(content).hexdigest() != sha256:
            return None
        with suppress(OSError):
            os.utime(file)
        return content

    def _file(self, kind: StoredKind, sha256: str) -> Path:
        return self.folder / f"{kind}-{sha256}"

    def _write(self, file: Path, content: bytes) -> None:
        """All at once: no other process reads a part of it."""
        with NamedTemporaryFile(dir=self.folder, prefix=BEGUN, delete=False) as fresh:
            try:
                fresh.write(content)
                fresh.close()
                Path(fresh.name).replace(file)
            except BaseException:
                Path(fresh.name).unlink(missing_ok=True)
                raise

    def _make_room(self, nbytes: int) -> None:
        files = sorted(self._files())
        held = sum(size for _, size, _ in files)
        most = min(self.budget, held + shutil.disk_usage(self.folder).free)
        for _, size, file in (
            files if nbytes <= most else []
        ):  # where it has no room at all, nothing goes for it
            if held + nbytes <= most:
                return
            with suppress(OSError):
                file.unlink()
            held -= size

    def _files(self) -> list[tuple[int, int, Path]]:
        """When each file was asked for, its bytes, and its path; those of other processes come and go."""
        found = []
        for file in self.folder.glob("*-*"):
            if not _OWN.fullmatch(file.name):
                continue
            with suppress(OSError):
                about = file.stat()
                found.append((about.st_mtime_ns, about.st_size, file))
        return found
