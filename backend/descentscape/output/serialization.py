"""Answers as bytes: JSON, the binary frame, or NumPy's archive, the same for files, calls and the stream.

An answer is a tree of plain values with NumPy arrays anywhere in it. In JSON arrays are lists, and what is
not finite is null. In the other two layouts every array stands under the path to it, ``runs.0.cost``; all the
rest is a document of the same tree without them, the frame's JSON or the archive's text entry ``meta``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from pydantic_core import to_json

from descentscape.core.objective import AnyArray
from descentscape.output.frames import DTYPES, FrameKind, pack

JSON_BLOCK = 1 << 14
"""Numbers of an array that are written at once: a few milliseconds in which nothing else runs."""


def json_bytes(answer: Any) -> bytes:
    """The answer as JSON: arrays as lists, and null for what is not finite."""
    return b"".join(_json(answer))


def _json(answer: Any) -> Iterator[bytes]:
    """The JSON in parts, so that other threads have their turns between them."""
    if isinstance(answer, np.ndarray) and answer.ndim and answer.size > JSON_BLOCK:
        rows = max(1, JSON_BLOCK * len(answer) // answer.size)
        parts = (answer[first : first + rows] for first in range(0, len(answer), rows))
        yield from _joined(b"[]", (_inside(part) for part in parts))
    elif isinstance(answer, Mapping):
        yield from _joined(b"{}", (_entry(key, value) for key, value in answer.items()))
    elif isinstance(answer, list | tuple) and not _is_flat(answer):
        yield from _joined(b"[]", map(_json, answer))
    else:
        yield to_json(answer, inf_nan_mode="null", fallback=_plain)


def _joined(brackets: bytes, parts: Iterable[Iterator[bytes]]) -> Iterator[bytes]:
    """The parts with commas between them, in brackets."""
    yield brackets[:1]
    for number, part in enumerate(parts):
        yield b"," if number else b""
        yield from part
    yield brackets[1:]


def _inside(rows: AnyArray) -> Iterator[bytes]:
    """Some rows of an array without the brackets around them."""
    yield to_json(rows.tolist(), inf_nan_mode="null")[1:-1]


def _entry(key: Any, value: Any) -> Iterator[bytes]:
    yield to_json({key: None})[1 : -len("null}")]
    yield from _json(value)


def _is_flat(answer: list[Any] | tuple[Any, ...]) -> bool:
    """Whether the first one, and so all in the answers that there are, hold no others."""
    return not answer or not isinstance(answer[0], Mapping | list | tuple | np.ndarray)


def frame_bytes(kind: FrameKind, answer: Mapping[str, Any]) -> bytes:
    """The answer as a binary frame."""
    return pack(kind, _without_arrays(answer), dict(_named_arrays(answer)))


def npz_bytes(answer: Mapping[str, Any]) -> bytes:
    """The answer as an archive for ``numpy.load``, which needs no pickle for it."""
    meta = json_bytes(_without_arrays(answer)).decode()
    file = io.BytesIO()
    entries: dict[str, Any] = {"meta": np.array(meta), **dict(_named_arrays(answer))}
    np.savez(file, **entries)
    return file.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"an answer must hold plain values and arrays, got {type(value).__name__}")


def _named_arrays(answer: Any, name: str = "") -> Iterator[tuple[str, AnyArray]]:
    """Every array in the answer with the path to it."""
    if isinstance(answer, np.ndarray):
        yield name.lstrip("."), _plain_dtype(answer)
    elif isinstance(answer, Mapping):
        for key, value in answer.items():
            yield from _named_arrays(value, f"{name}.{key}")
    elif isinstance(answer, list | tuple):
        for index, value in enumerate(answer):
            yield from _named_arrays(value, f"{name}.{index}")


def _plain_dtype(array: AnyArray) -> AnyArray:
    """The array in a dtype that a frame may hold."""
    if array.dtype.kind == "b":
        return array.astype(np.uint8)
    return array if array.dtype.newbyteorder("<").str in DTYPES else array.astype(np.float64)


def _without_arrays(answer: Any) -> Any:
    """The answer without the arrays, which travel beside it."""
    if isinstance(answer, Mapping):
        kept = ((key, value) for key, value in answer.items() if not isinstance(value, np.ndarray))
        return {key: _without_arrays(value) for key, value in kept}
    if isinstance(answer, list | tuple):
        return [_without_arrays(value) for value in answer if not isinstance(value, np.ndarray)]
    return answer.item() if isinstance(answer, np.generic) else answer
