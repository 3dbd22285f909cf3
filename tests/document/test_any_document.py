"""Any JSON is an experiment, or is refused in sentences that name its fields; and so is anything like one."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from descentscape.document.catalog import catalog
from descentscape.document.experiment import Experiment, minimal
from descentscape.document.field_errors import MAX_FIELD_ERRORS, field_errors
from fuzzing import TEXTS, allowed_by, examples

LONGEST_SENTENCE = 600

CURATED = [entry["experiment"] for entry in catalog()["experiments"]]

documents = st.sampled_from(CURATED) | allowed_by(Experiment)
numbers = (
    st.integers(-3, 3)
    | st.floats()
    | st.sampled_from([10**9, -(10**9), 2**63, 10**400, 1e308, -0.0, 5e-324, 1.5])
)
anything = st.recursive(
    st.none() | st.booleans() | numbers | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to all that is in a document, itself included."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inner for place in places(each, (*path, key)))]


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """A curated experiment, or what the schema allows, with something else in up to three places."""
    held = {"document": deepcopy(draw(documents))}
    for _ in range(draw(st.integers(0, 3))):
        *path, last = draw(st.sampled_from(places(held)[1:]))
        holder: Any = held
        for key in path:
            holder = holder[key]
        if draw(st.booleans()) and path:
            del holder[last]
        else:
            holder[last] = draw(anything)
    return held["document"]


def taken_or_refused(text: str) -> Experiment | None:
    """The experiment of a text, held against what it means; None where it is refused as it should be."""
    try:
        experiment = Experiment.model_validate_json(text)
    except ValidationError as error:
        found = field_errors(error)
        assert 0 < len(found) <= MAX_FIELD_ERRORS
        for each in found:
            assert each.field
            assert each.message.startswith("must be ")
            assert len(str(each)) < LONGEST_SENTENCE
            str(each).encode()
        return None
    short = json.dumps(minimal(experiment), allow_nan=False)
    assert Experiment.model_validate_json(short) == experiment
    return experiment


@examples(150)
@given(spoiled())
def test_a_spoiled_document_is_taken_or_refused_by_its_fields(document: Any) -> None:
    taken_or_refused(json.dumps(document))


@examples(100)
@given(anything.map(json.dumps) | st.text(max_size=30))
def test_any_text_is_taken_or_refused(text: str) -> None:
    taken_or_refused(text)
