"""What a machine does in a second: the coefficients of the cost model, and the benchmark that fits them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from descentscape.compute.blas_threads import single_threaded_blas
from descentscape.core.counts import Counts
from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.time_slices import Clock

ROUNDS = 5
"""Timings of a piece of work, of which the shortest counts: whatever else is going on makes them longer."""

MOST = 4.0
"""How many times slower or faster than the defaults the benchmark may find a machine."""


@dataclass
class Operations(Counts):
    """What work asks of a machine, or, as coefficients, the seconds that one of each takes.

    - ``calls``: of a NumPy function by the interpreter
    - ``multiplications`` with their additions, in products of matrices, and ``activations`` of a unit for an
      example; ``single_…``: in single precision
    - ``cubes``: P³ for each factorisation by Cholesky of a matrix of P rows
    - ``numbers``: gone through in memory
    """

    calls: float = 0.0
    multiplications: float = 0.0
    activations: float = 0.0
    single_multiplications: float = 0.0
    single_activations: float = 0.0
    cubes: float = 0.0
    numbers: float = 0.0

    def seconds(self, each: Operations) -> float:
        """How long it takes, where one of each kind takes so long."""
        return self.weighted(each)


USUAL = Operations(
    calls=1e-6,
    multiplications=6e-11,
    activations=1.5e-9,
    single_multiplications=3e-11,
    single_activations=6e-10,
    cubes=3e-11,
    numbers=5e-10,
)
"""Seconds of each on one core of a small server."""


class Machine:
    """How long this machine takes: the usual coefficients until they have been fitted."""

    def __init__(self, coefficients: Operations = USUAL) -> None:
        self.coefficients = coefficients

    def measure(self, clock: Clock = perf_counter) -> None:
        """Fit the coefficients, in about a tenth of a second."""
        self.coefficients = fitted(clock)


def fitted(clock: Clock = perf_counter) -> Operations:
    """The coefficients of this machine: the usual ones, each group by the factor that its benchmark shows.

    A factor is between 1/`MOST` and `MOST`: a machine that is busy for all of the rounds is not a slow one.
    """
    single_threaded_blas()
    found, benchmarks = USUAL, list(_benchmarks())
    for (names, _, usual), shortest in zip(benchmarks, _shortest(benchmarks, clock), strict=True):
        factor = min(max(shortest / usual, 1 / MOST), MOST)
        found = replace(found, **{name: factor * getattr(USUAL, name) for name in names})
    return found


Benchmark = tuple[tuple[str, ...], Callable[[], object], float]


def _benchmarks() -> Iterator[Benchmark]:
    """Which coefficients a piece of work tells, the work, and its usual seconds."""
    rng = np.random.default_rng(0)
    few = rng.random(8)
    yield ("calls",), lambda: [np.add(few, few) for _ in range(500)], 500 * USUAL.calls / 2
    x, y = rng.random((256, 8)), rng.random((256, 1))
    net = MLP(dense_layers((8, 32, 32, 1), ("tanh", "tanh", "linear")), "mse", x, y)
    theta, examples, units = rng.standard_normal(net.dim) / 8, 256, 65
    double = Operations(multiplications=3 * net.dim * examples, activations=units * examples, calls=10)
    names = "multiplications", "activations"
    yield names, lambda: net.value_and_grad(theta), double.seconds(USUAL)
    points, frame = rng.random((64, 2)), rng.standard_normal((2, net.dim))
    inner, cells = net.dim - 8 * 32, 64 * examples
    single = Operations(single_multiplications=inner * cells, single_activations=units * cells, calls=20)
    names = "single_multiplications", "single_activations"
    yield names, lambda: net.slice_cost(theta, frame, points), single.seconds(USUAL)
    matrix = np.eye(256) + 1 / 256
    yield ("cubes",), lambda: np.linalg.cholesky(matrix), 256**3 * USUAL.cubes
    many = rng.random(1 << 16)
    yield ("numbers",), lambda: many * many + many, 2 * len(many) * USUAL.numbers


def _shortest(benchmarks: list[Benchmark], clock: Clock) -> list[float]:
    """The shortest time of each, a turn of all in every round: a busy moment meets no single one alone."""
    times = [[_time(work, clock) for _, work, _ in benchmarks] for _ in range(ROUNDS)]
    return [min(column) for column in zip(*times, strict=True)]


def _time(work: Callable[[], object], clock: Clock) -> float:
    """The time of the second of two calls, whose data the first has brought near."""
    work()
    began = clock()
    work()
    return clock() - began
