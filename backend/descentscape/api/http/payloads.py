"""One answer in three shapes: JSON, the binary frame, or an NPZ file, as the client prefers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from descentscape.output.frames import FrameKind
from descentscape.output.serialization import frame_bytes, json_bytes, npz_bytes

JSON = "application/json"
FRAME = "application/octet-stream"
NPZ = "application/x-npz"

RENDERED = (JSON, FRAME, NPZ)
"""The shapes of every answer, the usual one first."""

_ALSO_CALLED = {"application/zip": NPZ, "application/*": JSON, "*/*": JSON}


def preferred(request: Request, *offered: str) -> str:
    """The media type of those offered that the Accept header likes best; the first where it likes none."""
    accepted = sorted(_weighted(request.headers.get("accept", "")), key=lambda entry: -entry[1])
    named = (_ALSO_CALLED.get(media_type, media_type) for media_type, weight in accepted if weight)
    return next((media_type for media_type in named if media_type in offered), offered[0])


def accepts_gzip(request: Request) -> bool:
    """Whether the Accept-Encoding header takes gzip, by its name or as any."""
    weights = dict(_weighted(request.headers.get("accept-encoding", "")))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weighted(accepted: str) -> Iterator[tuple[str, float]]:
    for entry in accepted.split(","):
        media_type, *parameters = (part.strip().lower() for part in entry.split(";"))
        quality = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        yield media_type, float(quality) if quality.replace(".", "", 1).isdecimal() else 0.0


def render(kind: FrameKind, answer: Mapping[str, Any], media_type: str) -> Response:
    """The answer, whose arrays lie anywhere in it, in the given shape; work for a thread when it is large."""
    write: dict[str, Callable[[Mapping[str, Any]], bytes]] = {
        JSON: json_bytes,
        NPZ: npz_bytes,
        FRAME: partial(frame_bytes, kind),
    }
    return Response(write[media_type](answer), media_type=media_type, headers={"Vary": "Accept"})
