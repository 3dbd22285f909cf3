"""One network's gradient, Hessian and cost over a grid, beside PyTorch and JAX where they are installed.

``python bench/network.py [gradient] [hessian] [grid] [--rounds 7]`` with ``backend`` on PYTHONPATH. Cases are
interleaved and the best round is shown, with its ratio to ours. Everything is on the processor and ends with
NumPy arrays in hand. For figures that can be compared: a quiet machine, OPENBLAS_NUM_THREADS=1, and
OPENBLAS_CORETYPE unset.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np

from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array

Case = Callable[[], object]
Rows = dict[str, Case]

TORCH, JAX = (importlib.util.find_spec(name) is not None for name in ("torch", "jax"))


def network(widths: tuple[int, ...], n: int) -> tuple[MLP, Array]:
    """A tanh network on random examples: squared error for one output, else softmax cross-entropy."""
    rng = np.random.default_rng(0)
    classes = widths[-1] > 1
    x = rng.normal(size=(n, widths[0]))
    y = rng.integers(0, widths[-1], (n, 1)) if classes else np.sin(x[:, :1])
    ends = ("softmax", "cross_entropy") if classes else ("linear", "mse")
    net = MLP(dense_layers(widths, ("tanh",) * (len(widths) - 2) + ends[:1]), ends[1], x, y)
    return net, net.init("xavier", rng)


def naive_gradient(net: MLP, theta: Array) -> Array:
    """As it is written down first: a transpose, a sum and a new array for everything."""
    layers, a = net.weights(theta), [np.array(net.x)]
    for w, b in layers[:-1]:
        a.append(np.tanh(a[-1] @ w.T + b))
    w, b = layers[-1]
    delta = (a[-1] @ w.T + b - net.y) / len(a[0])
    parts: list[Array] = []
    for k in reversed(range(len(layers))):
        parts = [(delta.T @ a[k]).ravel(), delta.sum(0), *parts]
        delta = (delta @ layers[k][0]) * (1 - a[k] ** 2)
    return np.concatenate(parts)


def torch_cost(net: MLP, dtype: str) -> Callable:
    import torch

    torch.set_num_threads(len(os.sched_getaffinity(0)) if dtype == "float32" else 1)
    kind = getattr(torch, dtype)
    x = torch.tensor(np.array(net.x), dtype=kind)
    y = torch.tensor(np.array(net.y), dtype=kind)

    def cost(theta: torch.Tensor) -> torch.Tensor:
        a = x
        *hidden, (w, b) = net.weights(theta)
        for weights, biases in hidden:
            a = torch.tanh(a @ weights.T + biases)
        z = a @ w.T + b
        if net.cost == "mse":
            return ((z - y) ** 2).sum() / (2 * len(x))
        return torch.nn.functional.cross_entropy(z, y)

    return cost


def jax_cost(net: MLP, dtype: str) -> Callable:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    x, y = jnp.asarray(np.array(net.x), dtype), jnp.asarray(np.array(net.y), dtype)

    def cost(theta: jax.Array) -> jax.Array:
        a = x
        *hidden, (w, b) = net.weights(theta)
        for weights, biases in hidden:
            a = jnp.tanh(a @ weights.T + biases)
        z = a @ w.T + b
        if net.cost == "mse":
            return ((z - y) ** 2).sum() / (2 * len(x))
        return (jax.nn.logsumexp(z, 1) - (y * z).sum(1)).mean()

    return cost


def gradient() -> Iterator[tuple[str, Rows]]:
    """One theta's cost and gradient, float64: all 200 examples, and 16 of them drawn afresh."""
    net, theta = network((2, 8, 8, 1), 200)
    order = np.random.default_rng(0).permutation(200)
    permuted, sixteen = net.batch(order), slice(32, 48)
    stack = theta + 0.1 * np.random.default_rng(1).normal(size=(64, net.dim))
    for what, part in (("all 200 examples", net), ("16 examples", net.batch(order[sixteen]))):
        rows: Rows = {"MLP": lambda part=part: part.value_and_grad(theta)}
        if part is not net:
            rows["MLP, batch(indices) included"] = lambda: net.batch(order[sixteen]).value_and_grad(theta)
            rows["MLP, batch(slice) included"] = lambda: permuted.batch(sixteen).value_and_grad(theta)
        rows["naive NumPy"] = lambda part=part: naive_gradient(part, theta)
        rows |= peers_gradient(part, theta)
        yield f"value_and_grad, 2-8-8-1, {what}, float64", rows
    yield (
        "value_and_grad, 2-8-8-1, 64 thetas, float64",
        {
            "MLP": lambda: net.value_and_grad(stack),
            "MLP in a loop": lambda: [net.value_and_grad(row) for row in stack],
        },
    )
    digits, theta64 = network((64, 64, 32, 10), 1797)
    rows = {"MLP": lambda: digits.value_and_grad(theta64)} | peers_gradient(digits, theta64)
    yield "value_and_grad, 64-64-32-10 softmax, 1797 examples, float64", rows


def peers_gradient(net: MLP, theta: Array) -> Rows:
    rows: Rows = {}
    if TORCH:
        import torch

        cost, leaf = torch_cost(net, "float64"), torch.tensor(theta, requires_grad=True)

        def eager() -> object:
            leaf.grad = None
            value = cost(leaf)
            value.backward()
            return value.item(), leaf.grad.numpy()

        rows["torch eager"] = eager
    if JAX:
        import jax

        compiled = jax.jit(jax.value_and_grad(jax_cost(net, "float64")))

        def jitted() -> object:
            value, slope = compiled(theta)
            return float(value), np.asarray(slope)

        rows["jax.jit"] = jitted
    return rows


