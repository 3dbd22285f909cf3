"""Results as Plotly figures: the surface, every path at its true height, and what is true of both."""

from __future__ import annotations

from functools import partial
from html import escape as escape_html
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go  # type: ignore[import-untyped]

from descentscape.compute.computation import Computation
from descentscape.compute.results import Mark, Results, RunResult
from descentscape.core.formulas.objective import FORMULAS
from descentscape.core.landscape.surface import Surface
from descentscape.core.number_format import number
from descentscape.document.names import isolated
from descentscape.document.view import PcaPlane
from descentscape.output.height_axis import Heights, heights_of

COLORS = ("#e69f00", "#56b4e9", "#cc79a7", "#009e73", "#d55e00", "#f0e442", "#0072b2", "#999999")
"""Colours that colour-blind people tell apart (Okabe and Ito 2008), in the order of the runs."""

MARKS = {
    "minimum": {"symbol": "cross", "color": "#16181d", "name": "known minimum"},
    "start": {"symbol": "circle-open", "name": "start"},
    "lowest": {"symbol": "diamond", "name": "lowest"},
}

escape = partial(escape_html, quote=False)

LINE = 15
"""Pixels of a line of the strip."""

DROPS = 40
"""Drop lines of a path at most."""

ROOM = 0.03
"""Space over and under the heights, in shares of their range."""

CONFIG = {"showSendToCloud": False, "plotlyServerURL": "", "displaylogo": False, "responsive": True}
"""What a page that shows a figure hands to Plotly: nothing leaves the page."""


Kind = Literal["3d", "contour"]


def build_figure(computation: Computation, kind: Kind | None = None) -> go.Figure:
    """The figure of a finished computation: the surface in 3D, or its contours seen from above.

    By default it is what the document's stage shows, in 3D where that shows both.
    """
    results, surface = computation.results(), computation.finished_surface()
    costs = np.concatenate([run.cost for run in results.runs])
    heights = heights_of(surface, costs, results.experiment.view.height)
    stage = kind or results.experiment.view.stage
    draw = _map if stage == "contour" else _scene
    figure = draw(results, surface, heights, computation.marks())
    said = truths(computation, surface, heights)
    figure.update_layout(
        title={"text": _title(results), "x": 0.02, "xanchor": "left"},
        annotations=[_strip(said)],
        legend={"x": 0.99, "xanchor": "right", "y": 0.99},
        margin={"l": 10, "r": 10, "t": 50, "b": 40 + LINE * len(said)},
        template="plotly_white",
    )
    return figure


def _scene(results: Results, surface: Surface, heights: Heights, marks: tuple[Mark, ...]) -> go.Figure:
    traces = [_ground(surface, heights)]
    for index, run in enumerate(results.runs):
        if not results.plane.exact:
            traces.append(_drop_lines(run, COLORS[index % len(COLORS)], heights))
        traces.append(_path_3d(run, COLORS[index % len(COLORS)], heights))
    traces += [_mark_3d(mark, heights) for mark in marks]
    first, second = results.plane.labels
    view = results.experiment.view
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


def _ground(surface: Surface, heights: Heights) -> go.Surface:
    low, high = heights.place(np.array([heights.low, heights.high])).tolist()
    return go.Surface(
        x=surface.a,
        y=surface.b,
        z=heights.clip(surface.cost),
        surfacecolor=heights.place(surface.cost),
        customdata=surface.cost,
        cmin=low,
        cmax=high,
        colorscale="Viridis",
        showscale=False,
        name="surface",
        hovertemplate="(%{x:.4g}, %{y:.4g})<br>cost %{customdata:.6g}<extra></extra>",
        contours={"z": {"show": True, "color": "rgba(255,255,255,0.45)", "width": 1, **heights.levels(18)}},
    )


def _path_3d(run: RunResult, color: str, heights: Heights) -> go.Scatter3d:
    return go.Scatter3d(
        x=run.path[:, 0],
        y=run.path[:, 1],
        z=_on_axis(run.cost, heights),
        mode="lines",
        line={"color": color, "width": 6},
        **_said(run),
    )


def _on_axis(cost: Any, heights: Heights) -> Any:
    """The true costs; on a log axis raised to its floor, which a cost of zero does not reach."""
    return np.maximum(cost, heights.low) if heights.log else cost


def _said(run: RunResult) -> dict[str, Any]:
    """A run's name, and what the pointer shows of each step."""
    return {
        "name": escape(isolated(run.label)),
        "customdata": np.column_stack([np.arange(len(run.cost)), run.cost, run.shadow_cost, run.off_plane]),
        "hovertemplate": (
            "step %{customdata[0]}<br>cost %{customdata[1]:.6g}<br>projected cost %{customdata[2]:.6g}"
            "<br>off the plane %{customdata[3]:.3g}"
        ),
    }


def _drop_lines(run: RunResult, color: str, heights: Heights) -> go.Scatter3d:
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


