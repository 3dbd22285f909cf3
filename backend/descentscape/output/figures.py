"""Results as Plotly figures: the surface, every path at its true height, and what is true of both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape as escape_html
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go  # type: ignore[import-untyped]
from plotly.colors import sequential  # type: ignore[import-untyped]

from descentscape.compute.computation import Computation
from descentscape.compute.results import Mark, Results, RunResult
from descentscape.core.formulas.objective import FORMULAS
from descentscape.core.landscape.plane import Pair
from descentscape.core.landscape.surface import Surface
from descentscape.document.names import isolated
from descentscape.document.view import View
from descentscape.output.captions import Caption, axis_captions, end_of, line_of, plane_captions, run_caption
from descentscape.output.height_axis import HeightAxis, height_axes
from descentscape.output.run_colors import color_of

MARKS = {
    "minimum": {"symbol": "cross", "color": "#16181d", "name": "known minimum"},
    "start": {"symbol": "circle-open", "name": "start"},
    "lowest": {"symbol": "diamond", "name": "lowest reached"},
}

escape = partial(escape_html, quote=False)

LINE = 15
"""Pixels of a caption's line."""

DROPS = 40
"""Drop lines of a path at most."""

FigureKind = Literal["3d", "contour"]


def build_figure(
    computation: Computation,
    kind: FigureKind | None = None,
    surface: Surface | None = None,
    view: View | None = None,
) -> go.Figure:
    """The figure of a finished computation: the surface in 3D, or its contours seen from above.

    By default it is what the document's stage shows, in 3D where that shows both, with the whole surface.
    """
    results, surface = computation.results(), surface or computation.finished_surface()
    view = view or results.experiment.view
    heights = height_axes(surface.cost, computation.path_range())[view.height]
    said = caption_lines(results, heights)
    stage = kind or view.stage
    figure = (_map if stage == "contour" else _scene)(results, surface, heights, computation.marks(), view)
    return figure.update_layout(
        title={"text": escape(title_of(results)), "x": 0.02, "xanchor": "left"},
        annotations=[_strip(said)],
        legend={"x": 0.99, "xanchor": "right", "y": 0.99},
        margin={"l": 10, "r": 10, "t": 50, "b": 40 + LINE * len(said)},
        template="plotly_white",
    )


def _scene(
    results: Results, surface: Surface, heights: HeightAxis, marks: Sequence[Mark], view: View
) -> go.Figure:
    traces = [_surface_trace(surface, heights, view.colors)]
    for index, run in enumerate(results.runs):
        if not results.plane.exact:
            traces.append(_drop_lines(run, color_of(index), heights))
        traces.append(_path_3d(run, color_of(index), heights))
    traces += [_mark_3d(mark, heights) for mark in marks]
    first, second = results.plane.labels
    eye = {"x": 1.35, "y": -1.35, "z": 1.05} if view.camera is None else view.camera.eye.model_dump()
    return go.Figure(traces).update_layout(
        scene={
            "xaxis": {"title": {"text": escape(first)}, "range": list(results.extent[0])},
            "yaxis": {"title": {"text": escape(second)}, "range": list(results.extent[1])},
            "zaxis": _cost_axis(heights),
            "aspectmode": "manual",
            "aspectratio": {"x": 1, "y": 1, "z": 0.7},
            "camera": {"eye": eye},
        }
    )


def _surface_trace(surface: Surface, heights: HeightAxis, colors: str) -> go.Surface:
    low, high = _ends(heights)
    drawn = heights.flattened(surface.cost)
    return go.Surface(
        z=drawn,
        surfacecolor=heights.place(drawn),
        cmin=low,
        cmax=high,
        contours={
            "z": {"show": True, "color": "rgba(255,255,255,0.45)", "width": 1}
            | _levels(heights, heights.scene_lines)
        },
        **_of_surface(surface, heights, colors),
    )


def _of_surface(surface: Surface, heights: HeightAxis, colors: str) -> dict[str, Any]:
    """What is the same in 3D and from above: where the surface lies, its colours, what the pointer shows."""
    even = np.linspace(0, 1, len(sequential.Viridis)).tolist()
    places = heights.ranks if colors == "rank" else even
    return {
        "x": surface.a,
        "y": surface.b,
        "customdata": surface.cost,
        "colorscale": list(zip(places, sequential.Viridis, strict=True)),
        "showscale": False,
        "name": "surface",
        "hovertemplate": "(%{x:.4g}, %{y:.4g})<br>cost %{customdata:.6g}<extra></extra>",
    }


def _ends(heights: HeightAxis) -> list[float]:
    ends: list[float] = heights.place(np.array([heights.low, heights.high])).tolist()
    return ends


def _levels(heights: HeightAxis, lines: Pair) -> dict[str, float]:
    return {"start": lines[0], "end": _ends(heights)[1], "size": lines[1]}


def _path_3d(run: RunResult, color: str, heights: HeightAxis) -> go.Scatter3d:
    return go.Scatter3d(
        x=run.path[:, 0],
        y=run.path[:, 1],
        z=_on_axis(run.cost, heights),
        mode="lines",
        line={"color": color, "width": 6},
        **_said(run),
    )


def _on_axis(cost: Any, heights: HeightAxis) -> Any:
    """The true costs; on a log axis raised to its floor, which a cost of zero does not reach."""
    return np.maximum(cost, heights.low) if heights.log else cost


def _said(run: RunResult) -> dict[str, Any]:
    """A run's name, and what the pointer shows of each step."""
    return {
        "name": escape(isolated(run.label)),
        "customdata": np.column_stack([run.steps, run.cost, run.shadow_cost, run.off_plane]),
        "hovertemplate": (
            "step %{customdata[0]}<br>cost %{customdata[1]:.6g}<br>projected cost %{customdata[2]:.6g}"
            "<br>off the plane %{customdata[3]:.3g}"
        ),
    }


