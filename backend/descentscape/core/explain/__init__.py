"""Why a network does what it does: every number behind the explanations, from the engine itself.

Each function takes objectives and parameters, and returns a frozen dataclass of arrays and short texts.
"""

from __future__ import annotations

from descentscape.core.explain.autopsy import Autopsy, Quantity, dissect_step
from descentscape.core.explain.collapse import Collapse, collapse_layers
from descentscape.core.explain.epochs import BatchBill, batch_bill
from descentscape.core.explain.formula_graph import graph_formula
from descentscape.core.explain.forward import CostShares, ForwardPass, LayerPass, cost_shares, forward_pass
from descentscape.core.explain.graph import BackwardStep, Graph
from descentscape.core.explain.jacobians import (
    JacobiansAlong,
    LayerJacobian,
    jacobians_along,
    layer_jacobians,
)
from descentscape.core.explain.kinks import AtKinks, OneSided, at_kinks, one_sided
from descentscape.core.explain.network_graph import graph_network
from descentscape.core.explain.newton import (
    HessianBill,
    NewtonStep,
    QuadraticModel,
    hessian_bill,
    newton_step,
    quadratic_model,
)
from descentscape.core.explain.noise import GradientNoise, gradient_noise
from descentscape.core.explain.nudge import DifferenceLimit, NudgeEffect, difference_limit, nudge_along
from descentscape.core.explain.operations import Operations, count_operations
from descentscape.core.explain.others import Others, others_from_here
from descentscape.core.explain.rule import FormulaLine
from descentscape.core.explain.stability import Stability, stability_at
from descentscape.core.explain.sweep import Swept, summary_of
from descentscape.core.explain.units import (
    Lines,
    Remapped,
    Responses,
    first_lines,
    lines,
    remapped,
    responses,
)
from descentscape.core.explain.vectors import StepVectors, vectors_of

__all__ = [
    "AtKinks",
    "Autopsy",
    "BackwardStep",
    "BatchBill",
    "Collapse",
    "CostShares",
    "DifferenceLimit",
    "FormulaLine",
    "ForwardPass",
    "GradientNoise",
    "Graph",
    "HessianBill",
    "JacobiansAlong",
    "LayerJacobian",
    "LayerPass",
    "Lines",
    "NewtonStep",
    "NudgeEffect",
    "OneSided",
    "Operations",
    "Others",
    "QuadraticModel",
    "Quantity",
    "Remapped",
    "Responses",
    "Stability",
    "StepVectors",
    "Swept",
    "at_kinks",
    "batch_bill",
    "collapse_layers",
    "cost_shares",
    "count_operations",
    "difference_limit",
    "dissect_step",
    "first_lines",
    "forward_pass",
    "gradient_noise",
    "graph_formula",
    "graph_network",
    "hessian_bill",
    "jacobians_along",
    "layer_jacobians",
    "lines",
    "newton_step",
    "nudge_along",
    "one_sided",
    "others_from_here",
    "quadratic_model",
    "remapped",
    "responses",
    "stability_at",
    "summary_of",
    "vectors_of",
]
