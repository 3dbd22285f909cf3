"""The descent from above as an animation."""

from __future__ import annotations

from descentscape.output.animation import build_animation
from descentscape.output.drawing import Drawing
from descentscape.output.exports.base import Export


def to_gif(drawing: Drawing) -> bytes:
    """The contours, and every path growing over them, in a hundred frames at most."""
    return build_animation(drawing.computation, drawing.surface)


EXPORT = Export(
    kind="gif",
    label="Animation from above",
    point="The contours and the growing paths, GIF",
    call="figures",
    media_type="image/gif",
    endings=("gif",),
    write=to_gif,
    listed=False,
)
