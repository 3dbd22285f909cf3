"""The REST calls against a running service: the same numbers as Python's, in three shapes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from typing import Any

import httpx
import numpy as np
import plotly.io
import pytest

import descentscape as ds
from api.serving import PATIENCE, serving, until
from api.talking import MOONS, RACE
from descentscape.api.http.answers import CurvatureAnswer, RunsAnswer, SurfaceAnswer
from descentscape.api.ops.settings import Settings
from descentscape.output.export import EXTRAS
from descentscape.output.exports import EXPORTS
from descentscape.output.frames import FrameKind, unpack

SMALL = MOONS | {"view": {"grid": {"resolution": 21}}}
FRAME = {"Accept": "application/octet-stream"}
HEAVY = {"problem": {"dataset": {"kind": "digits"}, "hidden": [64, 64]}, "steps": 1000}
"""Far from done where a few short calls are answered meanwhile."""


@contextmanager
def under_way(service: httpx.Client, document: dict[str, Any]) -> Iterator[None]:
    """A call for runs that nobody waits for any more once the block ends."""
    connection = HTTPConnection(service.base_url.host, service.base_url.port)
    connection.request("POST", "/api/v1/runs", json.dumps(document), {"Content-Type": "application/json"})
    try:
        yield
    finally:
        connection.close()


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    with serving() as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        yield client


def post(service: httpx.Client, call: str, document: Any, **options: Any) -> dict[str, Any]:
    response = service.post(f"/api/v1/{call}", json=document, **options)
    assert response.status_code == 200, response.text
    return json.loads(response.content, parse_constant=pytest.fail)


def test_runs_are_those_of_python(service: httpx.Client) -> None:
    answer = post(service, "runs?include=theta&include=batch_cost", RACE)
    results = ds.run(RACE)
    assert answer["experiment"] == results.experiment.model_dump(mode="json")
    assert answer["plane"]["basis"] == results.plane.basis.tolist()
    for got, run in zip(answer["runs"], results.runs, strict=True):
        assert (got["label"], got["status"]) == (run.label, run.status)
        for name in ("cost", "path", "shadow_cost", "off_plane", "grad_norm", "theta", "batch_cost"):
            assert got[name] == getattr(run, name).tolist()


@pytest.mark.parametrize(("ending", "accept"), [("json", "application/json"), ("npz", "application/x-npz")])
def test_a_call_with_all_columns_answers_what_the_command_line_writes(
    service: httpx.Client, ending: str, accept: str
) -> None:
    extras = "&".join(f"include={name}" for name in EXTRAS)
    answer = service.post(f"/api/v1/runs?{extras}", json=RACE, headers={"Accept": accept})
    written = EXPORTS[ending].bytes_of(ds.run(RACE))
    if ending == "json":
        assert answer.json() == json.loads(written)
        return
    with np.load(io.BytesIO(answer.content)) as got, np.load(io.BytesIO(written)) as expected:
        assert sorted(got.files) == sorted(expected.files)
        for name in got.files:
            np.testing.assert_array_equal(got[name], expected[name])


def test_the_answers_have_their_documented_shapes(service: httpx.Client) -> None:
    RunsAnswer.model_validate(post(service, "runs", RACE))
    extras = "&".join(f"include={name}" for name in EXTRAS)
    RunsAnswer.model_validate(post(service, f"runs?{extras}", RACE))
    SurfaceAnswer.model_validate(post(service, "surfaces", SMALL))
    CurvatureAnswer.model_validate(post(service, "curvature", {"experiment": MOONS, "step": 3}))


def test_theta_comes_only_when_asked(service: httpx.Client) -> None:
    assert "theta" not in post(service, "runs", MOONS)["runs"][0]


def test_an_empty_document_is_a_whole_one(service: httpx.Client) -> None:
    assert len(post(service, "runs", {})["runs"][0]["cost"]) == ds.Experiment().steps + 1


@pytest.mark.parametrize("accept", ["application/octet-stream", "application/x-npz", "application/zip"])
def test_binary_shapes_hold_the_same_numbers(service: httpx.Client, accept: str) -> None:
    response = service.post("/api/v1/runs?include=theta", json=RACE, headers={"Accept": accept})
    results = ds.run(RACE)
    arrays: dict[str, Any]
    if accept == FRAME["Accept"]:
        frame = unpack(response.content)
        assert frame.kind is FrameKind.RUNS
        arrays, meta = frame.arrays, frame.meta
    else:
        arrays = dict(np.load(io.BytesIO(response.content), allow_pickle=False))
        meta = json.loads(str(arrays["meta"]))
    assert [run["label"] for run in meta["runs"]] == [run.label for run in results.runs]
    for index, run in enumerate(results.runs):
        for name in ("cost", "path", "shadow_cost", "off_plane", "grad_norm", "theta"):
            np.testing.assert_array_equal(arrays[f"runs.{index}.{name}"], getattr(run, name))
    np.testing.assert_array_equal(arrays["plane.basis"], results.plane.basis)


def test_runs_as_a_table(service: httpx.Client) -> None:
    response = service.post("/api/v1/runs", json=MOONS, headers={"Accept": "text/csv"})
    assert response.headers["content-type"].startswith("text/csv")
    head, *rows = response.text.splitlines()
    assert head.startswith("run,label,step,a,b,cost")
    assert len(rows) == 61


def test_a_surface_is_that_of_python(service: httpx.Client) -> None:
    answer = post(service, "surfaces", SMALL)
    surface = ds.surface(SMALL)
    assert answer["cost"] == surface.cost.astype(float).tolist()
    assert answer["a"] == surface.a.tolist()
    assert (answer["exact"], answer["clipped"]["count"]) == (False, surface.clipped.count)
    assert answer["plane"]["kind"] == "pca"


def test_a_cell_that_is_not_finite_is_null(service: httpx.Client) -> None:
    problem = {"kind": "formula", "expression": "log(x) + y**2", "domain": [[-1, 3], [-1, 1]]}
    document = {"problem": problem, "start": {"kind": "point", "at": [2, 0.5]}, "steps": 3}
    answer = post(
        service, "surfaces", document | {"view": {"grid": {"resolution": 5, "extent": [[-1, 3], [-1, 1]]}}}
    )
    assert [value is None for value in answer["cost"][0]] == [True, True, False, False, False]


def test_divergence_is_an_answer(service: httpx.Client) -> None:
    runs = [{"optimizer": {"kind": "gd", "learning_rate": 100}}]
    (run,) = post(service, "runs", {"problem": {"kind": "linear"}, "runs": runs})["runs"]
    assert run["status"] == "diverged"
    assert all(isinstance(cost, float) for cost in run["cost"])


def test_curvature_at_a_step_and_at_theta(service: httpx.Client) -> None:
    chain = {"problem": {"kind": "chain", "activation": "linear"}, "steps": 3}
    saddle = post(service, "curvature", {"experiment": chain, "theta": [0, 0]})
    assert (saddle["classification"], saddle["index"], saddle["negative_count"]) == ("saddle", 1, 1)
    by_step = post(service, "curvature", {"experiment": MOONS, "run": 0, "step": 7})
    theta = ds.run(MOONS).runs[0].theta[7].tolist()
    by_theta = post(service, "curvature", {"experiment": MOONS, "theta": theta})
    assert by_step == by_theta
    assert by_step["eigenvalues"] == sorted(by_step["eigenvalues"])


def test_inspect_as_python_does(service: httpx.Client) -> None:
    request = {"experiment": RACE, "run": 1, "step": 9, "want": ["outputs", "gradient"], "resolution": 7}
    answer = post(service, "inspect", request)
    report = ds.inspect(RACE, run=1, step=9, want=["outputs", "gradient"], resolution=7)
    assert answer["cost"] == report["cost"]
    assert answer["gradient"] == report["gradient"].tolist()
    assert answer["outputs"]["grid"] == report["outputs"]["grid"].astype(float).tolist()
    frame = unpack(service.post("/api/v1/inspect", json=request, headers=FRAME).content)
    np.testing.assert_array_equal(frame.arrays["outputs.grid"], report["outputs"]["grid"])


@pytest.mark.parametrize("kind", ["3d", "contour"])
def test_figures_are_read_by_plotly(service: httpx.Client, kind: str) -> None:
    response = service.post(f"/api/v1/figures?kind={kind}", json=SMALL)
    figure = plotly.io.from_json(response.text)
    assert figure.data[0].type == ("surface" if kind == "3d" else "contour")


def test_a_figure_as_a_page_is_a_file_to_keep(service: httpx.Client) -> None:
    response = service.post("/api/v1/figures", json=SMALL, headers={"Accept": "text/html"})
    assert response.headers["content-disposition"].startswith("attachment")
    assert b"<html" in response.content[:200]
    response = service.post("/api/v1/figures", json=SMALL, headers={"Accept": "image/gif"})
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.content.startswith(b"GIF89a")


def test_a_page_opens_with_half_of_the_catalogue_and_the_parts_make_the_whole(service: httpx.Client) -> None:
    whole, opening, glossary, tour = (
        service.get("/api/v1/catalog", params={"part": part})
        for part in ("whole", "opening", "glossary", "tour")
    )
    parts = {**opening.json(), **glossary.json(), **tour.json()}
    assert {"schema": whole.json()["schema"], **parts} == whole.json()
    assert [list(glossary.json()), list(tour.json())] == [["glossary"], ["tour"]]
    assert [stop["id"] for stop in opening.json()["tour"]] == [stop["id"] for stop in tour.json()["tour"]]
    assert len(opening.content) < 0.6 * len(whole.content)
    assert service.get("/api/v1/catalog", params={"part": "schema"}).status_code == 422


def test_the_catalogue_is_sent_once(service: httpx.Client) -> None:
    first = service.get("/api/v1/catalog")
    assert first.json() == json.loads(json.dumps(ds.catalog()))
    assert first.headers["content-encoding"] == "gzip"
    again = service.get("/api/v1/catalog", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_calls_do_not_hold_up_the_loop(service: httpx.Client) -> None:
    with ExitStack() as calls:
        for seed in range(4):
            calls.enter_context(under_way(service, HEAVY | {"seed": seed}))
        until(lambda: "descentscape_calls 4" in service.get("/metrics").text)
        for _ in range(6):
            assert service.get("/healthz").status_code == 200
        assert "descentscape_calls 4" in service.get("/metrics").text


def test_no_more_computations_than_places() -> None:
    with serving(Settings(calls=1)) as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        with under_way(client, HEAVY):
            until(lambda: "descentscape_calls 1" in client.get("/metrics").text)
            refused = client.post("/api/v1/runs", json={})
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "10"
        assert refused.json()["detail"] == "computations at once must be at most 1, got one more"


def test_work_stops_when_nobody_waits() -> None:
    with serving() as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        with under_way(client, HEAVY):
            until(lambda: "descentscape_calls 1" in client.get("/metrics").text)
        until(lambda: "descentscape_calls 0" in client.get("/metrics").text)


def test_a_run_without_a_slope_is_at_rest(service: httpx.Client) -> None:
    document = {
        "problem": {"kind": "formula", "expression": "sqrt(x**2 + y**2)"},
        "runs": [{"optimizer": {"kind": "gd", "learning_rate": 1.0}}],
        "start": {"kind": "point", "at": [1, 0]},
        "steps": 5,
    }
    (run,) = service.post("/api/v1/runs", json=document).json()["runs"]
    # at the tip the gradient is undefined, unless a convention for kinks makes it 0
    if run["status"] == "no_slope":
        assert (run["path"], run["cost"], run["grad_norm"]) == ([[1, 0], [0, 0]], [1, 0], [1, None])
    else:
        assert (run["status"], run["cost"], run["grad_norm"]) == ("finished", [1] + [0] * 5, [1] + [0] * 5)


def test_words_are_classes_and_numbers_a_line(service: httpx.Client) -> None:
    x, y = [[0.0], [1], [2], [3], [4]], [[0.0], [1], [2], [3], [4]]
    line = {"problem": {"kind": "linear", "dataset": {"kind": "inline", "x": x, "y": y}}, "steps": 2}
    inspected = service.post("/api/v1/inspect", json={"experiment": line, "theta": [1.0, 0.0]}).json()
    assert (inspected["cost"], inspected["fit"]["train"]["rms"]) == (0, 0)
    pets = {"kind": "inline", "x": x, "y": [["cat"], ["dog"], ["cat"], ["dog"], ["dog"]]}
    network = {"problem": {"dataset": pets, "hidden": [], "cost": "bce"}, "steps": 2}
    found = service.post("/api/v1/inspect", json={"experiment": network, "want": ["outputs", "data"]}).json()
    assert found["data"]["class_names"] == ["cat", "dog"]
    assert sum(map(sum, found["fit"]["train"]["confusion"])) == 5


def test_curvature_is_named_at_any_scale(service: httpx.Client) -> None:
    def named(expression: str, start: list[float], theta: list[float]) -> tuple[str, int | None]:
        document = {
            "problem": {"kind": "formula", "expression": expression},
            "start": {"kind": "point", "at": start},
            "steps": 3,
        }
        answer = service.post("/api/v1/curvature", json={"experiment": document, "theta": theta}).json()
        return answer["classification"], answer["index"]

    assert named("1e6*x**2 - y**2", [1, 1], [0, 0]) == ("saddle", 1)
    assert named("1e7 + x**2 + y**2", [1, 1], [1, 1]) == ("not_critical", None)
    assert named("1e-9*(x**2 + y**2)", [1, 1], [1, 1]) == ("not_critical", None)
    assert named("1e-9*(x**2 + y**2)", [1, 1], [1e-8, 0]) == ("minimum", 0)


def test_programs_are_written_without_computing(service: httpx.Client) -> None:
    call = "/api/v1/programs"
    answer = service.post(call, json=HEAVY | {"steps": 20_000}, headers={"Accept": "text/x-shellscript"})
    assert answer.status_code == 200
    assert f"{str(service.base_url).rstrip('/')}/api/v1/runs <<" in answer.text
    elsewhere = service.post(
        f"{call}?address=https://a.school/seen/", json={}, headers={"Accept": "text/x-shellscript"}
    )
    assert "https://a.school/seen/api/v1/runs <<" in elsewhere.text
    assert service.post(f"{call}?address=file:///etc", json={}).status_code == 422


def test_surfaces_come_as_tables_and_grids(service: httpx.Client) -> None:
    for media_type, begins in {"text/csv": b"a,b,cost\r\n", "application/x-vtk": b"# vtk"}.items():
        answer = service.post("/api/v1/surfaces", json=SMALL, headers={"Accept": media_type})
        assert answer.headers["content-type"].startswith(media_type)
        assert answer.content.startswith(begins)
