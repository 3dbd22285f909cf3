"""What is answered about runs and surfaces, the same in files and calls."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any, Literal, get_args

import numpy as np

from descentscape.compute.build import BuiltProblem
from descentscape.compute.results import Measured, Results
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.landscape.surface import Surface, clipping_of, ordered_heights
from descentscape.core.objective import AnyArray, Array
from descentscape.output.captions import axis_content
from descentscape.output.height_axis import axes_of

PLANE = ("kind", "origin", "basis", "orthonormal", "variance_share", "null_share", "exact", "note", "labels")
RUN_FIELDS = ("label", "status", "stationary_at", "cost", "path", "shadow_cost", "off_plane", "grad_norm")
"""What every answer says of a plane and of a run."""

Extra = Literal["theta", Measured]
"""What is said of a run beside: in files all of it, in a call's answer what is asked for."""

EXTRAS: tuple[Extra, ...] = get_args(Extra)

EVERYTHING = "&".join(f"include={name}" for name in EXTRAS)
"""What asks a call for them all."""


def runs_answer(results: Results, include: Collection[Extra] = EXTRAS) -> dict[str, Any]:
    """The document, the plane, and every run with the columns that are wanted beside the usual ones."""
    return {
        "experiment": results.experiment.model_dump(mode="json"),
        "plane": attributes(results.plane, PLANE),
        "extent": results.extent,
        "runs": [attributes(run, (*RUN_FIELDS, *include)) for run in results.runs],
    }


def surface_answer(surface: Surface, paths: Pair | None = None) -> dict[str, Any]:
    """The heights, the plane that they stand on, and what a surface says of itself.

    ``paths`` are the lowest and the highest cost of the paths in the picture, by default those that the
    surface knows of.
    """
    paths = paths or surface.path_range or _range(surface.cost)
    arrays = {"a": surface.a, "b": surface.b, "cost": surface.cost}
    return {**arrays, "plane": attributes(surface.plane, PLANE), **surface_facts(surface, paths)}


def _range(cost: AnyArray) -> Pair:
    finite = cost[np.isfinite(cost)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def surface_facts(surface: Surface, paths: Pair) -> dict[str, Any]:
    """What a surface says of itself beside its heights, and its height axes with the paths' costs on them."""
    ordered = ordered_heights(surface.cost)
    clipped = clipping_of(ordered, paths)
    return {
        "extent": [[axis[0], axis[-1]] for axis in (surface.a.tolist(), surface.b.tolist())],
        "exact": surface.exact,
        "clipped": asdict(clipped),
        "height": axis_content(axes_of(ordered, surface.cost.size, paths, clipped)),
    }


def minima_on(plane: Plane, problem: BuiltProblem) -> list[list[float]]:
    """The known minima as [a, b, cost], where the plane is all there is."""
    known: Array = problem.minima if plane.exact else problem.minima[:0]
    heights = problem.objective.value(known).tolist() if len(known) else []
    return [[*place, height] for place, height in zip(plane.project(known).tolist(), heights, strict=True)]


def attributes(thing: object, names: Iterable[str]) -> dict[str, Any]:
    """What is said of a thing under the names of its own attributes."""
    return {name: getattr(thing, name) for name in names}
