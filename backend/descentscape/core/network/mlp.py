"""A network as an objective: its cost, gradient and Hessian by hand-derived passes over all examples."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from descentscape.core.blocks import Block
from descentscape.core.errors import InvalidValue
from descentscape.core.network.architecture import Architecture, chunks
from descentscape.core.network.costs import COSTS, SOFTMAX, one_hot
from descentscape.core.network.initializers import INITS
from descentscape.core.network.layers import Dense
from descentscape.core.network.passes import Passes, passes_of
from descentscape.core.network.tangent import Linearization
from descentscape.core.objective import ALL, EPSILON, AnyArray, Array, Indices
from descentscape.core.undivided import go_on

P = ParamSpec("P")
T = TypeVar("T")


def _evaluation(method: Callable[P, T]) -> Callable[P, T]:
    """A pass over the examples: overflow is a result, and none is begun that nobody waits for any more."""

    @wraps(method)
    def evaluated(*args: P.args, **kwargs: P.kwargs) -> T:
        go_on()
        with np.errstate(all="ignore"):
            return method(*args, **kwargs)

    return evaluated


Names = tuple[Sequence[str], Sequence[str]]
"""The names of the inputs and of the outputs."""


class MLP:
    """The cost of dense layers x → z¹ → a¹ → … → zᴸ → C on N examples, an ``Objective`` and ``Sampled``.

    zˡ = Wˡ aˡ⁻¹ + bˡ, aˡ = σˡ(zˡ); C is the mean loss plus l1 Σ|W| + ½ l2 ΣW² over weights, not biases.
    theta ``(*B, P)`` is, layer by layer, W (out, in) row-major, then b (out,). Where theta has diverged,
    costs and gradients are inf or nan, without a warning. Calls are safe from several threads.

    - ``layers``: from the inputs D to the outputs K; only the last may be a softmax
    - ``cost``: a key of `COSTS` that fits the output
    - ``x`` ``(N, D)`` and ``y`` ``(N, K)``: the examples; for a softmax, class labels ``(N, 1)`` will do
    - ``names``: of the inputs and the outputs, for parameters' names; left out where they are not as many
    - ``l1``, ``l2``: weights of the penalties; the derivative of |W| at 0 is taken as 0

    Raises InvalidValue, naming the argument and what it must be.
    """

    def __init__(
        self,
        layers: tuple[Dense, ...],
        cost: str,
        x: AnyArray,
        y: AnyArray,
        *,
        l1: float = 0.0,
        l2: float = 0.0,
        names: Names = ((), ()),
    ) -> None:
        net = self._net = Architecture(tuple(layers), cost, l1, l2)
        self._names = _fitting(names, net.widths)
        rows = _inputs(x, net.widths[0])
        self._passes, self._examples = passes_of(net, rows, _targets(y, len(rows), net)), ALL

    @property
    def layers(self) -> tuple[Dense, ...]:
        """The layers, from the inputs to the outputs."""
        return self._net.layers

    @property
    def widths(self) -> tuple[int, ...]:
        """The units of each layer, from the inputs to the outputs."""
        return self._net.widths

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each layer, the output's included."""
        return tuple(layer.activation for layer in self.layers)

    @property
    def cost(self) -> str:
        """The kind of cost."""
        return self._net.cost

    @property
    def l1(self) -> float:
        """The weight of the penalty Σ|W|."""
        return self._net.l1

    @property
    def l2(self) -> float:
        """The weight of the penalty ½ ΣW²."""
        return self._net.l2

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the inputs, x1, x2, … where none were given."""
        inputs = self.widths[0]
        numbered = (f"x{k + 1}" for k in range(inputs)) if inputs > 1 else ("x",)
        return tuple(self._names[0] or numbered)

    @property
    def dim(self) -> int:
        """The number of parameters P."""
        return self._net.layout.dim

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Each layer's weights and biases."""
        return self._net.layout.blocks

    @property
    def n_examples(self) -> int:
        """The number of examples N."""
        return len(self._examples) or self._passes.yt.shape[1]

    @property
    def x(self) -> Array:
        """The inputs ``(N, D)``."""
        return self._chosen(self._passes.xt).T

    @property
    def y(self) -> Array:
        """The targets ``(N, K)``, one-hot for class labels."""
        return self._chosen(self._passes.yt).T

    @property
    def passes(self) -> Passes:
        """What makes costs and gradients, over more examples maybe than these."""
        return self._passes

    @property
    def examples(self) -> Indices:
        """The places of the examples among those of ``passes``, none for all of them."""
        return self._examples

    @property
    def compiled(self) -> bool:
        """Whether its passes are compiled: each number is then the same whatever is computed beside it."""
        return self._passes.for_compiled_code() is not None

    @property
    def weights_marked(self) -> Array:
        """1 where theta holds a weight, 0 where it holds a bias, ``(P,)``."""
        return self._net.layout.weights

    def _chosen(self, columns: Array) -> Array:
        return columns.take(self._examples, 1) if len(self._examples) else columns

    def parameter_names(self) -> list[str]:
        """Names such as ``"layer 2, w[3,1]"`` (to unit 3 from unit 1) and ``"layer 2, b[3]"``."""
        return self._net.layout.names(*self._names)

    def parts(self, theta: AnyArray) -> list[AnyArray]:
        """Views of each layer's own parameters."""
        return self._net.layout.parts(theta)

    def weights(self, theta: AnyArray) -> list[tuple[AnyArray, AnyArray | None]]:
        """Views W ``(*B, out, in)`` and b ``(*B, out)`` (None without biases) of each layer."""
        return self._net.layout.split(theta)

    def init(self, kind: str, rng: np.random.Generator) -> Array:
        """Initial parameters ``(P,)`` by a rule of `INITS`, biases zero; InvalidValue for any other."""
        if kind not in INITS:
            raise InvalidValue("init", f"one of {', '.join(INITS)}", kind)
        theta = np.zeros(self.dim)
        for w, _ in self.weights(theta):
            w[...] = INITS[kind].draw(rng, *w.shape)
        return theta

    def batch(self, examples: Indices) -> MLP:
        """The same cost on one or more of the examples, penalties included; cheap, nothing is copied."""
        part = object.__new__(MLP)
        part._net, part._passes, part._names = self._net, self._passes, self._names
        part._examples = self._examples[examples] if len(self._examples) else examples
        return part

    @_evaluation
    def forward(self, theta: AnyArray, x: AnyArray) -> list[tuple[AnyArray, AnyArray]]:
        """Pre-activation z and activation a ``(*B, n, units)`` of each layer for inputs x ``(n, D)``."""
        passes, a = list[tuple[AnyArray, AnyArray]](), np.asarray(x).T
        for layer, parameters in zip(self.layers, self.parts(theta), strict=True):
            z, a = layer.forward(parameters, a)
            passes.append((z.swapaxes(-1, -2), a.swapaxes(-1, -2)))
        return passes

    def outputs(self, theta: AnyArray, x: AnyArray) -> AnyArray:
        """The outputs ``(*B, n, K)`` for inputs x ``(n, D)``."""
        return self.forward(theta, x)[-1][1]

    @_evaluation
    def value(self, theta: AnyArray) -> AnyArray:
        """C(theta), shape ``(*B,)``, in theta's own precision (float32 or float64)."""
        rows = self._stacked(theta)
        cost = self._passes.costs(rows, self._examples)
        if self._net.penalized:
            cost += self._net.penalty(rows)
        return cost.reshape(theta.shape[:-1])

    def penalty(self, theta: AnyArray) -> AnyArray:
        """The part l1 Σ|W| + ½ l2 ΣW² of C(theta), ``(*B,)``."""
        return self._net.penalty(theta)

    @_evaluation
    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        """C(theta) ``(*B,)`` and its gradient ``(*B, P)``."""
        rows = self._stacked(theta)
        cost, grads = self._passes.gradients(rows, self._examples)
        if self._net.penalized:
            cost += self._net.penalty(rows)
            grads += self._net.penalty_slope(rows)
        return cost.reshape(theta.shape[:-1]), grads.reshape(theta.shape)

    def _stacked(self, theta: AnyArray) -> AnyArray:
        """All the thetas as rows ``(R, P)``."""
        if theta.shape[-1:] != self._net.layout.shape:
            raise InvalidValue("theta", f"of shape (..., {self.dim})", theta.shape)
        return theta.reshape(-1, self.dim)

    @_evaluation
    def hvp(self, theta: Array, v: Array) -> Array:
        """The Hessian at theta ``(P,)`` times each of the vectors v ``(*B, P)``, exact."""
        net, rows = self._net, self._stacked(v)
        result = self._passes.products(theta, rows, self._examples)
        if net.l2:
            result += net.l2 * net.layout.weights * rows
        return result.reshape(v.shape)

    @_evaluation
    def grad_rounding(self, theta: Array) -> float:
        """‖r‖ with r = ε (|H| |θ| + 1/N Σ |δ| |a|ᵀ + l1), the first term in the root mean square.

        Rounding changes what every layer adds up, z = W a + b, as a relative change of ε in its parameters
        would: what becomes of that is H (s θ) with random signs s, of which two are tried. The gradient's own
        sum over the examples is falsified by ε times its terms' sizes, however much they cancel.
        """
        moved = self.hvp(theta, theta * _signs(self.dim))
        sizes = self._passes.sizes(theta, self._examples)
        spread = np.hypot(*moved) / math.sqrt(len(moved)) + sizes + self.l1 * self._net.layout.weights
        return float(EPSILON * np.linalg.norm(spread))

    @_evaluation
    def scatter(self, theta: Array) -> float:
        """tr Σ at theta ``(P,)``, Σ the sample covariance of the examples' gradients gᵢ about their mean g.

        That is 1/(N−1) Σ (gᵢ − g)(gᵢ − g)ᵀ. Penalties move all of them alike and are not in it.
        """
        inputs, targets = self._chosen(self._passes.xt), self._chosen(self._passes.yt)
        return Linearization(self._net, theta, inputs, targets).scatter()

    @_evaluation
    def hessian(self, theta: Array) -> Array:
        """The symmetric matrix of second derivatives at theta ``(P,)``, shape ``(P, P)``, exact."""
        full = self._passes.hessian(theta, self._examples)
        if self._net.l2:
            full[np.diag_indices(self.dim)] += self._net.l2 * self._net.layout.weights
        return full

    @_evaluation
    def slice_cost(
        self, origin: Array, basis: Array, points: Array, dtype: DTypeLike = np.float32
    ) -> AnyArray:
        """C at origin ``(P,)`` + points ``(M, 2)`` @ basis ``(2, P)``, in ``dtype``, shape ``(M,)``."""
        cost = self._passes.plane_costs(origin, basis, points, dtype, self._examples)
        if self._net.penalized:
            for part in chunks(self._net, len(points), 1, 8):
                cost[part] += self._net.penalty(origin + points[part] @ basis)
        return cost


