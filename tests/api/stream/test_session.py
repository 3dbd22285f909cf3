"""The stream's protocol without a socket: what is opened, played, edited and resumed."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from api.talking import MOONS, RACE, SADDLE, Clock, Talk
from descentscape.api.stream.messages import CHANNELS, DEFAULT_CHANNELS
from descentscape.compute import computation
from descentscape.output.frames import Kind


def test_open_says_what_was_opened() -> None:
    talk = Talk().say("open", experiment=RACE)
    talk.listen()
    opened = talk.message("opened")
    assert opened["experiment"] == ds.Experiment.model_validate(RACE).model_dump(mode="json")
    assert opened["runs"] == [
        {"label": "Adam", "optimizer": "adam", "color": "#e69f00"},
        {"label": "Gradient descent", "optimizer": "gd", "color": "#56b4e9"},
    ]
    assert (opened["dim"], opened["exact"], opened["steps"], opened["kept"]) == (13, False, 50, None)
    assert [layer["size"] for layer in opened["layers"]] == [9, 4]
    plane = talk.message("plane")
    assert plane["plane"]["kind"] == "pca"
    assert plane["provisional"] is False
    assert talk.messages("status")[-1]["runs"][0] == {
        "status": "finished",
        "stationary_at": None,
        "steps": 50,
    }


def test_the_answer_comes_before_any_computing() -> None:
    talk = Talk().say("open", experiment=MOONS)
    talk.session.advance(10.0)
    talk.take()
    assert [one["type"] for one in talk.heard if isinstance(one, dict)] == ["opened"]


def test_only_the_start_is_sent_until_play() -> None:
    talk = Talk().say("open", experiment=MOONS)
    talk.listen()
    assert [(f.meta["first"], f.meta["count"]) for f in talk.frames(Kind.STEPS)] == [(0, 1)]
    assert not talk.session.busy


@pytest.mark.parametrize("experiment", [MOONS, RACE, SADDLE], ids=["moons", "race", "saddle"])
def test_played_values_are_those_of_a_run(experiment: dict[str, Any]) -> None:
    talk = Talk().say("open", experiment=experiment).say("play")
    talk.listen()
    results = ds.run(experiment)
    for index, run in enumerate(results.runs):
        for channel in DEFAULT_CHANNELS:
            np.testing.assert_array_equal(talk.series(channel, index), getattr(run, channel))


def test_every_channel_can_be_asked_for() -> None:
    document = MOONS | {"problem": {"hidden": [4], "dataset": {"kind": "moons", "test_fraction": 0.3}}}
    talk = Talk().say("open", experiment=document, channels=CHANNELS).say("play")
    talk.listen()
    (run,) = ds.run(document).runs
    for channel in set(CHANNELS) - {"state"}:
        np.testing.assert_array_equal(talk.series(channel), getattr(run, channel))
    state = run.trajectory.step_at(33).state
    for name in state._fields:
        np.testing.assert_array_equal(talk.series(f"state.{name}")[33], getattr(state, name))


def test_test_cost_is_left_out_without_a_test_set() -> None:
    talk = Talk().say("open", experiment=MOONS, channels=["cost", "test_cost"])
    talk.listen()
    assert list(talk.frames(Kind.STEPS)[0].arrays) == ["cost"]


def test_state_across_a_change_of_optimizer() -> None:
    edits = [{"step": 20, "optimizer": {"kind": "momentum"}}]
    talk = Talk().say("open", experiment=MOONS | {"edits": edits}, channels=["state"]).say("play")
    talk.listen()
    names = [(frame.meta["first"], sorted(frame.arrays)) for frame in talk.frames(Kind.STEPS)]
    assert {tuple(arrays) for first, arrays in names if first < 20} != {
        tuple(arrays) for first, arrays in names if first >= 20
    }
    assert sum(frame.meta["count"] for frame in talk.frames(Kind.STEPS)) == 61


def test_playing_at_a_speed_follows_the_clock() -> None:
    clock = Clock()
    talk = Talk(clock).opened(MOONS)
    talk.say("play", speed=10).listen()
    assert talk.message("state") == {"type": "state", "playing": True, "position": 0, "speed": 10.0}
    assert talk.session.wait() == pytest.approx(0.1)
    for moved, entries in [(0.25, 3), (0.01, 3), (1.0, 13), (100.0, 61)]:
        clock.now += moved
        talk.listen()
        assert len(talk.series("cost")) == entries
    assert len(talk.frames(Kind.STEPS)) == 4
    assert talk.session.wait() is None


def test_frames_at_a_speed_are_no_more_than_sixty_a_second() -> None:
    clock = Clock()
    talk = Talk(clock).opened(MOONS).say("play", speed=30)
    talk.listen()
    talk.say("speed", speed=10_000).listen()
    for _ in range(10):
        clock.now += 0.001
        talk.listen()
    assert len(talk.frames(Kind.STEPS)) == 1
    assert talk.session.wait() == pytest.approx(1 / 60 - 0.01)
    clock.now += 0.01
    talk.listen()
    assert len(talk.series("cost")) == 61
    assert talk.session.wait() is None


def test_pause_step_and_seek() -> None:
    clock = Clock()
    talk = Talk(clock).opened(MOONS)
    talk.say("play", speed=10).listen()
    clock.now += 0.55
    talk.say("pause").listen()
    clock.now += 50
    talk.say("step").say("step", count=4).listen()
    assert len(talk.series("cost")) == 11
    talk.say("step", count=-2).listen()
    assert [state["position"] for state in talk.messages("state")] == [0, 5, 6, 10, 8]
    assert talk.frames(Kind.STEPS)[-1].meta["first"] == 8
    talk.say("seek", step=30).listen()
    assert len(talk.series("cost")) == 31
    talk.say("seek", step=5).listen()
    last = talk.frames(Kind.STEPS)[-1]
    assert (last.meta["first"], last.meta["count"]) == (5, 1)
    talk.say("seek", step=20_000).listen()
    assert talk.messages("state")[-1]["position"] == 60
    talk.say("step", count=-20_000).listen()
    assert talk.messages("state")[-1]["position"] == 0


def test_an_edit_keeps_the_plane_and_what_came_before() -> None:
    talk = Talk().opened(RACE).say("play")
    talk.listen()
    before = talk.series("cost", 1)
    plane_id = talk.frames(Kind.STEPS)[0].meta["plane_id"]
    edit = {"step": 20, "run": 1, "optimizer": {"kind": "gd", "learning_rate": 0.9}}
    talk.heard.clear()
    talk.say("edit", edit=edit).listen()
    opened = talk.message("opened")
    assert opened["kept"] == [51, 20]
    assert opened["experiment"]["edits"][0]["step"] == 20
    assert talk.message("plane")["plane_id"] == plane_id
    changed = ds.run(RACE | {"edits": [edit]}).runs[1]
    frames = talk.frames(Kind.STEPS)
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
    assert [frame.meta["first"] for frame in talk.frames(Kind.STEPS)] == [0, 1, 61]
    np.testing.assert_array_equal(talk.series("cost"), ds.run(MOONS | {"steps": 90}).runs[0].cost)


def test_a_schedule_over_the_whole_run_makes_a_longer_run_another_one() -> None:
    document = MOONS | {"runs": [{"schedule": {"kind": "cosine"}}]}
    talk = Talk().opened(document).say("play")
    talk.listen()
    talk.say("extend", steps=90).listen()
    (kept,) = talk.message("opened")["kept"]
    assert kept < 3
    np.testing.assert_array_equal(talk.series("cost"), ds.run(document | {"steps": 90}).runs[0].cost)


def test_a_paced_head_does_not_jump_when_the_end_moves_on() -> None:
    clock = Clock()
    talk = Talk(clock).opened(MOONS).say("play", speed=1000)
    talk.listen()
    clock.now += 1000
    talk.listen()
    talk.say("extend", steps=5000)
    talk.session.advance(0.02)
    talk.say("pause").listen()
    assert talk.messages("state")[-1]["position"] == 60


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
    assert talk.frames(Kind.STEPS)[0].meta["first"] == 0
    assert len(talk.series("path")) == 61
    assert {frame.meta["plane_id"] for frame in talk.frames(Kind.STEPS)} == {plane["plane_id"]}


def test_resumed_entries_are_those_of_an_unbroken_stream() -> None:
    whole = Talk().say("open", experiment=RACE).say("play")
    whole.listen()
    plane_id = whole.message("plane")["plane_id"]
    computation.CACHE.clear()
    resume = {"plane_id": plane_id, "steps": [31, 18]}
    talk = Talk().say("open", experiment=RACE, resume=resume).say("play")
    talk.listen()
    assert talk.message("opened")["kept"] == [31, 18]
    for run, first in enumerate([31, 18]):
        rest = [frame for frame in talk.frames(Kind.STEPS) if frame.meta["run"] == run]
        assert rest[0].meta["first"] == first
        for channel in DEFAULT_CHANNELS:
            got = np.concatenate([frame.arrays[channel] for frame in rest])
            assert got.tobytes() == whole.series(channel, run)[first:].tobytes()


def test_resuming_in_another_plane_sends_all() -> None:
    talk = Talk().say("open", experiment=MOONS, resume={"plane_id": "another", "steps": [31]}).say("play")
    talk.listen()
    assert len(talk.series("path")) == 61


def test_resume_names_every_run() -> None:
    talk = Talk().say("open", experiment=RACE, resume={"plane_id": "x", "steps": [3]})
    talk.listen()
    assert talk.message("error")["errors"][0]["field"] == "resume.steps"


def test_a_changed_experiment_in_the_plane_of_the_one_before() -> None:
    talk = Talk().opened(MOONS)
    before = talk.frames(Kind.STEPS)[0].meta["plane_id"]
    talk.say("open", experiment=MOONS | {"seed": 5}, keep_plane=True).say("play").listen()
    assert talk.message("plane")["plane_id"] == before
    np.testing.assert_array_equal(talk.series("cost"), ds.run(MOONS | {"seed": 5}).runs[0].cost)
    talk.say("open", experiment=MOONS | {"seed": 5}).listen()
    assert talk.messages("plane")[-1]["plane_id"] != before


@pytest.mark.parametrize(
    ("asked", "frames"),
    [
        ({"type": "surface", "id": 1, "resolution": 9}, Kind.SURFACE),
        ({"type": "surface", "id": 1, "resolution": 9, "plane": {"kind": "points"}}, Kind.SURFACE),
        ({"type": "study", "id": 1, "at": [0.0, 0.0], "study": {"kind": "moving"}}, Kind.STUDY),
        ({"type": "refit"}, Kind.STEPS),
    ],
)
def test_what_is_asked_in_a_kept_plane_waits_for_a_lifted_start(asked: dict[str, Any], frames: Kind) -> None:
    computation.CACHE.clear()
    talk = Talk().opened(MOONS)
    # Another seed: the descents whose plane it is lifted from are yet to be computed.
    lifted = MOONS | {"seed": 5, "steps": 4000, "start": {"kind": "lift", "at": [0.3, -0.2]}}
    talk.say("open", experiment=lifted, keep_plane=True).say("play")
    talk.session.receive(json.dumps(asked))
    talk.listen()
    assert talk.messages("error") == []
    assert talk.frames(frames)


def test_a_refit_gives_up_the_plane_that_was_kept() -> None:
    computation.CACHE.clear()
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


def test_a_provisional_plane_is_replaced_and_all_entries_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computation, "PATIENCE", 0.0)
    document = MOONS | {"steps": 3000, "seed": 77}
    talk = Talk().say("open", experiment=document).say("play")
    talk.listen()
    provisional, final = talk.messages("plane")
    assert (provisional["provisional"], final["provisional"]) == (True, False)
    assert provisional["generation"] < final["generation"]
    again = [frame for frame in talk.frames(Kind.STEPS) if frame.meta["plane_id"] == final["plane_id"]]
    assert again[0].meta["first"] == 0
    np.testing.assert_array_equal(talk.series("path"), ds.run(document).runs[0].path)


def test_divergence_is_a_status() -> None:
    document = MOONS | {
        "problem": {"kind": "linear"},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 50}}],
    }
    talk = Talk().say("open", experiment=document).say("play")
    talk.listen()
    status = talk.messages("status")[-1]
    assert status["complete"] is True
    assert status["runs"][0]["status"] == "diverged"
    assert len(talk.series("cost")) == status["runs"][0]["steps"] + 1 < 61
    assert np.isfinite(talk.series("cost")).all()


def test_long_descents_report_progress_to_the_end() -> None:
    talk = Talk().say("open", experiment=MOONS | {"steps": 8000, "seed": 3})
    talk.listen()
    reports = [one for one in talk.messages("progress") if one["of"] == "descent"]
    assert reports
    assert [one["done"] for one in reports] == sorted(one["done"] for one in reports)
    assert reports[-1]["done"] == reports[-1]["total"] == 8001


@pytest.mark.parametrize(
    "kind", ["play", "pause", "step", "seek", "speed", "refit", "surface", "inspect", "edit"]
)
def test_nothing_to_play_before_open(kind: str) -> None:
    fields: dict[str, Any] = {
        "seek": {"step": 1},
        "speed": {"speed": 1},
        "surface": {"id": 4},
        "inspect": {"id": 4},
        "edit": {"edit": {"step": 1, "set": {"0": 1}}},
    }
    talk = Talk().say(kind, **fields.get(kind, {}))
    talk.listen()
    error = talk.message("error")
    assert (error["status"], error["detail"]) == (409, "An experiment must be opened first.")
    assert error.get("id") == fields.get(kind, {}).get("id")


def test_a_wrong_message_leaves_all_as_it_was() -> None:
    talk = Talk().opened(MOONS)
    talk.session.receive('{"type": "open", "experiment": {"steps": NaN}}')
    talk.session.receive("\x00")
    talk.say("open", experiment={"steps": 0}).say("play").listen()
    assert [error["status"] for error in talk.messages("error")] == [422, 422, 422]
    assert talk.messages("error")[2]["errors"] == [
        {"field": "steps", "message": "must be at least 1, got 0", "limit": 1}
    ]
    assert len(talk.series("cost")) == 61


def test_too_much_is_refused_before_it_is_begun() -> None:
    talk = Talk(compute_seconds=0.001).say("open", experiment=MOONS)
    talk.listen()
    error = talk.message("error")
    assert error["problem"] == "urn:descentscape:too-expensive"
    assert error["errors"][0]["field"] == "steps"
    assert "at most about" in error["errors"][0]["message"]


def test_an_impossible_start_is_refused_and_leaves_what_is_open() -> None:
    talk = Talk().opened(MOONS)
    log = {"kind": "formula", "expression": "log(x) + y"}
    talk.say("open", experiment={"problem": log, "start": {"kind": "point", "at": [-1, 0]}}).listen()
    assert "finite" in talk.message("error")["detail"]
    talk.say("play").listen()
    assert talk.messages("state")[-1]["playing"]


def test_a_lifted_start_that_turns_out_impossible_ends_the_scene_with_an_error() -> None:
    log = {"kind": "formula", "expression": "log(x) + y", "domain": [[1, 3], [-1, 1]]}
    start = {"kind": "lift", "at": [-50, 0], "plane": {"kind": "axes", "origin": {"step": 0}}}
    talk = Talk().opened(MOONS)
    talk.say("open", experiment={"problem": log, "start": start, "steps": 20}).listen()
    assert talk.message("opened")["dim"] == 2
    assert "finite" in talk.message("error")["detail"]
    talk.say("play").listen()
    assert talk.messages("error")[-1]["status"] == 409


def test_nothing_unforeseen_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("/secret/path")

    talk = Talk().opened(MOONS)
    monkeypatch.setattr(computation.Computation, "refit", fail)
    talk.say("refit").listen()
    error = talk.message("error")
    assert error["status"] == 500
    assert "secret" not in json.dumps(error)
    assert "/secret/path" in caplog.text
