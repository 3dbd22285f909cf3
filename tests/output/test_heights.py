"""The height axis and its words: one for the page, the figure and the exported file."""

from __future__ import annotations

import json
import re
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.talking import Talk
from descentscape.compute.computation import Computation
from descentscape.core.number_format import percent, running_number, short_number
from descentscape.document.experiment import Experiment
from descentscape.output.captions import axis_captions, axis_content, axis_notes, line_of, run_caption
from descentscape.output.drawing import Drawing
from descentscape.output.exports import EXPORTS
from descentscape.output.figures import build_figure
from descentscape.output.frames import FrameKind
from descentscape.output.height_axis import HeightAxis, height_axes
from descentscape.output.run_colors import RUN_COLORS

PAGE = Path(__file__).parents[2] / "frontend"


def axis(cost: Any, paths: tuple[float, float] = (0.5, 0.5), wanted: str = "linear") -> HeightAxis:
    return height_axes(np.array(cost, float), paths)[wanted]


LINE = np.linspace(0, 2, 21)
BOWL = np.add.outer(np.linspace(-1, 1, 21) ** 2, np.linspace(-1, 1, 21) ** 2)


def test_an_axis_that_begins_near_zero_begins_at_zero_and_holds_surface_and_path() -> None:
    one = axis(BOWL, (0.1, 2.4))
    assert one.low == 0
    assert one.high == pytest.approx(2.4 * 1.03)
    assert axis(BOWL + 5, (5.5, 5.5)).low == pytest.approx(5 - 0.03 * 2)


def test_a_log_axis_has_its_room_in_logarithms() -> None:
    one = axis([[0.01, 1.0]], (0.1, 0.1), "log")
    assert one.log
    assert (np.log10(one.low), np.log10(one.high)) == pytest.approx((-2.06, 0.06))


@pytest.mark.parametrize("cost", [[[-1.0, 1.0]], [[0.0, 0.0]], [[np.nan, np.nan]]])
def test_a_log_axis_that_the_costs_do_not_allow_is_linear_and_says_so(cost: Any) -> None:
    one = axis(cost, (0.5, 0.5), "log")
    assert (one.log, one.refused) == (False, True)
    assert "linear: a log scale needs costs above 0" in axis_notes(one)
    assert axis_captions(one)[0].key == "log"
    assert np.isfinite([one.low, one.high]).all()
    assert one.low < one.high


def test_a_cost_of_zero_does_not_pull_a_log_axis_down() -> None:
    one = axis(BOWL, (1e-30, 1.0), "log")
    assert np.log10(one.low) > -4
    assert one.below == 1
    assert re.match("drawn flat below 0.0", axis_notes(one)[0])
    assert float(one.place(0.0)) == pytest.approx(np.log10(one.low))


def test_paths_far_above_the_surface_are_cut_and_those_near_it_are_not() -> None:
    assert axis(BOWL, (0.0, 1e12)).high == pytest.approx(4 * 1.03)
    assert axis(BOWL, (0.0, 3.0)).high == pytest.approx(3 * 1.03)


def test_peaks_are_flat_just_inside_a_linear_axis_and_have_room_on_a_log_one() -> None:
    cost = BOWL + 0.01
    cost[3, 4] = 1e9
    linear, log = (axis(cost, (0.01, 0.6), wanted) for wanted in ("linear", "log"))
    assert (linear.above, log.above) == (1, 0)
    assert 6 < linear.high < 20
    assert linear.drawn[1] == pytest.approx(linear.high, rel=2e-3)
    assert linear.drawn[1] < linear.high
    assert linear.drawn[0] == linear.low
    assert log.high > 1e9
    said = {caption.key: caption for caption in axis_captions(linear)}
    assert said["clipped"].text.endswith("drawn flat there")
    assert said["clipped"].brief == f"<\u202f1\u202f% above {running_number(linear.high)}"


def test_cells_without_a_finite_cost_are_counted() -> None:
    one = axis([[1.0, np.nan], [2.0, 3.0]])
    assert one.missing == 1
    assert (
        axis_captions(one)[-1].text
        == "on 25\u202f% of the surface, where the cost is not finite: left out there"
    )


