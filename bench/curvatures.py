"""The row of curvature: the spectrum of the Hessian, and its extreme eigenpairs, float64."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import numpy as np

import descentscape as ds
from bench import nets
from bench.figures import OURS, Figures, Row, compared
from bench.nets import Net
from bench.timing import Case, Effort, interleaved
from descentscape.core.landscape.curvature import extremes
from descentscape.core.objective import Array
from descentscape.core.time_slices import run_to_completion

GOALS = {105: 5.0, 1185: 30.0}


def curvatures(effort: Effort) -> Figures:
    """All eigenvalues, then the lowest and the highest with their vectors, at P = 105 and 1,185."""
    for net in (nets.small(), nets.small(200, (32, 32))):
        document = ds.Experiment.model_validate({"problem": net.problem, "steps": 1})
        yield from _spectrum(net, document, effort)
        yield from _extremes(net, effort)


def _spectrum(net: Net, document: ds.Experiment, effort: Effort) -> Figures:
    from bench import jax_peer

    places, whole = _places(net.theta), jax_peer.hessian(net)
    cases = {
        OURS: Case(lambda: ds.curvature(document, next(places))),
        "jax.hessian and eigvalsh": Case(lambda: np.linalg.eigvalsh(whole(next(places)))),
        "jax.hessian alone": Case(lambda: whole(next(places))),
    }
    times = interleaved(cases, effort)
    goals = {"jax.hessian and eigvalsh": GOALS[net.dim]}
    yield from compared(f"`ds.curvature`, P {net.dim}", times, "ms", goals)


def _extremes(net: Net, effort: Effort) -> Figures:
    from bench import jax_peer

    places, whole, product = _places(net.theta), jax_peer.hessian(net), jax_peer.hessian_product(net)
    cases = {
        OURS: Case(lambda: run_to_completion(extremes(net.objective, next(places)))),
        "jax.hessian and eigh": Case(lambda: np.linalg.eigh(whole(next(places)))),
        "JAX’s product, SciPy’s eigsh": Case(lambda: _lanczos(product, next(places))),
    }
    times = interleaved(cases, effort)
    goals = {"jax.hessian and eigh": 2.0, "JAX’s product, SciPy’s eigsh": 2.0}
    yield from compared(f"extreme eigenpairs, P {net.dim}", times, "ms", goals)


def _lanczos(product: Callable[[Array, Array], Array], theta: Array) -> object:
    from scipy.sparse.linalg import LinearOperator, eigsh

    operator = LinearOperator((len(theta),) * 2, matvec=lambda v: product(theta, v.ravel()), dtype=float)
    return eigsh(operator, k=2, which="BE", tol=1e-8)


def _places(theta: Array) -> Iterator[Array]:
    """Ever new places beside this one, so that nothing can be kept from the call before."""
    return (theta * (1 + 1e-9 * k) for k in count())


ROWS = (
    Row(
        "curvature",
        "`ds.curvature`",
        "2-8-8-1 and 2-32-32-1 tanh, n 200, float64, at another theta every time. NumPy’s linear algebra has "
        "one thread for all. No public call gives extreme eigenpairs: ours is "
        "`core.landscape.curvature.extremes`, which the Hessian’s plane is made of.",
        curvatures,
        "LAPACK’s eigenvalues, on both sides: 0.28 of 0.7 ms of processor time at 105 parameters, beside "
        "0.15 of the Hessian and 0.13 of the cost, the gradient and its rounding, by which ours says what "
        "kind of point it is; and some 80 of 90 ms at 1,185, where a thirtieth would take 206 G operations a "
        "second, four times what a core’s matrix product reaches. Its other drivers take as long, its "
        "reduction in two stages 1.4 times as long, a tridiagonal solver of our own twice. JAX’s own "
        "eigvalsh is slower than NumPy’s, which therefore stands on its side too.",
    ),
)
