"""Steps by the Hessian: Newton's method as it is, and the kind that runs from saddles."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from descentscape.core.errors import TooExpensive
from descentscape.core.objective import AnyArray, Array, Objective
from descentscape.core.optimizers.base import Needs, Optimizer, Remembered, rate, row_by_row
from descentscape.core.optimizers.hyperparameters import hyperparameter, hyperparameters

MAX_HESSIAN_DIM = 2_000
"""The most parameters whose Hessian is formed: 32 MB, and about a second for all its eigenvalues."""

_SOLVE_BLOCK = 64
"""Rows of a triangular solve at a time: large enough for BLAS, small beside the matrix."""


class NewtonState(NamedTuple):
    """What the last step found, ``(*B,)``, for the view; no step depends on it.

    ``negative_count`` eigenvalues of the matrix that was solved with were negative (for ``newton`` these are
    the directions in which the step climbs; for ``saddle_free_newton`` the ones that it turned round);
    along ``left_out`` directions the curvature, damping included, was zero to round-off and the step is zero.
    """

    negative_count: Annotated[int | Array, Remembered("", "negative eigenvalues")]
    left_out: Annotated[int | Array, Remembered("", "directions left out")]


def _nothing_found(rule: Optimizer, theta: Array, objective: Objective) -> NewtonState:
    """Nothing found yet; TooExpensive above MAX_HESSIAN_DIM parameters."""
    size = objective.dim
    if size > MAX_HESSIAN_DIM:
        bill = f"a Hessian of {8 * size**2 / 1e6:,.0f} MB, taken apart at every step"
        raise TooExpensive("parameters", f"at most {MAX_HESSIAN_DIM:,} for {rule.label} ({bill})", size)
    zero = np.zeros(theta.shape[:-1], dtype=int) if theta.ndim > 1 else 0
    return NewtonState(zero, zero)


def _damping() -> Any:
    return hyperparameter(
        default=1e-3,
        low=0.0,
        high=1e6,
        typical=(1e-6, 1e2),
        log=True,
        symbol="δ",
        label="damping",
        help="Added to every curvature: near 0 the step is Newton’s own, large it is −(η / δ) g.",
    )


@hyperparameters
class Newton(Optimizer):
    """θ ← θ − η (H + δ I)⁻¹ g: to the critical point of the quadratic model, whatever its kind."""

    kind = "newton"
    label = "Newton"
    formula = "θ ← θ − η (H + δ I)⁻¹ g"
    source = "Nocedal & Wright, Numerical Optimization (2nd ed. 2006), sections 2.2 and 3.4"
    help = (
        "Jumps to where the quadratic model is flat. Near a minimum that is the minimum; "
        "near a saddle it is the saddle."
    )
    needs = Needs(hessian=True)
    memory = NewtonState
    remembers = 0

    learning_rate: float = rate(1.0, help="The share of the full Newton step that is taken.")
    damping: float = _damping()

    init = _nothing_found

    @row_by_row
    def update(
        self, grad: Array, state: NewtonState, theta: Array, objective: Objective
    ) -> tuple[Array, NewtonState]:
        """The step −η (H + δ I)⁻¹ g ``(*B, P)``.

        By Cholesky's factors or, where H + δ I is not positive definite, by its eigenvalues.
        """
        matrix = _damped_hessian(objective, theta, self.damping)
        if not np.isfinite(matrix).all():
            return _lost(theta)
        try:
            factor = np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            values, vectors = np.linalg.eigh(matrix)
            solution, left_out = _divide(values, vectors, grad)
            return solution * -self.learning_rate, NewtonState(int((values < 0).sum()), left_out)
        return _cholesky_solve(factor, grad) * -self.learning_rate, NewtonState(0, 0)

    def named(
        self, grad: Array, theta: Array, objective: Objective, step: Array, state: NewtonState
    ) -> dict[str, Array | float]:
        """The solution of (H + δ I) x = g."""
        return {"(H + δ I)⁻¹ g": step / -self.learning_rate}


@hyperparameters
class SaddleFreeNewton(Optimizer):
    """θ ← θ − η (|H| + δ I)⁻¹ g with |H| = V |Λ| Vᵀ: downhill along every eigenvector."""

    kind = "saddle_free_newton"
    label = "Saddle-free Newton"
    formula = "H = V Λ Vᵀ\nθ ← θ − η V (|Λ| + δ I)⁻¹ Vᵀ g"
    source = "Dauphin et al. (2014), Identifying and attacking the saddle point problem, arXiv:1406.2572"
    help = "Newton’s step with negative curvature turned round: it runs from the saddles that draw Newton in."
    needs = Needs(hessian=True, eigenvalues=True)
    memory = NewtonState
    remembers = 0

    learning_rate: float = rate(1.0, help="The share of the full step that is taken.")
    damping: float = _damping()

    init = _nothing_found

    @row_by_row
    def update(
        self, grad: Array, state: NewtonState, theta: Array, objective: Objective
    ) -> tuple[Array, NewtonState]:
        """The step −η (|H| + δ I)⁻¹ g ``(*B, P)``."""
        matrix = objective.hessian(theta)
        if not np.isfinite(matrix).all():
            return _lost(theta)
        values, vectors = np.linalg.eigh(matrix)
        solution, left_out = _divide(np.abs(values) + self.damping, vectors, grad)
        return solution * -self.learning_rate, NewtonState(int((values < 0).sum()), left_out)

    def named(
        self, grad: Array, theta: Array, objective: Objective, step: Array, state: NewtonState
    ) -> dict[str, Array | float]:
        """The solution of (|H| + δ I) x = g."""
        return {"V (|Λ| + δ I)⁻¹ Vᵀ g": step / -self.learning_rate}


def _lost(theta: Array) -> tuple[Array, NewtonState]:
    """A Hessian that is not finite has no step; NaN says that the descent ends here."""
    return np.full_like(theta, np.nan), NewtonState(0, 0)


def _damped_hessian(objective: Objective, theta: Array, damping: float) -> Array:
    matrix = objective.hessian(theta).copy()
    matrix.flat[:: len(matrix) + 1] += damping
    return matrix


def _divide(values: Array, vectors: Array, grad: Array) -> tuple[Array, int]:
    """V diag(1 / values) Vᵀ grad without the directions whose value is zero to round-off; their number."""
    zero = np.abs(values) <= len(values) * np.finfo(float).eps * np.abs(values).max()
    weights = np.where(zero, 0.0, 1 / np.where(zero, 1.0, values))
    return vectors @ (weights * (vectors.T @ grad)), int(zero.sum())


def _cholesky_solve(factor: AnyArray, right: Array) -> Array:
    """The solution of L Lᵀ x = b for lower triangular L, by substitution in blocks: O(P²) after O(P³)."""
    solution: Array = right.copy()
    starts = range(0, len(right), _SOLVE_BLOCK)
    for start in starts:
        block = slice(start, start + _SOLVE_BLOCK)
        rest = solution[block] - factor[block, :start] @ solution[:start]
        solution[block] = np.linalg.solve(factor[block, block], rest)
    for start in reversed(starts):
        block, after = slice(start, start + _SOLVE_BLOCK), slice(start + _SOLVE_BLOCK, None)
        rest = solution[block] - factor[after, block].T @ solution[after]
        solution[block] = np.linalg.solve(factor[block, block].T, rest)
    return solution


FAMILY = (Newton, SaddleFreeNewton)
