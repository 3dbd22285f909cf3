"""The layers that a network is made of: their parameters, and their passes forward, backward and along.

Each is written down by itself, for any number of examples, directions and thetas: the reference that the
descriptions of a network, its explanations and its Hessian-vector products read. Arrays are units by
examples, ``(*B, H, n)``; a layer's parameters are its own part of theta, ``(*B, P)``, laid out by its blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np

from descentscape.core.autodiff.nodes import Node, exp, logsumexp, named, reshape, transpose
from descentscape.core.blocks import Block
from descentscape.core.errors import InvalidValue
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import OUTPUTS, SOFTMAX
from descentscape.core.network.output_loss import softmax, softmax_product
from descentscape.core.objective import AnyArray


class LayerNodes(NamedTuple):
    """The nodes of a layer: W ``(out, in)``, b ``(out,)`` or None, z and a = σ(z) ``(N, out)``."""

    weights: Node
    biases: Node | None
    z: Node
    a: Node


class Layer(Protocol):
    """A map from the units below, a, by way of pre-activations z, to units σ(z)."""

    @property
    def units_in(self) -> int:
        """The number of units that it takes."""

    @property
    def units_out(self) -> int:
        """The number of units that it gives."""

    @property
    def activation(self) -> str:
        """The kind of σ."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its parameters, in order from 0, by their letters alone."""

    @property
    def multiplications(self) -> int:
        """Multiplications of z for one example."""

    def forward(self, parameters: AnyArray, a: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Pre-activations z and units σ(z), ``(*B, out, n)`` each."""

    def delta(self, z: AnyArray, a: AnyArray, slope: AnyArray) -> AnyArray:
        """δ = ∂ℓ/∂z from ∂ℓ/∂σ(z), where a = σ(z), all ``(*B, out, n)``."""

    def backward(self, parameters: AnyArray, delta: AnyArray) -> AnyArray:
        """∂ℓ/∂a of the units below, ``(*B, in, n)``, from δ ``(*B, out, n)``."""

    def gradient(self, a: AnyArray, delta: AnyArray) -> AnyArray:
        """∂Σℓ/∂parameters, ``(*B, P)``, from the units below and δ."""

    def gradient_squares(self, a: AnyArray, delta: AnyArray) -> AnyArray:
        """‖∂ℓ/∂parameters‖² of each example by itself, ``(n,)``, from the units below and δ."""

    def forward_tangent(
        self, parameters: AnyArray, moved: AnyArray, a: AnyArray, moved_a: AnyArray | None
    ) -> AnyArray:
        """R{z} ``(R, out, n)``, where R{·} is the derivative along R directions.

        These move the parameters ``(P,)`` along ``moved`` ``(R, P)`` and a ``(in, n)`` along ``moved_a``
        ``(R, in, n)``; None leaves a where it is.
        """

    def backward_tangent(
        self, parameters: AnyArray, moved: AnyArray, delta: AnyArray, moved_delta: AnyArray
    ) -> AnyArray:
        """R{∂ℓ/∂a} ``(R, in, n)``; δ ``(out, n)`` moves along ``moved_delta`` ``(R, out, n)``."""

    def gradient_tangent(
        self, a: AnyArray, moved_a: AnyArray | None, delta: AnyArray, moved_delta: AnyArray
    ) -> AnyArray:
        """R{∂Σℓ/∂parameters} ``(R, P)``: the layer's part of the Hessian times the directions."""

    def graph(self, parameters: Node, a: Node, number: int) -> LayerNodes:
        """The same as a computational graph, of a ``(N, in)``; nodes are named W1, b1, z1, a1."""


@dataclass(frozen=True)
class Dense:
    """Every unit takes all units below: z = W a + b, with W ``(out, in)`` row-major, then b ``(out,)``.

    A softmax is an output layer's. Raises InvalidValue, naming the field and what it must be.
    """

    units_in: int
    units_out: int
    activation: str
    biases: bool = True

    def __post_init__(self) -> None:
        for name in ("units_in", "units_out"):
            if getattr(self, name) < 1:
                raise InvalidValue(name, "a positive number", getattr(self, name))
        if self.activation not in OUTPUTS:
            raise InvalidValue("activation", f"one of {', '.join(OUTPUTS)}", self.activation)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """W, and b where it has biases."""
        w = Block("w", "", "weight", (self.units_out, self.units_in))
        return (w, Block("b", "", "bias", (self.units_out,), w.span.stop)) if self.biases else (w,)

    @property
    def multiplications(self) -> int:
        """One for every weight."""
        return self.units_out * self.units_in

    def split(self, parameters: AnyArray) -> tuple[AnyArray, AnyArray | None]:
        """Views of W ``(*B, out, in)`` and of b ``(*B, out)``, None without biases."""
        end = self.units_out * self.units_in
        w = parameters[..., :end].reshape(*parameters.shape[:-1], self.units_out, self.units_in)
        return w, parameters[..., end:] if self.biases else None

    def forward(self, parameters: AnyArray, a: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Return z = W a + b and σ(z)."""
        w, b = self.split(parameters)
        z = w @ a
        if b is not None:
            z += b[..., None]
        return z, softmax(z) if self.activation == SOFTMAX else ACTIVATIONS[self.activation].value(z)

    def delta(self, z: AnyArray, a: AnyArray, slope: AnyArray) -> AnyArray:
        """σ'(z) ∂ℓ/∂σ, for a softmax p (g − p·g) with g = ∂ℓ/∂p."""
        if self.activation == SOFTMAX:
            return softmax_product(a, slope)
        delta: AnyArray = ACTIVATIONS[self.activation].derivative(z, a) * slope
        return delta

    def backward(self, parameters: AnyArray, delta: AnyArray) -> AnyArray:
        """Wᵀ δ."""
        back: AnyArray = self.split(parameters)[0].swapaxes(-1, -2) @ delta
        return back

    def gradient(self, a: AnyArray, delta: AnyArray) -> AnyArray:
        """δ aᵀ for W and Σ δ over the examples for b."""
        return self._joined(delta @ a.swapaxes(-1, -2), delta)

    def gradient_squares(self, a: AnyArray, delta: AnyArray) -> AnyArray:
        """‖δ‖² (‖a‖² + 1), without the 1 where there are no biases."""
        squares: AnyArray = (delta * delta).sum(0) * ((a * a).sum(0) + self.biases)
        return squares

    def forward_tangent(
        self, parameters: AnyArray, moved: AnyArray, a: AnyArray, moved_a: AnyArray | None
    ) -> AnyArray:
        """Ẇ a + ḃ + W ȧ."""
        moved_w, moved_b = self.split(moved)
        z: AnyArray = (moved_w.reshape(-1, self.units_in) @ a).reshape(len(moved), self.units_out, -1)
        if moved_b is not None:
            z += moved_b[..., None]
        if moved_a is not None:
            z += self.split(parameters)[0] @ moved_a
        return z

    def backward_tangent(
        self, parameters: AnyArray, moved: AnyArray, delta: AnyArray, moved_delta: AnyArray
    ) -> AnyArray:
        """Ẇᵀ δ + Wᵀ δ̇."""
        back: AnyArray = self.split(moved)[0].swapaxes(-1, -2) @ delta
        back += self.split(parameters)[0].T @ moved_delta
        return back

    def gradient_tangent(
        self, a: AnyArray, moved_a: AnyArray | None, delta: AnyArray, moved_delta: AnyArray
    ) -> AnyArray:
        """δ̇ aᵀ + δ ȧᵀ for W and Σ δ̇ for b."""
        product = moved_delta.reshape(-1, a.shape[-1]) @ a.T
        products: AnyArray = product.reshape(-1, self.units_out, self.units_in)
        if moved_a is not None:
            products += delta @ moved_a.swapaxes(-1, -2)
        return self._joined(products, moved_delta)

    def _joined(self, weights: AnyArray, delta: AnyArray) -> AnyArray:
        """What belongs to W as it lies in theta, and Σ δ after it where there are biases."""
        flat: AnyArray = weights.reshape(*weights.shape[:-2], -1)
        return np.concatenate([flat, delta.sum(-1)], -1) if self.biases else flat

    def graph(self, parameters: Node, a: Node, number: int) -> LayerNodes:
        """The graph of z = a Wᵀ + b and σ(z)."""
        w, *b = self.blocks
        weights = named(reshape(parameters[w.span], w.shape), f"W{number}")
        z, biases = a @ transpose(weights), None
        if b:
            biases = named(parameters[b[0].span], f"b{number}")
            z = z + biases
        z = named(z, f"z{number}")
        return LayerNodes(weights, biases, z, named(activated(self.activation, z), f"a{number}"))


def activated(kind: str, z: Node) -> Node:
    """σ(z) as a graph, the softmax e^(zₖ) / Σⱼ e^(zⱼ) along the last axis."""
    return exp(z - logsumexp(z, keepdims=True)) if kind == SOFTMAX else ACTIVATIONS[kind].graph(z)


def dense_layers(
    widths: Sequence[int], activations: Sequence[str], *, biases: bool = True
) -> tuple[Dense, ...]:
    """Dense layers from inputs to outputs: two or more numbers of units, and an activation for each layer."""
    if len(widths) < 2 or min(widths) < 1:
        raise InvalidValue("widths", "two or more positive numbers", tuple(widths))
    if len(activations) != len(widths) - 1:
        raise InvalidValue("activations", f"{len(widths) - 1}, one for each layer", tuple(activations))
    return tuple(
        Dense(below, above, kind, biases)
        for (below, above), kind in zip(pairwise(widths), activations, strict=True)
    )
