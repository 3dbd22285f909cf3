"""The curvature at a point: eigenvalues of the Hessian, and what kind of point they make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, cast

import numpy as np

from descentscape.core.descent.stationarity import nothing_below
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.lanczos import Ritz, lanczos
from descentscape.core.norm import norm
from descentscape.core.objective import EPSILON, Array, Objective, is_called
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import in_thread_if_long, run_in_thread

T = TypeVar("T")

Classification = Literal["minimum", "saddle", "maximum", "degenerate", "not_critical"]

DENSE_HESSIAN = 1200
"""Up to this many parameters the whole spectrum is computed, above it the extremes."""

DENSE_ON_PATHS = 200
"""The same bound along a path, where a spectrum is wanted at many points."""

EIGENVALUE_ROUNDINGS = 8.0
"""An eigenvalue within this times P ε max|λ| of zero, so many roundings of the Hessian, counts as zero."""

SLOPE, PRODUCT = 8, 3
"""Gradients that a slope with its rounding, and a product with the Hessian, take as long as."""

ENDS = 8
"""How many eigenvalues are sought at each end of a large spectrum."""

FRAME_NUMBERS = 2**27
"""Numbers of the vectors that a Lanczos iteration keeps at most: 1 GiB."""

MOST_PRODUCTS, FEWEST_PRODUCTS = 300, 8
"""Products with the Hessian that one takes at most, and may always take."""

ENDMOST = [-1, 0]
"""The places of the highest and the lowest eigenvalue."""

FOUND = 1e-8
"""Those of a large spectrum are known when their residuals are below this times max|λ|, and told apart so."""


@dataclass(frozen=True, eq=False)
class Curvature:
    """The spectrum of the Hessian at a point.

    ``eigenvalues`` are ascending: all P of them when ``complete``, else the lowest and the highest ones
    that are known, each once, however often it is repeated. Each has an eigenvalue of the Hessian within its
    entry of ``bounds`` (rounding aside, 0 when complete). What is within ``zero_below`` of zero counts as
    zero. ``negative_count`` counts those below, a lower bound when not complete; ``index`` is that count at a
    critical point, where the gradient's norm is at most ``critical_below``, and None elsewhere.
    """

    cost: float
    grad_norm: float
    critical_below: float
    eigenvalues: Array
    bounds: Array
    zero_below: float
    complete: bool
    negative_count: int
    classification: Classification
    index: int | None

    def __repr__(self) -> str:
        """The kind of point, and the ends of the spectrum."""
        kind = self.classification.replace("_", " ")
        known = "" if self.complete else " known"
        ends = f"{self.eigenvalues[0]:.6g} to {self.eigenvalues[-1]:.6g}"
        return f"<Curvature: {kind}, {len(self.eigenvalues)} eigenvalues{known} from {ends}>"

    @property
    def condition(self) -> float | None:
        """max|λ| / min|λ|; None when an eigenvalue counts as zero or the spectrum is not complete."""
        sizes = np.abs(self.eigenvalues)
        if not self.complete or sizes.min() <= self.zero_below:
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


def zero_below(eigenvalues: Array, dim: int) -> float:
    """Return the size up to which one of P = ``dim`` eigenvalues counts as zero: 8 P ε max|λ|."""
    return EIGENVALUE_ROUNDINGS * dim * EPSILON * float(np.abs(eigenvalues).max())


def classify(eigenvalues: Array, zero: float) -> Classification:
    """Name the kind of critical point, whose eigenvalues count as zero up to a size of ``zero``.

    Both signs make a saddle, even beside zeros; otherwise a zero makes it degenerate.
    """
    down, up = bool(eigenvalues.min() < -zero), bool(eigenvalues.max() > zero)
    if down and up:
        return "saddle"
    if (np.abs(eigenvalues) <= zero).any():
        return "degenerate"
    return "minimum" if up else "maximum"


def spectrum(objective: Objective, theta: Array, beside: float = 0.0) -> TimeSlices[Curvature]:
    """Return the curvature at theta ``(P,)``: dense up to P = 1,200, the extremes by Lanczos above.

    Of a model that is called it is dense up to P = 200, since each row of its Hessian takes a call; and what
    its products may be wrong by, being float32 or differences, counts as zero. The point is critical where
    the gradient is nothing beside the norm ``beside``, of the gradient elsewhere, or beside its own rounding.
    Raises InvalidValue where the cost or its derivatives are not finite.
    """
    cost, grad, rounding = yield from in_thread_if_long(objective, lambda: _slope(objective, theta), SLOPE)
    _require_finite(cost, grad)
    dim, tolerance = objective.dim, _tolerance(objective)
    complete = dim <= (DENSE_ON_PATHS if is_called(objective) else DENSE_HESSIAN)
    if complete:
        values = eigenvalues = yield from _dense(objective, lambda: _eigenvalues(objective, theta))
        bounds = np.zeros_like(eigenvalues)
    else:
        yield  # the slope has had a slice, or a part of one
        ritz = yield from _ends(objective, theta, ENDS)
        values, (eigenvalues, bounds) = ritz.values, _known_ends(ritz, tolerance)
        yield
    zero = _zero_below(objective, values)
    found = Curvature(
        cost=float(cost),
        grad_norm=float(norm(grad)),
        critical_below=nothing_below(beside, rounding),
        eigenvalues=eigenvalues,
        bounds=bounds,
        zero_below=zero,
        complete=complete,
        negative_count=int((values < -zero).sum()),
        classification=classify(values, zero) if complete else _classify_ends(ritz, zero),
        index=None,
    )
    return as_critical(found)


def _classify_ends(ritz: Ritz, zero: float) -> Classification:
    """The name by what is known of the ends: a lowest value that may yet be zero or less makes no minimum."""
    kind = classify(ritz.values, zero)
    unsure = np.abs(ritz.values[[0, -1]]) <= ritz.bounds[[0, -1]]
    return kind if kind == "saddle" or not unsure.any() else "degenerate"


def as_critical(found: Curvature) -> Curvature:
    """The curvature under the name that its gradient allows: the index belongs to critical points alone."""
    if found.grad_norm <= found.critical_below:
        return replace(found, index=found.negative_count)
    return replace(found, classification="not_critical")


def _known_ends(ritz: Ritz, tolerance: float) -> tuple[Array, Array]:
    """The lowest and highest distinct values that are known and the endmost ones, with their bounds."""
    values, bounds = ritz.distinct(tolerance)
    kept = bounds <= tolerance * np.abs(values).max()
    kept[ENDS:-ENDS] = False
    kept[ENDMOST] = True
    return values[kept], bounds[kept]


def _ends(objective: Objective, theta: Array, ends: int = 1) -> TimeSlices[Ritz]:
    """The ends of the spectrum, from as many products as memory and exactness allow."""
    limit = min(MOST_PRODUCTS, max(FEWEST_PRODUCTS, FRAME_NUMBERS // objective.dim))
    tolerance = _tolerance(objective)
    product = _product(objective, theta)
    return (yield from lanczos(product, objective.dim, ends=ends, tolerance=tolerance, limit=limit))


def _noise(objective: Objective) -> float:
    """The share of the largest curvature up to which a model's own products with the Hessian may be wrong."""
    return float(getattr(objective, "noise", 0.0))


