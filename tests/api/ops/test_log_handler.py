"""The log does not wait for who reads it."""

from __future__ import annotations

import io
import logging
import os

import pytest

from descentscape.api.ops.log_handler import LogHandler


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("descentscape", logging.WARNING, "", 0, text, None, None)


def test_a_line_is_written_whole() -> None:
    written = io.StringIO()
    handler = LogHandler(written)
    handler.emit(record("short"))
    handler.emit(record("long" * 10_000))
    assert written.getvalue() == "short\n" + "long" * 10_000 + "\n"


@pytest.mark.skipif(os.name != "posix", reason="pipes that can be asked")
@pytest.mark.parametrize("length", [10, 4096, 50_000])
def test_a_pipe_that_nobody_reads_holds_nobody_up(length: int) -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb") as reader:
        with os.fdopen(write, "w") as stream:
            handler = LogHandler(stream)
            for _ in range(500_000 // length):
                handler.emit(record("é" * length))
            assert len(os.read(read, 10_000)) == 10_000
        reader.read()


@pytest.mark.skipif(os.name != "posix", reason="pipes that can be asked")
def test_a_pipe_whose_reader_has_gone_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    read, write = os.pipe()
    os.close(read)
    stream = os.fdopen(write, "w")
    handler = LogHandler(stream)
    for _ in range(10):
        handler.emit(record("nobody hears it"))
    with pytest.raises(BrokenPipeError):
        stream.close()
