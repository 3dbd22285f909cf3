"""A cost that is only known by calling it, as an objective: what it does not tell is found by differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from descentscape.core.blocks import Block
from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.calls import Calls
from descentscape.core.foreign.functions import Functions, Height
from descentscape.core.norm import norm
from descentscape.core.objective import AnyArray, Array
from descentscape.core.undivided import SLICE_WORK, go_on

MOST_BY_DIFFERENCES = 2000
"""Parameters up to which a gradient may be found by two costs for each of them."""


SECOND = SLICE_WORK / 0.01
"""Parameters times examples of a gradient that takes a second."""


@dataclass(frozen=True, eq=False)
class ForeignObjective:
    """C of a model that is not ours, over ``dim`` parameters.

    Where there is no gradient it is taken by central differences, (C(θ + h eᵢ) − C(θ − h eᵢ)) / 2h with
    h = ε^(1/3) max(1, |θᵢ|), and where there is no product with the Hessian, that is by central differences
    of the gradient along v. Calls reach the model on the thread that makes them; as undivided work they end
    after the one that is under way, where nobody waits for them any more.
    """

    functions: Functions
    dim: int
    blocks: tuple[Block, ...]
    calls: Calls | None = None

    @property
    def own_work(self) -> int:
        """By how long its calls took; more than a time slice where nobody knows that."""
        seconds = 0.0 if self.calls is None else self.calls.seconds
        return min(SLICE_WORK + 1, max(1, round(seconds * SECOND))) if seconds else SLICE_WORK + 1

    @property
    def sloped(self) -> bool:
        """Whether its gradient is known, which may take a call of the cost to find out."""
        known, traced = self.functions.gradient is not None, self.functions.traced
        return known and (traced is None or traced())

    @property
    def rounding(self) -> float:
        """The spacing of the model's own numbers at 1."""
        return float(np.finfo(self.functions.precision).eps)

    @property
    def noise(self) -> float:
        """The share of the largest curvature up to which products with the Hessian may be wrong."""
        if self.functions.hvp is not None:
            return 64 * self.rounding
        exact = self.functions.gradient is not None
        return float(10 * self.rounding ** (2 / 3 if exact else 1 / 3))

    def parameter_names(self) -> list[str]:
        """The name of each parameter's block, and its place in it from 1 on."""
        return [
            block.name + "[{}]".format(",".join(str(k + 1) for k in place))
            for block in self.blocks
            for place in np.ndindex(block.shape)
        ]

    def value(self, theta: AnyArray) -> AnyArray:
        """C(theta) ``(*B,)``, a call for each."""
        points = theta.reshape(-1, self.dim).astype(np.float64, copy=False)
        if self.functions.values is not None and len(points) > 1:
            heights = self.functions.values(points)
        else:
            heights = np.array([self._value(point) for point in points])
        return heights.reshape(theta.shape[:-1]).astype(theta.dtype, copy=False)

    def slice_cost(
        self, origin: Array, basis: Array, points: Array, dtype: type[np.floating] = np.float64
    ) -> AnyArray:
        """C at origin + points @ basis for points ``(M, 2)``, shape ``(M,)``, in the model's own numbers."""
        return heights_over(self.functions, origin, basis, go_on)(points).astype(dtype, copy=False)

    def _value(self, theta: Array) -> float:
        go_on()
        return self.functions.value(theta)

    def value_and_grad(self, theta: Array) -> tuple[Array, Array]:
        """C(theta) ``(*B,)`` and its gradient ``(*B, P)``."""
        points = theta.reshape(-1, self.dim)
        heights, grads = zip(*(self._both(point) for point in points), strict=True)
        return np.array(heights).reshape(theta.shape[:-1]), np.array(grads).reshape(theta.shape)

    def _both(self, theta: Array) -> tuple[float, Array]:
        go_on()
        if self.functions.both is not None:
            return self.functions.both(theta)
        return self.functions.value(theta), self._gradient(theta)

    def grad_rounding(self, theta: Array) -> float:
        """About ε (‖∇C‖ + ‖H θ‖): what the rounding of the gradient and of theta come to."""
        _, grad = self.value_and_grad(theta)
        bent = norm(self.hvp(theta, theta)) if theta.any() else 0.0
        size = self.rounding * float(norm(grad) + bent)
        if self.functions.gradient is None:
            size += float(self.rounding ** (2 / 3) * abs(self.value(theta)) * np.sqrt(self.dim))
        return size

    def hvp(self, theta: Array, v: Array) -> Array:
        """The Hessian at theta ``(P,)`` times each of the vectors v ``(*B, P)``."""
        products = [self._product(theta, vector) for vector in v.reshape(-1, self.dim)]
        return np.array(products).reshape(v.shape)

    def hessian(self, theta: Array) -> Array:
        """The matrix of second derivatives at theta ``(P,)``, made symmetric, from P products."""
        whole = self.hvp(theta, np.eye(self.dim))
        return (whole + whole.T) / 2

    def _gradient(self, theta: Array) -> Array:
        go_on()
        if self.functions.gradient is not None:
            return self.functions.gradient(theta)
        if self.dim > MOST_BY_DIFFERENCES:
            raise InvalidValue("gradient", f"given for over {MOST_BY_DIFFERENCES:,} parameters", None)
        steps = self.rounding ** (1 / 3) * np.maximum(1.0, np.abs(theta))
        return np.array([self._difference(theta, k, step) for k, step in enumerate(steps)])

    def _difference(self, theta: Array, k: int, step: float) -> float:
        ends = []
        for shifted in (theta[k] + step, theta[k] - step):
            point = theta.copy()
            point[k] = shifted
            ends.append((self._value(point), point[k]))
        (high, above), (low, below) = ends
        return float((high - low) / (above - below))

    def _product(self, theta: Array, v: Array) -> Array:
        go_on()
        if self.functions.hvp is not None:
            return self.functions.hvp(theta, v)
        size = float(norm(v))
        if not size:
            return np.zeros_like(theta)
        # A gradient that is itself made of differences is less exact, and wants a longer step.
        power = 1 / 3 if self.functions.gradient is not None else 1 / 6
        step = self.rounding**power * (1 + float(norm(theta)) / np.sqrt(self.dim)) / size
        ahead, behind = self._gradient(theta + step * v), self._gradient(theta - step * v)
        product: Array = (ahead - behind) / (2 * step)
        return product


