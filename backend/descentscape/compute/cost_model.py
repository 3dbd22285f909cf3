"""The cost model: about how long an experiment takes to compute, known before any of it is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from descentscape.compute.memory import computation_bytes
from descentscape.core.errors import TooExpensive
from descentscape.core.optimizers import MAX_HESSIAN_DIM, OPTIMIZERS
from descentscape.core.optimizers.base import Needs
from descentscape.document.experiment import Experiment, optimizers_of, starts_of
from descentscape.document.planes import PLANES, PlaneSpec
from descentscape.document.problem_size import data_shape, parameter_count, widths_of
from descentscape.document.runs import LiftStart, RunSpec

OVERHEAD = 2e-5
"""Seconds of a step's calls, whatever they work on."""

FLOP, FLOP32 = 8e-11, 4e-11
"""Seconds of a multiplication in a product of matrices, in double and in single precision."""

UNIT, UNIT32 = 2.5e-9, 5e-10
"""Seconds of one unit's activation, forward and back, for one example; forward alone in single precision."""

SEARCH = 3
"""Evaluations of a line search."""

SOLVE, EIGENVALUES = 2e-10, 1e-10
"""Seconds of solving with a Hessian, over P³, and of its eigenvalues beside."""

SVD = 1e-9
"""Seconds of the singular values of all weight matrices, over P and the units of all layers."""


@dataclass(frozen=True)
class Estimate:
    """About what an experiment takes on one core of a small server: seconds, and bytes of memory."""

    parameters: int
    examples: int
    descent_seconds: float
    plane_seconds: float
    surface_seconds: float
    nbytes: int


@dataclass(frozen=True)
class _Size:
    """P parameters, N training examples, and units in all layers."""

    parameters: int
    examples: int
    units: int

    def gradient(self, examples: int) -> float:
        """Seconds of one cost and gradient over so many examples."""
        return (6 * FLOP * self.parameters + UNIT * self.units) * examples

    def height(self) -> float:
        """Seconds of one cell of a surface."""
        return (2 * FLOP32 * self.parameters + UNIT32 * self.units) * self.examples + 1e-6


def estimate(experiment: Experiment) -> Estimate:
    """The work of all runs, of the view's plane, and of the surface at the view's resolution."""
    size = _size(experiment.problem)
    seconds = sum(_run_seconds(experiment, index, size) for index in range(len(experiment.runs)))
    lifted = [start for start in starts_of(experiment) if isinstance(start, LiftStart)]
    return Estimate(
        parameters=size.parameters,
        examples=size.examples,
        descent_seconds=seconds * (1 + bool(lifted))
        + sum(_plane_seconds(each.plane, size) for each in lifted),
        plane_seconds=_plane_seconds(experiment.view.plane, size),
        surface_seconds=size.height() * experiment.view.grid.resolution**2,
        nbytes=computation_bytes(experiment),
    )


def gradient_seconds(experiment: Experiment) -> float:
    """Seconds of one cost and gradient on all training examples, among many computed at once."""
    size = _size(experiment.problem)
    return size.gradient(size.examples) + 1e-7


def refuse_if_too_large(experiment: Experiment, seconds: float) -> Estimate:
    """The work of an experiment whose runs, plane and surface each fit into so many seconds.

    Raises TooExpensive naming the field to change, its limit here, and what it would have cost.
    """
    work = estimate(experiment)
    for index, run in enumerate(experiment.runs):
        _refuse_hessian(f"runs[{index}].optimizer.kind", run.optimizer.kind, work.parameters)
    for index, edit in enumerate(experiment.edits):
        if edit.optimizer is not None:
            _refuse_hessian(f"edits[{index}].optimizer.kind", edit.optimizer.kind, work.parameters)
    if work.descent_seconds > seconds:
        steps = int(experiment.steps * seconds / work.descent_seconds)
        raise TooExpensive("steps", _bound(steps, work.descent_seconds, seconds), experiment.steps)
    if work.plane_seconds > seconds and experiment.view.plane is not None:
        bill = f"it would take about {work.plane_seconds:.0f} s, and {seconds:g} s are allowed"
        kind = experiment.view.plane.kind
        raise TooExpensive("view.plane.kind", f"one that asks less of the cost ({bill})", kind)
    if work.surface_seconds > seconds:
        resolution = experiment.view.grid.resolution
        most = int(resolution * (seconds / work.surface_seconds) ** 0.5)
        constraint = _bound(most, work.surface_seconds, seconds)
        raise TooExpensive("view.grid.resolution", constraint, resolution)
    return work


def _bound(most: int, cost: float, seconds: float) -> str:
    return f"at most about {most} here (it would take about {cost:.0f} s, and {seconds:g} s are allowed)"


def _refuse_hessian(field: str, kind: str, parameters: int) -> None:
    needs = OPTIMIZERS[kind].needs
    if needs.hessian and parameters > MAX_HESSIAN_DIM:
        bill = f"{8 * parameters**2 / 1e6:.0f} MB and about {_solve_seconds(needs, parameters):.0f} s a step"
        constraint = f"one without a Hessian above {MAX_HESSIAN_DIM} parameters"
        raise TooExpensive(field, f"{constraint} (its {parameters}² entries would take {bill})", kind)


def _size(problem: Any) -> _Size:
    if problem.kind == "formula":
        return _Size(2, 1, 1)
    shape = data_shape(problem)
    widths = widths_of(problem, shape)
    return _Size(parameter_count(problem, widths), shape.examples, sum(widths[1:]))


def _run_seconds(experiment: Experiment, index: int, size: _Size) -> float:
    run = experiment.runs[index]
    kinds = {each.kind for each in optimizers_of(experiment, index)}
    return experiment.steps * max(_step_seconds(run, kind, size) for kind in kinds)


def _step_seconds(run: RunSpec, kind: str, size: _Size) -> float:
    """One step, the true cost that is measured beside a mini-batch's, and the projection's height."""
    needs = OPTIMIZERS[kind].needs
    gradients = SEARCH if needs.line_search else needs.gradients
    seconds = OVERHEAD + gradients * size.gradient(run.batch_size or size.examples) + 2 * size.height()
    if run.batch_size is not None:
        seconds += size.gradient(size.examples)
    if needs.singular_values:
        seconds += 5 * OVERHEAD + SVD * size.parameters * size.units
    if needs.hessian:
        seconds += size.gradient(size.examples) * size.units + _solve_seconds(needs, size.parameters)
    return seconds


def _solve_seconds(needs: Needs, parameters: int) -> float:
    return (SOLVE + EIGENVALUES * needs.eigenvalues) * parameters**3


def _plane_seconds(spec: PlaneSpec | None, size: _Size) -> float:
    gradients = 0 if spec is None else PLANES[spec.kind].gradients(size.parameters)
    return gradients * size.gradient(size.examples)
