"""POST tables: what is answered, stored, named by documents, refused, and asked for again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from api.serving import PATIENCE, serving
from descentscape.api.http.answers import Problem, TableAnswer
from descentscape.api.ops.settings import Settings

ROWS = [f"{k % 7 / 2},{k % 5},{'abc'[k % 3]}" for k in range(60)]
CSV = "\n".join(["height,legs,species", *ROWS, ",1,a", "2,?,b"]).encode()


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    settings = Settings(upload_bytes=100_000, store_bytes=50_000)
    with serving(settings) as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        yield client


def post(
    service: httpx.Client, content: bytes, kind: str = "text/csv", name: str = "s.csv"
) -> httpx.Response:
    return service.post(
        "/api/v1/tables", params={"name": name}, content=content, headers={"Content-Type": kind}
    )


def experiment(sha256: str, **more: object) -> dict[str, object]:
    dataset = {"kind": "table", "name": "s.csv", "sha256": sha256, "target": "species"} | more
    return {"problem": {"dataset": dataset, "cost": "cross_entropy", "hidden": [3]}, "steps": 2}


def test_a_table_is_told_and_learnt_from_by_its_hash(service: httpx.Client) -> None:
    answer = post(service, CSV)
    assert answer.status_code == 200
    told = TableAnswer.model_validate(answer.json())
    assert (told.name, told.rows, told.target, told.task) == ("s.csv", 62, "species", "classes")
    assert told.inputs == ["height", "legs"]
    assert told.notes == ["2 of 62 rows are left out, as an input is missing there."]
    runs = service.post("/api/v1/runs", json=experiment(told.sha256))
    assert runs.status_code == 200, runs.text
    assert len(runs.json()["runs"][0]["cost"]) == 3
    look = {"experiment": experiment(told.sha256), "run": 0, "step": 2, "want": ["outputs", "data"]}
    seen = service.post("/api/v1/inspect", json=look).json()
    assert seen["data"]["class_names"] == ["a", "b", "c"]
    assert seen["data"]["feature_names"] == seen["outputs"]["labels"] == ["height", "legs"]


def test_the_same_cells_have_the_same_hash_however_they_come(service: httpx.Client) -> None:
    rows = [line.split(",") for line in CSV.decode().splitlines()]
    columns = [{"name": name, "cells": list(cells)} for name, *cells in zip(*rows, strict=True)]
    as_json = post(service, json.dumps({"name": "x", "columns": columns}).encode(), "application/json").json()
    as_tabs = post(service, CSV.replace(b",", b"\t"), "text/tab-separated-values").json()
    assert as_json["sha256"] == as_tabs["sha256"] == post(service, CSV).json()["sha256"]
    assert as_json["content"] == columns


def test_a_stored_table_is_told_of_again(service: httpx.Client) -> None:
    told = post(service, CSV).json()
    again = service.get(f"/api/v1/tables/{told['sha256']}", params={"name": "s.csv"})
    assert again.status_code == 200
    assert again.json() == told
    assert service.get(f"/api/v1/tables/{'0' * 64}").json()["gone"]["sha256"] == "0" * 64
    assert service.get("/api/v1/tables/x").status_code == 422


def test_gone_data_are_refused_as_such(service: httpx.Client) -> None:
    sha256 = "0" * 64
    answer = service.post("/api/v1/runs", json=experiment(sha256))
    problem = Problem.model_validate(answer.json())
    assert (answer.status_code, problem.type) == (422, "urn:descentscape:gone")
    assert problem.gone is not None
    assert problem.gone.model_dump() == {"kind": "table", "name": "s.csv", "sha256": sha256}
    assert problem.errors[0].field == "problem.dataset.sha256"


@pytest.mark.parametrize(
    ("content", "kind", "status", "words"),
    [
        (CSV, "image/png", 415, "content-type must be one of text/csv"),
        (b"x" * 100_001, "text/csv", 413, "body must be at most 100000 bytes"),
        (b"a,b\n1,2\n3\n", "text/csv", 422, "row 3 must be of 2 cells"),
        (b"{", "application/json", 422, "body must be well-formed JSON"),
        (b"PK\x03\x04", "application/octet-stream", 422, "an XLSX workbook"),
        (b"a\n" + b"\n".join(b"%d%s" % (k, b"x" * 90) for k in range(700)), "text/csv", 422, "50000 bytes"),
    ],
)
def test_refused(service: httpx.Client, content: bytes, kind: str, status: int, words: str) -> None:
    answer = post(service, content, kind)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_a_name_with_control_characters_is_refused(service: httpx.Client) -> None:
    assert post(service, CSV, name="a\x07b").status_code == 422
