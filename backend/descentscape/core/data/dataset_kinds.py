"""The registry of data sets: a new kind is one entry here, and everything else takes it from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from descentscape.core.data import generators
from descentscape.core.data.generators import Points
from descentscape.core.errors import InvalidValue

Task = Literal["regression", "classes"]

BUNDLED = Path(__file__).parents[2] / "data"


@dataclass(frozen=True)
class Field:
    """One knob of a generated set, bounded from both sides."""

    name: str
    default: float
    low: float
    high: float
    integer: bool
    label: str
    help: str

    def check(self, value: float) -> None:
        """Raise InvalidValue unless the value is a number (whole, when ``integer``) within the bounds."""
        allowed = (int, np.integer) if self.integer else (int, float, np.integer, np.floating)
        known = isinstance(value, allowed) and not isinstance(value, bool)
        if not (known and self.low <= value <= self.high):
            number = "a whole number" if self.integer else "a number"
            raise InvalidValue(self.name, f"{number} from {self.low} to {self.high}", value)


@dataclass(frozen=True)
class DatasetKind:
    """What is known of a data set before it is made; ``draw(rng, **fields)`` gives its x and y.

    ``standardize`` is the default for this kind: real features come in unlike units, generated ones do not.
    """

    kind: str
    label: str
    help: str
    task: Task
    inputs: int
    classes: int | None
    source: str
    licence: str
    standardize: bool
    fields: tuple[Field, ...]
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    draw: Callable[..., Points]


def _generated(
    draw: Callable[..., Points],
    label: str,
    about: str,
    *,
    inputs: int,
    classes: int | None,
    noise: float,
) -> DatasetKind:
    meaning = "displacement of each point" if classes else "noise on the targets"
    n = Field("n", 200, 4, 5000, True, "examples n", "How many examples are drawn.")
    deviation = Field("noise", noise, 0.0, 2.0, False, "noise σ", f"Standard deviation of the {meaning}.")
    return DatasetKind(
        kind=draw.__name__,
        label=label,
        help=about,
        task="classes" if classes else "regression",
        inputs=inputs,
        classes=classes,
        source="generated from a formula",
        licence="none needed",
        standardize=False,
        fields=(n, deviation),
        feature_names=tuple(f"x{i + 1}" for i in range(inputs)) if inputs > 1 else ("x",),
        target_names=tuple(map(str, range(classes))) if classes else ("y",),
        draw=draw,
    )


def _bundled(
    file: str, label: str, about: str, *, source: str, features: tuple[str, ...], classes: tuple[str, ...]
) -> DatasetKind:
    return DatasetKind(
        kind=file.partition(".")[0],
        label=label,
        help=about,
        task="classes",
        inputs=len(features),
        classes=len(classes),
        source=source,
        licence="CC BY 4.0",
        standardize=True,
        fields=(),
        feature_names=features,
        target_names=classes,
        draw=lambda rng: _read(file),
    )


@cache
def _read(file: str) -> Points:
    """Read a bundled file, its last column as y, once: the arrays are shared, hence read-only."""
    table = np.loadtxt(BUNDLED / file, delimiter=",", skiprows=1)
    table.flags.writeable = False
    return table[:, :-1], table[:, -1:]


_KINDS = (
    _generated(
        generators.line,
        "Line",
        "Points along y = 0.8 x − 0.3, x between −1 and 2: the data of the bowl.",
        inputs=1,
        classes=None,
        noise=0.2,
    ),
    _generated(
        generators.sine,
        "Sine",
        "One period of y = sin x, x between −π and π: a curve that no line fits.",
        inputs=1,
        classes=None,
        noise=0.1,
    ),
    _generated(
        generators.plane,
        "Plane",
        "Points on y = 0.8 x₁ − 0.5 x₂ + 0.2 over a square: regression with two inputs.",
        inputs=2,
        classes=None,
        noise=0.1,
    ),
    _generated(
        generators.gaussians,
        "Two Gaussians",
        "Round clouds around (−1, −1) and (1, 1): a line divides them.",
        inputs=2,
        classes=2,
        noise=0.6,
    ),
    _generated(
        generators.xor,
        "XOR",
        "Four squares, opposite ones of the same class: no line divides them, two do.",
        inputs=2,
        classes=2,
        noise=0.05,
    ),
    _generated(
        generators.circles,
        "Circles",
        "A ring within a ring: the boundary has to close.",
        inputs=2,
        classes=2,
        noise=0.08,
    ),
    _generated(
        generators.moons,
        "Two moons",
        "Two half circles that reach into one another: the boundary has to bend.",
        inputs=2,
        classes=2,
        noise=0.15,
    ),
    _generated(
        generators.spirals,
        "Spirals",
        "Two arms wound around each other almost twice: hard for a small network.",
        inputs=2,
        classes=2,
        noise=0.03,
    ),
    _bundled(
        "iris.csv",
        "Iris",
        "150 flowers of three species, four lengths each; one species stands apart, two overlap.",
        source="R. A. Fisher (1936). Iris. UCI Machine Learning Repository. https://doi.org/10.24432/C56C76",
        features=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
        classes=("setosa", "versicolor", "virginica"),
    ),
    _bundled(
        "wine.csv",
        "Wine",
        "178 wines of three cultivars, thirteen chemical measurements in very unlike units.",
        source="S. Aeberhard, M. Forina (1992). Wine. UCI Machine Learning Repository. "
        "https://doi.org/10.24432/C5PC7J",
        features=(
            *("alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium"),
            *("total phenols", "flavanoids", "nonflavanoid phenols", "proanthocyanins"),
            *("color intensity", "hue", "OD280/OD315 of diluted wines", "proline"),
        ),
        classes=("cultivar 1", "cultivar 2", "cultivar 3"),
    ),
    _bundled(
        "digits.csv.gz",
        "Digits",
        "1797 handwritten digits of 8 x 8 pixels, sixteen grey levels each.",
        source="E. Alpaydin, C. Kaynak (1998). Optical Recognition of Handwritten Digits. UCI Machine "
        "Learning Repository. https://doi.org/10.24432/C50P49",
        features=tuple(f"pixel {row} {column}" for row in range(8) for column in range(8)),
        classes=tuple("0123456789"),
    ),
)

DATASETS: dict[str, DatasetKind] = {entry.kind: entry for entry in _KINDS}
"""Every data set that a document can name, in the order of the menu."""
