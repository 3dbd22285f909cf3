"""The cost model: about what an experiment takes of time and memory, known before any of it is computed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from descentscape.compute.efforts import descents_effort, plane_effort, projections_effort, surface_effort
from descentscape.compute.machine import USUAL, Operations
from descentscape.compute.memory import NUMBER_BYTES, Weight, size_of_work, weigh
from descentscape.core.errors import TooExpensive
from descentscape.core.optimizers import MAX_HESSIAN_DIM, OPTIMIZERS
from descentscape.document.effort import EIGENVECTORS, Effort, WorkSize
from descentscape.document.experiment import Experiment
from descentscape.document.runs import LiftStart

PRODUCT = 6
"""Multiplications of a product with the Hessian, over those of a cost."""

HESSIAN, ENTRIES, PAIRS = 0.2, 6, 0.5
"""Multiplications of a Hessian for an entry and an example, how often its entries are gone through, and how
many activations each pair of units takes for an example."""

CALL, HEIGHT_CALL = 0.6, 0.05
"""Calls of the interpreter for a cost or a derivative, and for a height, that is computed with many."""

SMALL = 200
"""Rows that the factors of a matrix take as long as beside its own: those of small ones are found slowly."""

FORMULA_COST, FORMULA_GRADIENT, FORMULA_HESSIAN = 2, 8, 30
"""Operations on arrays by a formula, its gradient and its Hessian, for each of its parts."""

FORMULA_CALLS = 0.01
"""Calls of the interpreter for each of these, and for each call."""


@dataclass(frozen=True)
class Price:
    """What work takes: seconds of one core, and the bytes that are held at once."""

    seconds: float
    nbytes: float


@dataclass(frozen=True)
class Estimate:
    """About what an experiment takes on one core of a machine: seconds, and bytes of memory; and its size."""

    size: WorkSize
    descent_seconds: float
    plane_seconds: float
    surface_seconds: float
    weight: Weight

    @property
    def parameters(self) -> int:
        """P, the number of parameters."""
        return self.size.parameters

    @property
    def examples(self) -> int:
        """N, the number of training examples."""
        return self.size.examples

    @property
    def nbytes(self) -> int:
        """The bytes that it holds in view."""
        return self.weight.total


def operations(effort: Effort, size: WorkSize) -> Operations:
    """An effort in the terms of a machine."""
    forward = size.parameters * size.examples
    evaluations = effort.costs + effort.gradients + effort.products + effort.hessians
    common = Operations(
        calls=effort.calls + CALL * evaluations + HEIGHT_CALL * effort.heights,
        cubes=effort.factorisations * size.parameters**2 * (size.parameters + SMALL),
        numbers=effort.numbers + ENTRIES * effort.hessians * size.parameters**2,
        multiplications=effort.multiplications,
    )
    if size.formula:
        return common + size.formula * Operations(
            calls=FORMULA_CALLS * effort.calls,
            activations=FORMULA_COST * (effort.costs + effort.heights)
            + FORMULA_GRADIENT * effort.gradients
            + FORMULA_HESSIAN * (effort.products + effort.hessians),
        )
    passes = effort.costs + 3 * effort.gradients + PRODUCT * effort.products
    hessians = HESSIAN * effort.hessians * size.parameters
    pairs = PAIRS * effort.hessians * size.units**2
    return common + Operations(
        multiplications=(passes + hessians) * forward,
        activations=((evaluations + 0.2 * effort.gradients) * size.tanh + pairs) * size.examples,
        single_multiplications=effort.heights * (size.parameters - size.first) * size.examples,
        single_activations=effort.heights * size.tanh * size.examples,
    )


def price(effort: Effort, size: WorkSize, machine: Operations = USUAL) -> Price:
    """What an effort takes where one of each operation takes as long as the machine’s coefficients say."""
    return Price(operations(effort, size).seconds(machine), NUMBER_BYTES * effort.kept)


def estimate(experiment: Experiment, machine: Operations = USUAL) -> Estimate:
    """The work of all runs, of the view's plane, and of the surface at the view's resolution."""
    size = size_of_work(experiment)
    descents = descents_effort(experiment, size) + projections_effort(experiment, size)
    runs = price(descents, size, machine).seconds
    plane, surface = _view_seconds(experiment, size, machine)
    return Estimate(size, runs, plane, surface, weigh(experiment, size))


def in_another_view(work: Estimate, experiment: Experiment, machine: Operations = USUAL) -> Estimate:
    """The estimate of an experiment that differs in its view alone from that of the ``work``."""
    plane, surface = _view_seconds(experiment, work.size, machine)
    return replace(work, plane_seconds=plane, surface_seconds=surface)


def _view_seconds(experiment: Experiment, size: WorkSize, machine: Operations) -> tuple[float, float]:
    """What the plane and the surface of the view take."""
    view = experiment.view
    efforts = plane_effort(experiment, view.plane, size), surface_effort(view.grid.resolution)
    plane, surface = (price(each, size, machine).seconds for each in efforts)
    return plane, surface


def gradient_seconds(size: WorkSize) -> float:
    """Seconds of one cost and gradient on all training examples, among many computed at once."""
    return price(Effort(gradients=1), size).seconds


def refuse_if_too_large(
    experiment: Experiment, work: Estimate, seconds: float, machine: Operations = USUAL
) -> None:
    """Raise TooExpensive for an experiment whose runs, plane or surface do not fit into so many seconds.

    It names the field to change, its limit here, and what it would have cost; ``work`` is the estimate.
    """
    for index, run in enumerate(experiment.runs):
        _refuse_hessian(f"runs[{index}].optimizer.kind", run.optimizer.kind, work.parameters, machine)
    for index, edit in enumerate(experiment.edits):
        if edit.optimizer is not None:
            _refuse_hessian(f"edits[{index}].optimizer.kind", edit.optimizer.kind, work.parameters, machine)
    if work.descent_seconds > seconds:
        field, steps = _longest(experiment)
        most = int(steps * seconds / work.descent_seconds)
        raise TooExpensive(field, bound(most, work.descent_seconds, seconds), steps)
    if work.plane_seconds > seconds and experiment.view.plane is not None:
        kind = experiment.view.plane.kind
        words = f"one that asks less of the cost ({bill(work.plane_seconds, seconds)})"
        raise TooExpensive("view.plane.kind", words, kind)
    if work.surface_seconds > seconds:
        resolution = experiment.view.grid.resolution
        most = int(resolution * (seconds / work.surface_seconds) ** 0.5)
        raise TooExpensive("view.grid.resolution", bound(most, work.surface_seconds, seconds), resolution)


def _longest(experiment: Experiment) -> tuple[str, int]:
    """The field of the most steps, with its value: those before a lifted start may be more than the runs’."""
    fields = {"steps": experiment.steps}
    starts = {
        "start": experiment.start,
        **{f"runs[{k}].start": run.start for k, run in enumerate(experiment.runs)},
    }
    for name, start in starts.items():
        if isinstance(start, LiftStart) and start.steps is not None:
            fields[f"{name}.steps"] = start.steps
    longest = max(fields, key=lambda name: fields[name])
    return longest, fields[longest]


def bound(most: int, cost: float, seconds: float) -> str:
    """A constraint that says how much goes into so many seconds."""
    return f"at most about {most} here ({bill(cost, seconds)})"


def bill(cost: float, seconds: float) -> str:
    """What something would take, and what there is."""
    return f"it would take about {cost:.0f} s, and {seconds:g} s are allowed"


def _refuse_hessian(field: str, kind: str, parameters: int, machine: Operations) -> None:
    needs = OPTIMIZERS[kind].needs
    if needs.hessian and parameters > MAX_HESSIAN_DIM:
        cubes = EIGENVECTORS if needs.eigenvalues else 1
        solving = Operations(cubes=cubes * parameters**3).seconds(machine)
        taken = f"{8 * parameters**2 / 1e6:.0f} MB and about {solving:.0f} s a step"
        constraint = f"one without a Hessian above {MAX_HESSIAN_DIM} parameters"
        raise TooExpensive(field, f"{constraint} (its {parameters}² entries would take {taken})", kind)
