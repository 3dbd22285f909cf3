"""The same work by JAX on the processor, compiled, in the forms that suit it best."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bench.nets import RATES, Net
from bench.timing import fastest
from descentscape.core.objective import AnyArray, Array

jax.config.update("jax_enable_x64", True)

Cost = Callable[..., jax.Array]
State = tuple[jax.Array, ...]

SCANNED = 100
"""Steps of one scan."""

CHUNKS = (16, 64, 256, 1024)
"""Points of a grid at once: the fastest is found by trying."""

TRIED = 4096
"""Points that they are tried on."""

VMAP_NUMBERS = 5_000_000
"""Activations of a mapped chunk of a grid: the fastest; far larger ones XLA gets wrong (jaxlib 0.10.2)."""


def loss(net: Net, z: jax.Array, y: jax.Array) -> jax.Array:
    """The cost of the output layer's pre-activations ``(n, K)``."""
    if net.softmax:
        return (jax.nn.logsumexp(z, 1) - (y * z).sum(1)).mean()
    return 0.5 * ((jax.nn.sigmoid(z) - y) ** 2).mean()


def cost_of(net: Net, dtype: str = "float64") -> Cost:
    """The cost as a function of theta ``(P,)`` and, where they are not all, the examples."""
    whole = jnp.asarray(net.x, dtype), jnp.asarray(net.y, dtype)

    def cost(theta: jax.Array, part: jax.Array | None = None) -> jax.Array:
        a, y = whole if part is None else (whole[0][part], whole[1][part])
        *hidden, last = net.spans()
        for w, shape, b in hidden:
            a = jnp.tanh(a @ theta[w].reshape(shape).T + theta[b])
        w, shape, b = last
        return loss(net, a @ theta[w].reshape(shape).T + theta[b], y)

    return cost


def value_and_grad(net: Net, theta: Array) -> tuple[float, Array]:
    value, grad = jax.value_and_grad(cost_of(net))(theta)
    return float(value), np.asarray(grad)


def hessian(net: Net) -> Callable[[Array], Array]:
    whole = jax.jit(jax.hessian(cost_of(net)))
    return lambda theta: np.asarray(whole(theta))


def hessian_product(net: Net) -> Callable[[Array, Array], Array]:
    slope = jax.grad(cost_of(net))
    along = jax.jit(lambda theta, v: jax.jvp(slope, (theta,), (v,))[1])
    return lambda theta, v: np.asarray(along(theta, v))


def _adam(g: jax.Array, state: State, rate: float) -> tuple[jax.Array, State]:
    m, v, t = 0.9 * state[0] + 0.1 * g, 0.999 * state[1] + 0.001 * g * g, state[2] + 1
    return -rate * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), (m, v, t)


def _momentum(g: jax.Array, state: State, rate: float) -> tuple[jax.Array, State]:
    v = 0.9 * state[0] + g
    return -rate * v, (v,)


def _nesterov(g: jax.Array, state: State, rate: float) -> tuple[jax.Array, State]:
    v = 0.9 * state[0] + g
    return -rate * (g + 0.9 * v), (v,)


def _rmsprop(g: jax.Array, state: State, rate: float) -> tuple[jax.Array, State]:
    v = 0.99 * state[0] + 0.01 * g * g
    return -rate * g / (jnp.sqrt(v) + 1e-8), (v,)


def _lion(g: jax.Array, state: State, rate: float) -> tuple[jax.Array, State]:
    return -rate * jnp.sign(0.9 * state[0] + 0.1 * g), (0.99 * state[0] + 0.01 * g,)


UPDATES: dict[str, Callable[..., tuple[jax.Array, State]]] = {
    "gd": lambda g, state, rate: (-rate * g, state),
    "momentum": _momentum,
    "nesterov": _nesterov,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "lion": _lion,
}


def initial_state(kind: str, like: Array) -> State:
    """The rule's memory at the start, for theta of this shape."""
    zero = jnp.zeros(like.shape)
    return {"gd": (), "adam": (zero, zero, jnp.zeros(like.shape[:-1]))}.get(kind, (zero,))


def _step(net: Net, kind: str) -> Callable[..., Any]:
    slope, update = jax.value_and_grad(cost_of(net)), UPDATES[kind]

    def step(carry: Any, part: Any) -> Any:
        theta, state = carry
        cost, grad = slope(theta, part)
        move, state = update(grad, state, RATES[kind])
        return (theta + move, state), (theta + move, cost)

    return step


def _recorded_step(net: Net, kind: str) -> Callable[..., Any]:
    """A step with all that `descentscape.run` records: true and batch cost, the true gradient's norms."""
    inner, whole, spans = _step(net, kind), jax.value_and_grad(cost_of(net)), net.spans()

    def step(carry: Any, part: Any) -> Any:
        cost, grad = whole(carry[0])
        layers = jnp.stack([jnp.linalg.norm(grad[w.start : b.stop]) for w, _, b in spans])
        carry, (theta, batch_cost) = inner(carry, part)
        return carry, (theta, batch_cost, cost, layers, jnp.linalg.norm(grad))

    return step


def _race_step(net: Net, kinds: tuple[str, ...]) -> Callable[..., Any]:
    slope = jax.vmap(jax.value_and_grad(cost_of(net)), (0, None))

    def step(carry: Any, part: Any) -> Any:
        theta, states = carry
        costs, grads = slope(theta, part)
        moved = [UPDATES[kind](grads[k], states[k], RATES[kind]) for k, kind in enumerate(kinds)]
        theta = theta + jnp.stack([move for move, _ in moved])
        return (theta, tuple(state for _, state in moved)), (theta, costs)

    return step


