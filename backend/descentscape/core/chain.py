"""A network as an objective: its cost, gradient and Hessian by hand-derived passes over all examples."""

from __future__ import annotations

import numpy as np

from descentscape.core.activations import ACTIVATIONS
from descentscape.core.chain_layout import Layout, with_ones
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

    Args:
        widths: The units of each layer from the inputs D to the outputs K, at least two numbers.
        activations: One for each layer; the last is the output's and may be "softmax".
        cost: A key of ``COSTS`` that fits the output.
        x: Inputs ``(N, D)``.
        y: Targets ``(N, K)``; for a softmax, class labels ``(N, 1)`` will do.
        biases: Whether the layers have biases.
        l1: Weight of Σ|W|; its derivative at 0 is taken as 0.
        l2: Weight of ½ ΣW².

    Raises:
        InvalidValue: Naming the argument and what it must be.
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
        self.biases, self.l1, self.l2 = biases, float(l1), float(l2)
        self.layout = Layout(widths, biases)
        self._hidden = [ACTIVATIONS[kind] for kind in activations[:-1]]
        self._head = head(activations[-1], cost)
        self._xt = with_ones(_inputs(x, widths[0]).T, biases)
        self._yt = np.ascontiguousarray(_targets(y, len(x), widths[-1], activations[-1], cost).T)

    @property
    def dim(self) -> int:
        """The number of parameters P."""
        return self.layout.dim

    @property
    def groups(self) -> dict[str, slice]:
        """Each layer's block of theta."""
        return {f"layer {index}": span for index, span in enumerate(self.layout.spans, 1)}

    @property
    def n_examples(self) -> int:
        """The number of examples N."""
        return int(self._yt.shape[-1])

    @property
    def x(self) -> Array:
        """The inputs ``(N, D)``, a view."""
        return self._xt[: self.widths[0]].T

    @property
    def y(self) -> Array:
        """The targets ``(N, K)``, one-hot for class labels, a view."""
        return self._yt.T

    def parameter_names(self) -> list[str]:
        """Names such as ``"layer 2, w[3,1]"`` (to unit 3 from unit 1) and ``"layer 2, b[3]"``."""
        return self.layout.names()

    def layers(self, theta: AnyArray) -> list[tuple[AnyArray, AnyArray | None]]:
        """Views W ``(*B, out, in)`` and b ``(*B, out)`` (None without biases) of each layer."""
        return self.layout.layers(theta)

    def init(self, kind: str, rng: np.random.Generator) -> Array:
        """Initial parameters ``(P,)`` by a rule of ``INITS``; biases are zero.

        Raises:
            InvalidValue: ``kind`` is unknown.
        """
        if kind not in INITS:
            raise InvalidValue("init", f"one of {', '.join(INITS)}", kind)
        theta = np.zeros(self.dim)
        for w, _ in self.layers(theta):
            w[...] = INITS[kind].draw(rng, *w.shape)
        return theta

    def batch(self, examples: Indices | slice) -> Chain:
        """The same cost on a subset of the examples, penalties included."""
        return self._with(self._xt[:, examples], self._yt[:, examples])

    def permuted(self, order: Indices) -> Chain:
        """The same cost with its examples in another order."""
        return self._with(self._xt.take(order, 1), self._yt.take(order, 1))

    def _with(self, xt: Array, yt: Array) -> Chain:
        part = object.__new__(Chain)
        part.__dict__.update(self.__dict__)
        part._xt, part._yt = xt, yt
        return part

    @_quiet
    def forward(self, theta: AnyArray, x: AnyArray) -> list[tuple[AnyArray, AnyArray]]:
        """Pre-activation z and activation a ``(*B, n, units)`` of each layer for inputs x ``(n, D)``."""
        passes = self._forward(theta, with_ones(np.asarray(x).T, self.biases))
        return [(z.swapaxes(-1, -2), a.swapaxes(-1, -2)) for z, a in passes]

    def outputs(self, theta: AnyArray, x: AnyArray) -> AnyArray:
        """The outputs ``(*B, n, K)`` for inputs x ``(n, D)``."""
        return self.forward(theta, x)[-1][1]

    def _forward(self, theta: AnyArray, xt: AnyArray) -> list[tuple[AnyArray, AnyArray]]:
        packed = theta[..., self.layout.order]
        passes, carried = [], xt
        functions = [*(activation.value for activation in self._hidden), self._head.output]
        for joint, function in zip(self.layout.matrices(packed), functions, strict=True):
            z = joint @ carried
            passes.append((z, function(z)))
            carried = with_ones(passes[-1][1], self.biases)
        return passes

    @_quiet
    def value(self, theta: AnyArray) -> AnyArray:
        """C(theta), shape ``(*B,)``, in theta's own precision (float32 or float64)."""
        xt, yt = self._xt.astype(theta.dtype), self._yt.astype(theta.dtype)
        z = self._forward(theta, xt)[-1][0]
        return self._head.losses(z, yt).sum(-1) / self.n_examples + self._penalty(theta)

    def _penalty(self, theta: AnyArray) -> AnyArray:
        weights = theta * self.layout.weights.astype(theta.dtype)
        return self.l1 * np.abs(weights).sum(-1) + 0.5 * self.l2 * (weights * weights).sum(-1)

    @_quiet
    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        """C(theta) ``(*B,)`` and its gradient ``(*B, P)``."""
        packed = theta[..., self.layout.order]
        joints = self.layout.matrices(packed)
        passes = self._forward(theta, self._xt)
        grads = np.empty_like(packed)
        delta = np.empty_like(passes[-1][0])
        total = self._head.slope(passes[-1][0], self._yt, delta)
        for index in reversed(range(len(joints))):
            below = with_ones(passes[index - 1][1], self.biases) if index else self._xt
            self.layout.matrices(grads)[index][...] = delta @ below.swapaxes(-1, -2)
            if index:
                z, a = passes[index - 1]
                delta = joints[index][..., : z.shape[-2]].swapaxes(-1, -2) @ delta
                delta *= self._hidden[index - 1].derivative(z, a)
        weights = theta * self.layout.weights
        penalty = self.l1 * np.sign(weights) + self.l2 * weights
        return total / self.n_examples + self._penalty(theta), grads[
            ..., self.layout.inverse
        ] / self.n_examples + penalty

    @_quiet
    def hvp(self, theta: Array, v: Array) -> Array:
        """The Hessian at theta ``(P,)`` times each of the vectors v ``(*B, P)``, exact (Pearlmutter's R)."""
        joints = self.layout.matrices(theta[self.layout.order])
        moves = self.layout.matrices(v[..., self.layout.order])
        passes = self._forward(theta, self._xt)
        inputs = [self._xt, *(with_ones(a, self.biases) for _, a in passes[:-1])]
        moved, pushed = [self._xt[:0]], []
        for index, (joint, move) in enumerate(zip(joints, moves, strict=True)):
            rz = move @ inputs[index] + (joint[:, : self.widths[index]] @ moved[-1] if index else 0.0)
            pushed.append(rz)
            if index < len(self._hidden):
                moved.append(rz * self._hidden[index].derivative(*passes[index]))
        z = passes[-1][0]
        delta = np.empty_like(z)
        self._head.slope(z.copy(), self._yt, delta)
        rdelta = self._head.bend(z, self._yt, pushed[-1])
        product = np.empty_like(v)
        blocks = self.layout.matrices(product)
        for index in reversed(range(len(joints))):
            blocks[index][...] = rdelta @ inputs[index].T
            if index:
                units = self.widths[index]
                blocks[index][..., :units] += delta @ moved[index].swapaxes(-1, -2)
                z, a = passes[index - 1]
                first, second = self._hidden[index - 1].derivative(z, a), self._hidden[index - 1].second(z, a)
                back = joints[index][:, :units].T @ delta
                rback = (
                    moves[index][..., :units].swapaxes(-1, -2) @ delta + joints[index][:, :units].T @ rdelta
                )
                rdelta = rback * first + back * second * pushed[index - 1]
                delta = back * first
        return product[..., self.layout.inverse] / self.n_examples + self.l2 * self.layout.weights * v

    def hessian(self, theta: Array) -> Array:
        """The symmetric matrix of second derivatives at theta ``(P,)``, shape ``(P, P)``."""
        full = self.hvp(theta, np.eye(self.dim))
        return 0.5 * (full + full.T)

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
