"""``python -m bench.slices [word ...]``: the longest time slice of all that can be asked, at its bounds.

Seconds of the slice's own thread on one processor; what runs aside, on threads of its own, is told beside.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter, thread_time
from typing import Any

from pydantic import TypeAdapter

from descentscape.api.http import jobs
from descentscape.api.http.payloads import RENDERED
from descentscape.api.ops.admission import Admission
from descentscape.api.stream.messages import Inspect
from descentscape.api.stream.session import Session
from descentscape.compute.computation import Computation
from descentscape.compute.descents import DescentCache
from descentscape.core.descent.ahead import compile_ahead
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.time_slices import reported
from descentscape.document.experiment import Experiment
from descentscape.document.planes import PLANES
from descentscape.output.exports import by_media_type
from descentscape.studies import STUDIES, StudyRequest, Subject, conduct
from descentscape.studies.inspection import WANTS, place_of

BOUND = 0.05
"""Seconds that no slice may take."""

ENOUGH = 15.0
"""Seconds after which work is given up: its slices are known by then."""

MANY = {"kind": "moons", "n": 5000}

PROBLEMS: dict[str, dict[str, Any]] = {
    "wide": {"problem": {"dataset": MANY, "hidden": [256, 180]}},
    "deep": {"problem": {"dataset": MANY, "hidden": [60] * 12}},
    "hessian": {"problem": {"dataset": MANY, "hidden": [60, 28]}},
    "digits": {"problem": {"dataset": {"kind": "digits"}, "hidden": [256, 100]}},
    "two": {"problem": {"kind": "linear", "dataset": {"kind": "line", "n": 5000}}},
    "chain": {"problem": {"kind": "chain", "dataset": {"kind": "line", "n": 5000}}},
    "formula": {"problem": {"kind": "formula", "expression": "+".join(["sin(x*y)*exp(-x^2)"] * 14)}},
}

STUDIED: dict[str, dict[str, Any]] = {
    "sharpness": {"points": 257},
    "critical": {"resolution": 161},
    "field": {"resolution": 41},
    "line": {"resolution": 401, "direction": "highest"},
    "direction": {"direction": "lowest"},
    "segment": {"resolution": 401, "start": {"step": 0}, "end": {"step": 1}},
    "basins": {"resolution": 121, "steps": 2000},
    "moving": {"resolution": 101, "surface": "batch"},
    "units": {"resolution": 65},
    "jacobians_along": {"points": 129},
    "arrows": {"count": 256},
    "noise": {"draws": 256, "batch_sizes": [5000] * 12},
    "quadratic_model": {"resolution": 201},
    "sweep": {"values": [0.01, 0.02, 0.03]},
}


@dataclass
class Longest:
    """What was seen of some work: its slices, the longest of them, how far it came."""

    slices: int = 0
    seconds: float = 0.0
    total: float = 0.0
    words: str = ""
    began: float = field(default_factory=perf_counter)

    def see(self, work: Iterator[Any]) -> Longest:
        """Go through the slices until they end, or enough is known."""
        while True:
            before = thread_time()
            try:
                next(work)
            except StopIteration:
                self._note(thread_time() - before)
                return self
            except Exception as error:
                self._note(thread_time() - before)
                self.words = str(error)[:70]
                return self
            self._note(thread_time() - before)
            if perf_counter() - self.began > ENOUGH:
                self.words = "given up"
                return self

    def _note(self, seconds: float) -> None:
        self.slices, self.total = self.slices + 1, self.total + seconds
        self.seconds = max(self.seconds, seconds)


def main(words: list[str]) -> None:
    """Print a line for each kind of work whose name has one of the words."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    compile_ahead()
    gc.freeze()
    over = 0
    for name, work in kinds():
        if words and not any(word in name for word in words):
            continue
        try:
            begun = work()
        except Exception as error:
            print(f"{name:44} {str(error)[:90]}", flush=True)
            continue
        seen = Longest().see(begun)
        over += seen.seconds > BOUND
        mark = "  OVER" if seen.seconds > BOUND else ""
        wall = perf_counter() - seen.began
        print(
            f"{name:44} {1e3 * seen.seconds:9.1f} ms of {seen.slices:6} slices, {seen.total:7.2f} s of"
            f" {wall:6.2f} s{mark}  {seen.words}",
            flush=True,
        )
    print(f"{over} longer than {1e3 * BOUND:g} ms")


def kinds() -> Iterator[tuple[str, Callable[[], Iterator[Any]]]]:
    """Everything that can be asked, by name."""
    yield from _descents()
    yield from _planes()
    yield from _studies()
    yield from _surfaces()
    yield from _inspections()
    yield from _answers()


def _computation(document: dict[str, Any], **fields: Any) -> Computation:
    experiment = Experiment.model_validate({"steps": 3, **document, **fields})
    return Computation(experiment, DescentCache())


def _advanced(computation: Computation) -> Iterator[None]:
    while not computation.advance(0.02):
        yield


def _streamed(document: dict[str, Any]) -> Iterator[None]:
    """A client's slices, from the message that opens the experiment to its last frame."""
    session = Session(Admission(seconds=1e9))
    for message in (
        {"type": "open", "experiment": {"steps": 3, **document}},
        {"type": "play"},
        {"type": "surface", "id": 1, "resolution": 401},
    ):
        session.receive(json.dumps(message))
    while session.busy or session.pending:
        session.advance(0.02)
        session.take()
        yield


