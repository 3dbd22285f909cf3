"""The examples of experiments, built once for all experiments that have the same data set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from descentscape.core.data import datasets
from descentscape.core.data.datasets import Data, Scaling
from descentscape.core.data.features import append_features
from descentscape.core.network.costs import one_hot
from descentscape.core.objective import Array
from descentscape.document.experiment import Experiment
from descentscape.document.once import once
from descentscape.document.problem_size import data_of, features_of, inline_task, split_rng


@dataclass(frozen=True, eq=False)
class Examples:
    """A data set as its document has it, and the examples to learn from and to test on, scaled.

    Their columns are contiguous, so that networks use them as they are. The last of their inputs are the
    ``features`` made from the first two.
    """

    dataset: Any
    train: Data
    test: Data | None
    scaling: Scaling | None
    features: tuple[str, ...] = ()
    _targets: dict[tuple[int, int], Array] = field(default_factory=dict)

    def targets(self, data: Data, units: int) -> Array:
        """The targets ``(N, K)`` of K output units: class labels as 0 and 1, one-hot above two classes."""
        if not (data.classes and units > 1):
            return data.y
        key = id(data), units
        if key not in self._targets:
            self._targets[key] = np.asfortranarray(one_hot(data.y, units))
        return self._targets[key]

    @property
    def own_inputs(self) -> int:
        """The number of inputs that the data have themselves, without the features."""
        return int(self.train.x.shape[1]) - len(self.features)

    def inputs_at(self, points: Array) -> Array:
        """What the network sees at points ``(n, own inputs)``, both scaled as the examples are."""
        if not self.features:
            return points
        if self.scaling is None:
            return append_features(points, self.features)
        own = self.scaling.first(self.own_inputs)
        return self.scaling.apply(append_features(own.undo(points), self.features))


class ExampleStore:
    """Examples by the hash of their data set, for as long as anybody holds them.

    Safe from several threads.
    """

    def __init__(self) -> None:
        self._known = WeakValueDictionary[str, Examples]()
        self._lock = Lock()

    def examples(self, problem: Any) -> Examples:
        """The examples of a problem with data."""
        key = data_hash(problem)
        with self._lock:
            if (known := self._known.get(key)) is not None:
                return known
        made = build_examples(problem)
        with self._lock:
            return self._known.setdefault(key, made)

    def shared(self, experiment: Experiment) -> Experiment:
        """The experiment with the very data set that others have, whose numbers then are held once."""
        own: Any = experiment.problem
        if not has_data(own):
            return experiment
        dataset = self.examples(own).dataset
        if dataset is own.dataset:
            return experiment
        problem = own.model_copy(update={"dataset": dataset})
        return experiment.model_copy(update={"problem": problem})


def has_data(problem: Any) -> bool:
    """Whether there are examples: of a formula, and of a model that is only called, there are none."""
    return hasattr(problem, "dataset")


def data_hash(problem: Any) -> str:
    """The SHA-256 of what decides on a problem's examples; empty for a problem without any."""
    if not has_data(problem):
        return ""
    task = inline_task(problem) if problem.dataset.kind == "inline" else None
    return _hash(problem.dataset, " ".join([str(task), *features_of(problem)]))


@once
def _hash(dataset: Any, use: str) -> str:
    """The hash of a data set for a task and with features; inline data are long."""
    return hashlib.sha256(f"{use} {dataset.model_dump_json()}".encode()).hexdigest()


def build_examples(problem: Any) -> Examples:
    """The examples of a problem with data, split and scaled as it says."""
    dataset = problem.dataset
    train, test = datasets.split(data_of(problem), dataset.test_fraction, split_rng(dataset))
    scaling = None
    if dataset.standardize:
        train, test, scaling = datasets.standardize(train, test)
    return Examples(dataset, _by_columns(train), test and _by_columns(test), scaling, features_of(problem))


def _by_columns(data: Data) -> Data:
    return replace(data, x=np.asfortranarray(data.x), y=np.asfortranarray(data.y))
