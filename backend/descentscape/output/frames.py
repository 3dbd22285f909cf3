"""The binary frame: named arrays with a few words about them, as the socket and the REST calls send them.

Little-endian throughout. Bytes 0-3 are the magic ``DSC1``; 4-5 the kind (uint16); 6-7 are zero; 8-11 the
length M of the JSON that follows (uint32); 12-15 are zero. Then M bytes of UTF-8 JSON, padded with spaces
so that 16 + M is a multiple of 8, whose ``arrays`` list says name, dtype, shape and offset of each array;
offsets count from the end of the JSON and are multiples of 8, so that a browser reads an array in place.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic_core import from_json, to_json

from descentscape.core.errors import InvalidValue
from descentscape.core.objective import AnyArray

MAGIC = b"DSC1"
DTYPES = ("<f4", "<f8", "<i4", "|u1")
_HEADER = struct.Struct("<4sHHII")
_ALIGNMENT = 8


class FrameKind(IntEnum):
    """What a frame holds."""

    STEPS = 1
    SURFACE = 2
    INSPECTION = 3
    RUNS = 4
    CURVATURE = 5
    STUDY = 6


@dataclass(frozen=True)
class Frame:
    """A frame read: its kind, what it says of itself, and its arrays by name (read-only views)."""

    kind: FrameKind
    meta: dict[str, Any]
    arrays: dict[str, AnyArray]


def kind_of(frame: bytes) -> FrameKind:
    """What a frame that was packed here holds."""
    return FrameKind(_HEADER.unpack_from(frame)[1])


def pack(kind: FrameKind, meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> bytes:
    """Write a frame; numbers in ``meta`` that are not finite become null.

    Raises InvalidValue where an array's dtype, made little-endian, is not one of ``DTYPES``.
    """
    blocks: list[bytes] = []
    layout: list[tuple[str, str, tuple[int, ...]]] = []
    for name, array in arrays.items():
        dtype = _wire_dtype(array.dtype)
        if dtype is None:
            raise InvalidValue(f"dtype of {name}", f"one of {', '.join(DTYPES)}", array.dtype.str)
        layout.append((name, dtype.str, array.shape))
        block = array.astype(dtype, copy=False).tobytes()
        blocks.append(block)
        if over := len(block) % _ALIGNMENT:
            blocks.append(bytes(_ALIGNMENT - over))
    said = to_json(meta, inf_nan_mode="null")[:-1]
    text = b"%b%b%b" % (said, b"," if meta else b"", _directory(tuple(layout)))
    text = text.ljust(_aligned(_HEADER.size + len(text)) - _HEADER.size)
    return b"".join([_HEADER.pack(MAGIC, kind, 0, len(text), 0), text, *blocks])


def unpack(data: bytes) -> Frame:
    """Read a frame, trusting nothing in it; raises InvalidValue where it is not whole and well formed."""
    kind, start = _read_header(data)
    meta = _read_meta(data[_HEADER.size : start])
    specs = meta.pop("arrays", None)
    if not isinstance(specs, list):
        raise InvalidValue("arrays", "a list", specs)
    arrays = dict(_read_array(data, start, spec) for spec in specs)
    return Frame(kind, meta, arrays)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


@lru_cache(maxsize=64)
def _wire_dtype(dtype: np.dtype[Any]) -> np.dtype[Any] | None:
    """The dtype made little-endian; None where it is not one of ``DTYPES``."""
    dtype = dtype.newbyteorder("<")
    return dtype if dtype.str in DTYPES else None


@lru_cache(maxsize=64)
def _directory(layout: tuple[tuple[str, str, tuple[int, ...]], ...]) -> bytes:
    """The last field and the end of a frame's JSON; frame after frame of a run it is the same."""
    specs, offset = [], 0
    for name, dtype, shape in layout:
        specs.append({"name": name, "dtype": dtype, "shape": shape, "offset": offset})
        offset += _aligned(math.prod(shape) * np.dtype(dtype).itemsize)
    return b'"arrays":%b}' % to_json(specs)


def _read_header(data: bytes) -> tuple[FrameKind, int]:
    if len(data) < _HEADER.size:
        raise InvalidValue("frame", f"at least {_HEADER.size} bytes long", len(data))
    magic, kind, _, length, _ = _HEADER.unpack_from(data)
    start = _HEADER.size + int(length)
    if magic != MAGIC:
        raise InvalidValue("frame", f"begun by {MAGIC.decode()}", magic)
    if kind not in list(FrameKind):
        raise InvalidValue("frame kind", f"one of {', '.join(str(int(k)) for k in FrameKind)}", kind)
    if start % _ALIGNMENT or start > len(data):
        raise InvalidValue("length of the frame’s JSON", "whole, and a multiple of 8 with the header", length)
    return FrameKind(kind), start


def _read_meta(text: bytes) -> dict[str, Any]:
    try:
        meta = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidValue("frame’s JSON", f"readable ({error})", text[:80]) from error
    if not isinstance(meta, dict):
        raise InvalidValue("frame’s JSON", "an object", meta)
    return meta


def _read_array(data: bytes, start: int, spec: object) -> tuple[str, AnyArray]:
    match spec:
        case {"name": str(name), "dtype": str(dtype), "shape": [*shape], "offset": int(offset)}:
            pass
        case _:
            raise InvalidValue("entry of arrays", "an object of name, dtype, shape and offset", spec)
    if dtype not in DTYPES:
        raise InvalidValue(f"dtype of {name}", f"one of {', '.join(DTYPES)}", dtype)
    if len(shape) > 8 or not all(type(size) is int and size >= 0 for size in shape):
        raise InvalidValue(f"shape of {name}", "at most 8 sizes of zero or more", shape)
    count = math.prod(shape)
    end = start + offset + count * np.dtype(dtype).itemsize
    if offset < 0 or offset % _ALIGNMENT or end > len(data):
        raise InvalidValue(
            f"offset and shape of {name}", "a multiple of 8, inside the frame", (offset, shape)
        )
    return name, np.frombuffer(data, dtype, count, start + offset).reshape(shape)
