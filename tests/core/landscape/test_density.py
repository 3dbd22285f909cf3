from __future__ import annotations

import numpy as np
import pytest

from core.toy_objectives import Quadratic
from descentscape.core.chain import Chain
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas import FormulaObjective, parse
from descentscape.core.landscape import density
from descentscape.core.landscape.density import spectral_density


def spread(*eigenvalues: float) -> Quadratic:
    dim = len(eigenvalues)
    rotation = np.linalg.qr(np.random.default_rng(4).standard_normal((dim, dim)))[0]
    return Quadratic(rotation @ np.diag(eigenvalues) @ rotation.T, np.zeros(dim))


def test_small_spectra_are_counted() -> None:
    x = np.random.default_rng(0).standard_normal((40, 2))
    net = Chain((2, 6, 1), ("tanh", "linear"), "mse", x, x[:, :1] ** 2)
    theta = net.init("xavier", np.random.default_rng(1))
    found = spectral_density(net, theta, 20)
    values = np.linalg.eigvalsh(net.hessian(theta))
    assert found.exact
    assert len(found.edges) == 21
    assert found.count.sum() == net.dim
    for low, high, count in zip(found.edges[:-1], found.edges[1:], found.count, strict=True):
        assert count == ((values >= low) & (values < high)).sum()


def test_bins_are_fine_at_zero_and_wide_outside() -> None:
    found = spectral_density(spread(-10, -1, 0, 0, 0, 1, 1000), np.zeros(7))
    widths = np.diff(found.edges)
    around_zero = int(np.searchsorted(found.edges, 0)) - 1
    assert widths.argmin() in (around_zero - 1, around_zero, around_zero + 1)
    assert widths[-1] > 50 * widths.min()
    assert found.edges[0] < -10
    assert found.edges[-1] > 1000
    assert found.count[around_zero] == 3


def test_large_spectra_are_estimated_and_their_outliers_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    objective = spread(*np.r_[np.linspace(-0.5, 0.5, 180), np.linspace(4, 5, 4), -7.0, 9.0])
    monkeypatch.setattr(density, "DENSE", 50)
    found = spectral_density(objective, np.zeros(186))
    assert not found.exact
    assert found.count.sum() == pytest.approx(186)
    below, above = found.edges[1:] < -3, found.edges[:-1] > 3
    assert found.count[below].sum() == pytest.approx(1)
    assert found.count[above].sum() == pytest.approx(5)
    positive = found.edges[:-1] > 0
    assert found.count[positive & ~above].sum() == pytest.approx(90, abs=12)
    assert found.edges[0] < -7 < found.edges[1]
    again = spectral_density(objective, np.zeros(186))
    np.testing.assert_array_equal(found.count, again.count)


def test_a_rule_of_full_depth_is_exact() -> None:
    values = np.array([-3.0, -1.0, 0.5, 2.0, 7.0])
    start = np.random.default_rng(1).standard_normal(5)
    objective = spread(*values)
    nodes, weights = density._quadrature(lambda v: objective.matrix @ v, start, np.empty((0, 5)))
    np.testing.assert_allclose(nodes, values, atol=1e-10)
    assert weights.sum() == pytest.approx(1)
    for power in range(4):
        moment = start @ np.linalg.matrix_power(objective.matrix, power) @ start / (start @ start)
        assert weights @ nodes**power == pytest.approx(moment)


def test_flat_ground_has_one_bin() -> None:
    found = spectral_density(spread(0, 0, 0), np.zeros(3))
    assert found.count.max() == 3
    assert (np.diff(found.edges) > 0).all()


def test_where_nothing_is_finite_there_is_no_density(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(density, "DENSE", 1)
    with pytest.raises(InvalidValue, match="theta must be a point where the Hessian is finite"):
        spectral_density(FormulaObjective(parse("abs(x)**1.5 + y**2")), np.zeros(2))
