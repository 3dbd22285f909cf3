"""The menu's small pictures are of the experiments that it offers now, drawn of what the engine computes."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from descentscape.document.catalog import experiments
from document.experiment_pictures import PICTURES, key_of, picture

SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 60_000
DRAWN_AGAIN = ("bowl", "saddle", "himmelblau", "no-bends")
"""Quickly computed, and of every sort of problem but one."""

DOCUMENTS = {entry["id"]: entry["experiment"] for entry in experiments()}


def symbols() -> dict[str, ElementTree.Element]:
    return {symbol.attrib["id"]: symbol for symbol in ElementTree.parse(PICTURES).iter(f"{SVG}symbol")}


def test_every_experiment_has_a_picture_made_of_its_present_document() -> None:
    """After a change: python tests/document/experiment_pictures.py."""
    made = {name: symbol.attrib["data-of"] for name, symbol in symbols().items()}
    assert made == {name: key_of(document) for name, document in DOCUMENTS.items()}


def test_they_are_small_and_nothing_but_shapes() -> None:
    assert PICTURES.stat().st_size <= MOST_BYTES
    for symbol in symbols().values():
        assert {part.tag.removeprefix(SVG) for part in symbol.iter()} <= {"symbol", "path", "g", "circle"}


def test_each_shows_the_path_of_each_run() -> None:
    for name, symbol in symbols().items():
        assert len(symbol.findall(f"{SVG}g")) == len(DOCUMENTS[name]["runs"])


@pytest.mark.parametrize("name", DRAWN_AGAIN)
def test_drawn_again_it_is_the_same(name: str) -> None:
    line = next(line for line in PICTURES.read_text("utf-8").splitlines() if f'id="{name}"' in line)
    assert picture(name, DOCUMENTS[name]) == line
