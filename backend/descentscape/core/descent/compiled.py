"""Steps of a run in compiled code: gradients, noise and clipping, and the rules as they are written.

They are the steps of `descent.descend`, bit for bit, without the interpreter's part in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from math import frexp, inf, isfinite, ldexp, sqrt
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import register_jitable

from descentscape.core import norm as norms
from descentscape.core.data.sampling import Batches, standard_noise
from descentscape.core.descent.checkpoints import SPACING
from descentscape.core.descent.descent import Position, Recipe
from descentscape.core.descent.steps import Steps
from descentscape.core.network.kernel.compiler import PLAIN, compiled_plainly, overloads, pointer
from descentscape.core.network.kernel.passes import Net, Work, gradient
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array, Indices
from descentscape.core.optimizers import Optimizer
from descentscape.core.optimizers.clipping import Clip


def compiled_steps(
    objective: MLP, recipe: Recipe, here: Position, count: int, *, seed: int, steps: int
) -> tuple[Steps, Position] | None:
    """So many steps from here on, and where they lead to: None by a rule that Numba cannot compile.

    The arguments are those of `descent.descend`.
    """
    rule = recipe.optimizer
    found = objective.passes.for_compiled_code()
    if found is None or type(rule) in _NOT_COMPILED:
        return None
    given = _given(objective, recipe, here.number, count, seed=seed, steps=steps)
    made = Made(np.empty((count + 1, objective.dim)), np.empty(count), np.empty((count, objective.dim)))
    made.thetas[0] = here.theta
    state = rule.init(here.theta, objective) if here.state is None else here.state
    (clip, bound), values, positions = _clipping(recipe.clip), _values(rule), []
    try:
        for first, last in pairwise(_edges(here.number, count)):
            if (here.number + first) % SPACING == 0:
                # A copy, since a view would keep all the steps' thetas as long as the position is kept.
                at = here.number + first, made.thetas[first].copy(), state, here.evaluations + first
                positions.append(Position(*at))
            after = loop(type(rule))(*found, given, clip, bound, values, _as_floats(state), made, first, last)
            state = _as_before(state, after)
    except Exception:
        _NOT_COMPILED.add(type(rule))
        return None
    block = Steps(
        here.number,
        made.thetas[:-1],
        made.costs + objective.penalty(made.thetas[:-1]) if given.penalised else made.costs,
        made.grads,
        rule.learning_rate * given.factors,
        here.evaluations + np.arange(count),
        positions,
    )
    return block, Position(here.number + count, made.thetas[-1].copy(), state, here.evaluations + count)


def _edges(number: int, count: int) -> list[int]:
    """Where so many steps from a number on are cut: at checkpoints, which need the rule's state there."""
    return [0, *range(SPACING - number % SPACING, count, SPACING), count]


def _given(objective: MLP, recipe: Recipe, first: int, count: int, *, seed: int, steps: int) -> Given:
    examples, size = objective.examples, recipe.batch_size
    starts, ends = np.zeros(count, np.intp), np.full(count, len(examples))
    if size is not None:
        order, edges = Batches(objective.n_examples, size, seed).over(first, count)
        examples = examples[order] if len(examples) else order
        starts, ends = edges[:-1], edges[1:]
    numbers, noise = range(first, first + count), np.empty((0, objective.dim))
    if recipe.gradient_noise:
        drawn = np.array([standard_noise(seed, number, objective.dim) for number in numbers])
        noise = recipe.gradient_noise * drawn
    factors = np.array([recipe.schedule.factor(number, steps) for number in numbers])
    penalties = float(objective.l1), float(objective.l2), objective.weights_marked
    return Given(examples, starts, ends, factors, noise, *penalties)


class Given(NamedTuple):
    """What S steps are given.

    Step k uses the ``examples`` from ``starts[k]`` to ``ends[k]``, all there are where that is none; a run
    without ``noise`` ``(S, P)`` has no rows of it. ``weights`` ``(P,)`` marks what the penalties ``l1`` and
    ``l2`` are for.
    """

    examples: Indices
    starts: Indices
    ends: Indices
    factors: Array
    noise: Array
    l1: float
    l2: float
    weights: Array

    @property
    def penalised(self) -> bool:
        """Whether there are penalties."""
        return self.l1 > 0.0 or self.l2 > 0.0


class Made(NamedTuple):
    """What S steps leave: theta ``(S + 1, P)``, its first row given, cost ``(S,)``, gradient ``(S, P)``."""

    thetas: Array
    costs: Array
    grads: Array


Loop = Callable[..., Any]

_NOT_COMPILED = set[type[Optimizer]]()
"""Rules that are written in what Numba does not know: their steps are made one by one."""


