"""The descent from above as an animation."""

from __future__ import annotations

from descentscape.output.animation import animation_of
from descentscape.output.drawing import Drawing
from descentscape.output.exports.base import Export
from descentscape.output.gif_frames import Animation, to_gif


def animated(drawing: Drawing) -> Animation:
    """What is drawn, in a hundred frames at most."""
    return animation_of(drawing.computation, drawing.surface)


EXPORT = Export(
    kind="gif",
    label="Animation from above",
    point="The contours and the growing paths, GIF",
    call="figures",
    media_type="image/gif",
    endings=("gif",),
    gather=animated,
    write=to_gif,
    listed=False,
)
