"""docs/formulas.md against the grammar: each notation is read, and as it is said."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from descentscape.core.formulas.expression import FUNCTIONS
from descentscape.core.formulas.objective import FormulaObjective
from descentscape.core.formulas.parser import MAX_DEPTH, MAX_FORMULA_NODES, MAX_LENGTH, parse
from descentscape.document.problems import NOTATION

DOCS = (Path(__file__).parents[3] / "docs" / "formulas.md").read_text("utf-8")
EXAMPLES = [
    (typed, read)
    for left, read in re.findall(r"^    (\S.*?) +→  (.+)$", DOCS, re.MULTILINE)
    for typed in left.split("    ")
]
POINT = np.array([0.4, 1.3])


def value(text: str) -> float:
    return float(FormulaObjective(parse(text)).value(POINT))


@pytest.mark.parametrize(("typed", "read"), EXAMPLES, ids=ascii)
def test_each_notation_is_read_as_it_is_said(typed: str, read: str) -> None:
    assert len(EXAMPLES) > 40
    assert value(typed) == pytest.approx(value(read), rel=1e-15)


def test_every_function_and_limit_is_told_in_the_docs_and_on_the_page() -> None:
    told = set(re.findall(r"`(\w+)`", DOCS[DOCS.index("Functions:") : DOCS.index("At most")]))
    assert told == FUNCTIONS.keys()
    on_the_page = {FUNCTIONS[name] for name in re.findall(r"\w+", NOTATION) if name in FUNCTIONS}
    assert on_the_page == set(FUNCTIONS.values())
    assert f"{MAX_LENGTH} characters, {MAX_FORMULA_NODES} numbers" in DOCS
    assert f"{MAX_DEPTH} brackets" in DOCS
