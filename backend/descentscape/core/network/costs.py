"""Costs: how far the outputs a are from the targets y, and which output layers each cost admits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.objective import AnyArray, Array, Indices

SOFTMAX = "softmax"
"""The output aₖ = e^(zₖ) / Σⱼ e^(zⱼ): the one that is not an elementwise activation."""

OUTPUTS = (*ACTIVATIONS, SOFTMAX)
"""Every kind of output layer."""


@dataclass(frozen=True)
class Cost:
    """A cost: the mean over the examples of a loss that is summed over the outputs.

    ``loss`` is the formula of one example; ``outputs`` are the output layers it can stand on; ``bounded``
    says that its targets are probabilities.
    """

    kind: str
    label: str
    formula: str
    loss: str
    help: str
    source: str
    outputs: tuple[str, ...]
    bounded: bool = False


COSTS: dict[str, Cost] = {
    cost.kind: cost
    for cost in (
        Cost(
            kind="mse",
            label="Mean squared error",
            formula="C = 1/(2n) Σ ‖y − a‖²",
            loss="½ ‖y − a‖²",
            help="Half the mean squared distance between output and target.",
            source="Legendre (1805); the factor ½ as in Rumelhart, Hinton & Williams (1986)",
            outputs=OUTPUTS,
        ),
        Cost(
            kind="bce",
            label="Binary cross-entropy",
            formula="C = −1/n Σ [y ln a + (1 − y) ln(1 − a)]",
            loss="−y ln a − (1 − y) ln(1 − a)",
            help="Surprise at a yes-or-no label under the predicted probability; its slope never saturates.",
            source="Cox, J. Royal Statistical Society B 20 (1958)",
            outputs=("sigmoid",),
            bounded=True,
        ),
        Cost(
            kind="cross_entropy",
            label="Cross-entropy",
            formula="C = −1/n Σ Σₖ yₖ ln aₖ",
            loss="−Σₖ yₖ ln aₖ",
            help="Surprise at the label among several classes under the predicted probabilities.",
            source="Bridle, Neurocomputing (1990)",
            outputs=(SOFTMAX,),
            bounded=True,
        ),
        Cost(
            kind="huber",
            label="Huber (δ = 1)",
            formula="C = 1/n Σ h(a − y), h(r) = ½ r² if |r| ≤ 1 else |r| − ½",
            loss="h(a − y), summed over the outputs",
            help="Squared for small errors, linear for large ones, so that outliers pull less.",
            source="Huber, Annals of Mathematical Statistics 35 (1964)",
            outputs=OUTPUTS,
        ),
    )
}
"""Every cost by its kind."""


def require_pair(output: str, cost: str) -> None:
    """Raise InvalidValue for an unknown output or cost, and for a cost that cannot stand on that output."""
    if output not in OUTPUTS:
        raise InvalidValue("output", f"one of {', '.join(OUTPUTS)}", output)
    if cost not in COSTS:
        raise InvalidValue("cost", f"one of {', '.join(COSTS)}", cost)
    if output not in COSTS[cost].outputs:
        fitting = [kind for kind, entry in COSTS.items() if output in entry.outputs]
        raise InvalidValue("cost", f"{' or '.join(fitting)} on a {output} output", cost)


def one_hot(labels: AnyArray | Indices, classes: int) -> Array:
    """Labels 0 … classes − 1, ``(N,)`` or ``(N, 1)``, as rows with a single one ``(N, classes)``.

    Raises InvalidValue for a label that is not an integer of that range.
    """
    flat = np.asarray(labels).reshape(-1)
    wrong = flat[~((flat >= 0) & (flat < classes) & (flat % 1 == 0))]
    if wrong.size:
        raise InvalidValue("label", f"an integer from 0 to {classes - 1}", wrong[0].item())
    rows = np.zeros((len(flat), classes))
    rows[np.arange(len(flat)), flat.astype(np.intp)] = 1.0
    return rows
