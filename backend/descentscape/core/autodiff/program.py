"""A computational graph compiled once into a flat list of calls, to be run at any number of points.

Building a graph takes microseconds for every node at every point; a step of a program takes a twentieth of
one on floats, and is one NumPy call on arrays. Elementwise primitives of scalar nodes are compiled.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from descentscape.core.autodiff.nodes import PRIMITIVES, Node
from descentscape.core.autodiff.reverse import dependents, topological
from descentscape.core.objective import AnyArray, Array

CHUNK = 8192
"""Points evaluated at a time, so that the registers stay in the cache."""

FEW = 8
"""Up to this many points it is faster to go through them one by one on floats."""

MAX_EXPANDED = 32
"""Integer exponents up to this size become products: one NumPy power takes as long as a hundred of them."""

LONG = np.longdouble if np.finfo(np.longdouble).maxexp > np.finfo(np.float64).maxexp else None
"""Arithmetic with the range for e¹⁰⁰⁰ and more, where the machine has one (x86, and ARM but for Apple's)."""


def _times(a: float, b: float) -> float:
    product = a * b
    return product if product == product or a != a or b != b else 0.0


def _tie_share(aa: float, ab: float, bb: float) -> float:
    apart = aa - 2.0 * ab + bb
    return min(max((bb - ab) / apart, 0.0), 1.0) if apart > 0.0 else 0.5


ON_FLOATS: dict[str, Callable[..., float]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "negative": operator.neg,
    "power": math.pow,
    "times": _times,
    "steep": lambda g, slope: slope if g == 0.0 and math.isinf(slope) else _times(g, slope),
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sqrt": math.sqrt,
    "cbrt": math.cbrt,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "absolute": abs,
    "maximum": lambda a, b: a if a > b or a != a else b,
    "minimum": lambda a, b: a if a < b or a != a else b,
    "tie_share": _tie_share,
    "where": lambda c, a, b: a if c else b,
    "sign": lambda a: a if a != a else float((a > 0.0) - (a < 0.0)),
    "greater": operator.gt,
    "equal": operator.eq,
}
"""The primitives that can be compiled, on Python floats: they raise where NumPy answers inf or NaN."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """``memory[target] = op(memory[a], memory[b], memory[c])``; -1 stands for an operand less."""

    op: str
    target: int
    a: int
    b: int = -1
    c: int = -1

    def bind(self, function: Callable[..., Any]) -> tuple[Callable[..., Any], int, int, int, int]:
        """The step with the function that does it."""
        return function, self.target, self.a, self.b, self.c


@dataclass(frozen=True)
class Program:
    """K outputs of a graph as functions of its V variables.

    Each run starts from a memory of the variables, then ``tail``: the constants and free space.
    """

    tail: list[float]
    steps: list[Instruction]
    outputs: list[int]
    _floats: list[Any] = field(init=False, repr=False)
    _arrays: list[Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_floats", [s.bind(ON_FLOATS[s.op]) for s in self.steps])
        object.__setattr__(self, "_arrays", [s.bind(PRIMITIVES[s.op][0]) for s in self.steps])

    def __call__(self, points: AnyArray) -> AnyArray:
        """The outputs ``(K, M)`` at points ``(M, V)``, in the precision of these.

        What is not finite is a result too. Inside, all is double precision, or extended (`LONG`) at points
        where something overflows, so that a result does only if it is too large itself: at x = 800,
        ln(1 + e^x) is 800.
        """
        results = np.empty((len(self.outputs), len(points)), np.result_type(points.dtype, np.float32))
        doubles = points.astype(np.float64, copy=False)
        with np.errstate(all="ignore"):
            if len(points) <= FEW:
                for i, point in enumerate(doubles.tolist()):
                    results[:, i] = self.at(point)
            else:
                for first in range(0, len(points), CHUNK):
                    self._fill(results[:, first : first + CHUNK], doubles[first : first + CHUNK])
        return results

    def at(self, point: list[float]) -> list[float]:
        """The outputs at one point."""
        try:
            results = self._run(self._floats, point)
            if math.isfinite(sum(results)):
                return results
        except (ArithmeticError, ValueError):
            pass
        result = np.empty((len(self.outputs), 1))
        with np.errstate(all="ignore"):
            self._fill(result, np.array([point]))
        return list(map(float, result[:, 0]))

    def _fill(self, results: AnyArray, points: Array) -> None:
        try:
            with np.errstate(over="raise"):
                self._write(results, points)
            if np.isfinite(results).all():
                return
        except FloatingPointError:
            self._write(results, points)
        if LONG and (far := self._overflowing(points)).any():
            wide = np.empty((len(results), int(far.sum())), LONG)
            self._write(wide, points[far].astype(LONG))
            results[:, far] = wide

    def _write(self, results: AnyArray, points: AnyArray) -> None:
        for result, value in zip(results, self._run(self._arrays, _columns(points)), strict=True):
            result[...] = value

    def _overflowing(self, points: Array) -> AnyArray:
        """Whether something on the way is not finite in double precision, at each of the points ``(M,)``."""
        memory = [*_columns(points), *self.tail]
        found = np.zeros(len(points), dtype=bool)
        for function, target, *operands in self._arrays:
            memory[target] = function(*(memory[k] for k in operands if k >= 0))
            found |= ~np.isfinite(memory[target])
        return found

    def _run(self, steps: list[Any], variables: list[Any]) -> list[Any]:
        memory = variables + self.tail
        for function, target, a, b, c in steps:
            if b < 0:
                memory[target] = function(memory[a])
            elif c < 0:
                memory[target] = function(memory[a], memory[b])
            else:
                memory[target] = function(memory[a], memory[b], memory[c])
        return [memory[k] for k in self.outputs]


def _columns(points: AnyArray) -> list[AnyArray]:
    return list(np.ascontiguousarray(points.T))


def assemble(variables: Sequence[Node], outputs: Sequence[Node]) -> Program:
    """The program of the outputs as functions of the variables; what depends on none of these is folded."""
    nodes = topological(outputs)
    live = dependents(nodes, variables)
    code = _Code()
    number = {v: code.entry("variable", i) for i, v in enumerate(variables)}
    for node in nodes:
        if node not in live:
            number[node] = code.constant(float(node.value))
        elif node not in number:
            number[node] = code.simplified(node.op, *(number[parent] for parent in node.parents))
    return code.allocate(len(variables), [number[node] for node in outputs])


class _Code:
    """Values in order of computation, each once: an operation with the numbers of its operands, or a leaf."""

    def __init__(self) -> None:
        self.entries: list[tuple[Any, ...]] = []
        self.numbers: dict[tuple[Any, ...], int] = {}

    def entry(self, op: str, *rest: Any) -> int:
        """The number of a value, which is new only if it is not there yet."""
        key = (op, *rest)
        if key not in self.numbers:
            self.numbers[key] = len(self.entries)
            self.entries.append(key)
        return self.numbers[key]

    def constant(self, value: float) -> int:
        """The number of a constant; the sign keeps 0 and -0 apart."""
        return self.entry("constant", value, math.copysign(1.0, value))

    def simplified(self, op: str, *operands: int) -> int:
        """The number of an operation's result, by a cheaper way to the same value where there is one."""
        match op, *(self._known(k) for k in operands):
            case ("multiply" | "times", 1.0, _):
                return operands[1]
            case ("multiply" | "times" | "divide", _, 1.0):
                return operands[0]
            case ("times", float(c), _) | ("times", _, float(c)) if c and math.isfinite(c):
                return self.entry("multiply", *operands)
            case ("power", _, float(n)) if n.is_integer() and abs(n) <= MAX_EXPANDED:
                return self._integer_power(operands[0], int(n))
        return self.entry(op, *operands)

    def _known(self, number: int) -> float | None:
        op, *rest = self.entries[number]
        return rest[0] if op == "constant" else None

    def _integer_power(self, base: int, n: int) -> int:
        """By squaring: a⁰ = 1, a⁻ⁿ = 1/aⁿ, a²ᵏ = aᵏ·aᵏ."""
        if n <= 0:
            one = self.constant(1.0)
            return one if n == 0 else self.entry("divide", one, self._integer_power(base, -n))
        if n == 1:
            return base
        half = self._integer_power(base, n // 2)
        square = self.entry("multiply", half, half)
        return square if n % 2 == 0 else self.entry("multiply", square, base)

    def allocate(self, variables: int, outputs: list[int]) -> Program:
        """The program, in which a register is free again after the last use of its value."""
        last_use = self._last_uses(outputs)
        constants = [k for k in last_use if self.entries[k][0] == "constant"]
        register = {self.entry("variable", i): i for i in range(variables)}
        register |= {k: variables + i for i, k in enumerate(constants)}
        size, steps, free = len(register), [], list[int]()
        for number in sorted(last_use.keys() - register.keys()):
            op, *operands = self.entries[number]
            free += {register[k] for k in operands if last_use[k] == number}
            if not free:
                free.append(size)
                size += 1
            register[number] = free.pop()
            steps.append(Instruction(op, register[number], *(register[k] for k in operands)))
        tail = [self.entries[k][1] for k in constants] + [0.0] * (size - variables - len(constants))
        return Program(tail, steps, [register[k] for k in outputs])

    def _last_uses(self, outputs: list[int]) -> dict[int, int]:
        """The last entry that reads each value the outputs need; a number past the end for the outputs."""
        last_use = dict.fromkeys(outputs, len(self.entries))
        for number in reversed(range(len(self.entries))):
            op, *operands = self.entries[number]
            if number in last_use and op in ON_FLOATS:
                for operand in operands:
                    last_use.setdefault(operand, number)
        return last_use
