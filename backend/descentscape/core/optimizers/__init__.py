"""The rules that turn gradients into steps, each one class in the file of its family."""

from __future__ import annotations

from descentscape.core.optimizers import adam, adaptive, gradient, lbfgs, lion, muon, newton, sam
from descentscape.core.optimizers.base import Optimizer
from descentscape.core.optimizers.hyperparameters import hyperparameter, hyperparameters
from descentscape.core.optimizers.newton import MAX_HESSIAN_DIM

_FAMILIES = (gradient, adaptive, adam, lion, muon, sam, newton, lbfgs)

OPTIMIZERS: dict[str, type[Optimizer]] = {rule.kind: rule for family in _FAMILIES for rule in family.FAMILY}
"""Every optimizer by its kind. A new one is a class in a family's file, and its name in that FAMILY."""

__all__ = ["MAX_HESSIAN_DIM", "OPTIMIZERS", "Optimizer", "hyperparameter", "hyperparameters"]
