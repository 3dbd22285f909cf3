"""The row of prices: what the cost model tells of drawn experiments beside what they take."""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import process_time
from typing import Any

from pydantic import ValidationError

from bench.figures import OURS, Figure, Figures, Goal, Row
from bench.timing import Effort
from descentscape.compute.allowance import LEAST_PRICE, OUTGROWN, Allowance
from descentscape.compute.build import formula_objective
from descentscape.compute.computation import Computation
from descentscape.compute.cost_model import estimate
from descentscape.compute.descents import DescentCache
from descentscape.compute.machine import Operations, fitted
from descentscape.compute.memory import surface_bytes
from descentscape.core.descent.ahead import compile_ahead
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.objective import FORMULAS
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.architecture import WORKSPACES
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.time_slices import run_to_completion
from descentscape.document.experiment import Experiment
from descentscape.document.planes import PLANES
from descentscape.document.points import PlaceSpec
from descentscape.studies import STUDIES, Subject, conduct
from descentscape.studies.inspection import place_of

FACTOR = 3.0
"""A price is right that is at most so many times too high or too low."""

LONGEST = 1.5
"""Seconds of what is measured: the rest of what is drawn is left out."""

SHORTEST = 0.01
"""Seconds below which a price is that of the calls of the interpreter, whatever is computed."""

PATIENT = Allowance(clock=lambda: 0.0)
"""Of measurements, which stop nothing: what would have been stopped is counted."""

STUDIES_EACH = 4
"""Studies that are drawn for each experiment."""

Document = dict[str, Any]


@dataclass(frozen=True)
class Priced:
    """A piece of work: its price, and what it took, in seconds or bytes."""

    of: str
    price: float
    taken: float

    @property
    def ratio(self) -> float:
        """How many times the price it took."""
        return self.taken / self.price

    @property
    def stopped(self) -> bool:
        """Whether the service would have stopped it."""
        return self.of != "bytes" and self.taken > OUTGROWN * max(self.price, LEAST_PRICE)


