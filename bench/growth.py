"""How time grows with what is computed: curves, and the exponent of a power law through their upper half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

import numpy as np

import descentscape as ds
from bench import nets
from bench.nets import Net
from bench.surfaces import sampled
from bench.timing import Case, Effort, interleaved
from descentscape.core.objective import Array

WIDTHS = (2, 4, 8, 16, 32, 64, 128)
EXAMPLES = (25, 50, 100, 200, 400, 800, 1600, 3200)


UNSURE = 0.1
"""Of an exponent."""


@dataclass(frozen=True)
class Curve:
    """Seconds of ours over a size, with the exponent that the mathematics demands at most."""

    title: str
    over: str
    sizes: tuple[float, ...]
    seconds: tuple[float, ...]
    demanded: float

    @property
    def exponent(self) -> float:
        """Of the power law through the larger half of the sizes, where constant costs no longer count."""
        half = len(self.sizes) // 2
        slope, _ = np.polyfit(np.log(self.sizes[half:]), np.log(self.seconds[half:]), 1)
        return float(slope)

    @property
    def met(self) -> bool:
        """Whether time grows no faster than the mathematics demands, but for what measuring is unsure of."""
        return self.exponent <= self.demanded + UNSURE


def curves(effort: Effort) -> Iterator[Curve]:
    """Runs by examples, parameters, steps and runs; surfaces by examples, parameters and grid; curvature."""
    small, short = nets.small(), effort.of(200, 50)
    examples = EXAMPLES[: effort.of(len(EXAMPLES), 4)]
    widths = WIDTHS[: effort.of(len(WIDTHS), 4)]
    of_examples = [nets.small(n) for n in examples]
    of_widths = [nets.small(hidden=(width, width)) for width in widths]
    parameters = tuple(float(net.dim) for net in of_widths)

    run = "`ds.run`, gd, full batch"
    yield _curve(run, "examples", examples, [_run(net, 1, short) for net in of_examples], 1, effort)
    yield _curve(run, "parameters", parameters, [_run(net, 1, short) for net in of_widths], 1, effort)
    counts = tuple(range(1, 13))
    yield _curve(run, "runs", counts, [_run(small, runs, short) for runs in counts], 1, effort)
    steps = (100, 300, 1000, 3000, 10_000, 20_000)[: effort.of(6, 4)]
    yield _curve(run, "steps", steps, [_run(small, 1, count) for count in steps], 1, effort)

    surface, side = "`ds.surface`", effort.of(51, 25)
    yield _curve(surface, "examples", examples, [_surface(net, side) for net in of_examples], 1, effort)
    yield _curve(surface, "parameters", parameters, [_surface(net, side) for net in of_widths], 1, effort)
    sides = (25, 51, 101, 201, 401)[: effort.of(5, 4)]
    cells = tuple(float(side**2) for side in sides)
    yield _curve(surface, "cells of the grid", cells, [_surface(small, side) for side in sides], 1, effort)

    dense = [net for net in of_widths if net.dim <= 1200]
    places = [_curvature(net) for net in dense]
    yield _curve("`ds.curvature`", "parameters", tuple(net.dim for net in dense), places, 3, effort)


def _curve(
    title: str,
    over: str,
    sizes: tuple[float, ...],
    calls: list[Callable[[], object]],
    demanded: float,
    effort: Effort,
) -> Curve:
    cases = {str(size): Case(call) for size, call in zip(sizes, calls, strict=True)}
    times = interleaved(cases, Effort(min(effort.rounds, 5), effort.seconds, effort.quick))
    seconds = tuple(median(values) for values in times.values())
    return Curve(title, over, tuple(map(float, sizes)), seconds, demanded)


def _run(net: Net, runs: int, steps: int) -> Callable[[], object]:
    return lambda: ds.run(nets.race(net, ("gd",) * runs, None, steps))


def _surface(net: Net, side: int) -> Callable[[], object]:
    experiment = sampled(net, side)
    return lambda: ds.surface(experiment)


def _curvature(net: Net) -> Callable[[], object]:
    document = ds.Experiment.model_validate({"problem": net.problem, "steps": 1})
    rng = np.random.default_rng(0)

    def call() -> object:
        theta: Array = net.theta * (1 + 1e-9 * rng.standard_normal())
        return ds.curvature(document, theta)

    return call
