"""Whether all contestants compute the same: what does not agree is not timed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import descentscape as ds
from bench import nets
from bench.nets import RATES, Net
from bench.surfaces import plane_of, sampled
from descentscape.core.objective import AnyArray

STEPS = 40
SIDE = 17


@dataclass(frozen=True)
class Agreement:
    """How far a peer is from us, beside the size of what is compared, and how far rounding may take it."""

    what: str
    who: str
    apart: float
    allowed: float

    @property
    def holds(self) -> bool:
        """Whether it is rounding."""
        return self.apart <= self.allowed


def agreements() -> Iterator[Agreement]:
    """Cost, gradient, Hessian, descents of all rules of the race, and surfaces, against every peer."""
    small = nets.small()
    for net in (small, nets.small(500, (32, 32)), nets.digits()):
        yield from _derivatives(net, hessian=net is small)
        yield from _surface(net)
    yield from _descents(small, None)
    # Of a whole epoch, since ours ends with a smaller batch, which the peers leave out.
    yield from _descents(nets.small(160), 16)


def _apart(ours: AnyArray | float, theirs: AnyArray | float) -> float:
    return float(np.abs(np.subtract(ours, theirs)).max() / max(np.abs(ours).max(), 1e-300))


def _derivatives(net: Net, *, hessian: bool) -> Iterator[Agreement]:
    from bench import jax_peer, torch_peer

    cost, grad = net.objective.value_and_grad(net.theta)
    for who, peer in (("torch", torch_peer), ("JAX", jax_peer)):
        their_cost, their_grad = peer.value_and_grad(net, net.theta)
        yield Agreement(f"{net.name}: cost", who, _apart(cost, their_cost), 1e-13)
        yield Agreement(f"{net.name}: gradient", who, _apart(grad, their_grad), 1e-12)
        if hessian:
            whole = net.objective.hessian(net.theta)
            theirs = peer.hessian(net)(net.theta)
            yield Agreement(f"{net.name}: Hessian", who, _apart(whole, theirs), 1e-11)
            found = ds.curvature({"problem": net.problem, "steps": 1}, net.theta).eigenvalues
            apart = _apart(found, np.linalg.eigvalsh(theirs))
            yield Agreement(f"{net.name}: eigenvalues", who, apart, 1e-10)
    apart = _apart(float(cost), torch_peer.module_cost(net))
    yield Agreement(f"{net.name}: cost, float32", "loss-landscapes", apart, 1e-5)


def _surface(net: Net) -> Iterator[Agreement]:
    from bench import jax_peer, torch_peer

    experiment = sampled(net, SIDE)
    surface = ds.surface(experiment)
    origin, basis, points = plane_of(surface)
    for who, peer in (
        ("JAX, best form", jax_peer.best_surface),
        ("JAX, jit of vmap", jax_peer.plain_surface),
        ("torch, vmap", torch_peer.mapped_surface),
    ):
        cost = peer(net, origin, basis, points)().reshape(surface.cost.shape)
        yield Agreement(f"{net.name}: surface, {surface.cost.dtype}", who, _apart(surface.cost, cost), 2e-5)


def _descents(net: Net, batch: int | None) -> Iterator[Agreement]:
    from bench import jax_peer, torch_peer

    steps = STEPS if batch is None else len(net.x) // batch
    what = f"{net.name}: {steps} steps, {'full batch' if batch is None else f'batch {batch}'}"
    kinds = tuple(RATES)
    document = nets.race(net, kinds, batch, steps) | {"seed": 0}
    ours = np.array([run.theta[1:] for run in ds.run(document).runs])
    starts = np.tile(net.theta, (len(kinds), 1))
    theirs: dict[str, AnyArray] = {
        "torch eager": _thetas(torch_peer.descend(net, kinds, batch, steps)(), runs_first=True),
        "torch, one stack": _thetas(torch_peer.descend_stacked(net, starts, kinds, batch, steps)()),
        "JAX, vmap": _thetas(jax_peer.race(net, kinds, batch, steps)()),
        "JAX, scan": np.array(
            [
                np.concatenate([out[0] for out in jax_peer.descend_scanned(net, kind, batch, steps)()])
                for kind in kinds
            ]
        ),
    }
    for who, thetas in theirs.items():
        yield Agreement(what, who, _apart(ours, thetas), 1e-8)


def _thetas(steps: list[Any], *, runs_first: bool = False) -> AnyArray:
    """The parameters (runs, steps, P) of what was kept."""
    if runs_first:
        return np.array([[theta for theta, _ in run] for run in steps])
    return np.array([theta for theta, _ in steps]).swapaxes(0, 1)
