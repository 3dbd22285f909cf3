"""The ways to choose a plane: by parameters, at random, from paths, from slopes and curvatures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from math import frexp
from typing import Literal

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.chance.walks import null_share
from descentscape.core.landscape.chance.walks_apart import start_apart, walks_beside
from descentscape.core.landscape.curvature import extremes
from descentscape.core.landscape.filters import Normalization, named_block, normalized
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.landscape.principal import principal_components
from descentscape.core.norm import norm
from descentscape.core.number_format import number
from descentscape.core.objective import Array, Objective, is_sloped
from descentscape.core.time_slices import TimeSlices, run_to_completion

Center = Literal["mean", "start", "end"]

GRADIENT_LABEL, STEP_LABEL = "along ∇C", "the optimizer’s step"
POINTS_LABELS = ("points 1 → 2", "towards point 3")

Candidate = tuple[str, Array]
"""A direction ``(P,)`` and its name."""

PARALLEL = 1e-8
"""A direction is parallel to others when less than this share of its length sticks out of their span."""

STRAIGHT = 1e-9
"""A path is straight when its second singular value is below this share of the first."""

COMPONENTS = 10
"""How many principal components' shares are kept."""


def axes(objective: Objective, origin: Array, parameters: tuple[int, int]) -> Plane:
    """Return the plane of two parameters through origin ``(P,)``; exact when there are no others.

    Raises InvalidValue unless they are two different positions in theta.
    """
    if len(set(parameters)) != 2 or not all(0 <= index < objective.dim for index in parameters):
        constraint = f"two different numbers from 0 to {objective.dim - 1}"
        raise InvalidValue("plane.parameters", constraint, list(parameters))
    names = objective.parameter_names()
    first, second = (names[index] for index in parameters)
    whole = (
        "All parameters there are" if objective.dim == 2 else "Two of the parameters, the others held still"
    )
    basis = np.zeros((2, objective.dim))
    basis[[0, 1], list(parameters)] = 1.0
    return Plane(origin, basis, "axes", (first, second), f"{whole}: {first} and {second}.")


def random(
    objective: Objective,
    origin: Array,
    rng: np.random.Generator,
    *,
    normalization: Normalization = "none",
    biases: bool = True,
) -> Plane:
    """Return a plane along two Gaussian directions through origin ``(P,)``.

    Without normalisation they are made orthonormal. With ``layer`` or ``filter`` each layer's or filter's
    part is scaled to the norm of the same part of origin, and the directions stay as they are (Li et al.
    2018). Without ``biases`` the bias components are zero.
    """
    drawn = rng.standard_normal((2, objective.dim))
    scaled = normalized(objective, origin, drawn, normalization, biases)
    noted = "" if biases else ", biases held still"
    if normalization != "none" and _independent(scaled):
        part = named_block(objective, normalization, biases)
        note = f"Two random directions, {part} scaled to the norm of the same at the origin{noted}; oblique."
        return Plane(origin, scaled, "random", ("random 1", "random 2"), note, orthonormal=False)
    if normalization != "none":
        scaled = normalized(objective, origin, drawn, "none", biases)
        noted += f"; scaling by {normalization} would leave no two different directions here"
    note = f"Two random directions, made orthonormal{noted}."
    named = [("random 1", scaled[0]), ("random 2", scaled[1])]
    return spanned(objective, origin, origin, named, "random", note, "the random directions vanish")


def pca(
    objective: Objective,
    paths: Sequence[Array],
    center: Center = "mean",
    weights: Sequence[Array] | None = None,
) -> Plane:
    """Return the plane of the two principal components of the paths' points ``(S, P)``, stacked.

    See `pca_in_slices`.
    """
    return run_to_completion(pca_in_slices(objective, paths, center, weights))


