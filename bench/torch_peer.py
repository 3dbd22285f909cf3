"""The same work by PyTorch on the processor, in the forms that suit it best, and by loss-landscapes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.func import vmap

from bench.nets import RATES, Net
from bench.timing import fastest
from descentscape.core.objective import AnyArray, Array

Cost = Callable[..., Tensor]

CHUNK_NUMBERS = 3_000_000
"""Activations of a mapped chunk of a grid: the fastest."""


TRIED = 5
"""Steps of a trial."""


class Lion(torch.optim.Optimizer):
    """Lion, which PyTorch does not have."""

    def __init__(self, params: Any, lr: float) -> None:
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        for group in self.param_groups:
            for each in group["params"]:
                state = self.state[each]
                m = state.setdefault("m", torch.zeros_like(each))
                each.sub_(torch.sign(m.lerp(each.grad, 0.1)), alpha=group["lr"])
                m.lerp_(each.grad, 0.01)


OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "gd": lambda params, lr: torch.optim.SGD(params, lr, fused=True),
    "momentum": lambda params, lr: torch.optim.SGD(params, lr, momentum=0.9, fused=True),
    "nesterov": lambda params, lr: torch.optim.SGD(params, lr, momentum=0.9, nesterov=True, fused=True),
    "rmsprop": lambda params, lr: torch.optim.RMSprop(params, lr),
    "adam": lambda params, lr: torch.optim.Adam(params, lr, fused=True),
    "lion": Lion,
}


THREADS = (1, len(os.sched_getaffinity(0)))
"""Of an operation: one, or one for every processor that may be used."""


@contextmanager
def threads(number: int) -> Iterator[None]:
    """So many threads inside an operation; on small arrays one is the fastest."""
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    yield
    torch.set_num_threads(before)


def data(net: Net, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """The examples and their targets, class labels for a softmax."""
    y = torch.tensor(net.y.argmax(1)) if net.softmax else torch.tensor(net.y, dtype=dtype)
    return torch.tensor(net.x, dtype=dtype), y


def loss(net: Net, z: Tensor, y: Tensor) -> Tensor:
    """The cost of the output layer's pre-activations."""
    if net.softmax:
        return torch.nn.functional.cross_entropy(z, y)
    return 0.5 * torch.nn.functional.mse_loss(torch.sigmoid(z), y)


def forward(weights: list[Tensor], a: Tensor) -> Tensor:
    """The output layer's pre-activations, for W, b, W, b, ..."""
    for w, b in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        a = torch.tanh(torch.nn.functional.linear(a, w, b))
    return torch.nn.functional.linear(a, weights[-2], weights[-1])


def split(net: Net, theta: Tensor) -> list[Tensor]:
    """Views W, b, W, b, ... of theta ``(P,)``."""
    return [part for w, shape, b in net.spans() for part in (theta[w].view(shape), theta[b])]


def cost_of(net: Net, dtype: torch.dtype = torch.float64) -> Cost:
    """The cost as a function of theta ``(P,)``."""
    x, y = data(net, dtype)
    return lambda theta: loss(net, forward(split(net, theta), x), y)


def value_and_grad(net: Net, theta: Array) -> tuple[float, Array]:
    leaf = torch.tensor(theta, requires_grad=True)
    value = cost_of(net)(leaf)
    (grad,) = torch.autograd.grad(value, leaf)
    return value.item(), grad.numpy()


def hessian(net: Net) -> Callable[[Array], Array]:
    whole = torch.func.hessian(cost_of(net))
    return lambda theta: np.asarray(whole(torch.tensor(theta)))


def descend(net: Net, kinds: tuple[str, ...], batch: int | None, steps: int) -> Callable[[], list[Any]]:
    """Eager training of each run by itself; of every step theta and the batch's cost, as NumPy has them."""
    x, y = data(net, torch.float64)
    order = net.order(batch, steps)
    batches = None if order is None else torch.as_tensor(order.astype(np.int64))

    def one(kind: str) -> list[tuple[AnyArray, float]]:
        weights = [part.clone().requires_grad_() for part in split(net, torch.tensor(net.theta))]
        optimizer = OPTIMIZERS[kind](weights, lr=RATES[kind])
        kept = []
        for step in range(steps):
            rows, targets = (x, y) if batches is None else (x[batches[step]], y[batches[step]])
            cost = loss(net, forward(weights, rows), targets)
            optimizer.zero_grad()
            cost.backward()
            optimizer.step()
            with torch.no_grad():
                kept.append((torch.cat([w.ravel() for w in weights]).numpy(), cost.item()))
        return kept

    def call() -> list[Any]:
        with threads(1):
            return [one(kind) for kind in kinds]

    return call


