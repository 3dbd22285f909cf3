"""Each curated experiment does what its one sentence says."""

from __future__ import annotations

import numpy as np
import pytest

from core.sliced import whole
from curated import IDS, computation
from descentscape.compute.computation import Computation
from descentscape.compute.cost_model import estimate, refuse_if_too_large
from descentscape.compute.results import RunResult
from descentscape.core.landscape.curvature import spectrum
from descentscape.core.objective import Array
from descentscape.document.experiment import Experiment
from descentscape.studies.inspection import inspect
from places import place_of


def runs(name: str) -> tuple[RunResult, ...]:
    return computation(name).results().runs


def accuracy(name: str, run: int = 0, part: str = "train") -> float:
    work = computation(name)
    return float(inspect(work, place_of(work, run))["fit"][part]["accuracy"])


def reached(run: RunResult, cost: float) -> int:
    """The first step with a cost below this; the number of steps and one where there is none."""
    below = run.cost < cost
    return int(below.argmax()) if below.any() else len(below)


def highest_between(name: str, one: Array, other: Array) -> float:
    line = one + (other - one) * np.linspace(0, 1, 61)[:, None]
    return float(computation(name).problem.objective.value(line).max())


def test_the_first_one_opens_the_page() -> None:
    assert IDS[0] == "moons-three-ways"


@pytest.mark.parametrize("name", IDS)
def test_is_quickly_computed(name: str) -> None:
    experiment = computation(name).experiment
    work = estimate(experiment)
    refuse_if_too_large(experiment, work, 20)
    assert work.descent_seconds < 5


@pytest.mark.parametrize("name", IDS)
def test_nothing_diverges_unless_it_is_the_point(name: str) -> None:
    diverged = {run.label for run in runs(name) if run.status == "diverged"}
    meant = {"too-large-a-rate": {"rate 0.083"}, "exploding-gradient": {"not clipped"}}
    assert diverged == meant.get(name, set())


def test_moons_three_ways() -> None:
    adam, momentum, descent = runs("moons-three-ways")
    np.testing.assert_array_equal(adam.theta[0], momentum.theta[0])
    np.testing.assert_array_equal(adam.theta[0], descent.theta[0])
    for run in (adam, momentum, descent):
        assert run.cost[-1] < adam.cost[0] / 15
    plane = computation("moons-three-ways").results().plane
    assert plane.variance_share is not None
    assert plane.null_share is not None
    assert sum(plane.variance_share) > sum(plane.null_share) + 0.1
    ends = [run.path[-1] for run in (adam, momentum, descent)]
    ridge = highest_between("moons-three-ways", plane.lift(ends[0]), plane.lift(ends[1]))
    assert ridge > 5 * max(adam.shadow_cost[-1], momentum.shadow_cost[-1])
    assert np.linalg.norm(ends[2] - ends[1]) < np.linalg.norm(ends[2] - ends[0]) / 2
    assert highest_between("moons-three-ways", plane.lift(ends[1]), plane.lift(ends[2])) < ridge / 2


def test_bowl_ends_at_the_closed_form_minimum() -> None:
    minimum = computation("bowl").problem.minima[0]
    for run, tolerance in zip(runs("bowl"), (1e-9, 1e-2), strict=True):
        np.testing.assert_allclose(run.theta[-1], minimum, atol=tolerance)


def test_saddle_is_approached_lingered_at_and_left() -> None:
    descent = runs("saddle")[0]
    distance = np.linalg.norm(descent.theta, axis=1)
    nearest = int(distance.argmin())
    assert distance[nearest] < 0.1
    assert (distance < 0.3).sum() > 15
    assert descent.grad_norm[nearest] < descent.grad_norm[0] / 20
    assert descent.cost[-1] < descent.cost[nearest] / 3
    objective = computation("saddle").problem.objective
    found = whole(spectrum)(objective, np.zeros(2))
    assert (found.classification, found.index) == ("saddle", 1)
    assert whole(spectrum)(objective, descent.theta[-1]).negative_count == 0


def test_ravine_is_crossed_sooner_with_momentum() -> None:
    descent, momentum, nesterov = (reached(run, 1e-4) for run in runs("ravine"))
    assert momentum < descent / 2
    assert nesterov < descent / 1.5
    across = runs("ravine")[0].theta[:10, 1]
    assert (np.sign(across[1:]) != np.sign(across[:-1])).all()


def test_rosenbrock_is_won_by_curvature() -> None:
    by_label = {run.label: reached(run, 1e-8) for run in runs("rosenbrock")}
    assert by_label["Newton"] < 40
    assert by_label["L-BFGS"] < 40
    assert all(by_label[label] == 201 for label in ("Gradient descent", "Momentum", "Adam"))


def test_himmelblau_has_four_ends() -> None:
    ends = np.array([run.theta[-1] for run in runs("himmelblau")])
    minima = computation("himmelblau").problem.minima
    distance = np.linalg.norm(ends[:, None] - minima[None], axis=-1)
    assert sorted(distance.argmin(axis=1)) == [0, 1, 2, 3]
    assert distance.min(axis=1).max() < 1e-3