def _mark_3d(mark: Mark, heights: Heights) -> go.Scatter3d:
    return go.Scatter3d(
        x=[mark.at[0]],
        y=[mark.at[1]],
        z=[float(_on_axis(np.array(mark.cost), heights))],
        mode="markers",
        marker={"size": 5, **_look(mark)},
        **_mark_said(mark),
    )


def _look(mark: Mark) -> dict[str, str]:
    color = MARKS[mark.kind].get("color") or COLORS[(mark.run or 0) % len(COLORS)]
    return {"symbol": MARKS[mark.kind]["symbol"], "color": color}


def _mark_said(mark: Mark) -> dict[str, Any]:
    step = "" if mark.step is None else f", step {mark.step}"
    text = f"{MARKS[mark.kind]['name']}{step}<br>cost {mark.cost:.6g}"
    return {"name": MARKS[mark.kind]["name"], "hovertemplate": f"{text}<extra></extra>", "showlegend": False}


def _map(results: Results, surface: Surface, heights: Heights, marks: tuple[Mark, ...]) -> go.Figure:
    traces = [_contours(surface, heights)]
    for index, run in enumerate(results.runs):
        line = {"color": COLORS[index % len(COLORS)], "width": 2.5}
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


def _contours(surface: Surface, heights: Heights) -> go.Contour:
    return go.Contour(
        x=surface.a,
        y=surface.b,
        z=heights.place(surface.cost),
        customdata=surface.cost,
        colorscale="Viridis",
        showscale=False,
        name="surface",
        contours=heights.levels(24),
        line={"color": "rgba(255,255,255,0.4)", "width": 0.7},
        hovertemplate="(%{x:.4g}, %{y:.4g})<br>cost %{customdata:.6g}<extra></extra>",
    )


def _cost_axis(heights: Heights) -> dict[str, Any]:
    """The axis ends with the surface: a run that blows up leaves the picture instead of flattening it."""
    low, high = heights.place(np.array([heights.low, heights.high])).tolist()
    room = ROOM * (high - low)
    shown = {"range": [low - room, high + room]}
    if heights.log:
        return shown | {"title": {"text": "cost (log scale)"}, "type": "log", "dtick": "D2"}
    return shown | {"title": {"text": "cost"}}


def _title(results: Results) -> str:
    problem = results.experiment.problem
    if problem.kind == "formula":
        what = FORMULAS[problem.name].label if problem.name else f"f(x, y) = {problem.expression}"
    else:
        what = f"{problem.kind} on {problem.dataset.kind}"
    labels = ", ".join(isolated(run.label) for run in results.runs)
    return escape(f"{labels}: {what}")


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


def truths(computation: Computation, surface: Surface, heights: Heights) -> list[str]:
    """The sentences of the strip: exact or slice, the plane, both heights, and what was cut or scaled."""
    results = computation.results()
    plane = results.plane
    said = [f"Exact: both parameters are shown. {plane.note}"]
    if not plane.exact:
        said = [f"Slice: {plane.dim:,} parameters, 2 shown. {plane.note}", _shares(results)]
        said += [_both_heights(run) for run in results.runs]
    if surface.clipped.count:
        kept = f"{number(surface.clipped.low)} to {number(surface.clipped.high)}"
        said.append(f"{surface.clipped.count} cells beyond {kept} are drawn at these bounds.")
    if surface.missing:
        said.append(f"{surface.missing} cells whose cost is not finite are left out.")
    if heights.log:
        said.append("The height is the logarithm of the cost.")
    return [escape(sentence) for sentence in said]


def _shares(results: Results) -> str:
    plane = results.plane
    directions = "orthonormal" if plane.orthonormal else "not orthonormal"
    if plane.variance_share is None:
        return f"The directions are {directions}."
    share, chance = sum(plane.variance_share), sum(plane.null_share or (0.0, 0.0))
    return (
        f"{share:.0%} of {_whose_variance(results)} lies in the plane (a random walk’s: {chance:.0%}); "
        f"its directions are {directions}."
    )


def _whose_variance(results: Results) -> str:
    """The paths that the plane's shares are of: those that it was fitted to."""
    runs, plane = results.runs, results.experiment.view.plane
    if isinstance(plane, PcaPlane) and plane.runs != "all":
        runs = tuple(runs[k] for k in plane.runs)
    if len(runs) == len(results.runs):
        return "the paths’ variance"
    chosen = (
        f"{isolated(runs[0].label)}’s path"
        if len(runs) == 1
        else f"{len(runs)} of the {len(results.runs)} paths"
    )
    return f"the variance of {chosen}"


def _both_heights(run: RunResult) -> str:
    cost, projected, off = number(run.cost[-1]), number(run.shadow_cost[-1]), number(run.off_plane[-1], 3)
    return f"{isolated(run.label)} ends at cost {cost}; projected cost {projected}, {off} off the plane."
