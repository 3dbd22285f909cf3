"""The planes that recorded runs are seen in, each with what it holds of them beside chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import get_args

import numpy as np

from descentscape.compute.descents import DescentCache
from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.components import principal_plane, shares_along, walks_of
from descentscape.core.foreign.models import ForeignModel, Given, made_known
from descentscape.core.foreign.objective import ForeignObjective
from descentscape.core.landscape import planes
from descentscape.core.landscape.chance.walks import Own, spanned_null
from descentscape.core.landscape.filters import Normalization
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.landscape.planes import POINTS_LABELS, Center
from descentscape.core.objective import Array
from descentscape.core.time_slices import run_to_completion
from descentscape.explorations.runs import Recorded

Place = int | tuple[int, int] | Sequence[float] | Array
"""A step of the first run, (run, step), or theta ``(P,)`` itself."""


@dataclass(frozen=True, eq=False)
class Laying:
    """The cost and the runs that planes are laid through."""

    label: str
    objective: ForeignObjective
    runs: tuple[Recorded, ...]
    cache: DescentCache = field(default_factory=DescentCache)

    @cached_property
    def model(self) -> ForeignModel:
        """The model as documents name it: in all planes the same, so that costs are found once."""
        return self.known_in(None)

    def known_in(self, given: Given | None) -> ForeignModel:
        """The model under another name, to be seen in a plane at first."""
        return made_known(self.label, self.objective, [run.path for run in self.runs], given)

    def theta_of(self, place: Place | None, run: int = 0) -> Array:
        """Theta ``(P,)`` of a place; of None, the last of a run."""
        if place is None or isinstance(place, int | np.integer):
            chosen = self.run(run)
            return chosen.path.theta(chosen.entry_of(None if place is None else int(place)))
        if isinstance(place, tuple) and len(place) == 2 and self.objective.dim != 2:
            return self.theta_of(int(place[1]), int(place[0]))
        theta = np.asarray(place, dtype=np.float64)
        if theta.shape != (self.objective.dim,) or not np.isfinite(theta).all():
            raise InvalidValue("theta", f"{self.objective.dim:,} finite numbers", theta.shape)
        return theta

    def run(self, number: int) -> Recorded:
        """One of the runs."""
        if not 0 <= number < len(self.runs):
            raise InvalidValue("run", f"from 0 to {len(self.runs) - 1}", number)
        return self.runs[number]

    def axes(self, parameters: tuple[int, int]) -> Plane:
        """Two of the parameters, the others as they end in the first run."""
        return self._beside(planes.axes(self.objective, self.theta_of(None), parameters))

    def pca(self, center: Center) -> Plane:
        """The principal components of all runs."""
        if center not in get_args(Center):
            raise InvalidValue("center", f"one of {', '.join(get_args(Center))}", center)
        return principal_plane(self.objective, [run.path for run in self.runs], center)

    def random(self, normalization: Normalization, biases: bool, seed: int, origin: Place | None) -> Plane:
        """Two Gaussian directions."""
        if normalization not in get_args(Normalization):
            raise InvalidValue("normalization", f"one of {', '.join(get_args(Normalization))}", normalization)
        rng, at = np.random.default_rng(seed), self.theta_of(origin)
        made = planes.random(self.objective, at, rng, normalization=normalization, biases=biases)
        return self._beside(made)

    def hessian(self, at: Place | None) -> Plane:
        """The directions of the highest and the lowest curvature at a place."""
        return self._beside(run_to_completion(planes.hessian(self.objective, self.theta_of(at))))

    def points(self, three: Sequence[Place]) -> Plane:
        """The plane through three places."""
        if len(three) != 3:
            raise InvalidValue("points", "three places", len(three))
        made = planes.points(self.objective, [self.theta_of(each) for each in three])
        entries = [self._entry_of(each) for each in three]
        joined: dict[str, Own] = {
            label: (entries[0], other)
            for label, other in zip(POINTS_LABELS, entries[1:], strict=True)
            if entries[0] is not None and other is not None
        }
        return self._beside(made, [joined.get(label) for label in made.labels])

    def custom(self, basis: Array, origin: Place | None) -> Plane:
        """Two given directions."""
        at = self.theta_of(origin)
        return self._beside(planes.custom(self.objective, at, np.asarray(basis, dtype=np.float64)))

    def _entry_of(self, place: Place) -> tuple[int, int] | None:
        if isinstance(place, int | np.integer):
            return 0, self.run(0).entry_of(int(place))
        if isinstance(place, tuple) and len(place) == 2 and self.objective.dim != 2:
            return int(place[0]), self.run(int(place[0])).entry_of(int(place[1]))
        return None

    def _beside(self, plane: Plane, own: Sequence[Own | None] = (None, None)) -> Plane:
        """The plane with its shares of the runs' variance, and those of random walks in their place."""
        if plane.exact:
            return plane
        tracks = [run.path for run in self.runs]
        walks = walks_of(tracks)
        null: Pair
        if walks is None:
            null = spanned_null([track.entries for track in tracks], plane.dim, own)
        else:
            directions = [
                fixed if pair is None else pair for fixed, pair in zip(plane.basis, own, strict=True)
            ]
            null = walks.shares(directions)
        return replace(plane, variance_share=shares_along(tracks, plane), null_share=null)


Lay = Callable[[Laying], Plane]
"""How a plane is laid."""