def pca_in_slices(
    objective: Objective,
    paths: Sequence[Array],
    center: Center = "mean",
    weights: Sequence[Array] | None = None,
) -> TimeSlices[Plane]:
    """Find the plane of the two principal components of the paths' points, in short time slices.

    They are taken about the mean of the points, the mean of the paths' starts, or the end of the first
    path, which becomes the origin. The shares of variance are about it too. A point counts as often as its
    weight ``(S,)`` says: for all the entries that it stands for, where a path is thinned.
    """
    unit, weights = _unit(paths), weights or [np.ones(len(path)) for path in paths]
    deviations = np.concatenate(paths)
    deviations /= unit
    ends = np.cumsum([len(path) for path in paths])
    origin = _center(np.split(deviations, ends[:-1]), weights, center)
    deviations -= origin
    if any((weight != 1).any() for weight in weights):
        deviations *= np.sqrt(np.concatenate(weights))[:, None]
    variances, directions = yield from principal_components(deviations, COMPONENTS)
    size = np.sqrt(variances[:2])
    rounding = 1e-14 * float(np.abs(origin).max()) * deviations.size**0.5
    moved = size > max(rounding, STRAIGHT * size[0])
    named = [(f"PC {k + 1}", directions[k]) for k in range(len(moved)) if moved[k]]
    what = "the path" if len(paths) == 1 else f"the {len(paths)} paths"
    note = f"The two directions along which {what} varied most about the {center}.{_thinning(weights)}"
    why = "the path is straight" if named else "the path is one point"
    plane = spanned(objective, origin * unit, paths[0][0], named, "pca", note, why)
    shares = tuple((variances / (float(np.vdot(deviations, deviations)) or 1.0)).tolist())
    null = _null(paths, unit, weights, center)
    return replace(plane, variance_share=(*shares, 0.0)[:2], null_share=null, components=shares)


def _unit(paths: Sequence[Array]) -> float:
    """Choose a power of two near the largest size in the paths, in which squares cannot overflow."""
    largest = max(float(max(path.max(), -path.min())) for path in paths)
    return 2.0 ** (frexp(largest)[1] - 1)


def _center(paths: Sequence[Array], weights: Sequence[Array], center: Center) -> Array:
    if center == "end":
        return np.array(paths[0][-1])
    if center == "start":
        start: Array = np.mean([path[0] for path in paths], axis=0)
        return start
    mean: Array = np.sum([weight @ path for path, weight in zip(paths, weights, strict=True)], axis=0)
    mean /= sum(float(weight.sum()) for weight in weights)
    return mean


def _thinning(weights: Sequence[Array]) -> str:
    kept, entries = sum(map(len, weights)), sum(float(weight.sum()) for weight in weights)
    if kept == entries:
        return ""
    return f" Taken of {kept:,} of {entries:,.0f} entries, each counted for those it stands for."


def _null(paths: Sequence[Array], unit: float, weights: Sequence[Array], center: Center) -> Pair:
    """What walks of the same lengths show, or from several starts those that spread as widely."""
    if start_apart(paths):
        return walks_beside([path / unit for path in paths], weights).shares(center=center)
    lengths = tuple(round(float(weight.sum())) for weight in weights)
    return null_share(lengths, paths[0].shape[1], center)


def hessian(objective: Objective, theta: Array) -> TimeSlices[Plane]:
    """Find the plane of the highest and the lowest curvature at theta ``(P,)``, in short time slices.

    Raises InvalidValue where the Hessian is not finite.
    """
    values, vectors = yield from extremes(objective, theta)
    highest, least = (number(value, 3) for value in values)
    named = [(f"curvature {highest}", vectors[0]), (f"curvature {least}", vectors[1])]
    lowest = "most negative" if values[1] < 0 else "least (none is negative here)"
    note = f"The directions of the highest curvature, {highest}, and of the {lowest}, {least}."
    return spanned(objective, theta, theta, named, "hessian", note, "the eigenvectors coincide")


