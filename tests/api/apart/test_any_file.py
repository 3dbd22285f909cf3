"""Whatever file comes in: it is read whole, or refused in a sentence, in no more memory than its bound."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import xlsxwriter
from bench.attacks.uploads import packed
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from descentscape.api.apart.uploads import model_upload, table_upload
from descentscape.core.errors import InvalidValue
from fuzzing import TEXTS, examples

LONGEST_SENTENCE = 600
BOUND = 64 << 20
"""Bytes that may be held while a file of a few kilobytes is read, however much it claims to hold."""


def read_or_refused(read: Callable[[], tuple[bytes, bytes]]) -> None:
    tracemalloc.start()
    refusal = None
    try:
        json.loads(read()[0])
    except InvalidValue as error:
        refusal = str(error)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < BOUND
    if refusal is not None:
        assert "must be " in refusal
        assert len(refusal) < LONGEST_SENTENCE
        refusal.encode()


def npz(arrays: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("pets")
        for row, cells in enumerate([["weight", "pet"], [4.5, "cat"], [30, "=1+1"], [5, "cat"]]):
            sheet.write_row(row, 0, cells)
    return file.getvalue()


CSV = b"hours,grade\n1,a\n2,b\n3.5,a\n,b\n"
WEIGHTS = {
    "0.weight": np.ones((3, 2)),
    "0.bias": np.zeros(3),
    "2.weight": np.ones((1, 3)),
    "2.bias": np.zeros(1),
}
LISTED = json.dumps({name: array.tolist() for name, array in WEIGHTS.items()}).encode()
COLUMNS = json.dumps({"columns": [{"name": "a", "cells": [1, None, "w"]}, {"name": "b", "cells": [1, 2, 3]}]})
TABLES = [CSV, CSV.decode().encode("utf-16"), workbook(), COLUMNS.encode()]
MODELS = [
    save(WEIGHTS),
    npz(WEIGHTS),
    LISTED,
    packed({f"step_{k}.safetensors": save(WEIGHTS) for k in (0, 10)}),
    packed({"a.npz": npz(WEIGHTS), "b.json": LISTED}),
]


@st.composite
def damaged(draw: st.DrawFn, contents: list[bytes]) -> bytes:
    """A file with bytes changed, taken out or put in, or cut; of an archive maybe those within a part."""
    content = draw(st.sampled_from(contents))
    if content.startswith(b"PK") and draw(st.booleans()):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = draw(st.sampled_from(sorted(parts)))
        return packed(parts | {name: draw(_spoiled(parts[name]))})
    return draw(_spoiled(content))


@st.composite
def _spoiled(draw: st.DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        put = draw(
            st.binary(max_size=8) | st.sampled_from([b"\xff" * 8, b"\x00" * 8, b"9" * 30, b"NaN", b'"'])
        )
        gone = draw(st.sampled_from([0, len(put), len(put), 40]))
        content = content[:place] + put + content[place + gone :]
    return content[: draw(st.sampled_from([len(content), len(content) // 2]))]


NUMBERS = st.floats() | st.integers(-(10**20), 10**20) | st.sampled_from([10**400, 1e308, -0.0, 5e-324])
CELLS = st.none() | st.booleans() | NUMBERS | TEXTS | st.lists(st.none(), max_size=1)
NAMED = st.lists(st.fixed_dictionaries({"name": TEXTS, "cells": st.lists(CELLS, min_size=3, max_size=3)}))

KEYS = [*WEIGHTS, "coefs_0", "intercepts_0", "dense/kernel:0", "theta", "widths", "steps", "loss", "\ud800"]
SHAPES = st.lists(st.integers(0, 3), max_size=4).map(tuple)
KINDS = st.sampled_from(["f2", "f4", "f8", "i8", "?", "c8", "S3", "U2", ">f8"])
ARRAYS = st.dictionaries(st.sampled_from(KEYS), st.tuples(SHAPES, KINDS), min_size=1, max_size=6)
NESTED = st.recursive(NUMBERS | st.none() | TEXTS, lambda inner: st.lists(inner, max_size=3), max_leaves=9)


@examples(15)
@given(damaged(TABLES), st.booleans())
def test_a_damaged_table(content: bytes, is_json: bool) -> None:
    read_or_refused(lambda: table_upload([content], "table", is_json=is_json))


@examples(15)
@given(NAMED)
def test_columns_of_anything(columns: Any) -> None:
    content = json.dumps({"columns": columns}).encode()
    read_or_refused(lambda: table_upload([content], "table", is_json=True))


@examples(15)
@given(damaged(MODELS))
def test_a_damaged_model(content: bytes) -> None:
    read_or_refused(lambda: model_upload([content], "model"))


@examples(15)
@given(ARRAYS, st.booleans())
def test_arrays_of_any_shape_and_kind(arrays: dict[str, Any], wrapped: bool) -> None:
    content = npz({f"{key!a}" if key == "\ud800" else key: np.ones(*each) for key, each in arrays.items()})
    read_or_refused(lambda: model_upload([packed({"1.npz": content}) if wrapped else content], "model"))


@examples(15)
@given(st.dictionaries(st.sampled_from(KEYS), NESTED, max_size=6))
def test_a_model_of_any_lists(arrays: dict[str, Any]) -> None:
    read_or_refused(lambda: model_upload([json.dumps(arrays).encode()], "model"))
