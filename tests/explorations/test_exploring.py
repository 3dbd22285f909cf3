"""``ds.explore``: any cost with any trajectory, held against our own runs and closed forms."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

import descentscape as ds
from descentscape.compute.computation import Computation
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array
from descentscape.explorations.exploration import Exploration

DOCUMENT = {"problem": {"hidden": [4], "dataset": {"kind": "moons", "n": 30}}, "steps": 40}
SCALES = np.array([5.0, 3.0, 1.0, 0.5, -0.25, 2.0])


def quadratic(theta: Array) -> float:
    """½ Σ s θ²: curvatures s, slope s θ."""
    return float(0.5 * SCALES @ theta**2)


def slope(theta: Array) -> Array:
    return SCALES * theta


def descended(steps: int = 20, start: float = 1.0) -> Array:
    thetas = [np.full(6, start) + 0.1 * np.arange(6)]
    for _ in range(steps):
        thetas.append(thetas[-1] - 0.1 * slope(thetas[-1]))
    return np.array(thetas)


@pytest.fixture(scope="module")
def ours() -> tuple[ds.Results, Exploration]:
    """The same descent by `ds.run`, and as a foreign model's."""
    work = Computation(ds.Experiment.model_validate(DOCUMENT)).finish()
    objective = work.problem.objective
    explored = ds.explore(
        lambda theta: objective.value(theta),
        work.results().runs[0].theta,
        gradient=lambda theta: objective.value_and_grad(theta)[1],
        hvp=objective.hvp,
    )
    return work.results(), explored


def test_a_foreign_run_is_seen_as_our_own(ours: tuple[ds.Results, Exploration]) -> None:
    results, explored = ours
    run, own = explored.runs[0], results.runs[0]
    np.testing.assert_allclose(np.abs(explored.plane.basis @ results.plane.basis.T), np.eye(2), atol=1e-9)
    np.testing.assert_allclose(explored.plane.variance_share, results.plane.variance_share, rtol=1e-9)
    np.testing.assert_allclose(explored.plane.null_share, results.plane.null_share, rtol=1e-9)
    np.testing.assert_allclose(explored.extent, results.extent, rtol=1e-9)
    np.testing.assert_allclose(run.cost, own.cost, rtol=1e-12)
    np.testing.assert_allclose(run.path, own.path, atol=1e-9)
    np.testing.assert_allclose(run.shadow_cost, own.shadow_cost, rtol=1e-9)
    np.testing.assert_allclose(run.off_plane, own.off_plane, atol=1e-9)


def test_curvature_is_that_of_our_own(ours: tuple[ds.Results, Exploration]) -> None:
    found, own = ours[1].curvature(step=40), ds.curvature(DOCUMENT, step=40)
    np.testing.assert_allclose(found.eigenvalues, own.eigenvalues, atol=1e-12)
    assert found.classification == own.classification


def test_the_surface_is_a_plain_loop_over_the_plane() -> None:
    explored = ds.explore(quadratic, descended())
    surface = explored.surface(9, progress=False)
    plane = surface.plane
    loop = [
        [quadratic(plane.origin + a * plane.basis[0] + b * plane.basis[1]) for a in surface.a]
        for b in surface.b
    ]
    np.testing.assert_allclose(surface.cost, loop, rtol=1e-13)


@pytest.mark.parametrize("known", ["cost", "gradient", "hvp"])
def test_what_is_not_given_is_found_by_differences(known: str) -> None:
    explored = ds.explore(
        quadratic,
        descended(),
        gradient=None if known == "cost" else slope,
        hvp=(lambda theta, v: SCALES * v) if known == "hvp" else None,
    )
    found = explored.curvature(step=3)
    tolerance = {"cost": 1e-3, "gradient": 1e-8, "hvp": 1e-12}[known]
    np.testing.assert_allclose(found.eigenvalues, np.sort(SCALES), rtol=tolerance, atol=tolerance)
    assert found.negative_count == 1
    np.testing.assert_allclose(found.grad_norm, np.linalg.norm(slope(descended()[3])), rtol=1e-7)


def test_the_ends_of_a_large_spectrum_come_by_lanczos() -> None:
    values = np.concatenate([[-3.0, -1.0], np.linspace(0.1, 1, 397), [7.0]])
    explored = ds.explore(
        lambda theta: 0.5 * values @ theta**2,
        np.random.default_rng(0).normal(size=(3, 400)),
        lambda t: values * t,
    )
    found = explored.curvature()
    assert not found.complete
    np.testing.assert_allclose(found.eigenvalues[[0, 1, -1]], [-3, -1, 7], rtol=1e-7)
    hessian = explored.hessian().plane
    assert np.abs(hessian.basis).argmax(axis=1).tolist() == [399, 0]
    assert hessian.null_share == pytest.approx((1 / 400, 1 / 400))


