"""The order of the examples and the noise of the gradient, the same for every run of one seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from descentscape.core.objective import Array, Indices

_ORDERS, _NOISE = 1, 2
"""Streams of random numbers that must not be one another's: ``default_rng([seed, stream, number])``."""

_NOISE_STEPS = 256
"""Steps whose noise is drawn at once: making a generator costs as much as three descent steps."""


@lru_cache(maxsize=64)
def permutation(seed: int, epoch: int, n: int) -> Indices:
    """The order ``(N,)`` in which every run with this seed walks n examples in an epoch, from 0."""
    order = np.random.default_rng(np.array([seed, _ORDERS, epoch], np.uint32)).permutation(n)
    order.flags.writeable = False
    return order


@lru_cache(maxsize=16)
def _noise_block(seed: int, block: int, dim: int) -> Array:
    draws = np.random.default_rng([seed, _NOISE, block]).standard_normal((_NOISE_STEPS, dim))
    draws.flags.writeable = False
    return draws


def standard_noise(seed: int, step: int, dim: int) -> Array:
    """Independent N(0, 1) numbers ``(P,)`` for one step, from 0: the same whoever asks, and whenever."""
    block, row = divmod(step, _NOISE_STEPS)
    noise: Array = _noise_block(seed, block, dim)[row]
    return noise


@dataclass(frozen=True)
class Batches:
    """Mini-batches without replacement: n examples in batches of a size, the short last one kept."""

    n: int
    size: int
    seed: int

    @property
    def per_epoch(self) -> int:
        """The number of batches that visit every example once."""
        return -(-self.n // self.size)

    def at(self, step: int) -> Indices:
        """The examples of the batch for a step, from 0."""
        epoch, batch = divmod(step, self.per_epoch)
        return permutation(self.seed, epoch, self.n)[batch * self.size : (batch + 1) * self.size]

    def over(self, first: int, count: int) -> tuple[Indices, Indices]:
        """The examples of the batches for ``count`` steps, one after the other, and their places.

        Batch k lies between the places k and k + 1 of the ``(count + 1,)``.
        """
        epoch, last = first // self.per_epoch, (first + count - 1) // self.per_epoch
        orders = [permutation(self.seed, each, self.n) for each in range(epoch, last + 1)]
        turns, batches = np.divmod(np.arange(first, first + count + 1), self.per_epoch)
        return np.concatenate(orders), (turns - epoch) * self.n + batches * self.size

    def sizes(self, steps: Indices) -> Indices:
        """The numbers of examples of the batches for some steps."""
        return np.minimum(self.size, self.n - steps % self.per_epoch * self.size)
