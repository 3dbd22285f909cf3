"""The small pictures of the menu of experiments, drawn of the engine's surfaces and paths.

python tests/document/experiment_pictures.py     renews frontend/experiments.svg
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from plotly.colors import sequential  # type: ignore[import-untyped]

from descentscape.compute.computation import Computation
from descentscape.core.objective import Array
from descentscape.document.catalog import experiments
from descentscape.document.experiment import Experiment
from descentscape.output.height_axis import height_axes
from descentscape.output.run_colors import color_of

PICTURES = Path(__file__).parents[2] / "frontend/experiments.svg"

WIDE, HIGH = 120, 80
"""A picture's units, so small that whole ones are half a pixel of the menu."""

COLUMNS, ROWS = 43, 29
"""Samples of a surface."""

BANDS = 8
"""Colours, each of which covers as much of a surface as any other."""

SMOOTH = (0.5, 0.8, 1.2, 1.8, 2.6, 3.6, 5.0, 7.0, 10.0)
"""What a line may be off by, in a picture's units: the least that keeps the picture small."""

LARGEST = 1800
"""Letters of a picture."""

Point = tuple[float, float]
Edge = tuple[int, int, int]

# Which edges of a cell (low, right, high, left) a level crosses from and to, so that what is above it lies
# at the left hand, by which of its corners are above: the low left one counts 1, then on round 2, 4, 8.
CROSSED: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((0, 3),),
    2: ((1, 0),),
    3: ((1, 3),),
    4: ((2, 1),),
    5: ((0, 3), (2, 1)),
    6: ((2, 0),),
    7: ((2, 3),),
    8: ((3, 2),),
    9: ((0, 2),),
    10: ((1, 0), (3, 2)),
    11: ((1, 2),),
    12: ((3, 1),),
    13: ((0, 1),),
    14: ((3, 0),),
}


def pictures() -> str:
    """All pictures, each a symbol that is named as its experiment."""
    symbols = (picture(entry["id"], entry["experiment"]) for entry in experiments())
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


def key_of(experiment: dict[str, Any]) -> str:
    """What a picture says it was made of: the document, in few letters."""
    return hashlib.sha256(json.dumps(experiment, sort_keys=True).encode()).hexdigest()[:8]


def picture(name: str, experiment: dict[str, Any]) -> str:
    """The surface of an experiment in bands of height, with the paths of its runs over it."""
    computation = Computation(Experiment.model_validate(experiment)).finish()
    results, surface = computation.results(), computation.finished_surface()
    axis = height_axes(surface.cost, computation.path_range())[results.experiment.view.height]
    (a0, a1), (b0, b1) = results.extent
    heights = sampled(axis.place(axis.flattened(surface.cost)))

    def placed(path: Array) -> Array:
        share = (path - (a0, b0)) / (a1 - a0, b1 - b0)
        return np.clip(share * (1, -1) + (0, 1), -0.5, 1.5) * (WIDE, HIGH)

    paths = [placed(run.path[np.isfinite(run.path).all(axis=1)]) for run in results.runs]
    head = f'<symbol id="{name}" viewBox="0 0 {WIDE} {HIGH}" data-of="{key_of(experiment)}">'
    for smooth in SMOOTH:
        tracks = (track(path, color_of(number), smooth) for number, path in enumerate(paths))
        drawn = "".join([head, *bands(heights, smooth), *tracks, "</symbol>"])
        if len(drawn) <= LARGEST:
            break
    return drawn


def sampled(heights: Array) -> Array:
    """Heights ``(ROWS, COLUMNS)`` of a surface of any resolution; what is missing is highest."""
    whole = np.where(np.isfinite(heights), heights, np.nanmax(heights))
    rows, columns = (
        np.linspace(0, size - 1, count) for size, count in zip(whole.shape, (ROWS, COLUMNS), strict=True)
    )
    across = np.array([np.interp(columns, np.arange(whole.shape[1]), row) for row in whole])
    return np.array([np.interp(rows, np.arange(whole.shape[0]), column) for column in across.T]).T


