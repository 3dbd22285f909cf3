"""How large a learning rate the curvature at a point admits, for the rules where that is known.

Each bound is exact for the quadratic model at the point, on full batches, with an adaptive rule's divisors
held still: below it the steps along the sharpest direction shrink, above it they grow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan
from typing import Any

import numpy as np

from descentscape.core.descent.checkpoints import SPACING
from descentscape.core.descent.descent import Position
from descentscape.core.descent.trajectory import Replayable, Trajectory, is_replayable, replayable
from descentscape.core.explain.autopsy import effective_rates
from descentscape.core.landscape.curvature import (
    DENSE_HESSIAN,
    extremes,
    preconditioned_sharpness,
    root_of,
)
from descentscape.core.landscape.lanczos import lanczos
from descentscape.core.number_format import number
from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers import Optimizer
from descentscape.core.time_slices import TimeSlices, at_once, run_to_completion
from descentscape.core.undivided import in_thread_if_long


def _nothing(_: Any) -> float:
    return 0.0


@dataclass(frozen=True)
class Bound:
    """The largest stable η of a rule, room / (λ + pull), with its source.

    ``text`` says it by the optimizer's fields and the sharpness λ, ``line`` the λ at which a rate η is the
    bound, room / η − pull. ``preconditioned``: λ is the highest eigenvalue of D^(−½) H D^(−½) in place of H's
    own, D the divisors √v̂ + ε of the rule.
    """

    text: str
    line: str
    source: str
    room: Callable[[Any], float]
    pull: Callable[[Any], float] = _nothing
    preconditioned: bool = False

    def limit(self, rule: Any, sharpness: float) -> float | None:
        """The largest stable rate; None where nothing curves upwards, and none is too large."""
        return self.room(rule) / (sharpness + self.pull(rule)) if sharpness > 0 else None

    def sharpness_at(self, rule: Any, learning_rate: float) -> float:
        """The sharpness above which a rate is too large."""
        return self.room(rule) / learning_rate - self.pull(rule)


_EDGE = "Cohen, Kaur, Li, Kolter & Talwalkar (2021), arXiv:2103.00065"
_ADAPTIVE = "Cohen et al. (2022), Adaptive Gradient Methods at the Edge of Stability, arXiv:2207.14484"


def _two(_: Any) -> float:
    return 2.0


def _momentum(rule: Any) -> float:
    return float(2 * (1 + rule.momentum))


def _nesterov(rule: Any) -> float:
    return float(2 * (1 + rule.momentum) / (1 + 2 * rule.momentum))


def _adam(rule: Any) -> float:
    return float(2 * (1 + rule.beta1) / (1 - rule.beta1))


def _decay(rule: Any) -> float:
    return float((1 + rule.beta1) * rule.weight_decay / (1 - rule.beta1))


_OF_ADAM = "2 (1 + β₁) / ((1 − β₁) λ)", "2 (1 + β₁) / ((1 − β₁) η)"

BOUNDS: dict[str, Bound] = {
    "gd": Bound("2 / λ", "2 / η", f"classical; {_EDGE}", _two),
    "momentum": Bound("2 (1 + μ) / λ", "2 (1 + μ) / η", f"Polyak (1964); {_EDGE}", _momentum),
    "nesterov": Bound("2 (1 + μ) / ((1 + 2μ) λ)", "2 (1 + μ) / ((1 + 2μ) η)", _EDGE, _nesterov),
    "adagrad": Bound(
        "2 / λ",
        "2 / η",
        f"gradient descent’s, preconditioned as in {_ADAPTIVE}",
        _two,
        preconditioned=True,
    ),
    "rmsprop": Bound("2 / λ", "2 / η", f"Adam’s with β₁ = 0, {_ADAPTIVE}", _two, preconditioned=True),
    "adam": Bound(*_OF_ADAM, _ADAPTIVE, _adam, preconditioned=True),
    "amsgrad": Bound(*_OF_ADAM, f"Adam’s with v_max for v, {_ADAPTIVE}", _adam, preconditioned=True),
    "adamw": Bound(
        "2 (1 + β₁) / ((1 − β₁) λ + (1 + β₁) λ_decay)",
        "(2 / η − λ_decay) (1 + β₁) / (1 − β₁)",
        f"Adam’s, {_ADAPTIVE}, with the decay in the same recursion",
        _adam,
        _decay,
        preconditioned=True,
    ),
}
"""The rules with a simple bound, by kind."""


@dataclass(frozen=True)
class Stability:
    """The bound at a point beside the learning rate in use.

    ``sharpness`` is the λ of the bound, ``preconditioned`` says which; ``bound`` is None where no simple one
    is known, or nothing curves upwards; ``text``, ``source`` and ``note`` say what it is and what follows.
    """

    kind: str
    learning_rate: float
    sharpness: float
    preconditioned: bool
    bound: float | None
    text: str
    source: str
    note: str


def stability_at(
    objective: Objective,
    theta: Array,
    optimizer: Optimizer,
    learning_rate: float,
    rates: Array | None = None,
) -> Stability:
    """Compare the learning rate of a rule with its bound at theta ``(P,)``.

    ``rates`` ``(P,)`` are the rule's effective rates there, ``Autopsy.rates``, which an adaptive rule's bound
    needs; without them it has none. Raises InvalidValue where the Hessian is not finite.
    """
    known, scales = BOUNDS.get(optimizer.kind), None
    why = "No simple bound is known for this rule."
    if known and known.preconditioned:
        if rates is None or learning_rate <= 0:
            known, why = None, "Its effective rates are not known here."
        else:
            scales = rates / learning_rate
    sharpness = highest_curvature(objective, theta, scales)
    if known is None:
        return Stability(optimizer.kind, learning_rate, sharpness, False, None, "", "", why)
    bound = known.limit(optimizer, sharpness)
    return Stability(
        kind=optimizer.kind,
        learning_rate=learning_rate,
        sharpness=sharpness,
        preconditioned=known.preconditioned,
        bound=bound,
        text=known.text,
        source=known.source,
        note=_note(learning_rate, bound),
    )


def highest_curvature(objective: Objective, theta: Array, scales: Array | None = None) -> float:
    """λ_max of the Hessian at theta, or of S^½ H S^½ with the diagonal S of ``scales`` ``(P,)``.

    Dense up to DENSE_HESSIAN parameters, by Lanczos above.
    """
    if scales is None:
        return float(run_to_completion(extremes(objective, theta))[0][0])
    root = root_of(scales)
    if objective.dim <= DENSE_HESSIAN:
        return float(np.linalg.eigvalsh(root[:, None] * objective.hessian(theta) * root)[-1])
    ritz = run_to_completion(lanczos(at_once(lambda v: root * objective.hvp(theta, root * v)), objective.dim))
    return float(ritz.values[-1])


@dataclass(frozen=True)
class Edge:
    """The bound of a step's rule, and how its rate in use lies to it; NaN is what is not known.

    - ``learning_rate``: η, the schedule's ``factor`` in it
    - ``sharpness``: the λ of the bound, for an adaptive rule that of the preconditioned Hessian
    - ``bound``: the largest stable η; infinite where nothing curves upwards
    - ``line``: the sharpness at which η is the bound
    """

    learning_rate: float = nan
    factor: float = nan
    sharpness: float = nan
    bound: float = nan
    line: float = nan


UNKNOWN = Edge()


def edge_at(trajectory: Trajectory, objective: Objective, step: int, highest: float) -> TimeSlices[Edge]:
    """The edge of a run at one of its steps, whose Hessian's highest eigenvalue is ``highest``.

    The preconditioned Hessian is that of ``objective``, which may be the run's on fewer examples.
    """
    if not is_replayable(trajectory):
        return UNKNOWN
    run = replayable(trajectory)
    rule, factor = rule_of(run, step), run.run.recipe.schedule.factor(step, run.run.steps)
    known, rate = BOUNDS.get(rule.kind), rule.learning_rate * factor
    if known is None or rate <= 0:
        return Edge(rate, factor)
    if known.preconditioned:
        scales = yield from _scales(run, step)
        if scales is None:
            return Edge(rate, factor)
        yield  # what came before has had a slice
        highest = yield from preconditioned_sharpness(objective, run.theta_at(step), scales)
    bound = known.limit(rule, highest)
    line = known.sharpness_at(rule, rate)
    return Edge(rate, factor, highest, inf if bound is None else bound, line)


def rule_of(trajectory: Replayable, step: int) -> Optimizer:
    """The rule that makes the step from an entry, edits by hand included."""
    recipe, _ = trajectory.run.edited(Position(step, trajectory.start))
    return recipe.optimizer


def _scales(trajectory: Replayable, step: int) -> TimeSlices[Array | None]:
    """The effective rates over the learning rate, None where they are not finite."""

    def made_again() -> Array | None:
        context = trajectory.step_at(step)
        rates = effective_rates(context)
        if rates is None or not np.isfinite(rates).all():
            return None
        scales: Array = rates / context.learning_rate
        return scales

    return (yield from in_thread_if_long(trajectory.objective, made_again, SPACING))


def _note(learning_rate: float, bound: float | None) -> str:
    if bound is None:
        return "Nothing curves upwards here: for the quadratic model no rate is too large."
    share = learning_rate / bound
    if share > 1:
        return f"{number(share, 3)} times the bound: along the sharpest direction the steps grow."
    return f"{number(100 * share, 3)} % of the bound: along the sharpest direction the steps shrink."
