"""The networks that are compared, as documents and as the numbers that a peer needs to compute the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from descentscape import Experiment
from descentscape.compute.build import build_problem
from descentscape.core.data.sampling import Batches
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array, Indices

Document = dict[str, Any]

RATES = {"gd": 0.1, "momentum": 0.05, "nesterov": 0.05, "rmsprop": 0.01, "adam": 0.05, "lion": 0.01}
"""The rules of the race and their learning rates; all else is at the defaults that PyTorch shares."""

SEEDS = count(1)
"""A new one for every call: what has been computed once is not computed again."""


@dataclass(frozen=True)
class Net:
    """A network on its data. ``problem`` is its document; ``softmax`` or else one sigmoid unit and MSE."""

    name: str
    problem: Document
    objective: MLP
    theta: Array
    x: Array
    y: Array

    @property
    def widths(self) -> tuple[int, ...]:
        """The units of each layer, from the inputs to the outputs."""
        return self.objective.widths

    @property
    def softmax(self) -> bool:
        """Whether the output is a softmax under cross-entropy."""
        return self.objective.activations[-1] == "softmax"

    @property
    def dim(self) -> int:
        """The number of parameters P."""
        return self.objective.dim

    def spans(self) -> list[tuple[slice, tuple[int, int], slice]]:
        """Where each layer's weights (out, in) and biases lie in theta."""
        found, start = [], 0
        for units_in, units_out in zip(self.widths, self.widths[1:], strict=False):
            middle = start + units_in * units_out
            found.append((slice(start, middle), (units_out, units_in), slice(middle, middle + units_out)))
            start = middle + units_out
        return found

    def order(self, size: int | None, steps: int) -> Indices | None:
        """The examples ``(steps, size)`` of whole mini-batches, in our order; None for the full batch."""
        if size is None:
            return None
        batches = Batches(len(self.x), size, 0)
        whole = (batches.at(step) for step in count() if len(batches.at(step)) == size)
        return np.array([batch for batch, _ in zip(whole, range(steps), strict=False)], dtype=np.int32)


def build(name: str, hidden: tuple[int, ...], dataset: Document) -> Net:
    """A tanh network with such hidden layers: a sigmoid and MSE for two classes, softmax for more."""
    softmax = dataset["kind"] == "digits"
    problem = {"hidden": list(hidden), "dataset": dataset, "cost": "cross_entropy" if softmax else "mse"}
    built = build_problem(Experiment.model_validate({"problem": problem}).problem)
    net = built.objective
    assert isinstance(net, MLP)
    return Net(name, problem, net, built.initial(0), np.ascontiguousarray(net.x), np.ascontiguousarray(net.y))


def small(n: int = 200, hidden: tuple[int, ...] = (8, 8)) -> Net:
    """Net A of the table, 2-8-8-1 on 200 examples of two moons, or one like it."""
    widths = "-".join(map(str, (2, *hidden, 1)))
    return build(f"{widths}, n {n}", hidden, {"kind": "moons", "n": n})


def digits() -> Net:
    """Net C of the table: 64-64-32-10 with softmax on 1,797 digits."""
    return build("64-64-32-10, n 1797", (64, 32), {"kind": "digits"})


def race(net: Net, kinds: tuple[str, ...], batch: int | None, steps: int, **more: Any) -> Document:
    """The experiment of some runs of a network, whose weights and batches come from a seed of their own."""
    runs = [
        {"optimizer": {"kind": kind, "learning_rate": RATES[kind]}, "batch_size": batch} for kind in kinds
    ]
    return {"problem": net.problem, "runs": runs, "steps": steps, "seed": next(SEEDS)} | more
