"""A network as an objective: its cost, gradient and Hessian by hand-derived passes over all examples."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from descentscape.core.activations import ACTIVATIONS
from descentscape.core.architecture import Architecture
from descentscape.core.chain_hessian import hessian
from descentscape.core.chain_layout import Layout, with_ones
from descentscape.core.chain_stack import Stack, chunks
from descentscape.core.chain_step import Step
from descentscape.core.chain_tangent import products
from descentscape.core.costs import COSTS, SOFTMAX, one_hot, require_pair
from descentscape.core.errors import InvalidValue
from descentscape.core.heads import head
from descentscape.core.initializers import INITS
from descentscape.core.objective import AnyArray, Array, Indices

_quiet = np.errstate(all="ignore")


class Chain:
    """The cost of a chain of layers x → z¹ → a¹ → … → zᴸ → C on N examples, an ``Objective`` and ``Sampled``.

    zˡ = Wˡ aˡ⁻¹ + bˡ, aˡ = σˡ(zˡ); C is the mean loss plus l1 Σ|W| + ½ l2 ΣW² over weights, not biases.
    theta ``(*B, P)`` is laid out as ``chain_layout.Layout`` says. Where theta has diverged, costs and
    gradients are inf or nan, without a warning. Calls are safe from several threads.

    - ``widths``: the units of each layer from the inputs D to the outputs K, two numbers or more
    - ``activations``: one for each layer; the last is the output's and may be "softmax"
    - ``cost``: a key of `COSTS` that fits the output
    - ``x`` ``(N, D)`` and ``y`` ``(N, K)``: the examples; for a softmax, class labels ``(N, 1)`` will do
    - ``biases``: whether the layers have biases
    - ``l1``, ``l2``: weights of the penalties; the derivative of |W| at 0 is taken as 0

    Raises InvalidValue, naming the argument and what it must be.
    """

    def __init__(
        self,
        widths: tuple[int, ...],
        activations: tuple[str, ...],
        cost: str,
        x: AnyArray,
        y: AnyArray,
        *,
        biases: bool = True,
        l1: float = 0.0,
        l2: float = 0.0,
    ) -> None:
        _require_architecture(widths, activations, cost, l1, l2)
        self.widths, self.activations, self.cost = widths, activations, cost
        hidden = tuple(ACTIVATIONS[kind] for kind in activations[:-1])
        self._net = Architecture(
            Layout(widths, biases), hidden, head(activations[-1], cost), float(l1), float(l2)
        )
        rows = _inputs(x, widths[0])
        self._rows = np.hstack([rows, np.ones((len(rows), 1))]) if biases else rows
        self._targets = _targets(y, len(rows), widths[-1], activations[-1], cost)
        self._xt, self._yt = np.ascontiguousarray(self._rows.T), np.ascontiguousarray(self._targets.T)

    @property
    def dim(self) -> int:
        """The number of parameters P."""
        return self._net.layout.dim

    @property
    def groups(self) -> dict[str, slice]:
        """Each layer's block of theta."""
        return {f"layer {index}": span for index, span in enumerate(self._net.layout.spans, 1)}

    @property
    def n_examples(self) -> int:
        """The number of examples N."""
        return len(self._targets)

    @property
    def x(self) -> Array:
        """The inputs ``(N, D)``, a view."""
        return self._rows[:, : self.widths[0]]

    @property
    def y(self) -> Array:
        """The targets ``(N, K)``, one-hot for class labels."""
        return self._targets

    def parameter_names(self) -> list[str]:
        """Names such as ``"layer 2, w[3,1]"`` (to unit 3 from unit 1) and ``"layer 2, b[3]"``."""
        return self._net.layout.names()

    def layers(self, theta: AnyArray) -> list[tuple[AnyArray, AnyArray | None]]:
        """Views W ``(*B, out, in)`` and b ``(*B, out)`` (None without biases) of each layer."""
        return self._net.layout.layers(theta)

    def init(self, kind: str, rng: np.random.Generator) -> Array:
        """Initial parameters ``(P,)`` by a rule of `INITS`, biases zero; InvalidValue for any other."""
        if kind not in INITS:
            raise InvalidValue("init", f"one of {', '.join(INITS)}", kind)
        theta = np.zeros(self.dim)
        for w, _ in self.layers(theta):
            w[...] = INITS[kind].draw(rng, *w.shape)
        return theta

    def batch(self, examples: Indices | slice) -> Chain:
        """The same cost on a subset of the examples, penalties included; cheap, a slice most of all."""
        if isinstance(examples, slice):
            return self._on(self._rows[examples], self._targets[examples])
        return self._on(self._rows.take(examples, 0), self._targets.take(examples, 0))

    def permuted(self, order: Indices) -> Chain:
        """The same cost with its examples in another order: a mini-batch is then ``batch(slice(i, j))``."""
        return self.batch(order)

    def _on(self, rows: Array, targets: Array) -> Chain:
        part = object.__new__(Chain)
        part.widths, part.activations, part.cost, part._net = (
            self.widths,
            self.activations,
            self.cost,
            self._net,
        )
        part._rows, part._targets, part._xt, part._yt = rows, targets, rows.T, targets.T
        return part

    @_quiet
    def forward(self, theta: AnyArray, x: AnyArray) -> list[tuple[AnyArray, AnyArray]]:
        """Pre-activation z and activation a ``(*B, n, units)`` of each layer for inputs x ``(n, D)``."""
        passes = self._forward(theta, with_ones(np.asarray(x).T, self._net.layout.biases))
        return [(z.swapaxes(-1, -2), a.swapaxes(-1, -2)) for z, a in passes]

    def outputs(self, theta: AnyArray, x: AnyArray) -> AnyArray:
        """The outputs ``(*B, n, K)`` for inputs x ``(n, D)``."""
        return self.forward(theta, x)[-1][1]

    def _forward(self, theta: AnyArray, xt: AnyArray) -> list[tuple[AnyArray, AnyArray]]:
        packed = theta[..., self._net.layout.order]
        passes, carried = [], xt
        functions = [*(activation.value for activation in self._net.hidden), self._net.head.output]
        for joint, function in zip(self._net.layout.matrices(packed), functions, strict=True):
            z = joint @ carried
            passes.append((z, function(z)))
            carried = with_ones(passes[-1][1], self._net.layout.biases)
        return passes

    @_quiet
    def value(self, theta: AnyArray) -> AnyArray:
        """C(theta), shape ``(*B,)``, in theta's own precision (float32 or float64)."""
        net, n = self._net, self.n_examples
        xt, yt = self._xt.astype(theta.dtype, copy=False), self._yt.astype(theta.dtype, copy=False)
        rows = theta.reshape(-1, self.dim)
        total = np.empty(len(rows), theta.dtype)
        for part in chunks(net, len(rows), n, theta.itemsize):
            total[part] = self._stack(part.stop - part.start, theta.dtype).losses(rows[part], xt, yt)
        cost = (total / n).reshape(theta.shape[:-1])
        return cost + net.penalty(theta) if net.penalized else cost

    @_quiet
    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        """C(theta) ``(*B,)`` and its gradient ``(*B, P)``."""
        net, n = self._net, len(self._targets)
        if theta.ndim == 1:
            step = net.buffers.known.get(n) or net.buffers.keep(n, Step(net, n))
            return step(theta, self._xt, self._yt)
        rows = theta.reshape(-1, self.dim)
        total, grads = np.empty(len(rows)), np.empty_like(rows)
        for part in chunks(net, len(rows), n, theta.itemsize):
            stack = self._stack(part.stop - part.start, theta.dtype)
            total[part], grads[part] = stack.gradients(rows[part], self._xt, self._yt)
        total /= n
        grads *= 1.0 / n
        if net.penalized:
            total += net.penalty(rows)
            grads += net.penalty_slope(rows)
        return total.reshape(theta.shape[:-1]), grads.reshape(theta.shape)

    def _stack(self, runs: int, dtype: DTypeLike) -> Stack:
        name = runs, len(self._targets), dtype
        buffers = self._net.buffers
        return buffers.known.get(name) or buffers.keep(name, Stack(self._net, *name))

    @_quiet
    def hvp(self, theta: Array, v: Array) -> Array:
        """The Hessian at theta ``(P,)`` times each of the vectors v ``(*B, P)``, exact."""
        rows = v.reshape(-1, self.dim)
        result = np.empty_like(rows)
        for part in chunks(self._net, len(rows), self.n_examples, v.itemsize):
            result[part] = products(self._net, theta, rows[part], self._xt, self._yt)
        result /= self.n_examples
        if self._net.l2:
            result += self._net.l2 * self._net.layout.weights * rows
        return result.reshape(v.shape)

    @_quiet
    def hessian(self, theta: Array) -> Array:
        """The symmetric matrix of second derivatives at theta ``(P,)``, shape ``(P, P)``, exact."""
        full = hessian(self._net, theta, self._xt, self._yt)
        full /= self.n_examples
        full[np.diag_indices(self.dim)] += self._net.l2 * self._net.layout.weights
        return full

    def slice_cost(
        self, origin: Array, basis: Array, points: Array, dtype: type[np.floating] = np.float32
    ) -> AnyArray:
        """C at origin + points @ basis for points ``(M, 2)``, shape ``(M,)``."""
        return np.concatenate(
            [self.value((origin + part @ basis).astype(dtype)) for part in np.array_split(points, 64)]
        )


