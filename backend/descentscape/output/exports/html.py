"""A page that plays the descent, and works offline."""

from __future__ import annotations

from descentscape.output.drawing import Drawing
from descentscape.output.exports.base import Export
from descentscape.output.player import player_page
from descentscape.output.recording import recording_of


def to_html(drawing: Drawing) -> bytes:
    """The stage as on the page, with captions and transport: it needs no network and sends nothing."""
    return player_page(recording_of(drawing))


EXPORT = Export(
    kind="html",
    label="Page that works alone",
    point="To play, scrub and turn, in one file, HTML",
    call="figures",
    media_type="text/html",
    endings=("html", "htm"),
    write=to_html,
    on_screen=True,
)
