"""How large a learning rate the curvature at a point admits, for the rules where that is known.

Each bound is exact for the quadratic model at the point, on full batches, with an adaptive rule's divisors
held still: below it the steps along the sharpest direction shrink, above it they grow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.curvature import DENSE_HESSIAN, extremes
from descentscape.core.landscape.lanczos import lanczos
from descentscape.core.number_format import number
from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers import Optimizer
from descentscape.core.time_slices import at_once, run_to_completion


@dataclass(frozen=True)
class Bound:
    """The largest stable η as a function of the optimizer's fields and the sharpness λ, with its source.

    ``preconditioned``: λ is the highest eigenvalue of D^(−½) H D^(−½) in place of H's own, D the divisors
    √v̂ + ε of the rule.
    """

    text: str
    source: str
    limit: Callable[[Any, float], float]
    preconditioned: bool = False


_EDGE = "Cohen, Kaur, Li, Kolter & Talwalkar (2021), arXiv:2103.00065"
_ADAPTIVE = "Cohen et al. (2022), Adaptive Gradient Methods at the Edge of Stability, arXiv:2207.14484"


def _adam(rule: Any, sharpness: float) -> float:
    return float(2 * (1 + rule.beta1) / ((1 - rule.beta1) * sharpness))


def _adamw(rule: Any, sharpness: float) -> float:
    pull = (1 + rule.beta1) * rule.weight_decay
    return float(2 * (1 + rule.beta1) / ((1 - rule.beta1) * sharpness + pull))


BOUNDS: dict[str, Bound] = {
    "gd": Bound("2 / λ", f"classical; {_EDGE}", lambda _, s: 2 / s),
    "momentum": Bound(
        "2 (1 + μ) / λ", f"Polyak (1964); {_EDGE}", lambda rule, s: float(2 * (1 + rule.momentum) / s)
    ),
    "nesterov": Bound(
        "2 (1 + μ) / ((1 + 2μ) λ)",
        _EDGE,
        lambda rule, s: float(2 * (1 + rule.momentum) / ((1 + 2 * rule.momentum) * s)),
    ),
    "adagrad": Bound(
        "2 / λ", f"gradient descent’s, preconditioned as in {_ADAPTIVE}", lambda _, s: 2 / s, True
    ),
    "rmsprop": Bound("2 / λ", f"Adam’s with β₁ = 0, {_ADAPTIVE}", lambda _, s: 2 / s, True),
    "adam": Bound("2 (1 + β₁) / ((1 − β₁) λ)", _ADAPTIVE, _adam, True),
    "amsgrad": Bound("2 (1 + β₁) / ((1 − β₁) λ)", f"Adam’s with v_max for v, {_ADAPTIVE}", _adam, True),
    "adamw": Bound(
        "2 (1 + β₁) / ((1 − β₁) λ + (1 + β₁) λ_decay)",
        f"Adam’s, {_ADAPTIVE}, with the decay in the same recursion",
        _adamw,
        True,
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
    bound = known.limit(optimizer, sharpness) if sharpness > 0 else None
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
    if not (np.isfinite(scales).all() and (scales >= 0).all()):
        raise InvalidValue("rates", "finite and at least 0", scales.tolist())
    root = np.sqrt(scales)
    if objective.dim <= DENSE_HESSIAN:
        return float(np.linalg.eigvalsh(root[:, None] * objective.hessian(theta) * root)[-1])
    ritz = run_to_completion(lanczos(at_once(lambda v: root * objective.hvp(theta, root * v)), objective.dim))
    return float(ritz.values[-1])


def _note(learning_rate: float, bound: float | None) -> str:
    if bound is None:
        return "Nothing curves upwards here: for the quadratic model no rate is too large."
    share = learning_rate / bound
    if share > 1:
        return f"{number(share, 3)} times the bound: along the sharpest direction the steps grow."
    return f"{number(100 * share, 3)} % of the bound: along the sharpest direction the steps shrink."