@lru_cache(8)
def _signs(dim: int) -> Array:
    """Two rows ``(2, P)`` of random signs, the same every time."""
    return np.random.default_rng(0).choice([-1.0, 1.0], (2, dim))


def _inputs(x: AnyArray, features: int) -> Array:
    inputs = np.asarray(x, np.float64)
    if inputs.ndim != 2 or inputs.shape[1] != features or not len(inputs):
        raise InvalidValue("x", f"of shape (N, {features}) with N at least 1", inputs.shape)
    return inputs


def _targets(y: AnyArray, n: int, net: Architecture) -> Array:
    targets, outputs = np.asarray(y, np.float64), net.widths[-1]
    if net.layers[-1].activation == SOFTMAX and targets.shape == (n, 1):
        targets = one_hot(targets, outputs)
    if targets.shape != (n, outputs):
        raise InvalidValue("y", f"of shape ({n}, {outputs})", targets.shape)
    outside = targets[~((targets >= 0.0) & (targets <= 1.0))]
    if COSTS[net.cost].bounded and outside.size:
        raise InvalidValue("y", f"between 0 and 1 for {net.cost}", float(outside[0]))
    sums = targets.sum(1)
    if net.cost == "cross_entropy" and not np.allclose(sums, 1.0):
        raise InvalidValue(
            "y", "rows that add up to 1 for cross_entropy", float(sums[np.abs(sums - 1.0).argmax()])
        )
    return targets


def _fitting(names: Names, widths: tuple[int, ...]) -> Names:
    """The names of inputs and outputs, none where there are not as many of them."""
    inputs, outputs = names
    return (inputs if len(inputs) == widths[0] else (), outputs if len(outputs) == widths[-1] else ())
