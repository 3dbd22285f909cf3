"""What an experiment weighs, held against what Python and NumPy really hold of it."""

from __future__ import annotations

import gc
import json
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from math import inf
from typing import Any

import numpy as np
import pytest

from descentscape.api.ops.memory_budget import MemoryBudget
from descentscape.compute.build import formula_objective
from descentscape.compute.computation import Computation
from descentscape.compute.descents import DescentCache, Descents
from descentscape.compute.memory import ANY_OBJECTIVE, state_bytes, surface_bytes, weigh
from descentscape.core.descent.computed import searched
from descentscape.core.network.architecture import WORKSPACES
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.time_slices import run_to_completion
from descentscape.document.experiment import Experiment


def inline(rows: int, columns: int) -> dict[str, Any]:
    x = np.random.default_rng(0).random((rows, columns)).round(6).tolist()
    return {"kind": "inline", "x": x, "y": [[number % 2] for number in range(rows)]}


LIFTED = {"start": {"kind": "lift", "at": [0.1, 0.2]}}
LBFGS = {"optimizer": {"kind": "lbfgs", "history": 100}}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "theta at every step": {"problem": {"hidden": [32, 32]}, "steps": 200, "runs": [{}, {}, {}, {}]},
    "columns": {"problem": {"kind": "formula"}, "steps": 20_000},
    "a formula of many parts": {"problem": {"kind": "formula", "name": "goldstein_price"}, "steps": 20},
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

    The threads' workspaces, which are bounded apart, are not counted; formulas are, as by who has one first.
    """

    def measured(make: Callable[[], object]) -> int:
        make()
        formula_objective.cache_clear()
        gc.collect()
        tracemalloc.start()
        kept = make()
        WORKSPACES.clear()
        gc.collect()
        nbytes, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        del kept
        return nbytes

    yield measured
    tracemalloc.stop()


def descents(text: str) -> Descents:
    made = DescentCache().get(Experiment.model_validate_json(text))
    while not made.advance(60):
        pass
    for trajectory in made.trajectories:
        run_to_completion(searched(trajectory))
    return made


@pytest.mark.parametrize("name", DOCUMENTS)
def test_descents_weigh_what_they_hold(name: str, held: Callable[[Callable[[], object]], int]) -> None:
    text = json.dumps(DOCUMENTS[name])
    expected = held(lambda: descents(text))
    found = weigh(Experiment.model_validate_json(text))
    assert 0.7 * expected < found.descents + found.data < 1.7 * expected


def test_many_small_experiments_hold_their_data_once(
    held: Callable[[Callable[[], object]], int],
) -> None:
    """Sixty over one data set: their cache, and the budget of them, say what is really held."""
    problem = {"hidden": [1], "dataset": {"kind": "moons", "n": 2000}}
    experiments = [
        Experiment.model_validate({"problem": problem, "steps": 1, "seed": seed}) for seed in range(60)
    ]
    filled: list[tuple[DescentCache, MemoryBudget, list[Computation]]] = []

    def fill() -> object:
        filled.clear()
        cache, budget = DescentCache(), MemoryBudget()
        computations = [budget.hold(Computation(experiment, cache)) for experiment in experiments]
        for computation in computations:
            run_to_completion(computation.finish().surface(3))
        filled.append((cache, budget, computations))
        return filled[0]

    expected = held(fill)
    ((cache, budget, computations),) = filled
    datasets = {id(each.experiment.problem.dataset) for each in computations}
    examples = {id(each.problem.data.examples) for each in computations if each.problem.data}
    assert len(datasets) == len(examples) == 1
    weights = [each.estimate.weight for each in computations]
    assert cache.nbytes == budget.nbytes - sum(weight.view - weight.descents for weight in weights)
    assert 0.5 * expected < cache.nbytes < 2 * expected


def test_examples_are_forgotten_with_the_last_experiment_that_has_them() -> None:
    cache = DescentCache(budget=0)
    documents = [
        Experiment.model_validate({"problem": {"dataset": inline(20, 2)}, "seed": seed}) for seed in (0, 1)
    ]
    first, second = (Computation(document, cache) for document in documents)
    assert first.problem.data is not None
    assert second.problem.data is not None
    assert first.problem.data.examples is second.problem.data.examples
    gone = weakref.ref(first.problem.data.examples)
    del first, second, documents
    cache.forget(-inf)
    gc.collect()
    assert gone() is None


def test_a_computation_in_view_holds_its_projections_and_its_base_too() -> None:
    plain, lifted = (Experiment.model_validate({"steps": 500} | more) for more in ({}, LIFTED))
    small = plain.model_copy(update={"view": plain.view.model_copy(update={"height": "log"})})
    found = weigh(plain)
    assert weigh(small) == found
    projections = 8 * 4 * 501
    assert found.view == found.descents + projections + surface_bytes(101)
    assert weigh(lifted).total == found.total + weigh(lifted).descents


def test_a_surface_weighs_what_its_refinement_holds(held: Callable[[Callable[[], object]], int]) -> None:
    experiment = Experiment.model_validate({"problem": {"kind": "formula"}, "steps": 2})
    computation = Computation(experiment, DescentCache()).finish()
    under_way = held(lambda: list(computation.surface(201)))
    assert surface_bytes(201) > under_way / 3


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_states_weigh_what_their_arrays_do(kind: str) -> None:
    state = OPTIMIZERS[kind]().init(np.zeros(57), ANY_OBJECTIVE)
    assert state_bytes(OPTIMIZERS[kind](), 57) == sum(np.asarray(part).nbytes for part in state)
