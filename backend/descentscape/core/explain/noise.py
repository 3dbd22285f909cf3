"""The noise of mini-batch gradients at a point: how they scatter about the full one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.landscape.plane import Plane
from descentscape.core.norm import norm
from descentscape.core.objective import Array, Indices, Sampled
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import CALL_WORK, SLICE_WORK, gradient_work, in_thread_if_long

MAX_GRADIENTS = 20_000
"""Gradients of one cloud, those of single examples included."""


@dataclass(frozen=True, eq=False)
class GradientNoise:
    """Gradients of random mini-batches about the full gradient g, for M batch sizes.

    - ``grad_norm`` = ‖g‖; ``trace`` = tr Σ, Σ the examples' sample covariance 1/(N−1) Σ (gᵢ − g)(gᵢ − g)ᵀ;
      ``scale`` = tr Σ / ‖g‖², the batch size at which noise and gradient are about as large (the simple noise
      scale of McCandlish et al. 2018, arXiv:1812.06162); inf where g = 0
    - ``distances`` ``(M, draws)``: ‖g_B − g‖; ``measured`` ``(M,)``: their root mean squares
    - ``expected`` ``(M,)``: √(tr Σ / B · (1 − B/N)), the last factor because no example is drawn twice
    - ``coordinates`` ``(M, draws, 2)`` and ``full`` ``(2,)``: g_B and g along the plane's directions; None
      without a plane
    """

    batch_sizes: Indices
    grad_norm: float
    trace: float
    scale: float
    distances: Array
    measured: Array
    expected: Array
    coordinates: Array | None
    full: Array | None


def gradient_noise(
    objective: Sampled,
    theta: Array,
    batch_sizes: Sequence[int],
    rng: np.random.Generator,
    *,
    draws: int = 64,
    plane: Plane | None = None,
) -> TimeSlices[GradientNoise]:
    """Draw mini-batches without replacement at theta ``(P,)``, in time slices of a bounded work.

    Raises InvalidValue for batch sizes outside 1 … N and for a single example, TooExpensive for too many
    gradients.
    """
    n = objective.n_examples
    _require(batch_sizes, n, draws)
    grad = yield from in_thread_if_long(objective, lambda: objective.value_and_grad(theta)[1])
    alone, done = 0.0, 0
    for i in range(n):
        alone += _square(_gradient(objective, theta, np.array([i])) - grad)
        done += CALL_WORK + objective.dim
        if done > SLICE_WORK:
            done = 0
            yield
    trace, square = alone / (n - 1), _square(grad)
    distances = np.empty((len(batch_sizes), draws))
    coordinates = np.empty((len(batch_sizes), draws, 2))
    for row, size in enumerate(batch_sizes):
        for draw in range(draws):
            batch = objective.batch(rng.choice(n, size, replace=False))
            _, part = yield from in_thread_if_long(batch, partial(batch.value_and_grad, theta))
            distances[row, draw] = norm(part - grad)
            coordinates[row, draw] = plane.along(part) if plane else 0.0
            done += CALL_WORK + gradient_work(batch)
            if done > SLICE_WORK:
                done = 0
                yield
    sizes = np.array(batch_sizes)
    return GradientNoise(
        batch_sizes=sizes,
        grad_norm=square**0.5,
        trace=trace,
        scale=trace / square if square else np.inf,
        distances=distances,
        measured=np.sqrt((distances**2).mean(axis=1)),
        expected=np.sqrt(trace / sizes * (1 - sizes / n)),
        coordinates=coordinates if plane else None,
        full=plane.along(grad) if plane else None,
    )


def _require(batch_sizes: Sequence[int], n: int, draws: int) -> None:
    if n < 2:
        raise InvalidValue("examples", "at least 2, to scatter", n)
    for size in batch_sizes:
        if not 1 <= size <= n:
            raise InvalidValue("batch_size", f"from 1 to {n}", size)
    count = n + len(batch_sizes) * draws
    if count > MAX_GRADIENTS:
        raise TooExpensive("draws", f"such that at most {MAX_GRADIENTS:,} gradients are computed", count)


def _gradient(objective: Sampled, theta: Array, examples: Indices) -> Array:
    return objective.batch(examples).value_and_grad(theta)[1]


def _square(vector: Array) -> float:
    return float(vector @ vector)
