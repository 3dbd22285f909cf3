"""The slice that travels with the moving point: the ground under it, wherever it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.extent import Extent
from descentscape.core.objective import Array, Objective, Sampled
from descentscape.core.plane import Pair, Plane
from descentscape.core.surface import Surface, sample
from descentscape.core.trajectory import Trajectory

Ground = Literal["train", "batch", "test"]
"""Whose cost the slice shows: all training examples', the next step's mini-batch's, or the test set's."""


@dataclass(frozen=True, eq=False)
class MovingSlice:
    """A slice through theta at one step, which is its middle (0, 0).

    ``path`` ``(S, 2)`` is the whole run projected on the slice's plane; ``cost`` is the height of the ground
    that ``surface`` shows, in its middle. ``examples`` is how many it is the cost of, None without examples.
    """

    step: int
    ground: Ground
    surface: Surface
    path: Array
    cost: float
    examples: int | None


def through(plane: Plane, theta: Array) -> Plane:
    """Return the plane along the same directions through theta ``(P,)``."""
    return replace(plane, origin=theta)


def aligned(plane: Plane, before: Plane) -> Plane:
    """Return the plane with each direction turned round where it points away from the same one before.

    Directions that are found anew at every step, such as eigenvectors, otherwise flip while they hardly
    move, and the picture with them.
    """
    turned = np.where(np.einsum("kp,kp->k", plane.basis, before.basis) < 0, -1.0, 1.0)
    return replace(plane, basis=plane.basis * turned[:, None])


def centred(window: Extent) -> Extent:
    """Return a window of the same size about (0, 0)."""
    (a0, a1), (b0, b1) = window
    a, b = (a1 - a0) / 2, (b1 - b0) / 2
    return (-a, a), (-b, b)


def recentred(path: Array, step: int) -> Array:
    """Return a path ``(S, 2)`` on a plane as it is on the parallel one through its point at a step.

    For directions that stay this takes the place of projecting all of theta again.
    """
    return cast(Array, path - path[step])


def ground_at(trajectory: Trajectory, step: int, ground: Ground) -> Objective:
    """Return the cost that a slice at a step shows; a full-batch run's mini-batch is the training set.

    Raises InvalidValue for the test set of a run that has none.
    """
    if ground == "test":
        if trajectory.test_objective is None:
            raise InvalidValue("ground", "train or batch where there is no test set", ground)
        return trajectory.test_objective
    objective, batch = trajectory.run.objective, trajectory.batch_at(step)
    if ground == "batch" and batch is not None:
        return cast(Sampled, objective).batch(batch)
    return objective


def moving_slice(
    trajectory: Trajectory,
    step: int,
    plane: Plane,
    window: Extent,
    resolution: int = 51,
    *,
    ground: Ground = "train",
    path: Array | None = None,
    path_range: Pair | None = None,
) -> MovingSlice:
    """Return the slice along the plane's directions through theta at a step.

    The window is about theta's own place, (0, 0). ``path`` ``(S, 2)`` is the run on any plane along the same
    directions, where it is known already; ``path_range`` bounds the heights to draw as for ``sample``.
    """
    objective = ground_at(trajectory, step, ground)
    here = through(plane, trajectory.theta_at(step))
    a, b = (np.linspace(low, high, resolution) for low, high in window)
    surface = sample(objective, here, a, b, path_range=path_range)
    shown = here.project(trajectory.theta) if path is None else recentred(path, step)
    cost = float(objective.value(here.origin))
    return MovingSlice(step, ground, surface, shown, cost, getattr(objective, "n_examples", None))