def test_every_plane_says_what_it_holds_beside_chance() -> None:
    explored = ds.explore(quadratic, {"one": descended(), "other": descended(start=-1.0)}, slope)
    points = explored.points(0, 5, (1, 20))
    thetas = [run.theta for run in explored.runs]
    for seen in (explored.pca(), explored.random(), explored.hessian(), points, explored.axes(0, 4)):
        plane = seen.plane
        np.testing.assert_allclose(plane.variance_share, plane.share(thetas), rtol=1e-9)
        assert plane.null_share is not None
        assert 0 < sum(plane.null_share) < 1
        for run, theta in zip(seen.runs, thetas, strict=True):
            np.testing.assert_allclose(run.path, plane.project(theta), atol=1e-12)
            np.testing.assert_allclose(run.off_plane, plane.residual(theta), atol=1e-12)
    np.testing.assert_allclose(points.runs[0].path[0], 0, atol=1e-12)
    np.testing.assert_allclose(points.runs[1].off_plane[20], 0, atol=1e-12)


def test_it_is_taken_wherever_an_experiment_is(ours: tuple[ds.Results, Exploration], tmp_path: Path) -> None:
    results, explored = ours
    assert isinstance(explored.results, ds.Results)
    assert type(explored.runs[0]) is type(results.runs[0])
    both = explored.to_pandas(), results.to_pandas()
    assert list(both[0].columns[:10]) == list(both[1].columns[:10])
    np.testing.assert_allclose(both[0]["grad_norm"], both[1]["grad_norm"], rtol=1e-10)
    assert isinstance(ds.surface(explored), ds.Surface)
    assert ds.curvature(explored, step=40).classification == ds.curvature(DOCUMENT, step=40).classification
    assert len(ds.figure(explored, "contour").data) == len(ds.figure(DOCUMENT, "contour").data)
    ds.animation(explored, tmp_path / "it.gif", size=120, frames=3)
    assert (tmp_path / "it.gif").read_bytes().startswith(b"GIF89a")
    ds.page(explored, tmp_path / "it.html")
    assert "model" in (tmp_path / "it.html").read_text("utf-8")


def test_other_planes_do_not_ask_for_the_costs_again() -> None:
    calls: list[int] = []

    def counted(theta: Array) -> float:
        calls.append(1)
        return quadratic(theta)

    explored = ds.explore(counted, descended())
    first = explored.runs[0].cost
    assert len(calls) == len(first) == 21
    np.testing.assert_array_equal(explored.random().runs[0].cost, first)
    assert len(calls) == 21
    assert np.isnan(explored.runs[0].grad_norm).all()
    assert explored.runs[0].stationary_at is None


def test_a_batched_cost_is_given_many_points_at_once() -> None:
    shapes: list[tuple[int, ...]] = []

    def many(thetas: Array) -> Array:
        shapes.append(thetas.shape)
        return 0.5 * thetas**2 @ SCALES

    explored = ds.explore(many, descended(), batched=16)
    surface = explored.surface(9, progress=False)
    single = ds.explore(quadratic, descended()).surface(9, progress=False)
    np.testing.assert_allclose(surface.cost, single.cost, rtol=1e-12)
    np.testing.assert_allclose(explored.runs[0].cost, [quadratic(theta) for theta in descended()])
    assert set(shapes) == {(1, 6), (16, 6)}
    with pytest.raises(InvalidValue, match="batched must be left out beside a model"):
        ds.explore(many, descended(), model={"w": np.ones(6)}, batched=True)
    with pytest.raises(InvalidValue, match="cost must be a function that returns one number for each vector"):
        _ = ds.explore(lambda thetas: 1.0, descended(), batched=True).runs


def test_a_straight_path_has_a_second_direction() -> None:
    path = np.outer(np.linspace(1, 0, 5), np.ones(6))
    plane = ds.explore(quadratic, path).plane
    assert "the path is straight" in plane.note
    np.testing.assert_allclose(plane.basis @ plane.basis.T, np.eye(2), atol=1e-12)


def test_two_parameters_are_all_there_is() -> None:
    explored = ds.explore(lambda t: t @ t, [[3.0, 1.0], [1.0, 0.5]], lambda t: 2 * t)
    assert explored.plane.exact
    np.testing.assert_allclose(explored.runs[0].shadow_cost, [10, 1.25])
    assert explored.curvature().eigenvalues.tolist() == pytest.approx([2, 2])


def test_a_stopped_surface_is_gone_on_with(tmp_path: Path) -> None:
    whole = ds.explore(quadratic, descended()).surface(21, progress=False)
    calls: list[int] = []

    def counted(theta: Array) -> float:
        calls.append(1)
        if len(calls) == 100:
            raise KeyboardInterrupt
        return quadratic(theta)

    explored = ds.explore(counted, descended())
    assert len(explored.runs[0].cost) == len(calls)
    with pytest.raises(KeyboardInterrupt):
        explored.surface(21, progress=False)
    sampling = explored.sampling(21)
    assert 0 < sampling.done < 441
    assert np.isfinite(sampling.surface.cost).sum() == sampling.done
    sampling.save(tmp_path / "surface.npz")
    left = 441 - sampling.done

    again = ds.explore(counted, descended())
    again.sampling(21).restore(tmp_path / "surface.npz")
    before = len(calls)
    np.testing.assert_array_equal(again.surface(21, progress=False).cost, whole.cost)
    assert len(calls) == before + left
    with pytest.raises(InvalidValue, match="file must be a sampling of this plane"):
        again.sampling(11).restore(tmp_path / "surface.npz")