def drawn(draw: random.Random) -> Document:
    """An experiment of any problem, with any optimizers, batches, edits, starts, plane and resolution."""
    steps = round(10 ** draw.uniform(1, 3))
    problem = draw.choice([_network, _network, _network, _small, _formula])(draw)
    has_data = problem["kind"] != "formula"
    document: Document = {"problem": problem, "steps": steps, "seed": draw.randrange(1000)}
    document["runs"] = [_run(draw, has_data) for _ in range(draw.choice([1, 1, 2, 3, 5]))]
    if draw.random() < 0.15:
        document["start"] = {"kind": "lift", "at": [0.1, 0.1], "steps": draw.choice([None, steps, 3 * steps])}
    if draw.random() < 0.2:
        document["edits"] = [{"step": steps // 2, "optimizer": _rule(draw)}]
    plane = draw.choice([None, *PLANES]) if has_data else None
    view: Document = {"grid": {"resolution": draw.choice([31, 51, 101, 151])}}
    if plane not in (None, "custom"):
        view["plane"] = {"kind": plane}
    return document | {"view": view}


def _network(draw: random.Random) -> Document:
    hidden = [round(2 ** draw.uniform(1, 6.5)) for _ in range(draw.randint(0, 4))]
    dataset = draw.choice(["moons", "circles", "spirals", "sine", "digits", "iris"])
    activation = draw.choice([*ACTIVATIONS])
    return {"kind": "network", "hidden": hidden, "activation": activation, "dataset": _dataset(draw, dataset)}


def _small(draw: random.Random) -> Document:
    return {"kind": draw.choice(["linear", "chain"]), "dataset": _dataset(draw, "line")}


def _formula(draw: random.Random) -> Document:
    return {"kind": "formula", "name": draw.choice([*FORMULAS])}


def _dataset(draw: random.Random, kind: str) -> Document:
    count = {} if kind in ("digits", "iris") else {"n": round(10 ** draw.uniform(1.3, 3.3))}
    return {"kind": kind, "test_fraction": draw.choice([0.0, 0.0, 0.3]), **count}


def _run(draw: random.Random, has_data: bool) -> Document:
    batch = {"batch_size": draw.choice([1, 4, 14])} if has_data and draw.random() < 0.4 else {}
    return {"optimizer": _rule(draw), **batch}


def _rule(draw: random.Random) -> Document:
    """A rule, at a rate so small that its runs do not end early."""
    kind = draw.choice([*OPTIMIZERS])
    slow = {"learning_rate": 1e-6} if kind in ("gd", "momentum", "nesterov", "sam") else {}
    return {"kind": kind, **slow}


def measured(count: int, machine: Operations, seed: int = 0) -> Iterator[Priced]:
    """The work of so many experiments that are drawn from a seed."""
    draw, left = random.Random(seed), count
    while left:
        try:
            experiment = Experiment.model_validate(drawn(draw))
        except ValidationError:
            continue
        work = estimate(experiment, machine)
        if max(work.descent_seconds + work.plane_seconds, work.surface_seconds) > LONGEST:
            continue
        # A rule may have no step where it is led to, a lifted start no finite cost.
        with suppress(InvalidValue):
            yield from _experiment(experiment, machine, draw)
            left -= 1


def _experiment(experiment: Experiment, machine: Operations, draw: random.Random) -> Iterator[Priced]:
    work = estimate(experiment, machine)

    def computed() -> Computation:
        formula_objective.cache_clear()  # it is priced for who opens it first
        return _told(Computation(experiment, DescentCache(budget=0), allowance=PATIENT))

    seconds = min(_seconds(computed) for _ in range(2))
    yield Priced("runs and their plane", work.descent_seconds + work.plane_seconds, seconds)
    computation = computed()
    seconds = min(_seconds(computation.finished_surface) for _ in range(2))
    yield Priced("surfaces", work.surface_seconds, seconds)
    told = work.nbytes - surface_bytes(experiment.view.grid.resolution)
    yield Priced("bytes", told, _bytes(experiment))
    for kind in draw.sample(sorted(STUDIES), STUDIES_EACH):
        with suppress(InvalidValue):
            yield _study(computation, kind, machine, draw)


def _study(computation: Computation, kind: str, machine: Operations, draw: random.Random) -> Priced:
    study = STUDIES[kind]
    request = study.request.model_validate({"kind": kind})
    subject = Subject(computation, place_of(computation, PlaceSpec(step=computation.experiment.steps // 2)))
    price = study.price(subject, request, machine).seconds
    if price > LONGEST:
        raise InvalidValue("study", "shorter", price)
    seconds = min(_seconds(lambda: run_to_completion(conduct(subject, request))) for _ in range(2))
    return Priced("studies", price, seconds)


def _seconds(work: Any) -> float:
    began = process_time()
    work()
    return process_time() - began


def _told(computation: Computation) -> Computation:
    """The computation with its runs, their window, and what a client is told of them."""
    computation.descend().unwatched(("stationary_at",))
    while not computation.advance(1.0):
        pass
    return computation


def _bytes(experiment: Experiment) -> float:
    """What the runs hold that Python and NumPy know of; a thread's workspaces are bounded apart.

    A formula is weighed as by who opens it first.
    """
    text = experiment.model_dump_json()
    formula_objective.cache_clear()
    tracemalloc.start()
    held = _told(Computation(Experiment.model_validate_json(text), DescentCache()))
    WORKSPACES.clear()
    gc.collect()
    nbytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del held
    return nbytes


def prices(effort: Effort) -> Figures:
    """For each kind of work: the share of prices that are right, and the spread of the others."""
    compile_ahead()
    yield from _figures(measured(effort.of(100, 3), fitted(process_time)), OURS)


def _figures(found: Iterable[Priced], who: str) -> Figures:
    kinds: dict[str, list[Priced]] = {}
    stopped = 0
    for each in found:
        kinds.setdefault(each.of, []).append(each)
        stopped += each.stopped
    for kind, each in kinds.items():
        counted = [one for one in each if kind == "bytes" or max(one.price, one.taken) > SHORTEST]
        right = 100 * sum(1 / FACTOR < one.ratio < FACTOR for one in counted) / len(counted)
        yield Figure(f"{kind}: within {FACTOR:g}x", who, (right,), "%", Goal("least", 95.0))
        ratios = sorted(one.ratio for one in counted)
        yield Figure(f"{kind}: taken over told", who, tuple(ratios), "times")
    yield Figure("pieces of work that would be stopped", who, (stopped,), "", Goal("most", 0.0))


ROWS = (
    Row(
        "prices",
        "what the cost model tells of work before it is begun",
        "A hundred experiments drawn from a seed: all kinds of problems, rules, batches, edits, lifted "
        "starts, planes and studies. Seconds of processor, the lesser of two; bytes as tracemalloc has them.",
        prices,
    ),
)
