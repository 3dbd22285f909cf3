"""The stream's protocol without a socket: what is opened, resumed and refused."""

from __future__ import annotations

import json
from threading import current_thread
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from api.talking import MOONS, RACE, Talk
from descentscape.api.stream.messages import CHANNELS, DEFAULT_CHANNELS, Message, message_of
from descentscape.document import json_bounds
from descentscape.output.frames import FrameKind


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


def test_a_long_message_is_read_on_a_thread_and_answered_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def read(document: dict[str, Any]) -> Message:
        threads.append(current_thread().name)
        return message_of(document)

    monkeypatch.setattr("descentscape.api.stream.session.message_of", read)
    monkeypatch.setattr(json_bounds, "LONG_TEXT", 100)
    talk = Talk().say("open", experiment=MOONS | {"seed": 3, "name": "x" * 200}).say("play")
    talk.say("open", experiment=MOONS | {"steps": 17, "view": {"stage": "contour"}}).say("pause")
    assert talk.session.unread_bytes
    talk.listen()
    kinds = [one["type"] for one in talk.heard if isinstance(one, dict)]
    assert [kind for kind in kinds if kind in ("error", "opened", "state")] == [
        "error",
        "error",
        "opened",
        "state",
    ]
    assert [name.startswith("undivided work") for name in threads] == [True, False, True, False]
    assert not talk.session.unread_bytes


def test_only_the_start_is_sent_until_play() -> None:
    talk = Talk().say("open", experiment=MOONS)
    talk.listen()
    assert [(f.meta["first"], f.meta["count"]) for f in talk.frames(FrameKind.STEPS)] == [(0, 1)]
    assert not talk.session.busy


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
    assert list(talk.frames(FrameKind.STEPS)[0].arrays) == ["cost"]


def test_state_across_a_change_of_optimizer() -> None:
    edits = [{"step": 20, "optimizer": {"kind": "momentum"}}]
    talk = Talk().say("open", experiment=MOONS | {"edits": edits}, channels=["state"]).say("play")
    talk.listen()
    names = [(frame.meta["first"], sorted(frame.arrays)) for frame in talk.frames(FrameKind.STEPS)]
    assert {tuple(arrays) for first, arrays in names if first < 20} != {
        tuple(arrays) for first, arrays in names if first >= 20
    }
    assert sum(frame.meta["count"] for frame in talk.frames(FrameKind.STEPS)) == 61


def test_resumed_entries_are_those_of_an_unbroken_stream() -> None:
    whole = Talk().say("open", experiment=RACE).say("play")
    whole.listen()
    plane_id = whole.message("plane")["plane_id"]
    resume = {"plane_id": plane_id, "steps": [31, 18]}
    talk = Talk().say("open", experiment=RACE, resume=resume).say("play")
    talk.listen()
    assert talk.message("opened")["kept"] == [31, 18]
    for run, first in enumerate([31, 18]):
        rest = [frame for frame in talk.frames(FrameKind.STEPS) if frame.meta["run"] == run]
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
    talk.say("open", experiment={"problem": log, "start": start, "steps": 20})
    talk.say("study", id=1, study={"kind": "graph"}).say("inspect", id=2, step=20).say(
        "surface", id=3
    ).listen()
    assert talk.message("opened")["dim"] == 2
    impossible, *given_up = talk.messages("error")
    assert "finite" in impossible["detail"]
    assert sorted(error["id"] for error in given_up) == [1, 2]
    talk.say("play").listen()
    assert talk.messages("error")[-1]["status"] == 409


class Broken:
    """Memory that fails in a way that nobody foresaw."""

    def hold(self, _: object) -> None:
        raise ZeroDivisionError("/secret/path")


def test_nothing_unforeseen_is_told(caplog: pytest.LogCaptureFixture) -> None:
    talk = Talk(memory=Broken())
    talk.say("open", experiment=MOONS).listen()
    error = talk.message("error")
    assert error["status"] == 500
    assert "secret" not in json.dumps(error)
    assert "/secret/path" in caplog.text
