"""Which steps a stream's client has, and the frames that bring it the next ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from descentscape.api.ops.frame_cache import FrameCache
from descentscape.api.stream.messages import StreamChannel
from descentscape.compute.computation import Computation
from descentscape.compute.memory import largest_state_bytes
from descentscape.compute.window import Window
from descentscape.core.descent.trajectory import replayable
from descentscape.core.errors import TooExpensive
from descentscape.core.objective import AnyArray
from descentscape.output.frames import FrameKind, pack

FRAME_BYTES = 1 << 20
"""About the most that one time slice packs; what is left waits for the next."""

SHORT_BYTES = 1 << 16
"""Frames that are packed in a fraction of a millisecond, if nothing has to be computed for them."""
MAX_ENTRY_BYTES = 4 << 20
"""The most that one entry may take: it is sent in one frame."""

STATE_ROWS = 64
"""Entries with the optimizer's state in one frame: the steps are taken once more for it."""

ROWS_AHEAD = 64
"""Entries that are looked up at once where they are kept: played step by step, each is a frame of its own."""


@dataclass(frozen=True)
class Rows:
    """A run's channels from one entry to another."""

    first: int
    last: int
    columns: dict[str, AnyArray]

    def part(self, first: int, last: int) -> dict[str, AnyArray]:
        """The channels of some of the entries."""
        rows = slice(first - self.first, last - self.first)
        return {name: column[rows] for name, column in self.columns.items()}


class Delivery:
    """The next entry that each run of a computation owes to the client, in the client's channels.

    Raises TooExpensive for channels of which a single entry is larger than a frame may be.
    """

    def __init__(
        self,
        computation: Computation,
        channels: Sequence[StreamChannel],
        frames: FrameCache,
        wanted: Sequence[int],
    ) -> None:
        self.computation = computation
        self.channels = channels
        self._frames, self._content = frames, (computation.id, tuple(channels))
        self.wanted = list(wanted)
        self._row_bytes = [self._width(run) for run in range(len(computation.runs))]
        self._looked_up: dict[int, Rows] = {}
        if (size := max(self._row_bytes)) > MAX_ENTRY_BYTES:
            fitting = f"without theta or state here, at most {MAX_ENTRY_BYTES:,} bytes an entry"
            raise TooExpensive("channels", fitting, size)

    def due(self, head: int) -> bool:
        """Whether an entry up to the step ``head`` could be sent."""
        return any(self._last(run, head) > first for run, first in enumerate(self.wanted))

    def short(self, head: int) -> bool:
        """Whether the frames up to the step ``head`` are looked up and packed in no time."""
        left = SHORT_BYTES
        for run, first in enumerate(self.wanted):
            left -= self._row_bytes[run] * max(0, self._last(run, head) - first)
        return self._kept and left >= 0

    def start_again(self) -> None:
        """Owe everything once more: the plane has changed."""
        self.wanted = [0] * len(self.wanted)
        self._looked_up.clear()

    def seek(self, step: int) -> None:
        """Owe the entry at this step, and what follows, once more."""
        self.wanted = [min(first, step) for first in self.wanted]

    def frames(self, head: int) -> Iterator[bytes]:
        """Frames of the entries up to the step ``head``, a run each, as many entries as fit.

        The run that is furthest behind comes first; whose turn does not come, waits for the next.
        """
        room = FRAME_BYTES
        for run, first in sorted(enumerate(self.wanted), key=lambda entry: entry[1]):
            last = min(self._last(run, head), first + self._rows(run, first, room))
            if last > first and room > 0:
                frame = self._frame(run, first, last)
                self.wanted[run] = last
                room -= len(frame)
                yield frame

    def _last(self, run: int, head: int) -> int:
        return min(head + 1, self.computation.entries(run))

    def _rows(self, run: int, first: int, room: int) -> int:
        """How many entries of a run one frame takes, at least one."""
        rows = max(1, room // self._row_bytes[run])
        return min(rows, self._alike(run, first)) if "state" in self.channels else rows

    @property
    def _kept(self) -> bool:
        """Whether no channel takes more than looking it up, once all is complete."""
        if "theta" in self.channels and any(each.stride > 1 for each in self.computation.trajectories):
            return False
        return "state" not in self.channels

    def _width(self, run: int) -> int:
        """About what an entry of a run takes in a frame, or a little more."""
        dim = self.computation.problem.objective.dim
        width = 8 * (len(self.channels) + 2 + (dim if "theta" in self.channels else 0))
        if "state" not in self.channels:
            return width
        return width + largest_state_bytes(self.computation.experiment, run, dim)

    def _alike(self, run: int, first: int) -> int:
        """Entries from ``first`` on whose states are of one kind and shape: up to the run's next edit.

        What a rule remembers is as long as an edit makes it only after its first step (L-BFGS’s history).
        """
        edits = [edit.step for edit in self.computation.experiment.edits if edit.run == run]
        changes = [step for edit in edits for step in (edit, edit + 1)]
        return min([STATE_ROWS, *(step - first for step in changes if step > first)])

    def _frame(self, run: int, first: int, last: int) -> bytes:
        window = self.computation.window
        assert window is not None  # without one no entries are due
        if not self._kept:
            return self._packed(window, run, first, last)
        key = (self._content, window.plane_id, window.generation, run, first, last)
        return self._frames.get(key, partial(self._packed, window, run, first, last))

    def _packed(self, window: Window, run: int, first: int, last: int) -> bytes:
        meta = {
            "run": run,
            "first": first,
            "count": last - first,
            "generation": window.generation,
            "plane_id": window.plane_id,
        }
        rows = self._looked_up_at(run, first, last)
        return pack(FrameKind.STEPS, meta, rows.part(first, last))

    def _looked_up_at(self, run: int, first: int, last: int) -> Rows:
        """Entries of a run; where they are kept, with those that follow, for the next frames."""
        rows = self._looked_up.get(run)
        if rows is not None and rows.first <= first and last <= rows.last:
            return rows
        if not self._kept:
            return Rows(first, last, dict(self._columns(run, first, last)))
        last = max(last, min(first + ROWS_AHEAD, self.computation.entries(run)))
        rows = self._looked_up[run] = Rows(first, last, dict(self._columns(run, first, last)))
        return rows

    def _columns(self, run: int, first: int, last: int) -> Iterator[tuple[str, AnyArray]]:
        for channel in self.channels:
            if channel == "state":
                yield from self._state(run, first, last)
            elif (column := self.computation.channel(channel, run, first, last)) is not None:
                yield channel, np.asarray(column, float)

    def _state(self, run: int, first: int, last: int) -> Iterator[tuple[str, AnyArray]]:
        steps = replayable(self.computation.trajectories[run]).replay(first, last)
        states: list[Any] = [step.state for step in steps]
        for name in states[0]._fields:
            yield f"state.{name}", np.array([getattr(state, name) for state in states], float)
