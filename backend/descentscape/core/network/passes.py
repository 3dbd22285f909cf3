"""The passes of a network: the compiled ones, or its layers' own where and while there are none."""

from __future__ import annotations

import threading
from typing import Any, Protocol

from numpy.typing import DTypeLike

from descentscape.core.network.architecture import Architecture
from descentscape.core.network.layer_passes import LayerPasses
from descentscape.core.objective import ALL, AnyArray, Array, Indices

COMPILED = frozenset({"linear", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu", "softmax"})
"""The activations that the compiled passes know, those of `kernel.activations`."""

_compiler: threading.Thread | None = None


class Passes(Protocol):
    """Means of the loss and their derivatives over examples xt ``(D, N)`` and yt ``(K, N)``, or some of them.

    Penalties are not in them.
    """

    xt: Array
    yt: Array

    def costs(self, thetas: AnyArray, examples: Indices = ALL) -> AnyArray:
        """The mean loss ``(R,)`` at each theta ``(R, P)``, in theta's precision."""

    def gradients(self, thetas: Array, examples: Indices = ALL) -> tuple[Array, Array]:
        """The mean loss ``(R,)`` and its gradient ``(R, P)`` at each theta ``(R, P)``."""

    def plane_costs(
        self, origin: Array, basis: Array, points: Array, dtype: DTypeLike, examples: Indices = ALL
    ) -> AnyArray:
        """The mean loss ``(M,)`` at origin ``(P,)`` + points ``(M, 2)`` @ basis ``(2, P)``, in ``dtype``."""

    def for_compiled_code(self) -> tuple[Any, Any, Any] | None:
        """A segment's gradient, the network and this thread's buffers, for compiled code that calls it.

        None where the passes are not compiled.
        """

    def products(self, theta: Array, vectors: Array, examples: Indices = ALL) -> Array:
        """The Hessian of the mean loss at theta ``(P,)`` times each of the vectors ``(R, P)``."""

    def sizes(self, theta: Array, examples: Indices = ALL) -> Array:
        """The mean of |δ| |a|ᵀ ``(P,)``: the sizes of the terms that a gradient adds up."""

    def hessian(self, theta: Array, examples: Indices = ALL) -> Array:
        """The Hessian of the mean loss at theta ``(P,)``, ``(P, P)``."""


def passes_of(architecture: Architecture, x: Array, y: Array) -> Passes:
    """The passes of a network over the examples x ``(N, D)`` and y ``(N, K)``."""
    known = COMPILED.issuperset(layer.activation for layer in architecture.layers)
    if not known or _compiler not in (None, threading.current_thread()):
        return LayerPasses(architecture, x, y)
    # The compiler takes a second to import, which whoever builds no network shall not wait for.
    from descentscape.core.network.compiled_passes import CompiledPasses

    return CompiledPasses(architecture, x, y)


def compiling(thread: threading.Thread | None) -> None:
    """Say which thread compiles from now on: networks that others build go without rather than wait."""
    global _compiler
    _compiler = thread
