"""The descent as a GIF: what is drawn, from above, of a finished computation, without a browser."""

from __future__ import annotations

import textwrap

import numpy as np

from descentscape.compute.computation import Computation
from descentscape.compute.results import Results, RunResult
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.surface import Surface
from descentscape.core.objective import Array
from descentscape.output.captions import axis_captions, line_of, plane_captions
from descentscape.output.gif_frames import LEFT, LETTER, Animation, MovingRun, plain, to_gif
from descentscape.output.height_axis import HeightAxis, height_axes

SIZES, FRAMES = (100, 1024), (2, 300)
"""The least and the most pixels of the picture's side, and frames."""

FAR = 10.0
"""Paths are followed so many windows outside of the picture, where a drawing's numbers still are small."""


def build_animation(
    computation: Computation, surface: Surface | None = None, *, size: int = 480, frames: int = 100
) -> bytes:
    """A GIF of a finished computation, ``size`` pixels wide, in so many frames at most.

    Raises InvalidValue for a size or number of frames that is out of bounds.
    """
    return to_gif(animation_of(computation, surface, size=size, frames=frames))


def animation_of(
    computation: Computation, surface: Surface | None = None, *, size: int = 480, frames: int = 100
) -> Animation:
    """What that GIF is drawn from."""
    _check("size", size, SIZES)
    _check("frames", frames, FRAMES)
    results, surface = computation.results(), surface or computation.finished_surface()
    view = results.experiment.view
    heights = height_axes(surface.cost, computation.path_range())[view.height]
    runs = [
        MovingRun(run.label, run.status, run.cost, run.steps, _pixels(run, surface, size))
        for run in results.runs
    ]
    lines = _caption(results, heights, size)
    return Animation(surface.cost, heights, view.colors, lines, runs, size, frames)


def _check(name: str, value: int, bounds: tuple[int, int]) -> None:
    if not bounds[0] <= value <= bounds[1]:
        raise InvalidValue(name, f"from {bounds[0]} to {bounds[1]}", value)


def _pixels(run: RunResult, surface: Surface, size: int) -> Array:
    """Where on the picture the path ``(S, 2)`` is, as far as it is finite."""
    path = run.path[: int(np.isfinite(run.path).all(axis=1).cumprod().sum())]
    shares = np.stack(
        [(path[:, k] - axis[0]) / (axis[-1] - axis[0]) for k, axis in enumerate((surface.a, surface.b))],
        axis=1,
    ).clip(-FAR, 1 + FAR)
    shares[:, 1] = 1 - shares[:, 1]
    pixels: Array = shares * (size - 1)
    return pixels


def _caption(results: Results, heights: HeightAxis, size: int) -> list[str]:
    """What the picture shows and what it leaves out, in lines that fit under it."""
    labels = [run.label for run in results.runs]
    captions = [
        *plane_captions(results.plane, results.experiment.view.plane, labels),
        *axis_captions(heights),
    ]
    said = [plain("".join(line_of(caption))) for caption in captions]
    return [line for text in said for line in textwrap.wrap(text, (size - LEFT) // LETTER)]
