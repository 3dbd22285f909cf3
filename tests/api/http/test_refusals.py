"""Hostile and mistaken requests: a 4xx problem document that names field and limit, and quickly."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.serving import serving
from descentscape.api.ops.settings import Settings

CALLS = ("runs", "surfaces", "figures", "curvature", "inspect")


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    with serving() as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def refused(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document of an answer, checked for its form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = json.loads(response.content, parse_constant=pytest.fail)
    assert problem.keys() == {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == status
    assert len(response.content) < 10_000
    return problem


def send(
    service: httpx.Client, body: str | bytes, call: str = "runs", media: str = "application/json"
) -> httpx.Response:
    began = time.process_time()
    response = service.post(f"/api/v1/{call}", content=body, headers={"Content-Type": media})
    assert time.process_time() - began < 2
    return response


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"\x00",
        b'{"steps": NaN}',
        b'{"steps": 1}{"steps": 2}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"seed": ' + b"9" * 5000 + b"}",
        b'"' + b"x" * 200_000,
        b"[]",
        b"null",
        b"3",
        b'{"unknown": 1}',
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_no_document(service: httpx.Client, call: str, body: bytes) -> None:
    problem = refused(send(service, body, call), 422)
    assert problem["type"] == "urn:descentscape:invalid"
    assert problem["errors"]


def inline(x: Any, y: Any) -> dict[str, Any]:
    return {"problem": {"dataset": {"kind": "inline", "x": x, "y": y}}}


def formula(expression: str) -> dict[str, Any]:
    return {"problem": {"kind": "formula", "expression": expression}}


def run(optimizer: dict[str, Any]) -> dict[str, Any]:
    return {"runs": [{"optimizer": optimizer}]}


@pytest.mark.parametrize(
    ("document", "field", "words"),
    [
        ({"steps": 10**9}, "steps", "at most 20000"),
        ({"steps": 0}, "steps", "at least 1"),
        ({"steps": "100"}, "steps", "a whole number"),
        ({"steps": True}, "steps", "a whole number"),
        ({"steps": 1e400}, None, ""),
        ({"version": 3}, "version", "1 or 2"),
        ({"problem": {"kind": "sorcery"}}, "problem.kind", "network"),
        ({"problem": {"hidden": [4] * 13}}, "problem.hidden", "at most 12"),
        ({"problem": {"hidden": [4, 100_000]}}, "problem.hidden[1]", "at most 256"),
        ({"problem": {"hidden": [256] * 12}}, "problem.hidden", "50,000"),
        ({"problem": {"activation": "__import__"}}, "problem.activation", "'tanh'"),
        ({"problem": {"activation": ["tanh", "sorcery"]}}, "problem.activation[1]", "'relu'"),
        ({"problem": {"activation": ["tanh"]}}, "problem.activation", "a list of 2"),
        ({"problem": {"activation": 3}}, "problem.activation", "a list"),
        ({"problem": {"kind": "chain", "activation": ["tanh"]}}, "problem.activation", "'tanh'"),
        ({"problem": {"dataset": {"kind": "moons", "n": 10**9}}}, "problem.dataset.n", "at most"),
        (inline([[1, "2"]], [[0]]), "problem.dataset.x[0][1]", "a number"),
        (inline([[1], [1, 2]], [[0], [1]]), "problem.dataset", ""),
        (formula("().__class__.__bases__"), "problem.expression", ""),
        (formula("x" + "+x" * 150), "problem.expression", ""),
        (formula("(" * 150 + "x" + ")" * 150), "problem.expression", ""),
        (formula("9**9**9**9**9"), None, ""),
        (formula("х + 1"), "problem.expression", "cyrillic small letter ha"),
        (formula("sen(x)"), "problem.expression", "I do not know “sen” at position 1: did you mean “sin”?"),
        (formula("x" * 10_000), "problem.expression", "400"),
        ({"runs": []}, "runs", "at least 1"),
        ({"runs": [{}] * 13}, "runs", "at most 12"),
        (run({"kind": "gd", "learning_rate": 1e99}), "runs[0].optimizer.learning_rate", "at most"),
        (run({"kind": "newton"}) | {"problem": {"hidden": [64, 64]}}, "runs[0].optimizer.kind", "Hessian"),
        ({"runs": [{"batch_size": 4000}]}, "runs[0].batch_size", "at most"),
        ({"runs": [{"label": "x" * 1000}]}, "runs[0].label", "at most 40"),
        ({"start": {"kind": "theta", "values": [1, 2]}}, "start.values", "numbers"),
        ({"edits": [{"step": 1, "set": {"99999": 1}}]}, "edits[0].set", ""),
        ({"view": {"grid": {"resolution": 100_000}}}, "view.grid.resolution", "at most 401"),
        ({"view": {"plane": {"kind": "axes", "parameters": [0, 10**9]}}}, "view.plane.parameters[1]", ""),
        ({"x<script>alert(1)</script>": 1}, "x<script>", "left out"),
    ],
)
def test_what_is_out_of_bounds(
    service: httpx.Client, document: dict[str, Any], field: str | None, words: str
) -> None:
    body = json.dumps(document).replace("Infinity", "1e400")
    response = send(service, body)
    if field is None and response.status_code == 200:
        return
    problem = refused(response, 422)
    if field is not None:
        assert problem["errors"][0]["field"].startswith(field)
    assert words in problem["detail"]
    assert len(problem["detail"]) < 500


def test_of_many_mistakes_the_first_are_named_and_the_others_counted(service: httpx.Client) -> None:
    mistakes = {"runs": [{"batch_size": -1}] * 12, **{f"x{k}": 0 for k in range(60)}}
    problem = refused(send(service, json.dumps(mistakes)), 422)
    assert 18 < len(problem["errors"]) <= 20
    assert problem["errors"][0]["field"] == "runs[0].batch_size"
    assert problem["detail"].endswith("(and 71 more)")


@pytest.mark.parametrize("call", CALLS)
def test_a_megabyte_is_the_most(service: httpx.Client, call: str) -> None:
    problem = refused(send(service, b'{"steps":' + b" " * 2**20 + b"1}", call), 413)
    assert problem["errors"][0]["limit"] == 2**20


def test_a_body_without_a_length_is_counted(service: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    response = service.post("/api/v1/runs", content=chunks(), headers={"Content-Type": "application/json"})
    refused(response, 413)


def test_a_megabyte_of_wrong_data_is_refused_quickly(service: httpx.Client) -> None:
    rows = "[" + ",".join(["[1,null]"] * 100_000) + "]"
    body = '{"problem": {"dataset": {"kind": "inline", "x": ' + rows + ', "y": [[0]]}}}'
    assert len(body) < 2**20
    refused(send(service, body), 422)


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_form_of_a_strangers_page_is_refused(service: httpx.Client, media: str) -> None:
    assert "application/json" in refused(send(service, "{}", media=media), 415)["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/v1/stream", 404),
        ("GET", "/js/../../pyproject.toml", 404),
        ("GET", "/js/%2e%2e/%2e%2e/pyproject.toml", 404),
        ("GET", "/api/v1/runs", 405),
        ("DELETE", "/api/v1/runs", 405),
        ("POST", "/api/v1/catalog", 405),
        ("OPTIONS", "/api/v1/runs", 405),
        ("POST", "/", 405),
        ("TRACE", "/", 405),
    ],
)
def test_wrong_paths_and_methods(service: httpx.Client, method: str, path: str, status: int) -> None:
    refused(service.request(method, path), status)


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("runs?include=secrets", "query.include[0] must be 'theta', "),
        ("figures?kind=pie", "query.kind must be '3d' or 'contour', got 'pie'"),
        ("programs?address=ftp://x", "query.address must be of the form "),
        (f"programs?address=http://{'a' * 2000}", "query.address must be at most 2000 characters long, got"),
        ("tables?name=%00", "query.name must be text without control characters"),
    ],
)
def test_wrong_queries(service: httpx.Client, path: str, detail: str) -> None:
    problem = refused(service.post(f"/api/v1/{path}", json={}), 422)
    assert problem["detail"].startswith(detail)


def test_a_name_without_end_is_not_said_again(service: httpx.Client) -> None:
    response = service.post("/api/v1/runs", json={"k" * 100_000: 1})
    refused(response, 422)
    assert len(response.content) < 1000


@pytest.mark.parametrize(
    ("request_body", "field"),
    [
        ({"experiment": {"steps": 5}, "step": 6}, "step"),
        ({"experiment": {"steps": 5}, "run": 1}, "run"),
        ({"experiment": {"steps": 5}, "theta": [1]}, "theta"),
        ({"experiment": {"steps": -5}}, "steps"),
        ({"experiment": {"steps": 5}, "theta": []}, "theta"),
        ({"steps": 5}, "steps"),
    ],
)
def test_places_that_are_not_there(service: httpx.Client, request_body: dict[str, Any], field: str) -> None:
    problem = refused(send(service, json.dumps(request_body), "curvature"), 422)
    assert problem["errors"][0]["field"] == field


def test_theta_of_too_many_steps(service: httpx.Client) -> None:
    document = {"steps": 20_000, "problem": {"hidden": [16, 16]}}
    response = service.post("/api/v1/runs?include=theta", json=document)
    problem = refused(response, 422)
    assert problem["type"] == "urn:descentscape:too-expensive"
    assert problem["errors"][0]["field"] == "include"


def test_what_would_take_too_long() -> None:
    with serving(Settings(compute_seconds=0.001)) as address:
        for call in ("runs", "surfaces", "figures"):
            problem = refused(httpx.post(f"{address}/api/v1/{call}", json={}), 422)
            assert problem["type"] == "urn:descentscape:too-expensive"
            assert problem["title"] == "The request would cost too much"


def test_a_strangers_host_name(service: httpx.Client) -> None:
    for path in ("/", "/api/v1/catalog", "/metrics"):
        refused(service.get(path, headers={"Host": "evil.example"}), 421)
