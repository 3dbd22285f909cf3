from __future__ import annotations

from threading import current_thread

import numpy as np

from core.sliced import whole
from core.toy_objectives import Quadratic
from descentscape.core.landscape.curvature import extremes, spectrum
from descentscape.core.landscape.lines import LINE_BLOCK, cost_along
from descentscape.core.objective import AnyArray, Array
from descentscape.core.time_slices import Progress, TimeSlices, Work, reported, run_to_completion


class Counting(Quadratic):
    """Counts what it is asked for, and on which thread."""

    def __init__(self, dim: int, matrix: Array | None = None) -> None:
        rng = np.random.default_rng(3)
        half = rng.standard_normal((dim, dim))
        super().__init__(half + half.T if matrix is None else matrix, rng.standard_normal(dim))
        self.products = self.heights = 0
        self.threads: set[str] = set()

    def hvp(self, theta: Array, v: Array) -> Array:
        self.products += 1
        return super().hvp(theta, v)

    def value(self, theta: AnyArray) -> AnyArray:
        self.heights += len(np.atleast_2d(theta))
        return super().value(theta)

    def hessian(self, theta: Array) -> Array:
        self.threads.add(current_thread().name)
        return super().hessian(theta)


def test_finish_returns_what_the_turns_found() -> None:
    def slices() -> TimeSlices[str]:
        yield
        yield
        return "found"

    assert run_to_completion(slices()) == "found"


def test_work_is_reported_from_rough_to_whole() -> None:
    def work() -> Work[str]:
        yield None
        yield Progress(1, 4)
        yield None
        yield Progress(2, 2, "rough")
        return "whole"

    assert list(reported(work())) == [(0, None), (0.25, None), (0.25, None), (0.999, "rough"), (1, "whole")]
    assert run_to_completion(work()) == "whole"


def test_a_large_spectrum_takes_one_product_a_slice() -> None:
    # Ends that stand apart: the iteration finds them within a few dozen products.
    ends = np.geomspace(1, 1000, 10)
    objective = Counting(1201, np.diag(np.concatenate([-ends, np.linspace(-0.1, 0.1, 1181), ends])))
    theta = np.ones(1201)
    found, ends = whole(spectrum)(objective, theta), whole(extremes)(objective, theta)
    for slices in (spectrum(objective, theta), extremes(objective, theta)):
        objective.products = before = 0
        for _ in slices:
            assert objective.products - before <= 1
            before = objective.products
        assert before > 10
    again = whole(spectrum)(objective, theta)
    np.testing.assert_array_equal(again.eigenvalues, found.eigenvalues)
    np.testing.assert_array_equal(again.bounds, found.bounds)
    for got, expected in zip(whole(extremes)(objective, theta), ends, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_a_whole_hessian_is_factorised_aside_unless_it_is_small() -> None:
    small, large = Counting(40), Counting(220)
    for objective in (small, large):
        theta = np.ones(objective.dim)
        expected = np.linalg.eigvalsh(Quadratic.hessian(objective, theta))
        np.testing.assert_allclose(whole(spectrum)(objective, theta).eigenvalues, expected, atol=1e-10)
        np.testing.assert_allclose(whole(extremes)(objective, theta)[0], expected[[-1, 0]])
    assert small.threads == {current_thread().name}
    assert current_thread().name not in large.threads


def test_a_line_takes_a_bounded_number_of_heights_a_slice() -> None:
    objective = Counting(40)
    t = np.linspace(-1, 1, 60_000)
    slices = cost_along(objective, np.zeros(40), np.ones(40), t)
    objective.heights = 0
    for number, _ in enumerate(slices, start=1):
        assert objective.heights == min(LINE_BLOCK // 40 * number, 60_000)
    found = run_to_completion(cost_along(objective, np.zeros(40), np.ones(40), t)).cost
    expected = [float(objective.value(s * np.ones(40))) for s in t[::1000]]
    np.testing.assert_allclose(found[::1000], expected, rtol=1e-12, atol=1e-12)
