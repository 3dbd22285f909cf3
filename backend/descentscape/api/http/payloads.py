"""One answer in three shapes: JSON, the binary frame, or an NPZ file, as the client prefers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from descentscape.core.objective import AnyArray
from descentscape.output.frames import DTYPES, Kind, pack

JSON = "application/json"
FRAME = "application/octet-stream"
NPZ = "application/x-npz"
CSV = "text/csv"
HTML = "text/html"

_ALSO_CALLED = {"application/zip": NPZ, "application/*": JSON, "*/*": JSON}


def preferred(request: Request, *offered: str) -> str:
    """The media type of those offered that the Accept header likes best; the first where it likes none."""
    accepted = sorted(_weighted(request.headers.get("accept", "")), key=lambda entry: -entry[1])
    named = (_ALSO_CALLED.get(media_type, media_type) for media_type, _ in accepted)
    return next((media_type for media_type in named if media_type in offered), offered[0])


def _weighted(accepted: str) -> Iterator[tuple[str, float]]:
    for entry in accepted.split(","):
        media_type, *parameters = (part.strip().lower() for part in entry.split(";"))
        quality = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        yield media_type, float(quality) if quality.replace(".", "", 1).isdecimal() else 0.0


def render(kind: Kind, answer: Mapping[str, Any], media_type: str) -> Response:
    """The answer, whose arrays lie anywhere in it, in the given shape; work for a thread when it is large."""
    if media_type == JSON:
        return Response(json_bytes(answer), media_type=JSON, headers={"Vary": "Accept"})
    arrays = dict(named_arrays(answer))
    meta = without_arrays(answer)
    body = pack(kind, meta, arrays) if media_type == FRAME else _npz(meta, arrays)
    return Response(body, media_type=media_type, headers={"Vary": "Accept"})


def json_bytes(answer: Any) -> bytes:
    """The answer as JSON: arrays as lists, and null for what is not finite."""
    return to_json(answer, inf_nan_mode="null", fallback=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"an answer must hold plain values and arrays, got {type(value).__name__}")


def named_arrays(answer: Any, name: str = "") -> Iterator[tuple[str, AnyArray]]:
    """Every array in the answer with the path to it: ``runs.0.cost``."""
    if isinstance(answer, np.ndarray):
        yield name.lstrip("."), _plain_dtype(answer)
    elif isinstance(answer, Mapping):
        for key, value in answer.items():
            yield from named_arrays(value, f"{name}.{key}")
    elif isinstance(answer, list | tuple):
        for index, value in enumerate(answer):
            yield from named_arrays(value, f"{name}.{index}")


def _plain_dtype(array: AnyArray) -> AnyArray:
    """The array in a dtype that a frame may hold."""
    if array.dtype.kind == "b":
        return array.astype(np.uint8)
    return array if array.dtype.newbyteorder("<").str in DTYPES else array.astype(np.float64)


def without_arrays(answer: Any) -> Any:
    """The answer without the arrays, which travel beside it."""
    if isinstance(answer, Mapping):
        kept = ((key, value) for key, value in answer.items() if not isinstance(value, np.ndarray))
        return {key: without_arrays(value) for key, value in kept}
    if isinstance(answer, list | tuple):
        return [without_arrays(value) for value in answer if not isinstance(value, np.ndarray)]
    return answer.item() if isinstance(answer, np.generic) else answer


def _npz(meta: Any, arrays: Mapping[str, AnyArray]) -> bytes:
    file = io.BytesIO()
    entries: dict[str, Any] = {"meta": np.array(json_bytes(meta).decode()), **arrays}
    np.savez(file, **entries)
    return file.getvalue()
