"""From a cost that is called and the parameters of a training to an exploration of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from descentscape.compute.blas_threads import single_threaded_blas
from descentscape.core.blocks import Block
from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.functions import functions_of
from descentscape.core.foreign.objective import ForeignObjective, checked_blocks, whole_block
from descentscape.core.foreign.paths import RecordedPath
from descentscape.core.foreign.recorder import Recorder, to_path
from descentscape.core.foreign.trees import blocks_of, leaves_of, shapes_of
from descentscape.document.bounds import MAX_RUNS, MAX_STEPS
from descentscape.explorations.exploration import Exploration
from descentscape.explorations.laying import Laying
from descentscape.explorations.runs import Recorded

BATCH, BATCH_NUMBERS = 64, 2**23
"""Vectors that a batched cost is given at once, unless it is said, and numbers that these are at most."""


def explore(
    cost: Callable[[Any], Any],
    trajectory: Any,
    gradient: Callable[[Any], Any] | None = None,
    hvp: Callable[[Any, Any], Any] | None = None,
    *,
    model: Any = None,
    batched: bool | int = False,
    label: str = "model",
) -> Exploration:
    """The exploration of a cost and a trajectory: see `descentscape.explore`."""
    if not callable(cost):
        raise InvalidValue("cost", "a function that returns one number", cost)
    single_threaded_blas()
    named = dict(trajectory) if isinstance(trajectory, Mapping) else {"run": trajectory}
    if not 1 <= len(named) <= MAX_RUNS:
        raise InvalidValue("trajectory", f"one run at least, and at most {MAX_RUNS}", len(named))
    paths = {str(name): to_path(own) for name, own in named.items()}
    dim = _one_size(paths)
    first = next(iter(named.values()))
    functions = functions_of(cost, _like(first), model, gradient, hvp, _at_once(batched, dim))
    objective = ForeignObjective(functions, dim, checked_blocks(_blocks(first, model, dim), dim))
    recorded = tuple(Recorded(name, path) for name, path in paths.items())
    return Exploration(label, Laying(label, objective, recorded), lambda laying: _usual(laying))


def _usual(laying: Laying) -> Any:
    """The axes of two parameters, the principal components of more."""
    return laying.axes((0, 1)) if laying.objective.dim == 2 else laying.pca("mean")


def _at_once(batched: bool | int, dim: int) -> int:
    """How many vectors a batched cost is given at once; 0 for a cost of one."""
    if not batched:
        return 0
    most = max(1, min(BATCH, BATCH_NUMBERS // dim)) if batched is True else batched
    if most < 1:
        raise InvalidValue("batched", "True, or at least 1", batched)
    return most


def _one_size(paths: Mapping[str, RecordedPath]) -> int:
    sizes = {name: path.dim for name, path in paths.items()}
    dim = next(iter(sizes.values()))
    for name, size in sizes.items():
        if paths[name].entries > MAX_STEPS + 1:
            constraint = f"of at most {MAX_STEPS + 1:,} entries: record every k-th"
            raise InvalidValue(f"trajectory[{name!r}]", constraint, paths[name].entries)
        if size != dim:
            raise InvalidValue(f"trajectory[{name!r}]", f"of {dim:,} parameters, as the first", size)
    if dim < 2:
        raise InvalidValue("trajectory", "of two parameters at least", dim)
    return dim


def _like(trajectory: Any) -> Any:
    """An array or a tensor of the trajectory's library."""
    if isinstance(trajectory, Recorder):
        return trajectory.leaf
    if isinstance(trajectory, RecordedPath):
        return np.empty(0)
    entry = trajectory if hasattr(trajectory, "shape") else trajectory[0]
    return leaves_of(entry)[0][1]


def _blocks(trajectory: Any, model: Any, dim: int) -> tuple[Block, ...]:
    """The layers of the parameters, where the model or the recorder tells them."""
    if model is not None:
        leaves = leaves_of(model)
        return blocks_of([name for name, _ in leaves], shapes_of(leaves))
    if isinstance(trajectory, Recorder):
        return trajectory.blocks
    entry = None if hasattr(trajectory, "shape") or isinstance(trajectory, RecordedPath) else trajectory[0]
    if entry is None or len(leaves_of(entry)) == 1:
        return whole_block(dim)
    leaves = leaves_of(entry)
    return blocks_of([name for name, _ in leaves], shapes_of(leaves))
