"""The stream's protocol without a socket: runs that are edited or gone on with."""

from __future__ import annotations

import numpy as np

import descentscape as ds
from api.talking import MOONS, RACE, Talk
from descentscape.output.frames import FrameKind


def test_an_edit_keeps_the_plane_and_what_came_before() -> None:
    talk = Talk().opened(RACE).say("play")
    talk.listen()
    before = talk.series("cost", 1)
    plane_id = talk.frames(FrameKind.STEPS)[0].meta["plane_id"]
    edit = {"step": 20, "run": 1, "optimizer": {"kind": "gd", "learning_rate": 0.9}}
    talk.heard.clear()
    talk.say("edit", edit=edit).listen()
    opened = talk.message("opened")
    assert opened["kept"] == [51, 20]
    assert opened["experiment"]["edits"][0]["step"] == 20
    assert talk.message("plane")["plane_id"] == plane_id
    changed = ds.run(RACE | {"edits": [edit]}).runs[1]
    frames = talk.frames(FrameKind.STEPS)
    assert {frame.meta["run"] for frame in frames} == {1}
    assert frames[0].meta["first"] == 20
    np.testing.assert_array_equal(np.concatenate([f.arrays["cost"] for f in frames]), changed.cost[20:])
    np.testing.assert_array_equal(changed.cost[:21], before[:21])
    assert not np.array_equal(changed.cost[21:], before[21:])


def test_an_edit_of_weights_shows_at_its_own_step() -> None:
    talk = Talk().opened(MOONS, channels=["theta"]).say("play")
    talk.listen()
    talk.say("edit", edit={"step": 7, "set": {"3": 0.125}}).listen()
    assert talk.messages("opened")[-1]["kept"] == [7]
    theta = talk.series("theta")
    assert theta[7, 3] == 0.125
    assert len(theta) == 61


def test_an_edit_that_does_not_fit_changes_nothing() -> None:
    talk = Talk().opened(MOONS)
    talk.say("edit", edit={"step": 61, "optimizer": {"kind": "gd"}}).listen()
    error = talk.message("error")
    assert error["errors"][0]["field"] == "edits[0].step"
    talk.say("play").listen()
    assert len(talk.series("cost")) == 61


def test_going_on_past_the_end() -> None:
    talk = Talk().opened(MOONS).say("play")
    talk.listen()
    talk.say("extend", steps=90).listen()
    opened = talk.message("opened")
    assert (opened["steps"], opened["kept"]) == (90, [61])
    assert opened["experiment"]["steps"] == 90
    assert [frame.meta["first"] for frame in talk.frames(FrameKind.STEPS)] == [0, 1, 61]
    np.testing.assert_array_equal(talk.series("cost"), ds.run(MOONS | {"steps": 90}).runs[0].cost)


def test_going_on_where_nothing_is_left_to_compute_is_told_to_be_complete() -> None:
    bowl = {"kind": "formula", "expression": "x**2 + y**2"}
    away = {"optimizer": {"kind": "gd", "learning_rate": 3}}
    talk = Talk().opened({"problem": bowl, "runs": [away], "steps": 50}).say("play")
    talk.listen()
    talk.heard.clear()
    talk.say("extend", steps=90).listen()
    status = talk.message("status")
    assert status["complete"]
    assert status["runs"][0]["status"] == "diverged"


def test_a_state_that_an_edit_makes_longer_is_sent_in_frames_of_one_shape() -> None:
    bowl = {"kind": "formula", "expression": "x**2 + y**2"}
    edits = [{"step": 3, "optimizer": {"kind": "lbfgs", "history": 4}}]
    short = {"problem": bowl, "runs": [{"optimizer": {"kind": "lbfgs", "history": 1}}], "steps": 9}
    talk = Talk().opened(short | {"edits": edits}, channels=["state"]).say("play")
    talk.listen()
    frames = {frame.meta["first"]: frame.arrays["state.changes"] for frame in talk.frames(FrameKind.STEPS)}
    assert [frames[first].shape for first in (1, 3, 4)] == [(2, 1, 2), (1, 1, 2), (6, 4, 2)]


def test_going_on_while_a_lifted_start_is_being_found() -> None:
    lifted = {"steps": 4, "problem": {"hidden": [2]}, "start": {"kind": "lift", "at": [0.1, 0.2]}}
    talk = Talk().say("open", experiment=lifted).say("extend", steps=6)
    talk.say("edit", edit={"step": 5, "set": {"0": 1}}).say("play").listen()
    assert not talk.messages("error")
    assert [opened["kept"] for opened in talk.messages("opened")] == [None, [0], [0]]
    assert talk.messages("status")[-1]["runs"][0]["steps"] == 6


def test_a_schedule_over_the_whole_run_makes_a_longer_run_another_one() -> None:
    document = MOONS | {"runs": [{"schedule": {"kind": "cosine"}}]}
    talk = Talk().opened(document).say("play")
    talk.listen()
    talk.say("extend", steps=90).listen()
    (kept,) = talk.message("opened")["kept"]
    assert kept < 3
    np.testing.assert_array_equal(talk.series("cost"), ds.run(document | {"steps": 90}).runs[0].cost)
