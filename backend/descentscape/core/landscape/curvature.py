"""The curvature at a point: eigenvalues of the Hessian, and what kind of point they make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.lanczos import lanczos_turns
from descentscape.core.norm import norm
from descentscape.core.objective import Array, Objective
from descentscape.core.time_slices import Turns, aside, finish

T = TypeVar("T")

Classification = Literal["minimum", "saddle", "maximum", "degenerate", "not_critical"]

DENSE = 1200
"""Up to this many parameters the whole spectrum is computed, above it the extremes."""

DENSE_ON_PATHS = 200
"""The same bound along a path, where a spectrum is wanted at many points."""

CRITICAL = 1e-6
"""A gradient's norm below this times 1 + |C| counts as zero."""

FLAT = 1e-6
"""An eigenvalue within this times 1 + max|λ| of zero counts as zero."""

ENDS = 8
"""How many eigenvalues are sought at each end of a large spectrum."""


@dataclass(frozen=True, eq=False)
class Curvature:
    """The spectrum of the Hessian at a point.

    ``eigenvalues`` are ascending: all P of them when ``complete``, else the lowest and the highest ones
    found. Each has an eigenvalue of the Hessian within its entry of ``bounds`` (rounding aside, 0 when
    complete). ``negative_count`` counts those below the tolerance, a lower bound when not complete.
    ``index`` is that count at a critical point and None elsewhere.
    """

    cost: float
    grad_norm: float
    eigenvalues: Array
    bounds: Array
    complete: bool
    negative_count: int
    classification: Classification
    index: int | None

    @property
    def condition(self) -> float | None:
        """max|λ| / min|λ|; None when an eigenvalue counts as zero or the spectrum is not complete."""
        sizes = np.abs(self.eigenvalues)
        if not self.complete or sizes.min() <= tolerance(self.eigenvalues):
            return None
        return float(sizes.max() / sizes.min())


@dataclass(frozen=True)
class Sharpness:
    """The two ends of the spectrum at a point of a path, and how many eigenvalues are negative.

    ``negative_count`` is a lower bound when not ``complete``.
    """

    lowest: float
    highest: float
    negative_count: int
    complete: bool


def tolerance(eigenvalues: Array) -> float:
    """Return the size up to which an eigenvalue counts as zero: 1e-6 (1 + max|λ|)."""
    return FLAT * (1 + float(np.abs(eigenvalues).max()))


def classify(cost: float, grad_norm: float, eigenvalues: Array) -> Classification:
    """Name the kind of point.

    Not critical unless ‖∇C‖ < 1e-6 (1 + |C|). Eigenvalues of both signs make a saddle, even beside zeros;
    otherwise a zero eigenvalue makes it degenerate.
    """
    if not grad_norm < CRITICAL * (1 + abs(cost)):
        return "not_critical"
    zero = tolerance(eigenvalues)
    down, up = bool(eigenvalues.min() < -zero), bool(eigenvalues.max() > zero)
    if down and up:
        return "saddle"
    if (np.abs(eigenvalues) <= zero).any():
        return "degenerate"
    return "minimum" if up else "maximum"


def spectrum(objective: Objective, theta: Array) -> Curvature:
    """Return the curvature at theta ``(P,)``: dense up to P = 1,200, the extremes by Lanczos above.

    Raises InvalidValue where the cost or its derivatives are not finite.
    """
    return finish(spectrum_turns(objective, theta))


def spectrum_turns(objective: Objective, theta: Array) -> Turns[Curvature]:
    """`spectrum` in short turns."""
    cost, grad = objective.value_and_grad(theta)
    _require_finite(cost, grad)
    complete = objective.dim <= DENSE
    if complete:
        eigenvalues = yield from _dense(objective, lambda: _eigenvalues(objective, theta))
        bounds = np.zeros_like(eigenvalues)
        count = int((eigenvalues < -tolerance(eigenvalues)).sum())
    else:
        ritz = yield from lanczos_turns(_product(objective, theta), objective.dim, ends=ENDS)
        count = int((ritz.values < -tolerance(ritz.values)).sum())
        outer = np.unique(np.r_[:ENDS, -ENDS:0] % len(ritz.values))
        eigenvalues, bounds = ritz.values[outer], ritz.bounds[outer]
    grad_norm = float(norm(grad))
    kind = classify(float(cost), grad_norm, eigenvalues)
    index = None if kind == "not_critical" else count
    return Curvature(float(cost), grad_norm, eigenvalues, bounds, complete, count, kind, index)


def extremes(objective: Objective, theta: Array) -> tuple[Array, Array]:
    """Return the highest and the lowest eigenvalue ``(2,)`` of the Hessian and their vectors ``(2, P)``.

    Raises InvalidValue where the Hessian is not finite.
    """
    return finish(extremes_turns(objective, theta))


def extremes_turns(objective: Objective, theta: Array) -> Turns[tuple[Array, Array]]:
    """`extremes` in short turns."""
    if objective.dim <= DENSE:
        values, vectors = yield from _dense(objective, lambda: _eigenvectors(objective, theta))
    else:
        ritz = yield from lanczos_turns(_product(objective, theta), objective.dim)
        values, vectors = ritz.values, ritz.vectors
    return values[[-1, 0]], vectors[[-1, 0]]


def sharpness_turns(objective: Objective, theta: Array) -> Turns[Sharpness]:
    """The ends of the spectrum at one theta ``(P,)`` of a path, in short turns.

    Above P = 200 they come from a short Lanczos iteration, good to about 1e-4 of the larger one's size.
    """
    complete = objective.dim <= DENSE_ON_PATHS
    if complete:
        values = _eigenvalues(objective, theta)
    else:
        product = _product(objective, theta)
        values = (yield from lanczos_turns(product, objective.dim, tolerance=1e-4, limit=80)).values
    count = int((values < -tolerance(values)).sum())
    return Sharpness(float(values[0]), float(values[-1]), count, complete)


def _dense(objective: Objective, work: Callable[[], T]) -> Turns[T]:
    """Work on the whole Hessian: small ones are done before a thread of their own would have begun."""
    if objective.dim <= DENSE_ON_PATHS:
        return work()
    return (yield from aside(work))


def _product(objective: Objective, theta: Array) -> Callable[[Array], Array]:
    def apply(vector: Array) -> Array:
        product = objective.hvp(theta, vector)
        _require_finite(product)
        return product

    return apply


def _eigenvalues(objective: Objective, theta: Array) -> Array:
    return cast(Array, np.linalg.eigvalsh(_finite_hessian(objective, theta)))


def _eigenvectors(objective: Objective, theta: Array) -> tuple[Array, Array]:
    """All eigenvalues, ascending, and their vectors as rows."""
    values, vectors = np.linalg.eigh(_finite_hessian(objective, theta))
    return values, vectors.T


def _finite_hessian(objective: Objective, theta: Array) -> Array:
    hessian = objective.hessian(theta)
    _require_finite(hessian)
    return hessian


def _require_finite(*parts: Array) -> None:
    if not all(np.isfinite(part).all() for part in parts):
        raise InvalidValue("theta", "a point where cost, gradient and Hessian are finite", "inf or nan")
