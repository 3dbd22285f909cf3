"""The row of surfaces: the cost over a grid, float32."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

import descentscape as ds
from bench import nets
from bench.figures import OURS, Figures, Row, compared
from bench.nets import Net
from bench.timing import Case, Effort, interleaved
from descentscape.core.objective import Array

REACH = 3.0
SIDES = (51, 101, 201)


def sampled(net: Net, side: int) -> ds.Experiment:
    """An experiment of one small step, seen over two random directions around its end."""
    view = {
        "plane": {"kind": "random", "seed": 1},
        "grid": {"resolution": side, "extent": ((-REACH, REACH), (-REACH, REACH))},
    }
    return ds.Experiment.model_validate(nets.race(net, ("gd",), None, 1, seed=0, view=view))


def plane_of(surface: ds.Surface) -> tuple[Array, Array, Array]:
    """Origin ``(P,)``, basis ``(2, P)`` and the grid's points ``(H W, 2)``."""
    points = np.stack(np.meshgrid(surface.a, surface.b), -1).reshape(-1, 2)
    return surface.plane.origin, surface.plane.basis, points


def surfaces(effort: Effort) -> Figures:
    """Nets A, B and C, each over three grids."""
    from bench import jax_peer, torch_peer

    goals = {"JAX, best form": 1.2, "JAX, jit of vmap": 2.0, "torch, vmap": 5.0}
    small = nets.small()
    for net in (small, nets.small(500, (32, 32)), nets.digits()):
        for side in (effort.of(side, side // 10 | 1) for side in SIDES):
            experiment = sampled(net, side)
            surface = ds.surface(experiment)
            assert surface.cost.dtype == np.float32, "ours fell back to float64"
            plane = plane_of(surface)
            peers: dict[str, Callable[[], object]] = {
                "JAX, best form": jax_peer.best_surface(net, *plane),
                "JAX, jit of vmap": jax_peer.plain_surface(net, *plane),
                "torch, vmap": torch_peer.mapped_surface(net, *plane),
            }
            if net is small:
                peers["loss-landscapes"] = torch_peer.library_surface(net, side)
            cases = {OURS: Case(partial(ds.surface, experiment))}
            times = interleaved(cases | {who: Case(call) for who, call in peers.items()}, effort)
            yield from compared(f"{net.name}, G {side}", times, "ms", goals | {"loss-landscapes": 20.0})


ROWS = (
    Row(
        "surface",
        "`ds.surface`",
        "Float32, all processors. Ours is sampled coarse to fine, compared with float64 here and there and "
        "clipped; its one-step descent is kept from the first call, the surface is not. For JAX’s best form "
        "the size of its chunks, and whether two threads of Python share them, is found by trying.",
        surfaces,
        "Of the smallest network a millisecond of the call is spent before and between the points, and two "
        "thirds of the rest in tanh, 0.3 ns each; of larger ones half of a point is products, at 45 to 53 G "
        "multiplications a second and processor.",
    ),
)
