"""The descent as a GIF, read back by its pixels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image, ImageSequence

import descentscape as ds
from descentscape.cli import main
from descentscape.core.errors import InvalidValue
from descentscape.output.gif_frames import _fitting, plain
from descentscape.output.run_colors import color_of

BOWL = {
    "problem": {"kind": "formula", "name": "himmelblau"},
    "steps": 20,
    "view": {"grid": {"resolution": 33}},
}


def drawn(picture: Image.Image, side: int) -> int:
    """The pixels in the first run's colour."""
    wanted = tuple(bytes.fromhex(color_of(0)[1:]))
    pixels = picture.convert("RGB").load()
    assert pixels is not None
    return sum(pixels[x, y] == wanted for x in range(side) for y in range(side))


def test_the_path_grows_from_the_start_to_the_last_step(tmp_path: Path) -> None:
    file = tmp_path / "descent.gif"
    ds.animation(BOWL, file, size=200, frames=5)
    with Image.open(file) as gif:
        frames = [frame.copy() for frame in ImageSequence.Iterator(gif)]
    assert 1 < len(frames) <= 5
    assert frames[0].width == 200 < frames[0].height
    assert 0 < drawn(frames[0], 200) < drawn(frames[-1], 200)


def test_the_command_writes_the_same_file(tmp_path: Path) -> None:
    document, out, same = (tmp_path / name for name in ("experiment.json", "out.gif", "same.gif"))
    document.write_text(json.dumps(BOWL))
    assert main(["figure", str(document), "--out", str(out)]) == 0
    ds.animation(BOWL, same)
    assert out.read_bytes() == same.read_bytes()


def test_the_last_place_is_where_the_path_ends(tmp_path: Path) -> None:
    file = tmp_path / "descent.gif"
    ds.animation(BOWL, file, size=200, frames=2)
    results = ds.run(BOWL)
    shares = [
        (at - low) / (high - low)
        for at, (low, high) in zip(results.runs[0].path[-1], results.extent, strict=True)
    ]
    with Image.open(file) as gif:
        gif.seek(gif.n_frames - 1)
        at = gif.convert("RGB").getpixel((round(shares[0] * 199), round((1 - shares[1]) * 199)))
    assert at == tuple(bytes.fromhex(color_of(0)[1:]))


@pytest.mark.parametrize("wrong", [{"size": 99}, {"size": 1025}, {"frames": 1}, {"frames": 301}])
def test_sizes_out_of_bounds_are_refused_by_name(wrong: dict[str, int], tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=f"^{next(iter(wrong))} must be from"):
        ds.animation(BOWL, tmp_path / "descent.gif", **wrong)
    assert not list(tmp_path.iterdir())


def test_what_is_said_is_spelled_in_the_letters_that_the_font_has() -> None:
    assert plain("cost 7.89×10⁻³¹, −0.5") == "cost 7.89e-31, -0.5"
    assert plain("η = 0.1, č, Привет") == "eta = 0.1, c, ??????"


def test_a_long_name_leaves_room_for_its_cost() -> None:
    assert _fitting("short", ": cost 1.00", 300) == "short: cost 1.00"
    cut = _fitting("W" * 40, ": cost 1.00, diverged at step 3", 300)
    assert cut.startswith("WWW")
    assert cut.endswith("…: cost 1.00, diverged at step 3")
