"""The row of foreign models: a convolutional network of PyTorch's, explored as it is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

import descentscape as ds
from bench.figures import OURS, Figures, Row, compared
from bench.timing import Case, Effort, fastest, interleaved
from descentscape.core.data import datasets
from descentscape.core.parallel import available

EXAMPLES = (64, 512)
SIDES = (13, 25)
REACH = ((-1.0, 1.0), (-1.0, 1.0))

LIBRARY, THREADED = "loss-landscapes", "an executor’s threads"


def foreign(effort: Effort) -> Figures:
    """The network on two numbers of examples, each over two grids."""
    from bench.torch_peer import THREADS, threads

    def run(call: Callable[[int], object], side: int, number: int) -> object:
        with threads(number):
            return call(side)

    for examples in EXAMPLES:
        ours, theirs = _surfaces(examples)
        number = fastest(THREADS, partial(run, theirs, 5))
        for side in (effort.of(side, 5) for side in SIDES):
            cases = {
                OURS: Case(partial(run, ours, side, number)),
                f"{OURS}, {THREADED}": Case(partial(run, partial(ours, threaded=True), side, 1)),
                LIBRARY: Case(partial(run, theirs, side, number)),
            }
            yield from compared(
                f"{examples} digits, G {side}", interleaved(cases, effort), "ms", {LIBRARY: 1.0}
            )


def _surfaces(examples: int) -> tuple[Callable[..., object], Callable[[int], object]]:
    """The surface of so many points a side around the network, by ours and by the library."""
    import loss_landscapes
    import torch
    from loss_landscapes.metrics import Loss

    data, model, loss = datasets.make("digits", np.random.default_rng(0)), _net(), torch.nn.CrossEntropyLoss()
    x = torch.tensor(data.x[:examples] / 16, dtype=torch.float32).reshape(-1, 1, 8, 8)
    y = torch.tensor(data.y[:examples, 0].astype(np.int64))
    metric = Loss(loss, x, y)

    def ours(side: int, threaded: bool = False) -> object:
        found = ds.explore(lambda model: loss(model(x), y), [model], model=model).random("filter")
        if not threaded:
            return found.surface(side, REACH, progress=False)
        with ThreadPoolExecutor(available(), initializer=torch.set_num_threads, initargs=(1,)) as executor:
            return found.surface(side, REACH, progress=False, executor=executor)

    def theirs(side: int) -> object:
        with torch.no_grad():
            return loss_landscapes.random_plane(model, metric, 1, side, "filter", deepcopy_model=True)

    return ours, theirs


def _net() -> Any:
    """10⁵ parameters: two convolutions and two dense layers."""
    from torch import manual_seed, nn

    manual_seed(0)
    convolutions = (nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU())
    dense = (nn.Flatten(), nn.Linear(32 * 64, 48), nn.ReLU(), nn.Linear(48, 10))
    return nn.Sequential(*convolutions, *dense)


ROWS = (
    Row(
        "foreign",
        "`ds.explore`",
        "A convolutional network of PyTorch’s, 10⁵ parameters on the 8x8 digits, float32, over a plane of "
        "random filter-normalised directions: from the call of `ds.explore` to its surface. The forward "
        "passes are the same on both sides, and most of the time; an operation has as many threads as are "
        "fastest for loss-landscapes, or one where an executor’s threads share the points.",
        foreign,
    ),
)
