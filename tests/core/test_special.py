from __future__ import annotations

import math

import numpy as np
import pytest

from descentscape.core.special import erf, normal_cdf, normal_density

Z = np.linspace(-9.0, 9.0, 4001)


def test_erf_against_the_standard_librarys():
    np.testing.assert_allclose(erf(Z), [math.erf(z) for z in Z], rtol=0, atol=1e-15)


def test_erf_in_single_precision():
    single = erf(Z.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, erf(Z), rtol=0, atol=3e-7)


def test_normal_distribution_is_symmetric_and_integrates_its_density():
    np.testing.assert_allclose(normal_cdf(Z) + normal_cdf(-Z), 1.0, rtol=1e-15)
    middle = normal_density((Z[1:] + Z[:-1]) / 2) * np.diff(Z)
    np.testing.assert_allclose(np.diff(normal_cdf(Z)), middle, rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    ("z", "probability"), [(0.0, 0.5), (1.0, 0.8413447460685429), (-2.0, 0.02275013194817921)]
)
def test_normal_distribution_at_known_points(z, probability):
    assert normal_cdf(np.array([z]))[0] == pytest.approx(probability, rel=1e-14)


def test_far_tails_are_zero_and_one_and_nan_stays():
    z = np.array([-1e6, -40.0, 40.0, 1e6, np.nan])
    np.testing.assert_array_equal(normal_cdf(z), [0.0, 0.0, 1.0, 1.0, np.nan])
    np.testing.assert_array_equal(erf(z), [-1.0, -1.0, 1.0, 1.0, np.nan])
