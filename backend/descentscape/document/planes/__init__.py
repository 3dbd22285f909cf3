"""The planes that an experiment can be seen in, a file for each kind and all that is known of it.

A new kind is a file that exports its `PlaneKind` as ``PLANE``, and its name in `FILES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from descentscape.document.planes.base import PlaneKind
from descentscape.document.registry import exported
from descentscape.document.schema import Tagged, tagged

FILES = (
    "pca",
    "axes",
    "random",
    "hessian",
    "gradient",
    "points",
    "custom",
)
"""In the order of the menu."""

PLANES: dict[str, PlaneKind] = {plane.kind: plane for plane in exported(__name__, FILES, "PLANE")}
"""Every kind of plane by its name."""

if TYPE_CHECKING:
    PlaneSpec: TypeAlias = Tagged
else:
    PlaneSpec = tagged([plane.spec for plane in PLANES.values()], "pca")


def usual_plane(exact: bool) -> PlaneSpec:
    """The plane of a document that names none: the whole space where it has two dimensions, else PCA's."""
    kind = "axes" if exact else "pca"
    return PLANES[kind].spec(kind=kind)


__all__ = ["PLANES", "PlaneKind", "PlaneSpec", "usual_plane"]
