"""A computation: advanced bit by bit, looked at, edited, extended, shared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import inf
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from clocks import Clock
from descentscape.compute import projections
from descentscape.compute.computation import Computation
from descentscape.compute.descents import DescentCache, Descents
from descentscape.compute.results import PROJECTED, Results
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.surface import slice_heights
from descentscape.core.time_slices import reported, run_to_completion
from descentscape.document.experiment import Experiment
from descentscape.document.planes.hessian import HessianPlane
from descentscape.document.planes.random import RandomPlane
from descentscape.document.runs import Edit

SMALL: dict[str, Any] = {"problem": {"hidden": [4]}, "steps": 60}
RACE: dict[str, Any] = {
    **SMALL,
    "runs": [
        {"batch_size": 16},
        {"optimizer": {"kind": "momentum"}, "batch_size": 7},
        {"optimizer": {"kind": "gd", "learning_rate": 1.0}},
    ],
}
LARGE: dict[str, Any] = {"problem": {"dataset": {"kind": "moons", "n": 40}, "hidden": [64, 16]}, "steps": 20}
"""1,249 parameters: too many for the whole Hessian."""

CURVED: dict[str, Any] = {**LARGE, "view": {"plane": {"kind": "hessian"}}}
BOWL: dict[str, Any] = {"problem": {"kind": "formula", "name": "bowl"}, "steps": 50}


def computation(document: dict[str, Any], cache: DescentCache | None = None) -> Computation:
    return Computation(Experiment.model_validate(document), cache or DescentCache())


def results(document: dict[str, Any], cache: DescentCache | None = None) -> Results:
    return computation(document, cache).finish().results()


def test_advances_in_turns_and_ends() -> None:
    work = Computation(Experiment.model_validate(RACE), DescentCache(clock=Clock(tick=1e-3)))
    assert work.window is None
    assert work.entries(0) == 0
    slices = 0
    while not work.advance(0.002):
        slices += 1
    assert slices > 1
    assert work.complete
    assert work.progress == (183, 183)
    assert [work.entries(run) for run in range(3)] == [61, 61, 61]
    assert [work.status(run) for run in range(3)] == ["finished"] * 3


def test_slicing_changes_nothing() -> None:
    whole, sliced = computation(RACE).finish(), computation(RACE)
    while not sliced.advance(1e-4):
        pass
    for one, other in zip(whole.results().runs, sliced.results().runs, strict=True):
        np.testing.assert_array_equal(one.theta, other.theta)
        np.testing.assert_array_equal(one.cost, other.cost)
        np.testing.assert_array_equal(one.path, other.path)


def test_path_projection_and_distance_are_what_they_say() -> None:
    work = computation(RACE).finish()
    found, objective = work.results(), work.problem.objective
    for run in found.runs:
        np.testing.assert_allclose(run.cost, objective.value(run.theta), rtol=1e-12)
        projected = found.plane.lift(run.path)
        np.testing.assert_allclose(run.shadow_cost, objective.value(projected), rtol=1e-9)
        np.testing.assert_allclose(run.off_plane, np.linalg.norm(run.theta - projected, axis=1), atol=1e-12)
        assert run.off_plane.max() > 1e-3
        gradient = objective.value_and_grad(run.theta)[1]
        np.testing.assert_allclose(run.grad_norm, np.linalg.norm(gradient, axis=1), rtol=1e-9)


def test_runs_share_their_start() -> None:
    starts = [run.theta[0] for run in results(RACE).runs]
    np.testing.assert_array_equal(starts[0], starts[1])
    np.testing.assert_array_equal(starts[0], starts[2])


def test_a_run_may_start_from_weights_of_its_own_seed() -> None:
    own = results({**SMALL, "runs": [{}, {"init_seed": 7}]}).runs
    np.testing.assert_array_equal(own[1].theta[0], results({**SMALL, "seed": 7}).runs[0].theta[0])
    assert not np.array_equal(own[0].theta[0], own[1].theta[0])


def test_two_parameters_are_shown_exactly() -> None:
    found = results(BOWL)
    assert found.plane.exact
    np.testing.assert_array_equal(found.runs[0].path, found.runs[0].theta)
    np.testing.assert_array_equal(found.runs[0].shadow_cost, found.runs[0].cost)
    assert not found.runs[0].off_plane.any()
    assert found.extent == ((-3.0, 3.0), (-3.0, 3.0))


def test_extent_grows_beyond_the_domain_where_a_path_leaves_it() -> None:
    ((low, high), _) = results({**BOWL, "start": {"kind": "point", "at": [9, 0]}}).extent
    assert low == -3.0
    assert high > 9.0


@pytest.mark.parametrize(("start", "grows"), [(2.99, False), (3.01, True)])
def test_a_path_may_come_as_near_to_the_domains_edge_as_it_likes(start: float, grows: bool) -> None:
    found = results({**BOWL, "start": {"kind": "point", "at": [start, 0]}})
    path = found.runs[0].path[:, 0]
    (low, high), _ = found.extent
    assert low == -3
    assert high == (pytest.approx(start + 0.15 * np.ptp(path)) if grows else 3)


def test_the_documents_own_extent_and_plane_are_taken() -> None:
    view = {"plane": {"kind": "random", "seed": 3}, "grid": {"extent": [[-1, 2], [-3, 4]], "resolution": 9}}
    work = computation({**SMALL, "view": view}).finish()
    assert work.results().extent == ((-1.0, 2.0), (-3.0, 4.0))
    assert work.results().plane.kind == "random"
    surface = work.finished_surface()
    assert surface.cost.shape == (9, 9)
    assert (surface.a[0], surface.a[-1], surface.b[0], surface.b[-1]) == (-1, 2, -3, 4)


@pytest.mark.parametrize(
    "plane",
    [
        {"kind": "axes", "parameters": [5, 2], "origin": {"step": 0}},
        {"kind": "random", "normalization": "filter"},
        {"kind": "pca", "runs": [1], "center": "end"},
        {"kind": "hessian", "step": 3},
        {"kind": "gradient", "run": 1, "step": 60},
        {"kind": "points"},
        {"kind": "points", "points": [{"step": 0}, {"run": 1}, {"run": 2, "step": 9}]},
        {"kind": "custom", "origin": [0.0] * 17, "basis": [[1.0] * 17, [0.0] * 16 + [1.0]]},
    ],
)
def test_every_plane_of_the_document(plane: dict[str, Any]) -> None:
    work = computation({**RACE, "view": {"plane": plane, "grid": {"resolution": 7}}}).finish()
    found = work.results().plane
    assert found.kind == plane["kind"]
    assert found.variance_share is not None
    points = np.array([[0.3, -0.4], [2.0, 1.0]])
    np.testing.assert_allclose(found.project(found.lift(points)), points, atol=1e-9)
    surface = work.finished_surface()
    height = work.problem.objective.value(found.lift(np.array([surface.a[2], surface.b[5]])))
    assert surface.cost[5, 2] == pytest.approx(height, rel=1e-5)


def test_surface_of_another_plane_leaves_the_window_alone() -> None:
    work = computation(SMALL).finish()
    window = work.window
    spec = Experiment.model_validate({"view": {"plane": {"kind": "random"}}}).view.plane
    assert run_to_completion(work.surface(resolution=11, plane=spec)).plane.kind == "random"
    assert work.window is window


def test_long_runs_are_shown_in_a_provisional_plane_first() -> None:
    cache = DescentCache(clock=Clock(tick=1e-4))
    work = Computation(Experiment.model_validate({**RACE, "steps": 20_000}), cache, patience=0.0)
    while work.window is None:
        work.advance(0.002)
    assert work.window.provisional
    before = work.window
    work.finish()
    assert work.window is not None
    assert not work.window.provisional
    assert work.window.generation == before.generation + 1
    assert work.window.plane_id != before.plane_id


def test_the_window_gets_half_of_the_time_from_when_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    shares, advance = list[float](), Descents.advance

    def noted(self: Descents, seconds: float, processors: int = 1) -> bool:
        shares.append(seconds)
        return advance(self, seconds, processors)

    monkeypatch.setattr(Descents, "advance", noted)
    runs = [{"batch_size": 16}, {"batch_size": 8}]
    document = {"problem": {"hidden": [8, 8]}, "steps": 20_000, "runs": runs}
    cache = DescentCache(clock=Clock(tick=1e-3))
    work = Computation(Experiment.model_validate(document), cache, patience=0.05)
    while work.window is None:
        work.advance(0.02)
    assert work.window.provisional
    assert shares[0] == 0.02
    assert shares[-1] == 0.01


@pytest.mark.parametrize(
    ("patience", "beside", "generation"), [(0.1, 0, 1), (0.6, 0, 0), (0.6, 3, 1), (2.4, 3, 0)]
)
def test_runs_that_are_soon_complete_are_not_shown_before(
    patience: float, beside: int, generation: int
) -> None:
    """After six tenths of their time less is left than they were waited for.

    Where others are computed ``beside`` for so many times as long, both are as many times as long and one.
    """
    document = {**SMALL, "steps": 5_000, "runs": [{"batch_size": 16}]}

    def window_and_time(patience: float, beside: int = 0) -> tuple[int, float]:
        clock = Clock(tick=1e-2)
        began = clock.now
        work = Computation(Experiment.model_validate(document), DescentCache(clock=clock), patience)
        work.ahead = ()
        before = clock.now
        while not work.advance(0.001):
            clock.now += beside * (clock.now - before)
            before = clock.now
        assert work.window is not None
        return work.window.generation, clock.now - began

    _, whole = window_and_time(inf)
    assert window_and_time(patience * whole, beside)[0] == generation


def test_an_edit_keeps_the_window_and_what_precedes_it() -> None:
    before = computation(RACE).finish()
    after = before.with_edit(Edit(step=25, run=1, set={"0": 2.0}))
    assert [after.entries(run) for run in range(3)] == [61, 25, 61]
    after.finish()
    assert after.window is before.window
    old, new = before.results().runs, after.results().runs
    np.testing.assert_array_equal(new[1].theta[:25], old[1].theta[:25])
    assert new[1].theta[25, 0] == 2.0
    assert not np.array_equal(new[1].theta[26], old[1].theta[26])
    np.testing.assert_array_equal(new[0].theta, old[0].theta)
    fresh = results(after.experiment.model_dump()).runs
    np.testing.assert_array_equal(fresh[1].theta, new[1].theta)


def test_an_edit_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValidationError, match="edits"):
        computation(SMALL).finish().with_edit(Edit(step=61, set={"0": 1.0}))


def test_projections_are_made_when_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[int] = []

    def counted(objective: Any, plane: Any, points: Any, dtype: Any) -> Any:
        raised.append(len(points))
        return slice_heights(objective, plane, points, dtype)

    monkeypatch.setattr(projections, "slice_heights", counted)
    work = computation(SMALL)
    (run,) = work.finish().results().runs
    assert work.entries(0) == len(run.path) == len(run.off_plane) == 61
    assert not raised
    first, again = run.shadow_cost, run.shadow_cost
    assert sum(raised) == len(first) == 61
    assert first is again


def test_only_the_channels_that_are_looked_at_are_made_ahead() -> None:
    alone, whole = computation(SMALL), computation(SMALL)
    alone.ahead = ("path",)
    for work in (alone, whole):
        while not work.advance(0.002):
            pass
    assert alone.entries(0) == whole.entries(0) == 61
    for name in PROJECTED:
        np.testing.assert_array_equal(alone.channel(name, 0), whole.channel(name, 0))


def test_who_waits_for_the_whole_is_fitted_one_window() -> None:
    work = Computation(Experiment.model_validate(RACE), DescentCache(), patience=0.0).finish()
    assert work.window is not None
    assert (work.window.generation, work.window.provisional) == (0, False)


def test_who_looks_at_the_same_runs_in_the_same_way_shares_their_window() -> None:
    cache = DescentCache()
    first, again = (computation(SMALL, cache).finish() for _ in range(2))
    axes = computation({**SMALL, "view": {"plane": {"kind": "axes"}}}, cache).finish()
    near = computation({**SMALL, "view": {"grid": {"extent": [[-1, 1], [-2, 2]]}}}, cache).finish()
    windows = [work.window for work in (first, again, axes, near)]
    planes = [window and window.plane for window in windows]
    assert planes[1] is planes[0]
    assert planes[2] is not planes[0]
    assert [window and window.extent == windows[0].extent for window in windows] == [True, True, False, False]


def test_refit_looks_afresh() -> None:
    edited = computation(SMALL).finish().with_edit(Edit(step=0, set={"0": 30.0})).finish()
    kept = edited.window
    edited.refit()
    assert kept is not None
    assert edited.window is not None
    assert edited.window.generation == kept.generation + 1
    assert edited.window.plane_id != kept.plane_id
    assert edited.finish().entries(0) == 61


def test_a_plane_that_takes_long_is_found_in_slices() -> None:
    work = computation(CURVED)
    waited = slices_without_a_window(work)
    assert waited > 5
    plane = work.finish().results().plane
    _, vectors = np.linalg.eigh(work.problem.objective.hessian(plane.origin))
    np.testing.assert_allclose(np.abs(plane.basis @ vectors[:, [-1, 0]]), np.eye(2), atol=1e-4)

    edited = work.with_edit(Edit(step=0, set={"0": 1.0})).finish()
    kept = edited.window
    edited.refit()
    assert edited.window is kept is work.window
    assert not edited.complete
    assert edited.finish().window is not kept
    assert edited.window is not None
    assert edited.window.generation == 1


def test_a_plane_of_complete_runs_is_found_once() -> None:
    work = computation(CURVED).finish()
    again = Computation(work.experiment, work.cache).finish()
    assert work.window is not None
    assert again.window is not None
    assert again.window.plane is work.window.plane
    assert slices_without_a_window(Computation(work.experiment, work.cache)) == 1
    other = work.experiment.view.model_copy(update={"plane": RandomPlane()})
    seen = Computation(work.experiment.model_copy(update={"view": other}), work.cache).finish().window
    assert seen is not None
    assert seen.plane.kind == "random"


def test_a_start_on_a_plane_that_takes_long_is_found_in_slices() -> None:
    before = results(CURVED).plane
    plane = CURVED["view"]["plane"]
    lifted = computation({**LARGE, "start": {"kind": "lift", "at": [0.5, 0.25], "plane": plane}})
    slices = 0
    while not lifted.trajectories:
        lifted.advance(0.0)
        slices += 1
    assert slices > 5
    theta = lifted.finish().results().runs[0].theta
    np.testing.assert_allclose(theta[0], before.lift(np.array([0.5, 0.25])), atol=1e-12)


def test_a_surface_on_a_plane_that_takes_long_waits_for_it() -> None:
    work = computation(LARGE).finish()
    found = [surface for _, surface in reported(work.surface(15, plane=HessianPlane()))]
    assert found[:5] == [None] * 5
    assert found[-1] is not None
    assert found[-1].plane.kind == "hessian"


def test_a_plane_through_the_paths_own_points_is_held_against_walks_through_theirs() -> None:
    ends = [{"run": 0, "step": 0}, {"run": 0}, {"run": 1}]
    given = [{"theta": [float(k == j) for k in range(17)]} for j in range(3)]

    def chance(plane: dict[str, Any]) -> float:
        return sum(results({**RACE, "view": {"plane": plane}}).plane.null_share or ())

    assert chance({"kind": "points"}) == chance({"kind": "points", "points": ends}) > 0.3
    assert chance({"kind": "points", "points": [*ends[:2], given[0]]}) < chance({"kind": "points"})
    for fixed in ({"kind": "random"}, {"kind": "axes"}, {"kind": "points", "points": given}):
        assert chance(fixed) == pytest.approx(2 / 17)
    assert 2 / 17 < chance({"kind": "gradient", "step": 30}) < 0.2


def slices_without_a_window(work: Computation) -> int:
    """How many time slices pass between the runs' end and the window."""
    slices = 0
    while work.window is None:
        slices += work.progress[0] == work.progress[1]
        work.advance(0.0)
    return slices


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_extension_equals_the_longer_experiment(schedule: str) -> None:
    document = {**SMALL, "runs": [{"batch_size": 16, "schedule": {"kind": schedule}}]}
    extended = computation(document).finish().extend(90).finish()
    assert extended.entries(0) == 91
    longer = results({**document, "steps": 90}).runs[0]
    np.testing.assert_array_equal(extended.results().runs[0].theta, longer.theta)


