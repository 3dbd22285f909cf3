"""Activation functions σ: value, first and second derivative, for arrays of one axis or more."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from descentscape.core.autodiff import nodes as autodiff
from descentscape.core.objective import AnyArray
from descentscape.core.special import normal_cdf, normal_density


class ActivationValue(Protocol):
    """σ(z), written to ``out`` when given; ``out`` may be ``z`` itself."""

    def __call__(self, z: AnyArray, out: AnyArray | None = None, /) -> AnyArray:
        """σ(z)."""


class Derivative(Protocol):
    """A derivative of σ at z, where ``a = σ(z)`` is known already; ``out`` is neither z nor a."""

    def __call__(self, z: AnyArray, a: AnyArray, out: AnyArray | None = None, /) -> AnyArray:
        """σ'(z) or σ''(z)."""


@dataclass(frozen=True)
class Activation:
    """An elementwise function between two layers, for float32 and float64, free of overflow.

    ``graph`` builds the same function on a node of the computational graph. ``kinks`` are the z at which
    σ' jumps; there the derivative is that of the flatter side. ``work`` is its time beside tanh’s.
    """

    kind: str
    label: str
    formula: str
    help: str
    source: str
    value: ActivationValue
    derivative: Derivative
    second: Derivative
    graph: Callable[[autodiff.Node], autodiff.Node]
    kinks: tuple[float, ...] = ()
    work: float = 1.0


def _linear(z: AnyArray, out: AnyArray | None = None) -> AnyArray:
    return np.positive(z, out=out)


