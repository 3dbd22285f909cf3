"""The curated experiments of noise at saddles and minima do what they say, and say why."""

from __future__ import annotations

import numpy as np

from core.sliced import whole
from descentscape.compute.computation import Computation
from descentscape.core.landscape.curvature import spectrum
from descentscape.document.catalog import experiments
from descentscape.document.experiment import Experiment

ENTRIES = {entry["id"]: entry for entry in experiments() if "why" in entry}


def computed(name: str, seed: int | None = None) -> Computation:
    document = ENTRIES[name]["experiment"]
    changed = document if seed is None else document | {"seed": seed}
    return Computation(Experiment.model_validate(changed)).finish()


def lingering(work: Computation) -> list[int]:
    """For each run, the first step with less than half of the cost at the saddle, the origin."""
    saddle = float(work.problem.objective.value(np.zeros(2)))
    return [int((run.cost < saddle / 2).argmax()) for run in work.trajectories]


def test_each_says_why() -> None:
    assert len(ENTRIES) >= 4
    assert all(entry["why"].endswith(".") for entry in ENTRIES.values())


def test_where_the_batches_agree_both_end_on_the_saddle() -> None:
    work = computed("noise-agrees")
    for run in (0, 1):
        np.testing.assert_allclose(work.trajectories[run].theta[-1], 0, atol=1e-15)
    found = whole(spectrum)(work.problem.objective, np.zeros(2))
    assert (found.classification, found.index) == ("saddle", 1)


def test_where_they_disagree_full_batch_lingers_five_times_as_long() -> None:
    steps = np.array([lingering(computed("noise-leaves-saddle", seed)) for seed in range(20)])
    full, batch = np.median(steps, axis=0)
    assert full >= 5 * batch > 0


def test_noise_leaves_the_sharp_minimum_for_a_flatter_one() -> None:
    work = computed("noise-leaves-sharp-minimum")
    full, batch = (
        whole(spectrum)(work.problem.objective, run.theta[-1]).eigenvalues[-1] for run in work.trajectories
    )
    assert batch < 0.7 * full


def test_noise_leaves_the_shallow_minimum_for_the_deeper_one() -> None:
    quiet, noisy = computed("noise-leaves-shallow-minimum").results().runs
    assert abs(quiet.cost[-1] - quiet.cost[-2]) < 1e-12
    assert noisy.cost[-1] < quiet.cost[-1] - 0.5