@cache
def loop(rule: type[Optimizer]) -> Loop:
    """The compiled loop over steps first ≤ k < last by a rule, from the state before to the one after."""
    update: Any = _as_written(rule.update)

    def steps(
        segment: Any,
        net: Net,
        work: Work,
        given: Given,
        clip: Any,
        bound: float,
        rule: Any,
        state: Any,
        made: Made,
        first: int,
        last: int,
    ) -> Any:
        thetas, costs, grads = made
        for k in range(first, last):
            theta = thetas[k]
            examples = given.examples[given.starts[k] : given.ends[k]]
            costs[k] = gradient(segment, net, theta, examples, grads[k], work)
            _penalise(grads[k], theta, given)
            received = grads[k].copy()
            if len(given.noise):
                received += given.noise[k]
            clip(received, bound)
            step, state = update(rule, received, state, theta, None)
            thetas[k + 1] = theta + given.factors[k] * step
        return state

    return compiled_plainly(steps, _sources(rule.update))


@compiled_plainly
def _penalise(grad: Array, theta: Array, given: Given) -> None:
    if given.l1 > 0.0 or given.l2 > 0.0:
        for p in range(len(grad)):
            w = theta[p] * given.weights[p]
            grad[p] += given.l1 * np.sign(w) + given.l2 * w


def _clipping(clip: Clip | None) -> tuple[Any, float]:
    """What compiled code calls to clip a gradient, and the bound."""
    if clip is None:
        return _clip_by(None), inf
    (bound,) = _values(clip)
    return _clip_by(type(clip)), bound


@cache
def _clip_by(clip: type[Clip] | None) -> Any:
    """The function that brings a gradient ``(P,)``, in place, within a bound."""
    signature = types.void(types.Array(types.float64, 1, "C"), types.float64)
    if clip is None:
        return pointer(signature, _leave, **PLAIN)
    written, settings = _as_written(clip.clip), getattr(clip, "Values")  # noqa: B009

    def within(grad: Array, bound: float) -> None:
        grad[:] = written(settings(bound), grad)

    return pointer(signature, within, _sources(clip.clip), **PLAIN)


def _leave(grad: Array, bound: float) -> None:
    pass


def _values(described: Any) -> Any:
    """The hyperparameters of a rule in the order of their declaration, as a NamedTuple."""
    values = type(described).Values
    return values(*(getattr(described, name) for name in values._fields))


def _as_floats(state: Any) -> Any:
    """The state with its numbers as floats: powers of those are Python's own, to the last bit."""
    return type(state)(*(float(each) if isinstance(each, int) else each for each in state))


def _as_before(before: Any, after: Any) -> Any:
    """The state with integers where there were integers."""
    pairs = zip(before, after, strict=True)
    return type(before)(*(int(new) if isinstance(old, int) else new for old, new in pairs))


def _as_written(function: Any) -> Any:
    """The function, which compiled code may call from now on, as it may those of its own that it calls."""
    for helper in _called(function):
        _as_written(helper)
    register_jitable(**PLAIN)(function)
    return function


def _sources(function: Any) -> set[Path]:
    """The files that the function and what it calls are written in."""
    files = {Path(norms.__file__), Path(function.__code__.co_filename)}
    return files.union(*map(_sources, _called(function)))


def _called(function: FunctionType) -> Iterator[FunctionType]:
    """The plain functions beside the optimizers that one names, but for `norm`, which stands below."""
    for name in function.__code__.co_names:
        found = function.__globals__.get(name)
        if isinstance(found, FunctionType) and found is not norms.norm:
            yield found


@overloads(norms.norm, jit_options=PLAIN, strict=False)
def _norm_of(vectors: Any, keepdims: Any = False) -> Any:
    """`norm` of one vector, its squares summed in NumPy's order."""

    def norm(vectors: Array, keepdims: bool = False) -> Array:
        total = _sum(vectors * vectors)
        return np.full(1, sqrt(total) if norms._LEAST < total < inf else _scaled(vectors))

    return norm


@compiled_plainly
def _scaled(vector: Array) -> float:
    largest = np.abs(vector).max()
    if not isfinite(largest):
        return float(largest)
    exponent, part = frexp(largest)[1], np.empty_like(vector)
    for i in range(len(vector)):
        part[i] = ldexp(vector[i], -exponent)
    return ldexp(sqrt(_sum(part * part)), exponent)


@compiled_plainly
def _sum(numbers: Array) -> float:
    """Σ in the order of `numpy.add.reduce`: of both halves, and below 128 numbers eight sums at once."""
    n = len(numbers)
    if n <= 128:
        return _short_sum(numbers)
    half = n // 2 - n // 2 % 8
    return _sum(numbers[:half]) + _sum(numbers[half:])


@compiled_plainly
def _short_sum(numbers: Array) -> float:
    sums, whole, total = np.zeros(8), len(numbers) // 8 * 8, 0.0
    for i in range(0, whole, 8):
        for lane in range(8):
            sums[lane] += numbers[i + lane]
    if whole:
        total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    for i in range(whole, len(numbers)):
        total += numbers[i]
    return total