def bands(heights: Array, smooth: float) -> Iterator[str]:
    """Each band lies over those below it, to the highest."""
    colors = [sequential.Viridis[round(at)] for at in np.linspace(0, len(sequential.Viridis) - 1, BANDS)]
    yield f'<path fill="{colors[0]}" d="M0 0h{WIDE}v{HIGH}h-{WIDE}z"/>'
    for level, color in zip(np.quantile(heights, np.arange(1, BANDS) / BANDS), colors[1:], strict=True):
        shape = "".join(closed(ring, smooth) for ring in rings(heights, float(level)))
        if shape:
            yield f'<path fill="{color}" d="{shape}"/>'


def rings(heights: Array, level: float) -> Iterator[Array]:
    """The borders ``(K, 2)`` of all that is above a level, in a picture's units."""
    field = np.pad(heights - level, 1, constant_values=-1e-9 - np.ptp(heights) * 1e-3)
    onward: dict[Edge, Edge] = {}
    for row, column in np.ndindex(field.shape[0] - 1, field.shape[1] - 1):
        corners = ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
        above = sum(1 << k for k, corner in enumerate(corners) if field[corner] > 0)
        edges = ((row, column, 0), (row, column + 1, 1), (row + 1, column, 0), (row, column, 1))
        for begins, ends in CROSSED.get(above, ()):
            onward[edges[begins]] = edges[ends]
    while onward:
        edge, ring = next(iter(onward)), []
        while edge in onward:
            ring.append(_crossing(field, edge))
            edge = onward.pop(edge)
        yield np.array(ring)


def _crossing(field: Array, edge: Edge) -> Point:
    """Where the level crosses an edge between two samples; those outside stand on the picture's rim."""
    row, column, upright = edge
    one, other = field[row, column], field[row + upright, column + 1 - upright]
    share = one / (one - other)
    across, up = column + share * (1 - upright) - 1, row + share * upright - 1
    return WIDE * min(max(across / (COLUMNS - 1), 0), 1), HIGH * (1 - min(max(up / (ROWS - 1), 0), 1))


def track(points: Array, color: str, smooth: float) -> str:
    """A run's path with a light border, and a dot at its start."""
    line = "M" + steps(simplified(points, smooth))
    x, y = points[0].round().astype(int)
    return (
        f'<g fill="none" stroke-linejoin="round"><path stroke="#fff" stroke-width="5" d="{line}"/>'
        f'<path stroke="{color}" stroke-width="3" d="{line}"/>'
        f'<circle cx="{x}" cy="{y}" r="4" fill="#fff" stroke="{color}" stroke-width="2"/></g>'
    )


def closed(ring: Array, smooth: float) -> str:
    """A ring as the data of a path; nothing where it is too small to be seen."""
    middle = len(ring) // 2
    whole = np.concatenate([simplified(ring[: middle + 1], smooth), simplified(ring[middle:], smooth)[1:]])
    return f"M{steps(whole)}z" if np.ptp(whole, axis=0).max() > 2 + smooth else ""


def steps(points: Array) -> str:
    """Whole units from point to point: the first where it is, each further one from the one before."""
    places = points.round().astype(int)
    moves = np.diff(places, axis=0)
    said = " ".join(f"{x} {y}" for x, y in moves[(moves != 0).any(axis=1)])
    x, y = places[0]
    return f"{x} {y}l{said or '0 0'}".replace(" -", "-")


def simplified(points: Array, smooth: float) -> Array:
    """A line with fewer points, none of those left out farther than ``smooth`` (Douglas and Peucker)."""
    kept = np.zeros(len(points), dtype=bool)
    kept[[0, -1]] = True
    parts = [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        way, off = points[last] - points[first], points[first + 1 : last] - points[first]
        length = float(np.hypot(*way))
        away = np.abs(off[:, 0] * way[1] - off[:, 1] * way[0]) / length if length else np.hypot(*off.T)
        if away.size and away.max() > smooth:
            middle = first + 1 + int(away.argmax())
            kept[middle] = True
            parts += [(first, middle), (middle, last)]
    return points[kept]


if __name__ == "__main__":
    PICTURES.write_text(pictures(), encoding="utf-8")
