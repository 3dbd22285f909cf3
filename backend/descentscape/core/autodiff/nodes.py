"""A computational graph that can be read, and the primitives that it is made of.

An operation on nodes computes its value at once and remembers its operands. A primitive is one entry of
`PRIMITIVES`: its function, and for each operand the vector-Jacobian product (vjp) ḡ ↦ ḡ·∂node/∂operand,
which is written in nodes too.

Where a derivative is not finite, or jumps, the vjps keep to one convention:

- A kink has the flatter side's slope: |a| at 0 has 0, max(a, b) at a tie that of b (a network's max(z, 0) and
  max(z, 0.01 z) name the flatter one second), or a share of each that ``tie`` gives (`shortest`).
- `times`: what the output does not feel moves nothing, 0·∞ = 0. The ∞ is one of overflow (of e^a in
  1/(1 + e^a)) or of an edge of the domain at which the inner slope is 0.
- `steep`: at an edge of the domain (√a at 0, arcsin at 1) the slope is ∞ even where the output seems not to
  feel it, as in (√a)² whose slope is 1. If the inner slope is 0 there, a lies on the edge as at a minimum or
  a maximum, and so does the result: `times` makes that 0, as for √(x² + y²) at 0.
- At a pole (1/0, ln 0) 0·∞ stays NaN, since nothing is known of it, and so is the slope of ∛a at 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from descentscape.core.objective import AnyArray


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value in a computational graph, with the operation and the operands that made it.

    ``op`` is a key of `PRIMITIVES`, or ``"variable"`` or ``"constant"`` for a leaf. ``params`` are the
    operation's settings that are not nodes, such as an axis. Nodes are compared by identity.
    """

    op: str
    value: AnyArray
    parents: tuple[Node, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    name: str = ""

    __array_ufunc__ = None  # makes ``array * node`` call ``Node.__rmul__``

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """The number of axes of the value."""
        return self.value.ndim

    def __add__(self, other: Operand) -> Node:
        return apply("add", self, other)

    def __radd__(self, other: Operand) -> Node:
        return apply("add", other, self)

    def __sub__(self, other: Operand) -> Node:
        return apply("subtract", self, other)

    def __rsub__(self, other: Operand) -> Node:
        return apply("subtract", other, self)

    def __mul__(self, other: Operand) -> Node:
        return apply("multiply", self, other)

    def __rmul__(self, other: Operand) -> Node:
        return apply("multiply", other, self)

    def __truediv__(self, other: Operand) -> Node:
        return apply("divide", self, other)

    def __rtruediv__(self, other: Operand) -> Node:
        return apply("divide", other, self)

    def __pow__(self, other: Operand) -> Node:
        return apply("power", self, other)

    def __rpow__(self, other: Operand) -> Node:
        return apply("power", other, self)

    def __matmul__(self, other: Operand) -> Node:
        return matmul(self, other)

    def __rmatmul__(self, other: Operand) -> Node:
        return matmul(other, self)

    def __neg__(self) -> Node:
        return apply("negative", self)

    def __gt__(self, other: Operand) -> Node:
        return apply("greater", self, other)

    def __lt__(self, other: Operand) -> Node:
        return apply("greater", other, self)

    def __getitem__(self, key: Any) -> Node:
        """Basic indexing: integers, slices, ``None`` and ``...``."""
        return apply("take", self, key=key)


Operand = Node | ArrayLike


def variable(value: ArrayLike, name: str = "") -> Node:
    """A leaf to differentiate by."""
    return Node("variable", np.asarray(value, dtype=np.float64), name=name)


def constant(value: ArrayLike, name: str = "") -> Node:
    """A leaf that derivatives pass by."""
    return Node("constant", np.asarray(value, dtype=np.float64), name=name)


def lift(operand: Operand) -> Node:
    """The operand itself if it is a node, else a constant."""
    return operand if isinstance(operand, Node) else constant(operand)


def named(node: Node, name: str) -> Node:
    """The node under a name, to be used in place of it; one that has a name already passes its value on."""
    return replace(apply("identity", node) if node.name else node, name=name)


def apply(op: str, *operands: Operand, **params: Any) -> Node:
    """The node that results from the primitive ``op`` on the operands."""
    parents = tuple(map(lift, operands))
    function, _ = PRIMITIVES[op]
    value = function(*(parent.value for parent in parents), **params)
    return Node(op, np.asarray(value), parents, params)


power, equal, where = partial(apply, "power"), partial(apply, "equal"), partial(apply, "where")
maximum, minimum = partial(apply, "maximum"), partial(apply, "minimum")
absolute, sign = partial(apply, "absolute"), partial(apply, "sign")
exp, log, sqrt = partial(apply, "exp"), partial(apply, "log"), partial(apply, "sqrt")
sin, cos, tan = partial(apply, "sin"), partial(apply, "cos"), partial(apply, "tan")
sinh, cosh, tanh = partial(apply, "sinh"), partial(apply, "cosh"), partial(apply, "tanh")
erf, sigmoid, softplus = partial(apply, "erf"), partial(apply, "sigmoid"), partial(apply, "softplus")
arcsin, arccos, arctan = partial(apply, "arcsin"), partial(apply, "arccos"), partial(apply, "arctan")
times, steep = partial(apply, "times"), partial(apply, "steep")
transpose = partial(apply, "transpose")


Vjp = Callable[..., Node] | None
"""``vjp(g, y, *operands, **params)``: the adjoint g of the result y, turned into that of one operand.

It may have a shape that the operand was broadcast to. ``None``: locally constant, the derivative is zero.
"""


def _sigmoid(z: AnyArray) -> AnyArray:
    small = np.exp(-np.abs(z))
    return np.where(z < 0, small, 1.0) / (1.0 + small)


def _logsumexp(a: AnyArray, axis: int) -> AnyArray:
    top = a.max(axis=axis, keepdims=True)
    result: AnyArray = top + np.log(np.exp(a - top).sum(axis=axis, keepdims=True))
    return result


def _place(g: AnyArray, key: Any, shape: tuple[int, ...]) -> AnyArray:
    result = np.zeros(shape)
    result[key] = g
    return result


_erf = np.vectorize(math.erf, otypes=[float])
_ERF_SLOPE = 2.0 / math.sqrt(math.pi)
_LN2, _LN10 = math.log(2.0), math.log(10.0)


@np.errstate(invalid="ignore")
def _times(a: AnyArray, b: AnyArray) -> AnyArray:
    product = np.multiply(a, b)
    lost = np.isnan(product)
    return np.where(lost & ~np.isnan(a) & ~np.isnan(b), 0.0, product) if lost.any() else product


@np.errstate(invalid="ignore")
def _steep(g: AnyArray, slope: AnyArray) -> AnyArray:
    return np.where(np.isinf(slope) & (g == 0), slope, _times(g, slope))


def _raised(g: Node, slope: Node, b: Node) -> Node:
    """The product of a power's adjoint and its slope by the base; only a whole power's is finite at 0."""
    whole = b.op == "constant" and not b.ndim and (float(b.value) >= 1 or float(b.value) == 0)
    return times(g, slope) if whole else steep(g, slope)


def _split(g: Node, wins: Node, loses: Node, share: Operand) -> Node:
    """The adjoint g where an operand wins, nothing where it loses, and its share at a tie."""
    return where(wins, g, where(loses, 0.0, times(g, share)))


@np.errstate(invalid="ignore")
def _tie_share(aa: AnyArray, ab: AnyArray, bb: AnyArray) -> AnyArray:
    """The t in [0, 1] for which t∇a + (1 − t)∇b is shortest, from the scalar products of ∇a and ∇b."""
    apart = aa - 2.0 * ab + bb
    share: AnyArray = np.where(apart > 0, np.clip((bb - ab) / np.where(apart > 0, apart, 1.0), 0.0, 1.0), 0.5)
    return share


PRIMITIVES: dict[str, tuple[Callable[..., AnyArray], list[Vjp]]] = {
    # arithmetic
    "add": (np.add, [lambda g, y, a, b: g, lambda g, y, a, b: g]),
    "subtract": (np.subtract, [lambda g, y, a, b: g, lambda g, y, a, b: -g]),
    "multiply": (np.multiply, [lambda g, y, a, b: times(g, b), lambda g, y, a, b: times(g, a)]),
    "divide": (np.divide, [lambda g, y, a, b: g / b, lambda g, y, a, b: -times(g, y) / b]),
    "negative": (np.negative, [lambda g, y, a: -g]),
    "power": (  # where b = 0 the factor beside it is kept finite, else 0·∞ would be NaN
        np.power,
        [
            lambda g, y, a, b: _raised(g, b * power(a, where(equal(b, 0.0), 1.0, b - 1.0)), b),
            lambda g, y, a, b: times(g, times(y, log(a))),
        ],
    ),
    # the chain rule's products
    "times": (_times, [lambda g, y, a, b: times(g, b), lambda g, y, a, b: times(g, a)]),
    "steep": (_steep, [lambda g, y, a, b: times(g, b), lambda g, y, a, b: times(g, a)]),
    # elementary functions
    "exp": (np.exp, [lambda g, y, a: times(g, y)]),
    "log": (np.log, [lambda g, y, a: g / a]),
    "log2": (np.log2, [lambda g, y, a: g / (_LN2 * a)]),
    "log10": (np.log10, [lambda g, y, a: g / (_LN10 * a)]),
    "sqrt": (np.sqrt, [lambda g, y, a: steep(g, 0.5 / y)]),
    "cbrt": (np.cbrt, [lambda g, y, a: times(g, where(equal(y, 0.0), np.nan, 1.0 / (3.0 * y * y)))]),
    "sin": (np.sin, [lambda g, y, a: times(g, cos(a))]),
    "cos": (np.cos, [lambda g, y, a: -times(g, sin(a))]),
    "tan": (np.tan, [lambda g, y, a: times(g, 1.0 + y * y)]),
    "arcsin": (np.arcsin, [lambda g, y, a: steep(g, 1.0 / sqrt(1.0 - a * a))]),
    "arccos": (np.arccos, [lambda g, y, a: -steep(g, 1.0 / sqrt(1.0 - a * a))]),
    "arctan": (np.arctan, [lambda g, y, a: times(g, 1.0 / (1.0 + a * a))]),
    "sinh": (np.sinh, [lambda g, y, a: times(g, cosh(a))]),
    "cosh": (np.cosh, [lambda g, y, a: times(g, sinh(a))]),
    "tanh": (np.tanh, [lambda g, y, a: times(g, 1.0 - y * y)]),
    "erf": (_erf, [lambda g, y, a: g * (_ERF_SLOPE * exp(-a * a))]),
    "sigmoid": (_sigmoid, [lambda g, y, a: g * (y * sigmoid(-a))]),
    "softplus": (partial(np.logaddexp, 0.0), [lambda g, y, a: g * sigmoid(a)]),
    # piecewise; ``tie`` is the share of the adjoint that the first operand takes of a tie
    "absolute": (np.absolute, [lambda g, y, a: times(g, sign(a))]),
    "maximum": (
        lambda a, b, tie=0.0: np.maximum(a, b),
        [
            lambda g, y, a, b, tie=0.0: _split(g, a > b, a < b, tie),
            lambda g, y, a, b, tie=0.0: _split(g, a < b, a > b, 1.0 - tie),
        ],
    ),
    "minimum": (
        lambda a, b, tie=0.0: np.minimum(a, b),
        [
            lambda g, y, a, b, tie=0.0: _split(g, a < b, a > b, tie),
            lambda g, y, a, b, tie=0.0: _split(g, a > b, a < b, 1.0 - tie),
        ],
    ),
    "tie_share": (_tie_share, [None, None, None]),
    "where": (
        np.where,
        [None, lambda g, y, c, a, b: where(c, g, 0.0), lambda g, y, c, a, b: where(c, 0.0, g)],
    ),
    "sign": (np.sign, [None]),
    "greater": (np.greater, [None, None]),
    "equal": (np.equal, [None, None]),
    # arrays
    "matmul": (np.matmul, [lambda g, y, a, b: g @ transpose(b), lambda g, y, a, b: transpose(a) @ g]),
    "sum": (
        lambda a, axis: a.sum(axis=axis, keepdims=True),
        [lambda g, y, a, axis: apply("broadcast", g, shape=a.shape)],
    ),
    "broadcast": (np.broadcast_to, [lambda g, y, a, shape: g]),
    "logsumexp": (_logsumexp, [lambda g, y, a, axis: g * exp(a - y)]),
    "reshape": (np.reshape, [lambda g, y, a, shape: reshape(g, a.shape)]),
    "transpose": (np.matrix_transpose, [lambda g, y, a: transpose(g)]),
    "take": (lambda a, key: a[key], [lambda g, y, a, key: apply("place", g, key=key, shape=a.shape)]),
    "place": (_place, [lambda g, y, a, key, shape: g[key]]),
    "identity": (np.asarray, [lambda g, y, a: g]),
}

ACROSS = frozenset(("matmul", "sum", "broadcast", "logsumexp", "reshape", "transpose", "take", "place"))
"""The primitives that are not elementwise."""


def reshape(a: Operand, shape: tuple[int, ...]) -> Node:
    """The same entries in row-major order under another shape."""
    return apply("reshape", a, shape=shape)


def total(a: Operand, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Node:
    """Σ a over the axes (all of them by default)."""
    node = lift(a)
    axes = tuple(range(node.ndim)) if axis is None else axis
    kept = apply("sum", node, axis=axes)
    return kept if keepdims else reshape(kept, np.squeeze(kept.value, axes).shape)


def logsumexp(a: Operand, axis: int = -1, *, keepdims: bool = False) -> Node:
    """Log-sum-exp, log Σ exp(a), along one axis, without overflow."""
    kept = apply("logsumexp", a, axis=axis)
    return kept if keepdims else reshape(kept, np.squeeze(kept.value, axis).shape)


def matmul(a: Operand, b: Operand) -> Node:
    """The matrix product a @ b with NumPy's rules for vectors and leading batch axes."""
    left, right = lift(a), lift(b)
    if right.ndim == 1:
        return matmul(left, right[:, None])[..., 0]
    if left.ndim == 1:
        return matmul(left[None, :], right)[..., 0, :]
    return apply("matmul", left, right)
