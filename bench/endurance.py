"""``python -m bench.endurance``: ten thousand different experiments, one after the other, on one service."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import descentscape as ds
from bench.capped import Capped, at_rest, capped
from bench.classroom import p95
from bench.client import SURFACE, TEXT, Client, connected, kind_and_meta
from bench.figures import OURS, Figure, Figures, Goal, Row
from bench.hostile import PROMISED, SLACK
from bench.service import run
from bench.timing import Effort

EXPERIMENTS, QUICK_EXPERIMENTS = 10_000, 200
STREAMS = 4
"""Pages that are open at a time: the service has more than one thread."""

PAGE = 100
"""Experiments that a page opens before it is closed and another opened."""

LONGEST = 60.0

DATASETS = ("moons", "circles", "spirals", "line", "sine", "gaussians", "iris", "wine", "digits")
RULES = ("gd", "momentum", "adam", "rmsprop", "lbfgs", "sam")


@dataclass(frozen=True)
class Look:
    """What the service holds after so many experiments."""

    experiments: int
    resident: int
    descriptors: int
    threads: int


def experiment(number: int) -> dict[str, Any]:
    """One of a kind: formulas and networks, small and large data, short and long runs."""
    rng = np.random.default_rng(number)
    rules = [
        {"optimizer": {"kind": str(rule)}}
        for rule in rng.choice(RULES, int(rng.integers(1, 4)), replace=False)
    ]
    view = {"grid": {"resolution": int(rng.choice([25, 51, 101]))}}
    document: dict[str, Any] = {
        "seed": number,
        "steps": int(rng.integers(5, 400)),
        "runs": rules,
        "view": view,
    }
    if rng.random() < 0.2:
        formula = str(rng.choice([entry["kind"] for entry in ds.catalog()["formulas"]]))
        return document | {"problem": {"kind": "formula", "name": formula}, "runs": rules[:1]}
    dataset: dict[str, Any] = {
        "kind": str(rng.choice(DATASETS, p=[0.2, 0.15, 0.15, 0.1, 0.1, 0.1, 0.1, 0.07, 0.03]))
    }
    if dataset["kind"] not in ("iris", "wine", "digits"):
        dataset |= {"n": int(rng.integers(40, 2000)), "seed": number}
    hidden = [int(width) for width in rng.integers(1, 17, int(rng.integers(0, 3)))]
    return document | {"problem": {"kind": "network", "hidden": hidden, "dataset": dataset}}


class Page:
    """Opens one experiment after the other, each once the surface of the one before has come."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.errors: list[str] = []
        self._client: Client
        self._number, self._seen = -1, asyncio.Event()

    async def open(self, address: str, numbers: list[int]) -> None:
        self._client = await connected(address, self._heard)
        loop = asyncio.get_running_loop()
        for self._number in numbers:
            self._seen.clear()
            began = loop.time()
            self._client.say("open", experiment=experiment(self._number))
            self._client.say("play")
            self._client.say("surface", id=self._number)
            async with asyncio.timeout(LONGEST):
                await self._seen.wait()
            self.waits.append((loop.time() - began) * 1000)
        self._client.leave()
        await self._client.closed

    def _heard(self, _now: float, opcode: int, body: bytes) -> None:
        if opcode == TEXT:
            if body.startswith(b'{"type":"error"'):
                self.errors.append(body[:300].decode())
                self._seen.set()
        else:
            kind, meta = kind_and_meta(body)
            if kind == SURFACE and meta["id"] == self._number and meta["done"]:
                self._seen.set()


def looks(service: Capped, count: int, page: Page) -> Iterator[Look]:
    """What the service holds at rest, and after every hundredth part of so many experiments or so."""
    part = max(STREAMS, count // 100)
    at_rest(service)
    yield _look(service, 0)
    for first in range(0, count, part):
        run(_part(service.address, range(first, min(count, first + part)), page))
        yield _look(service, min(count, first + part))


async def _part(address: str, numbers: range, page: Page) -> None:
    pages = [Page() for _ in range(STREAMS)]
    await asyncio.gather(*(each.open(address, list(numbers)[k::STREAMS]) for k, each in enumerate(pages)))
    for each in pages:
        page.waits += each.waits
        page.errors += each.errors


def _look(service: Capped, experiments: int) -> Look:
    return Look(experiments, service.resident(), service.descriptors(), service.threads())


def endurance(effort: Effort) -> Figures:
    """Memory, descriptors and threads over so many experiments."""
    count, page = effort.of(EXPERIMENTS, QUICK_EXPERIMENTS), Page()
    with capped() as service, service.watched():
        found = list(looks(service, count, page))
        peak = service.peak
    yield from figures(found, peak, page)


def figures(found: list[Look], peak: int, page: Page) -> Figures:
    """The figures of all looks; descriptors and threads are held against those of the first tenth."""
    count, warm = found[-1].experiments, found[: max(2, len(found) // 10)]
    bound = (found[0].resident + PROMISED * SLACK) / 2**20
    title = f"{count:,} experiments"
    yield Figure(f"{title}: memory at its peak", OURS, (peak / 2**20,), "MiB", Goal("most", bound))
    for name in ("descriptors", "threads"):
        most = float(max(getattr(each, name) for each in warm))
        values = (float(getattr(found[-1], name)),)
        yield Figure(f"{title}: {name} at the end", OURS, values, name, Goal("most", most))
    yield Figure(f"{title}: surface complete p95", OURS, (p95(page.waits),), "ms")
    yield Figure(f"{title}: errors", OURS, (float(len(page.errors)),), "errors", Goal("most", 0))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.endurance", description=__doc__)
    parser.add_argument("--experiments", type=int, default=EXPERIMENTS)
    chosen = parser.parse_args()
    found, page = [], Page()
    with capped() as service, service.watched():
        print(f"{'experiments':>12}{'MiB':>8}{'descriptors':>13}{'threads':>9}")
        for look in looks(service, chosen.experiments, page):
            found.append(look)
            print(
                f"{look.experiments:12,}{look.resident / 2**20:8.0f}{look.descriptors:13}{look.threads:9}",
                flush=True,
            )
        peak = service.peak
    missed = 0
    for figure in figures(found, peak, page):
        missed += figure.met is False
        print(
            f"{figure.work:50}{figure.median:12,.1f} {figure.unit}{'  missed' if figure.met is False else ''}"
        )
    for error in sorted(set(page.errors))[:20]:
        print(f"  {error}")
    sys.exit(missed > 0)


ROWS = (
    Row(
        "endurance",
        "ten thousand different experiments, one after the other",
        "Four pages at a time open experiments of all kinds, each once the surface of the last one has come. "
        "The service’s memory is held against what docs/service.md promises, its descriptors and threads "
        "against those after the first tenth.",
        endurance,
    ),
)

if __name__ == "__main__":
    main()
