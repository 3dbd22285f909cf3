"""Clipping against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from descentscape.core.errors import InvalidValue
from descentscape.core.optimizers.clipping import CLIPS


def test_norm_shortens_each_row_that_is_too_long():
    grad = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0], [0.0, -2.0]])
    clipped = CLIPS["norm"](norm=2.0).clip(grad)
    np.testing.assert_allclose(clipped, [[1.2, 1.6], [0.3, 0.4], [0.0, 0.0], [0.0, -2.0]], rtol=1e-15)
    np.testing.assert_array_equal(CLIPS["norm"](norm=2.0).clip(grad[1]), grad[1])


def test_value_cuts_each_component():
    grad = np.array([[3.0, -4.0], [0.3, -0.4]])
    np.testing.assert_array_equal(CLIPS["value"](value=0.35).clip(grad), [[0.35, -0.35], [0.3, -0.35]])


@pytest.mark.parametrize("kind", CLIPS)
def test_each_kind_has_one_bound_of_its_name(kind):
    (bound,) = fields(CLIPS[kind])
    assert bound.name == kind == CLIPS[kind].kind
    with pytest.raises(InvalidValue, match=f"^{kind} must be"):
        CLIPS[kind](**{kind: 0.0})
