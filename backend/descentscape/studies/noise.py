"""Studies of mini-batches: how their gradients scatter, and what steps and epochs cost."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field

from descentscape.core.errors import InvalidValue
from descentscape.core.explain.epochs import REPEATS, batch_bill
from descentscape.core.explain.noise import gradient_noise
from descentscape.core.network.mlp import MLP
from descentscape.core.time_slices import TimeSlices
from descentscape.document.bounds import MAX_SEED
from descentscape.document.effort import Effort, WorkSize
from descentscape.document.schema import Tagged, knob, listed
from descentscape.studies.base import Subject, priced, window_of
from descentscape.studies.predictions import Report
from descentscape.studies.reports import explained, explained_in_slices, network_of, plain

Size: TypeAlias = Annotated[int, Field(ge=1, le=5000)]
Sizes: TypeAlias = Annotated[tuple[Size, ...], listed(1, 12)]


class NoiseRequest(Tagged):
    """Gradients of random mini-batches about the full one; without sizes, 1, 4, 16 and so on."""

    kind: Literal["noise"] = "noise"
    batch_sizes: Sizes | None = None
    draws: int = knob(48, label="draws", low=2, high=256)
    seed: int = knob(0, label="seed", low=0, high=MAX_SEED, term="seed")


class BatchBillRequest(Tagged):
    """Operations, memory and measured time of a step and of an epoch, by batch size."""

    kind: Literal["batch_bill"] = "batch_bill"
    batch_sizes: Sizes | None = None


def _noise(subject: Subject, request: NoiseRequest) -> TimeSlices[Report]:
    net, plane = network_of(subject), window_of(subject).plane
    sizes, rng = _sizes(net, request.batch_sizes), np.random.default_rng(request.seed)
    theta, draws = subject.place.theta, request.draws
    found = yield from gradient_noise(net, theta, sizes, rng, draws=draws, plane=plane)
    return {**plain(found), "examples": net.n_examples}


def _batch_bill(subject: Subject, request: BatchBillRequest) -> Report:
    net = network_of(subject)
    found = batch_bill(net, subject.place.theta, _sizes(net, request.batch_sizes), perf_counter)
    return {**plain(found), "examples": net.n_examples}


def _sizes(net: MLP, asked: tuple[int, ...] | None) -> list[int]:
    n = net.n_examples
    if asked is None:
        return _usual(n)
    if max(asked) > n:
        raise InvalidValue("study.batch_sizes", f"from 1 to {n}", list(asked))
    return list(asked)


def _usual(n: int) -> list[int]:
    """The batch sizes of n examples that are looked at unless others are asked for."""
    return [*(size for size in (1, 4, 16, 64, 256, 1024) if size < n), n]


def _noise_effort(request: NoiseRequest, size: WorkSize) -> Effort:
    """The gradient of every example and of every draw."""
    sizes = request.batch_sizes or _usual(size.examples)
    count = size.examples + len(sizes) * request.draws
    drawn = request.draws * sum(map(size.shown, sizes))
    return Effort(gradients=2 + drawn, numbers=10 * count * size.parameters, calls=45 * count)


def _bill_effort(request: BatchBillRequest, size: WorkSize) -> Effort:
    shares = sum(map(size.shown, request.batch_sizes or _usual(size.examples)))
    return Effort(gradients=(REPEATS + 1) * shares, calls=1500)


STUDIES = (
    explained_in_slices(NoiseRequest, _noise, priced(_noise_effort), "draws"),
    explained(BatchBillRequest, _batch_bill, priced(_bill_effort), long=True),
)
