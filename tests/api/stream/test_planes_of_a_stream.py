"""The stream's protocol without a socket: in which plane an experiment is drawn."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from api.talking import MOONS, SADDLE, Talk
from clocks import Clock
from descentscape.output.frames import FrameKind


def test_refit_sends_everything_again_in_the_new_plane() -> None:
    talk = Talk().opened(MOONS).say("play")
    talk.listen()
    talk.say("edit", edit={"step": 30, "set": {"0": 3.0}}).listen()
    kept = talk.messages("plane")[-1]
    talk.heard.clear()
    talk.say("refit").listen()
    assert talk.message("opened")["kept"] is None
    plane = talk.message("plane")
    assert plane["plane_id"] != kept["plane_id"]
    assert plane["generation"] == kept["generation"] + 1
    assert talk.frames(FrameKind.STEPS)[0].meta["first"] == 0
    assert len(talk.series("path")) == 61
    assert {frame.meta["plane_id"] for frame in talk.frames(FrameKind.STEPS)} == {plane["plane_id"]}


BOWL = {"steps": 15, "problem": {"kind": "formula", "expression": "x**2 + y**2"}}


@pytest.mark.parametrize(
    "again",
    [
        {"kind": "refit"},
        {"kind": "open", "experiment": BOWL, "channels": [], "keep_plane": True},
    ],
    ids=lambda said: said["kind"],
)
def test_what_was_computed_before_is_told_to_be_complete(again: dict[str, Any]) -> None:
    talk = Talk().opened(BOWL, channels=[])
    talk.heard.clear()
    talk.say(**again).listen()
    assert talk.message("plane")["plane"]["exact"]
    assert talk.message("status")["complete"]


def test_a_changed_experiment_in_the_plane_of_the_one_before() -> None:
    talk = Talk().opened(MOONS)
    before = talk.frames(FrameKind.STEPS)[0].meta["plane_id"]
    talk.say("open", experiment=MOONS | {"seed": 5}, keep_plane=True).say("play").listen()
    assert talk.message("plane")["plane_id"] == before
    np.testing.assert_array_equal(talk.series("cost"), ds.run(MOONS | {"seed": 5}).runs[0].cost)
    talk.say("open", experiment=MOONS | {"seed": 5}).listen()
    assert talk.messages("plane")[-1]["plane_id"] != before


@pytest.mark.parametrize(
    ("asked", "frames"),
    [
        ({"type": "surface", "id": 1, "resolution": 9}, FrameKind.SURFACE),
        ({"type": "surface", "id": 1, "resolution": 9, "plane": {"kind": "points"}}, FrameKind.SURFACE),
        ({"type": "study", "id": 1, "at": [0.0, 0.0], "study": {"kind": "moving"}}, FrameKind.STUDY),
        ({"type": "refit"}, FrameKind.STEPS),
    ],
)
def test_what_is_asked_in_a_kept_plane_waits_for_a_lifted_start(
    asked: dict[str, Any], frames: FrameKind
) -> None:
    talk = Talk(Clock(tick=1e-3)).opened(MOONS)
    # Another seed: the descents whose plane it is lifted from are yet to be computed.
    lifted = MOONS | {"seed": 5, "steps": 4000, "start": {"kind": "lift", "at": [0.3, -0.2]}}
    talk.say("open", experiment=lifted, keep_plane=True).say("play")
    talk.session.receive(json.dumps(asked))
    talk.listen()
    assert talk.messages("error") == []
    assert talk.frames(frames)


def test_in_a_kept_plane_runs_that_wait_for_a_lifted_start_are_running() -> None:
    talk = Talk(Clock(tick=1e-3)).opened(MOONS)
    lifted = MOONS | {"seed": 5, "steps": 4000, "start": {"kind": "lift", "at": [0.3, -0.2]}}
    talk.say("open", experiment=lifted, keep_plane=True).listen()
    waiting, *later = talk.messages("status")
    assert waiting["runs"] == [{"status": "running", "stationary_at": None, "steps": 0}]
    assert {len(status["runs"]) for status in later} == {1}


def test_a_refit_gives_up_the_plane_that_was_kept() -> None:
    talk = Talk().opened(MOONS)
    talk.say("open", experiment=MOONS | {"seed": 5}, keep_plane=True).say("refit").say("play").listen()
    afresh = Talk().say("open", experiment=MOONS | {"seed": 5}).say("play")
    afresh.listen()
    assert talk.messages("plane")[-1]["plane_id"] == afresh.message("plane")["plane_id"]


def test_a_lifted_start_in_the_plane_it_was_lifted_from() -> None:
    talk = Talk().opened(MOONS)
    start = {"kind": "lift", "at": [0.3, -0.2]}
    talk.say("open", experiment=MOONS | {"start": start}, keep_plane=True).say("play").listen()
    np.testing.assert_allclose(talk.series("path")[0], [0.3, -0.2], atol=1e-12)
    assert talk.series("off_plane")[0] < 1e-12
    assert len(talk.series("path")) == 61


def test_a_plane_of_other_size_is_not_kept() -> None:
    talk = Talk().opened(MOONS)
    talk.say("open", experiment=SADDLE, keep_plane=True).listen()
    assert talk.message("plane")["plane"]["exact"] is True


def test_a_provisional_plane_is_replaced_and_all_entries_sent_again() -> None:
    document = MOONS | {"steps": 2000, "seed": 77}
    talk = Talk(Clock(tick=0.01), patience=0.0).say("open", experiment=document).say("play")
    talk.listen()
    provisional, final = talk.messages("plane")
    assert (provisional["provisional"], final["provisional"]) == (True, False)
    assert provisional["generation"] < final["generation"]
    again = [frame for frame in talk.frames(FrameKind.STEPS) if frame.meta["plane_id"] == final["plane_id"]]
    assert again[0].meta["first"] == 0
    np.testing.assert_array_equal(talk.series("path"), ds.run(document).runs[0].path)


def test_steps_that_were_looked_up_already_are_sent_in_the_new_plane() -> None:
    document = MOONS | {"steps": 6000, "seed": 77}
    talk = Talk(Clock(tick=0.002), patience=0.0).say("open", experiment=document)
    talk.listen()
    first, *_, last = talk.frames(FrameKind.STEPS)
    assert (first.meta["first"], last.meta["first"], last.meta["count"]) == (0, 0, 1)
    assert first.meta["plane_id"] != last.meta["plane_id"]
    np.testing.assert_array_equal(last.arrays["path"], ds.run(document).runs[0].path[:1])
