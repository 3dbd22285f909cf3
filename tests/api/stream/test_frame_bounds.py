"""What one frame of steps may hold, whatever an optimizer remembers."""

from __future__ import annotations

from typing import Any

from api.talking import Talk
from descentscape.api.stream.delivery import MAX_ENTRY_BYTES
from descentscape.output.frames import FrameKind


def lbfgs(history: int) -> dict[str, Any]:
    run = {"optimizer": {"kind": "lbfgs", "history": history}}
    return {
        "problem": {"hidden": [128, 64], "dataset": {"kind": "moons", "n": 20}},
        "runs": [run],
        "steps": 3,
    }


def test_states_that_no_frame_can_hold_are_refused_and_change_nothing() -> None:
    talk = Talk().opened({"steps": 3})
    talk.say("open", experiment=lbfgs(100), channels=["cost", "state"]).listen()
    error = talk.message("error")
    assert error["problem"] == "urn:descentscape:too-expensive"
    assert (
        f"channels must be without theta or state here, at most {MAX_ENTRY_BYTES:,} bytes" in error["detail"]
    )
    talk.say("edit", edit={"step": 1, "optimizer": {"kind": "gd"}}).listen()
    assert len(talk.messages("opened")) == 1


def test_states_are_sent_in_frames_of_few_entries() -> None:
    talk = Talk()
    talk.say("open", experiment=lbfgs(10), channels=["cost", "state"]).say("play").listen()
    frames = talk.frames(FrameKind.STEPS)
    assert sum(frame.meta["count"] for frame in frames) == 4
    assert all(len(frame.arrays["state.displacements"].tobytes()) <= MAX_ENTRY_BYTES for frame in frames)
