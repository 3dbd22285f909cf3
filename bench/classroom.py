"""``python -m bench.classroom``: a class at work, each student on a curated experiment, one in ten on Digits.

They move sliders, play and ask for studies; one of them may be greedy, and the service may be killed in the
middle.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

import descentscape as ds
from bench.attacks import streams as greed
from bench.capped import Capped, capped
from bench.client import STEPS, STUDY, SURFACE, TEXT, Client, connected, kind_and_meta
from bench.figures import OURS, Figure, Figures, Goal, Row
from bench.service import NETWORK, SETTINGS, run
from bench.streaming import FULL, live
from bench.timing import Effort
from bench.wire import Target

PAUSE = (2.0, 6.0)
"""Seconds from one thing that a student does to the next."""

PLAYS, STUDIES = 0.15, 0.15
"""Shares of what they do; all else are moves of a slider."""

STUDIED: tuple[dict[str, Any], ...] = (
    {"kind": "line", "direction": "random"},
    {"kind": "arrows"},
    {"kind": "autopsy"},
    {"kind": "nudge", "direction": "random"},
    {"kind": "sharpness"},
)
DIGITS, ONE_IN = "digits", 10

CHANNELS = (
    *("path", "cost", "shadow_cost", "off_plane"),
    *("test_cost", "examples_seen", "gradient_evaluations"),
)
"""What the page draws of every step."""

SECONDS, QUICK_SECONDS = 300.0, 12.0
SETTLING = 60.0
AGAIN = (0.2, 2.0)
"""Seconds after which a page that was cut connects again."""

GIVEN_UP = 409
"""The status of what a student's own next move has replaced."""

GOALS = {100: (100.0, 300.0), 200: (200.0, 600.0)}
"""The most that the slowest twentieth waits, by the size of the class: until `opened`, and for a surface."""

DOUBLED = 2.0
"""Times as long that others may wait beside a greedy student."""

GREED = (greed.studies, greed.surfaces, greed.looks, greed.basins, greed.opens)


@dataclass
class Waits:
    """What a class has waited for, in ms, and what went wrong."""

    acknowledged: list[float] = field(default_factory=list)
    surfaces: list[float] = field(default_factory=list)
    studies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cut: int = 0
    resumed: int = 0


class Student:
    """One open page, which does as the page does when its connection is lost."""

    def __init__(self, address: str, base: dict[str, Any], rng: np.random.Generator, waits: Waits) -> None:
        self._address, self._base, self._rng, self._waits = address, base, rng, waits
        self._document: dict[str, Any] = base
        self._client: Client | None = None
        self._asked: dict[int, tuple[float, list[float]]] = {}
        self._opening: float | None = None
        self._resuming = False
        self._plane_id, self._held, self._number = "", [0], 0

    async def learn(self, seconds: float) -> None:
        until = perf_counter() + seconds
        self._client = await connected(self._address, self._heard)
        await asyncio.sleep(float(self._rng.uniform(0, PAUSE[1])))
        self._move()
        # What would come after the end is not done: all would do it at once.
        while (pause := float(self._rng.uniform(*PAUSE))) < until - perf_counter():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await asyncio.shield(self._client.closed)
            if self._client.closed.done():
                await self._come_back()
            else:
                self._do_something()
        deadline = perf_counter() + SETTLING
        while (self._asked or self._resuming or self._opening is not None) and perf_counter() < deadline:
            await asyncio.sleep(0.05)
        self._abandoned()
        self._client.leave()

    def _do_something(self) -> None:
        chance = self._rng.random()
        if chance < PLAYS:
            self._say("seek", step=0)
            self._say("play", speed=30)
        elif chance < PLAYS + STUDIES:
            study = STUDIED[self._rng.integers(len(STUDIED))]
            self._ask("study", self._waits.studies, run=0, step=0, study=study)
        else:
            self._move()

    def _move(self) -> None:
        """Move the learning rate to where nobody has been, and want the new picture."""
        self._abandoned()
        self._document = copy.deepcopy(self._base)
        optimizer = self._document["runs"][0]["optimizer"]
        if "learning_rate" in optimizer:
            optimizer["learning_rate"] *= float(self._rng.uniform(0.7, 1.0))
        else:
            self._document["seed"] = int(self._rng.integers(1 << 31))
        self._opening = perf_counter()
        self._say("open", experiment=self._document, channels=CHANNELS)
        self._say("play")
        self._ask("surface", self._waits.surfaces)

    async def _come_back(self) -> None:
        """Connect again until that succeeds, and resume at the steps that are there."""
        self._waits.cut += 1
        self._asked.clear()
        self._opening = None
        while True:
            await asyncio.sleep(float(self._rng.uniform(*AGAIN)))
            with contextlib.suppress(OSError):
                self._client = await connected(self._address, self._heard)
                break
        self._resuming = True
        resume = {"plane_id": self._plane_id, "steps": self._held}
        self._say("open", experiment=self._document, channels=CHANNELS, resume=resume)
        self._say("play")

    def _ask(self, kind: str, waits: list[float], **fields: Any) -> None:
        self._number += 1
        self._asked[self._number] = (perf_counter(), waits)
        self._say(kind, id=self._number, **fields)

    def _say(self, kind: str, **fields: Any) -> None:
        assert self._client is not None
        with contextlib.suppress(ConnectionError):  # it comes back as soon as it notices
            self._client.say(kind, **fields)

    def _abandoned(self) -> None:
        """What has not come by the next move took at least so long."""
        now = perf_counter()
        if self._opening is not None:
            self._waits.acknowledged.append((now - self._opening) * 1000)
        for began, waits in self._asked.values():
            waits.append((now - began) * 1000)
        self._asked.clear()
        self._opening = None

    def _answered(self, number: int, now: float) -> None:
        if number in self._asked:
            began, waits = self._asked.pop(number)
            waits.append((now - began) * 1000)

    def _heard(self, now: float, opcode: int, body: bytes) -> None:
        if opcode == TEXT:
            self._told(now, json.loads(body))
            return
        kind, meta = kind_and_meta(body)
        if kind == STEPS:
            run, last = meta["run"], meta["first"] + meta["count"]
            self._held[run] = max(self._held[run], last)
        elif kind == SURFACE or (kind == STUDY and meta["progress"] >= 1):
            self._answered(meta["id"], now)

    def _told(self, now: float, message: dict[str, Any]) -> None:
        match message["type"]:
            case "opened":
                self._opened(now, message)
            case "plane":
                if message["plane_id"] != self._plane_id:
                    self._held = [0] * len(self._held)
                self._plane_id = message["plane_id"]
            case "error":
                if message["status"] != GIVEN_UP:
                    self._waits.errors.append(f"{message['status']}: {message['detail']}"[:200])
                self._asked.pop(message.get("id", 0), None)

    def _opened(self, now: float, message: dict[str, Any]) -> None:
        if self._resuming:
            self._resuming = False
            self._waits.resumed += 1
        elif self._opening is not None:
            self._waits.acknowledged.append((now - self._opening) * 1000)
            self._opening = None
        self._held = message["kept"] or [0] * len(message["runs"])


