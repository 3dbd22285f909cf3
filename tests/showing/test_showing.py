"""``ds.show``: an experiment on the page, an exploration on one of its own."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import numpy as np
import pytest

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
    return ds.explore(quadratic, {"one": path, "other": path[::-1]}, label="a <quadratic>")


@pytest.fixture(scope="module")
def shown(explored: Exploration) -> Iterator[Shown]:
    opened: list[str] = []
    with ds.show(explored, open_browser=opened.append) as shown:
        assert opened == [shown.url]
        assert shown.url.startswith("http://127.0.0.1:")
        yield shown


def asked(shown: Shown, path: str = "", host: str | None = None, **wanted: object) -> bytes:
    headers = {} if host is None else {"Host": host}
    with urlopen(Request(f"{shown.url}{path}?{urlencode(wanted)}", headers=headers)) as answer:
        found: bytes = answer.read()
    return found


def numbers(sent: dict[str, str]) -> Array:
    """An array as Plotly sends it."""
    assert sent["dtype"] == "f8"
    return np.frombuffer(base64.b64decode(sent["bdata"]))


def refused(shown: Shown, path: str, host: str | None = None, **wanted: object) -> tuple[int, str]:
    with pytest.raises(HTTPError) as error:
        asked(shown, path, host, **wanted)
    with error.value as answer:
        return answer.code, answer.read().decode()


def finished(shown: Shown, **wanted: object) -> dict[str, Any]:
    for _ in range(50):
        picture: dict[str, Any] = json.loads(asked(shown, "picture", **wanted))
        if picture["done"] == picture["total"]:
            return picture
    raise AssertionError("it never ends")


def test_the_page_of_an_exploration_says_what_there_is(shown: Shown) -> None:
    assert b"plotly.js" in asked(shown)
    about = json.loads(asked(shown, "about"))
    assert about["label"] == "a <quadratic>"
    assert about["runs"][0] == {"label": "one", "steps": list(range(8))}
    assert "hessian" in about["planes"]


@pytest.mark.parametrize("plane", ["as given", "pca", "filter", "layer", "random", "hessian"])
def test_slices_are_those_of_python(shown: Shown, explored: Exploration, plane: str) -> None:
    picture = finished(shown, plane=plane, resolution=15, run=1, step=3)
    theta = explored.runs[1].theta[3]
    seen = {
        "as given": lambda: explored,
        "pca": explored.pca,
        "hessian": lambda: explored.hessian(theta),
    }.get(plane, lambda: explored.random("none" if plane == "random" else plane, origin=theta))()  # type: ignore[arg-type]
    own = seen.surface(15, progress=False)
    drawn = picture["figure"]["data"][0]
    np.testing.assert_allclose(numbers(drawn["customdata"]).reshape(15, 15), own.cost)
    np.testing.assert_allclose(numbers(drawn["x"]), own.a)


def test_a_coarse_level_is_drawn_before_all_points_are_done(explored: Exploration) -> None:
    sampling = explored.pca().sampling(31)

    def tell(done: int, total: int) -> None:
        if sampling.levels:
            sampling.stop()

    sampling.run(progress=tell)
    coarse = sampling.coarse()
    assert coarse.cost.shape == (16, 16)
    assert np.isfinite(coarse.cost).all()
    sampling.run(progress=False)
    np.testing.assert_array_equal(sampling.coarse().cost, sampling.surface.cost)
    np.testing.assert_array_equal(sampling.surface.cost[::2, ::2], coarse.cost)


def test_what_is_not_among_the_choices_is_refused(shown: Shown) -> None:
    assert refused(shown, "picture", plane="other")[1].startswith("plane must be one of as given, pca")
    assert refused(shown, "picture", resolution=10**6)[0] == 422
    assert refused(shown, "picture", plane="hessian", step=-1)[1] == "step must be a whole number, got '-1'"
    assert "step must be one that was recorded" in refused(shown, "picture", plane="hessian", step=99)[1]
    assert refused(shown, "../secret")[0] == 404
    assert refused(shown, "about", host="elsewhere.example")[0] == 404


def test_an_error_of_the_model_is_told() -> None:
    with ds.show(ds.explore(quadratic, np.full((2, 7), 2e3)), open_browser=None) as shown:
        assert refused(shown, "picture") == (422, "The model’s cost raised RuntimeError: the GPU is gone")


def test_an_experiment_is_shown_on_the_page() -> None:
    document = {"problem": {"kind": "formula", "name": "beale"}, "steps": 20}
    with ds.show(document, open_browser=None) as shown:
        address, _, link = shown.url.partition("#")
        assert f"#{link}" == link_of(ds.Experiment.model_validate(document))
        with urlopen(address) as page:
            assert b"Descentscape" in page.read()
    assert repr(shown) == f"<Shown at {shown.url}>"
