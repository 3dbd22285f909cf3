"""Results as files: CSV for a spreadsheet, JSON, NumPy's archive, and a page that works offline."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from plotly.graph_objects import Figure  # type: ignore[import-untyped]
from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]
from pydantic_core import to_json

from descentscape.compute.results import Results, RunResult
from descentscape.core.landscape.plane import Plane
from descentscape.output.figures import CONFIG

COLUMNS = ("cost", "shadow_cost", "off_plane", "grad_norm", "batch_cost", "learning_rate")


def to_csv(results: Results) -> bytes:
    """A row for every step of every run: run, step, place on the plane, and the columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["run", "label", "step", "a", "b", *COLUMNS, "test_cost"])
    for index, run in enumerate(results.runs):
        writer.writerows(_rows(index, run))
    return text.getvalue().encode()


def _rows(index: int, run: RunResult) -> Iterator[list[Any]]:
    columns = [run.path[:, 0], run.path[:, 1], *(getattr(run, name) for name in COLUMNS)]
    tests = [""] * len(run.cost) if run.test_cost is None else run.test_cost.tolist()
    for step, row in enumerate(zip(*(column.tolist() for column in columns), tests, strict=True)):
        yield [index, _inert(run.label), step, *row]


def _inert(label: str) -> str:
    """The label, unless a spreadsheet would take it for a formula: then with an apostrophe before it."""
    return f"'{label}" if label.startswith(("=", "+", "-", "@", "\t", "\r")) else label


def to_json_bytes(results: Results) -> bytes:
    """The document, the plane and all runs; null where a number is not finite."""
    content = {
        "experiment": results.experiment.model_dump(mode="json"),
        "plane": plane_content(results.plane),
        "runs": [run_content(run, theta=True) for run in results.runs],
    }
    return to_json(content, inf_nan_mode="null", fallback=_listed)


def _listed(value: Any) -> Any:
    return value.tolist()


def plane_content(plane: Plane) -> dict[str, Any]:
    """A plane under the names that all answers use; arrays are NumPy's."""
    names = (
        "kind",
        "origin",
        "basis",
        "orthonormal",
        "variance_share",
        "null_share",
        "exact",
        "note",
        "labels",
    )
    return {name: getattr(plane, name) for name in names}


def run_content(run: RunResult, *, theta: bool) -> dict[str, Any]:
    """A run under the names that all answers use; arrays are NumPy's."""
    names = ("label", "status", "stationary_at", "cost", "path", "shadow_cost", "off_plane", "grad_norm")
    content = {name: getattr(run, name) for name in names}
    return content | {"theta": run.theta} if theta else content


def to_npz(results: Results) -> bytes:
    """NumPy's archive: ``experiment`` as text, ``plane_origin``, ``plane_basis``, then ``run0_cost`` etc."""
    arrays: dict[str, Any] = {
        "experiment": np.array(results.experiment.model_dump_json()),
        "plane_origin": results.plane.origin,
        "plane_basis": results.plane.basis,
    }
    for index, run in enumerate(results.runs):
        names = ("path", *COLUMNS, "layer_grad_norms", "theta")
        arrays |= {f"run{index}_{name}": getattr(run, name) for name in names}
        arrays |= {f"run{index}_{name}": np.array(getattr(run, name)) for name in ("label", "status")}
        if run.test_cost is not None:
            arrays[f"run{index}_test_cost"] = run.test_cost
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>html, body, #figure {{ height: 100%; margin: 0 }}</style>
<script>{plotly}</script>
</head>
<body>
<div id="figure"></div>
<script>
const figure = {figure};
Plotly.newPlot("figure", figure.data, figure.layout, {config});
</script>
</body>
</html>
"""


def to_html(figure: Figure) -> bytes:
    """A page with the figure and all of plotly.js in it: it opens without a network and sends nothing.

    (Plotly's own page leaves an empty ``plotlyServerURL`` out, which brings its server's address back.)
    """
    page = PAGE.format(
        title=figure.layout.title.text,
        plotly=get_plotlyjs(),
        figure=figure.to_json().replace("<", "\\u003c"),
        config=to_json(CONFIG).decode(),
    )
    return page.encode()


FORMATS: dict[str, Callable[[Results], bytes]] = {"csv": to_csv, "json": to_json_bytes, "npz": to_npz}
"""What results can be written as, by the ending of the file's name."""
