"""Where a network's parameters lie: theta at the boundary, packed matrices inside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from descentscape.core.objective import AnyArray, Array, Indices


@dataclass(frozen=True)
class Layout:
    """The order of a network's parameters.

    Theta is, layer by layer, W (out, in) row-major and then b (out,). Packed, each layer is one matrix
    [W b] (out, in + 1), so that a row of ones under the inputs carries the biases through the products.
    """

    widths: tuple[int, ...]
    biases: bool

    @cached_property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """The packed (out, in + 1) of each layer, (out, in) without biases."""
        return tuple((outputs, inputs + self.biases) for inputs, outputs in pairwise(self.widths))

    @cached_property
    def spans(self) -> tuple[slice, ...]:
        """Each layer's entries, the same in theta and packed."""
        ends = np.cumsum([0, *(rows * columns for rows, columns in self.shapes)]).tolist()
        return tuple(slice(start, stop) for start, stop in pairwise(ends))

    @cached_property
    def dim(self) -> int:
        """The number of parameters P."""
        return int(self.spans[-1].stop)

    @cached_property
    def shape(self) -> tuple[int]:
        """The shape ``(P,)`` of one theta."""
        return (self.dim,)

    @cached_property
    def order(self) -> Indices:
        """The positions that pack: packed = theta[order]."""
        places = np.arange(self.dim)
        packed = np.empty_like(places)
        for (w, b), joint in zip(self.layers(places), self.matrices(packed), strict=True):
            joint[:, : w.shape[1]] = w
            if b is not None:
                joint[:, -1] = b
        return packed

    @cached_property
    def inverse(self) -> Indices:
        """The positions that unpack: theta = packed[inverse]."""
        return np.argsort(self.order)

    @cached_property
    def weights(self) -> Array:
        """1 where theta holds a weight, 0 where it holds a bias, ``(P,)``."""
        mask = np.ones(self.dim)
        for _, b in self.layers(mask):
            if b is not None:
                b[...] = 0.0
        return mask

    def layers(self, theta: AnyArray) -> list[tuple[AnyArray, AnyArray | None]]:
        """Views W ``(*B, out, in)`` and b ``(*B, out)`` of each layer of theta ``(*B, P)``."""
        blocks = zip(self.spans, self.shapes, strict=True)
        return [self._split(theta[..., span], rows) for span, (rows, _) in blocks]

    def _split(self, block: AnyArray, rows: int) -> tuple[AnyArray, AnyArray | None]:
        end = block.shape[-1] - rows * self.biases
        w = block[..., :end].reshape(*block.shape[:-1], rows, -1)
        return w, block[..., end:] if self.biases else None

    def matrices(self, packed: AnyArray) -> list[AnyArray]:
        """Views of each layer's packed matrix ``(*B, out, in + 1)``."""
        blocks = zip(self.spans, self.shapes, strict=True)
        return [packed[..., span].reshape(*packed.shape[:-1], *shape) for span, shape in blocks]

    def names(self) -> list[str]:
        """A name for each parameter: ``"layer 2, w[3,1]"`` is the weight to unit 3 from unit 1, from 1 on."""
        if len(self.shapes) > 1 and self.dim == len(self.shapes):
            return [f"w{layer}" for layer in range(1, self.dim + 1)]
        return [name for layer in range(len(self.shapes)) for name in self._layer_names(layer)]

    def _layer_names(self, layer: int) -> list[str]:
        prefix = f"layer {layer + 1}, " if len(self.shapes) > 1 else ""
        inputs, outputs = range(1, self.widths[layer] + 1), range(1, self.widths[layer + 1] + 1)
        if not prefix and len(outputs) == 1:
            weights = ["w"] if len(inputs) == 1 else [f"w[{k}]" for k in inputs]
            return weights + ["b"] * self.biases
        weights = [f"{prefix}w[{j},{k}]" for j in outputs for k in inputs]
        return weights + [f"{prefix}b[{j}]" for j in outputs] * self.biases


def with_ones(units: AnyArray, biases: bool) -> AnyArray:
    """The units ``(*B, H, n)``, with a row of ones under them when the layers have biases."""
    if not biases:
        return np.ascontiguousarray(units)
    joint = np.ones((*units.shape[:-2], units.shape[-2] + 1, units.shape[-1]), units.dtype)
    joint[..., :-1, :] = units
    return joint