def gradient(objective: Objective, theta: Array, step: Array) -> Plane:
    """Return the plane of steepest descent and the optimizer's own step ``(P,)`` at theta ``(P,)``."""
    _, grad = objective.value_and_grad(theta)
    named = [(GRADIENT_LABEL, grad), (STEP_LABEL, step)]
    why = "the step follows the gradient" if grad.any() else "the gradient is zero"
    note = "The direction of steepest descent, and the optimizer’s step as far as it turns away from it."
    return spanned(objective, theta, theta, named, "gradient", note, why)


def points(objective: Objective, three: Sequence[Array]) -> Plane:
    """Return the plane through three points ``(P,)``; the first becomes the origin."""
    first, second, third = three
    named = list(zip(POINTS_LABELS, (second - first, third - first), strict=True))
    note = "The plane through three points; the first direction runs from the first to the second."
    return spanned(objective, first, first, named, "points", note, "the three points lie on a line")


def custom(objective: Objective, origin: Array, basis: Array) -> Plane:
    """Return the plane through origin ``(P,)`` along the two rows of basis ``(2, P)``, made orthonormal.

    Raises InvalidValue for other shapes or entries that are not finite.
    """
    for name, value, shape in (("origin", origin, (objective.dim,)), ("basis", basis, (2, objective.dim))):
        if value.shape != shape:
            raise InvalidValue(f"plane.{name}", f"of shape {shape}", value.shape)
        if not np.isfinite(value).all():
            raise InvalidValue(f"plane.{name}", "finite", float(value[~np.isfinite(value)][0]))
    named = [("direction 1", basis[0]), ("direction 2", basis[1])]
    note = "Two given directions, made orthonormal."
    return spanned(objective, origin, origin, named, "custom", note, "the given directions are parallel")


def spanned(
    objective: Objective,
    origin: Array,
    at: Array,
    named: Sequence[Candidate],
    kind: str,
    note: str,
    why: str,
) -> Plane:
    """Return the orthonormal plane of the first two independent candidates, substitutes standing in.

    The substitutes are H g at the point ``at``, where the gradient is known, then random directions; the note
    says which, and ``why``.
    """
    frame: list[Array] = []
    labels: list[str] = []
    for label, direction in chain(named, _substitutes(objective, at)):
        unit = _apart(direction, frame)
        if unit is not None:
            frame.append(unit)
            labels.append(label)
        if len(frame) == 2:
            break
    standing_in = [label for label in labels if label not in dict(named)]
    if standing_in:
        verb = "stands" if len(standing_in) == 1 else "stand"
        note += f" Because {why}, {' and '.join(standing_in)}, made orthogonal, {verb} in."
    return Plane(origin, np.array(frame), kind, (labels[0], labels[1]), note)


def _substitutes(objective: Objective, at: Array) -> Iterator[Candidate]:
    if is_sloped(objective):
        _, grad = objective.value_and_grad(at)
        yield "H ∇C", objective.hvp(at, grad)
    rng = np.random.default_rng(0)
    yield "a random direction", rng.standard_normal(objective.dim)
    yield "a second random direction", rng.standard_normal(objective.dim)


def _apart(direction: Array, frame: Sequence[Array]) -> Array | None:
    """Return the unit vector of what sticks out of the orthonormal frame, largest component positive."""
    size = norm(direction)
    if not (np.isfinite(size) and size > 0):
        return None
    unit = direction / size
    for _ in range(3):
        for other in frame:
            unit = unit - (unit @ other) * other
        rest = np.linalg.norm(unit)
        if rest < PARALLEL:
            return None
        unit = unit / rest
    return unit if unit[np.abs(unit).argmax()] > 0 else -unit


def _independent(directions: Array) -> bool:
    """Whether the unit vectors' smaller singular value, sin φ / √(1 + |cos φ|), is more than rounding."""
    sizes = norm(directions, keepdims=True)
    if not sizes.min() > 0:
        return False
    first, second = directions / sizes
    cosine = first @ second
    return bool(norm(second - cosine * first) > PARALLEL * np.sqrt(1 + abs(cosine)))
