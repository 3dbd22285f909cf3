"""What the processes of one service tell together."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.ops.test_metrics import samples
from descentscape.api.ops.metrics import Metrics
from descentscape.api.ops.siblings import Siblings


@pytest.fixture
def other() -> Iterator[int]:
    """The id of another process that runs."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid


def busy(seconds: float) -> Metrics:
    metrics = Metrics()
    metrics.requests.labels("/a", "200").observe(seconds)
    metrics.gauge("sockets", "Streams open now.", lambda: 3)
    return metrics


def test_numbers_are_added_up(tmp_path: Path, other: int) -> None:
    (tmp_path / str(other)).write_bytes(busy(0.3).render())
    metrics = Metrics(Siblings(tmp_path))
    metrics.requests.labels("/a", "200").observe(0.004)
    metrics.gauge("sockets", "Streams open now.", lambda: 2)
    found = samples(metrics)
    assert found["descentscape_sockets", ()] == 5
    assert found["descentscape_request_seconds_count", ("/a", "200")] == 2
    assert found["descentscape_request_seconds_bucket", ("0.005", "/a", "200")] == 1
    assert found["descentscape_request_seconds_sum", ("/a", "200")] == pytest.approx(0.304)


def test_a_route_that_only_another_has_answered_is_told(tmp_path: Path, other: int) -> None:
    (tmp_path / str(other)).write_bytes(busy(0.3).render())
    assert samples(Metrics(Siblings(tmp_path)))["descentscape_request_seconds_count", ("/a", "200")] == 1


def test_the_start_is_that_of_the_first(tmp_path: Path, other: int) -> None:
    (tmp_path / str(other)).write_text(
        "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds 7.0\n"
    )
    assert samples(Metrics(Siblings(tmp_path)))["process_start_time_seconds", ()] == 7


def test_one_that_has_ended_counts_no_more(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    (tmp_path / str(ended.pid)).write_bytes(busy(0.3).render())
    assert ("descentscape_sockets", ()) not in samples(Metrics(Siblings(tmp_path)))


def test_one_does_not_count_itself_twice(tmp_path: Path) -> None:
    siblings = Siblings(tmp_path)
    siblings.leave(busy(0.3).render())
    assert (tmp_path / str(os.getpid())).exists()
    assert ("descentscape_sockets", ()) not in samples(Metrics(siblings))


def test_a_folder_that_is_gone_leaves_the_own_numbers(tmp_path: Path) -> None:
    siblings = Siblings(tmp_path / "gone")
    siblings.leave(b"")
    assert samples(Metrics(siblings))["process_start_time_seconds", ()] > 0
