"""The service as a whole: headers, errors, operations, the page below any path, and its description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from api.serving import serving
from api.talking import MOONS
from descentscape.api.ops.admission import Admission
from descentscape.api.ops.settings import Settings

PATHS = ("/", "/api/v1/catalog", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics", "/nowhere")


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    with serving() as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


class References(HTMLParser):
    """The addresses that a page loads or links, and whether it holds scripts or inline handlers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.active: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.active += [tag] if tag in ("script", "iframe", "object") else []
        for name, value in attrs:
            self.active += [name] if name.startswith("on") else []
            self.addresses += [value or ""] if name in ("src", "href", "action") else []
            self.anchors |= {value or ""} if name == "id" else set()


def kept_to_itself(headers: Mapping[str, str]) -> bool:
    """Whether an answer has all headers that keep a page to itself, and no pages but its own embed it."""
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "camera=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy.split("; ")
    assert "server" not in headers
    return True


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_keeps_the_page_to_itself(service: httpx.Client, path: str, method: str) -> None:
    assert kept_to_itself(service.request(method, path).headers)


@pytest.mark.parametrize("path", PATHS)
def test_head_is_answered_as_get_without_the_body(service: httpx.Client, path: str) -> None:
    head, whole = service.head(path), service.get(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Host": "evil.example"}, 421),
        ("/api/v1/stream", {"Origin": "http://evil.example"}, 403),
        ("/nowhere", {}, 404),
    ],
)
def test_refused_streams_and_hosts_have_the_headers_too(
    service: httpx.Client, path: str, headers: dict[str, str], status: int
) -> None:
    stream = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    answer = service.get(path, headers=stream | key | headers)
    assert answer.status_code == status
    assert answer.json()["status"] == status
    found = dict(answer.headers)
    if status == 421:
        found.setdefault("cross-origin-opener-policy", "same-origin")
    assert kept_to_itself(found)


def test_pages_that_are_named_may_embed_it() -> None:
    lms = "https://lms.example"
    with serving(Settings(frame_ancestors=(lms,))) as address, httpx.Client(base_url=address) as client:
        for path in ("/", "/index.html"):
            headers = client.get(path).headers
            assert f"frame-ancestors 'self' {lms}" in headers["content-security-policy"].split("; ")
            assert headers["cross-origin-resource-policy"] == "cross-origin"
            assert headers["cross-origin-embedder-policy"] == "require-corp"
            assert "x-frame-options" not in headers
        for path in ("/api/v1/catalog", "/js/app/main.js", "/nowhere", "/docs"):
            assert kept_to_itself(client.get(path).headers)


def test_the_opener_policy_is_left_out_where_browsers_complain_of_it(service: httpx.Client) -> None:
    for host, sent in [("localhost", True), ("192.168.1.20:8000", False), ("teacher.local", False)]:
        headers = service.get("/", headers={"Host": host}).headers
        assert ("cross-origin-opener-policy" in headers) is sent
        assert f"ws://{host} " in headers["content-security-policy"]


def test_what_nobody_foresaw_is_logged_and_not_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("/secret/path")

    monkeypatch.setattr(Admission, "begin", fail)
    with serving() as address:
        response = httpx.post(f"{address}/api/v1/runs", json={})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in response.text
    assert "/secret/path" in caplog.text


def test_operations(service: httpx.Client) -> None:
    assert service.get("/healthz").json() == {"status": "ok"}
    assert service.get("/readyz").json() == {"status": "ready"}
    service.get("/nowhere")
    text = service.get("/metrics").text
    assert re.search(r'descentscape_request_seconds_count\{route="/healthz",status="200"\} [1-9]', text)
    assert re.search(r'descentscape_request_seconds_count\{route="unknown",status="404"\} [1-9]', text)
    assert re.search(r'descentscape_refused_total\{status="404"\} [1-9]', text)


def test_the_description_works_offline(service: httpx.Client) -> None:
    response = service.get("/docs")
    page = References(response.text)
    assert page.active == []
    outside = [address for address in page.addresses if not address.startswith("#")]
    assert outside == ["openapi.json"]
    missing = {address[1:] for address in page.addresses if address.startswith("#")} - page.anchors
    assert missing == set()
    assert "http" not in response.text.replace("http://127.0.0.1:8000", "").replace("HTTP", "")
    for path in service.get("/openapi.json").json()["paths"]:
        assert path in response.text