def test_a_lifted_start_lies_on_the_plane_of_the_experiment_before() -> None:
    before = results(RACE)
    lifted = results({**RACE, "start": {"kind": "lift", "at": [0.5, -0.25]}})
    for run in lifted.runs:
        np.testing.assert_allclose(run.theta[0], before.plane.lift(np.array([0.5, -0.25])), atol=1e-12)


def test_a_lifted_start_stays_when_the_run_goes_on() -> None:
    before = computation({**SMALL, "start": {"kind": "lift", "at": [1.0, 0.0]}}).finish()
    after = before.extend(80).finish()
    assert after.experiment.start.steps == 60  # type: ignore[union-attr]
    np.testing.assert_array_equal(after.results().runs[0].theta[:61], before.results().runs[0].theta)
    fresh = results(after.experiment.model_dump())
    np.testing.assert_array_equal(fresh.runs[0].theta, after.results().runs[0].theta)


def test_a_lifted_start_of_two_parameters_is_the_point() -> None:
    run = results({**BOWL, "start": {"kind": "lift", "at": [1.0, -2.0]}}).runs[0]
    assert run.theta[0].tolist() == [1.0, -2.0]


def test_divergence_is_a_status() -> None:
    run = results({**BOWL, "runs": [{"optimizer": {"kind": "gd", "learning_rate": 3.0}}]}).runs[0]
    assert run.status == "diverged"
    assert len(run.cost) < 51
    assert np.isfinite(run.cost).all()
    assert len(run.path) == len(run.cost) == len(run.theta)


