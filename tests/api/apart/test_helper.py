"""The helper process: what it answers and refuses, how it is ended, and that it begins anew."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

import descentscape as ds
from descentscape.api.apart.helper import Helper
from descentscape.api.apart.uploads import table_upload
from descentscape.compute.computation import Computation
from descentscape.core.clients import CLIENT, Client
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.time_slices import run_to_completion
from descentscape.output.drawing import Drawing
from descentscape.output.exports import EXPORTS

MEMORY = 1 << 28

READ = partial(table_upload, name="t.csv", is_json=False)
TABLE = [b"a,b\n1,", b"x\n2,y\n"]


@pytest.fixture(scope="module")
def helper() -> Iterator[Helper]:
    made = Helper(MEMORY, 30)
    yield made
    made.close()


def done(helper: Helper, work: Callable[..., Any], *given: Any) -> tuple[bytes, ...]:
    return run_to_completion(helper.run("the file", work, *given))


def test_it_reads_and_refuses_in_the_words_of_this_process(helper: Helper) -> None:
    assert done(helper, READ, TABLE) == READ(TABLE)
    with pytest.raises(InvalidValue) as here:
        READ([b"a,b\n1,2\n3\n"])
    with pytest.raises(InvalidValue) as there:
        done(helper, READ, [b"a,b\n1,2\n3\n"])
    assert (str(there.value), there.value.name) == (str(here.value), here.value.name)


def test_a_name_that_a_json_table_brings_is_checked(helper: Helper) -> None:
    content = b'{"name": "a\\u0007", "columns": [{"name": "a", "cells": [1]}]}'
    with pytest.raises(InvalidValue, match="name must be text without control characters"):
        done(helper, partial(table_upload, name="table", is_json=True), [content])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "gif"])
def test_it_writes_what_this_process_would(helper: Helper, kind: str) -> None:
    document = {"problem": {"kind": "formula", "name": "himmelblau"}, "steps": 5}
    export = EXPORTS[kind]
    assert export.gather is not None
    source = (
        Drawing(Computation(ds.Experiment.model_validate(document))) if kind == "gif" else ds.run(document)
    )
    written = done(helper, export.write, export.gather(source))[0]
    # A workbook says when it was made.
    assert (
        written[:40] == export.bytes_of(source)[:40] if kind == "xlsx" else written == export.bytes_of(source)
    )


@pytest.mark.parametrize(
    ("work", "given"),
    [
        (os._exit, 3),
        # Elsewhere the system bounds no address space.
        *([(bytearray, 4 * MEMORY)] if sys.platform == "linux" else []),
    ],
)
def test_a_file_that_brings_it_down_is_refused_and_the_next_one_read(
    helper: Helper, work: Callable[..., Any], given: int
) -> None:
    with pytest.raises(
        TooExpensive, match="the file must be one that takes at most 256 MB of memory and 30 s"
    ):
        done(helper, work, given)
    assert done(helper, bytes, b"next") == (b"next",)


def test_a_fault_of_its_own_is_no_refusal(helper: Helper) -> None:
    with pytest.raises(RuntimeError, match="the helper process has failed"):
        done(helper, exec, "1 / 0")
    assert done(helper, bytes, b"next") == (b"next",)


def test_it_is_stopped_when_nobody_waits_and_its_time_is_the_clients(helper: Helper) -> None:
    done(helper, bytes, b"begun")
    client = Client()
    token = CLIENT.set(client)
    slices = helper.run("the file", time.sleep, 1000)
    for _ in range(3):
        next(slices)
    CLIENT.reset(token)
    slices.close()
    # It could not answer before the other was ended.
    assert done(helper, bytes, b"next") == (b"next",)
    assert client.recent > 0


def test_after_its_time_is_over_it_is_refused() -> None:
    hasty = Helper(MEMORY, 0.001)
    with pytest.raises(TooExpensive, match=r"0\.001 s"):
        done(hasty, time.sleep, 1000)
    hasty.close()


def test_closed_it_begins_no_other() -> None:
    closed = Helper(MEMORY, 1)
    closed.ready()
    closed.close()
    closed.ready()
    with pytest.raises(TooExpensive):
        done(closed, bytes, b"")
