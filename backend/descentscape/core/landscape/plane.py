"""A two-dimensional plane through the space of parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np

from descentscape.core.norm import norm
from descentscape.core.objective import Array

Pair = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Plane:
    """The points origin + a·basis₀ + b·basis₁, with where its directions come from.

    ``origin`` is ``(P,)``, ``basis`` ``(2, P)``. ``orthonormal`` is false only for directions that were
    scaled filter- or layer-wise. ``variance_share`` holds the shares of the paths' variance along the two
    directions, ``null_share`` what random walks in place of the paths would show; ``components`` the shares
    of the leading principal components, where the plane is made of them. ``note`` says in words how the
    directions were found, ``labels`` names the axes.
    """

    origin: Array
    basis: Array
    kind: str
    labels: tuple[str, str]
    note: str
    orthonormal: bool = True
    variance_share: Pair | None = None
    null_share: Pair | None = None
    components: tuple[float, ...] = ()

    @property
    def dim(self) -> int:
        """The number of parameters P."""
        return len(self.origin)

    @property
    def exact(self) -> bool:
        """Whether the plane is the whole space, so that nothing is left out: P = 2."""
        return self.dim == 2

    @cached_property
    def _dual(self) -> Array:
        """Coordinate functionals ``(2, P)``: G⁻¹·basis with the Gram matrix G = basis·basisᵀ."""
        if self.orthonormal:
            return self.basis
        return cast(Array, np.linalg.solve(self.basis @ self.basis.T, self.basis))

    def lift(self, ab: Array) -> Array:
        """Return the parameters ``(*B, P)`` at the plane's coordinates ab ``(*B, 2)``."""
        return self.origin + ab @ self.basis

    def project(self, theta: Array) -> Array:
        """Return the coordinates ``(*B, 2)`` of the plane's point nearest to theta ``(*B, P)``."""
        return (theta - self.origin) @ self._dual.T

    def along(self, vector: Array) -> Array:
        """Return the coordinates ``(*B, 2)`` of the part of vectors ``(*B, P)`` that lies in the plane."""
        return vector @ self._dual.T

    def residual(self, theta: Array) -> Array:
        """Return the distance ``(*B,)`` from theta ``(*B, P)`` to the plane: ‖θ − lift(project θ)‖."""
        off = theta - self.origin
        off -= (off @ self._dual.T) @ self.basis
        return norm(off)

    def share(self, paths: Sequence[Array], weights: Sequence[Array] | None = None) -> Pair:
        """Return the shares of the variance of all paths' points ``(S, P)`` along the two directions.

        The variance is taken about the mean, each point counted as often as its weight ``(S,)`` says. When
        the directions are oblique, the second share counts what the second direction adds, so that the two
        always sum to the share that the plane holds. Paths without variance have shares (0, 0).
        """
        points = np.concatenate(paths)
        weight = np.ones(len(points)) if weights is None else np.concatenate(weights)
        points = (points - weight @ points / weight.sum()) * np.sqrt(weight)[:, None]
        total = float(np.vdot(points, points))
        if total == 0:
            return 0.0, 0.0
        frame = self.basis if self.orthonormal else np.linalg.qr(self.basis.T)[0].T
        first, second = ((points @ frame.T) ** 2).sum(axis=0) / total
        return float(first), float(second)

    def beside(
        self, paths: Sequence[Array], null_share: Pair | None = None, weights: Sequence[Array] | None = None
    ) -> Plane:
        """Return the plane with its shares of the variance of these paths ``(S, P)``, and the null's.

        Of directions that have nothing to do with the paths that is 1/P each: no direction of a random walk
        is favoured.
        """
        fixed = (1 / self.dim, 1 / self.dim)
        return replace(self, variance_share=self.share(paths, weights), null_share=null_share or fixed)
