"""Whose names and whose pages the service talks to."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from descentscape.api.ops.security import (
    Guard,
    content_security_policy,
    host_name,
    is_own_host,
    is_own_origin,
)
from descentscape.api.ops.settings import Settings


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "::1"),
        ("Class.Example.ORG", "class.example.org"),
        ("teacher.local.:80", "teacher.local"),
        ("my_box", "my_box"),
        ("", None),
        ("a b", None),
        ("evil.example\r\n", None),
        ("evil.example/x", None),
        ("user@evil.example", None),
        ("x:80:80", None),
        ("x:port", None),
        ("a" * 300, None),
        ("evil.example; script-src *", None),
    ],
)
def test_host_name(header: str, name: str | None) -> None:
    assert host_name(header) == name


@pytest.mark.parametrize(
    "name",
    ["127.0.0.1", "192.168.1.20", "10.0.0.7", "8.8.8.8", "::1", "fe80::1", "localhost", "app.localhost",
     "teacher", "teacher.local", "vm.internal", "box.home.arpa"],
)  # fmt: skip
def test_a_classroom_needs_no_set_up(name: str) -> None:
    assert is_own_host(name, ())


@pytest.mark.parametrize(
    "name",
    ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "local", "notlocal.example", "1.2.3"],
)
def test_names_of_strangers(name: str) -> None:
    assert is_own_host(name, ()) == ("." not in name)


def test_further_hosts_are_listed_with_wildcards() -> None:
    assert is_own_host("class.example.org", ("class.example.org",))
    assert is_own_host("a.example.org", ("*.example.org",))
    assert not is_own_host("example.org.evil.example", ("*.example.org",))
    assert is_own_host("anything.example", ("*",))


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://LOCALHOST:8000", "localhost:8000", True),
        ("https://class.example.org", "class.example.org", True),
        ("https://class.example.org", "class.example.org:443", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("http://127.0.0.1:8001", "127.0.0.1:8000", False),
        ("https://class.example.org", "class.example.org:80", False),
        ("http://evil.example", "127.0.0.1:8000", False),
        ("http://127.0.0.1:8000.evil.example", "127.0.0.1:8000", False),
        ("http://127.0.0.1:8000@evil.example", "127.0.0.1:8000", False),
        ("null", "127.0.0.1:8000", False),
        ("", "127.0.0.1:8000", False),
        ("file://", "127.0.0.1:8000", False),
        ("ftp://127.0.0.1:8000", "127.0.0.1:8000", False),
        ("http://[::1", "[::1", False),
    ],
)
def test_origins(origin: str, host: str, own: bool) -> None:
    assert is_own_origin(origin, host, ()) is own


def test_listed_origins() -> None:
    assert is_own_origin("https://lms.example", "127.0.0.1:8000", ("https://lms.example",))


def answer_to(scope: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "passed"})

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Guard(app, Settings())(scope, None, send))  # type: ignore[arg-type]
    return sent


def scope_of(kind: str, **headers: str) -> dict[str, Any]:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": kind, "headers": raw, "extensions": {"websocket.http.response": {}}}


def test_a_rebound_name_is_answered_421() -> None:
    start, body = answer_to(scope_of("http", host="evil.example"))
    assert start["status"] == 421
    assert b"host must be one this service knows (DESCENTSCAPE_HOSTS), got 'evil.example'" in body["body"]


def test_two_host_headers_are_refused() -> None:
    scope = scope_of("http", host="127.0.0.1")
    scope["headers"] *= 2
    assert answer_to(scope)[0]["status"] == 421


def test_no_host_and_no_origin_is_a_program() -> None:
    assert answer_to(scope_of("http")) == [{"type": "passed"}]
    assert answer_to(scope_of("websocket", host="127.0.0.1:8000")) == [{"type": "passed"}]


def test_a_strangers_page_may_not_open_the_stream() -> None:
    start, body = answer_to(scope_of("websocket", host="127.0.0.1:8000", origin="http://evil.example"))
    assert start["type"] == "websocket.http.response.start"
    assert start["status"] == 403
    assert "origin must be this host’s" in body["body"].decode()


def test_a_server_that_cannot_answer_a_stream_closes_it_with_a_reason_that_fits() -> None:
    scope = scope_of("websocket", host="127.0.0.1:8000", origin="http://évil.example/" + "é" * 80)
    [closing] = answer_to(scope | {"extensions": {}})
    assert closing["code"] == 1008
    assert closing["reason"].startswith("origin must be this host’s")
    assert len(closing["reason"].encode()) <= 123


def test_a_server_without_denial_responses_closes() -> None:
    scope = scope_of("websocket", host="127.0.0.1:8000", origin="http://evil.example") | {"extensions": {}}
    assert answer_to(scope)[0]["type"] == "websocket.close"


def test_policy_allows_no_eval_and_no_other_host() -> None:
    policy = content_security_policy("class.example.org")
    assert "unsafe-eval" not in policy
    assert "script-src 'self';" in policy
    assert "connect-src 'self' ws://class.example.org wss://class.example.org;" in policy
