"""What each message of a stream's client does to the active experiment, the playhead and the requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from descentscape.api.ops.admission import Admission
from descentscape.api.ops.errors import ProblemError
from descentscape.api.stream import messages as said
from descentscape.api.stream.active_experiment import ActiveExperiment, kept_entries
from descentscape.api.stream.messages import Message, say
from descentscape.api.stream.playhead import Playhead
from descentscape.api.stream.requests import Requests
from descentscape.compute.computation import Computation
from descentscape.core.errors import InvalidValue


class Dispatcher:
    """The state of a stream: the active experiment, the playhead that plays it, the requests beside it.

    ``handle`` carries one message out and gives the answers that it has of its own. It raises what makes it
    impossible, and then leaves everything as it was.
    """

    def __init__(self, admission: Admission) -> None:
        self.active: ActiveExperiment | None = None
        self.playhead = Playhead()
        self.requests = Requests()
        self._admission, self._clock = admission, admission.clock
        self._handlers: dict[type[Message], Callable[[Any], Iterable[str]]] = {
            said.Open: self._open,
            said.Play: self._play,
            said.Pause: self._pause,
            said.StepBy: self._step,
            said.Seek: self._seek,
            said.ChangeSpeed: self._change_speed,
            said.AddEdit: self._edit,
            said.Extend: self._extend,
            said.Refit: self._refit,
            said.AskSurface: self._ask_surface,
            said.Inspect: self._ask_inspection,
            said.AskStudy: self._ask_study,
            said.Cancel: self._cancel,
        }

    def handle(self, message: Message) -> Iterable[str]:
        """Carry a message out."""
        return self._handlers[type(message)](message)

    def position(self) -> int:
        """The last step that the client is to have by now."""
        return self.playhead.position(self._clock(), self._opened.last)

    @property
    def _opened(self) -> ActiveExperiment:
        if self.active is None:
            raise ProblemError(409, "An experiment must be opened first.")
        return self.active

    # The experiment

    def _open(self, message: said.Open) -> list[str]:
        computation = self._admission.begin(message.experiment)
        resume = message.resume
        if resume is not None and len(resume.steps) != len(computation.runs):
            raise InvalidValue("resume.steps", f"{len(computation.runs)} long, one a run", list(resume.steps))
        shown = self.active.computation.window if self.active is not None else None
        if resume is None and message.keep_plane and shown is not None:
            computation.keep(shown)
        self.active = ActiveExperiment(
            computation,
            message.channels,
            self._admission.frames,
            resume.steps if resume else None,
            resume.plane_id if resume else None,
        )
        self.playhead = Playhead(max(0, min(resume.steps) - 1) if resume else 0)
        return [*self.requests.give_up(), self.active.opened(resume.steps if resume else None)]

    def _edit(self, message: said.AddEdit) -> list[str]:
        return self._go_on(self._opened.computation.with_edit(message.edit))

    def _extend(self, message: said.Extend) -> list[str]:
        return self._go_on(self._opened.computation.extend(message.steps))

    def _go_on(self, computation: Computation) -> list[str]:
        """Put a computation that shares its beginning in the place of the one that is open."""
        before = self._opened
        self._admission.go_on(computation)
        self.playhead = self.playhead.rebased(self._clock(), before.last)
        kept = kept_entries(before, computation)
        channels, frames = before.delivery.channels, self._admission.frames
        self.active = ActiveExperiment(computation, channels, frames, kept, before.plane_id)
        return [*self.requests.give_up(), self.active.opened(kept)]

    def _refit(self, _: said.Refit) -> list[str]:
        before = self._opened
        before.computation.refit()
        channels = before.delivery.channels
        self.active = ActiveExperiment(before.computation, channels, self._admission.frames)
        return [*self.requests.give_up(), self.active.opened(None)]

    # The playhead

    def _play(self, message: said.Play) -> list[str]:
        return self._move(self.playhead.play(self._clock(), self._opened.last, message.speed))

    def _pause(self, _: said.Pause) -> list[str]:
        return self._move(self.playhead.pause(self._clock(), self._opened.last))

    def _step(self, message: said.StepBy) -> list[str]:
        self._move(self.playhead.pause(self._clock(), self._opened.last))
        return self._go_to(self.position() + message.count)

    def _seek(self, message: said.Seek) -> list[str]:
        return self._go_to(message.step)

    def _change_speed(self, message: said.ChangeSpeed) -> list[str]:
        if self.playhead.playing:
            return self._move(self.playhead.play(self._clock(), self._opened.last, message.speed))
        return self._move(replace(self.playhead, speed=message.speed))

    def _go_to(self, step: int) -> list[str]:
        step = max(0, min(step, self._opened.last))
        self._opened.delivery.seek(step)
        return self._move(self.playhead.seek(self._clock(), step))

    def _move(self, head: Playhead) -> list[str]:
        self.playhead = head
        state = {"playing": head.playing, "position": self.position(), "speed": head.speed}
        return [say("state", state)]

    # The requests

    def _ask_surface(self, message: said.AskSurface) -> list[str]:
        computation = self._opened.computation
        view = computation.experiment.view
        view = view.model_copy(update={"plane": message.plane or view.plane})
        if message.resolution is not None:
            grid = view.grid.model_copy(update={"resolution": message.resolution})
            view = view.model_copy(update={"grid": grid})
        self._admission.require_view(computation, view)
        for axis, (low, high) in enumerate(message.extent or ()):
            if low >= high:
                raise InvalidValue(f"extent[{axis}]", "a pair, the lower end first", (low, high))
        self.requests.ask_surface(message)
        return []

    def _ask_inspection(self, message: said.Inspect) -> list[str]:
        if self._opened:
            self.requests.ask_inspection(message)
        return []

    def _ask_study(self, message: said.AskStudy) -> list[str]:
        if self._opened:
            self.requests.ask_study(message)
        return []

    def _cancel(self, message: said.Cancel) -> list[str]:
        return self.requests.give_up(message.id)