def test_who_is_told_the_progress_may_stop_it() -> None:
    sampling = ds.explore(quadratic, descended()).sampling(21)
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        told.append((done, total))
        sampling.stop()

    surface = sampling.run(progress=tell)
    assert told == [(sampling.done, 441)]
    assert np.isnan(surface.cost).sum() == 441 - sampling.done
    assert sampling.run(progress=False).missing == 0


def test_executors_share_a_surface() -> None:
    whole = ds.explore(quadratic, descended()).surface(15, progress=False).cost
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(1) as processes:
        for executor in (threads, processes):
            shared = ds.explore(quadratic, descended()).surface(15, progress=False, executor=executor)
            np.testing.assert_array_equal(shared.cost, whole)


def test_a_figure_shows_paths_at_their_true_height() -> None:
    explored = ds.explore(quadratic, {"by <hand>": descended()}, slope, label="a quadratic")
    surface = explored.surface(9, progress=False)
    for kind in ("3d", "contour"):
        figure = explored.figure(kind, surface=surface)
        assert isinstance(figure, go.Figure)
        assert figure.layout.title.text == "by &lt;hand&gt;: a quadratic"
        said = figure.layout.annotations[0].text
        assert "6 parameters, 2 shown" in said
        assert "a random walk" in said
    path = next(trace for trace in explored.figure(surface=surface).data if trace.name == "by &lt;hand&gt;")
    np.testing.assert_allclose(path.z, explored.runs[0].cost)


def test_reprs_say_what_there_is() -> None:
    explored = ds.explore(quadratic, descended(), slope)
    assert repr(explored) == "<Exploration 'model': 6 parameters, 1 run, 21 entries>"
    assert repr(explored.runs) == "(<RunResult 'run': finished after 20 steps, cost 7.46 → −0.593>,)"
    assert "seen in pca with" in repr(explored)
    assert repr(explored.sampling(5)) == "<Sampling: 0 of 25 points in the pca plane of 6 parameters>"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"trajectory": [[1.0, np.nan]]}, "trajectory[0] must be finite in all parameters"),
        ({"trajectory": [[1.0, 2.0], [1.0]]}, "trajectory[1] must be of 2 parameters, got 1"),
        ({"trajectory": np.zeros(3)}, "trajectory must be rows of parameters"),
        ({"trajectory": {}}, "trajectory must be one run at least, and at most 12, got 0"),
        (
            {"trajectory": {"a": np.ones((2, 3)), "b": np.ones((2, 4))}},
            "trajectory['b'] must be of 3 parameters",
        ),
        ({"trajectory": 5}, "trajectory must be a recorder, or a sequence of parameters, got 5"),
        ({"model": {"w": np.ones(7)}}, "model must be of 6 parameters, as many as the trajectory has, got 7"),
        ({"cost": 0.5}, "cost must be a function that returns one number, got 0.5"),
        ({"cost": lambda theta: theta}, "cost must be a function that returns one number"),
        ({"gradient": lambda theta: theta[:2]}, "gradient must be a function that returns 6 numbers"),
    ],
)
def test_what_cannot_be_explored_is_refused_by_name(arguments: dict[str, object], message: str) -> None:
    given = {"cost": quadratic, "trajectory": descended()} | arguments
    with pytest.raises(InvalidValue) as refused:
        ds.explore(**given).curvature()  # type: ignore[arg-type]
    assert message in str(refused.value)


def test_a_plane_of_unknown_words_is_refused() -> None:
    explored = ds.explore(quadratic, descended(), slope)
    with pytest.raises(InvalidValue, match="normalization must be one of none, layer, filter, got 'filters'"):
        _ = explored.random("filters").plane  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="center must be one of mean, start, end, got 'middle'"):
        _ = explored.pca("middle").plane  # type: ignore[arg-type]


def test_a_step_that_was_not_recorded_is_refused() -> None:
    explored = ds.explore(quadratic, descended(), slope)
    with pytest.raises(InvalidValue, match="step must be one that was recorded, such as 20, got 99"):
        explored.curvature(step=99)
    with pytest.raises(InvalidValue, match="run must be from 0 to 0, got 3"):
        explored.curvature(run=3)


def test_large_models_need_a_gradient_for_their_curvature() -> None:
    explored = ds.explore(lambda theta: float(theta @ theta), np.ones((2, 2001)))
    with pytest.raises(InvalidValue, match="gradient must be given for over 2,000 parameters"):
        explored.curvature()
