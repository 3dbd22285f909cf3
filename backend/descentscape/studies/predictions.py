"""What a network answers over its data: a picture of its outputs, and how well they fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from descentscape.compute.build import BuiltData
from descentscape.core.data.datasets import Data
from descentscape.core.landscape.plane import Pair
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import AnyArray, Array

DATA_MARGIN = 0.1
"""Space around the data on each side, in widths of their range."""

HALF = 0.5
"""Where a single unit's answer turns from one class to the other."""

DIGITS = 12
"""How many examples are shown as images."""

OUTPUT_BLOCK = 1 << 20
"""Activations of all layers that are held at once: a dozen megabytes."""

Report = dict[str, Any]


@dataclass(frozen=True, eq=False)
class DataPlane:
    """The two directions of input space in which data are drawn: x = origin + u·basis₀ + v·basis₁.

    With one input, v is the target instead and basis has one row; with two they are the inputs themselves;
    with more, the first two principal components of the training inputs, a slice of input space.
    """

    origin: Array
    basis: Array
    window: tuple[Pair, Pair]
    labels: tuple[str, str]
    variance_share: float

    @property
    def exact(self) -> bool:
        """Whether nothing of the inputs is left out."""
        return len(self.origin) <= 2

    def place(self, data: Data) -> Array:
        """Where the examples are drawn, ``(N, 2)``."""
        if len(self.origin) == 1:
            return np.column_stack([data.x[:, 0], data.y[:, 0]])
        return (data.x - self.origin) @ self.basis.T


@lru_cache(maxsize=16)
def data_plane(data: BuiltData) -> DataPlane:
    """The plane that a data set is drawn in, with a window around all of its examples."""
    names, x = data.train.feature_names, data.train.x
    count = x.shape[1]
    origin, basis, share, labels = np.zeros(count), np.eye(count)[:2], 1.0, (names[0], names[-1])
    if count == 1:
        labels = names[0], data.train.target_names[0] if data.train.classes is None else "class"
    if count > 2:
        origin = x.mean(axis=0)
        _, singular, directions = np.linalg.svd(x - origin, full_matrices=False)
        basis, labels = directions[:2], ("first component of the inputs", "second component")
        basis = basis * np.where(basis.sum(axis=1) < 0, -1, 1)[:, None]
        share = float((singular[:2] ** 2).sum() / (singular**2).sum())
    plane = DataPlane(origin, basis, ((0.0, 1.0), (0.0, 1.0)), labels, share)
    points = np.concatenate([plane.place(part) for part in (data.train, data.test) if part is not None])
    return DataPlane(origin, basis, _window(points), labels, share)


def _window(points: Array) -> tuple[Pair, Pair]:
    low, high = points.min(axis=0), points.max(axis=0)
    margin = DATA_MARGIN * np.where(high > low, high - low, 1.0)
    (x0, y0), (x1, y1) = (low - margin).tolist(), (high + margin).tolist()
    return (x0, x1), (y0, y1)


def points_of(data: BuiltData) -> Report:
    """The examples as they are drawn: places ``(N, 2)`` and targets ``(N,)``, of training and test set."""
    plane = data_plane(data)
    return {
        "points": plane.place(data.train),
        "targets": data.train.y[:, 0],
        "test_points": np.empty((0, 2)) if data.test is None else plane.place(data.test),
        "test_targets": np.empty(0) if data.test is None else data.test.y[:, 0],
        "feature_names": list(data.train.feature_names),
        "class_names": list(data.train.target_names) if data.train.classes else None,
        "target_name": data.train.target_names[0] if data.train.classes is None else None,
        "scaled": data.scaling is not None,
    }


