"""Limits of Linux's control groups, of both versions, in files as the kernel writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from descentscape.api.ops import control_groups
from descentscape.api.ops.control_groups import memory_limit, processors


@pytest.mark.parametrize(
    ("own", "files", "memory", "cores"),
    [
        ("0::/\n", {"memory.max": "2147483648\n", "cpu.max": "200000 100000\n"}, 2 << 30, 2.0),
        ("0::/\n", {"memory.max": "max\n", "cpu.max": "max 100000\n"}, None, None),
        (
            "0::/user/class\n",
            {"user/memory.max": "1000", "user/class/memory.max": "5000", "user/class/cpu.max": "500 1000"},
            1000,
            0.5,
        ),
        (
            "4:memory:/box\n1:cpu:/box\n0::/\n",
            {
                "memory/box/memory.limit_in_bytes": "7000\n",
                "memory/memory.limit_in_bytes": "9223372036854771712\n",
                "cpu/box/cpu.cfs_quota_us": "150000\n",
                "cpu/box/cpu.cfs_period_us": "100000\n",
            },
            7000,
            1.5,
        ),
        ("1:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None, None),
        ("", {}, None, None),
    ],
    ids=["a container", "without limits", "a group around it", "version 1", "no quota", "no Linux"],
)  # fmt: skip
def test_the_least_limit_counts(
    own: str, files: dict[str, str], memory: int | None, cores: float | None, tmp_path: Path
) -> None:
    root, groups = tmp_path / "cgroup", tmp_path / "own"
    groups.write_text(own)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    assert memory_limit(root, groups) == memory
    assert processors(root, groups) == cores


@pytest.mark.parametrize(("allowed", "quota", "cores"), [(4, None, 4), (4, 2.5, 2), (2, 8.0, 2), (2, 0.5, 1)])
def test_cores_count_both_limits(
    allowed: int, quota: float | None, cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_groups, "available", lambda: allowed)
    monkeypatch.setattr(control_groups, "processors", lambda: quota)
    assert control_groups.cores() == cores
