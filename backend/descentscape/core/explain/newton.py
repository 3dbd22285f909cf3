"""Newton's method looked into: its step, the quadratic model that it believes in, and the bill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.explain.timing import shortest_seconds
from descentscape.core.landscape.curvature import Classification, classify, zero_below
from descentscape.core.landscape.plane import Plane
from descentscape.core.objective import Array, Indices, Objective
from descentscape.core.optimizers import MAX_HESSIAN_DIM

EXTRAPOLATED = (10**6, 10**9)
"""Numbers of weights that a bill is extrapolated to."""

REPEATS = 2
"""Timings of each piece of work, of which the shortest counts."""

SAMPLE = 512
"""Rows of the matrix on which this machine's speed of factorisation is measured."""


@dataclass(frozen=True, eq=False)
class NewtonStep:
    """The quadratic model m(d) = C + g·d + ½ dᵀ H d at a point, and the steps that follow from it.

    - ``gradient`` g, ``newton`` −(H + δ I)⁻¹ g, ``saddle_free`` −(|H| + δ I)⁻¹ g, ``(P,)``, δ the damping
    - ``eigenvalues`` ``(P,)`` of H, ascending; ``negative_count`` of those of H + δ I are negative
    - ``target``: the kind of point where the model is flat, which an undamped step reaches
    - ``slope`` = g·d of Newton's step: above 0 it sets out uphill
    - ``climb``: what it gains by its way along directions of negative curvature, Σ_{λ<0} (v·g)² / 2|λ| if
      undamped: the pull of the saddle (or maximum); 0 if there are none
    - ``predicted`` = m(d) − C and ``real`` = C(θ + d) − C of Newton's step
    """

    gradient: Array
    newton: Array
    saddle_free: Array
    eigenvalues: Array
    negative_count: int
    target: Classification
    slope: float
    climb: float
    predicted: float
    real: float


@dataclass(frozen=True, eq=False)
class QuadraticModel:
    """The model over a plane: ``cost`` ``(H, W)`` [row b][column a] at coordinates a ``(W,)``, b ``(H,)``.

    ``eigenvalues`` ``(2,)`` are its curvatures within the plane, ascending; ``critical`` ``(2,)`` is the
    point (a, b) where it is flat and ``level`` the model there, None where one of them is zero to round-off.
    """

    a: Array
    b: Array
    cost: Array
    eigenvalues: Array
    critical: Array | None
    level: float | None


@dataclass(frozen=True, eq=False)
class HessianBill:
    """What a Hessian costs: at this point measured, at the other numbers of weights extrapolated.

    For each number in ``parameters`` ``(R,)``, this one first: ``bytes`` = 8 P²; ``operations`` = P³ / 3
    multiplications, each with an addition, to factorise it; ``hessian_seconds`` to form it, measured (above
    MAX_HESSIAN_DIM as P products with a vector) and growing as P²; ``solve_seconds`` to factorise it, at the
    speed measured on a matrix of SAMPLE rows.
    """

    parameters: Indices
    bytes: Array
    operations: Array
    hessian_seconds: Array
    solve_seconds: Array


@np.errstate(all="ignore")
def newton_step(objective: Objective, theta: Array, damping: float = 0.0) -> NewtonStep:
    """Newton's step at theta ``(P,)`` beside the gradient and the saddle-free step.

    Directions whose damped curvature is zero to round-off are left out. Raises TooExpensive above
    MAX_HESSIAN_DIM parameters, InvalidValue where the Hessian is not finite.
    """
    if objective.dim > MAX_HESSIAN_DIM:
        raise TooExpensive("parameters", f"at most {MAX_HESSIAN_DIM:,} for Newton’s step", objective.dim)
    _, grad = objective.value_and_grad(theta)
    hessian = objective.hessian(theta)
    if not np.isfinite(hessian).all():
        raise InvalidValue("theta", "a point where the Hessian is finite", "inf or nan")
    values, vectors = np.linalg.eigh(hessian)
    along = vectors.T @ grad
    parts = -_divided(along, values + damping)
    newton, saddle_free = vectors @ parts, vectors @ -_divided(along, np.abs(values) + damping)
    gains = along * parts + 0.5 * values * parts**2
    down = values + damping < 0
    return NewtonStep(
        gradient=grad,
        newton=newton,
        saddle_free=saddle_free,
        eigenvalues=values,
        negative_count=int(down.sum()),
        target=classify(values, zero_below(values, objective.dim)),
        slope=float(grad @ newton),
        climb=float(gains[down].sum()),
        predicted=float(gains.sum()),
        real=float(objective.value(theta + newton) - objective.value(theta)),
    )


def _divided(along: Array, values: Array) -> Array:
    """Components over curvatures, 0 where the curvature is zero to round-off."""
    zero = np.abs(values) <= zero_below(values, len(values))
    return np.divide(along, values, out=np.zeros_like(along), where=~zero)


def quadratic_model(objective: Objective, theta: Array, plane: Plane, a: Array, b: Array) -> QuadraticModel:
    """The model at theta ``(P,)`` over a plane, from three products with the Hessian, for any P."""
    cost, grad = objective.value_and_grad(theta)
    frame = np.vstack([plane.origin - theta, plane.basis])
    linear, curved = frame @ grad, frame @ objective.hvp(theta, frame).T
    ones = np.ones((len(b), len(a)))
    points = np.stack([ones, ones * a, ones * b[:, None]], axis=-1)
    model = cost + points @ linear + 0.5 * np.einsum("...i,ij,...j", points, curved, points)
    within = curved[1:, 1:]
    eigenvalues = np.linalg.eigvals(np.linalg.solve(plane.basis @ plane.basis.T, within)).real
    flat = np.abs(eigenvalues).min() <= zero_below(eigenvalues, 2)
    slope = linear[1:] + curved[1:, 0]
    critical = None if flat else cast(Array, -np.linalg.solve(within, slope))
    at_origin = float(cost + linear[0] + 0.5 * curved[0, 0])
    level = None if critical is None else at_origin + 0.5 * float(slope @ critical)
    return QuadraticModel(a, b, model, np.sort(eigenvalues), critical, level)


def hessian_bill(objective: Objective, theta: Array, clock: Callable[[], float]) -> HessianBill:
    """The bill of the Hessian at theta ``(P,)``; ``clock`` tells the time in seconds, a perf_counter."""
    dim = objective.dim
    if dim <= MAX_HESSIAN_DIM:
        forming = shortest_seconds(lambda: objective.hessian(theta), clock, REPEATS)
    else:
        forming = dim * shortest_seconds(lambda: objective.hvp(theta, np.ones(dim)), clock, REPEATS)
    matrix = np.eye(SAMPLE) + 1.0 / SAMPLE
    speed = SAMPLE**3 / 3 / shortest_seconds(lambda: np.linalg.cholesky(matrix), clock, REPEATS)
    parameters = np.array([dim, *EXTRAPOLATED])
    sizes = parameters.astype(np.float64)
    operations = sizes**3 / 3
    return HessianBill(parameters, 8 * sizes**2, operations, forming * (sizes / dim) ** 2, operations / speed)