def _drop_lines(run: RunResult, color: str, heights: HeightAxis) -> go.Scatter3d:
    """From the true height of a step to that of its projection on the surface, at evenly spaced steps."""
    last = len(run.cost) - 1
    steps = np.unique(np.linspace(0, last, min(DROPS, last + 1)).round().astype(int))
    gap = np.full(len(steps), np.nan)
    x, y = (np.column_stack([run.path[steps, axis]] * 2 + [gap]).ravel() for axis in (0, 1))
    ends = [_on_axis(run.cost[steps], heights), _on_axis(run.shadow_cost[steps], heights), gap]
    return go.Scatter3d(
        x=x,
        y=y,
        z=np.column_stack(ends).ravel(),
        mode="lines",
        line={"color": color, "width": 1.5},
        opacity=0.6,
        hoverinfo="skip",
        showlegend=False,
        name=f"{escape(isolated(run.label))}: to its projection",
    )


def _mark_3d(mark: Mark, heights: HeightAxis) -> go.Scatter3d:
    return go.Scatter3d(
        x=[mark.at[0]],
        y=[mark.at[1]],
        z=[float(_on_axis(np.array(mark.cost), heights))],
        mode="markers",
        marker={"size": 5, **_look(mark)},
        **_mark_said(mark),
    )


def _look(mark: Mark) -> dict[str, str]:
    color = MARKS[mark.kind].get("color") or color_of(mark.run or 0)
    return {"symbol": MARKS[mark.kind]["symbol"], "color": color}


def _mark_said(mark: Mark) -> dict[str, Any]:
    step = "" if mark.step is None else f", step {mark.step}"
    text = f"{MARKS[mark.kind]['name']}{step}<br>cost {mark.cost:.6g}"
    return {"name": MARKS[mark.kind]["name"], "hovertemplate": f"{text}<extra></extra>", "showlegend": False}


def _map(
    results: Results, surface: Surface, heights: HeightAxis, marks: Sequence[Mark], view: View
) -> go.Figure:
    traces = [_contours(surface, heights, view.colors)]
    for index, run in enumerate(results.runs):
        line = {"color": color_of(index), "width": 2.5}
        traces.append(go.Scatter(x=run.path[:, 0], y=run.path[:, 1], mode="lines", line=line, **_said(run)))
    for mark in marks:
        marker = {"size": 9, **_look(mark)}
        x, y = ([value] for value in mark.at)
        traces.append(go.Scatter(x=x, y=y, mode="markers", marker=marker, **_mark_said(mark)))
    first, second = results.plane.labels
    return go.Figure(traces).update_layout(
        xaxis={"title": {"text": escape(first)}, "range": list(results.extent[0]), "constrain": "domain"},
        yaxis={"title": {"text": escape(second)}, "range": list(results.extent[1]), "scaleanchor": "x"},
    )


def _contours(surface: Surface, heights: HeightAxis, colors: str) -> go.Contour:
    low, high = _ends(heights)
    return go.Contour(
        z=heights.place(np.clip(surface.cost, heights.low, heights.high)),
        zmin=low,
        zmax=high,
        contours=_levels(heights, heights.map_lines),
        line={"color": "rgba(255,255,255,0.4)", "width": 0.7},
        **_of_surface(surface, heights, colors),
    )


def _cost_axis(heights: HeightAxis) -> dict[str, Any]:
    """The axis ends with the surface: a run that blows up leaves the picture instead of flattening it."""
    return {
        "title": {"text": "cost (log)" if heights.log else "cost"},
        "type": "log" if heights.log else "linear",
        "range": _ends(heights),
        "tickvals": [cost for cost, _ in heights.ticks],
        "ticktext": [text for _, text in heights.ticks],
    }


def title_of(results: Results) -> str:
    """The runs and the problem, in words."""
    problem = results.experiment.problem
    if problem.kind == "formula":
        what = FORMULAS[problem.name].label if problem.name else f"f(x, y) = {problem.expression}"
    elif problem.kind == "explored":
        what = isolated(problem.name)
    else:
        what = f"{problem.kind} on {isolated(getattr(problem.dataset, 'name', problem.dataset.kind))}"
    labels = ", ".join(isolated(run.label) for run in results.runs)
    return f"{labels}: {what}"


def _strip(said: list[str]) -> dict[str, Any]:
    """What the picture shows and what it leaves out, in words under it."""
    return {
        "text": "<br>".join(said),
        "xref": "paper",
        "yref": "paper",
        "x": 0.02,
        "y": 0,
        "yshift": -30,
        "xanchor": "left",
        "yanchor": "top",
        "align": "left",
        "showarrow": False,
        "font": {"size": 11},
    }


def _run_line(run: RunResult, *, exact: bool) -> Caption:
    """The caption of a run's last entry."""
    ended = end_of(run.status, int(run.steps[-1]))
    return run_caption(
        run.label, run.cost[-1], run.shadow_cost[-1], run.off_plane[-1], exact=exact, ended=ended
    )


def caption_lines(results: Results, heights: HeightAxis) -> list[str]:
    """The captions, a line each: exact or slice, the plane, both heights, and what was cut or scaled."""
    plane, runs = results.plane, results.runs
    said = [
        *plane_captions(plane, results.experiment.view.plane, [run.label for run in runs]),
        *(_run_line(run, exact=plane.exact) for run in runs),
        *axis_captions(heights),
    ]
    return [f"<b>{escape(strong)}</b>{escape(text)}" for strong, text in map(line_of, said)]