def descend_stacked(
    net: Net, starts: Array, kinds: tuple[str, ...], batch: int | None, steps: int
) -> Callable[[], list[Any]]:
    """All runs as one stack of batched products; a single kind is one optimizer over the whole stack.

    With as many threads as are found to be fastest.
    """

    def with_threads(number: int, steps: int) -> list[Any]:
        with threads(number):
            return _stacked(net, starts, kinds, batch, steps)()

    number = fastest(THREADS, lambda number: with_threads(number, TRIED))
    return lambda: with_threads(number, steps)


def _stacked(
    net: Net, starts: Array, kinds: tuple[str, ...], batch: int | None, steps: int
) -> Callable[[], list[Any]]:
    x, y = data(net, torch.float64)
    order = net.order(batch, steps)
    batches = None if order is None else torch.as_tensor(order.astype(np.int64))

    def costs(theta: Tensor, rows: Tensor, targets: Tensor) -> Tensor:
        a, spans = rows.T.expand(len(theta), -1, -1), net.spans()
        for number, (w, shape, b) in enumerate(spans):
            z = torch.baddbmm(theta[:, b].unsqueeze(-1), theta[:, w].view(-1, *shape), a)
            a = torch.sigmoid(z) if number == len(spans) - 1 else torch.tanh(z)
        return 0.5 * ((a - targets.T) ** 2).mean((1, 2))

    def call() -> list[Any]:
        theta = torch.tensor(starts, requires_grad=True)
        rows = [theta.detach()[k] for k in range(len(kinds))] if len(kinds) > 1 else []
        optimizers = [
            OPTIMIZERS[kind]([part], lr=RATES[kind])
            for kind, part in zip(kinds, rows or [theta], strict=True)
        ]
        kept = []
        for step in range(steps):
            part = (x, y) if batches is None else (x[batches[step]], y[batches[step]])
            each = costs(theta, *part)
            (theta.grad,) = torch.autograd.grad(each.sum(), theta)
            for k, row in enumerate(rows):
                row.grad = theta.grad[k]
            for optimizer in optimizers:
                optimizer.step()
            kept.append((theta.detach().clone().numpy(), each.detach().numpy()))
        return kept

    return call


def mapped_surface(net: Net, origin: Array, basis: Array, points: Array) -> Callable[[], AnyArray]:
    """``torch.func.vmap`` over a grid, in chunks, float32, with as many threads as are fastest."""
    chunk = max(1, CHUNK_NUMBERS // (len(net.x) * sum(net.widths)))
    at, u, where = (torch.tensor(part, dtype=torch.float32) for part in (origin, basis, points))
    batched = vmap(cost_of(net, torch.float32))

    def over(places: Tensor, number: int) -> AnyArray:
        with torch.no_grad(), threads(number):
            return torch.cat([batched(at + part @ u) for part in places.split(chunk)]).numpy()

    number = fastest(THREADS, lambda number: over(where[: 2 * chunk], number))
    return lambda: over(where, number)


class Model(torch.nn.Module):
    """The network as a module."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(shape[1], shape[0]) for _, shape, _ in net.spans())
        with torch.no_grad():
            theta = torch.tensor(net.theta, dtype=torch.float32)
            for own, given in zip(self.parameters(), split(net, theta), strict=True):
                own.copy_(given)

    def forward(self, a: Tensor) -> Tensor:
        for layer in self.layers[:-1]:
            a = torch.tanh(layer(a))
        z: Tensor = self.layers[-1](a)
        return z


def library_surface(net: Net, side: int) -> Callable[[], object]:
    """The loss-landscapes library's own plane of random directions, float32."""
    import loss_landscapes
    from loss_landscapes.metrics import Loss

    x, y = data(net, torch.float32)
    model = Model(net)
    metric = Loss(lambda z, targets: loss(net, z, targets), x, y)

    def over(points: int, number: int) -> object:
        with torch.no_grad(), threads(number):
            return loss_landscapes.random_plane(model, metric, 1, points, "model", deepcopy_model=True)

    number = fastest(THREADS, lambda number: over(11, number))
    return lambda: over(side, number)


def module_cost(net: Net) -> float:
    """The cost by the module that loss-landscapes is given, to see that it is the same network."""
    x, y = data(net, torch.float32)
    model = Model(net)
    with torch.no_grad():
        return float(loss(net, model(x), y))
