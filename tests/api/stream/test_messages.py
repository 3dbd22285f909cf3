"""What a stream's client may say: every type is read, everything else is refused in words."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from pydantic import ValidationError

from descentscape.api.ops.errors import ProblemError, problem_of
from descentscape.api.stream.messages import (
    MESSAGES,
    Message,
    Open,
    Play,
    StepBy,
    message_of,
    read_document,
    say,
)
from descentscape.core.errors import InvalidValue

WELL_FORMED: dict[str, dict[str, Any]] = {
    "open": {
        "experiment": {},
        "channels": ["cost"],
        "resume": {"plane_id": "x", "steps": [3]},
        "keep_plane": True,
    },
    "play": {"speed": 2.5},
    "pause": {},
    "step": {"count": -3},
    "seek": {"step": 7},
    "speed": {"speed": None},
    "edit": {"edit": {"step": 3, "optimizer": {"kind": "gd"}}},
    "extend": {"steps": 900},
    "refit": {},
    "surface": {"id": 1, "resolution": 21, "extent": [[-1, 1], [-1, 1]], "plane": {"kind": "random"}},
    "inspect": {"id": 2, "run": 0, "step": 4, "want": ["outputs"]},
    "study": {"id": 3, "at": [0.5, 1.0], "study": {"kind": "spectrum"}},
    "cancel": {},
}


def read_message(text: str | bytes) -> Message:
    return message_of(read_document(text))


def refusal(text: str | bytes) -> ProblemError:
    with pytest.raises((InvalidValue, ValidationError)) as caught:
        read_message(text)
    return problem_of(caught.value)


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_type_is_read(kind: str) -> None:
    message = read_message(json.dumps({"type": kind, **WELL_FORMED[kind]}))
    assert isinstance(message, MESSAGES[kind])
    assert message.type == kind


def test_defaults() -> None:
    opened = read_message('{"type": "open", "experiment": {}}')
    assert isinstance(opened, Open)
    assert opened.channels == ("path", "cost", "shadow_cost", "off_plane", "grad_norm")
    assert read_message('{"type": "play"}') == Play(type="play", speed=None)
    assert read_message('{"type": "step"}') == StepBy(type="step", count=1)


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("", "message", "well-formed JSON"),
        ("nonsense", "message", "well-formed JSON"),
        (b"\xff\xfe", "message", "well-formed JSON"),
        ("[" * 9_000, "message", "well-formed JSON"),
        ("[" * 100_000, "message", "12,000 lists and objects"),
        ('{"type": "play", "speed": NaN}', "message", "well-formed JSON"),
        ('{"type": "play", "speed": -Infinity}', "message", "well-formed JSON"),
        ('{"type": "seek", "step": ' + "9" * 5000 + "}", "message", "well-formed JSON"),
        ("[]", "message", "an object"),
        ('"open"', "message", "an object"),
        ("{}", "type", "one of open, play"),
        ('{"type": ["open"]}', "type", "one of open, play"),
        ('{"type": "destroy"}', "type", "one of open, play"),
        ('{"type": "open"}', "experiment", "must be given"),
        ('{"type": "open", "experiment": {"steps": "9"}}', "steps", "a whole number"),
        ('{"type": "open", "experiment": {"stepz": 9}}', "stepz", "left out"),
        ('{"type": "open", "experiment": {"problem": {"hidden": [4, 9999]}}}', "problem.hidden[1]", "256"),
        ('{"type": "open", "experiment": {}, "channels": ["weights"]}', "channels[0]", "'theta'"),
        ('{"type": "open", "experiment": {}, "resume": {"plane_id": "", "steps": [-1]}}', "resume", "0"),
        ('{"type": "play", "speed": "2"}', "speed", "a number"),
        ('{"type": "play", "speed": true}', "speed", "a number"),
        ('{"type": "play", "speed": 0}', "speed", "greater than 0"),
        ('{"type": "play", "speed": 1e400}', "speed", "finite"),
        ('{"type": "pause", "now": 1}', "now", "left out"),
        ('{"type": "seek", "step": 1.5}', "step", "a whole number"),
        ('{"type": "seek", "step": -1}', "step", "at least 0"),
        ('{"type": "seek", "step": 99999999}', "step", "at most 20000"),
        ('{"type": "edit", "edit": {"step": 1, "set": {"x": 1}}}', "edit.set", "form"),
        ('{"type": "surface", "id": 1, "resolution": 100000}', "resolution", "at most 401"),
        ('{"type": "surface", "id": 1, "extent": [[0, 1]]}', "extent[1]", "given"),
        ('{"type": "inspect", "id": -1}', "id", "at least 0"),
        ('{"type": "inspect", "id": 1, "want": ["secrets"]}', "want[0]", "'outputs'"),
        ('{"type": "inspect", "id": 1, "theta": []}', "theta", "at least 1"),
    ],
)  # fmt: skip
def test_refused_in_words(text: str | bytes, field: str, words: str) -> None:
    problem = refusal(text)
    assert problem.status == 422
    error = problem.errors[0]
    assert error.field.startswith(field)
    assert words in f"{error}"
    assert len(str(error)) < 400


def test_a_megabyte_is_refused_quickly() -> None:
    rows = ",".join(["[1e300, 2, 3]"] * 70_000)
    text = '{"type": "open", "experiment": {"problem": {"dataset": {"kind": "inline", "y": 3, "x": ['
    text += rows + "]}}}}"
    began = time.process_time()
    refusal(text)
    assert time.process_time() - began < 1


def test_what_is_said_is_json_without_nan() -> None:
    text = say("progress", {"of": "surface", "done": float("nan"), "total": 1})
    assert json.loads(text, parse_constant=pytest.fail) == {
        "type": "progress",
        "of": "surface",
        "done": None,
        "total": 1,
    }
