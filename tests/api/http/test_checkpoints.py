"""Trained models that are posted: what a service says of them, and the runs that a document names by them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from safetensors.numpy import save

from api.serving import PATIENCE, serving

WEIGHTS = {
    f"{layer}.{name}": np.linspace(-1, 1, int(np.prod(shape))).reshape(shape)
    for layer, units, before in ((0, 3, 2), (2, 1, 3))
    for name, shape in (("weight", (units, before)), ("bias", (units,)))
}
BYTES = {"Content-Type": "application/octet-stream"}
PROBLEM = {"dataset": {"kind": "moons", "n": 40}, "hidden": [3]}


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    with serving() as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        yield client


def test_a_posted_model_is_named_by_its_hash_and_descended_on_from(service: httpx.Client) -> None:
    content = save(WEIGHTS, {"activation": "tanh", "step": "40"})
    answers = [
        service.post(f"/api/v1/checkpoints?name={name}", content=content, headers=BYTES)
        for name in ("a.safetensors", "b.safetensors")
    ]
    first, second = (answer.json() for answer in answers)
    assert first == {
        "sha256": second["sha256"],
        "name": "a.safetensors",
        "widths": [2, 3, 1],
        "activations": ["tanh"],
        "output": None,
        "checkpoints": 1,
        "steps": [40, 40],
        "parameters": 13,
        "notes": [],
    }
    recorded = {"recorded": {"sha256": first["sha256"], "name": "a"}}
    document = {"problem": PROBLEM, "runs": [recorded, {}], "steps": 1}
    document["start"] = {"kind": "stored", "sha256": first["sha256"]}
    answer = service.post("/api/v1/runs?include=learning_rate", json=document)
    assert answer.status_code == 200, answer.text
    runs = json.loads(answer.content, parse_constant=pytest.fail)["runs"]
    assert [run["status"] for run in runs] == ["finished", "finished"]
    assert runs[0]["cost"][0] == pytest.approx(runs[1]["cost"][0], rel=1e-12)
    assert runs[0]["learning_rate"] == [None]


def test_a_document_whose_run_is_gone_says_which(service: httpx.Client) -> None:
    sha256 = "0" * 64
    recorded = {"recorded": {"sha256": sha256, "name": "run.zip"}}
    answer = service.post("/api/v1/runs", json={"problem": PROBLEM, "runs": [recorded]})
    assert answer.status_code == 422
    assert answer.json()["gone"] == {"kind": "checkpoints", "name": "run.zip", "sha256": sha256}


def test_what_cannot_be_read_is_refused(service: httpx.Client) -> None:
    pickled = service.post("/api/v1/checkpoints?name=m.pt", content=b"\x80\x02}q\x00.", headers=BYTES)
    assert pickled.status_code == 422
    assert 'save_file(torch.load("m.pt", weights_only=True), "m.safetensors")' in pickled.json()["detail"]
    text = {"Content-Type": "text/html"}
    assert service.post("/api/v1/checkpoints", content=b"<p>", headers=text).status_code == 415
