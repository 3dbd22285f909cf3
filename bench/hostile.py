"""``python -m bench.hostile``: what strangers may send, one after another, and what others notice of it.

The service is on the loopback, in a process of its own whose memory is capped. While an attack goes on
somebody else uses it (`bench.bystander`). An attack succeeds where anything is answered by 5xx (but by a 503
that says when to come back), is logged with a traceback, takes more memory than is promised, or is noticed by
others: by the bounds below or, where the machine is busy, by twice what they wait when nobody attacks.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.attacks import ATTACKS, Attack
from bench.bystander import Bystander, Waits, bystander
from bench.capped import Capped, at_rest, capped
from bench.figures import OURS, Figure, Figures, Goal, Row
from bench.service import NETWORK
from bench.timing import Effort
from bench.wire import Target

HEALTH_MS, SLIDER_MS = 100.0, 300.0
PROMISED = (1 << 30) + (512 << 20)
"""Bytes of experiments and of the cache, as docs/service.md has them, beside those at rest."""

SLACK = 1.1
"""Of memory: allocators keep a little of what was given back."""

SECONDS, QUICK_SECONDS = 6.0, 1.5
SETTLING = 20.0
"""Seconds after an attack within which the service answers as before; else it is started again."""

NOTICED = 2.0
"""Times what the other one waits when nobody attacks: the least that can be told from a busy machine."""


@dataclass
class Outcome:
    """What came of an attack, and what others noticed; ``faults`` say by what it succeeded."""

    name: str
    waits: Waits
    peak: int
    answers: Counter[str]
    faults: list[str] = field(default_factory=list)

    @property
    def health(self) -> float:
        return max(self.waits.health, default=0.0)

    @property
    def slider(self) -> float:
        return max([*self.waits.opened, *self.waits.surface], default=0.0)


@dataclass(frozen=True)
class Rest:
    """What is when nobody attacks: the other one's waits, and the service's memory."""

    health: float
    slider: float
    memory: int

    def faults(self, found: Outcome) -> Iterator[str]:
        """What others notice of an attack."""
        if found.health > max(HEALTH_MS, NOTICED * self.health):
            yield f"healthz {found.health:.0f} ms"
        if found.slider > max(SLIDER_MS, NOTICED * self.slider):
            yield f"slider {found.slider:.0f} ms"
        if found.waits.refused:
            yield f"{found.waits.refused} refused to others"
        if found.peak > self.memory + PROMISED * SLACK:
            yield f"{found.peak / 2**20:.0f} MiB"


class Siege:
    """The service under attack, and the other one who uses it."""

    def __init__(self, service: Capped, other: Bystander, seconds: float) -> None:
        self._service, self._other, self._seconds = service, other, seconds
        self._rest: Rest | None = None
        self.nobody = self._outcome(Attack("nobody", _nothing), 0)
        self._rest = Rest(self.nobody.health, self.nobody.slider, at_rest(service))

    def attacked(self, attack: Attack, number: int) -> Outcome:
        """An attack, and once more where it succeeded: a busy machine is no fault of the service."""
        found = self._outcome(attack, number)
        if found.faults:
            self._recovered()
            found = self._outcome(attack, number)
        if found.faults:
            self._recovered()
        return found

    def _outcome(self, attack: Attack, number: int) -> Outcome:
        service, target = self._service, Target(self._service.address, f"127.0.{100 + number}.9")
        before = service.tracebacks()
        self._other.waits()
        with service.watched():
            asyncio.run(_repeated(attack, target, self._seconds))
            waits = self._other.waits()
        found = Outcome(attack.name, waits, service.peak, target.answers)
        found.faults = sorted(set(target.faults))
        if self._rest is not None:
            found.faults += self._rest.faults(found)
        if service.tracebacks() > before:
            found.faults.append("logged a traceback")
        if not service.runs:
            found.faults.append("ended the service")
        return found

    def _recovered(self) -> None:
        """A service that answers as if nothing had been: the same one if it can."""
        deadline = time.monotonic() + SETTLING
        while self._service.runs and time.monotonic() < deadline:
            self._other.waits()
            time.sleep(1.2)
            health = max(self._other.waits().health, default=0.0)
            if self._rest is not None and health <= max(HEALTH_MS, NOTICED * self._rest.health):
                return
        self._service.restart()
        at_rest(self._service)


def outcomes(attacks: Sequence[Attack], seconds: float) -> Iterator[Outcome]:
    """What nobody does, then each attack."""
    with capped(NETWORK) as service, bystander(service.address) as other:
        siege = Siege(service, other, seconds)
        yield siege.nobody
        for number, attack in enumerate(attacks):
            yield siege.attacked(attack, number)


async def _nothing(_: Target) -> None:
    await asyncio.sleep(1.0)


async def _repeated(attack: Attack, target: Target, seconds: float) -> None:
    until = time.monotonic() + seconds

    async def attacker() -> None:
        while time.monotonic() < until:
            try:
                await attack.once(target)
            except (OSError, EOFError, asyncio.IncompleteReadError, TimeoutError):
                target.answers["cut"] += 1
                await asyncio.sleep(0.05)

    attackers = [asyncio.create_task(attacker()) for _ in range(attack.at_once)]
    await asyncio.wait(attackers, timeout=seconds + 0.5)
    for each in attackers:
        each.cancel()
    for error in await asyncio.gather(*attackers, return_exceptions=True):
        if isinstance(error, Exception):
            raise error


def hostile(effort: Effort) -> Figures:
    """The row of the bench: of all attacks the worst."""
    _, *found = outcomes(ATTACKS[:: effort.of(1, 8)], effort.of(int(SECONDS), 1))
    for what, values, goal, unit in (
        ("healthz meanwhile", [each.health for each in found], HEALTH_MS, "ms"),
        ("another one's slider meanwhile", [each.slider for each in found], SLIDER_MS, "ms"),
        ("memory at its peak", [each.peak / 2**20 for each in found], None, "MiB"),
        ("attacks that succeeded", [float(sum(bool(each.faults) for each in found))], 0.0, "attacks"),
    ):
        bound = None if goal is None else Goal("most", goal)
        yield Figure(f"{len(found)} attacks, {what}", OURS, (max(values),), unit, bound)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="WORDS", help="attacks whose names hold any of these")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each goes on")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS} seconds each")
    chosen = parser.parse_args()
    attacks = [each for each in ATTACKS if not chosen.only or any(word in each.name for word in chosen.only)]
    print(f"{'attack':36}{'healthz':>9}{'opened':>9}{'surface':>9}{'MiB':>7}  answers", flush=True)
    lost = 0
    for found in outcomes(attacks, QUICK_SECONDS if chosen.quick else chosen.seconds):
        lost += bool(found.faults)
        _print(found)
    print(f"{len(attacks)} attacks, {lost} succeeded")
    sys.exit(lost > 0)


def _print(found: Outcome) -> None:
    times = (found.health, max(found.waits.opened, default=0), max(found.waits.surface, default=0))
    answers = ", ".join(f"{count} x {answer}" for answer, count in found.answers.most_common(5))
    columns = "".join(f"{each:9.0f}" for each in times)
    print(f"{found.name:36}{columns}{found.peak / 2**20:7.0f}  {answers}", flush=True)
    for fault in found.faults:
        print(f"{'':36}  {fault}", flush=True)


ROWS = (
    Row(
        "hostile",
        "what strangers send",
        "Every attack of `bench/attacks` for some seconds on a service on the loopback, while somebody else "
        "asks whether it is alive and moves a slider. The worst of all; a 503 that says when to come back "
        "is no failure. `python -m bench.hostile` has a line an attack, and names what succeeded.",
        hostile,
    ),
)

if __name__ == "__main__":
    main()