async def _greedy(address: str, seconds: float) -> None:
    """A student who asks for everything at its bounds, all the time."""
    target, until = Target(address, "127.0.0.1"), perf_counter() + seconds
    while perf_counter() < until:
        for messages in GREED:
            with contextlib.suppress(OSError):
                await greed.says(messages, 3.0)(target)


async def _lesson(
    address: str, students: int, seconds: float, *, greedy: bool, halfway: Callable[[], object] | None
) -> Waits:
    """What a class has waited after its lesson."""
    waits, rng = Waits(), np.random.default_rng(0)
    bases = _bases()
    people = [
        Student(
            address, bases[0] if number % ONE_IN == 0 else bases[1 + number % (len(bases) - 1)], own, waits
        )
        for number, own in enumerate(rng.spawn(students))
    ]
    beside = [asyncio.create_task(_greedy(address, seconds))] if greedy else []
    if halfway is not None:
        beside.append(asyncio.create_task(_after(seconds / 2, halfway)))
    await asyncio.gather(*(each.learn(seconds) for each in people))
    for task in beside:
        task.cancel()
    for error in await asyncio.gather(*beside, return_exceptions=True):
        if isinstance(error, Exception):
            raise error
    return waits


async def _after(seconds: float, work: Callable[[], object]) -> None:
    await asyncio.sleep(seconds)
    await asyncio.to_thread(work)


def _bases() -> list[dict[str, Any]]:
    """The curated experiments with all their settings, Digits first."""
    entries = sorted(ds.catalog()["experiments"], key=lambda entry: entry["id"] != DIGITS)
    return [ds.Experiment.model_validate(entry["experiment"]).model_dump(mode="json") for entry in entries]


@dataclass(frozen=True)
class Lesson:
    """A class of so many, beside a greedy one perhaps, whose service may be killed in the middle."""

    students: int
    seconds: float
    greedy: bool = False
    killed: bool = False

    @property
    def title(self) -> str:
        beside = " and a greedy one" if self.greedy else ""
        return f"{self.students} students{beside}{', service killed' if self.killed else ''}"

    def held(self, address: str, kill: Callable[[], object] | None = None) -> Waits:
        """Hold it on a service."""
        # What a service reads and compiles at its first use, no student waits for.
        run(live(address, 200, FULL))
        halfway = kill if self.killed else None
        return run(_lesson(address, self.students, self.seconds, greedy=self.greedy, halfway=halfway))


