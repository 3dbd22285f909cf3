"""Compiling ahead: reported to its end, once, and never waited for by who builds a network."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread, current_thread

import numpy as np
import pytest

from descentscape.core.descent import ahead
from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.network.passes import compiling


@pytest.fixture
def not_compiled_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ahead, "_compiled", ahead.Event())
    yield
    compiling(None)


def network() -> MLP:
    one = np.ones((1, 1))
    return MLP(dense_layers((1, 1), ("tanh",)), "mse", one, one)


@pytest.mark.usefixtures("not_compiled_yet")
def test_networks_built_while_another_thread_compiles_go_without() -> None:
    compiling(Thread())
    without = network()
    compiling(current_thread())
    assert network().compiled
    assert not without.compiled
    theta = np.array([0.3, -0.1])
    np.testing.assert_allclose(without.value_and_grad(theta)[1], network().value_and_grad(theta)[1], 1e-14)


def test_progress_is_reported_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "ProcessPoolExecutor", lambda *_: ThreadPoolExecutor(2))
    seen = list[tuple[int, int]]()
    ahead.compile_onto_disk(lambda *progress: seen.append(progress))
    total = seen[0][1]
    assert seen == [(done, total) for done in range(total + 1)]


@pytest.mark.usefixtures("not_compiled_yet")
def test_the_second_time_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead.compile_ahead()
    monkeypatch.setattr(ahead, "_jobs", None)
    ahead.compile_ahead()


@pytest.mark.usefixtures("not_compiled_yet")
def test_in_the_background_others_go_without_from_the_first_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    built = list[MLP]()
    monkeypatch.setattr(Thread, "start", lambda _: built.append(network()))
    ahead.compile_in_background()
    assert not built[0].compiled


def test_in_the_background_nobody_waits_for_what_is_compiled() -> None:
    ahead.compile_ahead()
    ahead.compile_in_background().join()
    assert network().compiled
