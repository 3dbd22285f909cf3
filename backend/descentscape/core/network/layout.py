"""Where a network's parameters lie in theta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from descentscape.core.blocks import Block, layer_spans
from descentscape.core.network.layers import Dense
from descentscape.core.objective import AnyArray, Array


@dataclass(frozen=True)
class Layout:
    """The order of a network's parameters: layer by layer, W (out, in) row-major and then b (out,)."""

    layers: tuple[Dense, ...]

    @cached_property
    def biases(self) -> bool:
        """Whether the layers have biases."""
        return self.layers[0].biases

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """The units from the inputs to the outputs."""
        return (self.layers[0].units_in, *(layer.units_out for layer in self.layers))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Each layer's weights (out, in) and, where it has some, its biases (out,)."""
        blocks: list[Block] = []
        start = 0
        for number, layer in enumerate(self.layers, 1):
            name = {"single": "{}", "chain": f"{{}}{number}", "deep": f"layer {number}, {{}}"}[self._kind]
            blocks += [
                replace(own, name=name.format(own.name), layer=f"layer {number}", start=start + own.start)
                for own in layer.blocks
            ]
            start = blocks[-1].span.stop
        return tuple(blocks)

    @property
    def _kind(self) -> Literal["single", "chain", "deep"]:
        """One layer; layers of one weight and nothing else; any others."""
        if len(self.layers) == 1:
            return "single"
        return "chain" if max(self.widths) == 1 and not self.biases else "deep"

    @cached_property
    def spans(self) -> tuple[slice, ...]:
        """Each layer's entries of theta."""
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
    def weights(self) -> Array:
        """1 where theta holds a weight, 0 where it holds a bias, ``(P,)``."""
        sizes = [block.span.stop - block.start for block in self.blocks]
        return np.repeat([float(block.role == "weight") for block in self.blocks], sizes)

    def split(self, theta: AnyArray) -> list[tuple[AnyArray, AnyArray | None]]:
        """Views W ``(*B, out, in)`` and b ``(*B, out)`` of each layer of theta ``(*B, P)``."""
        return [layer.split(part) for layer, part in zip(self.layers, self.parts(theta), strict=True)]

    def parts(self, theta: AnyArray) -> list[AnyArray]:
        """Views of each layer's parameters in theta ``(*B, P)``."""
        return [theta[..., span] for span in self.spans]

    def names(self, inputs: Sequence[str] = (), outputs: Sequence[str] = ()) -> list[str]:
        """A name for each parameter: ``"layer 2, w[3,1]"`` is the weight to unit 3 from unit 1, from 1 on.

        In a chain, and in one layer with one output, the indices that say nothing are left out. Where inputs
        and outputs have names, their parameters end in ``" from age"``, ``" to setosa"``, ``" of setosa"``.
        """
        short = self._kind == "chain" or (self._kind == "single" and self.widths[-1] == 1)
        return [
            block.name + _index(place, block.shape, short) + self._ends(block, place, inputs, outputs)
            for block in self.blocks
            for place in np.ndindex(block.shape)
        ]

    def _ends(
        self, block: Block, place: tuple[int, ...], inputs: Sequence[str], outputs: Sequence[str]
    ) -> str:
        """What an input’s and an output’s name add to a parameter’s."""
        weight = block.role == "weight"
        source = f" from {inputs[place[1]]}" if inputs and weight and block.start == 0 else ""
        last = outputs and block.layer == f"layer {len(self.layers)}"
        return source + (f" {'to' if weight else 'of'} {outputs[place[0]]}" if last else "")


def _index(place: tuple[int, ...], shape: tuple[int, ...], short: bool) -> str:
    """Such as ``[3,1]``; short, only where there is more than one."""
    kept = [str(k + 1) for k, size in zip(place, shape, strict=True) if size > 1 or not short]
    return f"[{','.join(kept)}]" if kept else ""
