"""Where a network's parameters lie: theta at the boundary, packed matrices inside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np

from descentscape.core.blocks import Block, layer_spans
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
    def blocks(self) -> tuple[Block, ...]:
        """Each layer's weights (out, in) and, where it has some, its biases (out,)."""
        blocks: list[Block] = []
        start = 0
        for layer, (inputs, outputs) in enumerate(pairwise(self.widths), 1):
            name = {"single": "{}", "chain": f"{{}}{layer}", "deep": f"layer {layer}, {{}}"}[self._kind]
            blocks.append(Block(name.format("w"), f"layer {layer}", "weight", (outputs, inputs), start))
            if self.biases:
                start = blocks[-1].span.stop
                blocks.append(Block(name.format("b"), f"layer {layer}", "bias", (outputs,), start))
            start = blocks[-1].span.stop
        return tuple(blocks)

    @property
    def _kind(self) -> Literal["single", "chain", "deep"]:
        """One layer; layers of one weight and nothing else; any others."""
        if len(self.widths) == 2:
            return "single"
        return "chain" if max(self.widths) == 1 and not self.biases else "deep"

    @cached_property
    def spans(self) -> tuple[slice, ...]:
        """Each layer's entries, the same in theta and packed."""
        return tuple(layer_spans(self.blocks).values())

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
        sizes = [block.span.stop - block.start for block in self.blocks]
        return np.repeat([float(block.role == "weight") for block in self.blocks], sizes)

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
        """A name for each parameter: ``"layer 2, w[3,1]"`` is the weight to unit 3 from unit 1, from 1 on.

        In a chain, and in one layer with one output, the indices that say nothing are left out.
        """
        short = self._kind == "chain" or (self._kind == "single" and self.widths[-1] == 1)
        return [
            block.name + _index(place, block.shape, short)
            for block in self.blocks
            for place in np.ndindex(block.shape)
        ]


def _index(place: tuple[int, ...], shape: tuple[int, ...], short: bool) -> str:
    """Such as ``[3,1]``; short, only where there is more than one."""
    kept = [str(k + 1) for k, size in zip(place, shape, strict=True) if size > 1 or not short]
    return f"[{','.join(kept)}]" if kept else ""


def with_ones(units: AnyArray, biases: bool) -> AnyArray:
    """The units ``(*B, H, n)``, with a row of ones under them when the layers have biases."""
    if not biases:
        return np.ascontiguousarray(units)
    joint = np.ones((*units.shape[:-2], units.shape[-2] + 1, units.shape[-1]), units.dtype)
    joint[..., :-1, :] = units
    return joint