def test_the_description_escapes_what_it_shows() -> None:
    from descentscape.api.http.docs_page import docs_page

    evil = "<img src=x onerror=alert(1)>"
    schema = {
        "description": evil,
        "properties": {evil: {"type": "string", "default": evil, "description": evil}},
    }
    document = {
        "info": {"title": evil, "version": evil},
        "paths": {},
        "components": {"schemas": {evil: schema}},
    }
    assert References(docs_page(document)).active == []


def test_every_message_of_the_stream_is_described(service: httpx.Client) -> None:
    from descentscape.api.stream.messages import MESSAGES

    schemas = service.get("/openapi.json").json()["components"]["schemas"]
    assert {model.__name__ for model in MESSAGES.values()} <= schemas.keys()


def test_an_object_without_a_kind_is_described_as_of_the_usual_kind(service: httpx.Client) -> None:
    fields = service.get("/openapi.json").json()["components"]["schemas"]["Experiment"]["properties"]
    options = fields["problem"]["oneOf"]
    usual = [each["$ref"] for each in options if each.get("required") != ["kind"]]
    assert usual == ["#/components/schemas/NetworkProblem"]


def test_every_refusal_is_described_as_a_problem(service: httpx.Client) -> None:
    with_body = {"408", "413", "415", "422", "429", "503"}
    for path, methods in service.get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            refusals = {status: said for status, said in operation["responses"].items() if status != "200"}
            bodiless = refusals.keys() in ({"422"}, {"422", "429", "503"}, set())
            assert refusals.keys() == with_body if method == "post" else bodiless, path
            assert all(list(said["content"]) == ["application/problem+json"] for said in refusals.values())


def test_every_example_of_the_description_works(service: httpx.Client) -> None:
    for path, methods in service.get("/openapi.json").json()["paths"].items():
        content = methods.get("post", {}).get("requestBody", {"content": {}})["content"]
        if "example" in content.get("application/json", {}):
            example = content["application/json"]["example"]
            assert service.post(path, json=example).status_code == 200, path


def test_the_page_and_all_it_loads(service: httpx.Client) -> None:
    index = service.get("/")
    assert "{{" not in index.text
    page = References(index.text)
    for address in page.addresses:
        if not address.startswith("#"):
            assert not address.startswith(("/", "http")), address
            assert service.get(f"/{address}").status_code == 200, address


def modules(service: httpx.Client, address: str, seen: set[str]) -> set[str]:
    """A module and all that it imports."""
    if address not in seen:
        seen.add(address)
        response = service.get(address)
        assert response.status_code == 200, address
        assert response.headers["content-type"] == "text/javascript; charset=utf-8"
        for found in re.findall(r'(?:from|import)\s*\(?"(\.[^"]+)"', response.text):
            modules(service, str(httpx.URL(f"http://x/{address}").join(found).path).lstrip("/"), seen)
    return seen


def test_every_module_of_the_page_is_served(service: httpx.Client) -> None:
    assert len(modules(service, "js/app/main.js", set())) > 20


@pytest.mark.parametrize("strips", [True, False], ids=["the proxy strips the path", "the proxy passes it on"])
def test_below_a_path_of_a_proxy(strips: bool) -> None:
    with serving(Settings(root_path="/class/lab")) as address, httpx.Client() as client:
        base = address if strips else f"{address}/class/lab"
        index = client.get(f"{base}/")
        assert index.status_code == 200
        for reference in References(index.text).addresses:
            assert reference.startswith("#") or client.get(f"{base}/{reference}").status_code == 200
        assert client.post(f"{base}/api/v1/runs", json=MOONS).status_code == 200
        assert client.get(f"{base}/docs").status_code == 200
        with connect(f"{base.replace('http', 'ws')}/api/v1/stream") as stream:
            stream.send(json.dumps({"type": "open", "experiment": MOONS}))
            assert json.loads(stream.recv(timeout=10))["type"] == "opened"
        if not strips:
            moved = client.get(f"{address}/class/lab")
            assert (moved.status_code, moved.headers["location"]) == (308, "/class/lab/")
            assert client.get(f"{address}/class/lab?embed").headers["location"] == "/class/lab/?embed"
