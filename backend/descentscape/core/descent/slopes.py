"""How steep the surface is along a run."""

from __future__ import annotations

from descentscape.core.blocks import layer_spans
from descentscape.core.descent.record import Record
from descentscape.core.norm import block_norms, norm
from descentscape.core.objective import Array, Objective


class Slopes(Record):
    """Gradient norms of a run's entries, taken in their order: of all of theta and layer by layer.

    Its columns are ``grad_norm`` ``(entries,)`` and ``layer_grad_norms`` ``(entries, L)``.
    """

    def __init__(self, objective: Objective, rows: int) -> None:
        self._layers = [span.start for span in layer_spans(objective.blocks).values()]
        super().__init__(rows, {"grad_norm": (), "layer_grad_norms": (len(self._layers),)})

    def take(self, grad: Array) -> None:
        """Take the next entries' gradients ``(S, P)``."""
        by_layer = self.by_layer(grad)
        self.append({"grad_norm": norm(by_layer), "layer_grad_norms": by_layer}, len(grad))

    def by_layer(self, grad: Array) -> Array:
        """The norms ``(S, L)`` of gradients ``(S, P)`` within each layer."""
        return block_norms(grad, self._layers)
