"""The pictures of an animation from plain values, in a palette, and the GIF of them."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from plotly.colors import hex_to_rgb, sequential  # type: ignore[import-untyped]

from descentscape.core.number_format import running_number
from descentscape.core.objective import AnyArray, Array
from descentscape.output.captions import end_of
from descentscape.output.height_axis import HeightAxis
from descentscape.output.run_colors import RUN_COLORS

DURATION, REST = 60, 1500
"""Milliseconds that a frame is seen, and the last one."""

SHADES = 200
"""Colours of the surface, the first ones of the palette."""

PAPER, INK, LINES, FIRST_RUN = SHADES, SHADES + 1, SHADES + 2, SHADES + 3
"""Places of the other colours in the palette."""

LETTER, LEADING, LEFT = 6, 16, 8
"""Pixels of a caption's letter, about, of its line, and before it."""

POWER = re.compile("×10([⁰¹²³⁴-⁹⁻]+)")
"""A power of ten as numbers are written here."""

SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "×": "x", "∞": "infinity", "→": "to", "∇": "grad "})
"""What stands for signs that the font has not: a minus is not left out, nor raised digits set on the line."""


@dataclass(frozen=True)
class MovingRun:
    """A run as it is drawn: its name, how it ended, its path ``(S, 2)`` in pixels.

    ``cost`` and ``steps`` ``(S,)`` are those of every entry.
    """

    label: str
    status: str
    cost: Array
    steps: AnyArray
    path: Array


@dataclass(frozen=True)
class Animation:
    """All that an animation is drawn from: plain values, which another process can be sent.

    ``cost`` are the heights of the grid, ``lines`` the caption’s; ``size`` are pixels.
    """

    cost: AnyArray
    heights: HeightAxis
    colors: str
    lines: Sequence[str]
    runs: Sequence[MovingRun]
    size: int
    frames: int


def to_gif(animation: Animation) -> bytes:
    """The contours, and every path growing over them."""
    size, rows = animation.size, len(animation.runs) + 1
    canvas = Image.new("P", (size, size + 8 + LEADING * (rows + len(animation.lines))), PAPER)
    canvas.putpalette(_palette())
    shades = _shaded(animation.cost, animation.heights, animation.colors, size)
    canvas.paste(Image.fromarray(shades), (0, 0))
    for row, line in enumerate(animation.lines, rows):
        _write(ImageDraw.Draw(canvas), (LEFT, size), row, line)
    return _written(_drawn(canvas, animation.runs, size, animation.frames))


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


def _shaded(cost: AnyArray, heights: HeightAxis, colors: str, size: int) -> np.ndarray[tuple[int, int]]:
    """The place in the palette of every pixel ``(size, size)``, the highest b in the first row."""
    low, high = (float(heights.place(end)) for end in (heights.low, heights.high))
    place = _resized(np.asarray(heights.place(heights.flattened(cost)), dtype=float), size)
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


def _drawn(canvas: Image.Image, moving: Sequence[MovingRun], size: int, frames: int) -> Iterator[Image.Image]:
    """The pictures: paths stay on the map, what moves is drawn on a copy of it."""
    last = max(len(each.cost) for each in moving) - 1
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


def _tell(draw: ImageDraw.ImageDraw, moving: Sequence[MovingRun], step: int, size: int) -> None:
    """The step, and the cost of every run there; where recorded runs have other steps, each its own."""
    entries = [min(step, len(each.cost) - 1) for each in moving]
    same = {int(each.steps[entry]) for each, entry in zip(moving, entries, strict=True) if entry == step}
    alike = len(same) == 1
    _write(draw, (LEFT, size), 0, f"Step {next(iter(same)):,}" if alike else f"Entry {step:,}")
    for row, (each, entry) in enumerate(zip(moving, entries, strict=True), 1):
        own = int(each.steps[entry])
        ended = end_of(each.status, own) if entry == len(each.cost) - 1 else ""
        at = "" if alike else f"step {own:,}, "
        told = [f": {at}cost {running_number(each.cost[entry])}", *([ended] if ended else [])]
        y = size + LEADING * row + 6
        draw.ellipse((LEFT, y, LEFT + 8, y + 8), fill=_ink(row - 1))
        _write(draw, (LEFT + 14, size), row, _fitting(each.label, ", ".join(told), size - LEFT - 14))


def _write(draw: ImageDraw.ImageDraw, corner: tuple[int, int], row: int, text: str) -> None:
    """A line of the text under the picture, in the letters that the font has."""
    draw.text((corner[0], corner[1] + 3 + LEADING * row), plain(text), fill=INK, font=_font())


def _fitting(name: str, told: str, room: int) -> str:
    """What is told of a name, which is cut short where both together have no room."""
    if _font().getlength(plain(name + told)) <= room:
        return name + told
    while name and _font().getlength(plain(f"{name}…{told}")) > room:
        name = name[:-1]
    return f"{name}…{told}"


def plain(text: str) -> str:
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
