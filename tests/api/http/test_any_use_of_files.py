"""Documents that name tables, trained models and recorded runs: answered or refused, never a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.serving import PATIENCE, serving
from descentscape.api.http.answers import Problem
from descentscape.api.http.payloads import JSON
from descentscape.api.ops.settings import Settings
from descentscape.core.data.features import FEATURES
from descentscape.output.exports import by_media_type
from fuzzing import examples

CSV = "hours,grade,born,kind,empty\n" + "".join(
    f"{k % 5},{'abcd'[k % 4]},2020-01-{k % 28 + 1:02},{'xy'[k % 2]},\n" for k in range(24)
)
COLUMNS = ["hours", "grade", "born", "kind", "empty", "none of them"]
WIDTHS = [(2, 3, 1), (4, 2, 2), (1, 1)]
CALLS = ("runs", "surfaces", "programs", "figures", "curvature", "inspect")


def model(widths: tuple[int, ...]) -> bytes:
    """Three checkpoints of a network as JSON."""
    rng = np.random.default_rng(1)
    arrays: dict[str, Any] = {"steps": [0, 10, 25]}
    for layer, (before, units) in enumerate(pairwise(widths)):
        arrays[f"{layer}.weight"] = rng.normal(size=(3, units, before)).tolist()
        arrays[f"{layer}.bias"] = rng.normal(size=(3, units)).tolist()
    return json.dumps(arrays).encode()


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    settings = Settings(compute_seconds=0.5)
    with serving(settings) as address, httpx.Client(base_url=f"{address}/api/v1", timeout=PATIENCE) as client:
        yield client


@pytest.fixture(scope="module")
def hashes(service: httpx.Client) -> list[str]:
    """Of a table, of models, and of nothing; each named where it belongs and where it does not."""
    bodies = [("tables", CSV.encode(), "text/csv")]
    bodies += [("checkpoints", model(widths), JSON) for widths in WIDTHS]
    answers = [
        service.post(call, content=body, headers={"Content-Type": kind}) for call, body, kind in bodies
    ]
    return [*(answer.json()["sha256"] for answer in answers), "0" * 64]


def some(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


@st.composite
def documents(draw: st.DrawFn, hashes: list[str]) -> dict[str, Any]:
    """A network on a table or on two inputs, started from a model, beside a recorded run."""
    table = {
        "kind": "table",
        "sha256": draw(some([hashes[0], hashes[0], hashes[0], *hashes])),
        "target": draw(some(COLUMNS)),
        "inputs": draw(st.none() | st.lists(some(COLUMNS), max_size=3)),
        "task": draw(some([None, "classes", "regression"])),
        "missing": draw(some(["drop", "mean"])),
    }
    problem = {
        "kind": draw(some(["network", "network", "network", "linear"])),
        "dataset": draw(some([table, {"kind": "moons", "n": 20}])),
        "features": draw(st.lists(some([*FEATURES, "x3"]), max_size=3)),
        "hidden": draw(some([[], [2], [3]])),
        "cost": draw(some(["mse", "bce", "cross_entropy"])),
    }
    if problem["kind"] == "linear":
        problem = {name: problem[name] for name in ("kind", "dataset")}
    recorded = {"recorded": {"sha256": draw(some(hashes))}}
    return {
        "problem": problem,
        "steps": draw(some([1, 2, 4])),
        "runs": draw(st.lists(some([{}, recorded]), min_size=1, max_size=2)),
        "start": draw(some([{"kind": "init"}, {"kind": "stored", "sha256": draw(some(hashes))}])),
        "view": {"grid": {"resolution": 5}},
    }


def place(draw: st.DrawFn) -> dict[str, Any]:
    edge = st.floats(-9, 9) | some([1e300, -1e300, 1e-300, 0.0])
    return {
        "run": draw(st.integers(0, 2)),
        "step": draw(st.integers(0, 4)),
        "want": draw(st.lists(some(["outputs", "layers", "data", "hessian", "plane"]), max_size=3)),
        "window": draw(st.none() | st.lists(edge, min_size=4, max_size=4)),
        "resolution": draw(some([3, 20])),
    }


@pytest.mark.hypothesis
def test_files_in_documents(service: httpx.Client, hashes: list[str]) -> None:
    kinds = {call: [JSON, *by_media_type(call)] for call in ("runs", "surfaces", "figures")}  # type: ignore[arg-type]
    kinds["programs"] = list(by_media_type("programs"))

    @examples(40)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        call = data.draw(some([*CALLS]))
        body = data.draw(documents(hashes))
        if call in ("curvature", "inspect"):
            where = place(data.draw)
            fields = where if call == "inspect" else {name: where[name] for name in ("run", "step")}
            body = {"experiment": body} | fields
        accept = data.draw(some(kinds.get(call, [JSON])))
        answer = service.post(call, json=body, headers={"Accept": accept})
        assert answer.status_code in (200, 413, 422), answer.text
        if answer.status_code == 200:
            assert answer.headers["content-type"].startswith(accept)
        else:
            Problem.model_validate(answer.json())

    check()
