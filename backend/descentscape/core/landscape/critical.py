"""The critical points of a two-parameter problem inside a window, searched for and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from descentscape.core.descent.stationarity import FLAT, GRADIENT_ROUNDINGS
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.curvature import Classification, classify, zero_below
from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Pair
from descentscape.core.landscape.polylines import polylines
from descentscape.core.norm import norm
from descentscape.core.objective import Array, Mask, Objective
from descentscape.core.undivided import go_on

SEARCH_RESOLUTION = 81
"""The search looks at so many points along each side of the window."""

NEWTON_ITERATIONS = 80
"""Enough for a degenerate point, where each iteration only halves the distance."""

SOLVED = 1e-15
"""The search ends where ‖∇C‖ falls below this share of where it began: a degenerate point takes so much."""

ZERO = 1e-9
"""A zero's two slopes are at most this share of the largest ones a cell around it, or rounding."""

FLAT_AROUND = 2
"""So many of eight places a cell around a zero may be as flat, those along a curve: more make a plateau."""

PLACED = 1e-6
"""How far a zero may be off, in cells: an eigenvalue is known no better than it changes over that."""

TINY = 1e-24
"""Least damping, beside the square of the largest curvature: curvatures may differ by a factor of 10¹²."""

STUCK_DAMPING = 1e3
"""It gives up where steps damped this much still lead no further down."""

SAME_POINT = 0.3
"""Results of the search closer than so many cells are one point."""

DIP = 0.6
"""Where a line of zeros passes, ‖∇C‖ at the nearest grid point is at most half its neighbours' mean."""

LINK = 2.5
"""Degenerate points closer than so many cells belong to one curve."""

RINGS = (1e-2, 1e-4)
"""Around a zero of the slope it is looked at from these distances, in cells."""

FADED = 0.5
"""A hundred times nearer to a smooth point, less than this share of the slope is left."""

CURVE = 3.0
"""A run of degenerate points at least so many cells long is a curve."""


@dataclass(frozen=True, eq=False)
class CriticalPoint:
    """An isolated critical point: theta ``(2,)``, its height and the Hessian's eigenvalues ``(2,)``."""

    theta: Array
    cost: float
    eigenvalues: Array
    classification: Classification
    index: int


@dataclass(frozen=True, eq=False)
class CriticalCurve:
    """A curve of degenerate critical points: theta ``(M, 2)`` along it, at one height.

    ``curvature`` is the eigenvalue across it: positive along a valley's floor, negative along a ridge.
    """

    theta: Array
    cost: float
    curvature: float


@dataclass(frozen=True, eq=False)
class CriticalSet:
    """What a search of a window has found, and how finely it looked.

    Points closer to one another than ``spacing``, the distance of the search's grid points along each
    axis, may have been missed, as are those where the cost has a kink. ``flat`` is the share of the
    grid points where the gradient counts as zero: plateaus, of which no points are listed.
    """

    points: tuple[CriticalPoint, ...]
    curves: tuple[CriticalCurve, ...]
    flat: float
    resolution: int
    spacing: Pair


def critical_points(objective: Objective, window: Extent, resolution: int = SEARCH_RESOLUTION) -> CriticalSet:
    """Search a window of a two-parameter problem for the points where ∇C = 0.

    A Levenberg-Marquardt iteration on ∇C starts from each cell of a grid on which both components of the
    gradient change sign, and from each grid point where ‖∇C‖ is least among its neighbours. What it reaches
    inside the window is classified by the exact Hessian.

    Raises InvalidValue for other than two parameters.
    """
    if objective.dim != 2:
        raise InvalidValue("dim", "2 for a search of critical points", objective.dim)
    low, high = np.array(window).T
    spacing = (high - low) / (resolution - 1)
    grid = np.stack(np.meshgrid(*(np.linspace(*side, resolution) for side in window)), axis=-1)
    with np.errstate(all="ignore"):
        _, grad = objective.value_and_grad(grid)
        flat, plateau = _plateau(grad, np.max), _plateau(grad, np.median)
        zeros = _solve(objective, _seeds(grid, grad, plateau), spacing, low, high)
    nearest = np.round((zeros - low) / spacing).astype(int)
    zeros = thinned(zeros[~plateau[nearest[:, 1], nearest[:, 0]]], spacing, SAME_POINT)
    zeros = zeros[_smooth(objective, zeros, spacing)]
    found = [
        _named(objective, theta, spacing) for theta in zeros if np.isfinite(objective.hessian(theta)).all()
    ]
    isolated = [point for point in found if point.classification in ("minimum", "saddle", "maximum")]
    curves, alone = _join([point for point in found if point.classification == "degenerate"], spacing)
    a, b = spacing.tolist()
    return CriticalSet(tuple(isolated + alone), tuple(curves), float(flat.mean()), resolution, (a, b))


