"""The field of steepest descent over a plane: where the path would go if the plane were all there is."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.progress import paced
from descentscape.core.objective import Array, Objective
from descentscape.core.time_slices import Clock, Progress, Work

GRADIENT_BLOCK = 1 << 20
"""At most so many numbers of gradients are held at once."""


@dataclass(frozen=True, eq=False)
class GradientField:
    """−∇C at the plane's coordinates a ``(W,)``, b ``(H,)``, as far as it lies in the plane.

    ``arrows`` ``(H, W, 2)`` are the coordinates of −∇C's projection on the plane: moving by t times an arrow
    is gradient descent at the rate t, less what leaves the plane. ``share`` ``(H, W)`` is the length of the
    projection as a share of ‖∇C‖, 1 where the plane is all there is; ``cost`` ``(H, W)`` is C. All three are
    nan where they are not finite; the share of no slope at all is 1.
    """

    a: Array
    b: Array
    arrows: Array
    cost: Array
    share: Array


def gradient_field(
    objective: Objective, plane: Plane, extent: Extent, resolution: int = 21, *, clock: Clock = perf_counter
) -> Work[GradientField]:
    """Compute the field on resolution x resolution points of the window.

    The projection's coordinates are −G⁻¹ U ∇C, with the plane's directions as the rows of U and their Gram
    matrix G = U Uᵀ, so that oblique planes have the true direction too.
    """
    a, b = (np.linspace(low, high, resolution) for low, high in extent)
    points = np.stack(np.meshgrid(a, b), axis=-1).reshape(-1, 2)
    total = len(points)
    arrows, cost, share = np.empty((total, 2)), np.empty(total), np.empty(total)

    def work(part: slice) -> None:
        with np.errstate(all="ignore"):
            cost[part], grad = objective.value_and_grad(plane.lift(points[part]))
            arrows[part], share[part] = _in_plane(plane, grad)

    yield Progress(0, total)
    for done in paced(objective, work, total, 16, max(GRADIENT_BLOCK // plane.dim, 1), clock):
        yield Progress(done, total)
    shape = resolution, resolution
    found = _finite(arrows).reshape(*shape, 2), _finite(cost).reshape(shape), share.reshape(shape)
    return GradientField(a, b, *found)


def _in_plane(plane: Plane, grad: Array) -> tuple[Array, Array]:
    """The coordinates ``(M, 2)`` of −grad's projection, and its share ``(M,)`` of grad's length."""
    gram = plane.basis @ plane.basis.T
    along = -grad @ plane.basis.T
    arrows: Array = np.linalg.solve(gram, along.T).T.astype(np.float64, copy=False)
    whole = np.einsum("mp,mp->m", grad, grad)
    held = np.einsum("mi,mi->m", arrows, along)
    share: Array = np.sqrt(np.clip(np.where(whole == 0, 1.0, held / whole), 0.0, 1.0))
    return arrows, share


def _finite(numbers: Array) -> Array:
    return np.where(np.isfinite(numbers), numbers, np.nan)