def _tolerance(objective: Objective) -> float:
    return max(FOUND, _noise(objective))


def _zero_below(objective: Objective, values: Array) -> float:
    """`zero_below`, and what the products may be wrong by."""
    return max(zero_below(values, objective.dim), _noise(objective) * float(np.abs(values).max()))


def extremes(objective: Objective, theta: Array) -> TimeSlices[tuple[Array, Array]]:
    """Return the highest and the lowest eigenvalue ``(2,)`` of the Hessian and their vectors ``(2, P)``.

    They come from products where these are many fewer than the parameters, and of a Hessian that is not too
    large from the whole of it where the products do not settle them. Raises InvalidValue where the Hessian is
    not finite.
    """
    if objective.dim > DENSE_ON_PATHS:
        ritz = yield from _ends(objective, theta)
        known = ritz.bounds[ENDMOST] <= _tolerance(objective) * np.abs(ritz.values).max()
        if known.all() or objective.dim > DENSE_HESSIAN or is_called(objective):
            return ritz.values[ENDMOST], ritz.of(ENDMOST)
    values, vectors = yield from _dense(objective, lambda: _eigenvectors(objective, theta))
    return values[ENDMOST], vectors[ENDMOST]


def sharpness(objective: Objective, theta: Array) -> TimeSlices[Sharpness]:
    """The ends of the spectrum at one theta ``(P,)`` of a path, in short time slices.

    Above P = 200 they come from a short Lanczos iteration, good to about 1e-4 of the larger one's size.
    """
    complete = objective.dim <= DENSE_ON_PATHS
    if complete:
        values = yield from _dense(objective, lambda: _eigenvalues(objective, theta))
    else:
        product = _product(objective, theta)
        tolerance = max(1e-4, _noise(objective))
        values = (yield from lanczos(product, objective.dim, tolerance=tolerance, limit=80)).values
    count = int((values < -_zero_below(objective, values)).sum())
    return Sharpness(float(values[0]), float(values[-1]), count, complete)


def preconditioned_sharpness(objective: Objective, theta: Array, scales: Array) -> TimeSlices[float]:
    """λ_max of S^½ H S^½ at one theta ``(P,)`` of a path, S the diagonal of ``scales`` ``(P,)``.

    As good as in `sharpness`. Raises InvalidValue where the Hessian is not finite, or the scales are not
    finite and at least 0.
    """
    root = root_of(scales)
    if objective.dim <= DENSE_ON_PATHS:
        scaled = root[:, None] * _finite_hessian(objective, theta) * root
        return float(np.linalg.eigvalsh(scaled)[-1])
    product = _product(objective, theta)

    def apply(vector: Array) -> TimeSlices[Array]:
        found = yield from product(root * vector)
        return root * found

    return float((yield from lanczos(apply, objective.dim, tolerance=1e-4, limit=80)).values[-1])


def root_of(scales: Array) -> Array:
    """S^½ for the diagonal S of ``scales`` ``(P,)``; InvalidValue where they are no such scales."""
    if not (np.isfinite(scales).all() and (scales >= 0).all()):
        raise InvalidValue("rates", "finite and at least 0", scales.tolist())
    root: Array = np.sqrt(scales)
    return root


def _dense(objective: Objective, work: Callable[[], T]) -> TimeSlices[T]:
    """Work on the whole Hessian: small ones are done before a thread of their own would have begun."""
    if objective.dim <= DENSE_ON_PATHS and not is_called(objective):
        return work()
    return (yield from run_in_thread(work))


def _slope(objective: Objective, theta: Array) -> tuple[Array, Array, float]:
    """Cost, gradient and how far rounding falsifies that."""
    return *objective.value_and_grad(theta), objective.grad_rounding(theta)


def _product(objective: Objective, theta: Array) -> Callable[[Array], TimeSlices[Array]]:
    def apply(vector: Array) -> TimeSlices[Array]:
        product = yield from in_thread_if_long(objective, lambda: objective.hvp(theta, vector), PRODUCT)
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
