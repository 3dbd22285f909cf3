"""The binary frame: what is packed is what is read, and hostile bytes are refused in words."""

from __future__ import annotations

import contextlib
import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from descentscape.core.errors import InvalidValue
from descentscape.output.frames import DTYPES, FrameKind, pack, unpack
from fuzzing import examples

shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
wire_arrays = st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.arrays(np.dtype(dtype), shapes))
metas = st.dictionaries(
    st.text(max_size=8).filter(lambda key: key != "arrays"),
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=12)
    | st.lists(st.integers(0, 9)),
    max_size=4,
)


def raw(spec: Any, *, kind: int = 1, magic: bytes = b"DSC1", body: bytes = b"") -> bytes:
    text = spec if isinstance(spec, bytes) else json.dumps(spec).encode()
    text = text.ljust(-(-len(text) // 8) * 8)
    return struct.pack("<4sHHII", magic, kind, 0, len(text), 0) + text + body


def one(**changes: object) -> dict[str, object]:
    return {"arrays": [{"name": "cost", "dtype": "<f8", "shape": [2], "offset": 0} | changes]}


@examples(80)
@given(st.sampled_from(FrameKind), metas, st.dictionaries(st.text(max_size=6), wire_arrays, max_size=4))
def test_round_trip(kind: FrameKind, meta: dict[str, Any], arrays: dict[str, Any]) -> None:
    frame = unpack(pack(kind, meta, arrays))
    assert frame.kind is kind
    assert frame.meta == meta
    assert list(frame.arrays) == list(arrays)
    for name, array in arrays.items():
        assert frame.arrays[name].dtype == array.dtype
        assert frame.arrays[name].shape == array.shape
        assert frame.arrays[name].tobytes() == array.tobytes()


@examples(150)
@given(st.binary(max_size=64) | st.binary(max_size=64).map(lambda tail: raw(one(), body=tail)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(InvalidValue):
        assert unpack(data).arrays["cost"].shape == (2,)


@examples(60)
@given(st.data())
def test_a_cut_frame_is_refused(data: st.DataObject) -> None:
    whole = pack(FrameKind.STEPS, {"run": 0}, {"cost": np.arange(3.0)})
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(InvalidValue, match="must be"):
        unpack(whole[:cut])


def test_layout_of_the_bytes() -> None:
    data = pack(
        FrameKind.SURFACE, {"id": 7}, {"mask": np.array([1, 2, 3], np.uint8), "b": np.array([1.5], "<f4")}
    )
    assert data[:8] == b"DSC1\x02\x00\x00\x00"
    (length,) = struct.unpack_from("<I", data, 8)
    start = 16 + length
    assert start % 8 == 0
    meta = json.loads(data[16:start])
    assert meta["id"] == 7
    assert [entry["offset"] for entry in meta["arrays"]] == [0, 8]
    assert data[start:] == b"\x01\x02\x03\0\0\0\0\0" + struct.pack("<f", 1.5) + b"\0\0\0\0"


def test_not_finite_meta_is_null_and_arrays_keep_it() -> None:
    frame = unpack(
        pack(FrameKind.SURFACE, {"low": float("nan"), "high": float("inf")}, {"cost": np.array([np.nan])})
    )
    assert frame.meta == {"low": None, "high": None}
    assert np.isnan(frame.arrays["cost"][0])


def test_big_endian_and_strided_arrays_arrive_with_their_values() -> None:
    table = np.arange(12.0).reshape(3, 4)
    frame = unpack(
        pack(FrameKind.STEPS, {}, {"column": table[:, 1], "swapped": table.astype(">f8"), "turned": table.T})
    )
    np.testing.assert_array_equal(frame.arrays["column"], table[:, 1])
    np.testing.assert_array_equal(frame.arrays["swapped"], table)
    np.testing.assert_array_equal(frame.arrays["turned"], table.T)


def test_arrays_read_are_views_that_cannot_be_written() -> None:
    array = unpack(pack(FrameKind.STEPS, {}, {"cost": np.zeros(2)})).arrays["cost"]
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1.0


@pytest.mark.parametrize("dtype", ["<i8", "<c16", "|O", "<U3", "|b1"])
def test_pack_refuses_what_a_browser_cannot_read(dtype: str) -> None:
    with pytest.raises(InvalidValue, match="dtype of cost must be one of"):
        pack(FrameKind.STEPS, {}, {"cost": np.zeros(2, dtype)})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "frame must be at least 16 bytes long, got 0"),
        (raw({"arrays": []}, magic=b"DSC2"), "frame must be begun by DSC1"),
        (raw({"arrays": []}, kind=9), "frame kind must be one of 1, 2, 3, 4, 5, 6, got 9"),
        (struct.pack("<4sHHII", b"DSC1", 1, 0, 2**32 - 1, 0), "length of the frame’s JSON must be whole"),
        (struct.pack("<4sHHII", b"DSC1", 1, 0, 3, 0) + b"{} ", "a multiple of 8"),
        (raw(b"\xff" * 8), "frame’s JSON must be readable"),
        (raw(b'{"arrays": [], "x": NaN}'), "frame’s JSON must be readable"),
        (raw(b"[" * 4000), "frame’s JSON must be readable"),
        (raw([]), "frame’s JSON must be an object"),
        (raw({}), "arrays must be a list"),
        (raw({"arrays": [3]}), "entry of arrays must be an object"),
        (raw(one(name=3)), "entry of arrays must be an object"),
        (raw(one(dtype="|O")), "dtype of cost must be one of"),
        (raw(one(shape=[-1]), body=b"\0" * 16), "shape of cost must be"),
        (raw(one(shape=[True]), body=b"\0" * 16), "shape of cost must be"),
        (raw(one(shape=[1] * 9), body=b"\0" * 16), "shape of cost must be"),
        (raw(one(shape=[2**40, 2**40])), "offset and shape of cost must be"),
        (raw(one(), body=b"\0" * 15), "offset and shape of cost must be"),
        (raw(one(offset=4), body=b"\0" * 64), "offset and shape of cost must be"),
        (raw(one(offset=-8), body=b"\0" * 64), "offset and shape of cost must be"),
        (raw(one(offset=10**30), body=b"\0" * 64), "offset and shape of cost must be"),
    ],
)
def test_hostile_frames(data: bytes, words: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        unpack(data)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 400
