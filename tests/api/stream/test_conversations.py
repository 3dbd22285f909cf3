"""Whatever a client says, in whatever order: all of it is answered, and nothing of it stays.

A state machine says messages, lets time pass and lets the session work; it hears the answers as a client.
"""

from __future__ import annotations

import gc
import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from api.hearing import Hearing
from clocks import Clock
from descentscape.api.ops.admission import Admission
from descentscape.api.ops.memory_budget import MemoryBudget
from descentscape.api.stream.messages import CHANNELS, MESSAGES, message_of, read_document
from descentscape.api.stream.session import Session
from descentscape.compute.descents import DescentCache
from descentscape.core.errors import InvalidValue
from descentscape.document.entry_models import OptimizerSpec, ScheduleSpec
from descentscape.document.planes import PlaneSpec
from descentscape.document.points import PlaceSpec
from descentscape.document.runs import Edit, Start
from descentscape.studies import StudyRequest
from fuzzing import Values, allowed_by, examples

SLICE = 0.02
LONGEST_WORK = 5000
"""Slices within which whatever was asked of these small experiments must be done."""

EXPRESSIONS = (
    "x**2 + y**2",
    "x*y",
    "1/x + y",
    "sqrt(x**2 + y**2)",
    "exp(x) - y",
    "0*x",
    "log(x)*y",
    "1e300*x",
)

near = st.floats(-3, 3)
planes = (
    st.none()
    | st.sampled_from([{"kind": "axes"}, {"kind": "random", "normalization": "filter"}, {"kind": "gradient"}])
    | allowed_by(PlaneSpec)
)
optimizers = st.sampled_from([{"kind": "gd"}, {"kind": "adam"}, {"kind": "lbfgs"}]) | allowed_by(
    OptimizerSpec, most=3
)
lifts = st.builds(lambda a, b: {"kind": "lift", "at": [a, b]}, near, near)
points = st.builds(lambda x, y: {"kind": "point", "at": [x, y]}, near, near)
functions = st.sampled_from(EXPRESSIONS).map(lambda text: {"kind": "formula", "expression": text})
networks = st.builds(
    lambda hidden, data, n, cost: {
        "kind": "network",
        "hidden": hidden,
        "dataset": {"kind": data, "n": n, "test_fraction": 0.3},
        "cost": cost,
    },
    st.lists(st.integers(1, 3), max_size=2),
    st.sampled_from(["moons", "circles", "line", "sine"]),
    st.integers(12, 20),
    st.sampled_from(["mse", "huber"]),
)


def experiments_of(problems: Values, starts: Values, **more: Values) -> Values:
    """Small experiments, most of which are possible."""
    runs = st.fixed_dictionaries(
        {"optimizer": optimizers}, optional={"schedule": allowed_by(ScheduleSpec), "start": starts, **more}
    )
    return st.fixed_dictionaries(
        {"problem": problems, "steps": st.integers(1, 25)},
        optional={
            "runs": st.lists(runs, min_size=1, max_size=3),
            "start": starts,
            "seed": st.integers(0, 3),
            "view": planes.map(lambda plane: {"plane": plane, "grid": {"resolution": 5}}),
        },
    )


experiments = (
    experiments_of(functions, points | lifts, gradient_noise=st.sampled_from([0, 0.1, 1000]))
    | experiments_of(
        networks | st.just({"kind": "chain"}),
        lifts,
        batch_size=st.integers(1, 8),
        init_seed=st.integers(0, 3),
    )
    | st.builds(
        lambda start, edits: {"start": start, "edits": edits}, allowed_by(Start), st.lists(allowed_by(Edit))
    )
)
places = allowed_by(PlaceSpec)
speeds = st.none() | st.floats(0.1, 1e6)
sweeps = st.builds(
    lambda field, values: {"kind": "sweep", "field": field, "values": values},
    st.sampled_from(
        ["run.optimizer.learning_rate", "run.optimizer.kind", "seed", "steps", "problem.hidden.0"]
    ),
    st.lists(st.sampled_from([0.1, 3, "gd", "adam", None]), min_size=1, max_size=3),
)
words = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
spoiled = st.builds(
    lambda kind, fields: json.dumps({**fields, "type": kind}),
    st.sampled_from(sorted(MESSAGES)),
    st.dictionaries(st.sampled_from(["id", "experiment", "steps", "step", "study", "edit", "speed"]), words),
)


