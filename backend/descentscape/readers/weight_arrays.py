"""A trained model’s arrays from an NPZ or safetensors file, not trusted: sizes are bounded beforehand.

Nothing is executed: no pickle is opened, and no array is made before its size is known to be there.
"""

from __future__ import annotations

import io
import json
import lzma
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.lib import format as npy

from descentscape.core.data.tables.columns import shown
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array

MAX_ARRAYS = 4096
"""Arrays, or files, that one file may hold."""

MAX_BYTES = 64 * 2**20
"""Bytes that they may be together, unpacked and as float64."""

MAX_HEADER = 2**20
"""Bytes of a safetensors file that say what is in it."""

MAX_AXES = 8
"""Axes of a tensor: the product of a hundred thousand sizes is a number of a million digits."""

_HEADER_BYTES = 10_000
_NO_HEADER = (ValueError, SyntaxError, TokenError, TypeError, LookupError, RecursionError, MemoryError)
"""What NumPy raises of a header that is none: it is read as a literal of Python, and then token by token."""

DIRECTORY_MARK = b"PK\x01\x02"
"""What an entry of an archive's directory begins with; all are read at once, so they are counted before."""

UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(NotImplementedError, RuntimeError, EOFError, OSError, ValueError, OverflowError),
)
"""What the library may say of an archive that is none."""

_SAFE_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    **{f"I{bits}": f"<i{bits // 8}" for bits in (8, 16, 32, 64)},
    **{f"U{bits}": f"<u{bits // 8}" for bits in (8, 16, 32, 64)},
}


def read_npz(content: bytes) -> dict[str, Array]:
    """Arrays by name of an NPZ file's bytes, as float64.

    Raises:
        InvalidValue: the file is no zip, holds objects or other than numbers, or is over a bound.

    """
    with opened_zip(content, "a readable NPZ file") as (archive, entries):
        arrays: dict[str, Array] = {}
        for entry in entries:
            arrays[entry.filename.removesuffix(".npy")] = _array(archive, entry)
            _require_room(sum(array.nbytes for array in arrays.values()))
        return arrays


@contextmanager
def opened_zip(content: bytes, what: str) -> Iterator[tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]]:
    """A zip archive and its files, once their number and declared sizes are within the bounds.

    Raises InvalidValue, also for what turns out to be unreadable while it is read.
    """
    if (marks := content.count(DIRECTORY_MARK)) > 2 * MAX_ARRAYS:
        raise InvalidValue("file", f"at most {MAX_ARRAYS} arrays or files", marks)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # The library’s own `is_dir` fails, in Python 3.11, where a name is empty.
            entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
            if len(entries) > MAX_ARRAYS:
                raise InvalidValue("file", f"at most {MAX_ARRAYS} arrays or files", len(entries))
            _require_room(sum(entry.file_size for entry in entries))
            require_unpackable(entries)
            yield archive, entries
    except InvalidValue:
        raise
    except UNREADABLE as error:
        raise InvalidValue("file", what) from error


def require_unpackable(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse what is packed in other ways than as it is or by Deflate.

    Of those the library unpacks all that it has read at once, however little the archive says that it is.
    """
    for entry in entries:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            constraint = "packed as ZIP files usually are (Deflate)"
            raise InvalidValue(shown(entry.filename), constraint, f"method {entry.compress_type}")


def _require_room(size: int) -> None:
    if size > MAX_BYTES:
        raise InvalidValue("file", f"at most {MAX_BYTES} bytes unpacked", size)


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Array:
    """One array, whose header is checked against the bytes that are there before it is made."""
    name = shown(entry.filename)
    with archive.open(entry) as stream:
        raw = io.BytesIO(stream.read(entry.file_size))
    try:
        read = npy.read_array_header_1_0 if npy.read_magic(raw) == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(raw, max_header_size=_HEADER_BYTES)
    except _NO_HEADER as error:
        raise InvalidValue(name, "an array in NumPy’s format") from error
    if dtype.kind not in "fiu" or dtype.itemsize > 8:
        raise InvalidValue(name, "an array of real numbers of at most 64 bits", str(dtype))
    left = raw.getbuffer().nbytes - raw.tell()
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != left:
        raise InvalidValue(name, "as many bytes as its shape says", shape)
    _require_room(8 * math.prod(shape))
    flat = np.frombuffer(raw.read(), dtype).astype(np.float64)
    return flat.reshape(shape, order="F" if fortran else "C")


def read_safetensors(content: bytes) -> tuple[dict[str, Array], dict[str, str]]:
    """Arrays by name of a safetensors file's bytes, as float64, and the texts that it says of itself.

    Raises:
        InvalidValue: the file is not of this format, holds other than real numbers, or is over a bound.

    """
    # SafetensorError has no other base than Exception.
    from safetensors import SafetensorError, deserialize

    header = _safetensors_header(content)
    try:
        found = deserialize(content)  # type: ignore[no-untyped-call]
    except (SafetensorError, ValueError, OverflowError) as error:
        raise InvalidValue("file", "a readable safetensors file") from error
    said = header.get("__metadata__")
    texts = {key: value for key, value in said.items() if isinstance(value, str)} if said else {}
    return {name: _tensor(name, tensor) for name, tensor in found}, texts


def _safetensors_header(content: bytes) -> dict[str, Any]:
    size = int.from_bytes(content[:8], "little")
    if not 2 <= size <= min(MAX_HEADER, len(content) - 8):
        raise InvalidValue("file", f"a safetensors file with a header of at most {MAX_HEADER} bytes", size)
    try:
        header = json.loads(content[8 : 8 + size])
    except (ValueError, RecursionError) as error:
        raise InvalidValue("file", "a readable safetensors file") from error
    if not isinstance(header, dict) or not isinstance(header.get("__metadata__", {}), dict):
        raise InvalidValue("file", "a readable safetensors file")
    if len(header) > MAX_ARRAYS:
        raise InvalidValue("file", f"at most {MAX_ARRAYS} arrays", len(header))
    _require_room(8 * sum(map(_numbers, header.values())))
    return header


def _numbers(entry: Any) -> int:
    """How many numbers a tensor's entry of the header names; the library checks that they are there."""
    shape = entry.get("shape", []) if isinstance(entry, dict) else []
    plain = isinstance(shape, list) and len(shape) <= MAX_AXES
    if not plain or not all(type(size) is int and 0 <= size <= MAX_BYTES for size in shape):
        raise InvalidValue("file", "a readable safetensors file")
    return math.prod(shape)


def _tensor(name: str, tensor: Mapping[str, Any]) -> Array:
    kind = _SAFE_TYPES.get(tensor["dtype"])
    if kind is None:
        raise InvalidValue(shown(name), f"of one of the types {', '.join(_SAFE_TYPES)}", tensor["dtype"])
    flat = np.frombuffer(tensor["data"], kind)
    if tensor["dtype"] == "BF16":  # the upper half of a float32
        flat = (flat.astype(np.uint32) << 16).view(np.float32)
    array: Array = flat.astype(np.float64).reshape(tensor["shape"])
    return array
