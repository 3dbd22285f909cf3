"""A client's ears: what it asked for, what it was told, and whether that can all be true."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from descentscape.output.frames import Frame, FrameKind, unpack

STATUSES = {409, 422, 429, 503}
"""The errors that a client may cause."""


class Hearing:
    """Holds all that a session sends against what docs/stream.md promises of it."""

    def __init__(self, before: Hearing | None = None) -> None:
        self.experiment: dict[str, Any] | None = None
        self.plane_id: str | None = None
        self.last = 0
        self.held: list[int] = []
        self._unsure = self._refused_last = False
        self._ids = 0 if before is None else before._ids
        self._asked: dict[int, str] = {}
        self._may_be_silent: set[int] = set()
        self._replies_due = self._replies = 0
        self._runs_ended: dict[int, int] = {}
        self._claimed = None if before is None else (before.held, before.plane_id)

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    def expect(self, message: dict[str, Any]) -> None:
        """Remember what was said."""
        kind = message["type"]
        if kind == "study":
            kind = f"study {message['study']['kind']}"
        if "id" in message and kind != "cancel":
            # Another of its kind takes the place of the one before, which falls silent.
            self._may_be_silent |= {number for number, asked in self._asked.items() if asked == kind}
            self._asked[message["id"]] = kind
        elif kind != "cancel":
            self._replies_due += 1
        if kind in {"cancel", "open", "edit", "extend", "refit"}:
            # Of a surface that is given up nothing more is sent.
            self._may_be_silent |= {number for number, asked in self._asked.items() if asked == "surface"}

    def is_unsure(self) -> None:
        """From now on: something was said that this does not follow."""
        self._unsure = True
        self._may_be_silent |= self._asked.keys()

    def take(self, sent: Iterable[str | bytes]) -> None:
        for each in sent:
            if isinstance(each, str):
                message = json.loads(each, parse_constant=_refuse)
                getattr(self, f"_{message['type']}")(message)
            else:
                self._frame(unpack(each))

    def check_all_is_answered(self) -> None:
        """Once nothing is left to do: every question has its answer, and every run is there to its end."""
        silent = self._asked.keys() - self._may_be_silent
        assert not silent, {number: self._asked[number] for number in silent}
        assert self._replies >= self._replies_due or self._unsure
        # After an error nothing may be open, if it came of what was computed.
        if self.experiment is not None and not (self._unsure or self._refused_last):
            assert self._runs_ended == dict(enumerate(self.held)), "steps are missing at the end"

    # Messages

    def _error(self, message: dict[str, Any]) -> None:
        assert message["status"] in STATUSES, message
        assert message["detail"]
        if "id" in message:
            self._asked.pop(message["id"], None)
        else:
            self._replies += 1
            self._refused_last = True

    def _opened(self, message: dict[str, Any]) -> None:
        self._replies += 1
        self._refused_last = False
        kept, runs = message["kept"], len(message["runs"])
        if self._claimed is not None:
            self.held, self.plane_id = self._claimed
            self._claimed = None
        if kept is not None:
            assert all(new <= old for new, old in zip(kept, self.held, strict=True))
        self.held = kept or [0] * runs
        self.experiment, self.last = message["experiment"], message["steps"]
        self._runs_ended = {}

    def _plane(self, message: dict[str, Any]) -> None:
        if message["plane_id"] != self.plane_id:
            self.held = [0] * len(self.held)
        self.plane_id = message["plane_id"]

    def _status(self, message: dict[str, Any]) -> None:
        assert len(message["runs"]) == len(self.held)
        if message["complete"]:
            self._runs_ended = {run: each["steps"] + 1 for run, each in enumerate(message["runs"])}

    def _state(self, message: dict[str, Any]) -> None:
        self._replies += 1
        self._refused_last = False
        assert 0 <= message["position"] <= self.last
        assert isinstance(message["position"], int)

    def _progress(self, message: dict[str, Any]) -> None:
        assert 0 <= message["done"] <= message["total"]

    # Frames

    def _frame(self, frame: Frame) -> None:
        kinds = {
            FrameKind.STEPS: self._steps,
            FrameKind.SURFACE: self._whole,
            FrameKind.STUDY: self._whole,
            FrameKind.INSPECTION: self._whole,
        }
        kinds[frame.kind](frame)

    def _steps(self, frame: Frame) -> None:
        run, first, count = (frame.meta[name] for name in ("run", "first", "count"))
        assert count > 0
        assert 0 <= first <= self.held[run], f"entries {self.held[run]} to {first} are missing"
        assert first + count <= self.last + 1
        assert frame.meta["plane_id"] == self.plane_id
        assert all(len(column) == count for column in frame.arrays.values())
        self.held[run] = max(self.held[run], first + count)

    def _whole(self, frame: Frame) -> None:
        number = frame.meta["id"]
        assert number <= self._ids or self._unsure
        ended = frame.meta.get("done", frame.meta.get("progress", 1) >= 1)
        if ended:
            self._asked.pop(number, None)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")
