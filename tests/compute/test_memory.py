"""What an experiment weighs, held against what Python and NumPy really hold of it."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from descentscape.compute.computation import Computation
from descentscape.compute.descents import DescentCache, Descents
from descentscape.compute.memory import (
    ANY_OBJECTIVE,
    computation_bytes,
    descents_bytes,
    state_bytes,
    surface_bytes,
)
from descentscape.core.network.architecture import WORKSPACES
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.document.experiment import Experiment


def inline(rows: int, columns: int) -> dict[str, Any]:
    x = np.random.default_rng(0).random((rows, columns)).round(6).tolist()
    return {"kind": "inline", "x": x, "y": [[number % 2] for number in range(rows)]}


LIFTED = {"start": {"kind": "lift", "at": [0.1, 0.2]}}
LBFGS = {"optimizer": {"kind": "lbfgs", "history": 100}}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "theta at every step": {"problem": {"hidden": [32, 32]}, "steps": 200, "runs": [{}, {}, {}, {}]},
    "columns": {"problem": {"kind": "formula"}, "steps": 20_000},
    "columns with a test set": {
        "problem": {"hidden": [2], "dataset": {"kind": "moons", "test_fraction": 0.2}},
        "steps": 9000,
    },
    "checkpoints": {
        "problem": {"hidden": [64, 64], "dataset": {"kind": "moons", "n": 20}},
        "steps": 1500,
        "runs": [{}, {}],
    },
    "examples": {"problem": {"hidden": [1], "dataset": inline(4000, 40)}, "steps": 1},
    "a start of its own": {
        "problem": {"hidden": [200, 200], "dataset": inline(4, 2)},
        "steps": 1,
        "runs": [{"start": {"kind": "theta", "values": [0.1 * (number % 100) for number in range(41_001)]}}],
    },
    "the optimizer's memory": {
        "problem": {"hidden": [128, 32]},
        "steps": 30,
        "runs": [LBFGS, LBFGS, {"optimizer": {"kind": "adam"}}],
    },
}


@pytest.fixture
def held() -> Iterator[Callable[[Callable[[], object]], int]]:
    """Measures the bytes that something holds which is made, once it was made before.

    The threads' workspaces, which are bounded apart, are not counted.
    """

    def measured(make: Callable[[], object]) -> int:
        make()
        gc.collect()
        tracemalloc.start()
        kept = make()
        WORKSPACES.known.clear()
        gc.collect()
        nbytes, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        del kept
        return nbytes

    yield measured
    tracemalloc.stop()


def descents(text: str) -> Descents:
    made = Descents(Experiment.model_validate_json(text), DescentCache())
    while not made.advance(60):
        pass
    return made


@pytest.mark.parametrize("name", DOCUMENTS)
def test_descents_weigh_what_they_hold(name: str, held: Callable[[Callable[[], object]], int]) -> None:
    text = json.dumps(DOCUMENTS[name])
    expected = held(lambda: descents(text))
    found = descents_bytes(Experiment.model_validate_json(text))
    assert 0.7 * expected < found < 1.7 * expected


def test_many_small_experiments_are_what_the_cache_says(
    held: Callable[[Callable[[], object]], int],
) -> None:
    """The document of an inline data set is most of what its experiment holds."""
    caches: list[DescentCache] = []
    dataset = {"kind": "inline", "x": [[0] * 64] * 1000, "y": [[number % 2] for number in range(1000)]}
    text = json.dumps({"problem": {"hidden": [1], "dataset": dataset}, "steps": 1, "seed": 0})

    def fill() -> DescentCache:
        cache = DescentCache()
        for seed in range(3):
            cache.get(Experiment.model_validate_json(text.replace('"seed": 0', f'"seed": {seed}'))).advance(
                60
            )
        caches.append(cache)
        return cache

    expected = held(fill)
    assert caches[0].nbytes == caches[1].nbytes == pytest.approx(expected, rel=0.15)


def test_a_computation_in_view_holds_its_projections_and_its_base_too() -> None:
    plain, lifted = (Experiment.model_validate({"steps": 500} | more) for more in ({}, LIFTED))
    small = plain.model_copy(update={"view": plain.view.model_copy(update={"height": "log"})})
    assert computation_bytes(small) == computation_bytes(plain)
    projections = 8 * 4 * 501
    assert computation_bytes(plain) == descents_bytes(plain) + projections + surface_bytes(101)
    assert computation_bytes(lifted) == computation_bytes(plain) + descents_bytes(lifted)


def test_a_surface_weighs_what_its_refinement_holds(held: Callable[[Callable[[], object]], int]) -> None:
    experiment = Experiment.model_validate({"problem": {"kind": "formula"}, "steps": 2})
    computation = Computation(experiment, DescentCache()).finish()
    under_way = held(lambda: list(computation.surface(201)))
    assert surface_bytes(201) > under_way / 3


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_states_weigh_what_their_arrays_do(kind: str) -> None:
    state = OPTIMIZERS[kind]().init(np.zeros(57), ANY_OBJECTIVE)
    assert state_bytes(OPTIMIZERS[kind](), 57) == sum(np.asarray(part).nbytes for part in state)
