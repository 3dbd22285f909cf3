"""The rows of descents: one run, a race of six rules, many starts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

import descentscape as ds
from bench import nets
from bench.figures import OURS, Figures, Row, compared
from bench.nets import RATES, Net
from bench.timing import Case, Effort, interleaved

BATCHES = (None, 16)
MOST_RUNS = 12
"""Of one document."""

EVERYTHING = f"{OURS}, and the plane’s channels"


def _ours(net: Net, kinds: tuple[str, ...], batch: int | None, steps: int, *, plane: bool = False) -> Case:
    def call() -> list[object]:
        results = ds.run(nets.race(net, kinds, batch, steps))
        # What an analysis would read; theta and what was measured are there when the call returns.
        return [(run.theta, plane and (run.path, run.shadow_cost, run.off_plane)) for run in results.runs]

    return Case(call, steps * len(kinds))


def _said(batch: int | None) -> str:
    return "full batch" if batch is None else f"batch {batch}"


def runs(effort: Effort) -> Figures:
    """One run, gradient descent and Adam, full batch and 16."""
    from bench import jax_peer, torch_peer

    net, steps = nets.small(), effort.of(2000, 200)
    goals = {"torch, eager": 20.0, "JAX, jit a step": 5.0, "JAX, scan of 100": 1.0}
    for kind in ("gd", "adam"):
        for batch in BATCHES:
            peers: dict[str, Callable[[], object]] = {
                "torch, eager": torch_peer.descend(net, (kind,), batch, steps),
                "JAX, jit a step": jax_peer.descend(net, kind, batch, steps),
                "JAX, scan of 100": jax_peer.descend_scanned(net, kind, batch, steps),
                "JAX, scan of 100, recording as we do": jax_peer.descend_scanned(
                    net, kind, batch, steps, recorded=True
                ),
            }
            cases = {
                OURS: _ours(net, (kind,), batch, steps),
                EVERYTHING: _ours(net, (kind,), batch, steps, plane=True),
            } | {who: Case(call, steps) for who, call in peers.items()}
            times = interleaved(cases, effort)
            yield from compared(f"{kind}, {_said(batch)}", times, "µs a run-step", goals)


def races(effort: Effort) -> Figures:
    """Six rules from one start on the same batches."""
    from bench import jax_peer, torch_peer

    net, steps, kinds = nets.small(), effort.of(1000, 100), tuple(RATES)
    goals = {"torch, eager": 30.0, "torch, one stack": 30.0, "JAX, jit of vmap": 3.0}
    starts = np.tile(net.theta, (len(kinds), 1))
    for batch in BATCHES:
        peers: dict[str, Callable[[], object]] = {
            "torch, eager": torch_peer.descend(net, kinds, batch, steps),
            "torch, one stack": torch_peer.descend_stacked(net, starts, kinds, batch, steps),
            "JAX, jit of vmap": jax_peer.race(net, kinds, batch, steps),
        }
        cases = {OURS: _ours(net, kinds, batch, steps)} | {
            who: Case(call, steps * len(kinds)) for who, call in peers.items()
        }
        times = interleaved(cases, effort)
        yield from compared(f"race of six, {_said(batch)}", times, "µs a run-step", goals)


def starts(effort: Effort) -> Figures:
    """Adam from 64 and from 1,024 starts, full batch: documents of twelve runs each."""
    from bench import jax_peer, torch_peer

    net, steps = nets.small(), effort.of(100, 20)
    goals = {"JAX, jit of vmap": 1.5}
    rng = np.random.default_rng(0)
    for count in (64, effort.of(1024, 128)):
        thetas = np.array([net.objective.init("xavier", rng) for _ in range(count)])
        peers: dict[str, Callable[[], object]] = {
            "torch, one stack": torch_peer.descend_stacked(net, thetas, ("adam",), None, steps),
            "JAX, jit of vmap": jax_peer.many_starts(net, thetas, "adam", steps),
            "JAX, scan of 20 of vmap": jax_peer.many_starts(net, thetas, "adam", steps, scanned=20),
        }
        cases = {OURS: Case(partial(_from_starts, net, count, steps), count * steps)} | {
            who: Case(call, count * steps) for who, call in peers.items()
        }
        times = interleaved(cases, effort)
        yield from compared(f"{count} starts", times, "µs a run-step", goals)


def _from_starts(net: Net, count: int, steps: int) -> object:
    kept = []
    for first in range(0, count, MOST_RUNS):
        document = nets.race(net, ("adam",) * min(MOST_RUNS, count - first), None, steps)
        for number, run in enumerate(document["runs"], first):
            run["init_seed"] = number
        kept += [run.theta for run in ds.run(document).runs]
    return kept


ROWS = (
    Row(
        "run",
        "`ds.run`, one run",
        "2-8-8-1 tanh, n 200, MSE, float64. Ours records every theta, the true cost and the batch’s, of full "
        "batches the gradient’s norm and each layer’s too, and finds the plane where its channels are asked "
        "for; the peers have every theta and the batch’s cost on the host.",
        runs,
        "A step makes the cost and the gradient of 200 examples, 8.5 µs by themselves, and a mini-batch’s "
        "step the true cost of all examples, which a scan that records the batch’s alone does not have to "
        "make. The plane’s channels are mostly projected costs: each is one more cost of all examples in "
        "double precision, about 5 µs of a processor, and cannot be a tenth of the descent.",
    ),
    Row(
        "race",
        "`ds.run`, race of six",
        f"{', '.join(RATES)}, from one start on the same batches.",
        races,
        "Each rule is a loop of its own, two at a time on two cores, where a stack of six makes one "
        "gradient for all; the costs and norms of every step are recorded beside.",
    ),
    Row(
        "starts",
        "`ds.run`, 64 and 1,024 starts",
        "Adam, full batch. A document holds twelve runs, so ours are 6 and 86 calls of `ds.run`.",
        starts,
        "A run-step takes twice as long as its cost and gradient by themselves, for its record (13 µs of "
        "processor with AVX-512); and each document of twelve runs takes 6 ms before and after, on one "
        "thread: it is checked, weighed, built and told.",
    ),
)
