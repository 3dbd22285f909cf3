"""The row of a class: students who all move their sliders, each in an experiment of the catalogue."""

from __future__ import annotations

import asyncio
import json
from time import perf_counter
from typing import Any

import numpy as np

import descentscape as ds
from bench.client import SURFACE, TEXT, connected, kind_and_meta
from bench.figures import OURS, Figure, Figures, Goal, Row
from bench.service import run, serving
from bench.streaming import FULL, live
from bench.timing import Effort

STUDENTS = (10, 30, 100)
PAUSE = (2.0, 6.0)
"""Seconds from one move of a slider to the next."""

GOALS = {100: (Goal("most", 100.0), Goal("most", 300.0))}
SETTLING = 60.0


def classroom(effort: Effort) -> Figures:
    """Classes of 10, 30 and 100, each with a service of its own."""
    for students in (effort.of(each, max(3, each // 10)) for each in STUDENTS):
        with serving() as address:
            # What a service reads and compiles at its first use, no student waits for.
            run(live(address, 200, FULL))
            people = run(_lesson(address, students, effort.of(24, 4)))
        acknowledged = np.concatenate([each.acknowledged for each in people])
        surfaces = np.concatenate([each.surfaces for each in people])
        goals = GOALS.get(students, (None, None))
        p95 = (float(np.percentile(acknowledged, 95)),)
        yield Figure(f"{students} students, acknowledged p95", OURS, p95, "ms", goals[0])
        p95 = (float(np.percentile(surfaces, 95)),)
        yield Figure(f"{students} students, first surface p95", OURS, p95, "ms", goals[1])
        middle = (float(np.median(surfaces)),)
        yield Figure(f"{students} students, first surface median", OURS, middle, "ms")
        refused = (float(sum(each.refused for each in people)),)
        yield Figure(f"{students} students, refused of {len(surfaces)} moves", OURS, refused, "moves")


class Student:
    """One open page; after each move it waits for the answer and for the first surface of the new picture."""

    def __init__(self, documents: list[dict[str, Any]]) -> None:
        self.documents = documents
        self.acknowledged: list[float] = []
        self.surfaces: list[float] = []
        self.moves = self.refused = 0
        self._moved = 0.0
        self._surface = -1

    def heard(self, now: float, opcode: int, body: bytes) -> None:
        if opcode == TEXT:
            message = json.loads(body)
            self.refused += message["type"] == "error"
            if message["type"] == "opened":
                self.acknowledged.append((now - self._moved) * 1000)
        else:
            kind, meta = kind_and_meta(body)
            if kind == SURFACE and meta["id"] == self._surface:
                self.surfaces.append((now - self._moved) * 1000)
                self._surface = -1

    async def learn(self, address: str, rng: np.random.Generator, seconds: float) -> None:
        client = await connected(address, self.heard)
        await asyncio.sleep(float(rng.uniform(0, PAUSE[1])))
        until = perf_counter() + seconds
        while perf_counter() < until and self.moves < len(self.documents):
            self._abandoned()
            self._moved, self._surface = perf_counter(), self.moves
            client.say("open", experiment=self.documents[self.moves])
            client.say("play")
            client.say("surface", id=self._surface)
            self.moves += 1
            await asyncio.sleep(float(rng.uniform(*PAUSE)))
        deadline = perf_counter() + SETTLING
        while self._surface >= 0 and perf_counter() < deadline:
            await asyncio.sleep(0.05)
        self._abandoned()
        client.leave()
        await client.closed

    def _abandoned(self) -> None:
        """A surface that has not come by the next move took at least so long."""
        if self._surface >= 0:
            self.surfaces.append((perf_counter() - self._moved) * 1000)


async def _lesson(address: str, students: int, seconds: float) -> list[Student]:
    """A class after its lesson."""
    rng = np.random.default_rng(0)
    curated = [ds.Experiment.model_validate(each["experiment"]) for each in ds.catalog()["experiments"]]
    moves = int(seconds / PAUSE[0]) + 1
    people = [
        Student([_moved(curated[number % len(curated)], rng) for _ in range(moves)])
        for number in range(students)
    ]
    generators = rng.spawn(students)
    await asyncio.gather(
        *(each.learn(address, own, seconds) for each, own in zip(people, generators, strict=True))
    )
    return people


def _moved(experiment: ds.Experiment, rng: np.random.Generator) -> dict[str, Any]:
    """The experiment with its first run's learning rate moved down a little, to what no one else has."""
    document: dict[str, Any] = experiment.model_dump(mode="json")
    optimizer = document["runs"][0]["optimizer"]
    if "learning_rate" in optimizer:
        optimizer["learning_rate"] *= float(rng.uniform(0.7, 1.0))
    else:
        document["seed"] = int(rng.integers(1 << 31))
    return document


ROWS = (
    Row(
        "class",
        "students’ sliders at once (curated experiments)",
        "Every student has one of the curated experiments open, moves its learning rate every 2 to 6 s to a "
        "value that nobody had, and asks for the descent and the surface. The service and the students share "
        "the processors of this machine. Acknowledged: `opened` is there. A surface that the next move "
        "overtakes counts with the time that it was waited for.",
        classroom,
    ),
)
