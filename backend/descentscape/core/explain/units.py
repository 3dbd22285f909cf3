"""What each unit sees: its response over the plane of the inputs, its line, and the data it passes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from descentscape.core.blocks import layer_spans
from descentscape.core.errors import InvalidValue, TooExpensive
from descentscape.core.landscape.principal import principal_components
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import AnyArray, Array
from descentscape.core.time_slices import run_to_completion

Side = tuple[float, float]

InputWindow = tuple[Side, Side]
"""A window of the data plane: ((x₁ low, x₁ high), (x₂ low, x₂ high))."""

MAX_RESPONSES = 4_000_000
"""Numbers in all the pictures of one network's units."""


@dataclass(frozen=True, eq=False)
class Responses:
    """Every unit's picture over a window of one or two inputs.

    ``axes`` are the coordinates ``(R,)`` along each input. ``z`` and ``a`` hold, layer by layer, the units'
    pre-activations and activations ``(units, R)`` or ``(units, R, R)``, [unit][row of x₂][column of x₁]. A
    unit's zero level is where its z is 0. ``inputs`` are the same of what the network sees there, of which
    features may be a part.
    """

    axes: tuple[Array, ...]
    inputs: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines w·x + b = 0 of units that see the two inputs themselves.

    - ``normal`` ``(units, 2)``: unit vectors towards the side where w·x + b > 0
    - ``offset`` ``(units,)``: w·x + b at the origin, in units of length; minus it is the line's distance
    - ``segments`` ``(units, 2, 2)``: both ends of the line's part within the window, NaN where it has none

    Where w = 0 there is no line, and all of these are NaN.
    """

    normal: Array
    offset: Array
    segments: Array


@dataclass(frozen=True, eq=False)
class Remapped:
    """The data as a layer passes it on: one or two coordinates for each example, ``(N, 1 or 2)``.

    Of more than two units these are the first two principal components, about the mean; ``share`` is what
    they hold of the variance (1 for up to two units), ``note`` says so.
    """

    name: str
    points: Array
    share: float
    note: str


def responses(
    net: MLP,
    theta: Array,
    window: tuple[Side] | InputWindow,
    resolution: int = 33,
    inputs_at: Callable[[Array], Array] = np.asarray,
) -> Responses:
    """Every unit's response at theta ``(P,)`` on a grid of ``resolution`` points a side.

    ``inputs_at`` makes what the network sees ``(n, D)`` of points of the window ``(n, 1 or 2)``. Raises
    InvalidValue unless those are all its inputs, TooExpensive for too many numbers.
    """
    axes = tuple(np.linspace(*_side(side), resolution) for side in window)
    count = 2 * sum(net.widths[1:]) * resolution ** len(axes)
    if count > MAX_RESPONSES:
        raise TooExpensive(
            "resolution", f"such that the units’ pictures are {MAX_RESPONSES:,} numbers", count
        )
    grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, len(axes))
    inputs = inputs_at(grid)
    if inputs.shape[1] != net.widths[0]:
        raise InvalidValue("inputs", f"{len(window)}, for pictures over this window", net.widths[0])

    def pictures(numbers: AnyArray) -> AnyArray:
        return numbers.T.reshape(-1, *(resolution for _ in axes))

    passes = [(pictures(z), pictures(a)) for z, a in net.forward(theta, inputs)]
    return Responses(axes, pictures(inputs), tuple(z for z, _ in passes), tuple(a for _, a in passes))


def first_lines(net: MLP, theta: Array, window: InputWindow) -> Lines:
    """The lines of the first layer's units; InvalidValue unless there are two inputs."""
    if net.widths[0] != 2:
        raise InvalidValue("inputs", "2, for lines over their plane", net.widths[0])
    weights, biases = net.weights(theta)[0]
    return lines(weights, np.zeros(len(weights)) if biases is None else biases, window)


@np.errstate(invalid="ignore")
def lines(weights: Array, biases: Array, window: InputWindow) -> Lines:
    """The lines w·x + b = 0 for weights ``(units, 2)`` and biases ``(units,)``, cut to the window.

    Seen from the foot of the perpendicular from the window's centre, each side of the window bounds how far
    along the line its part goes (Liang & Barsky, ACM Trans. Graphics 3, 1984).
    """
    low, high = np.array([_side(side) for side in window]).T
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    normal = np.divide(weights, length, out=np.full(weights.shape, np.nan), where=length > 0)
    offset = np.divide(biases, length[:, 0], out=np.full(len(biases), np.nan), where=length[:, 0] > 0)
    centre = (low + high) / 2
    foot = centre - (normal @ centre + offset)[:, None] * normal
    along = np.stack([-normal[:, 1], normal[:, 0]], axis=1)
    reach = [_distances(foot, along, side) for side in (low, high)]
    first, last = np.minimum(*reach).max(axis=1), np.maximum(*reach).min(axis=1)
    ends = foot[:, None] + np.stack([first, last], axis=1)[..., None] * along[:, None]
    return Lines(normal, offset, np.where((first <= last)[:, None, None], ends, np.nan))


def _distances(foot: Array, along: Array, side: Array) -> Array:
    """How far along each line, from its foot, the two coordinates reach the sides' values ``(units, 2)``."""
    gap = side - foot
    never = np.copysign(np.inf, gap)
    return np.divide(gap, along, out=never, where=along != 0)


def remapped(net: MLP, theta: Array) -> tuple[Remapped, ...]:
    """The data as it comes in, and as each layer passes it on at theta ``(P,)``."""
    activations = [net.x, *(a for _, a in net.forward(theta, net.x))]
    names = ["input", *layer_spans(net.blocks)]
    return tuple(_seen(name, points) for name, points in zip(names, activations, strict=True))


def _seen(name: str, points: Array) -> Remapped:
    width = points.shape[1]
    units = "input" if name == "input" else "unit"
    if width <= 2:
        return Remapped(name, points, 1.0, f"the one {units}" if width == 1 else f"both {units}s")
    centred = points - points.mean(axis=0)
    squares, directions = run_to_completion(principal_components(centred, 2))
    total = float(np.vdot(centred, centred))
    share = float(squares.sum()) / total if total > 0 else 1.0
    held = f"{100 * share:.0f} % of their variance" if total > 0 else "which do not vary"
    signs = np.sign(np.take_along_axis(directions, np.abs(directions).argmax(1)[:, None], 1))
    note = f"first 2 principal components of {width} {units}s, {held}"
    return Remapped(name, centred @ (signs * directions).T, share, note)


def _side(side: tuple[float, float]) -> tuple[float, float]:
    low, high = side
    if not (np.isfinite([low, high]).all() and low < high):
        raise InvalidValue("window", "pairs of finite numbers, the lower one first", side)
    return low, high