def _require_architecture(
    widths: tuple[int, ...], activations: tuple[str, ...], cost: str, l1: float, l2: float
) -> None:
    if len(widths) < 2 or min(widths) < 1:
        raise InvalidValue("widths", "two or more positive numbers", widths)
    if len(activations) != len(widths) - 1:
        raise InvalidValue("activations", f"{len(widths) - 1}, one for each layer", activations)
    for kind in activations[:-1]:
        if kind not in ACTIVATIONS:
            raise InvalidValue("activation", f"one of {', '.join(ACTIVATIONS)}", kind)
    require_pair(activations[-1], cost)
    if activations[-1] == SOFTMAX and widths[-1] < 2:
        raise InvalidValue("widths[-1]", "at least 2 for a softmax output", widths[-1])
    for name, penalty in (("l1", l1), ("l2", l2)):
        if not (np.isfinite(penalty) and penalty >= 0.0):
            raise InvalidValue(name, "a number of at least 0", penalty)


def _inputs(x: AnyArray, features: int) -> Array:
    inputs = np.asarray(x, np.float64)
    if inputs.ndim != 2 or inputs.shape[1] != features or not len(inputs):
        raise InvalidValue("x", f"of shape (N, {features}) with N at least 1", inputs.shape)
    return inputs


def _targets(y: AnyArray, n: int, outputs: int, output: str, cost: str) -> Array:
    targets = np.asarray(y, np.float64)
    if output == SOFTMAX and targets.shape == (n, 1):
        targets = one_hot(targets, outputs)
    if targets.shape != (n, outputs):
        raise InvalidValue("y", f"of shape ({n}, {outputs})", targets.shape)
    if COSTS[cost].bounded and not ((targets >= 0.0) & (targets <= 1.0)).all():
        raise InvalidValue(
            "y", f"between 0 and 1 for {cost}", float(targets[(targets < 0) | (targets > 1)][0])
        )
    return targets
