"""``ds.show``: experiments and explorations on the page, which this process serves."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from time import sleep
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest
from pydantic import ValidationError

import descentscape as ds
from descentscape.core.objective import Array
from descentscape.explorations.exploration import Exploration
from descentscape.showing.experiments import link_of
from descentscape.showing.shown import Shown

SCALES = np.linspace(-0.5, 4, 7)


def quadratic(theta: Array) -> float:
    if theta[0] > 1e3:
        raise RuntimeError("the GPU is gone")
    return float(0.5 * SCALES @ theta**2)


@pytest.fixture(scope="module")
def explored() -> Exploration:
    path = [np.full(7, 0.9**k) * (1 + 0.1 * np.arange(7)) ** k for k in range(8)]
    return ds.explore(
        quadratic, {"one": path, "other": path[::-1]}, lambda theta: SCALES * theta, label="a <quadratic>"
    )


@pytest.fixture(scope="module")
def shown(explored: Exploration) -> Iterator[Shown]:
    opened: list[str] = []
    with ds.show(explored.random(seed=2), open_browser=opened.append) as shown:
        assert opened == [shown.url]
        assert shown.url.startswith("http://127.0.0.1:")
        yield shown


def document(shown: Shown) -> dict[str, Any]:
    """The document of the link that is opened."""
    _, _, packed = shown.url.partition("#x=")
    raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    found: dict[str, Any] = json.loads(zlib.decompress(raw, wbits=-zlib.MAX_WBITS))
    return found


def asked(shown: Shown, call: str, **content: object) -> dict[str, Any]:
    address = shown.url.partition("#")[0]
    body = json.dumps(content).encode()
    wanted = Request(f"{address}api/v1/{call}", body, {"Content-Type": "application/json"})
    with urlopen(wanted) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_the_page_of_an_exploration_answers_as_python_does(shown: Shown, explored: Exploration) -> None:
    own = explored.random(seed=2)
    with urlopen(shown.url.partition("#")[0]) as page:
        assert b"Descentscape" in page.read()
    experiment = document(shown)
    assert experiment["problem"]["name"] == "a <quadratic>"
    answer = asked(shown, "runs", **experiment)
    assert [run["label"] for run in answer["runs"]] == ["one", "other"]
    for run, result in zip(answer["runs"], own.runs, strict=True):
        np.testing.assert_allclose(run["cost"], result.cost)
        np.testing.assert_allclose(run["path"], result.path, atol=1e-12)
        np.testing.assert_allclose(run["grad_norm"], result.grad_norm)
    assert answer["plane"]["kind"] == "random"
    np.testing.assert_allclose(answer["plane"]["basis"], own.plane.basis)


def test_slices_are_sampled_in_other_planes_too(shown: Shown, explored: Exploration) -> None:
    view = {"plane": {"kind": "pca"}, "grid": {"resolution": 15}}
    answer = asked(shown, "surfaces", **document(shown) | {"view": view})
    own = explored.surface(15, progress=False)
    flip = np.sign(np.sum(np.array(answer["plane"]["basis"]) * own.plane.basis, axis=1))
    assert flip.tolist() == [1, 1]
    np.testing.assert_allclose(answer["cost"], own.cost, rtol=1e-6)


def test_the_curvature_is_that_of_the_model(shown: Shown) -> None:
    answer = asked(shown, "curvature", experiment=document(shown), run=1, step=3)
    np.testing.assert_allclose(answer["eigenvalues"], SCALES, atol=1e-6)
    assert answer["negative_count"] == 1


def test_what_needs_a_network_is_refused_in_a_sentence(shown: Shown) -> None:
    with pytest.raises(HTTPError) as refused:
        asked(shown, "inspect", experiment=document(shown), study={"kind": "collapse"}, run=0, step=0)
    with refused.value as answer:
        assert answer.code == 422
        assert "of a network, which this problem is not" in answer.read().decode()


def test_an_error_of_the_model_is_told() -> None:
    with ds.show(ds.explore(quadratic, np.full((2, 7), 2e3)), open_browser=None) as shown:
        with pytest.raises(HTTPError) as refused:
            asked(shown, "runs", **document(shown))
        with refused.value as answer:
            assert answer.code == 422
            said = answer.read().decode()
            assert "must be known there, but the model raised RuntimeError: the GPU is gone" in said


def test_a_slow_model_is_hardly_asked_for_its_moments() -> None:
    asks = []

    def slow(theta: Array) -> Array:
        asks.append(theta)
        sleep(0.001)
        return SCALES * theta

    run = {"optimizer": {"kind": "gd", "learning_rate": 0.1}, "start": {"kind": "theta", "values": [1.0] * 7}}
    with ds.show(ds.explore(quadratic, np.ones((3, 7)), slow), open_browser=None) as shown:
        experiment = document(shown) | {"runs": [run], "steps": 30}
        asked(shown, "runs", **experiment)
        asks.clear()
        asked(shown, "inspect", experiment=experiment, study={"kind": "moments"}, run=0, step=0)
    assert len(asks) <= 31


def test_what_is_shown_no_longer_is_refused_in_a_sentence(explored: Exploration) -> None:
    with ds.show(explored, open_browser=None) as shown:
        experiment = document(shown)
        ds.Experiment.model_validate(experiment)
    with pytest.raises(ValidationError, match="that of a model which this Python explores"):
        ds.Experiment.model_validate(experiment)


def test_a_model_without_a_gradient_has_recorded_runs_alone() -> None:
    with ds.show(ds.explore(quadratic, np.ones((3, 7))), open_browser=None) as shown:
        experiment = document(shown)
        with pytest.raises(ValidationError, match="given, as the model’s gradient is not known"):
            ds.Experiment.model_validate(experiment | {"runs": [{}]})


def test_a_model_with_a_gradient_is_descended_on(shown: Shown) -> None:
    run = {"optimizer": {"kind": "gd", "learning_rate": 0.1}, "start": {"kind": "theta", "values": [1.0] * 7}}
    answer = asked(shown, "runs", **document(shown) | {"runs": [run], "steps": 5})
    thetas = np.ones(7) * (1 - 0.1 * SCALES) ** np.arange(6)[:, None]
    np.testing.assert_allclose(answer["runs"][0]["cost"], [quadratic(theta) for theta in thetas])


def test_an_experiment_is_shown_on_the_page() -> None:
    document = {"problem": {"kind": "formula", "name": "beale"}, "steps": 20}
    with ds.show(document, open_browser=None) as shown:
        address, _, link = shown.url.partition("#")
        assert f"#{link}" == link_of(ds.Experiment.model_validate(document))
        with urlopen(address) as page:
            assert b"Descentscape" in page.read()
    assert repr(shown) == f"<Shown at {shown.url}>"