def predictions(net: MLP, data: BuiltData, theta: Array, resolution: int) -> Report:
    """The network's answer over the window of its data plane.

    With one input a ``curve`` ``(R, K)`` over ``curve_x`` ``(R,)``. Otherwise over a grid, row 0 at the
    lowest second coordinate: the output ``grid`` ``(R, R)`` of a single unit, or of several the ``winner``
    ``(R, R)`` and its value ``sure``. ``level`` is where the answer turns; ``hyperplanes`` ``(U, 3)`` are
    the lines w₁ u + w₂ v + b = 0 of the first layer's units on the data plane.
    """
    plane = data_plane(data)
    classes = data.train.classes
    about: Report = {
        "kind": "classes" if classes else "values",
        "window": plane.window,
        "labels": plane.labels,
        "exact": plane.exact,
        "variance_share": plane.variance_share,
        "level": HALF if classes and net.widths[-1] == 1 else None,
    }
    if len(plane.origin) == 1:
        x = np.linspace(*plane.window[0], 4 * resolution)
        return about | {"curve_x": x, "curve": _outputs(net, theta, x[:, None])}
    return about | _grid(net, plane, theta, resolution) | {"hyperplanes": _hyperplanes(net, plane, theta)}


def _grid(net: MLP, plane: DataPlane, theta: Array, resolution: int) -> Report:
    u, v = (np.linspace(low, high, resolution) for low, high in plane.window)
    places = np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 2)
    outputs = _outputs(net, theta, plane.origin + places @ plane.basis).astype(np.float32)
    shape = (resolution, resolution)
    if outputs.shape[1] == 1:
        return {"grid": outputs.reshape(shape)}
    return {
        "winner": outputs.argmax(axis=1).astype(np.uint8).reshape(shape),
        "sure": outputs.max(axis=1).reshape(shape),
    }


def _outputs(net: MLP, theta: Array, x: Array) -> Array:
    """The outputs ``(n, K)`` for inputs x ``(n, D)``, so many at a time that what is held stays small."""
    size = max(1, OUTPUT_BLOCK // sum(net.widths))
    parts = [net.outputs(theta, x[first : first + size]) for first in range(0, len(x), size)]
    return np.concatenate(parts)


def _hyperplanes(net: MLP, plane: DataPlane, theta: Array) -> Array:
    weights, biases = net.weights(theta)[0]
    offset = weights @ plane.origin + (0.0 if biases is None else biases)
    return np.column_stack([weights @ plane.basis.T, offset])


def fit_report(net: MLP, data: BuiltData, theta: Array) -> Report:
    """How well the outputs fit, on the training set and, where there is one, on the test set."""
    report: Report = {"train": _fit(net, data.train, theta)}
    if data.test is not None:
        report["test"] = _fit(net, data.test, theta)
    return report


def _fit(net: MLP, data: Data, theta: Array) -> Report:
    outputs = net.outputs(theta, data.x)
    if data.classes is None:
        return _residuals(data.y - outputs, data.y)
    named, true = winners(outputs), data.y[:, 0].astype(int)
    confusion = np.zeros((data.classes, data.classes), np.int32)
    np.add.at(confusion, (true, named), 1)
    return {"accuracy": float((named == true).mean()), "confusion": confusion}


def _residuals(residual: Array, y: Array) -> Report:
    """Root mean square and largest residual, and the share of the targets' variance that is explained."""
    spread = float(((y - y.mean(axis=0)) ** 2).sum())
    unexplained = float((residual**2).sum())
    return {
        "rms": float(np.sqrt((residual**2).mean())),
        "largest": float(np.abs(residual).max()),
        "r_squared": 1 - unexplained / spread if spread else None,
    }


def winners(outputs: AnyArray) -> AnyArray:
    """The class that each row of outputs ``(N, K)`` names: the largest unit, or a single one's side of ½."""
    return (outputs[:, 0] > HALF).astype(int) if outputs.shape[1] == 1 else outputs.argmax(axis=1)


def digit_examples(net: MLP, data: BuiltData, theta: Array) -> Report:
    """A dozen images ``(12, 64)``, of the test set if there is one: true and named class, and how sure."""
    shown = data.test or data.train
    few = shown.take(np.linspace(0, len(shown.x) - 1, min(DIGITS, len(shown.x))).astype(int))
    outputs = net.outputs(theta, few.x)
    images = few.x if data.scaling is None else data.scaling.undo(few.x)
    return {
        "images": images.astype(np.float32),
        "true": few.y[:, 0].astype(np.int32),
        "named": winners(outputs).astype(np.int32),
        "sure": outputs.max(axis=1),
    }
