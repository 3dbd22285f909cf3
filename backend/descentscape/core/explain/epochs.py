"""What a step and an epoch cost by the batch size: operations, memory and measured time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.explain.operations import count_operations
from descentscape.core.explain.timing import shortest_seconds
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array, Indices

REPEATS = 5
"""Timings of a step, of which the shortest counts."""


@dataclass(frozen=True, eq=False)
class BatchBill:
    """Per step and per epoch for each of M batch sizes B, all arrays ``(M,)``.

    - ``steps_per_epoch`` = ⌈N / B⌉
    - ``operations_per_step``: multiplications of the gradient in reverse mode, B times an example's;
      ``operations_per_epoch``: N times an example's, whatever the batch size
    - ``bytes_per_step`` = 8 (B (D + 3 H + 3 K) + 2 P), where all of the batch goes through the layers at
      once, as it mostly does: inputs; z, a and σ' of the H hidden units; z, δ and target of the K outputs;
      parameters and gradient. (The kernel takes the examples in blocks and keeps no more than one.)
    - ``seconds_per_step``, ``seconds_per_epoch``: measured, without the optimizer
    """

    batch_sizes: Indices
    steps_per_epoch: Indices
    operations_per_step: Indices
    operations_per_epoch: Indices
    bytes_per_step: Indices
    seconds_per_step: Array
    seconds_per_epoch: Array


def batch_bill(net: MLP, theta: Array, batch_sizes: Sequence[int], clock: Callable[[], float]) -> BatchBill:
    """The bill at theta ``(P,)``, timed by a ``clock`` in seconds; InvalidValue for sizes outside 1 … N."""
    n, each = net.n_examples, count_operations(net).reverse
    for size in batch_sizes:
        if not 1 <= size <= n:
            raise InvalidValue("batch_size", f"from 1 to {n}", size)
    sizes = np.array(batch_sizes)
    numbers = net.widths[0] + 3 * sum(net.widths[1:])
    steps = -(-n // sizes)
    seconds = np.array([_seconds(net, theta, size, clock) for size in batch_sizes])
    return BatchBill(
        batch_sizes=sizes,
        steps_per_epoch=steps,
        operations_per_step=sizes * each,
        operations_per_epoch=np.full_like(sizes, n * each),
        bytes_per_step=8 * (sizes * numbers + 2 * net.dim),
        seconds_per_step=seconds,
        seconds_per_epoch=seconds * steps,
    )


def _seconds(net: MLP, theta: Array, size: int, clock: Callable[[], float]) -> float:
    """A gradient on the first examples, the batch made anew each time as in a descent."""
    examples = np.arange(size)
    return shortest_seconds(lambda: net.batch(examples).value_and_grad(theta), clock, REPEATS)
