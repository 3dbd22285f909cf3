"""The service in processes that cannot take this machine down: their memory is capped and watched."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from bench.isolated import ROOT

ADDRESS_SPACE = 12 << 30
"""Bytes that the process may address: compiled code and thread stacks reserve far more than they use."""

RESIDENT = 4 << 30
"""Bytes in use at which it is ended: more than twice what the service promises to keep to."""

GLANCE = 0.02
"""Seconds between two looks at its memory."""

LOG = 64 << 20
"""Bytes of a log that are looked at."""


class Capped:
    """A service on one port, which may be killed and started again; Linux alone tells its memory so."""

    def __init__(self, settings: dict[str, str] | None = None) -> None:
        sys.path.insert(0, str(ROOT / "tests"))
        from browser.service import free_port

        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._settings = settings or {}
        self._log = Path(tempfile.mkstemp(suffix=".log")[1])
        self._process: subprocess.Popen[bytes] | None = None
        self.peak = 0

    def start(self) -> None:
        from browser.service import wait_until_ready

        environment = {**os.environ, "PORT": str(self.port), "NO_BROWSER": "1", **self._settings}
        environment["PYTHONPATH"] = str(ROOT / "backend")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "descentscape", "serve"],
                env=environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        _cap(self._process.pid)
        wait_until_ready(self.address, self._process)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def resident(self) -> int:
        """Bytes in use by all of its processes; 0 where it has ended."""
        return sum(map(_resident, self._processes()))

    def descriptors(self) -> int:
        return sum(len(list((each / "fd").iterdir())) for each in self._processes())

    def threads(self) -> int:
        return sum(len(list((each / "task").iterdir())) for each in self._processes())

    def tracebacks(self) -> int:
        """How many the log has so far."""
        with self._log.open("rb") as log:
            return log.read(LOG).count(b"Traceback (most recent call last)")

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note its peak until the block ends, and end it before it takes what others need."""
        over, self.peak = Event(), self.resident()

        def watch() -> None:
            while not over.wait(GLANCE):
                self.peak = max(self.peak, self.resident())
                if self.peak > RESIDENT:
                    self.kill()
                    return

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def kill(self) -> None:
        """End it without notice, and wait until the last of its processes has given the port back."""
        if self._process is not None:
            processes = self._processes()
            self._process.kill()
            self._process.wait(timeout=60)
            while any(map(_resident, processes)):
                time.sleep(GLANCE)

    def restart(self) -> None:
        self.kill()
        self.start()

    def close(self) -> None:
        self.kill()
        self._log.unlink(missing_ok=True)

    def _processes(self) -> list[Path]:
        """The process that was started and those that it has started."""
        assert self._process is not None
        first = self._process.pid
        try:
            others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        except OSError:
            others = []
        return [Path("/proc", str(each)) for each in (first, *others)]


def _resident(process: Path) -> int:
    try:
        return int((process / "statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


@contextmanager
def capped(settings: dict[str, str] | None = None) -> Iterator[Capped]:
    """A service until the block ends, at rest: all that is made once is made."""
    service = Capped(settings)
    service.start()
    try:
        yield service
    finally:
        service.close()


def at_rest(service: Capped, seconds: float = 30.0) -> int:
    """Its bytes in use once they have stood still for a second."""
    before, deadline = service.resident(), time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(1)
        now = service.resident()
        if abs(now - before) < 1 << 20:
            break
        before = now
    return service.resident()


def _cap(process: int) -> None:
    """From outside: of the bench, whose peers have threads, nothing may run in a forked process."""
    resource.prlimit(process, resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.prlimit(process, resource.RLIMIT_CORE, (0, 0))