@pytest.mark.parametrize(
    ("cost", "paths"),
    [
        ([[3.0, 3.0]], (3.0, 3.0)),
        ([[0.0, 0.0]], (0.0, 0.0)),
        ([[1e40, 3e40]], (1e40, 2e40)),
        ([[1e-44, 3e-44]], (1e-44, 2e-44)),
        ([[-1e300, 1e300]], (0.0, 1.0)),
        ([[1e307, 1e308]], (1e307, 1e307)),
        ([[5e-324, 1.0]], (5e-324, 1.0)),
        ([[1 + 1e-9, 1 + 2e-9]], (1.0, 1.0)),
    ],
)
@pytest.mark.parametrize("wanted", ["linear", "log"])
def test_awkward_ranges_have_an_axis(cost: Any, paths: tuple[float, float], wanted: str) -> None:
    with np.errstate(all="raise", under="ignore"):
        one = axis(cost, paths, wanted)
    assert one.low < one.high
    assert np.isfinite([*one.drawn, *one.scene_lines, *one.map_lines, *one.ranks]).all()
    assert all(one.low * (1 - 1e-9) <= at <= one.high * (1 + 1e-9) for at, _ in one.ticks if at > 0)
    assert "NaN" not in json.dumps(axis_content({"linear": one}), allow_nan=False)


def test_ticks_are_round_and_say_what_they_are() -> None:
    assert [text for _, text in axis(LINE, (0, 2)).ticks] == ["0", "0.5", "1", "1.5", "2"]
    log = axis([[1e-3, 10.0]], (0.1, 1.0), "log")
    assert [text for _, text in log.ticks] == ["0.001", "0.01", "0.1", "1", "10"]
    assert axis([[1e-9, 1e-5]], (1e-7, 1e-7), "log").ticks[0] == (1e-9, "10⁻⁹")
    close = [text for _, text in axis([[0.12499, 0.12502]], (0.125, 0.125)).ticks]
    assert close[:2] == ["0.12499", "0.125"]


def test_surface_that_fills_little_of_the_axis_has_closer_lines_from_above() -> None:
    assert axis(BOWL, (0, 2)).map_lines[1] == 0.1
    sunk = axis(BOWL, (-20.0, 2.0))
    assert sunk.map_lines[1] < sunk.scene_lines[1] / 4


def test_colours_by_rank_ascend_and_cover_as_much_surface_each() -> None:
    ranks = np.array(axis(LINE, (0, 2)).ranks)
    assert (np.diff(ranks) > 0).all()
    assert (ranks[0], ranks[-1]) == (0, 1)
    level = np.array(axis([[3.0, 3.0, 3.0, 9.0]], (3, 9)).ranks)
    assert (np.diff(level) > 0).all()


@pytest.mark.parametrize(
    ("value", "short", "running"),
    [
        (0.0016, "0.0016", "0.00160"),
        (12.34, "12.3", "12.3"),
        (-4.0, "−4", "−4.00"),
        (1.2e-7, "1.2×10⁻⁷", "1.20×10⁻⁷"),
        (123456.0, "123000", "123456"),
        (1e6, "1×10⁶", "1.00×10⁶"),
        (0.0, "0", "0.000"),
        (9.999, "10", "10.00"),
        (float("inf"), "∞", "∞"),
        (float("nan"), "–", "–"),
    ],
)
def test_numbers_are_written_as_the_page_writes_them(value: float, short: str, running: str) -> None:
    assert short_number(value) == short
    assert running_number(value) in (running, running.replace("10.00", "10.0"))


def test_shares_are_written_as_the_page_writes_them() -> None:
    assert [percent(share) for share in (0.863, 0.001, 0.0, 0.625)] == [
        "86\u202f%", "<\u202f1\u202f%", "0\u202f%", "63\u202f%"
    ]  # fmt: skip


def test_a_runs_sentence_takes_its_label_as_it_is() -> None:
    assert line_of(run_caption("{cost} run", 0.25, 0.5, 1, exact=False)) == (
        "{cost} run 0.250", ", projected cost 0.500, off the plane 1.00"
    )  # fmt: skip
    assert line_of(run_caption("GD", 0.25, 0.25, 0, exact=True)) == ("GD 0.250", "")


