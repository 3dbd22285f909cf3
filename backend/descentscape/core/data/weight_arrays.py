"""A trained model’s arrays from an NPZ file, not trusted: sizes are bounded before they are allocated."""

from __future__ import annotations

import io
import math
import zipfile
import zlib

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from descentscape.core.errors import InvalidValue

MAX_ARRAYS = 4096
MAX_BYTES = 64 * 2**20
_HEADER_BYTES = 10_000


def read_npz(content: bytes) -> dict[str, NDArray[np.float64]]:
    """Arrays by name of an NPZ file's bytes, as float64.

    Raises:
        InvalidValue: the file is no zip, holds objects or other than numbers, or is over a bound.

    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ARRAYS:
                raise InvalidValue("file", f"at most {MAX_ARRAYS} arrays", len(entries))
            declared = sum(entry.file_size for entry in entries)
            if declared > MAX_BYTES:
                raise InvalidValue("file", f"at most {MAX_BYTES} bytes unpacked", declared)
            return {entry.filename.removesuffix(".npy"): _array(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise InvalidValue("file", "a readable NPZ file") from error


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NDArray[np.float64]:
    """One array, whose header is checked against the bytes that are there before it is made."""
    name = entry.filename
    with archive.open(entry) as stream:
        raw = io.BytesIO(stream.read(entry.file_size))
    try:
        read = npy.read_array_header_1_0 if npy.read_magic(raw) == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(raw, max_header_size=_HEADER_BYTES)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise InvalidValue(name, "an array in NumPy's format") from error
    if dtype.kind not in "fiu" or dtype.itemsize > 8:
        raise InvalidValue(name, "an array of real numbers of at most 64 bits", str(dtype))
    left = raw.getbuffer().nbytes - raw.tell()
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != left:
        raise InvalidValue(name, "as many bytes as its shape says", shape)
    flat = np.frombuffer(raw.read(), dtype).astype(np.float64)
    return flat.reshape(shape, order="F" if fortran else "C")