def test_stationarity_is_a_fact() -> None:
    newton = {**BOWL, "runs": [{"optimizer": {"kind": "newton", "damping": 0}}]}
    assert results(newton).runs[0].stationary_at == 1
    assert results({**BOWL, "steps": 5}).runs[0].stationary_at is None


def test_a_start_without_a_finite_cost_is_refused() -> None:
    document = {
        "problem": {"kind": "formula", "expression": "log(x)"},
        "start": {"kind": "point", "at": [-1, 0]},
    }
    with pytest.raises(InvalidValue, match="start must be a point whose cost is finite"):
        results(document)


def test_marks() -> None:
    document = {"problem": {"kind": "linear"}, "steps": 30}
    work = computation(document).finish()
    minimum, start, lowest = work.marks()
    assert (minimum.kind, start.kind, lowest.kind) == ("minimum", "start", "lowest")
    np.testing.assert_array_equal(minimum.at, work.problem.minima[0])
    run = work.results().runs[0]
    assert (start.cost, lowest.cost) == (run.cost[0], run.cost.min())
    assert minimum.cost < lowest.cost
    assert not [mark for mark in computation(SMALL).finish().marks() if mark.kind == "minimum"]


def test_surface_is_coarse_to_fine_and_can_be_dropped() -> None:
    work = computation(SMALL).finish()
    steps = work.surface(resolution=51)
    first = next(step.result for step in steps if step is not None and step.result is not None)
    assert len(first.a) < 51
    assert run_to_completion(steps).cost.shape == (51, 51)