def heights_over(
    functions: Functions, origin: Array, basis: Array, between: Callable[[], None] = lambda: None
) -> Callable[[Array], Array]:
    """The function that finds C ``(M,)`` at origin + points @ basis for points ``(M, 2)``.

    By ``functions`` of many where there are; otherwise each is lifted by itself, so that a height does not
    depend on the points that it is found with. ``between`` is called before each.
    """
    height = (functions.over or partial(_lifted, functions.value))(origin, basis)

    def heights(points: Array) -> Array:
        if functions.values is not None and len(points) > 1:
            return functions.values(origin + points @ basis)
        found = np.empty(len(points))
        for k, (a, b) in enumerate(points.tolist()):
            between()
            found[k] = height(a, b)
        return found

    return heights


def _lifted(value: Callable[[Array], float], origin: Array, basis: Array) -> Height:
    """C over a plane by C of vectors, each of them a new one, since a cost may keep what it is given."""
    first, second = basis
    along, begin, row = np.empty_like(origin), origin, np.nan

    def height(a: float, b: float) -> float:
        nonlocal begin, row
        if b != row:
            begin, row = origin + b * second, b
        return value(begin + np.multiply(first, a, out=along))

    return height


def whole_block(dim: int) -> tuple[Block, ...]:
    """One block for a vector of which no more is known."""
    return (Block("theta", "theta", "coordinate", (dim,)),)


def checked_blocks(blocks: Sequence[Block], dim: int) -> tuple[Block, ...]:
    """The blocks, which must cover theta; InvalidValue where they do not."""
    covered = blocks[-1].span.stop if blocks else 0
    if covered != dim:
        raise InvalidValue("model", f"of {dim:,} parameters, as many as the trajectory has", covered)
    return tuple(blocks)
