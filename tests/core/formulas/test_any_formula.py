"""Any text is a formula or is refused at the place where it goes wrong, in operations bounded by length."""

from __future__ import annotations

import re
import sys
from types import FrameType
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.expression import FUNCTIONS, Expression
from descentscape.core.formulas.objective import FormulaObjective
from descentscape.core.formulas.parser import MAX_FORMULA_NODES, MAX_LENGTH, parse
from fuzzing import examples

CALLS_A_CHARACTER, CALLS_AT_LEAST = 60, 3000
"""Function calls that reading may take; suggesting a name that was meant is most of it."""

PLACED = re.compile(r"position \d+|at most \d+|characters long|the end")

tokens = st.sampled_from(
    [
        *FUNCTIONS,
        *"xyz1(),+-*/^| .|√∛²ˣ⁻⁽½=%",
        "π",
        ".5",
        "**",
        "f(x, y) =",
        "1e308",
        "9" * 30,
        "\ud800",
        "\u202e",
    ]
)
texts = (
    st.text(max_size=60)
    | st.lists(tokens, max_size=MAX_LENGTH).map("".join)
    | st.builds(lambda part, times: (part * times)[: MAX_LENGTH + 5], tokens, st.integers(1, MAX_LENGTH))
    | st.builds(
        lambda opened, inner, closed, depth: opened * depth + inner + closed * depth,
        st.sampled_from(["(", "sin(", "|", "-", "√", "2^(", "max(x,"]),
        tokens,
        st.sampled_from([")", "|", ""]),
        st.integers(1, 60),
    )
)


class Calls:
    """Counts function calls within it."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Calls:
        self._before = sys.getprofile()
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(self._before)

    def _called(self, _frame: FrameType, event: str, _arg: Any) -> None:
        self.count += event in ("call", "c_call")


@examples(300)
@given(texts)
def test_any_text_is_a_formula_or_is_refused_at_its_place(text: str) -> None:
    with Calls() as calls:
        try:
            found: Expression | str = parse(text)
        except InvalidValue as error:
            found = str(error)
    assert calls.count <= CALLS_AT_LEAST + CALLS_A_CHARACTER * min(len(text), MAX_LENGTH)
    if isinstance(found, Expression):
        assert len(found.postfix) <= MAX_FORMULA_NODES
    else:
        assert found.startswith("expression must be ")
        assert PLACED.search(found), found
        assert len(found) < 400


coordinates = st.floats(-1e6, 1e6) | st.sampled_from([0.0, -0.0, 1e6, -1e6, 1e-300])


@examples(150)
@given(texts, coordinates, coordinates)
def test_any_formula_is_computed_anywhere(text: str, x: float, y: float) -> None:
    try:
        objective = FormulaObjective(parse(text))
    except InvalidValue:
        return
    theta = np.array([x, y])
    value, grad = objective.value_and_grad(theta)
    assert np.shape(value) == ()
    assert grad.shape == (2,)
    assert objective.hessian(theta).shape == (2, 2)
    assert objective.hvp(theta, grad).shape == (2,)