def _linear_derivative(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    out = np.empty_like(z) if out is None else out
    out.fill(1.0)
    return out


def _zero(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    out = np.empty_like(z) if out is None else out
    out.fill(0.0)
    return out


def _sigmoid(z: AnyArray, out: AnyArray | None = None) -> AnyArray:
    out = np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    out *= 0.5
    out += 0.5
    return out


def _sigmoid_derivative(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    out = np.subtract(1.0, a, out=out)
    out *= a
    return out


def _sigmoid_second(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    out = _sigmoid_derivative(z, a, out)
    out *= 1.0 - 2.0 * a
    return out


def _tanh_derivative(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    out = np.multiply(a, a, out)
    return np.subtract(1.0, out, out)


def _tanh_second(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    out = _tanh_derivative(z, a, out)
    out *= -2.0 * a
    return out


def _relu(z: AnyArray, out: AnyArray | None = None) -> AnyArray:
    return np.maximum(z, 0.0, out=out)


def _relu_derivative(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    return np.greater(a, 0.0, out=np.empty_like(a) if out is None else out)


_LEAK = 0.01


def _leaky_relu(z: AnyArray, out: AnyArray | None = None) -> AnyArray:
    return np.maximum(z, _LEAK * z, out=out)


def _leaky_relu_derivative(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    out = _relu_derivative(z, a, out)
    out *= 1.0 - _LEAK
    out += _LEAK
    return out


def _softplus(z: AnyArray, out: AnyArray | None = None) -> AnyArray:
    tail = np.abs(z)
    np.negative(tail, out=tail)
    np.exp(tail, out=tail)
    np.log1p(tail, out=tail)
    out = np.maximum(z, 0.0, out=out)
    out += tail
    return out


def _softplus_derivative(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    out = np.negative(a, out=out)
    np.expm1(out, out)
    return np.negative(out, out)


def _softplus_second(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    slope = _softplus_derivative(z, a)
    return _sigmoid_derivative(z, slope, out)


def _gelu(z: AnyArray, out: AnyArray | None = None) -> AnyArray:
    return np.multiply(z, normal_cdf(z), out=out)


def _gelu_derivative(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    out = np.empty_like(z) if out is None else out
    out.fill(0.5)
    np.divide(a, z, out=out, where=z != 0.0)
    out += _density_moment(z)
    return out


def _gelu_second(z: AnyArray, a: AnyArray, out: AnyArray | None = None) -> AnyArray:
    near = _near(z)
    return np.multiply(normal_density(near), 2.0 - near * near, out=out)


def _density_moment(z: AnyArray) -> AnyArray:
    near = _near(z)
    return near * normal_density(near)


def _near(z: AnyArray) -> AnyArray:
    """Return z where the normal density is not zero in double precision, else the edge of that range."""
    return np.clip(z, -40.0, 40.0)


def _graph_gelu(node: autodiff.Node) -> autodiff.Node:
    return 0.5 * node * (1.0 + autodiff.erf(node * math.sqrt(0.5)))


ACTIVATIONS: dict[str, Activation] = {
    activation.kind: activation
    for activation in (
        Activation(
            kind="linear",
            label="Linear",
            formula="σ(z) = z",
            help="Passes its input on. A network of linear layers is itself one linear layer.",
            source="Identity",
            value=_linear,
            derivative=_linear_derivative,
            second=_zero,
            graph=lambda node: node,
            work=0.2,
        ),
        Activation(
            kind="sigmoid",
            label="Sigmoid",
            formula="σ(z) = 1 / (1 + e⁻ᶻ)",
            help="Squeezes into (0, 1). Its slope is at most ¼, so gradients shrink from layer to layer.",
            source="Rumelhart, Hinton & Williams, Nature 323 (1986)",
            value=_sigmoid,
            derivative=_sigmoid_derivative,
            second=_sigmoid_second,
            graph=autodiff.sigmoid,
        ),
        Activation(
            kind="tanh",
            label="Tanh",
            formula="σ(z) = (eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)",
            help="Squeezes into (−1, 1), centred at zero with slope 1 there.",
            source="LeCun, Bottou, Orr & Müller, Efficient BackProp (1998)",
            value=np.tanh,
            derivative=_tanh_derivative,
            second=_tanh_second,
            graph=autodiff.tanh,
        ),
        Activation(
            kind="relu",
            label="ReLU",
            formula="σ(z) = max(0, z)",
            help="Cuts off below zero. Slope 1 above, 0 below, and the subgradient 0 at the kink.",
            source="Nair & Hinton, ICML (2010)",
            value=_relu,
            derivative=_relu_derivative,
            second=_zero,
            graph=lambda node: autodiff.maximum(node, 0.0),
            kinks=(0.0,),
            work=0.3,
        ),
        Activation(
            kind="leaky_relu",
            label="Leaky ReLU",
            formula="σ(z) = max(z, 0.01 z)",
            help="A ReLU that keeps a slope of 0.01 below zero, so that no unit dies for good.",
            source="Maas, Hannun & Ng, ICML (2013)",
            value=_leaky_relu,
            derivative=_leaky_relu_derivative,
            second=_zero,
            graph=lambda node: autodiff.maximum(node, _LEAK * node),
            kinks=(0.0,),
            work=0.4,
        ),
        Activation(
            kind="softplus",
            label="Softplus",
            formula="σ(z) = ln(1 + eᶻ)",
            help="A smooth ReLU; its slope is the sigmoid.",
            source="Dugas, Bengio, Bélisle, Nadeau & Garcia, NeurIPS (2000)",
            value=_softplus,
            derivative=_softplus_derivative,
            second=_softplus_second,
            graph=autodiff.softplus,
            work=2.0,
        ),
        Activation(
            kind="gelu",
            label="GELU",
            formula="σ(z) = z Φ(z) = ½ z (1 + erf(z/√2))",
            help="z weighted by the normal distribution function: smooth, with a dip of −0.17 below zero.",
            source="Hendrycks & Gimpel, arXiv:1606.08415 (2016)",
            value=_gelu,
            derivative=_gelu_derivative,
            second=_gelu_second,
            graph=_graph_gelu,
            work=3.0,
        ),
    )
}
"""Every activation by its kind."""
