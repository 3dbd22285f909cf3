"""What a picture is made of, however it came about: computed runs, or those of a foreign model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Plane
from descentscape.core.objective import AnyArray, Array


class Drawn(Protocol):
    """What a picture shows of a run."""

    @property
    def label(self) -> str:
        """Its name."""

    @property
    def status(self) -> str:
        """How it ended."""

    @property
    def cost(self) -> Array:
        """The true cost ``(S,)``."""

    @property
    def steps(self) -> AnyArray:
        """After how many steps each entry ``(S,)`` is: a recorded run has only some."""

    @property
    def path(self) -> Array:
        """The coordinates ``(S, 2)`` on the plane."""

    @property
    def shadow_cost(self) -> Array:
        """The surface's height ``(S,)`` there."""

    @property
    def off_plane(self) -> Array:
        """The distance ``(S,)`` from the plane."""


class Pictured(Protocol):
    """Runs with the plane and the extent that they are seen in."""

    @property
    def runs(self) -> Sequence[Drawn]:
        """The runs."""

    @property
    def plane(self) -> Plane:
        """The plane."""

    @property
    def extent(self) -> Extent:
        """The part of it that is drawn."""