class Conversation(RuleBasedStateMachine):
    """One client of one session, on a clock that goes on by a tick at every look."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.memory = Clock(), MemoryBudget()
        self.admission = Admission(5.0, self.memory, DescentCache(clock=self.clock))
        self.session = Session(self.admission)
        self.heard = Hearing()

    @initialize(tick=st.sampled_from([0.0, 0.0005, 0.002]), experiment=experiments)
    def begin(self, tick: float, experiment: dict[str, Any]) -> None:
        self.clock.tick = tick
        self.say("open", experiment=experiment)

    def say(self, kind: str, **fields: Any) -> None:
        text = json.dumps({"type": kind, **fields})
        try:
            self.heard.expect(read_document(text))
        except InvalidValue:  # half a surrogate pair is no text
            self.heard.expect({"type": "unreadable"})
        self.session.receive(text)

    def work_on(self, slices: int) -> None:
        for _ in range(slices):
            if not self.session.busy and not self.session.pending:
                return
            self.session.advance(SLICE)
            self.heard.take(self.session.take())

    # What the client says

    @rule(
        experiment=experiments,
        keep_plane=st.booleans(),
        channels=st.none() | st.sets(st.sampled_from(CHANNELS)),
    )
    def open_another(self, experiment: dict[str, Any], keep_plane: bool, channels: set[str] | None) -> None:
        chosen = {} if channels is None else {"channels": sorted(channels)}
        self.say("open", experiment=experiment, keep_plane=keep_plane, **chosen)

    @rule(edit=allowed_by(Edit))
    def edit(self, edit: dict[str, Any]) -> None:
        self.say("edit", edit=edit)

    @rule(steps=st.integers(1, 40))
    def extend(self, steps: int) -> None:
        self.say("extend", steps=steps)

    @rule(kind=st.sampled_from(["refit", "pause"]))
    def without_fields(self, kind: str) -> None:
        self.say(kind)

    @rule(kind=st.sampled_from(["play", "speed"]), speed=speeds)
    def play(self, kind: str, speed: float | None) -> None:
        self.say(kind, speed=speed)

    @rule(step=st.integers(0, 60))
    def seek(self, step: int) -> None:
        self.say("seek", step=step)

    @rule(count=st.integers(-60, 60))
    def step(self, count: int) -> None:
        self.say("step", count=count)

    @rule(resolution=st.integers(3, 7), plane=planes, extent=st.none() | st.lists(places, max_size=0))
    def ask_surface(self, resolution: int, plane: dict[str, Any] | None, extent: None) -> None:
        self.say("surface", id=self.heard.next_id(), resolution=resolution, plane=plane)

    @rule(low=st.floats(-1e6, 1e6), width=st.floats(-1, 1e6))
    def ask_window(self, low: float, width: float) -> None:
        extent = [[low, low + width]] * 2
        self.say("surface", id=self.heard.next_id(), resolution=5, extent=extent)

    @rule(
        place=places,
        want=st.sets(st.sampled_from(["outputs", "theta", "gradient", "state", "hessian", "data"])),
    )
    def inspect(self, place: dict[str, Any], want: set[str]) -> None:
        self.say("inspect", id=self.heard.next_id(), resolution=5, want=sorted(want), **place)

    @rule(place=places | st.just({}), study=allowed_by(StudyRequest, most=3) | sweeps)
    def ask_study(self, place: dict[str, Any], study: dict[str, Any]) -> None:
        self.say("study", id=self.heard.next_id(), study=study, **place)

    @rule(which=st.none() | st.integers(0, 20))
    def cancel(self, which: int | None) -> None:
        self.say("cancel", **({} if which is None else {"id": which}))

    @rule(text=spoiled | words.map(json.dumps) | st.text(max_size=20))
    def say_nonsense(self, text: str) -> None:
        with suppress(ValueError):
            message_of(read_document(text))
            self.heard.is_unsure()  # it happens to be a message
        self.session.receive(text)

    @rule()
    def lose_the_connection(self) -> None:
        """Come back on another stream, with what is there already."""
        self.work_on(LONGEST_WORK)
        self.session.close()
        self.session = Session(self.admission)
        before, self.heard = self.heard, Hearing(self.heard)
        if before.experiment is not None:
            resume = {"plane_id": before.plane_id or "", "steps": before.held}
            self.say("open", experiment=before.experiment, resume=resume)

    # What else goes on

    @rule(slices=st.integers(1, 12))
    def work(self, slices: int) -> None:
        self.work_on(slices)

    @rule(seconds=st.floats(0, 5))
    def let_time_pass(self, seconds: float) -> None:
        self.clock.now += seconds

    @invariant()
    def rests_for_a_time_that_can_be_waited(self) -> None:
        wait = self.session.wait()
        assert wait is None or math.isfinite(wait)
        assert 0 <= self.session.patience() < math.inf

    def teardown(self) -> None:
        """Hear everything out, and leave."""
        self.say("play")
        self.work_on(LONGEST_WORK)
        assert not self.session.busy, "there is still something to do"
        assert not self.session.pending
        self.heard.check_all_is_answered()
        self.session.close()
        del self.session
        if self.memory.nbytes:
            gc.collect()
        assert self.memory.nbytes == 0


@pytest.mark.hypothesis
def test_any_conversation_is_answered_and_leaves_nothing() -> None:
    run_state_machine_as_test(Conversation, settings=examples(60, stateful_step_count=20))
