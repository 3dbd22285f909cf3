"""Every request and stream seen from without: its status, time, bytes and end, in the metrics and the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

import pytest

from api.ops.test_metrics import samples
from clocks import Clock
from descentscape.api.ops.metrics import Metrics
from descentscape.api.ops.observer import Observer

HTTP = {"type": "http", "method": "GET", "raw_path": b"/a%1b", "headers": [], "client": ("192.168.1.7", 5)}
STREAM = {
    "type": "websocket",
    "raw_path": b"/s",
    "headers": [],
    "client": None,
    "extensions": {"websocket.http.response": {}},
}


def pass_through(
    scope: dict[str, Any], sends: Iterable[dict[str, Any]], receives: Iterable[dict[str, Any]] = ()
) -> tuple[Metrics, list[dict[str, Any]]]:
    """An application that sends and receives this; an exception among it is raised."""
    metrics, sent, waiting = Metrics(), list[dict[str, Any]](), list(receives)

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        for message in sends:
            if isinstance(message, Exception):
                raise message
            await send(message)
        while waiting:
            await receive()

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Observer(app, metrics, Clock(tick=0.25))(dict(scope), receive, send))
    return metrics, sent


def logged(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    (record,) = caplog.records
    return {"event": record.msg, **vars(record)}


@pytest.fixture(autouse=True)
def _everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "descentscape")


def start(status: int) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": []}


def test_an_answer_is_measured_in_seconds_and_bytes(caplog: pytest.LogCaptureFixture) -> None:
    parts = [{"type": "http.response.body", "body": b"x" * 200, "more_body": more} for more in (True, False)]
    found = samples(pass_through(HTTP, [start(200), *parts])[0])
    assert found["descentscape_request_seconds_sum", ("unknown", "200")] == 0.25
    assert found["descentscape_answer_bytes_sum", ("unknown",)] == 400
    assert found["descentscape_answer_bytes_bucket", ("256.0", "unknown")] == 0
    assert found["descentscape_answer_bytes_bucket", ("1024.0", "unknown")] == 1
    assert caplog.records == []


def test_a_refusal_is_a_line_that_no_client_can_forge(caplog: pytest.LogCaptureFixture) -> None:
    metrics, _ = pass_through(HTTP, [start(404), {"type": "http.response.body", "body": b""}])
    assert samples(metrics)["descentscape_refused_total", ("404",)] == 1
    line = logged(caplog)
    assert (line["event"], line["levelname"]) == ("request refused", "INFO")
    assert (line["status"], line["path"], line["address"]) == (404, "/a%1b", "192.168.1.7")


@pytest.mark.parametrize("scope", [HTTP, STREAM], ids=["request", "stream"])
def test_what_nobody_foresaw_is_one_line_with_its_traceback(
    scope: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    metrics, sent = pass_through(scope, [ZeroDivisionError("secret")])  # type: ignore[list-item]
    assert (sent[0]["status"], b"secret" in sent[1]["body"]) == (500, False)
    fault, refusal = caplog.records
    assert (fault.levelname, fault.exc_info is not None, refusal.exc_info) == ("ERROR", True, None)
    assert samples(metrics)["descentscape_refused_total", ("500",)] == 1


def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    _, sent = pass_through(HTTP, [start(200), ZeroDivisionError()])  # type: ignore[list-item]
    assert sent == [start(200)]


@pytest.mark.parametrize(
    ("sends", "receives", "by", "code"),
    [
        ([{"type": "websocket.close", "code": 1008, "reason": "slow"}], [], "service", 1008),
        ([], [{"type": "websocket.disconnect", "code": 1001}], "client", 1001),
        (
            [{"type": "websocket.close", "code": 1000}],
            [{"type": "websocket.disconnect", "code": 1006}],
            "service",
            1000,
        ),
    ],
)
def test_a_streams_end_names_who_ended_it_and_why(
    sends: list[Any], receives: list[Any], by: str, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    said = [{"type": "websocket.send", "bytes": b"x" * 5000}, {"type": "websocket.send", "text": "é"}]
    metrics, _ = pass_through(STREAM, [{"type": "websocket.accept"}, *said, *sends], receives)
    line = logged(caplog)
    assert (line["event"], line["by"], line["code"], line["seconds"]) == ("stream ended", by, code, 0.25)
    found = samples(metrics)
    assert found["descentscape_frame_bytes_sum", ("frame",)] == 5000
    assert found["descentscape_frame_bytes_sum", ("message",)] == 2


def test_a_stream_that_is_refused_without_an_answer_counts_as_forbidden() -> None:
    metrics, _ = pass_through(STREAM, [{"type": "websocket.close", "code": 1008}])
    assert samples(metrics)["descentscape_refused_total", ("403",)] == 1


def test_a_client_that_left_before_anything_was_answered_is_no_fault() -> None:
    assert samples(pass_through(STREAM, [])[0])["descentscape_refused_total", ("499",)] == 1