def hessian() -> Iterator[tuple[str, Rows]]:
    """The whole Hessian, and its product with one vector, float64, 200 examples."""
    for widths in ((2, 8, 8, 1), (2, 32, 32, 1)):
        net, theta = network(widths, 200)
        v = np.random.default_rng(1).normal(size=net.dim)
        whole: Rows = {
            "MLP": lambda net=net, theta=theta: net.hessian(theta),
            "differences of gradients": lambda net=net, theta=theta: differences(net, theta),
        }
        product: Rows = {"MLP": lambda net=net, theta=theta, v=v: net.hvp(theta, v)}
        moving = iter(theta * (1 + 1e-9 * k) for k in range(10**9))
        product["MLP, theta new each time"] = lambda net=net, v=v, at=moving: net.hvp(next(at), v)
        if TORCH:
            import torch

            cost, point, vector = torch_cost(net, "float64"), torch.tensor(theta), torch.tensor(v)
            whole["torch.func.hessian"] = lambda cost=cost, at=point: torch.func.hessian(cost)(at).numpy()
            product["torch.func.jvp of grad"] = lambda cost=cost, at=point, v=vector: torch.func.jvp(
                torch.func.grad(cost), (at,), (v,)
            )[1].numpy()
        if JAX:
            import jax

            slope = jax.grad(jax_cost(net, "float64"))
            all_of_it = jax.jit(jax.hessian(jax_cost(net, "float64")))
            along = jax.jit(lambda at, v, slope=slope: jax.jvp(slope, (at,), (v,))[1])
            whole["jax.jit of jax.hessian"] = lambda f=all_of_it, at=theta: np.asarray(f(at))
            product["jax.jit of jvp of grad"] = lambda f=along, at=theta, v=v: np.asarray(f(at, v))
        yield f"Hessian, P = {net.dim}", whole
        yield f"Hessian-vector product, P = {net.dim}", product


def differences(net: MLP, theta: Array) -> Array:
    steps = 1e-5 * np.eye(net.dim)
    return (net.value_and_grad(theta + steps)[1] - net.value_and_grad(theta - steps)[1]) / 2e-5


def grid() -> Iterator[tuple[str, Rows]]:
    """The cost over a square grid, float32, all processors."""
    for widths, n, side in (
        ((2, 8, 8, 1), 200, 51),
        ((2, 8, 8, 1), 200, 101),
        ((2, 8, 8, 1), 200, 201),
        ((2, 32, 32, 1), 500, 101),
        ((64, 64, 32, 10), 1797, 51),
    ):
        net, theta = network(widths, n)
        basis = np.linalg.qr(np.random.default_rng(1).normal(size=(net.dim, 2)))[0].T
        axis = np.linspace(-3, 3, side)
        points = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
        rows: Rows = {
            "MLP.slice_cost": lambda c=net, at=theta, u=basis, p=points: c.slice_cost(at, u, p),
            "MLP.value of every theta": lambda c=net, at=theta, u=basis, p=points: everywhere(c, at, u, p),
        }
        yield (
            f"{'-'.join(map(str, widths))}, n = {n}, {side} x {side}",
            rows | peers_grid(net, theta, basis, points),
        )


def everywhere(net: MLP, theta: Array, basis: Array, points: Array) -> Array:
    parts = np.array_split(points, 1 + len(points) // 500)
    return np.concatenate([net.value((theta + part @ basis).astype(np.float32)) for part in parts])


def peers_grid(net: MLP, theta: Array, basis: Array, points: Array) -> Rows:
    rows: Rows = {}
    chunk = max(1, 50_000_000 // (net.n_examples * sum(net.widths)))
    if TORCH:
        import torch

        at, u, where = (torch.tensor(part, dtype=torch.float32) for part in (theta, basis, points))
        batched = torch.func.vmap(torch_cost(net, "float32"))

        def mapped() -> object:
            with torch.no_grad():
                return torch.cat([batched(at + part @ u) for part in where.split(chunk)]).numpy()

        rows["torch.func.vmap"] = mapped
    if JAX:
        import jax
        import jax.numpy as jnp

        cost = jax_cost(net, "float32")
        over = jax.jit(jax.vmap(lambda p, a, u: cost(a + p @ u), (0, None, None)))
        start, plane, places = (jnp.asarray(part, "float32") for part in (theta, basis, points))
        size = min(chunk, len(points))

        def compiled() -> object:
            return [np.asarray(over(places[k : k + size], start, plane)) for k in range(0, len(points), size)]

        rows["jax.jit of vmap"] = compiled
    return rows


def measure(case: Case) -> float:
    """Seconds of one call, over as many calls as fill a fifth of a second."""
    start = perf_counter()
    case()
    calls = max(1, int(0.2 / (perf_counter() - start)))
    start = perf_counter()
    for _ in range(calls):
        case()
    return (perf_counter() - start) / calls


def main() -> None:
    suites = {"gradient": gradient, "hessian": hessian, "grid": grid}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suites", nargs="*", choices=[*suites, []], default=list(suites))
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    for name, there in (("torch", TORCH), ("jax", JAX)):
        if not there:
            print(f"{name} is not installed: left out")
    for suite in arguments.suites:
        for title, rows in suites[suite]():
            times: dict[str, list[float]] = {name: [] for name in rows}
            for case in rows.values():
                case()
            for _ in range(arguments.rounds):
                for name, case in rows.items():
                    times[name].append(measure(case))
            ours = min(next(iter(times.values())))
            print(f"\n{title}")
            for name, seconds in times.items():
                print(f"  {name:34} {min(seconds) * 1e6:12,.1f} us   x {min(seconds) / ours:.2f}")


if __name__ == "__main__":
    main()
