"""Places of an experiment, named as a document names them."""

from __future__ import annotations

from typing import Any

from descentscape.compute.computation import Computation
from descentscape.document.points import PlaceSpec
from descentscape.studies import inspection
from descentscape.studies.inspection import Place


def place_of(computation: Computation, run: int = 0, **fields: Any) -> Place:
    """The place of a step, of theta, or of a point of the plane."""
    return inspection.place_of(computation, PlaceSpec.model_validate({"run": run, **fields}))