_finished: dict[str, Computation] = {}


def _done(name: str) -> Computation:
    if name not in _finished:
        batch = {} if name == "formula" else {"batch_size": 4999 if name != "digits" else 1500}
        _finished[name] = _computation(PROBLEMS[name], runs=[batch]).finish()
    return _finished[name]


def _descents() -> Iterator[tuple[str, Callable[[], Iterator[Any]]]]:
    for problem, document in PROBLEMS.items():
        for kind in OPTIMIZERS:
            run: dict[str, Any] = {"optimizer": {"kind": kind}}
            if kind == "lbfgs":
                run["optimizer"]["history"] = 20
            whole, many = {"runs": [run]}, {"runs": [run | {"batch_size": 4999}] * 12}
            yield f"descent {problem} {kind}", lambda d=document, f=whole: _advanced(_computation(d, **f))
            if problem in ("wide", "two") and kind in ("adam", "lbfgs"):
                yield f"descents {problem} {kind}", lambda d=document, f=many: _advanced(_computation(d, **f))
            if kind in ("adam", "muon") and problem in ("wide", "hessian", "two"):
                few = {"steps": 300, "runs": [run | {"batch_size": 1}]}
                yield f"stream {problem} {kind}", lambda d=document | few: _streamed(d)
                yield f"descent batch {problem} {kind}", lambda d=document | few: _advanced(_computation(d))
    long = {"steps": 20_000, "runs": [{}] * 12}
    yield "stream many steps", lambda: _streamed({"problem": {"hidden": [8, 8]}, **long})
    yield "descent many steps", lambda: _advanced(_computation({"problem": {"hidden": [8, 8]}}, **long))


def _planes() -> Iterator[tuple[str, Callable[[], Iterator[Any]]]]:
    for problem, document in PROBLEMS.items():
        for kind in PLANES:
            if kind == "custom":
                continue
            view = {"view": {"plane": {"kind": kind}}}
            yield f"plane {problem} {kind}", lambda d=document, f=view: _advanced(_computation(d, **f))
    seeds = [{"init_seed": seed} for seed in range(12)]
    long = {"steps": 2000, "runs": seeds}
    yield (
        "plane pca of many steps",
        lambda: _advanced(_computation({"problem": {"hidden": [30, 30]}}, **long)),
    )


def _studies() -> Iterator[tuple[str, Callable[[], Iterator[Any]]]]:
    requests: TypeAdapter[Any] = TypeAdapter(StudyRequest)

    def begun(problem: str, kind: str) -> Iterator[Any]:
        computation = _done(problem)
        examples = getattr(computation.problem.objective, "n_examples", 5000)
        asked = {"kind": kind, **STUDIED.get(kind, {})}
        if kind == "noise":
            asked["batch_sizes"] = [min(5000, examples)] * 12
        place = place_of(computation, Inspect(type="inspect", id=0, run=0, step=2))
        return reported(conduct(Subject(computation, place), requests.validate_python(asked)))

    for problem in PROBLEMS:
        for kind in STUDIES:
            yield f"study {problem} {kind}", lambda p=problem, k=kind: begun(p, k)


def _surfaces() -> Iterator[tuple[str, Callable[[], Iterator[Any]]]]:
    for problem, document in PROBLEMS.items():
        yield f"surface {problem}", lambda p=problem: _done(p).surface(401)
        yield f"stream {problem}", lambda d=document: _streamed(d)


def _inspections() -> Iterator[tuple[str, Callable[[], Iterator[Any]]]]:
    for problem, document in PROBLEMS.items():
        body = {"experiment": {"steps": 3, **document}, "want": list(WANTS), "resolution": 401}
        for media_type in RENDERED:
            yield (
                f"inspect {problem} {media_type}",
                lambda b=body, m=media_type: jobs.inspections(json.dumps(b).encode(), m, _begun),
            )


def _begun(experiment: Experiment) -> Computation:
    return Computation(experiment, DescentCache())


def _answers() -> Iterator[tuple[str, Callable[[], Iterator[Any]]]]:
    many = {"steps": 20_000, "problem": {"kind": "formula", "name": "himmelblau"}, "runs": [{}] * 12}
    theta = {"steps": 3000, "problem": {"hidden": [30, 30]}}
    fine = {"steps": 3, "view": {"grid": {"resolution": 401}}}
    for media_type in {**dict.fromkeys(RENDERED), **by_media_type("runs")}:
        for name, document, include in (("runs", many, ()), ("theta", theta, ("theta",))):
            yield (
                f"{name} {media_type}",
                lambda d=document, m=media_type, i=include: jobs.runs(json.dumps(d).encode(), m, _begun, i),
            )
    for media_type in RENDERED:
        yield (
            f"surfaces {media_type}",
            lambda m=media_type: jobs.surfaces(json.dumps(fine).encode(), m, _begun),
        )
    for media_type in by_media_type("figures"):
        yield (
            f"figure {media_type}",
            lambda m=media_type: jobs.figures(json.dumps(many | fine).encode(), m, _begun, "3d"),
        )
    rows = [[0.5] * 64 for _ in range(3000)]
    inline = {"problem": {"dataset": {"kind": "inline", "x": rows, "y": [[0.0]] * 3000}}}
    yield "large document", lambda: jobs.runs(json.dumps(inline).encode(), RENDERED[0], _begun, ())


if __name__ == "__main__":
    main(sys.argv[1:])
