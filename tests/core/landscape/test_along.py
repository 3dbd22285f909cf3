from __future__ import annotations

import numpy as np
import pytest

from core.toy_objectives import SADDLE
from descentscape.core import curvature
from descentscape.core.chain import Chain
from descentscape.core.descent import Recipe
from descentscape.core.formulas import FormulaObjective, parse
from descentscape.core.landscape import along, examples
from descentscape.core.landscape.along import curvature_along, thinned_steps
from descentscape.core.objective import Objective
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.run import Run
from descentscape.core.trajectory import Trajectory


def descended(objective: Objective, theta: np.ndarray, steps: int = 40, rate: float = 0.2) -> Trajectory:
    trajectory = Trajectory(Run(objective, Recipe(OPTIMIZERS["gd"](rate)), theta, steps))
    trajectory.advance()
    return trajectory


def network() -> Chain:
    x = np.random.default_rng(0).standard_normal((100, 2))
    return Chain((2, 5, 1), ("tanh", "linear"), "mse", x, np.sin(x[:, :1]))


def trained() -> Trajectory:
    net = network()
    return descended(net, net.init("xavier", np.random.default_rng(1)))


def test_steps_are_spread_with_both_ends() -> None:
    assert thinned_steps(5) == [0, 1, 2, 3, 4]
    assert thinned_steps(101, 3) == [0, 50, 100]
    assert thinned_steps(1) == [0]
    assert len(thinned_steps(20_001, 100)) == 100


def test_the_curve_tells_the_spectrum_at_every_step() -> None:
    trajectory = trained()
    found = list(curvature_along(trajectory, [0, 10, 40]))
    assert [each.step for each in found] == [0, 10, 40]
    for each in found:
        values = np.linalg.eigvalsh(network().hessian(trajectory.theta_at(each.step)))
        assert (each.lowest, each.highest) == pytest.approx((values[0], values[-1]))
        assert each.negative_count == (values < -1e-6 * (1 + np.abs(values).max())).sum()
        assert each.complete
        assert each.examples is None
        assert each.condition == pytest.approx(np.abs(values).max() / np.abs(values).min(), rel=1e-6)


def test_past_the_saddle_the_index_falls_to_zero() -> None:
    trajectory = descended(SADDLE, np.array([1.0, 1e-3]), 100)
    counts = [each.negative_count for each in curvature_along(trajectory, range(101))]
    assert counts[0] == 1
    assert counts[-1] == 0
    assert (np.diff(counts) <= 0).all()
    inflection = int((trajectory.theta[:, 1] > 1 / np.sqrt(3)).argmax())
    assert counts.index(0) == inflection


def test_large_networks_get_the_ends_and_a_lower_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    trajectory = trained()
    whole = list(curvature_along(trajectory, [0, 40]))
    monkeypatch.setattr(along, "DENSE_ON_PATHS", 10)
    monkeypatch.setattr(curvature, "DENSE_ON_PATHS", 10)
    for exact, quick in zip(whole, curvature_along(trajectory, [0, 40]), strict=True):
        assert not quick.complete
        assert quick.condition is None
        scale = max(abs(exact.lowest), exact.highest)
        assert (quick.lowest, quick.highest) == pytest.approx((exact.lowest, exact.highest), abs=1e-4 * scale)
        assert quick.negative_count <= exact.negative_count


def test_very_large_ones_are_looked_at_on_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "MOST_WORK", 21 * 64)
    trajectory = trained()
    (found,) = curvature_along(trajectory, [40])
    assert found.examples == 64
    chosen = np.sort(np.random.default_rng(0).permutation(100)[:64])
    values = np.linalg.eigvalsh(network().batch(chosen).hessian(trajectory.theta_at(40)))
    assert (found.lowest, found.highest) == pytest.approx((values[0], values[-1]))
    monkeypatch.setattr(examples, "FEWEST", 100)
    monkeypatch.setattr(examples, "MOST_WORK", 21)
    assert next(curvature_along(trajectory, [40])).examples is None


def test_it_is_computed_as_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    trajectory = trained()
    monkeypatch.setattr(
        Trajectory, "theta_at", lambda self, number: asked.append(number) or self.theta[number]
    )
    curve = curvature_along(trajectory, range(41))
    next(curve)
    next(curve)
    assert asked == [0, 1]


def test_a_step_without_curvature_is_left_out() -> None:
    trajectory = descended(FormulaObjective(parse("abs(x)**1.5 + y**2")), np.array([0.0, 1.0]), 2)
    assert list(curvature_along(trajectory, [0, 1, 2])) == []
