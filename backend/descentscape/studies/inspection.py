"""A look into one network: at a step of a run, at given parameters, or at a point of the plane."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal, TypeAlias, get_args

import numpy as np

from descentscape.compute.computation import Computation
from descentscape.core.blocks import layer_spans
from descentscape.core.descent.checkpoints import SPACING
from descentscape.core.descent.computed import measured
from descentscape.core.descent.trajectory import Trajectory, is_replayable, replayable
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.curvature import Curvature, spectrum
from descentscape.core.network.mlp import MLP
from descentscape.core.norm import block_norms, largest, norm
from descentscape.core.objective import Array, Objective, is_sloped
from descentscape.core.optimizers.base import Needs
from descentscape.core.time_slices import TimeSlices, run_to_completion
from descentscape.core.undivided import SLICE_WORK, gradient_work, run_in_thread
from descentscape.document.points import Extent, PlaceSpec
from descentscape.document.problems import Problem
from descentscape.document.schema import listed
from descentscape.studies.predictions import Report, digit_examples, fit_report, points_of, predictions

Want = Literal["outputs", "data", "examples", "theta", "gradient", "state", "layers", "hessian", "plane"]
WANTS: tuple[Want, ...] = get_args(Want)
"""What can be asked of an inspection beyond cost, gradient norm and place."""

Wants: TypeAlias = Annotated[tuple[Want, ...], listed(0, len(WANTS))]

DEFAULT_WANT: tuple[Want, ...] = ("outputs",)

OUTPUT_RESOLUTION = 61
"""Points along each side of the grid of outputs, unless another number is asked for."""

PASSES = 6
"""Gradients that an inspection takes as long as, whatever is wanted."""

MAX_HESSIAN = 200
"""The most parameters whose Hessian is shown whole."""


NOT_RECORDED = "The optimizer’s state was not recorded."
"""What is said instead of the state of a run that was trained elsewhere."""


@dataclass(frozen=True, eq=False)
class Place:
    """Which parameters are looked at: theta ``(P,)``, and the run and step that they are of, if any."""

    theta: Array
    run: int | None = None
    step: int | None = None


def place_of(computation: Computation, spec: PlaceSpec, under: str = "") -> Place:
    """The place that one of step, theta and at names; without any, the last step of the run so far.

    Raises InvalidValue for two of them at once, and for a run or a step that is not there; ``under`` is what
    stands before the names of the fields.
    """
    if sum(each is not None for each in (spec.step, spec.theta, spec.at)) > 1:
        raise InvalidValue(f"{under}step", "given alone, without theta or at", spec.step)
    if spec.theta is not None:
        dim = computation.problem.objective.dim
        if len(spec.theta) != dim:
            raise InvalidValue(f"{under}theta", f"{dim} numbers", len(spec.theta))
        return Place(np.array(spec.theta))
    if spec.at is not None:
        if computation.window is None:
            raise InvalidValue(f"{under}at", "left out until there is a plane", list(spec.at))
        return Place(computation.window.plane.lift(np.array(spec.at)))
    if spec.run >= len(computation.trajectories):
        raise InvalidValue(f"{under}run", f"from 0 to {len(computation.trajectories) - 1}", spec.run)
    trajectory = computation.trajectories[spec.run]
    number = trajectory.entries - 1 if spec.step is None else spec.step
    if number >= trajectory.entries:
        raise InvalidValue(f"{under}step", f"from 0 to {trajectory.entries - 1}", spec.step)
    return Place(trajectory.theta_at(number), spec.run, number)


def place_in_slices(computation: Computation, spec: PlaceSpec) -> TimeSlices[Place]:
    """`place_of` in short time slices: a run that is not kept whole goes some of its steps once more."""
    trajectories = computation.trajectories
    of_run = spec.theta is None and spec.at is None and spec.run < len(trajectories)
    if of_run and trajectories[spec.run].stride > 1 and steps_again_work(trajectories[spec.run]) > SLICE_WORK:
        return (yield from run_in_thread(lambda: place_of(computation, spec)))
    return place_of(computation, spec)


def steps_again_work(trajectory: Trajectory) -> float:
    """What making a step of a run once more goes through: those since the checkpoint before it, too."""
    return SPACING * replayable(trajectory).run.step_work


def curvature(computation: Computation, place: Place) -> Curvature:
    """The spectrum of the Hessian there, and what kind of point it is."""
    return run_to_completion(curvature_in_slices(computation, place))


def curvature_in_slices(computation: Computation, place: Place) -> TimeSlices[Curvature]:
    """`curvature` in short time slices."""
    beside = yield from slope_beside(computation, place)
    return (yield from spectrum(computation.problem.objective, place.theta, beside))


def slope_beside(computation: Computation, place: Place) -> TimeSlices[float]:
    """The largest gradient norm of the place’s run up to its step, or of all runs at their starts.

    Beside it a gradient is judged to be nothing.
    """
    if place.run is None or place.step is None:
        return (yield from computation.start_slope())
    trajectory = computation.trajectories[place.run]
    yield from measured(trajectory)
    return largest(trajectory.grad_norm[: place.step + 1])


def inspect_in_slices(
    computation: Computation,
    place: Place,
    want: Collection[Want] = DEFAULT_WANT,
    resolution: int = OUTPUT_RESOLUTION,
    window: Extent | None = None,
) -> TimeSlices[Report]:
    """`inspect` in short time slices, or on a thread where it takes longer than one."""
    work = _inspection_work(computation, place, want, resolution)
    inspected = partial(inspect, computation, place, want, resolution, window)
    return (yield from run_in_thread(inspected)) if work > SLICE_WORK else inspected()


def _inspection_work(
    computation: Computation, place: Place, want: Collection[Want], resolution: int
) -> float:
    """Parameters times examples that are gone through, as a gradient does."""
    net = computation.problem.objective
    work = float(PASSES * gradient_work(net))
    if isinstance(net, MLP) and "outputs" in want:
        work += net.dim * resolution ** min(net.widths[0], 2)
    if "hessian" in want and net.dim <= MAX_HESSIAN:
        work += Needs(hessian=True).work(net)
    if "state" in want and place.run is not None:
        trajectory = computation.trajectories[place.run]
        work += 0 if not is_replayable(trajectory) else steps_again_work(trajectory)
    return work


def inspect(
    computation: Computation,
    place: Place,
    want: Collection[Want] = DEFAULT_WANT,
    resolution: int = OUTPUT_RESOLUTION,
    window: Extent | None = None,
) -> Report:
    """Cost, gradient norms (whole and per layer) and place on the plane, and what is wanted beside.

    ``outputs``: the network's response over its data, or over a window of their plane, and how well it fits.
    ``data``: the examples as drawn. ``examples``: a dozen digits with the answers. ``theta``, ``gradient``
    ``(P,)``, ``hessian`` ``(P, P)``; ``state``: the optimizer's memory by name, after that step; ``layers``:
    the norms of each layer's weights; ``plane``: origin ``(P,)`` and basis ``(2, P)`` of the plane that is
    shown. What a problem does not have is left out. Arrays are NumPy's.
    """
    objective = computation.problem.objective
    with np.errstate(all="ignore"):
        cost, gradient = _slope(objective, place.theta)
        report = _summary(computation, place, cost, gradient)
        report |= {"theta": place.theta} if "theta" in want else {}
        report |= {"gradient": gradient} if "gradient" in want and gradient is not None else {}
        report |= {"layers": _layers(objective, place.theta)} if "layers" in want else {}
        if "plane" in want and computation.window is not None:
            plane = computation.window.plane
            report["plane"] = {"origin": plane.origin, "basis": plane.basis}
        if "hessian" in want and objective.dim <= MAX_HESSIAN:
            report["hessian"] = objective.hessian(place.theta)
        if "state" in want and place.run is not None and place.step is not None:
            trajectory = computation.trajectories[place.run]
            if not is_replayable(trajectory):
                report["state_missing"] = NOT_RECORDED
            else:
                report["state"] = _state(replayable(trajectory).state_at(place.step))
        return report | _of_data(computation, place, want, resolution, window)


def _slope(objective: Objective, theta: Array) -> tuple[float, Array | None]:
    """Cost and gradient; without the latter where it would take two costs for each of the parameters."""
    if not is_sloped(objective):
        return float(objective.value(theta)), None
    cost, gradient = objective.value_and_grad(theta)
    return float(cost), gradient


def _summary(computation: Computation, place: Place, cost: float, gradient: Array | None) -> Report:
    data = computation.problem.data
    layers = layer_spans(computation.problem.objective.blocks).values()
    report: Report = {
        "run": place.run,
        "step": place.step,
        "cost": cost,
        "test_cost": None,
        "grad_norm": None if gradient is None else float(norm(gradient)),
        "layer_grad_norms": None if gradient is None else block_norms(gradient, [s.start for s in layers]),
    }
    if data is not None and data.test_objective is not None:
        report["test_cost"] = float(data.test_objective.value(place.theta))
    if computation.window is not None:
        plane = computation.window.plane
        report |= {"at": plane.project(place.theta), "off_plane": float(plane.residual(place.theta))}
    return report


def _layers(objective: Objective, theta: Array) -> list[Report]:
    return [
        {"name": name, "size": span.stop - span.start, "norm": float(norm(theta[span]))}
        for name, span in layer_spans(objective.blocks).items()
    ]


def _state(state: Any) -> Report:
    return {} if state is None else dict(state._asdict())


def _of_data(
    computation: Computation, place: Place, want: Collection[Want], resolution: int, window: Extent | None
) -> Report:
    net, data = computation.problem.objective, computation.problem.data
    if data is None or not isinstance(net, MLP):
        return {}
    report: Report = {}
    if "outputs" in want:
        report["outputs"] = predictions(net, data, place.theta, resolution, window)
        report["fit"] = fit_report(net, data, place.theta)
    if "data" in want:
        report["data"] = points_of(data)
    if "examples" in want and _is_of_digits(computation.experiment.problem):
        report["examples"] = digit_examples(net, data, place.theta)
    return report


def _is_of_digits(problem: Problem) -> bool:
    dataset: Any = getattr(problem, "dataset", None)
    return dataset is not None and dataset.kind == "digits"