SHOWN: list[dict[str, Any]] = [
    {"problem": {"kind": "network", "hidden": [4]}, "steps": 60, "view": {"height": "log"}},
    {"problem": {"kind": "formula", "name": "himmelblau"}, "steps": 40},
    {
        "problem": {"kind": "formula", "name": "bowl"},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 3.2}}],
        "steps": 60,
    },
    {"problem": {"kind": "formula", "expression": "exp(x) + 1/y"}, "view": {"colors": "rank"}, "steps": 5},
]


@pytest.mark.parametrize("document", SHOWN, ids=["log slice", "exact", "diverged", "holes"])
def test_page_figure_and_file_have_one_axis_and_one_set_of_words(document: dict[str, Any]) -> None:
    document = document | {"view": document.get("view", {}) | {"grid": {"resolution": 31}}}
    talk = Talk().say("open", experiment=document).say("play").say("surface", id=1, resolution=31)
    talk.listen()
    plane, meta = talk.messages("plane")[-1], talk.frames(FrameKind.SURFACE)[-1].meta
    height = meta["height"][document["view"].get("height", "linear")]
    work = Computation(Experiment.model_validate(document)).finish()
    figure = build_figure(work, "3d")
    shown = figure.layout.scene.zaxis
    place = np.log10 if height["log"] else np.asarray
    np.testing.assert_allclose(shown.range, place([height["low"], height["high"]]))
    assert [list(pair) for pair in zip(shown.tickvals, shown.ticktext, strict=True)] == height["ticks"]
    (drawn,) = [trace for trace in figure.data if trace.type == "surface"]
    assert np.nanmin(drawn.z) >= height["drawn"][0] * (1 - 1e-6)
    assert np.nanmax(drawn.z) <= height["drawn"][1] * (1 + 1e-6)
    assert [drawn.contours.z.start, drawn.contours.z.size] == pytest.approx(height["scene_lines"])
    said_below = figure.layout.annotations[0].text
    for caption in [*plane["captions"], *height["captions"]]:
        # In running text a caption's title ends with a colon.
        assert re.search(f"<b>{re.escape(caption['strong'])}:?</b>", said_below.replace("&lt;", "<"))
        assert caption["text"].replace("<", "&lt;") in said_below
    page = EXPORTS["html"].bytes_of(Drawing(work, "3d")).decode()
    sent = json.loads(re.search(r'id="recording">(.*)</script>', page)[1])  # type: ignore[index]
    assert sent["surface"]["height"] == meta["height"]
    assert sent["plane"]["captions"] == plane["captions"]
    assert sent["plane"]["runCaption"] == plane["run_caption"]
    assert sent["plane"]["extent"] == plane["extent"]
    lines = [trace for trace in figure.data if trace.type == "scatter3d" and trace.line.width == 6]
    assert [run["color"] for run in talk.message("opened")["runs"]] == [line.line.color for line in lines]


def test_the_styles_name_the_services_colours() -> None:
    tokens = (PAGE / "styles" / "tokens.css").read_text()
    assert re.findall(r"--run-\d: (#\w+);", tokens) == list(RUN_COLORS)


def test_a_name_from_the_right_is_isolated_in_every_sentence() -> None:
    strong, _ = line_of(run_caption("אדם", 0.25, 0.5, 1, exact=False))
    assert strong == "\u2068אדם\u2069 0.250"


EXTREMES = (0.0, 5e-324, 2.2e-308, 1e-16, 1.0, 1.0000000000000002, 1e300, 1.7e308, -1.7e308, -5e-324)


@pytest.mark.parametrize(("lowest", "highest"), list(combinations_with_replacement(sorted(EXTREMES), 2)))
def test_an_axis_has_ends_and_lines_whatever_the_costs(lowest: float, highest: float) -> None:
    for other in (*EXTREMES, np.nan, np.inf):
        for axis in height_axes(np.array([[lowest, other], [highest, lowest]]), (lowest, highest)).values():
            assert axis.low < axis.high
            assert np.isfinite([axis.low, axis.high, *axis.scene_lines, *axis.map_lines]).all()
