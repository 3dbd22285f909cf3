"""Reverse-mode differentiation: a small computational graph that can be read, and differentiated again.

An operation on nodes computes its value at once and remembers its operands. Walking the graph backwards
turns an adjoint ḡ = ∂output/∂node into those of the operands by the operation's vector-Jacobian product
(vjp), ḡ ↦ ḡ·∂node/∂operand. The vjps are themselves written in nodes, so that a gradient is a graph too and
a second pass over it gives second derivatives. A primitive is one entry of `PRIMITIVES`; broadcasting is
undone in one place, `_share`.

Source: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed. (2008), chapter 3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from descentscape.core.objective import AnyArray, Array

Scalar = Callable[["Node"], "Node"]
"""A function of one node whose result has shape ``()``."""


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


def apply(op: str, *operands: Operand, **params: Any) -> Node:
    """The node that results from the primitive ``op`` on the operands."""
    parents = tuple(map(lift, operands))
    value = PRIMITIVES[op].value(*(parent.value for parent in parents), **params)
    return Node(op, np.asarray(value), parents, params)


power, equal, where = partial(apply, "power"), partial(apply, "equal"), partial(apply, "where")
maximum, minimum = partial(apply, "maximum"), partial(apply, "minimum")
absolute, sign = partial(apply, "absolute"), partial(apply, "sign")
exp, log, sqrt = partial(apply, "exp"), partial(apply, "log"), partial(apply, "sqrt")
sin, cos, tan = partial(apply, "sin"), partial(apply, "cos"), partial(apply, "tan")
sinh, cosh, tanh = partial(apply, "sinh"), partial(apply, "cosh"), partial(apply, "tanh")
erf, sigmoid, softplus = partial(apply, "erf"), partial(apply, "sigmoid"), partial(apply, "softplus")
transpose = partial(apply, "transpose")


# The primitives ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, init=False)
class Primitive:
    """An operation on arrays, and its vjp to each operand (``None``: locally constant, derivative zero).

    A vjp is called as ``vjp(g, out, *operands, **params)`` with nodes, and may return a shape that its
    operand was broadcast to.
    """

    value: Callable[..., AnyArray]
    vjps: tuple[Callable[..., Node] | None, ...]

    def __init__(self, value: Callable[..., AnyArray], *vjps: Callable[..., Node] | None) -> None:
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "vjps", vjps)


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


PRIMITIVES: dict[str, Primitive] = {
    # arithmetic
    "add": Primitive(np.add, lambda g, out, a, b: g, lambda g, out, a, b: g),
    "subtract": Primitive(np.subtract, lambda g, out, a, b: g, lambda g, out, a, b: -g),
    "multiply": Primitive(np.multiply, lambda g, out, a, b: g * b, lambda g, out, a, b: g * a),
    "divide": Primitive(np.divide, lambda g, out, a, b: g / b, lambda g, out, a, b: -g * out / b),
    "negative": Primitive(np.negative, lambda g, out, a: -g),
    # a⁰ keeps a finite exponent below, and 0ᵇ a finite logarithm, so that 0·∞ does not arise
    "power": Primitive(
        np.power,
        lambda g, out, a, b: g * (b * power(a, where(equal(b, 0.0), 1.0, b - 1.0))),
        lambda g, out, a, b: g * (out * log(where(equal(a, 0.0), 1.0, a))),
    ),
    # elementary functions
    "exp": Primitive(np.exp, lambda g, out, a: g * out),
    "log": Primitive(np.log, lambda g, out, a: g / a),
    "sqrt": Primitive(np.sqrt, lambda g, out, a: g / (2.0 * out)),
    "sin": Primitive(np.sin, lambda g, out, a: g * cos(a)),
    "cos": Primitive(np.cos, lambda g, out, a: -g * sin(a)),
    "tan": Primitive(np.tan, lambda g, out, a: g * (1.0 + out * out)),
    "sinh": Primitive(np.sinh, lambda g, out, a: g * cosh(a)),
    "cosh": Primitive(np.cosh, lambda g, out, a: g * sinh(a)),
    "tanh": Primitive(np.tanh, lambda g, out, a: g * (1.0 - out * out)),
    "erf": Primitive(
        np.vectorize(math.erf, otypes=[float]), lambda g, out, a: g * (2.0 / math.sqrt(math.pi) * exp(-a * a))
    ),
    "sigmoid": Primitive(_sigmoid, lambda g, out, a: g * (out * sigmoid(-a))),
    "softplus": Primitive(partial(np.logaddexp, 0.0), lambda g, out, a: g * sigmoid(a)),
    # piecewise; at a tie the second operand of maximum and minimum takes the whole adjoint
    "absolute": Primitive(np.absolute, lambda g, out, a: g * sign(a)),
    "maximum": Primitive(
        np.maximum, lambda g, out, a, b: where(a > b, g, 0.0), lambda g, out, a, b: where(a > b, 0.0, g)
    ),
    "minimum": Primitive(
        np.minimum, lambda g, out, a, b: where(a < b, g, 0.0), lambda g, out, a, b: where(a < b, 0.0, g)
    ),
    "where": Primitive(
        np.where, None, lambda g, out, c, a, b: where(c, g, 0.0), lambda g, out, c, a, b: where(c, 0.0, g)
    ),
    "sign": Primitive(np.sign, None),
    "greater": Primitive(np.greater, None, None),
    "equal": Primitive(np.equal, None, None),
    # arrays
    "matmul": Primitive(
        np.matmul, lambda g, out, a, b: g @ transpose(b), lambda g, out, a, b: transpose(a) @ g
    ),
    "sum": Primitive(
        partial(np.sum, keepdims=True), lambda g, out, a, axis: apply("broadcast", g, shape=a.shape)
    ),
    "broadcast": Primitive(np.broadcast_to, lambda g, out, a, shape: g),
    "logsumexp": Primitive(_logsumexp, lambda g, out, a, axis: g * exp(a - out)),
    "reshape": Primitive(np.reshape, lambda g, out, a, shape: reshape(g, a.shape)),
    "transpose": Primitive(np.matrix_transpose, lambda g, out, a: transpose(g)),
    "take": Primitive(
        lambda a, key: a[key], lambda g, out, a, key: apply("place", g, key=key, shape=a.shape)
    ),
    "place": Primitive(_place, lambda g, out, a, key, shape: g[key]),
    "identity": Primitive(np.asarray, lambda g, out, a: g),
}


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


# Walking backwards ------------------------------------------------------------------------------------


def topological(outputs: Iterable[Node]) -> list[Node]:
    """Every node that the outputs depend on, each after its operands."""
    order: list[Node] = []
    seen: set[Node] = set()
    stack = [(node, False) for node in outputs]
    while stack:
        node, finished = stack.pop()
        if finished:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in reversed(node.parents))
    return order


def adjoints(
    output: Node, wrt: Sequence[Node] | None = None, seed: Operand | None = None
) -> dict[Node, Node]:
    """The adjoint ∂⟨seed, output⟩/∂node of every node between ``wrt`` and the output.

    ``wrt`` defaults to all variables, ``seed`` to ones. Each adjoint has its node's shape and is a node, to
    be differentiated again. Nodes that the output does not depend on are left out.
    """
    nodes = topological([output])
    sources = [node for node in nodes if node.op == "variable"] if wrt is None else wrt
    live = _dependents(nodes, sources)
    result = (
        {output: constant(np.ones(output.shape)) if seed is None else lift(seed)} if output in live else {}
    )
    for node in reversed(nodes):
        if node in result:
            for k, parent in enumerate(node.parents):
                if parent in live and (share := _share(node, k, result[node])) is not None:
                    result[parent] = result[parent] + share if parent in result else share
    return result


def _dependents(nodes: Iterable[Node], sources: Iterable[Node]) -> set[Node]:
    """The sources and, of the nodes in topological order, those that depend on one."""
    live = set(sources)
    for node in nodes:
        if not live.isdisjoint(node.parents):
            live.add(node)
    return live


def _share(node: Node, k: int, g: Node) -> Node | None:
    """What a node's adjoint g adds to its operand k's, summed over the axes of broadcasting."""
    vjp = PRIMITIVES[node.op].vjps[k]
    if vjp is None:
        return None
    share, shape = vjp(g, node, *node.parents, **node.params), node.parents[k].shape
    if share.shape == shape:
        return share
    lead = share.ndim - len(shape)
    stretched = (lead + i for i, length in enumerate(shape) if length == 1)
    return reshape(total(share, (*range(lead), *stretched)), shape)


def pullback(output: Node, wrt: Sequence[Node], seed: Operand | None = None) -> list[Node]:
    """∂⟨seed, output⟩/∂w for each w of ``wrt``; zeros where the output does not depend on it."""
    found = adjoints(output, wrt, seed)
    return [found[w] if w in found else constant(np.zeros(w.shape)) for w in wrt]


def value_and_grad(f: Scalar) -> Callable[[Operand], tuple[Node, Node]]:
    """The function theta ↦ (f(theta), ∇f(theta)), whose results are nodes, so that it can be nested."""

    def evaluate(theta: Operand) -> tuple[Node, Node]:
        # a node of its own, so that an enclosing derivative by the same theta is not mistaken for this one
        point = apply("identity", theta) if isinstance(theta, Node) else variable(theta)
        output = f(point)
        return output, pullback(output, [point])[0]

    return evaluate


def grad(f: Scalar) -> Callable[[Operand], Node]:
    """The function theta ↦ ∇f(theta), of theta's shape."""
    return lambda theta: value_and_grad(f)(theta)[1]


def hessian(f: Scalar) -> Callable[[ArrayLike], Array]:
    """The function theta ``(P,)`` ↦ matrix of second derivatives ``(P, P)``: one pass back per row."""

    def evaluate(theta: ArrayLike) -> Array:
        point = variable(theta)
        return jacobian(grad(f)(point), point)

    return evaluate


def jacobian(output: Node, wrt: Node) -> Array:
    """∂output/∂wrt through every path, shape ``(*output.shape, *wrt.shape)``."""
    rows = [pullback(output, [wrt], seed)[0].value for seed in _basis(output.shape)]
    return np.reshape(rows, output.shape + wrt.shape)


def _basis(shape: tuple[int, ...]) -> Iterator[Array]:
    for row in np.eye(math.prod(shape)):
        yield row.reshape(shape)
