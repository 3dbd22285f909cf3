"""One step taken apart: its rule, line by line, with the step's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, cast

import numpy as np

from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.notation import Value, at, evaluate
from descentscape.core.explain.rule import Line, read_rule, statements
from descentscape.core.explain.seen import Seen, seen
from descentscape.core.norm import norm
from descentscape.core.number_format import number
from descentscape.core.objective import Array, Sampled
from descentscape.core.optimizers import Optimizer
from descentscape.core.optimizers.base import Named


@dataclass(frozen=True, eq=False)
class Quantity:
    """A part of an optimizer's state by its name and its symbol in the formula (empty if it has none)."""

    name: str
    symbol: str
    value: Value


@dataclass(frozen=True, eq=False)
class Autopsy:
    """The step of a run from one of its entries.

    - ``kind``: the optimizer's; ``learning_rate``: η with the schedule's ``factor`` in it
    - ``parameter``, ``parameter_name``: the one whose numbers are in the lines
    - ``gradient``: of the batch; ``seen``: after noise and clipping, ``clipped`` if that changed it
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
    seen: Array
    clipped: bool
    before: tuple[Quantity, ...]
    after: tuple[Quantity, ...]
    lines: tuple[Line, ...]
    rates: Array | None
    decay: Array | None
    step: Array


@np.errstate(all="ignore")
def dissect_step(trajectory: Trajectory, entry: int, parameter: int = 0) -> Autopsy:
    """Take apart the step that follows an entry of a run, with one parameter's numbers spelt out."""
    names = trajectory.run.objective.parameter_names()
    if not 0 <= parameter < len(names):
        raise InvalidValue("parameter", f"from 0 to {len(names) - 1}", parameter)
    moment = seen(trajectory.run, trajectory.step_at(entry))
    optimizer, before = moment.recipe.optimizer, moment.step.state
    plain, after = moment.update(optimizer, before)
    known = _known(optimizer, moment)
    lines, values = read_rule(
        optimizer.formula, known, _given(optimizer, plain, after, moment.factor), parameter
    )
    rates = evaluate(optimizer.rates, values) if optimizer.rates else None
    decay = -moment.step.learning_rate * known["λ"] * moment.step.theta if known.get("λ") else None
    return Autopsy(
        kind=optimizer.kind,
        learning_rate=moment.step.learning_rate,
        factor=moment.factor,
        parameter=parameter,
        parameter_name=names[parameter],
        gradient=moment.step.grad,
        seen=moment.gradient,
        clipped=moment.clipped,
        before=quantities(optimizer, before),
        after=quantities(optimizer, after),
        lines=(*_preliminaries(moment, parameter), *lines),
        rates=None if rates is None else np.broadcast_to(rates, plain.shape),
        decay=decay,
        step=moment.factor * plain,
    )


def _given(optimizer: Optimizer, step: Array, after: Any, factor: float) -> dict[str, Value]:
    """What the formula names without saying how it comes about."""
    given = optimizer.named(step, after) if isinstance(optimizer, Named) else {}
    # a schedule scales the learning rate of every other rule; of a search it shortens the length found
    return given | {"t": given["t"] * factor} if optimizer.searches else given


def _known(optimizer: Optimizer, moment: Seen) -> dict[str, Value]:
    """The symbols of a rule before its first line: hyperparameters, state, gradient and theta."""
    known = _hyperparameters(optimizer)
    known |= {each.symbol: each.value for each in quantities(optimizer, moment.step.state) if each.symbol}
    if "t" in known:
        known["t"] += 1
    return known | {"η": moment.step.learning_rate, "g": moment.gradient, "θ": moment.step.theta}


def _hyperparameters(settings: Any) -> dict[str, Value]:
    return {each.metadata["symbol"]: getattr(settings, each.name) for each in fields(settings)}


def quantities(optimizer: Optimizer, state: Any) -> tuple[Quantity, ...]:
    """A state's fields; the first of them are what the formula assigns, ``steps`` is its t."""
    assigned = [
        symbol for symbol, arrow, _ in statements(optimizer.formula) if arrow == "←" and symbol != "θ"
    ]
    symbols = dict(zip(state._fields, assigned, strict=False)) | {"steps": "t"}
    return tuple(
        Quantity(name, symbols.get(name, ""), value) for name, value in zip(state._fields, state, strict=True)
    )


def _batch(moment: Seen) -> str:
    """Of what the cost was taken, where that was not the whole training set."""
    if moment.recipe.batch_size is None:
        return ""
    return f" on this step’s batch of {cast('Sampled', moment.batch).n_examples}"


def _preliminaries(moment: Seen, parameter: int) -> Iterator[Line]:
    """What happens to the gradient and to the learning rate before the optimizer has them."""
    gradient = moment.step.grad
    yield Line("g", "=", f"∂C/∂θ{_batch(moment)}", number(at(gradient, parameter)), gradient)
    known: dict[str, Value] = {"g": gradient}
    if moment.noise is not None:
        noise = moment.noise / moment.recipe.gradient_noise
        lines, known = read_rule(
            "g ← g + σ ξ", known | {"σ": moment.recipe.gradient_noise, "ξ": noise}, {}, parameter
        )
        yield from lines
    if moment.recipe.clip:
        g = np.asarray(known["g"])
        known = _hyperparameters(moment.recipe.clip) | {"g": g, "gᵢ": g, "‖g‖": float(norm(g))}
        yield from read_rule(moment.recipe.clip.formula, known, {}, parameter)[0]
    if moment.recipe.schedule.kind != "constant":
        rate = moment.step.learning_rate
        yield from read_rule(moment.recipe.schedule.formula, {}, {"ηₜ": rate}, parameter)[0]