def test_too_large_a_rate() -> None:
    slow, fast, wild = runs("too-large-a-rate")
    assert slow.cost[-1] < 1e-6
    assert fast.cost[-1] < fast.cost[20] < fast.cost[0]
    assert wild.status == "diverged"
    curvature = whole(spectrum)(computation("too-large-a-rate").problem.objective, np.zeros(2))
    assert 2 / curvature.eigenvalues[-1] == pytest.approx(0.08)


def by_hand(theta: Array, x: Array, y: Array) -> Array:
    """The gradient ``(R, 97)`` of 1/(2n) Σ (W₃ tanh(W₂ tanh(W₁ x + b₁) + b₂) + b₃ − y)² at R thetas."""
    first, c1, second, c2, third, c3 = np.split(theta, np.cumsum([8, 8, 64, 8, 8]), axis=1)
    matrix = second.reshape(-1, 8, 8)
    h1 = np.tanh(x * first[:, None] + c1[:, None])
    h2 = np.tanh(h1 @ matrix.transpose(0, 2, 1) + c2[:, None])
    error = (np.einsum("rni,ri->rn", h2, third) + c3 - y.T) / len(x)
    d2 = error[..., None] * third[:, None] * (1 - h2**2)
    d1 = (d2 @ matrix) * (1 - h1**2)
    parts = (
        np.einsum("rni,n->ri", d1, x[:, 0]),
        d1.sum(axis=1),
        np.einsum("rni,rnj->rij", d2, h1).reshape(len(theta), 64),
        d2.sum(axis=1),
        np.einsum("rn,rni->ri", error, h2),
        error.sum(axis=1, keepdims=True),
    )
    return np.concatenate(parts, axis=1)


def sharpness_by_hand(theta: Array, x: Array, y: Array) -> float:
    """The highest eigenvalue of the Hessian, by central differences of that gradient."""
    h = 1e-5 * np.eye(97)
    hessian = (by_hand(theta + h, x, y) - by_hand(theta - h, x, y)) / 2e-5
    return float(np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1])


@pytest.mark.parametrize(("run", "rate"), [(0, 0.2), (1, 0.3)])
def test_the_edge_of_stability_is_first_crossed_where_plain_numpy_crosses_it(run: int, rate: float) -> None:
    work = computation("edge-of-stability")
    trajectory, objective = work.trajectories[run], work.problem.objective
    sharpness = np.array([np.linalg.eigvalsh(objective.hessian(theta))[-1] for theta in trajectory.theta])
    crossed = int((sharpness > 2 / rate).argmax())
    theta = [trajectory.start]
    for _ in range(crossed):
        theta.append(theta[-1] - rate * by_hand(theta[-1][None], objective.x, objective.y)[0])
    looked_at = [*range(0, crossed - 5, 10), *range(crossed - 5, crossed + 1)]
    by_numpy = [
        step for step in looked_at if sharpness_by_hand(theta[step], objective.x, objective.y) > 2 / rate
    ]
    assert by_numpy == [crossed]
    np.testing.assert_allclose(trajectory.theta_at(crossed), theta[crossed], rtol=1e-9)
    assert 40 < crossed < 300
    # Overshot at first, it comes back, and hovers to the end.
    late = sharpness[crossed + 200 :] * rate / 2
    assert 0.75 < late.min() < 1 < late.max() < 1.35
    assert np.median(late) == pytest.approx(1, abs=0.06)


def test_below_the_edge_the_sharpness_only_climbs() -> None:
    work = computation("edge-of-stability")
    slow = work.trajectories[2]
    looked_at = slow.theta[100::50]
    sharpness = [np.linalg.eigvalsh(work.problem.objective.hessian(theta))[-1] for theta in looked_at]
    assert (np.diff(sharpness) > 0).all()
    assert sharpness[-1] < 2 / 0.1
    assert all(run.cost[-1] < run.cost[0] / 20 for run in runs("edge-of-stability"))


def test_newton_jumps_to_the_minimum_of_the_bowl() -> None:
    newton, descent = runs("newton-bowl")
    minimum = computation("newton-bowl").problem.minima[0]
    np.testing.assert_allclose(newton.theta[1], minimum, atol=1e-12)
    assert np.linalg.norm(descent.theta[1] - minimum) > 0.1


def test_newton_is_drawn_to_the_saddle() -> None:
    newton, saddle_free, descent = runs("newton-saddle")
    objective = computation("newton-saddle").problem.objective

    def named_at_the_end(run: RunResult) -> str:
        return whole(spectrum)(objective, run.theta[-1], beside=run.grad_norm[0]).classification

    assert named_at_the_end(newton) == "saddle"
    assert named_at_the_end(saddle_free) == "minimum"
    assert descent.cost[-1] == pytest.approx(saddle_free.cost[-1])


