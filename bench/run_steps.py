"""Run-steps per second of a 2-8-8-1 tanh network on 200 examples, float64; PyTorch beside it if installed.

``python bench/run_steps.py [--rounds 9]`` with ``backend`` on PYTHONPATH. "bare" keeps every theta and its
batch's cost, which is what the peer does too; "recorded" is a ComputedTrajectory: the whole cost, gradient
norms per layer, checkpoints. Cases are interleaved and the median round is shown. Run it on a quiet machine
with OPENBLAS_CORETYPE unset.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from itertools import islice
from statistics import median
from time import perf_counter

import numpy as np

from descentscape.core.descent.computed import ComputedTrajectory
from descentscape.core.descent.descent import Position, Recipe, descend
from descentscape.core.descent.run import Run
from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array
from descentscape.core.optimizers import OPTIMIZERS

STEPS = 1_000
RACE = ("gd", "momentum", "nesterov", "rmsprop", "adam", "lion")
SIZES = (None, 16)

Case = Callable[[], object]
"""Something to time."""


def network() -> tuple[MLP, Array]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 2))
    y = (x[:, :1] * x[:, 1:] > 0) * 1.0
    net = MLP(dense_layers((2, 8, 8, 1), ("tanh", "tanh", "sigmoid")), "mse", x, y)
    return net, net.init("xavier", rng)


def recipe(kind: str, size: int | None) -> Recipe:
    return Recipe(OPTIMIZERS[kind](learning_rate=0.01), batch_size=size)


def bare(net: MLP, theta: Array, kind: str, size: int | None) -> Case:
    def case() -> object:
        steps = descend(net, recipe(kind, size), Position(0, theta), seed=0, steps=STEPS)
        return [(step.theta, step.cost) for step in islice(steps, STEPS)]

    return case


def recorded(net: MLP, theta: Array, kinds: tuple[str, ...], size: int | None) -> Case:
    def case() -> None:
        race = [ComputedTrajectory(Run(net, recipe(kind, size), theta, STEPS)) for kind in kinds]
        while sum(run.advance(steps=64) for run in race):
            pass

    return case


def eager(net: MLP, theta: Array, kind: str, size: int | None) -> Case:
    import torch

    torch.set_num_threads(1)
    x, y = torch.tensor(np.array(net.x)), torch.tensor(np.array(net.y))
    rule = {"gd": torch.optim.SGD, "adam": torch.optim.Adam}[kind]

    def case() -> object:
        weights = [
            torch.tensor(np.array(part), requires_grad=True) for layer in net.weights(theta) for part in layer
        ]
        optimizer, kept, rng = rule(weights, lr=0.01), [], np.random.default_rng(0)
        for step in range(STEPS):
            if size and step % (len(x) // size) == 0:
                order = torch.as_tensor(rng.permutation(len(x)))
            at = slice(None) if size is None else order[step % (len(x) // size) * size :][:size]
            a = x[at]
            for w, b in zip(weights[:-2:2], weights[1:-2:2], strict=True):
                a = torch.tanh(a @ w.T + b)
            out = torch.sigmoid(a @ weights[-2].T + weights[-1])
            cost = ((y[at] - out) ** 2).sum() / (2 * len(a))
            optimizer.zero_grad()
            cost.backward()
            optimizer.step()
            kept.append((torch.cat([w.detach().ravel() for w in weights]).numpy(), cost.item()))
        return kept

    return case


def cases() -> dict[str, tuple[int, Case]]:
    """Each case by its name, with the run-steps that it makes."""
    net, theta = network()
    table: dict[str, tuple[int, Case]] = {}
    for size in SIZES:
        what = f"batch {size}" if size else "full batch"
        for kind in ("gd", "adam"):
            table[f"{kind}, {what}, bare"] = STEPS, bare(net, theta, kind, size)
            table[f"{kind}, {what}, recorded"] = STEPS, recorded(net, theta, (kind,), size)
            if importlib.util.find_spec("torch"):
                table[f"{kind}, {what}, torch eager"] = STEPS, eager(net, theta, kind, size)
        table[f"race of {len(RACE)}, {what}, recorded"] = (
            len(RACE) * STEPS,
            recorded(net, theta, RACE, size),
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds, table = parser.parse_args().rounds, cases()
    times: dict[str, list[float]] = {name: [] for name in table}
    for _ in range(rounds):
        for name, (_, case) in table.items():
            start = perf_counter()
            case()
            times[name].append(perf_counter() - start)
    for name, (steps, _) in table.items():
        seconds = median(times[name]) / steps
        print(f"{name:36} {seconds * 1e6:8.1f} us {1 / seconds:10,.0f} run-steps/s")


if __name__ == "__main__":
    main()
