"""The few functions that stand for random walks, against all points' covariance, and what the null costs."""

from __future__ import annotations

import numpy as np
import pytest

from descentscape.core.landscape.chance.modes import about, walk_modes
from descentscape.core.landscape.chance.walks import null_share, spanned_null
from descentscape.core.landscape.chance.walks_apart import WalksApart
from descentscape.core.objective import Array


def variances(lengths: tuple[int, ...], scale: tuple[float, ...], center: str) -> Array:
    """Those of all points about a centre, by their covariance: min(s, t) within a walk."""
    walk = np.repeat(np.arange(len(lengths)), lengths)
    time = np.concatenate([np.arange(length) for length in lengths])
    size = np.array(scale)[walk]
    covariance = np.minimum.outer(time, time) * np.equal.outer(walk, walk) * np.outer(size, size)
    count = len(time)
    away = {"mean": np.full(count, 1 / count), "end": 1.0 * (np.arange(count) == lengths[0] - 1)}
    apart = np.eye(count) - away.get(center, np.zeros(count))
    return np.linalg.eigvalsh(apart @ covariance @ apart.T)[::-1].clip(min=0)


@pytest.mark.parametrize("center", ["mean", "start", "end"])
@pytest.mark.parametrize(
    ("lengths", "scale"), [((200,), (1.0,)), ((90, 90, 90), (1.0,) * 3), ((150, 7, 1), (0.5, 2.0, 1.0))]
)
def test_few_functions_hold_the_leading_variances_and_their_sum(
    lengths: tuple[int, ...], scale: tuple[float, ...], center: str
) -> None:
    modes = walk_modes(lengths, 24, scale=scale)
    sums, count = modes.sums.sum(axis=1), sum(lengths)
    at = {"mean": sums / count, "start": 0 * sums, "end": modes.at[0, lengths[0] - 1]}[center]
    found = np.linalg.eigvalsh(about(modes.gram, sums, count, at))[::-1]
    expected = variances(lengths, scale, center)
    np.testing.assert_allclose(found[:2], expected[:2], rtol=1e-4)
    assert found.sum() + modes.rest == pytest.approx(expected.sum(), rel=2e-5)


def test_one_long_walk_has_the_variances_of_a_chain() -> None:
    modes, k = walk_modes((5000,), 24), np.arange(1, 3)
    sums = modes.sums[:, 0]
    found = np.linalg.eigvalsh(about(modes.gram, sums, 5000, sums / 5000))[::-1]
    np.testing.assert_allclose(found[:2], 1 / (4 * np.sin(np.pi * k / 10_000) ** 2), rtol=1e-4)


def test_positions_that_are_named_are_spanned() -> None:
    modes = walk_modes((400, 30), 8, {(0, 3), (0, 4), (1, 9)})
    at = np.array([modes.at[entry] for entry in [(0, 3), (0, 4), (1, 9), (0, 399), (1, 29)]])
    shared = [[3, 3, 0, 3, 0], [3, 4, 0, 4, 0], [0, 0, 9, 0, 9], [3, 4, 0, 399, 0], [0, 0, 9, 0, 29]]
    np.testing.assert_allclose(at @ at.T, shared, atol=1e-9)


@pytest.mark.parametrize(("length", "dim"), [(60, 4), (60, 12), (60, 40)])
def test_the_null_is_the_mean_of_many_walks(length: int, dim: int) -> None:
    """Of 60,000 draws in all dimensions; their shares have a standard error of 4e-4 at most."""
    modes = variances((length,), (1.0,), "mean")[:-1]
    drawn = np.random.default_rng(3).standard_normal((60_000 // dim, dim, len(modes))) * np.sqrt(modes)
    largest = np.linalg.svd(drawn, compute_uv=False) ** 2
    measured = (largest[:, :2] / largest.sum(axis=1, keepdims=True)).mean(axis=0)
    np.testing.assert_allclose(null_share((length,), dim), measured, atol=4e-3)


def test_in_many_dimensions_the_null_is_that_of_the_expected_variances() -> None:
    """Share k to the order 1 / P: λₖ / B + Σ λₖλⱼ / (λₖ − λⱼ) / PB, with what the quotient's mean adds."""
    dim, modes = 3000, variances((150,), (1.0,), "mean")[:-1]
    share, total = modes / modes.sum(), modes.sum()
    for k, found in enumerate(null_share((150,), dim)):
        others = np.delete(modes, k)
        pushed = (modes[k] * others / (modes[k] - others)).sum() / total
        quotient = 2 * share[k] * ((share**2).sum() - share[k])
        assert found == pytest.approx(share[k] + (pushed + quotient) / dim, abs=3e-5)


@pytest.mark.parametrize("between", [[((0, 0), (0, 8)), ((0, 2), (1, 5))], [None, ((0, 3), (0, 4))]])
def test_a_spanned_null_is_the_mean_of_many_walks(between: list[tuple[tuple[int, int], ...] | None]) -> None:
    rng, draws, dim = np.random.default_rng(5), 100_000, 3
    points = np.zeros((draws, 15, dim))
    points[:, 1:9] = rng.standard_normal((draws, 8, dim)).cumsum(axis=1)
    points[:, 10:] = rng.standard_normal((draws, 5, dim)).cumsum(axis=1)
    row = {0: 0, 1: 9}
    directions = [
        rng.standard_normal((draws, dim))
        if pair is None
        else points[:, row[pair[1][0]] + pair[1][1]] - points[:, row[pair[0][0]] + pair[0][1]]
        for pair in between
    ]
    frame = np.linalg.qr(np.stack(directions, axis=2))[0]
    points -= points.mean(axis=1, keepdims=True)
    shares = ((points @ frame) ** 2).sum(axis=1) / (points**2).sum(axis=(1, 2))[:, None]
    np.testing.assert_allclose(spanned_null((9, 6), dim, between), shares.mean(axis=0), atol=3e-3)  # type: ignore[arg-type]


def test_neither_length_nor_dimension_makes_the_null_cost_more(monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[int] = []

    def counted(matrices: Array) -> Array:
        work.append(matrices[..., 0].size * matrices.shape[-1] ** 2)
        return np.asarray(EIGVALSH(matrices))

    monkeypatch.setattr(np.linalg, "eigvalsh", counted)
    spent = []
    for length, dim in [(200, 100), (20_000, 100), (200, 1_000_000)]:
        work.clear()
        null_share.__wrapped__((length,), dim)
        spent.append(sum(work))
    assert max(spent) < 2 * spent[0]
    assert spent[0] < 2_000_000


EIGVALSH = np.linalg.eigvalsh


def test_the_estimates_are_the_same_at_every_call() -> None:
    starts = np.random.default_rng(1).standard_normal((3, 20))
    apart = WalksApart(starts, (40, 30, 20), np.array([1.0, 2.0, 3.0]))
    between = [((0, 0), (0, 9)), starts[0]]
    before = null_share.__wrapped__((80, 80), 30), apart.shares(), apart.shares(between)
    np.random.standard_normal(7)  # noqa: NPY002
    assert before == (null_share.__wrapped__((80, 80), 30), apart.shares(), apart.shares(between))