def test_xor_is_divided_by_four_units_and_by_no_line() -> None:
    assert accuracy("xor", 0) > 0.97
    assert accuracy("xor", 1) > 0.97
    document = computation("xor").experiment.model_dump()
    document["problem"]["hidden"] = []
    straight = Computation(Experiment.model_validate(document)).finish()
    assert inspect(straight, place_of(straight))["fit"]["train"]["accuracy"] < 0.8


def test_spirals_are_told_apart_late() -> None:
    assert accuracy("spirals") == 1.0
    work = computation("spirals")
    assert inspect(work, place_of(work, step=100))["fit"]["train"]["accuracy"] < 0.9


def test_vanishing_gradient() -> None:
    norms = runs("vanishing-gradient")[0].layer_grad_norms[0]
    assert len(norms) == 11
    assert (np.diff(norms) > 0).all()
    assert norms[0] < 1e-6 * norms[-1]
    assert accuracy("vanishing-gradient") < 0.7


@pytest.mark.parametrize(("id", "least"), [("cure-relu-he", 0.5), ("cure-tanh-xavier", 0.1)])
def test_cures_let_the_first_of_ten_layers_hear_and_learn(id: str, least: float) -> None:  # noqa: A002
    run = runs(id)[0]
    norms = run.layer_grad_norms[0]
    assert len(norms) == 11
    assert norms[0] > least * norms[-1]
    assert run.cost[-1] < 0.02
    assert accuracy(id) > 0.95


def test_rates_of_their_own_move_faint_gradients_without_mending_them() -> None:
    plain, rmsprop, adam = runs("cure-own-rates")
    for run in (plain, rmsprop, adam):
        assert run.layer_grad_norms[0][0] < 1e-6 * run.layer_grad_norms[0][-1]
    assert plain.cost[-1] > 0.12
    assert max(rmsprop.cost[-1], adam.cost[-1]) < 0.6 * plain.cost[-1]


def test_an_exploding_gradient_diverges_unless_clipped() -> None:
    plain, clipped = runs("exploding-gradient")
    assert plain.layer_grad_norms[0].min() > 1e4
    assert plain.status == "diverged"
    assert clipped.status == "finished"
    assert clipped.cost[-1] < 1e-4 * clipped.cost[0]


def test_small_batches_tremble() -> None:
    whole, ten, one = (run.cost[100:].std() for run in runs("mini-batch-noise"))
    assert whole < 1e-9
    assert one > 10 * ten > 1000 * whole


def test_a_falling_rate_lets_noise_settle() -> None:
    constant, cosine = runs("settling")
    lowest = computation("settling").problem.objective.value(computation("settling").problem.minima[0])
    assert constant.cost[-50:].mean() - lowest > 10 * (cosine.cost[-50:].mean() - lowest)


@pytest.mark.parametrize(("name", "least"), [("iris", 0.95), ("wine", 0.95), ("digits", 0.95)])
def test_real_data_are_learnt_and_the_rest_recognised(name: str, least: float) -> None:
    assert accuracy(name, part="train") >= least
    assert accuracy(name, part="test") >= least


def test_digits_has_as_many_weights_as_it_says() -> None:
    assert computation("digits").problem.objective.dim == 2410


def test_noise_leaves_the_dimple() -> None:
    still, noisy = runs("rastrigin")
    assert np.linalg.norm(still.theta[-1] - still.theta[0]) < 1
    assert still.grad_norm[-1] < 1e-6
    assert noisy.cost[-1] < still.cost[-1] / 2


def test_sine_is_followed_where_a_line_cannot() -> None:
    work = computation("sine")
    data = work.problem.data
    assert data is not None
    x, y = data.train.x[:, 0], data.train.y[:, 0]
    line = np.polyval(np.polyfit(x, y, 1), x)
    for run in (0, 1):
        fit = inspect(work, place_of(work, run))["fit"]["train"]
        assert fit["rms"] < np.sqrt(((y - line) ** 2).mean()) / 2


def test_without_bends_the_ring_stays_undivided() -> None:
    assert accuracy("no-bends") < 0.7
    document = computation("no-bends").experiment.model_dump()
    document["problem"]["activation"] = "tanh"
    bent = Computation(Experiment.model_validate(document)).finish()
    assert inspect(bent, place_of(bent))["fit"]["train"]["accuracy"] > 0.97


def test_zeros_never_move() -> None:
    for run in runs("all-zeros"):
        assert run.stationary_at == 0
        assert not run.theta.any()


def test_three_minima_with_ridges_between_them() -> None:
    found = runs("own-starts")
    for one, other in ((0, 1), (0, 2), (1, 2)):
        ridge = highest_between("own-starts", found[one].theta[-1], found[other].theta[-1])
        assert ridge > 100 * max(found[one].cost[-1], found[other].cost[-1])
    assert max(run.off_plane[-1] for run in found) < 1e-9


def test_plateau_is_left_by_those_that_divide_by_the_slope() -> None:
    descent, rmsprop, adam = runs("plateau")
    assert descent.cost[-1] > 0.9
    assert rmsprop.cost[-1] < 1e-6
    assert adam.cost[-1] < 1e-6
