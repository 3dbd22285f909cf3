"""Studies of backpropagation: the graph of one example, the layers' Jacobians, and what derivatives cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from descentscape.compute.efforts import SINGULAR
from descentscape.core.blocks import layer_spans
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.formula_graph import graph_formula
from descentscape.core.explain.graph import MAX_GRAPH_NODES
from descentscape.core.explain.jacobians import JacobiansAlong, jacobians_along, layer_jacobians
from descentscape.core.explain.network_graph import graph_network
from descentscape.core.explain.operations import count_operations
from descentscape.core.formulas.objective import FormulaObjective
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import AnyArray
from descentscape.core.time_slices import Progress
from descentscape.core.undivided import SLICE_WORK, gradient_work, in_thread_if_long
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Reports, Study, Subject, priced
from descentscape.studies.predictions import Report
from descentscape.studies.reports import explained, network_of, objective_of, plain, step_of
from descentscape.studies.units import ExampleRequest

JACOBIAN_BATCH = 8
"""Points of a run whose Jacobians are computed together."""


class GraphRequest(ExampleRequest):
    """The computational graph of one example, or of a formula, with values and adjoints."""

    kind: Literal["graph"] = "graph"


class JacobiansRequest(ExampleRequest):
    """Every layer as a linear map near one example, and what becomes of the gradient."""

    kind: Literal["jacobians"] = "jacobians"


class JacobiansAlongRequest(ExampleRequest):
    """The same along the run of the place."""

    kind: Literal["jacobians_along"] = "jacobians_along"
    points: int = knob(33, label="points", low=2, high=129, help="Steps of the run that are looked at.")


class OperationsRequest(Tagged):
    """Multiplications of a gradient in reverse and in forward mode."""

    kind: Literal["operations"] = "operations"


def _graph(subject: Subject, request: GraphRequest) -> Any:
    objective, theta = objective_of(subject), subject.place.theta
    if isinstance(objective, FormulaObjective):
        return graph_formula(objective, theta)
    return graph_network(network_of(subject), theta, request.example)


def _jacobians(subject: Subject, request: JacobiansRequest) -> Report:
    return {"layers": layer_jacobians(network_of(subject), subject.place.theta, request.example)}


def _jacobians_along(subject: Subject, request: JacobiansAlongRequest) -> Reports:
    net, (trajectory, _) = network_of(subject), step_of(subject)
    if request.example >= net.n_examples:
        raise InvalidValue("study.example", f"from 0 to {net.n_examples - 1}", request.example)
    steps = np.unique(np.linspace(0, trajectory.entries - 1, request.points).round().astype(np.int32))
    found: list[JacobiansAlong] = []
    size = max(1, min(JACOBIAN_BATCH, SLICE_WORK // (2 * gradient_work(net))))
    for first in range(0, len(steps), size):

        def some(part: AnyArray = steps[first : first + size]) -> JacobiansAlong:
            thetas = np.array([trajectory.theta_at(int(step)) for step in part])
            return jacobians_along(net, thetas, request.example)

        found.append((yield from in_thread_if_long(net, some, 2 * size)))
        yield Progress(first, len(steps))
    return {"steps": steps, "names": list(layer_spans(net.blocks)), **_joined(found)}


def _joined(parts: list[JacobiansAlong]) -> Report:
    reports = [plain(part) for part in parts]
    return {name: np.concatenate([report[name] for report in reports]) for name in reports[0]}


def _operations(subject: Subject, request: OperationsRequest) -> Report:
    net: MLP = network_of(subject)
    found = count_operations(net)
    counted = {"reverse": found.reverse, "forward": found.forward, "ratio": found.ratio}
    return {**plain(found), **counted, "widths": net.widths}


def _graph_effort(_: GraphRequest, size: WorkSize) -> Effort:
    """Some calls for each node; a formula’s are fewer than a network’s, which are named by their place."""
    if size.formula:
        return Effort(calls=300 + 50 * size.formula)
    return Effort(calls=1500 + 250 * min(size.parameters + 2 * size.units, MAX_GRAPH_NODES))


def _jacobians_effort(_: Tagged, size: WorkSize) -> Effort:
    """Every layer taken back unit by unit, and its singular values; the slopes on all examples."""
    products = (1 + SINGULAR) * size.parameters * size.units
    return Effort(costs=2, gradients=1, multiplications=products, calls=100 * (1 + size.layers))


def _along_effort(request: JacobiansAlongRequest, size: WorkSize) -> Effort:
    points = min(request.points, size.steps + 1)
    return points * (size.theta + replace(_jacobians_effort(request, size), calls=40 * (1 + size.layers)))


STUDIES = (
    explained(GraphRequest, _graph, priced(_graph_effort)),
    explained(JacobiansRequest, _jacobians, priced(_jacobians_effort)),
    Study(JacobiansAlongRequest, _jacobians_along, priced(_along_effort), "points"),
    explained(OperationsRequest, _operations, priced(lambda *_: Effort(calls=200))),
)
