"""The parts that theta is made of: every layer's weights and biases, by name, place and shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Literal

from numpy.typing import NDArray

Role = Literal["weight", "bias", "coordinate"]
"""What the parameters of a block do: multiply a unit's inputs, shift its sum, or place a point."""


@dataclass(frozen=True)
class Block:
    """Consecutive parameters of one role and one layer.

    - ``name``: such as ``"layer 2, w"``, which the names of its parameters begin with
    - ``layer``: the layer that it is a part of, such as ``"layer 2"``
    - ``shape``: (out, in) of weights, row-major in theta; (out,) of biases
    - ``start``: the place of its first parameter in theta
    """

    name: str
    layer: str
    role: Role
    shape: tuple[int, ...]
    start: int = 0

    @cached_property
    def span(self) -> slice:
        """Its places in theta."""
        return slice(self.start, self.start + prod(self.shape))

    @property
    def is_matrix(self) -> bool:
        """Whether it is a matrix of weights."""
        return self.role == "weight" and len(self.shape) == 2

    def of(self, theta: NDArray[Any]) -> NDArray[Any]:
        """The view ``(*B, *shape)`` of theta ``(*B, P)``."""
        return theta[..., self.span].reshape(*theta.shape[:-1], *self.shape)


def layer_spans(blocks: Sequence[Block]) -> dict[str, slice]:
    """Each layer's places in theta, by its name and in order; together they cover all of theta."""
    spans: dict[str, slice] = {}
    for block in blocks:
        spans[block.layer] = slice(spans.get(block.layer, block.span).start, block.span.stop)
    return spans
