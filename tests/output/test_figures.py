"""Figures hold the results' own numbers and say what they leave out."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import plotly.io
import pytest

from descentscape.compute.computation import Computation
from descentscape.core.number_format import percent, running_number
from descentscape.document.experiment import Experiment
from descentscape.output.figures import build_figure, caption_lines
from descentscape.output.height_axis import height_axes
from descentscape.output.run_colors import RUN_COLORS

NET: dict[str, Any] = {
    "problem": {"hidden": [4]},
    "runs": [{"label": "<b>one</b>"}, {"optimizer": {"kind": "gd"}}],
    "steps": 30,
    "view": {"grid": {"resolution": 15}},
}
BOWL: dict[str, Any] = {"problem": {"kind": "formula", "name": "bowl"}, "steps": 20}


def finished(document: dict[str, Any]) -> Computation:
    return Computation(Experiment.model_validate(document)).finish()


def traces(figure: Any, kind: str) -> list[Any]:
    return [trace for trace in figure.data if trace.type == kind]


def test_paths_are_drawn_at_their_true_height() -> None:
    work = finished(NET)
    lines = [trace for trace in traces(build_figure(work), "scatter3d") if trace.line.width == 6]
    for line, run, color in zip(lines, work.results().runs, RUN_COLORS, strict=False):
        np.testing.assert_array_equal(line.z, run.cost)
        np.testing.assert_array_equal(np.column_stack([line.x, line.y]), run.path)
        assert line.line.color == color


def test_drop_lines_end_on_the_surface_under_them() -> None:
    work = finished(NET)
    run = work.results().runs[0]
    drops = next(trace for trace in traces(build_figure(work), "scatter3d") if trace.line.width == 1.5)
    z = np.array(drops.z, dtype=float).reshape(-1, 3)
    np.testing.assert_array_equal(z[[0, -1], 0], run.cost[[0, -1]])
    np.testing.assert_array_equal(z[[0, -1], 1], run.shadow_cost[[0, -1]])
    assert np.isnan(z[:, 2]).all()


def test_surface_is_the_computed_one() -> None:
    work = finished(NET)
    surface = work.finished_surface()
    (drawn,) = traces(build_figure(work), "surface")
    np.testing.assert_array_equal(drawn.x, surface.a)
    np.testing.assert_array_equal(drawn.y, surface.b)
    np.testing.assert_allclose(drawn.z, surface.drawn(), rtol=1e-6)
    assert drawn.contours.z.show


def test_exact_surfaces_have_no_drop_lines_but_their_minima() -> None:
    figure = build_figure(finished(BOWL))
    assert not [trace for trace in traces(figure, "scatter3d") if trace.line.width == 1.5]
    minima = [trace for trace in figure.data if trace.name == "known minimum"]
    assert [(trace.x[0], trace.y[0], trace.z[0]) for trace in minima] == [(0, 0, 0)]
    assert figure.layout.annotations[0].text.startswith("<b>Exact:</b> both parameters")


def test_contour_figure() -> None:
    work = finished({**NET, "view": {"stage": "contour", "grid": {"resolution": 9}}})
    figure = build_figure(work)
    (drawn,) = traces(figure, "contour")
    np.testing.assert_allclose(drawn.z, work.finished_surface().drawn(), rtol=1e-6)
    np.testing.assert_array_equal(traces(figure, "scatter")[0].x, work.results().runs[0].path[:, 0])
    assert figure.layout.yaxis.scaleanchor == "x"


def test_plotly_reads_it_back() -> None:
    text = build_figure(finished(NET)).to_json()
    read = plotly.io.from_json(text)
    assert len(read.data) == len(json.loads(text)["data"])
    assert "NaN" not in text


def test_labels_are_text() -> None:
    figure = build_figure(finished(NET))
    assert "<b>one" not in figure.to_json()
    assert "&lt;b&gt;one" in figure.layout.title.text


def test_strip_says_what_is_shown() -> None:
    work = finished(NET)
    heights = height_axes(work.finished_surface().cost, work.path_range())["log"]
    said = "\n".join(caption_lines(work.results(), heights))
    plane, run = work.results().plane, work.results().runs[1]
    assert plane.variance_share is not None
    assert plane.null_share is not None
    assert "<b>Slice:</b> 17 parameters, 2 shown" in said
    assert f"<b>{percent(sum(plane.variance_share))}</b> of the paths’ variance" in said
    assert f"a random walk: {percent(sum(plane.null_share))}" in said
    projected = running_number(run.shadow_cost[-1])
    assert f"{running_number(run.cost[-1])}</b>, projected cost {projected}, off" in said
    assert "log of the cost" in said


def test_strip_says_whose_variance_the_plane_holds() -> None:
    def said(**more: Any) -> str:
        work = finished({**NET, **more, "view": {"plane": {"kind": "pca", "runs": [1]}}})
        axes = height_axes(work.finished_surface().cost, work.path_range())
        return "\n".join(caption_lines(work.results(), axes["linear"]))

    label = finished(NET).results().runs[1].label
    assert f"of the variance of {label}’s path (" in said()
    wild = {"optimizer": {"kind": "gd", "learning_rate": 5}, "label": "wild"}
    linear = {"problem": {"kind": "linear", "dataset": {"kind": "plane"}}, "runs": [{}, wild]}
    blown_up = said(**linear)
    assert "of the variance of wild’s path (" in blown_up
    assert "A path that diverged counts up to where it blows up." in blown_up
    last = len(finished(linear).results().runs[1].cost) - 1
    assert f", diverged at step {last}" in blown_up


def test_log_height() -> None:
    work = finished({**NET, "view": {"height": "log", "grid": {"resolution": 15}}})
    figure = build_figure(work)
    (drawn,) = traces(figure, "surface")
    assert figure.layout.scene.zaxis.type == "log"
    np.testing.assert_allclose(drawn.surfacecolor, np.log10(drawn.z), rtol=1e-6)


def test_a_run_that_blows_up_does_not_flatten_the_surface() -> None:
    document = {**BOWL, "runs": [{"optimizer": {"kind": "gd", "learning_rate": 3}}]}
    work = finished(document)
    low, high = build_figure(work).layout.scene.zaxis.range
    assert work.results().runs[0].cost[-1] > 1e6
    assert high < 1.1 * work.finished_surface().cost.max()
    assert low == 0


@pytest.mark.parametrize("kind", ["3d", "contour"])
@pytest.mark.parametrize(
    "document",
    [
        {
            "problem": {"kind": "formula", "expression": "log(x)"},
            "start": {"kind": "point", "at": [2, 1]},
            "view": {"grid": {"extent": [[-3, -1], [0, 1]]}, "height": "log"},
        },
        {"problem": {"kind": "formula", "expression": "3"}},
        {"problem": {"kind": "formula", "expression": "1/x"}},
        {"problem": {"kind": "formula"}, "runs": [{"optimizer": {"kind": "gd", "learning_rate": 1}}]},
    ],
    ids=["nowhere finite", "flat", "pole", "diverged"],
)
def test_awkward_surfaces_are_drawn(document: dict[str, Any], kind: Any) -> None:
    figure = build_figure(finished({**document, "steps": 5}), kind)
    assert "NaN" not in figure.to_json()


def test_a_name_from_the_right_turns_no_number_beside_it() -> None:
    name = "אדם"
    figure = build_figure(finished(BOWL | {"runs": [{"label": name}]}))
    assert f"\u2068{name}\u2069" in figure.layout.title.text
    assert name not in figure.layout.title.text.replace(f"\u2068{name}\u2069", "")
