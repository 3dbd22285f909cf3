"""A page with the figure that works offline."""

from __future__ import annotations

from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]
from pydantic_core import to_json

from descentscape.output.drawing import Drawing
from descentscape.output.exports.base import Export
from descentscape.output.figures import CONFIG

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>html, body, #figure {{ height: 100%; margin: 0 }}</style>
<script>{plotly}</script>
</head>
<body>
<div id="figure"></div>
<script>
const figure = {figure};
Plotly.newPlot("figure", figure.data, figure.layout, {config});
</script>
</body>
</html>
"""


def to_html(drawing: Drawing) -> bytes:
    """A page with the figure and all of plotly.js in it: it opens without a network and sends nothing.

    (Plotly's own page leaves an empty ``plotlyServerURL`` out, which brings its server's address back.)
    """
    figure = drawing.figure()
    page = PAGE.format(
        title=figure.layout.title.text,
        plotly=get_plotlyjs(),
        figure=figure.to_json().replace("<", "\\u003c"),
        config=to_json(CONFIG).decode(),
    )
    return page.encode()


EXPORT = Export(
    kind="html",
    label="Page that works alone",
    point="The surface and its paths, HTML",
    call="figures",
    media_type="text/html",
    endings=("html", "htm"),
    write=to_html,
)