def _plateau(grad: Array, usual: Callable[[Array], float]) -> Mask:
    """Mark the grid points ``(H, W)`` with a gradient of zero, beside the usual one, at them and all around.

    What is flat beside the steepest surface is told, but between ever steeper walls there may be zeros.
    """
    size = norm(grad)
    sloping = size[np.isfinite(size) & (size > 0)]
    flat = size <= FLAT * (usual(sloping) if sloping.size else 0.0)
    around = np.pad(flat, 1, mode="edge")
    return cast(Mask, sliding_window_view(around, (3, 3)).all(axis=(-2, -1)))


def _seeds(grid: Array, grad: Array, plateau: Mask) -> Array:
    """Return the points ``(M, 2)`` from which the search starts."""
    corners = sliding_window_view(grad, (2, 2), axis=(0, 1))
    crossed = ((corners.min(axis=(-2, -1)) <= 0) & (corners.max(axis=(-2, -1)) >= 0)).all(axis=-1)
    centres = (grid[:-1, :-1] + grid[1:, 1:]) / 2
    size = np.nan_to_num(norm(grad), nan=np.inf)
    dips = (_dips(size) | _dips(size.T).T) & ~plateau
    return np.concatenate([centres[crossed & ~plateau[:-1, :-1]], grid[dips]])


def _dips(norm: Array) -> Mask:
    """Mark where ``(H, W)`` the norm along a row dips as it does within half a cell of a zero."""
    dips = np.zeros(norm.shape, dtype=bool)
    dips[:, 1:-1] = norm[:, 1:-1] <= DIP * (norm[:, :-2] + norm[:, 2:]) / 2
    return dips


def _solve(objective: Objective, seeds: Array, spacing: Array, low: Array, high: Array) -> Array:
    """Iterate on ∇C = 0 from each of seeds ``(M, 2)`` by Levenberg-Marquardt steps of at most two cells.

    Returns the zeros that were reached within the window, best first.
    """
    theta = seeds.copy()
    residual, grad, jacobian = _slopes(objective, theta, spacing)
    enough = SOLVED * residual
    damping = np.full(len(theta), 1e-3)
    inside = _within(theta, low, high)
    for _ in range(NEWTON_ITERATIONS):
        go_on()
        going = np.flatnonzero((residual > enough) & (damping < STUCK_DAMPING) & inside)
        step = _step(grad[going], jacobian[going], damping[going])
        step /= np.maximum(1, np.abs(step / spacing).max(axis=1, keepdims=True) / 2)
        tried = _slopes(objective, theta[going] + step, spacing)
        better = tried[0] < residual[going]
        taken = going[better]
        theta[taken] += step[better]
        residual[taken], grad[taken], jacobian[taken] = (part[better] for part in tried)
        damping[going] = np.maximum(damping[going] * np.where(better, 0.1, 10.0), TINY)
        inside = _within(theta, low - spacing, high + spacing)
    reached = np.isfinite(residual) & _within(theta, low, high)
    theta = np.take(theta[reached], residual[reached].argsort(kind="stable"), axis=0)
    return theta[_is_zero(objective, theta, spacing)]


def _is_zero(objective: Objective, theta: Array, spacing: Array) -> Mask:
    """Mark those of theta ``(M, 2)`` where the gradient is nothing beside that around, which is not."""
    ring = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]) * spacing
    slopes, around = (
        np.abs(objective.value_and_grad(points)[1]) for points in (theta, theta[:, None] + ring)
    )
    rounding = GRADIENT_ROUNDINGS * np.array([objective.grad_rounding(point) for point in theta])[:, None]
    zero = np.maximum(ZERO * np.nan_to_num(around, nan=0.0, posinf=0.0).max(axis=1, initial=0), rounding)
    flat = (around <= zero[:, None]).all(axis=-1).sum(axis=1)
    return cast(Mask, (slopes <= zero).all(axis=-1) & (flat <= FLAT_AROUND))


def _within(theta: Array, low: Array, high: Array) -> Mask:
    return cast(Mask, np.all((theta >= low) & (theta <= high), axis=-1))


