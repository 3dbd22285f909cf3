"""The descent as a GIF: the contours from above, and every path growing over them, without a browser."""

from __future__ import annotations

import io
import re
import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from plotly.colors import hex_to_rgb, sequential  # type: ignore[import-untyped]

from descentscape.compute.computation import Computation
from descentscape.compute.results import Results, RunResult
from descentscape.core.errors import InvalidValue
from descentscape.core.landscape.surface import Surface
from descentscape.core.number_format import running_number
from descentscape.core.objective import Array
from descentscape.output.captions import Caption, axis_captions, end_of, line_of, plane_captions
from descentscape.output.height_axis import HeightAxis, height_axes
from descentscape.output.run_colors import RUN_COLORS

SIZES, FRAMES = (100, 1024), (2, 300)
"""The least and the most pixels of the picture's side, and frames."""

DURATION, REST = 60, 1500
"""Milliseconds that a frame is seen, and the last one."""

SHADES = 200
"""Colours of the surface, the first ones of the palette."""

PAPER, INK, LINES, FIRST_RUN = SHADES, SHADES + 1, SHADES + 2, SHADES + 3
"""Places of the other colours in the palette."""

LETTER, LEADING, LEFT = 6, 16, 8
"""Pixels of a caption's letter, about, of its line, and before it."""

TITLED = frozenset({"slice", "exact", "note", "log", "holes", "clipped", "oblique"})
"""Captions whose bold words are a title, not a number: without bold letters a colon follows."""

POWER = re.compile("×10([⁰¹²³⁴-⁹⁻]+)")
"""A power of ten as numbers are written here."""

SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "×": "x", "∞": "infinity", "→": "to", "∇": "grad "})
"""What stands for signs that the font has not: a minus is not left out, nor raised digits set on the line."""

FAR = 10.0
"""Paths are followed so many windows outside of the picture, where a drawing's numbers still are small."""


def build_animation(
    computation: Computation, surface: Surface | None = None, *, size: int = 480, frames: int = 100
) -> bytes:
    """A GIF of a finished computation, ``size`` pixels wide, in so many frames at most.

    Raises InvalidValue for a size or number of frames that is out of bounds.
    """
    _check("size", size, SIZES)
    _check("frames", frames, FRAMES)
    results, surface = computation.results(), surface or computation.finished_surface()
    view = results.experiment.view
    heights = height_axes(surface.cost, computation.path_range())[view.height]
    said = _caption(results, heights, size)
    rows = len(results.runs) + 1
    canvas = Image.new("P", (size, size + 8 + LEADING * (rows + len(said))), PAPER)
    canvas.putpalette(_palette())
    canvas.paste(Image.fromarray(_shaded(surface, heights, view.colors, size)), (0, 0))
    for row, line in enumerate(said, rows):
        _write(ImageDraw.Draw(canvas), (LEFT, size), row, line)
    moving = [_Moving(run, _pixels(run, surface, size)) for run in results.runs]
    return _written(_drawn(canvas, moving, size, frames))


@dataclass(frozen=True)
class _Moving:
    """A run and its path in pixels."""

    run: RunResult
    path: Array


def _check(name: str, value: int, bounds: tuple[int, int]) -> None:
    if not bounds[0] <= value <= bounds[1]:
        raise InvalidValue(name, f"from {bounds[0]} to {bounds[1]}", value)


@lru_cache(maxsize=1)
def _font() -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size=11)


def _palette() -> list[int]:
    stops = np.array([hex_to_rgb(color) for color in sequential.Viridis])
    at = np.linspace(0, len(stops) - 1, SHADES)
    shades = np.stack([np.interp(at, np.arange(len(stops)), part) for part in stops.T], axis=1)
    runs = [hex_to_rgb(color) for color in RUN_COLORS]
    rest = np.array([(255, 255, 255), (22, 24, 29), (210, 220, 225), *runs])
    colors: list[int] = np.concatenate([shades, rest]).round().astype(int).ravel().tolist()
    return colors


def _shaded(surface: Surface, heights: HeightAxis, colors: str, size: int) -> np.ndarray[tuple[int, int]]:
    """The place in the palette of every pixel ``(size, size)``, the highest b in the first row."""
    low, high = (float(heights.place(end)) for end in (heights.low, heights.high))
    place = _resized(np.asarray(heights.place(heights.flattened(surface.cost)), dtype=float), size)
    known = np.isfinite(place)
    place = np.where(known, place, low)
    stops = heights.ranks if colors == "rank" else np.linspace(0, 1, len(heights.ranks))
    share = np.interp((place - low) / (high - low), stops, np.linspace(0, 1, len(stops)))
    shades = (share * (SHADES - 1)).round().astype(np.uint8)
    level = np.floor((place - heights.map_lines[0]) / heights.map_lines[1])
    crossed = np.zeros(level.shape, dtype=bool)
    crossed[1:] |= level[1:] != level[:-1]
    crossed[:, 1:] |= level[:, 1:] != level[:, :-1]
    shades[crossed] = LINES
    shades[~known] = PAPER
    return shades[::-1].copy()