def classroom(effort: Effort) -> Figures:
    """Classes of 10 and 30; of 100 and 200 as they are, beside a greedy one, and with a service killed."""
    seconds = SECONDS if not effort.quick else QUICK_SECONDS
    for students in (effort.of(each, max(3, each // 10)) for each in (10, 30, 100, 200)):
        with capped(SETTINGS | NETWORK) as service:
            alone = Lesson(students, seconds if students >= 100 else min(seconds, 60.0))
            calm = alone.held(service.address)
            yield from figures(alone, calm)
        if students < effort.of(100, 10):
            continue
        for lesson in (Lesson(students, seconds, greedy=True), Lesson(students, seconds, killed=True)):
            with capped(SETTINGS | NETWORK) as service:
                waits = lesson.held(service.address, service.restart)
                yield from figures(lesson, waits, calm if lesson.greedy else None)


def figures(lesson: Lesson, waits: Waits, calm: Waits | None = None) -> Figures:
    """What a lesson shows; beside a greedy student it is held against the same class without."""
    wanted: tuple[float | None, float | None] = (None, None)
    if calm is not None:
        wanted = DOUBLED * p95(calm.acknowledged), DOUBLED * p95(calm.surfaces)
    elif not (lesson.killed or lesson.greedy):
        wanted = GOALS.get(lesson.students, wanted)
    for what, found, most in (
        ("acknowledged p95", waits.acknowledged, wanted[0]),
        ("first surface p95", waits.surfaces, wanted[1]),
        ("study p95", waits.studies, None),
    ):
        goal = None if most is None else Goal("most", most)
        yield Figure(f"{lesson.title}: {what}", OURS, (p95(found),), "ms", goal)
    moves = f"errors of {len(waits.acknowledged) + len(waits.studies)}"
    yield Figure(f"{lesson.title}: {moves}", OURS, (float(len(waits.errors)),), "errors", Goal("most", 0))
    if lesson.killed:
        goal = Goal("least", float(waits.cut))
        yield Figure(
            f"{lesson.title}: resumed of {waits.cut}", OURS, (float(waits.resumed),), "students", goal
        )


def p95(found: list[float]) -> float:
    """What the slowest twentieth waits at least."""
    return float(np.percentile(found, 95)) if found else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.classroom", description=__doc__)
    parser.add_argument("--students", type=int, nargs="+", default=[100, 200])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS:.0f} seconds")
    parser.add_argument("--greedy", action="store_true", help="one more student asks for all there is")
    parser.add_argument(
        "--kill", action="store_true", help="kill the service in the middle, and start it again"
    )
    parser.add_argument("--address", help="of a service that runs already: http://127.0.0.1:8000")
    parser.add_argument("--restart", metavar="COMMAND", help="kills and starts the service at that address")
    chosen = parser.parse_args()
    missed = 0
    for students in chosen.students:
        seconds = QUICK_SECONDS if chosen.quick else chosen.seconds
        lesson = Lesson(students, seconds, chosen.greedy, chosen.kill or bool(chosen.restart))
        with _service(chosen.address, chosen.restart) as (address, restart):
            waits = lesson.held(address, restart)
        for figure in figures(lesson, waits):
            missed += figure.met is False
            end = "  missed" if figure.met is False else ""
            print(f"{figure.work:60}{figure.median:12,.1f} {figure.unit}{end}")
        for error in sorted(set(waits.errors)):
            print(f"  {waits.errors.count(error)} x {error}")
    sys.exit(missed > 0)


@contextlib.contextmanager
def _service(address: str | None, restart: str | None) -> Iterator[tuple[str, Callable[[], object]]]:
    """The address of a service, and what kills it and starts it again."""
    if address is not None:
        yield address, lambda: subprocess.run(restart or "false", shell=True, check=True)
        return
    service: Capped
    with capped(SETTINGS | NETWORK) as service:
        yield service.address, service.restart


ROWS = (
    Row(
        "class",
        "a class at work (curated experiments, one student in ten on Digits)",
        "Every student has one of the curated experiments open, and every 2 to 6 s moves its learning rate "
        "to where nobody was and asks for the descent and the surface, or plays it, or asks for a study. "
        "The service and the students share the processors of this machine. Acknowledged: `opened` came. "
        "What the next move overtakes counts with the time that it was waited for. The greedy one asks for "
        "everything at its bounds all the time. A service that is killed is started again at once; a student "
        "has resumed when its experiment is open again.",
        classroom,
        "Compiled code, of which Digits takes half: 0.1 s of processor before its first picture and 0.4 s in "
        "all (1,437 examples in each of 3,721 cells), so that every tenth student decides the slowest "
        "twentieth. Of 200 students the moves ask for more than two cores have.",
    ),
)

if __name__ == "__main__":
    main()
