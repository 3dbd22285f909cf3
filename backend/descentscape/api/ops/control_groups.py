"""The share of the machine that Linux leaves to this process: limits of memory and of processors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from descentscape.core.parallel import available

ROOT = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")


def memory_limit(root: Path = ROOT, own: Path = OWN) -> int | None:
    """The least limit in bytes of the process's own group and those around it; None without any."""
    limits = [
        int(text)
        for folder in _groups(root, own, "memory")
        for name in ("memory.max", "memory.limit_in_bytes")
        if (text := _text(folder / name)).isdecimal()
    ]
    # Version 1 says of no limit the largest number that it knows.
    return min((limit for limit in limits if limit < 1 << 60), default=None)


def processors(root: Path = ROOT, own: Path = OWN) -> float | None:
    """How many processors' time the process may take; None without a limit."""
    quotas = []
    for folder in _groups(root, own, "cpu"):
        one = _text(folder / "cpu.max") or (
            f"{_text(folder / 'cpu.cfs_quota_us')} {_text(folder / 'cpu.cfs_period_us')}"
        )
        quota, _, period = one.partition(" ")
        if quota.isdecimal() and period.isdecimal() and int(period):
            quotas.append(int(quota) / int(period))
    return min(quotas, default=None)


def cores() -> int:
    """The cores that the process may use at once, its limits counted; at least 1."""
    return max(1, min(available(), int(processors() or available())))


def _groups(root: Path, own: Path, controller: str) -> Iterator[Path]:
    """The folders of the process's group and of those around it, in both versions."""
    for line in _text(own).splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers or controller in controllers.split(","):
            top = root / controllers if controllers else root
            group = top / path.lstrip("/")
            yield from (folder for folder in (group, *group.parents) if folder.is_relative_to(top))


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_text().strip()
    return ""
