"""What the page shows of a computation, under the names of the page's state, for a page that plays it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict
from typing import Any

import numpy as np
from pydantic_core import to_json

from descentscape.compute.results import RunResult
from descentscape.core.blocks import layer_spans
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.surface import Surface
from descentscape.core.objective import AnyArray
from descentscape.document.names import isolated
from descentscape.output.captions import RUN_CAPTION, plane_captions
from descentscape.output.drawing import Drawing
from descentscape.output.export import minima_on, surface_facts
from descentscape.output.figures import title_of
from descentscape.output.run_colors import color_of

STILL = {"moving_plane": False, "surface": "train"}
NO_OVERLAYS = {"arrows": "none", "quadratic_model": False, "random_walk": False}
"""What a service draws at every step anew, and a file cannot."""


def recording_of(drawing: Drawing) -> str:
    """The state as JSON, with arrays in base64 under the name of their dtype (f4, f8)."""
    computation, results = drawing.computation, drawing.computation.results()
    surface = drawing.whole_surface()
    problem, view = computation.problem, results.experiment.view
    layers = layer_spans(problem.objective.blocks)
    labels = [run.label for run in results.runs]
    state = {
        "title": title_of(results),
        "why": None,
        "theme": view.theme,
        "doc": _standing(results.experiment.model_dump(mode="json"), drawing.stage),
        "problem": {
            "dim": problem.objective.dim,
            "exact": problem.exact,
            "layers": [{"name": name, "size": part.stop - part.start} for name, part in layers.items()],
            "parameters": [],
            "formula": None,
        },
        "steps": results.experiment.steps,
        "step": view.step or 0,
        "focus": min(view.run, len(labels) - 1),
        "plane": _plane(results.plane, drawing, labels),
        "surface": _surface(surface, drawing),
        "runs": [
            {"kind": built.recipe.optimizer.kind, "color": color_of(index), **_run(run)}
            for index, (built, run) in enumerate(zip(computation.runs, results.runs, strict=True))
        ],
    }
    return to_json(state, inf_nan_mode="null").decode()


def _standing(document: dict[str, Any], stage: str) -> dict[str, Any]:
    """The document as a file shows it, without the examples, which no one needs who looks at the picture."""
    view, problem = document["view"], document["problem"]
    if dataset := problem.get("dataset"):
        problem = problem | {"dataset": {"kind": dataset["kind"]}}
    overlays = view["overlays"] | NO_OVERLAYS
    return document | {"problem": problem, "view": view | STILL | {"overlays": overlays, "stage": stage}}


def _plane(plane: Plane, drawing: Drawing, labels: list[str]) -> dict[str, Any]:
    captions = plane_captions(plane, drawing.computation.experiment.view.plane, labels)
    return {
        "id": "recorded",
        "generation": 0,
        "provisional": False,
        "kind": plane.kind,
        "orthonormal": plane.orthonormal,
        "varianceShare": plane.variance_share,
        "nullShare": None if plane.null_share is None else sum(plane.null_share),
        "exact": plane.exact,
        "components": plane.components or [],
        "note": plane.note,
        "labels": plane.labels,
        "captions": [asdict(caption) for caption in captions],
        "runCaption": RUN_CAPTION,
        "extent": drawing.computation.results().extent,
    }


def _surface(surface: Surface, drawing: Drawing) -> dict[str, Any]:
    computation = drawing.computation
    return {
        **{name: _array(getattr(surface, name)) for name in ("a", "b", "cost")},
        "height": surface_facts(surface, computation.path_range())["height"],
        "level": 0,
        "levels": 1,
        "minima": minima_on(surface.plane, computation.problem),
    }


def _run(run: RunResult) -> dict[str, Any]:
    return {
        "label": isolated(run.label),
        "status": run.status,
        "stationaryAt": run.stationary_at,
        "count": len(run.cost),
        "tested": run.test_cost is not None,
        "a": _array(run.path[:, 0]),
        "b": _array(run.path[:, 1]),
        "cost": _array(run.cost),
        "projectedCost": _array(run.shadow_cost),
        "offPlane": _array(run.off_plane),
        "testCost": _array(np.zeros(len(run.cost)) if run.test_cost is None else run.test_cost),
        "examples": _array(run.examples_seen.astype(float)),
        "evaluations": _array(run.gradient_evaluations.astype(float)),
    }


def _array(values: AnyArray) -> dict[str, str]:
    """Little-endian, as the page reads it."""
    kind = np.dtype("<f4" if values.dtype == np.float32 else "<f8")
    return {kind.str[1:]: b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()}