def _resized(cost: Array, size: int) -> Array:
    """The heights between those of the grid, linearly along both axes."""
    for axis in (0, 1):
        at = np.linspace(0, cost.shape[axis] - 1, size)
        before = np.minimum(at.astype(int), max(cost.shape[axis] - 2, 0))
        after = np.minimum(before + 1, cost.shape[axis] - 1)
        part = np.expand_dims(at - before, 1 - axis)
        cost = np.take(cost, before, axis) * (1 - part) + np.take(cost, after, axis) * part
    return cost


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
    said = [_plain(_sentence(caption)) for caption in captions]
    return [line for text in said for line in textwrap.wrap(text, (size - LEFT) // LETTER)]


def _sentence(caption: Caption) -> str:
    strong, text = line_of(caption)
    return f"{strong}{':' if text.startswith(' ') and caption.key in TITLED else ''}{text}"


def _drawn(canvas: Image.Image, moving: list[_Moving], size: int, frames: int) -> Iterator[Image.Image]:
    """The pictures: paths stay on the map, what moves is drawn on a copy of it."""
    last = max(len(each.run.cost) for each in moving) - 1
    steps = np.unique(np.linspace(0, last, frames).round().astype(int)).tolist()
    chart = canvas.crop((0, 0, size, size))
    before = 0
    for step in steps:
        for run, each in enumerate(moving):
            points = [tuple(point) for point in each.path[before : step + 1].tolist()]
            if len(points) > 1:
                ImageDraw.Draw(chart).line(points, fill=_ink(run), width=3, joint="curve")
        frame, now = canvas.copy(), chart.copy()
        for run, each in enumerate(moving):
            _mark(ImageDraw.Draw(now), each.path, step, _ink(run))
        frame.paste(now, (0, 0))
        _tell(ImageDraw.Draw(frame), moving, step, size)
        yield frame
        before = step


def _mark(draw: ImageDraw.ImageDraw, path: Array, step: int, ink: int) -> None:
    """The run's present place."""
    if len(path):
        x, y = path[min(step, len(path) - 1)].tolist()
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), fill=ink, outline=INK)


def _tell(draw: ImageDraw.ImageDraw, moving: list[_Moving], step: int, size: int) -> None:
    """The step, and the cost of every run there."""
    _write(draw, (LEFT, size), 0, f"Step {step:,}")
    for row, each in enumerate(moving, 1):
        entry = min(step, len(each.run.cost) - 1)
        ended = end_of(each.run.status, entry) if step > entry or entry == len(each.run.cost) - 1 else ""
        told = [f": cost {running_number(each.run.cost[entry])}", *([ended] if ended else [])]
        y = size + LEADING * row + 6
        draw.ellipse((LEFT, y, LEFT + 8, y + 8), fill=_ink(row - 1))
        _write(draw, (LEFT + 14, size), row, _fitting(each.run.label, ", ".join(told), size - LEFT - 14))


def _write(draw: ImageDraw.ImageDraw, corner: tuple[int, int], row: int, text: str) -> None:
    """A line of the text under the picture, in the letters that the font has."""
    draw.text((corner[0], corner[1] + 3 + LEADING * row), _plain(text), fill=INK, font=_font())


def _fitting(name: str, told: str, room: int) -> str:
    """What is told of a name, which is cut short where both together have no room."""
    if _font().getlength(_plain(name + told)) <= room:
        return name + told
    while name and _font().getlength(_plain(f"{name}…{told}")) > room:
        name = name[:-1]
    return f"{name}…{told}"


def _plain(text: str) -> str:
    """The text in the letters that the font has: powers as in 7.9e-31, Greek letters by name."""
    spelled = POWER.sub(r"e\1", text).translate(SIGNS)
    letters = unicodedata.normalize("NFKC", spelled).translate(SIGNS)
    return "".join(_drawable(letter) for letter in letters if letter.isprintable())


@cache
def _drawable(letter: str) -> str:
    """The letter, or what is closest to it in the font; a question mark where nothing is."""
    bare = unicodedata.normalize("NFD", letter)[0]
    named = re.fullmatch("GREEK (?:SMALL|CAPITAL) LETTER ([A-Z]+)", unicodedata.name(bare, ""))
    choices = (letter, bare, *([named[1].lower()] if named else []))
    missing = bytes(_font().getmask("\uffff"))
    return next((each for each in choices if bytes(_font().getmask(each)) != missing), "?")


def _ink(run: int) -> int:
    return FIRST_RUN + run % len(RUN_COLORS)


def _written(drawn: Iterator[Image.Image]) -> bytes:
    file, pictures = io.BytesIO(), list(drawn)
    times = [DURATION] * (len(pictures) - 1) + [REST]
    pictures[0].save(
        file, "GIF", save_all=True, append_images=pictures[1:], duration=times, loop=0, optimize=False
    )
    return file.getvalue()
