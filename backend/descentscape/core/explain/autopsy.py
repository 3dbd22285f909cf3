"""One step taken apart: its rule, line by line, with the step's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, cast

import numpy as np

from descentscape.core.descent.descent import StepContext
from descentscape.core.descent.trajectory import Replayable
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.notation import Value, at, evaluate
from descentscape.core.explain.rule import FormulaLine, read_rule
from descentscape.core.norm import norm
from descentscape.core.number_format import number
from descentscape.core.objective import Array, Objective, Sampled
from descentscape.core.optimizers import Optimizer
from descentscape.core.optimizers.base import remembered


@dataclass(frozen=True, eq=False)
class Quantity:
    """A part of an optimizer's state.

    Its name, its symbol in the formula (empty if it has none), what it is in words, its value, and whether
    it is drawn: a sum or an average of gradients, which has a direction.
    """

    name: str
    symbol: str
    label: str
    value: Value
    drawn: bool


@dataclass(frozen=True, eq=False)
class Autopsy:
    """The step of a run from one of its entries.

    - ``kind``: the optimizer's; ``learning_rate``: η with the schedule's ``factor`` in it
    - ``parameter``, ``parameter_name``: the one whose numbers are in the lines
    - ``gradient``: of the batch; ``received``: after noise and clipping, ``clipped`` if that changed it
    - ``before``, ``after``: the optimizer's state
    - ``lines``: gradient, noise, clipping and schedule where there are any, then the rule line by line
    - ``rates``: each parameter's effective learning rate, what its (averaged) gradient is multiplied by;
      None where the rule has none
    - ``decay``: the part of the step that is weight decay, None without
    - ``step``: what is added to theta

    Arrays are ``(P,)``.
    """

    kind: str
    learning_rate: float
    factor: float
    parameter: int
    parameter_name: str
    gradient: Array
    received: Array
    clipped: bool
    before: tuple[Quantity, ...]
    after: tuple[Quantity, ...]
    lines: tuple[FormulaLine, ...]
    rates: Array | None
    decay: Array | None
    step: Array


@np.errstate(all="ignore")
def dissect_step(trajectory: Replayable, entry: int, parameter: int = 0) -> Autopsy:
    """Take apart the step that follows an entry of a run, with one parameter's numbers spelt out."""
    names = trajectory.run.objective.parameter_names()
    if not 0 <= parameter < len(names):
        raise InvalidValue("parameter", f"from 0 to {len(names) - 1}", parameter)
    context = trajectory.step_at(entry)
    optimizer = context.recipe.optimizer
    asked = context.asked(optimizer)
    plain, after = optimizer.update(context.received, context.state, context.theta, asked)
    lines, values = _rule_lines(context, asked, plain, after, parameter)
    rates = evaluate(optimizer.rates, values) if optimizer.rates else None
    decay = -context.learning_rate * values["λ"] * context.theta if values.get("λ") else None
    return Autopsy(
        kind=optimizer.kind,
        learning_rate=context.learning_rate,
        factor=context.factor,
        parameter=parameter,
        parameter_name=names[parameter],
        gradient=context.grad,
        received=context.received,
        clipped=context.clipped,
        before=quantities(optimizer, context.state),
        after=quantities(optimizer, after),
        lines=(*_preliminaries(context, parameter), *lines),
        rates=None if rates is None else np.broadcast_to(rates, plain.shape),
        decay=decay,
        step=context.factor * plain,
    )


@np.errstate(all="ignore")
def effective_rates(context: StepContext) -> Array | None:
    """Each parameter's effective learning rate ``(P,)`` in a step, as ``Autopsy.rates``."""
    optimizer = context.recipe.optimizer
    if not optimizer.rates:
        return None
    asked = context.asked(optimizer)
    plain, after = optimizer.update(context.received, context.state, context.theta, asked)
    _, values = _rule_lines(context, asked, plain, after, 0)
    rates = evaluate(optimizer.rates, values)
    return None if rates is None else np.broadcast_to(rates, plain.shape)


def quantities(optimizer: Optimizer, state: Any) -> tuple[Quantity, ...]:
    """The fields of an optimizer's state, with what is known of each."""
    facts = remembered(optimizer.memory).items()
    return tuple(
        Quantity(name, about.symbol, about.label, value, about.drawn)
        for (name, about), value in zip(facts, state, strict=True)
    )


def _rule_lines(
    context: StepContext, asked: Objective, plain: Array, after: Any, parameter: int
) -> tuple[list[FormulaLine], dict[str, Value]]:
    """The rule line by line, a wrapped one's lines in the place of the step that it makes."""
    optimizer, grad, found = context.recipe.optimizer, context.received, list[FormulaLine]()
    while True:
        given = optimizer.named(grad, context.theta, asked, plain, after)
        if optimizer.needs.line_search:
            # a schedule scales every other rule's learning rate; of a search it shortens the length found
            given |= {"t": given["t"] * context.factor}
        known = _known(optimizer, context) | {"g": grad}
        lines, values = read_rule(optimizer.formula, known, given, parameter)
        if optimizer.wrapped is None:
            return [*found, *lines], values
        found += [line for line in lines if line.symbol != "θ"]
        optimizer, grad = optimizer.wrapped, np.asarray(values["g"])


def _known(optimizer: Optimizer, context: StepContext) -> dict[str, Value]:
    """The symbols of a rule before its first line: hyperparameters, state, learning rate and theta."""
    facts = remembered(optimizer.memory).values()
    state = {
        about.symbol: value + about.counts
        for about, value in zip(facts, context.state, strict=True)
        if about.symbol
    }
    return _hyperparameters(optimizer) | state | {"η": context.learning_rate, "θ": context.theta}


def _hyperparameters(settings: Any) -> dict[str, Value]:
    """The numbers with a symbol."""
    symbols = {each.metadata["symbol"]: each.name for each in fields(settings)}
    return {symbol: getattr(settings, name) for symbol, name in symbols.items() if symbol}


def _batch(context: StepContext) -> str:
    """Of what the cost was taken, where that was not the whole training set."""
    if context.recipe.batch_size is None:
        return ""
    return f" on this step’s batch of {cast('Sampled', context.batch).n_examples}"


def _preliminaries(context: StepContext, parameter: int) -> Iterator[FormulaLine]:
    """What happens to the gradient and to the learning rate before the optimizer has them."""
    gradient = context.grad
    yield FormulaLine("g", "=", f"∂C/∂θ{_batch(context)}", number(at(gradient, parameter)), gradient)
    known: dict[str, Value] = {"g": gradient}
    if context.noise is not None:
        noise = context.noise / context.recipe.gradient_noise
        lines, known = read_rule(
            "g ← g + σ ξ", known | {"σ": context.recipe.gradient_noise, "ξ": noise}, {}, parameter
        )
        yield from lines
    if context.recipe.clip:
        g = np.asarray(known["g"])
        known = _hyperparameters(context.recipe.clip) | {"g": g, "gᵢ": g, "‖g‖": float(norm(g))}
        yield from read_rule(context.recipe.clip.formula, known, {}, parameter)[0]
    if context.recipe.schedule.kind != "constant":
        rate = context.learning_rate
        yield from read_rule(context.recipe.schedule.formula, {}, {"ηₜ": rate}, parameter)[0]
