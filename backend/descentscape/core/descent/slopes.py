"""How steep the surface is along a run, and whether the run stands still."""

from __future__ import annotations

from descentscape.core.blocks import layer_spans
from descentscape.core.descent.record import Record
from descentscape.core.descent.stationarity import Stillness
from descentscape.core.norm import block_norms, norm
from descentscape.core.objective import AnyArray, Array, Objective


class Slopes:
    """Gradient norms of a run's entries, taken in their order: of all of theta and layer by layer.

    ``since`` is the first of 10 consecutive entries whose gradient is nothing, None while there are none.
    """

    def __init__(self, objective: Objective, rows: int) -> None:
        self._objective = objective
        self._layers = [span.start for span in layer_spans(objective.blocks).values()]
        widths: dict[str, tuple[int, ...]] = {"grad_norm": (), "grad_rounding": ()}
        self._record = Record(rows, widths | {"layer_grad_norms": (len(self._layers),)})
        self._stillness = Stillness()

    @property
    def entries(self) -> int:
        """Entries taken so far."""
        return self._record.entries

    @property
    def since(self) -> int | None:
        """The first entry of standing still."""
        return self._stillness.since

    def column(self, name: str) -> AnyArray:
        """``grad_norm`` ``(entries,)`` or ``layer_grad_norms`` ``(entries, L)``, a view."""
        return self._record.column(name)

    def take(self, theta: Array, grad: Array) -> None:
        """Take the next entries' theta ``(S, P)`` and gradients ``(S, P)``."""
        by_layer = block_norms(grad, self._layers)
        norms = norm(by_layer)
        roundings = self._stillness.watch(self._objective, theta, norms)
        columns = {"grad_norm": norms, "layer_grad_norms": by_layer, "grad_rounding": roundings}
        self._record.append(columns, len(theta))

    def copy_from(self, other: Slopes, entries: int) -> None:
        """Take the first entries, or as many as there are, of another run's."""
        self._record.copy_from(other._record, min(entries, other.entries))
        norms, roundings = self._record.column("grad_norm"), self._record.column("grad_rounding")
        for norm_, rounding in zip(norms.tolist(), roundings.tolist(), strict=True):
            self._stillness.see(norm_, rounding)
