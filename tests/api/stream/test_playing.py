"""The stream's protocol without a socket: what is sent when, of a run that is played."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from api.talking import MOONS, RACE, SADDLE, Talk
from clocks import Clock
from descentscape.api.ops.admission import Admission
from descentscape.api.stream.messages import CHANNELS, DEFAULT_CHANNELS
from descentscape.api.stream.session import Session
from descentscape.compute.descents import DescentCache
from descentscape.output.frames import FrameKind, unpack


@pytest.mark.parametrize("experiment", [MOONS, RACE, SADDLE], ids=["moons", "race", "saddle"])
def test_played_values_are_those_of_a_run(experiment: dict[str, Any]) -> None:
    talk = Talk().say("open", experiment=experiment).say("play")
    talk.listen()
    results = ds.run(experiment)
    for index, run in enumerate(results.runs):
        for channel in DEFAULT_CHANNELS:
            np.testing.assert_array_equal(talk.series(channel, index), getattr(run, channel))


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
    assert len(talk.frames(FrameKind.STEPS)) == 4
    assert talk.session.wait() is None


@pytest.mark.parametrize("channels", [DEFAULT_CHANNELS, CHANNELS], ids=["default", "all"])
def test_values_played_a_step_at_a_time_are_those_of_a_run(channels: tuple[str, ...]) -> None:
    clock = Clock()
    talk = Talk(clock).opened(RACE, channels=channels).say("play", speed=30)
    for _ in range(70):
        talk.listen()
        clock.now += 1 / 30 + 1e-6
    assert len(talk.frames(FrameKind.STEPS)) == 2 * 51
    for index, run in enumerate(ds.run(RACE).runs):
        for channel in DEFAULT_CHANNELS:
            np.testing.assert_array_equal(talk.series(channel, index), getattr(run, channel))


def test_steps_go_back_and_past_an_edit_with_their_own_values() -> None:
    clock = Clock()
    talk = Talk(clock).opened(MOONS).say("play", speed=30)
    for _ in range(20):
        talk.listen()
        clock.now += 1 / 30 + 1e-6
    edit = {"step": 12, "set": {"3": 0.125}}
    talk.say("edit", edit=edit).say("seek", step=5)
    for _ in range(60):
        talk.listen()
        clock.now += 1 / 30 + 1e-6
    (run,) = ds.run(MOONS | {"edits": [edit]}).runs
    for channel in ("cost", "grad_norm"):
        np.testing.assert_array_equal(talk.series(channel), getattr(run, channel))


def test_frames_are_short_where_their_channels_are_kept() -> None:
    def short(document: dict[str, Any], channels: tuple[str, ...]) -> list[bool]:
        talk = Talk(Clock()).opened(document, channels=channels)
        found = [talk.session.short]
        talk.say("seek", step=document["steps"]).session.advance(0.02)
        return [*found, talk.session.short]

    assert short(MOONS, DEFAULT_CHANNELS) == [True, True]
    assert short(MOONS, ("cost", "theta")) == [True, True]
    assert short(MOONS, ("cost", "state")) == [False, False]
    many = {"steps": 20, "problem": {"hidden": [64, 64]}}
    assert short(many, ("cost", "theta")) == [True, False]
    assert short(many, DEFAULT_CHANNELS) == [True, True]


def test_who_plays_the_same_is_sent_the_same_bytes() -> None:
    admission = Admission(cache=DescentCache(clock=Clock()))

    def frames(experiment: dict[str, Any], *said: dict[str, Any], **fields: Any) -> list[bytes]:
        session, heard = Session(admission), list[str | bytes]()
        for message in ({"type": "open", "experiment": experiment, **fields}, *said):
            session.receive(json.dumps(message))
        while session.busy or session.pending:
            session.advance(0.02)
            heard += session.take()
        return [each for each in heard if isinstance(each, bytes)]

    seek, edit = {"type": "seek", "step": 20}, {"type": "edit", "edit": {"step": 12, "set": {"3": 0.125}}}
    own = frames(MOONS, seek)
    assert [unpack(frame).meta["count"] for frame in own] == [21]
    assert all(one is other for one, other in zip(own, frames(MOONS, seek), strict=True))
    (edited,), (run,) = frames(MOONS, edit, seek), ds.run(MOONS | {"edits": [edit["edit"]]}).runs
    np.testing.assert_array_equal(unpack(edited).arrays["cost"], run.cost[:21])
    assert not np.array_equal(run.cost[:21], unpack(own[0]).arrays["cost"])
    assert list(unpack(frames(MOONS, seek, channels=["cost"])[0]).arrays) == ["cost"]
    (custom,) = frames(MOONS | {"view": {"plane": {"kind": "random", "seed": 1}}}, seek)
    assert not np.array_equal(unpack(custom).arrays["path"], unpack(own[0]).arrays["path"])


def test_frames_at_a_speed_are_no_more_than_sixty_a_second() -> None:
    clock = Clock()
    talk = Talk(clock).opened(MOONS).say("play", speed=30)
    talk.listen()
    talk.say("speed", speed=10_000).listen()
    for _ in range(10):
        clock.now += 0.001
        talk.listen()
    assert len(talk.frames(FrameKind.STEPS)) == 1
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
    assert talk.frames(FrameKind.STEPS)[-1].meta["first"] == 8
    talk.say("seek", step=30).listen()
    assert len(talk.series("cost")) == 31
    talk.say("seek", step=5).listen()
    last = talk.frames(FrameKind.STEPS)[-1]
    assert (last.meta["first"], last.meta["count"]) == (5, 1)
    talk.say("seek", step=20_000).listen()
    assert talk.messages("state")[-1]["position"] == 60
    talk.say("step", count=-20_000).listen()
    assert talk.messages("state")[-1]["position"] == 0


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
    talk = Talk(Clock(tick=0.01)).say("open", experiment=MOONS | {"steps": 4000, "seed": 3})
    talk.listen()
    reports = [one for one in talk.messages("progress") if one["of"] == "descent"]
    assert reports
    assert [one["done"] for one in reports] == sorted(one["done"] for one in reports)
    assert reports[-1]["done"] == reports[-1]["total"] == 4001
