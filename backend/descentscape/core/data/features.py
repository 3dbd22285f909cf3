"""Features: functions of two inputs that are appended to them as further inputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from descentscape.core.data.datasets import Data
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array

__all__ = ["FEATURES", "Feature", "append_features", "require_features", "with_features"]

INPUTS = 2
"""Features are functions of a point of the plane."""

PLAIN_INPUTS, SIGNS = ("x1", "x2"), ("x₁", "x₂")
"""What inputs without a name of their own are called, and their signs in formulas."""


@dataclass(frozen=True)
class Feature:
    """A function of the inputs x1 and x2, arrays of one shape, and its formula."""

    label: str
    of: Callable[[Array, Array], Array]

    def named(self, inputs: Sequence[str]) -> str:
        """Its formula with the inputs’ own names in it, where they have some."""
        if tuple(inputs) == PLAIN_INPUTS:
            return self.label
        own = {
            sign: name if name.isalnum() else f"({name})" for sign, name in zip(SIGNS, inputs, strict=True)
        }
        return re.sub("|".join(SIGNS), lambda found: own[found[0]], self.label.replace("₁x", "₁ · x"))


FEATURES: dict[str, Feature] = {
    "x1^2": Feature("x₁²", lambda x1, _: x1 * x1),
    "x2^2": Feature("x₂²", lambda _, x2: x2 * x2),
    "x1*x2": Feature("x₁x₂", lambda x1, x2: x1 * x2),
    "sin x1": Feature("sin x₁", lambda x1, _: np.sin(x1)),
    "sin x2": Feature("sin x₂", lambda _, x2: np.sin(x2)),
}


def append_features(x: Array, features: Sequence[str]) -> Array:
    """Append F features to the inputs: x ``(*B, 2)`` ↦ ``(*B, 2 + F)``, in the order asked for.

    They are of the inputs in the data's own units (sines in radians), so they come before any scaling.
    Raises InvalidValue for an unknown or repeated feature, and for inputs that are not two.
    """
    require_features(features, x.shape[-1])
    columns = [FEATURES[name].of(x[..., 0], x[..., 1]) for name in features]
    return np.concatenate([x, *(column[..., None] for column in columns)], axis=-1)


def with_features(data: Data, features: Sequence[str]) -> Data:
    """Append features to the inputs of the data, under their names; none leave the data as they are.

    Raises InvalidValue as `append_features` does.
    """
    if not features:
        return data
    x = append_features(data.x, features)
    names = (FEATURES[name].named(data.feature_names) for name in features)
    return replace(data, x=x, feature_names=(*data.feature_names, *names))


def require_features(features: Sequence[str], inputs: int) -> None:
    """Raise InvalidValue for a feature that is none or is named twice, and for inputs that are not two."""
    for i, name in enumerate(features):
        if name not in FEATURES:
            raise InvalidValue(f"features[{i}]", f"one of {', '.join(FEATURES)}", name)
        if name in features[:i]:
            raise InvalidValue(f"features[{i}]", "named once", name)
    if features and inputs != INPUTS:
        raise InvalidValue(
            "features", f"left out for data of {inputs} inputs (they need two)", list(features)
        )
