"""What there is to compile of the passes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from descentscape.core.network.kernel.curvature import moves_for, products, sizes
from descentscape.core.network.kernel.hessian import hessian_rows
from descentscape.core.network.kernel.linearization import linearize, tape_for
from descentscape.core.network.kernel.passes import (
    costs,
    example_net,
    gradients,
    one_segment,
    segment_gradient,
    work_for,
)
from descentscape.core.network.kernel.surfaces import plane_costs
from descentscape.core.objective import ALL


def jobs() -> list[Callable[[], object]]:
    """One call of each function, for each precision that it is used in."""
    return [*_both(np.float64), *_both(np.float32), *_double()]


def _both(dtype: type[np.floating]) -> list[Callable[[], object]]:
    net = example_net(dtype)
    one, work, cost = net.xt, work_for(net), np.empty(1, dtype)
    frame, first, points = np.ones((3, 1), dtype), np.ones((3, 1, 1), dtype), np.ones((1, 2), dtype)
    return [
        lambda: costs(net, one, ALL, cost, work),
        lambda: plane_costs(net, frame, first, points, cost),
    ]


def _double() -> list[Callable[[], object]]:
    net = example_net(np.float64)
    one, work, tape = net.xt, work_for(net), tape_for(net, 1)
    return [
        segment_gradient,
        lambda: gradients(segment_gradient(), net, one, ALL, np.empty(1), np.empty((1, 1)), work),
        lambda: one_segment(segment_gradient(), net, one[0], ALL, 0, 1, work),
        lambda: linearize(net, one[0], ALL, 0, 1, tape, 0, 1),
        lambda: products(net, one[0], tape, 1, one, np.empty((1, 1)), moves_for(net)),
        lambda: sizes(net, tape, 1, np.empty(1), moves_for(net)),
        lambda: hessian_rows(net, one[0], tape, 1, np.array([[0, 0, 1]]), 1.0, np.zeros((1, 1))),
    ]
