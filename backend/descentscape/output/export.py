"""Results as files: CSV for a spreadsheet, JSON, NumPy's archive, and a page that works offline."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict
from typing import Any, Literal, get_args

from plotly.graph_objects import Figure  # type: ignore[import-untyped]
from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]
from pydantic_core import to_json

from descentscape.compute.results import Results, RunResult
from descentscape.core.landscape.plane import Pair
from descentscape.core.landscape.surface import Surface, clipping
from descentscape.output.captions import axis_content
from descentscape.output.figures import CONFIG
from descentscape.output.height_axis import height_axes
from descentscape.output.serialization import json_bytes, npz_bytes

COLUMNS = ("cost", "shadow_cost", "off_plane", "grad_norm", "batch_cost", "learning_rate")
"""The columns of a spreadsheet, beside run, step and place."""

PLANE = ("kind", "origin", "basis", "orthonormal", "variance_share", "null_share", "exact", "note", "labels")
RUN = ("label", "status", "stationary_at", "cost", "path", "shadow_cost", "off_plane", "grad_norm")
"""What every answer says of a plane and of a run."""

Extra = Literal[
    "theta",
    "layer_grad_norms",
    "batch_cost",
    "test_cost",
    "learning_rate",
    "gradient_evaluations",
    "examples_seen",
]
"""What is said of a run beside: in files all of it, in a call's answer what is asked for."""

EXTRAS: tuple[Extra, ...] = get_args(Extra)


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


def runs_answer(results: Results, include: Collection[Extra] = EXTRAS) -> dict[str, Any]:
    """The document, the plane, and every run with the columns that are wanted beside the usual ones."""
    return {
        "experiment": results.experiment.model_dump(mode="json"),
        "plane": _attributes(results.plane, PLANE),
        "extent": results.extent,
        "runs": [_attributes(run, (*RUN, *include)) for run in results.runs],
    }


def surface_answer(surface: Surface, paths: Pair) -> dict[str, Any]:
    """The heights, the plane that they stand on, and what a surface says of itself."""
    arrays = {"a": surface.a, "b": surface.b, "cost": surface.cost}
    return {**arrays, "plane": _attributes(surface.plane, PLANE), **surface_facts(surface, paths)}


def surface_facts(surface: Surface, paths: Pair) -> dict[str, Any]:
    """What a surface says of itself beside its heights, and its height axes with the paths' costs on them."""
    return {
        "extent": [[axis[0], axis[-1]] for axis in (surface.a.tolist(), surface.b.tolist())],
        "exact": surface.exact,
        "clipped": asdict(clipping(surface.cost, paths)),
        "height": axis_content(height_axes(surface.cost, paths)),
    }


def _attributes(thing: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


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


FORMATS: dict[str, Callable[[Results], bytes]] = {
    "csv": to_csv,
    "json": lambda results: json_bytes(runs_answer(results)),
    "npz": lambda results: npz_bytes(runs_answer(results)),
}
"""What results can be written as, by the ending of the file's name."""

FIGURES: dict[str, Callable[[Figure], bytes]] = {"html": to_html, "htm": to_html}
"""The same of figures."""