def test_same_dynamics_are_computed_once() -> None:
    cache = DescentCache()
    computation(SMALL, cache).finish()
    again = computation({**SMALL, "view": {"plane": {"kind": "random"}}}, cache)
    assert again.progress == (61, 61)
    assert again.finish().results().plane.kind == "random"


def test_threads_may_share_descents() -> None:
    cache = DescentCache()
    document = {**RACE, "steps": 300}
    with ThreadPoolExecutor(4) as pool:
        shared = list(pool.map(lambda _: results(document, cache), range(4)))
    alone = results(document)
    for found in shared:
        for one, other in zip(found.runs, alone.runs, strict=True):
            np.testing.assert_array_equal(one.theta, other.theta)


def test_a_longer_cosine_run_has_projections_of_its_own() -> None:
    document = {
        "runs": [{"optimizer": {"kind": "gd"}, "schedule": {"kind": "cosine"}}],
        "steps": 40,
        "view": {"plane": {"kind": "random"}},
    }
    short = Computation(Experiment.model_validate(document)).finish()
    Computation(Experiment.model_validate(document | {"steps": 60})).finish()
    longer = short.extend(60).finish()
    projected = longer.window.plane.project(longer.trajectories[0].thetas(0, 61))
    np.testing.assert_allclose(longer.channel("path", 0), projected, rtol=1e-12, atol=1e-14)
