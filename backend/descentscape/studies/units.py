"""Studies of a network as a chain of functions: its layers' numbers, its units' views, its cost's sources."""

from __future__ import annotations

from typing import Literal

import numpy as np

from descentscape.compute.build import BuiltData
from descentscape.compute.examples import Examples
from descentscape.core.errors import InvalidValue
from descentscape.core.explain.collapse import Collapse, collapse_layers
from descentscape.core.explain.forward import CostShares, ForwardPass, cost_shares, forward_pass
from descentscape.core.explain.units import InputWindow, Remapped, first_lines, lines, remapped, responses
from descentscape.core.network.costs import COSTS
from descentscape.core.network.mlp import MLP
from descentscape.core.number_format import bracketed
from descentscape.core.objective import AnyArray
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.schema import Tagged, knob
from descentscape.studies.base import Subject, priced
from descentscape.studies.predictions import Report, data_plane
from descentscape.studies.reports import explained, network_of

LayerMaps = list[tuple[AnyArray, AnyArray | None]]


class ExampleRequest(Tagged):
    """What is asked about one of the training examples."""

    example: int = knob(0, label="example", low=0, high=4999, help="Of the training set, counted from 0.")


class ForwardRequest(ExampleRequest):
    """One example’s way through the layers, with the weights that it meets."""

    kind: Literal["forward"] = "forward"


class UnitsRequest(Tagged):
    """Every unit’s response over one input or the plane of two, and there the first layer’s lines."""

    kind: Literal["units"] = "units"
    resolution: int = knob(25, label="resolution", low=5, high=65, help="Points along each side.")


class RemappedRequest(Tagged):
    """The data as each layer passes it on."""

    kind: Literal["remapped"] = "remapped"


class CollapseRequest(Tagged):
    """All layers multiplied into one, their activations left out."""

    kind: Literal["collapse"] = "collapse"


class SharesRequest(Tagged):
    """Which examples the cost comes from."""

    kind: Literal["shares"] = "shares"


def _forward(subject: Subject, request: ForwardRequest) -> Report:
    net, theta = network_of(subject), subject.place.theta
    found: ForwardPass = forward_pass(net, theta, request.example)
    return {
        "passed": found,
        "network": _by_layer(net.weights(theta)),
        "places": _by_layer(net.weights(np.arange(net.dim, dtype=np.int32))),
        "cost": float(net.value(theta)),
        "examples": net.n_examples,
        "input_names": list(net.input_names),
        "own_inputs": _examples(subject).own_inputs,
    }


def _by_layer(layers: LayerMaps) -> list[Report]:
    return [
        {"weights": weights} | ({} if biases is None else {"biases": biases}) for weights, biases in layers
    ]


def _units(subject: Subject, request: UnitsRequest) -> Report:
    net, theta, window, seen = network_of(subject), subject.place.theta, _window(subject), _examples(subject)
    over = window[:1] if net.widths[0] == 1 else window
    found = responses(net, theta, over, request.resolution, seen.inputs_at)
    report: Report = {
        "window": over,
        **{f"x{k}": axis for k, axis in enumerate(found.axes, 1)},
        "z": [layer.astype("<f4") for layer in found.z],
        "a": [layer.astype("<f4") for layer in found.a],
    }
    if seen.features:
        return report | {"inputs": found.inputs.astype("<f4")}
    return report if len(over) == 1 else report | {"lines": first_lines(net, theta, window)}


def _remapped(subject: Subject, request: RemappedRequest) -> Report:
    layers: tuple[Remapped, ...] = remapped(network_of(subject), subject.place.theta)
    return {"layers": layers}


def _collapse(subject: Subject, request: CollapseRequest) -> Report:
    net, theta = network_of(subject), subject.place.theta
    found: Collapse = collapse_layers(net, theta)
    kinds = net.activations
    report: Report = {"collapse": found, "activations": kinds}
    if net.widths[0] == 2:
        window = _window(subject)
        report |= {"window": window, "lines": lines(found.weights, found.biases, window)}
    return report


def _shares(subject: Subject, request: SharesRequest) -> Report:
    net = network_of(subject)
    found: CostShares = cost_shares(net, subject.place.theta)
    return {
        "shares": found,
        "of": net.cost,
        "formula": _formula(net),
        "outputs": net.outputs(subject.place.theta, net.x),
        "targets": net.y,
    }


def _formula(net: MLP) -> str:
    """The cost's formula with the penalties in use."""
    terms = [f" + {bracketed(net.l1)} Σ|w|"] * (net.l1 > 0) + [f" + ½ · {bracketed(net.l2)} Σw²"] * (
        net.l2 > 0
    )
    loss, *where = COSTS[net.cost].formula.partition(", ")
    return "".join([loss, *terms, *where])


def _data(subject: Subject) -> BuiltData:
    network_of(subject)
    data = subject.computation.problem.data
    assert data is not None, "networks have examples"
    return data


def _examples(subject: Subject) -> Examples:
    return _data(subject).examples


def _window(subject: Subject) -> InputWindow:
    if _examples(subject).own_inputs > 2:
        raise InvalidValue("study.kind", "of one or two inputs, for pictures over them", "another number")
    return data_plane(_data(subject)).window


def _pass_effort(_: Tagged, size: WorkSize) -> Effort:
    """The numbers of all layers for all examples, by the interpreter."""
    numbers = size.units * size.examples
    return Effort(costs=3, numbers=20 * numbers, calls=150 + 120 * size.layers, kept=2 * numbers)


def _units_effort(request: UnitsRequest, size: WorkSize) -> Effort:
    points = request.resolution**2
    numbers = 2 * size.units * points
    return Effort(costs=size.shown(points), numbers=10 * numbers, calls=500, kept=numbers)


def _parameters_effort(_: Tagged, size: WorkSize) -> Effort:
    products = size.parameters * size.units
    return Effort(
        costs=1, multiplications=products, numbers=30 * size.parameters, calls=200 + 30 * size.layers
    )


STUDIES = (
    explained(ForwardRequest, _forward, priced(_parameters_effort)),
    explained(UnitsRequest, _units, priced(_units_effort), "resolution"),
    explained(RemappedRequest, _remapped, priced(_pass_effort)),
    explained(CollapseRequest, _collapse, priced(_parameters_effort)),
    explained(SharesRequest, _shares, priced(_pass_effort)),
)
