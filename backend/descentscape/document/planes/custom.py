"""The plane that is given by its numbers."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from descentscape.core.landscape import planes
from descentscape.core.landscape.plane import Plane
from descentscape.core.time_slices import at_once
from descentscape.document.planes.base import Descended, PlaneKind
from descentscape.document.points import Values
from descentscape.document.schema import Path, Tagged
from descentscape.document.size_rules import Broken, ExperimentSize, one_a_parameter


class CustomPlane(Tagged, title="Own directions"):
    """A plane given by its origin and its two directions."""

    kind: Literal["custom"] = "custom"
    origin: Values
    basis: tuple[Values, Values] = Field(strict=False)


def _rules(path: Path, spec: CustomPlane, size: ExperimentSize) -> Broken:
    yield from one_a_parameter((*path, "origin"), spec.origin, size.parameters)
    for index, direction in enumerate(spec.basis):
        yield from one_a_parameter((*path, "basis", index), direction, size.parameters)


def _lay(spec: CustomPlane, descended: Descended) -> Plane:
    return planes.custom(descended.objective, np.array(spec.origin), np.array(spec.basis))


# Directions of one's own may have been read off the path: the walk's share is that of others.
PLANE = PlaneKind(CustomPlane, at_once(_lay), _rules, walk="a random walk in a plane chosen beforehand")
