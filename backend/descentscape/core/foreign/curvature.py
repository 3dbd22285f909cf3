"""The curvature of a foreign cost, told as exactly as its own numbers allow."""

from __future__ import annotations

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.objective import ForeignObjective
from descentscape.core.landscape.curvature import (
    DENSE_ON_PATHS,
    ENDMOST,
    ENDS,
    FOUND,
    Curvature,
    as_critical,
    classify,
    zero_below,
)
from descentscape.core.landscape.lanczos import Ritz, lanczos
from descentscape.core.norm import norm
from descentscape.core.objective import Array
from descentscape.core.time_slices import TimeSlices, run_to_completion

FRAME_NUMBERS = 2**27
"""Numbers of the vectors that a Lanczos iteration keeps at most: 1 GiB."""

MOST_PRODUCTS, FEWEST_PRODUCTS = 300, 8
"""Products with the Hessian that one takes at most, and may always take."""


def curvature_at(objective: ForeignObjective, theta: Array) -> Curvature:
    """The spectrum at theta ``(P,)``: all of it up to P = 200, above that the ends by Lanczos' iteration.

    What products with the Hessian may be wrong by, since they are float32 or differences, counts as zero.
    Raises InvalidValue where the cost or a derivative is not finite.
    """
    cost, grad = objective.value_and_grad(theta)
    if not (np.isfinite(cost) and np.isfinite(grad).all()):
        raise InvalidValue("theta", "a point where cost and gradient are finite", "inf or nan")
    tolerance = max(FOUND, objective.noise)
    complete = objective.dim <= DENSE_ON_PATHS
    if complete:
        eigenvalues: Array = np.linalg.eigvalsh(_finite(objective.hessian(theta))).astype(np.float64)
        values = eigenvalues
        bounds = np.zeros_like(values)
    else:
        ritz = ends_of(objective, theta, tolerance)
        values, (eigenvalues, bounds) = ritz.values, _known(ritz, tolerance)
    zero = max(zero_below(values, objective.dim), objective.noise * float(np.abs(values).max()))
    kind = classify(values, zero)
    unsure = not complete and kind != "saddle" and bool((np.abs(eigenvalues) <= bounds)[ENDMOST].any())
    return as_critical(
        Curvature(
            cost=float(cost),
            grad_norm=float(norm(grad)),
            critical_below=objective.grad_rounding(theta),
            eigenvalues=eigenvalues,
            bounds=bounds,
            zero_below=zero,
            complete=complete,
            negative_count=int((values < -zero).sum()),
            classification="degenerate" if unsure else kind,
            index=None,
        )
    )


def ends_of(objective: ForeignObjective, theta: Array, tolerance: float, ends: int = ENDS) -> Ritz:
    """The ends of the spectrum at theta ``(P,)``, from as many products as memory and exactness allow."""

    def apply(vector: Array) -> TimeSlices[Array]:
        yield from ()
        return _finite(objective.hvp(theta, vector))

    limit = min(MOST_PRODUCTS, max(FEWEST_PRODUCTS, FRAME_NUMBERS // objective.dim))
    return run_to_completion(lanczos(apply, objective.dim, ends=ends, tolerance=tolerance, limit=limit))


def _known(ritz: Ritz, tolerance: float) -> tuple[Array, Array]:
    """The lowest and highest distinct values that are known, and the endmost ones with their bounds."""
    values, bounds = ritz.distinct(tolerance)
    kept = bounds <= tolerance * np.abs(values).max()
    kept[ENDS:-ENDS] = False
    kept[ENDMOST] = True
    return values[kept], bounds[kept]


def _finite(product: Array) -> Array:
    if not np.isfinite(product).all():
        raise InvalidValue("theta", "a point where the Hessian is finite", "inf or nan")
    return product
