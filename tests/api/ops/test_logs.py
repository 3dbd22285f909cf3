"""Lines of the log: one form for uvicorn's and our own, with the ids of what they are about."""

from __future__ import annotations

import io
import json
import logging.config
from collections.abc import Iterator

import pytest
from structlog.contextvars import bound_contextvars, get_contextvars
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from api.serving import PATIENCE, serving, stream
from api.talking import MOONS, Talk
from clocks import Clock
from descentscape.api.ops.admission import Admission
from descentscape.api.ops.logs import EVERY_SECONDS, LINES, RateLimit, is_worth_logging, log_config
from descentscape.document.experiment import Experiment

NAMES = ("uvicorn", "descentscape", "asyncio")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written as JSON, in place of standard error."""
    written = io.StringIO()
    config = log_config("json")
    config["handlers"]["lines"]["stream"] = written
    logging.config.dictConfig(config)
    yield written
    for name in NAMES:
        logging.getLogger(name).handlers.clear()


def lines(log: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.parametrize("name", ["uvicorn.error", "descentscape"])
def test_a_line_names_what_it_is_about(log: io.StringIO, name: str) -> None:
    with bound_contextvars(request="a1", experiment="b2"):
        logging.getLogger(name).error("%s failed", "it")
    (line,) = lines(log)
    assert (line["event"], line["level"], line["logger"]) == ("it failed", "error", name)
    assert (line["request"], line["experiment"]) == ("a1", "b2")
    assert line["timestamp"].endswith("Z")


def test_a_traceback_is_part_of_its_line(log: io.StringIO) -> None:
    try:
        raise ZeroDivisionError("no")
    except ZeroDivisionError:
        logging.getLogger("descentscape").exception("unforeseen")
    (line,) = lines(log)
    assert "ZeroDivisionError: no" in line["exception"]


def test_what_is_begun_names_its_experiment() -> None:
    with bound_contextvars():
        computation = Admission().begin(Experiment.model_validate(MOONS))
        assert get_contextvars()["experiment"] == computation.id[:12]


def test_streams_that_are_refused_leave_no_line() -> None:
    record = logging.LogRecord("uvicorn.error", 40, "", 0, "ASGI callable returned %s", ("X",), None)
    assert is_worth_logging(record)
    record.msg, record.args = "... without completing handshake.", None
    assert not is_worth_logging(record)


def test_text_that_is_no_utf8_leaves_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    with serving() as address, stream(address) as client:
        data = Frame(Opcode.TEXT, b"\xff\xfe").serialize(mask=True, extensions=[])
        client.socket.sendall(data)
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=PATIENCE)
    assert "Traceback" not in capfd.readouterr().err


def test_what_a_client_sent_is_quoted_on_the_console() -> None:
    written = io.StringIO()
    config = log_config("console")
    config["handlers"]["lines"]["stream"] = written
    logging.config.dictConfig(config)
    try:
        raise ZeroDivisionError("no")
    except ZeroDivisionError:
        logging.getLogger("descentscape").exception("failed", extra={"path": "/\x1b[2J\n", "status": 500})
    for name in NAMES:
        logging.getLogger(name).handlers.clear()
    line, *traceback = written.getvalue().splitlines()
    assert "\x1b" not in written.getvalue()
    assert r"path='/\x1b[2J\n'" in line
    assert "status=500" in line
    assert traceback[0] == "Traceback (most recent call last):"
    assert traceback[-1] == "ZeroDivisionError: no"


def test_a_refused_message_is_one_line_and_what_was_overtaken_none(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "descentscape")
    talk = Talk()
    talk.say("open", experiment=MOONS).say("inspect", id=1, step=60).say("open", experiment=MOONS)
    talk.say("open", experiment={"steps": -1}).listen()
    (record,) = caplog.records
    assert (record.msg, record.exc_info) == ("message refused", None)
    assert vars(record)["detail"] == "steps must be at least 1, got -1"


def test_a_flood_is_counted_and_not_written() -> None:
    clock = Clock()
    limit = RateLimit(clock)

    def lines(number: int, level: int = logging.INFO) -> list[logging.LogRecord]:
        records = [logging.LogRecord("descentscape", level, "", 0, "x", None, None) for _ in range(number)]
        return [record for record in records if limit.filter(record)]

    assert len(lines(LINES + 50)) == LINES
    assert len(lines(1, logging.ERROR)) == 1
    assert lines(1) == []
    clock.now += EVERY_SECONDS
    first, second = lines(2)
    assert (first.left_out, hasattr(second, "left_out")) == (51, False)  # type: ignore[attr-defined]