def _starts_step(net: Net, kind: str) -> Callable[..., Any]:
    return jax.vmap(_step(net, kind), (0, None))


def _each(step: Callable[..., Any], carry: Any, order: Any, steps: int) -> Callable[[], list[Any]]:
    """A compiled call a step, with what it gives on the host after each."""
    compiled = jax.jit(step)

    def call() -> list[Any]:
        now, kept = carry, []
        for k in range(steps):
            now, out = compiled(now, None if order is None else order[k])
            kept.append(tuple(np.asarray(each) for each in out))
        return kept

    return call


def _scan(
    step: Callable[..., Any], carry: Any, order: Any, steps: int, scanned: int
) -> Callable[[], list[Any]]:
    """A compiled call for many steps, with what they give on the host after each call."""
    compiled = jax.jit(lambda now, parts: jax.lax.scan(step, now, parts, length=scanned))

    def call() -> list[Any]:
        now, kept = carry, []
        for k in range(0, steps, scanned):
            now, out = compiled(now, None if order is None else order[k : k + scanned])
            kept.append(tuple(np.asarray(each) for each in out))
        return kept

    return call


def descend(net: Net, kind: str, batch: int | None, steps: int) -> Callable[[], list[Any]]:
    """A run, a compiled call a step: of every step theta and the batch's cost on the host."""
    carry = jnp.asarray(net.theta), initial_state(kind, net.theta)
    return _each(_step(net, kind), carry, net.order(batch, steps), steps)


def descend_scanned(
    net: Net, kind: str, batch: int | None, steps: int, *, recorded: bool = False
) -> Callable[[], list[Any]]:
    """A run by scans of a hundred steps; ``recorded`` with all that our runs record."""
    carry = jnp.asarray(net.theta), initial_state(kind, net.theta)
    step = _recorded_step(net, kind) if recorded else _step(net, kind)
    return _scan(step, carry, net.order(batch, steps), steps, min(SCANNED, steps))


def race(net: Net, kinds: tuple[str, ...], batch: int | None, steps: int) -> Callable[[], list[Any]]:
    """Runs of different rules: one mapped gradient, each rule on its row, a compiled call a step."""
    theta = np.tile(net.theta, (len(kinds), 1))
    carry = jnp.asarray(theta), tuple(initial_state(kind, net.theta) for kind in kinds)
    return _each(_race_step(net, kinds), carry, net.order(batch, steps), steps)


def many_starts(
    net: Net, starts: Array, kind: str, steps: int, scanned: int | None = None
) -> Callable[[], list[Any]]:
    """Runs of one rule from many starts, mapped: a compiled call a step, or one for every scan."""
    carry = jnp.asarray(starts), initial_state(kind, starts)
    step = _starts_step(net, kind)
    if scanned is None:
        return _each(step, carry, None, steps)
    return _scan(step, carry, None, steps, scanned)


def plain_surface(net: Net, origin: Array, basis: Array, points: Array) -> Callable[[], AnyArray]:
    """``jit(vmap(cost))`` over the points of a grid, in chunks, float32."""
    cost = cost_of(net, "float32")
    over = jax.jit(jax.vmap(lambda p, at, u: cost(at + p @ u), (0, None, None)))
    at, plane, places = (jnp.asarray(part, "float32") for part in (origin, basis, points))
    size = min(len(points), max(1, VMAP_NUMBERS // (len(net.x) * sum(net.widths))))

    def call() -> AnyArray:
        parts = [over(places[k : k + size], at, plane) for k in range(0, len(points), size)]
        return np.concatenate([np.asarray(part) for part in parts])

    return call


def best_surface(net: Net, origin: Array, basis: Array, points: Array) -> Callable[[], AnyArray]:
    """The form that suits JAX best: a first layer affine in (a, b), units before examples, in chunks.

    Chunks stay in the cache; which size, and whether two threads with a half each are faster than XLA's own,
    is found by trying on some of the points.
    """
    sizes = [size for size in CHUNKS if size <= len(points)]
    tried = {size: _affine(net, origin, basis, points[:TRIED], size) for size in sizes}
    size, form = fastest(
        [(size, form) for size in sizes for form in (0, 1)], lambda it: tried[it[0]][it[1]]()
    )
    return _affine(net, origin, basis, points, size)[form]


def _affine(
    net: Net, origin: Array, basis: Array, points: Array, size: int
) -> tuple[Callable[[], AnyArray], Callable[[], AnyArray]]:
    """Over all points by one thread of ours, and by two with a half each."""
    xt, yt = jnp.asarray(net.x.T, "float32"), jnp.asarray(net.y.T, "float32")
    three = jnp.asarray(np.vstack([origin, basis]), "float32")
    (w, shape, b), *others = net.spans()
    first = three[:, w].reshape(3, *shape) @ xt + three[:, b][..., None]

    def one(p: jax.Array) -> jax.Array:
        z = first[0] + p[0] * first[1] + p[1] * first[2]
        theta = three[0] + p[0] * three[1] + p[1] * three[2]
        for w, shape, b in others:
            z = theta[w].reshape(shape) @ jnp.tanh(z) + theta[b][:, None]
        if net.softmax:
            return (jax.nn.logsumexp(z, 0) - (yt * z).sum(0)).mean()
        return 0.5 * ((jax.nn.sigmoid(z) - yt) ** 2).mean()

    over = jax.jit(lambda places: jax.lax.map(one, places, batch_size=size))
    places = jnp.asarray(points, "float32")
    halves = jnp.array_split(places, 2)
    pool = ThreadPoolExecutor(2)
    return (
        lambda: np.asarray(over(places)),
        lambda: np.concatenate(list(pool.map(lambda half: np.asarray(over(half)), halves))),
    )
