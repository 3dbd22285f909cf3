"""A finished computation with all that says how it is drawn: what files of pictures are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from descentscape.compute.computation import Computation
from descentscape.core.landscape.surface import Surface
from descentscape.output.figures import FigureKind, build_figure


@dataclass(frozen=True)
class Drawing:
    """A finished computation as it is to be drawn: in 3D or from above, by default as its document says.

    ``surface`` is the whole one, where it is there already.
    """

    computation: Computation
    kind: FigureKind | None = None
    surface: Surface | None = None

    @property
    def stage(self) -> str:
        """How a page shows it at first: a lab needs a service."""
        stage = self.computation.experiment.view.stage
        return self.kind or ("3d" if stage == "lab" else stage)

    def whole_surface(self) -> Surface:
        """The surface under it."""
        return self.surface or self.computation.finished_surface()

    def figure(self) -> Any:
        """The Plotly figure."""
        return build_figure(self.computation, self.kind, self.surface)
