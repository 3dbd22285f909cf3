"""``import descentscape as ds``: the same numbers under the same names."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from pydantic import ValidationError
from threadpoolctl import threadpool_info, threadpool_limits

import descentscape as ds
from descentscape.compute import computation, descents
from descentscape.compute.blas_threads import single_threaded_blas
from descentscape.compute.cost_model import Estimate, estimate
from descentscape.compute.window import Window, fit_window
from descentscape.core.time_slices import TimeSlices

IRIS = {"problem": {"dataset": {"kind": "iris"}}, "steps": 40}
BOWL = {"problem": {"kind": "formula", "name": "bowl"}, "steps": 10}


def test_run_takes_a_dict_or_an_experiment() -> None:
    one, other = ds.run(IRIS), ds.run(ds.Experiment.model_validate(IRIS))
    np.testing.assert_array_equal(one.runs[0].cost, other.runs[0].cost)
    assert one.runs[0].cost.shape == (41,)
    assert one.runs[0].theta.shape == (41, 139)
    assert one.runs[0].path.shape == (41, 2)
    assert one.plane.basis.shape == (2, 139)


def test_what_nobody_looks_at_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fit(*args: Any) -> TimeSlices[Window]:
        asked.append("window")
        return fit_window(*args)

    def price(*args: Any) -> Estimate:
        asked.append("price")
        return estimate(*args)

    monkeypatch.setattr(descents, "fit_window", fit)
    monkeypatch.setattr(computation, "estimate", price)
    document = {**IRIS, "seed": 401}
    results = ds.run(document)
    assert results.runs[0].status == "finished"
    assert len(results.runs[0].theta) == len(results.runs[0].cost) == 41
    ds.curvature(document, step=3)
    assert not asked
    path = results.runs[0].path
    np.testing.assert_array_equal(path, results.plane.project(results.runs[0].theta))
    assert ds.surface(document).plane is results.plane
    assert asked == ["price", "window", "price"]


def test_numpy_arrays_may_stand_in_the_document() -> None:
    document = {**BOWL, "start": {"kind": "point", "at": np.array([1.0, 2.0])}, "steps": np.int64(3)}
    np.testing.assert_array_equal(ds.run(document).runs[0].theta[0], [1, 2])


def test_a_wrong_document_is_refused() -> None:
    with pytest.raises(ValidationError):
        ds.run({"stepps": 3})


def test_surface() -> None:
    surface = ds.surface({**BOWL, "view": {"grid": {"resolution": 11}}})
    a, b = np.meshgrid(surface.a, surface.b)
    np.testing.assert_allclose(surface.cost, a**2 + b**2, rtol=1e-6)
    assert surface.exact
    assert surface.plane.kind == "axes"
    assert surface.clipped.count == 0


def test_curvature_at_theta_and_at_a_step() -> None:
    at_minimum = ds.curvature(BOWL, [0.0, 0.0])
    assert at_minimum.classification == "minimum"
    np.testing.assert_allclose(at_minimum.eigenvalues, [2, 2])
    assert ds.curvature(BOWL, step=0).classification == "not_critical"


def test_inspect() -> None:
    report = ds.inspect(IRIS, step=40, want=("outputs", "gradient"))
    assert report["cost"] == pytest.approx(ds.run(IRIS).runs[0].cost[40])
    assert report["gradient"].shape == (139,)


def test_figure() -> None:
    figure = ds.figure(BOWL)
    assert isinstance(figure, go.Figure)
    assert {trace.type for trace in ds.figure(BOWL, "contour").data} == {"contour", "scatter"}


def test_catalog_lists_what_there_is() -> None:
    assert ds.catalog()["version"] == ds.__version__


def test_products_of_matrices_take_one_thread() -> None:
    single_threaded_blas.cache_clear()
    threadpool_limits(2, user_api="blas")
    assert threads_of_blas() == {2}
    ds.run(BOWL | {"steps": 11})
    assert threads_of_blas() == {1}


def threads_of_blas() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_importing_reads_only_what_a_run_needs() -> None:
    """Studies, the service and what draws pictures are read when they are first asked for."""
    own = "name.split('.')[1] for name in sys.modules if name[:13] == 'descentscape.'"
    code = f"import sys, descentscape; print(*{{{own}}})"
    read = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(read.stdout.split()) == {"compute", "core", "document", "version"}