def _step(grad: Array, jacobian: Array, damping: Array) -> Array:
    """Solve (J² + λ tr(J²) I) step = −J g for each of grad ``(M, 2)``, λ its damping.

    J is symmetric: by its eigenvalues, the unlike ones of a narrow valley keep their digits.
    """
    values, vectors = np.linalg.eigh((jacobian + jacobian.mT) / 2)
    size = np.abs(values).max(axis=1, keepdims=True) + np.finfo(float).tiny
    shares = values / size
    weights = shares / (shares**2 + damping[:, None] * (shares**2).sum(axis=1, keepdims=True) + TINY) / size
    along = np.vecmat(grad, vectors)
    step: Array = -np.matvec(vectors, weights * along)
    return step


def _slopes(objective: Objective, theta: Array, spacing: Array) -> tuple[Array, Array, Array]:
    """Return ‖∇C‖ ``(M,)``, ∇C ``(M, 2)`` and its Jacobian ``(M, 2, 2)``, by central differences.

    Where one of them is not finite, ‖∇C‖ is given as inf, and the others as zero.
    """
    h = np.diag(spacing * 1e-4)
    cost, grad = objective.value_and_grad(theta[:, None] + np.concatenate([[[0, 0]], h, -h]))
    jacobian = ((grad[:, 1:3] - grad[:, 3:5]) / (2 * np.diag(h)[:, None])).mT
    finite = np.isfinite(cost.sum(axis=1) + grad.sum(axis=(1, 2)))
    residual = np.where(finite, norm(grad[:, 0]), np.inf)
    return residual, np.where(finite[:, None], grad[:, 0], 0), np.where(finite[:, None, None], jacobian, 0)


def _smooth(objective: Objective, theta: Array, spacing: Array) -> Mask:
    """Mark those of theta ``(M, 2)`` towards which the slope fades; at a kink it stays."""
    ring = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 1], [-1, -1]]) * spacing
    with np.errstate(all="ignore"):
        far, near = (
            norm(objective.value_and_grad(theta[:, None] + share * ring)[1]).max(axis=1) for share in RINGS
        )
    return cast(Mask, ~(near > FADED * far))


def _named(objective: Objective, theta: Array, spacing: Array) -> CriticalPoint:
    """The point by the eigenvalues there, which count as zero where being placed so well may make them."""
    go_on()
    hessian = objective.hessian(theta)
    with np.errstate(all="ignore"):
        aside = [objective.hessian(theta + step) - hessian for step in np.diag(spacing)]
    change = max((float(np.linalg.norm(each)) for each in aside if np.isfinite(each).all()), default=0.0)
    eigenvalues = cast(Array, np.linalg.eigvalsh(hessian))
    zero = max(zero_below(eigenvalues, 2), PLACED * change)
    kind, count = classify(eigenvalues, zero), int((eigenvalues < -zero).sum())
    return CriticalPoint(theta, float(objective.value(theta)), eigenvalues, kind, count)


def thinned(points: Array, spacing: Array, radius: float) -> Array:
    """Keep the points ``(M, 2)`` that are farther than radius, in cells, from those kept before."""
    kept, n = np.full(points.shape, np.inf), 0
    for point in points:
        if not (np.abs((kept[:n] - point) / spacing).max(axis=1) <= radius).any():
            kept[n], n = point, n + 1
    return kept[:n]


def _join(degenerate: list[CriticalPoint], spacing: Array) -> tuple[list[CriticalCurve], list[CriticalPoint]]:
    """Divide degenerate points into curves and points that stand alone."""
    if not degenerate:
        return [], []
    curves, rest = [], []
    for run in polylines(np.array([point.theta for point in degenerate]) / spacing, LINK):
        points = [degenerate[i] for i in run]
        theta = np.array([point.theta for point in points])
        if np.linalg.norm(np.diff(theta, axis=0) / spacing, axis=1).sum() >= CURVE:
            across = [point.eigenvalues[np.abs(point.eigenvalues).argmax()] for point in points]
            curves.append(CriticalCurve(theta, points[0].cost, float(np.median(across))))
        else:
            rest.append(points[0])
    taken = np.concatenate([np.empty((0, 2)), *(curve.theta for curve in curves)])
    away = [np.abs((taken - point.theta) / spacing).max(axis=1, initial=0) > LINK for point in rest]
    return curves, [point for point, far in zip(rest, away, strict=True) if far.all()]
