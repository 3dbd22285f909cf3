"""Arrays of trained models: what NumPy saved is read back, what is not sound is refused by name."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest

from descentscape.core.errors import InvalidValue
from descentscape.readers.weight_arrays import DIRECTORY_MARK, MAX_BYTES, read_npz, read_safetensors


def saved(**arrays: object) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def test_arrays_are_read_as_numpy_saved_them() -> None:
    weight = np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3))
    read = read_npz(saved(weight=weight, bias=np.array([1, -2], dtype=">i4")))
    np.testing.assert_array_equal(read["weight"], weight)
    np.testing.assert_array_equal(read["bias"], [1, -2])


def test_objects_are_not_opened() -> None:
    with pytest.raises(InvalidValue, match="real numbers"):
        read_npz(saved(weight=np.array([{}], dtype=object)))


def test_sizes_are_bounded_before_they_are_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weight.npy", bytes(MAX_BYTES + 1))
    with pytest.raises(InvalidValue, match="bytes unpacked"):
        read_npz(file.getvalue())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_all_at_once_is_not_unpacked(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("weight.npy", bytes(1000))
    with pytest.raises(InvalidValue, match="packed as ZIP files usually are"):
        read_npz(file.getvalue())


def test_a_directory_is_counted_before_it_is_read() -> None:
    with pytest.raises(InvalidValue, match="at most 4096 arrays or files, got 500000"):
        read_npz(b"PK\x03\x04" + DIRECTORY_MARK * 500_000)


@pytest.mark.parametrize("shape", [[10**18] * 40_000, [1] * 65, [10**18, 0], [-1], [True], "12"])
def test_the_shape_of_a_tensor_is_bounded_before_it_is_multiplied(shape: object) -> None:
    header = json.dumps({"weight": {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]}}).encode()
    with pytest.raises(InvalidValue, match="a readable safetensors file"):
        read_safetensors(len(header).to_bytes(8, "little") + header)


@pytest.mark.parametrize("content", [b"", b"PK", saved(weight=np.ones(4))[:-30]])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidValue, match="readable NPZ"):
        read_npz(content)


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': (",
        b"{'descr': '<f8'",
        b"\n  (\n1",
        b"{'descr': (), 'fortran_order': False, 'shape': ()}",
        b"[1L",
    ],
)
def test_an_array_whose_header_is_none_is_refused_by_its_name(header: bytes) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("weight.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    with pytest.raises(InvalidValue, match=r"weight\.npy must be an array in NumPy’s format"):
        read_npz(file.getvalue())


def test_a_part_without_a_name_is_refused_as_any_other() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("?", b"no array")
    content = bytearray(file.getvalue())
    listed = content.index(DIRECTORY_MARK)
    # What was the name is now a remark.
    content[26], content[28], content[listed + 28], content[listed + 32] = 0, 1, 0, 1
    with pytest.raises(InvalidValue, match="must be"):
        read_npz(bytes(content))
