"""The stream's protocol without any socket: messages in, time slices of work, messages and frames out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from math import inf
from typing import Any

from descentscape.api.ops.admission import Admission
from descentscape.api.ops.workers import at_leisure, put_off, urgently
from descentscape.api.stream.active_experiment import ActiveExperiment
from descentscape.api.stream.dispatcher import Dispatcher
from descentscape.api.stream.messages import Message, Open, complaint, message_of, read_document, say
from descentscape.compute.examples import data_hash
from descentscape.core.time_slices import TimeSlices
from descentscape.document.experiment import dynamics_hash
from descentscape.document.json_bounds import aside_if_long
from descentscape.output.frames import FrameKind, kind_of

Outgoing = str | bytes

Observe = Callable[[str, float], None]
"""Told of every message its type, and the seconds until it was answered."""

UNREAD = 64
"""Messages that may wait to be read before no more should be received."""

OUTBOX = 64
"""Answers that may wait to be sent before further messages stay unread."""

PROGRESS_SECONDS = 0.1
"""Time between two reports of progress."""

PACED_SECONDS = 1 / 60
"""Time between two frames of steps that are played at a speed."""


class Session:
    """One client's stream, used by one thread at a time; only ``receive`` may be called beside.

    ``advance`` reads the messages received, or else computes for about as long as it is told; ``take`` gives
    what is to be sent, and what is not taken waits and grows. ``busy`` says that another ``advance`` would
    get further, ``pending`` that there is something to take, and ``wait`` how long it is until the play
    head brings the next step by itself. ``pictured`` is told the seconds from an ``open`` to its first
    surface. All of it goes by the clock of what is computed.
    """

    def __init__(
        self,
        admission: Admission,
        observe: Observe = lambda kind, seconds: None,
        pictured: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self._clock, self._observe, self._pictured = admission.clock, observe, pictured
        self._opened: float | None = None
        self._unread: deque[tuple[bytes, float]] = deque()
        self._received_bytes = self._read_bytes = 0
        self._outbox: list[Outgoing] = []
        self._dispatcher = Dispatcher(admission)
        self._reading: TimeSlices[list[str]] | None = None
        self._reported = self._framed = self._clock()
        self._due = inf
        self._reporting = False
        self._spent = 0.0

    def close(self) -> None:
        """Let go of what is computed, and of what is asked."""
        self._dispatcher.active = self._reading = None
        self._dispatcher.requests.give_up()

    def receive(self, text: str) -> None:
        """Take a message, to be read in the next time slice; until then it is kept as bytes."""
        message = text.encode()
        self._received_bytes += len(message)
        self._unread.append((message, self._clock()))

    @property
    def crowded(self) -> bool:
        """Whether no more messages should be received for now."""
        return len(self._unread) >= UNREAD

    @property
    def unread_bytes(self) -> int:
        """The bytes of the messages that wait to be read."""
        return self._received_bytes - self._read_bytes

    @property
    def outbox_bytes(self) -> int:
        """The bytes of the answers that wait to be sent."""
        return sum(map(len, self._outbox))

    @property
    def busy(self) -> bool:
        """Whether there is something to read or to compute."""
        active, requests = self._dispatcher.active, self._dispatcher.requests
        return self._readable or (active is not None and (not active.complete or requests.possible(active)))

    @property
    def _readable(self) -> bool:
        return self._reading is not None or (bool(self._unread) and len(self._outbox) < OUTBOX)

    def patience(self) -> float:
        """Seconds that others may go first: none for a message, the more the longer its answer has taken.

        A first picture never waits for what is computed once a client has one.
        """
        if self._unread or self._reading or self._dispatcher.active is None:
            return 0.0
        return urgently(self._spent) if self.nothing_seen else at_leisure() + put_off(self._spent)

    @property
    def nothing_seen(self) -> bool:
        """Whether the client waits for a first picture."""
        return self._dispatcher.active is not None and self._dispatcher.requests.nothing_seen

    @property
    def pending(self) -> bool:
        """Whether there is something to send."""
        return bool(self._outbox) or self._clock() >= self._due or self._dispatcher.requests.waiting

    @property
    def short(self) -> bool:
        """Whether `take` but looks up what is kept, as of most steps that are played: no thread is needed."""
        active = self._dispatcher.active
        return active is None or active.delivery.short(self._dispatcher.position())

    def wait(self) -> float | None:
        """Seconds until a step is due by the clock alone; None when none will be."""
        return None if self._due == inf else max(0.0, self._due - self._clock())

    def advance(self, seconds: float) -> None:
        """Read what was received; compute for about so long unless something was, which is answered first."""
        began = self._clock()
        if self._readable:
            self._spent = 0.0
            self._read(began + seconds)
        else:
            self._compute(began + seconds)
        self._spent += self._clock() - began
        self._due = self._steps_due()

    def take(self) -> list[Outgoing]:
        """What is to be sent now."""
        taken = list(self._taken())
        self._due = self._steps_due()
        return taken

    def _read(self, deadline: float) -> None:
        while self._readable and self._clock() < deadline:
            reading, self._reading = self._reading or self._answers(*self._unread.popleft()), None
            try:
                next(reading)
                self._reading = reading
            except StopIteration as end:
                self._outbox += end.value

    def _answers(self, text: bytes, received: float) -> TimeSlices[list[str]]:
        """What is said to a message, which counts as unread until then."""
        number, kind = None, "refused"
        try:
            document = yield from aside_if_long(text, lambda: read_document(text))
            number = document.get("id")
            message = yield from aside_if_long(text, lambda: _understood(document))
            kind = message.type
            answers = list(self._dispatcher.handle(message))
            self._opened = received if kind == "open" else self._opened
        except Exception as error:  # whatever it is, the stream goes on
            answers = [complaint(error, number)]
        self._read_bytes += len(text)
        self._observe(kind, self._clock() - received)
        return answers

    def _compute(self, deadline: float) -> None:
        while (active := self._dispatcher.active) is not None and (left := deadline - self._clock()) > 0:
            requests = self._dispatcher.requests
            if active.complete and not requests.possible(active):
                break
            try:
                asked = requests.possible(active)
                # A first picture comes before its paths, and any before what is only told of them.
                if not (asked and (requests.nothing_seen or active.drawn)):
                    active.advance(left / 2 if asked else left)
            except Exception as error:  # a lifted start without a finite cost, say
                self._dispatcher.active = None
                self._outbox += [complaint(error), *requests.give_up()]
                break
            self._outbox += active.events()
            waiting = requests.waiting
            self._outbox += requests.advance(active)
            if requests.waiting and not waiting:
                break  # a new level of the surface is worth sending at once

    def _taken(self) -> Iterator[Outgoing]:
        outbox, self._outbox = self._outbox, []
        yield from outbox
        if (now := self._clock()) >= self._due:
            self._framed = now
            yield from self._active.delivery.frames(self._dispatcher.position())
        for frame in self._dispatcher.requests.take():
            if self._opened is not None and kind_of(frame) is FrameKind.SURFACE:
                self._pictured(self._clock() - self._opened)
                self._opened = None
            yield frame
        yield from self._reports()

    @property
    def _active(self) -> ActiveExperiment:
        assert self._dispatcher.active is not None
        return self._dispatcher.active

    def _steps_due(self) -> float:
        """When the clock alone makes steps due, at their pace; infinity when it never does."""
        active, playhead, now = self._dispatcher.active, self._dispatcher.playhead, self._clock()
        if active is None:
            return inf
        owed = active.delivery.due(playhead.position(now, active.last))
        wait = 0.0 if owed else playhead.wait(now, active.last)
        if wait is None:
            return inf
        return max(now + wait, self._framed + PACED_SECONDS) if playhead.paced else now + wait

    def _reports(self) -> Iterator[str]:
        """Progress of what takes long, now and then, and once more when the descent is complete."""
        active, requests = self._dispatcher.active, self._dispatcher.requests
        if active is None:
            return
        now = self._clock()
        if active.complete and self._reporting:
            self._reporting = False
            yield say("progress", active.report())
        if now - self._reported < PROGRESS_SECONDS:
            return
        self._reported = now
        if not active.complete:
            self._reporting = True
            yield say("progress", active.report())
        if (report := requests.report()) is not None:
            yield say("progress", report)


def _understood(document: dict[str, Any]) -> Message:
    """The message; what takes longest of its experiment is found with it, for whoever asks later."""
    message = message_of(document)
    if isinstance(message, Open):
        dynamics_hash(message.experiment)
        data_hash(message.experiment.problem)
    return message
