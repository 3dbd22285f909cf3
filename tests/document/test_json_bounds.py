"""Texts that are too long anywhere are refused by their counts, before a model looks at a single item."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from descentscape.api.http.points import InspectRequest
from descentscape.api.stream.messages import MESSAGES
from descentscape.core.errors import InvalidValue
from descentscape.core.time_slices import run_to_completion
from descentscape.document import json_bounds
from descentscape.document.bounds import MAX_COLUMNS, MAX_EDITS, MAX_PARAMETERS, MAX_ROWS, MAX_RUNS
from descentscape.document.experiment import Experiment
from descentscape.document.field_errors import field_errors
from descentscape.document.json_bounds import (
    MAX_CONTAINERS,
    MAX_ITEMS,
    bounds_of,
    model_of,
    read_json,
    read_model,
)

NOTHING: dict[str, Any] = {}


def read(text: str) -> Experiment:
    return run_to_completion(read_model(Experiment, text.encode()))


@pytest.mark.parametrize(
    ("document", "field", "limit"),
    [
        ({"runs": [NOTHING] * 1000}, "runs", MAX_RUNS),
        ({"edits": [NOTHING] * 1000}, "edits", MAX_EDITS),
        ({"edits": [{"step": 1, "set": {str(k): 1 for k in range(2000)}}]}, "edits[0].set", 1000),
        ({"problem": {"hidden": [300] * 5000}}, "problem.hidden", 12),
        ({"problem": {"activation": ["x"] * 5000}}, "problem.activation", 12),
        ({"problem": {"dataset": {"kind": "inline", "x": [[None]] * 5001}}}, "problem.dataset.x", MAX_ROWS),
        ({"problem": {"dataset": {"x": [[0], [None] * 65]}}}, "problem.dataset.x[1]", MAX_COLUMNS),
        ({"start": {"kind": "theta", "values": [None] * 50_001}}, "start.values", MAX_PARAMETERS),
        ({"runs": [NOTHING, {"start": {"values": [0] * 50_001}}]}, "runs[1].start.values", MAX_PARAMETERS),
        ({"view": {"plane": {"kind": "pca", "runs": [99] * 50}}}, "view.plane.runs", 12),
        (
            {"view": {"plane": {"kind": "custom", "basis": [[0] * 50_001]}}},
            "view.plane.basis[0]",
            MAX_PARAMETERS,
        ),
        ({"version": 1, "view": {"layers": {f"k{k}": 0 for k in range(200)}}}, "view.layers", 64),
    ],
)
def test_what_is_too_long_is_named_before_its_items_are_looked_at(
    document: dict[str, Any], field: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Experiment, "model_validate", pytest.fail)
    with pytest.raises(ValidationError) as caught:
        read(json.dumps(document))
    (error,) = field_errors(caught.value)
    assert (error.field, error.limit) == (field, limit)
    assert f"at most {limit}" in error.message


def test_unknown_keys_are_named_one_by_one_as_long_as_they_are_few() -> None:
    few, many = ({f"k{k}": 0 for k in range(count)} for count in (30, 5000))
    with pytest.raises(ValidationError) as caught:
        read(json.dumps(few))
    assert [error.message for error in field_errors(caught.value)][:1] == [
        "must be left out, there is no such field, got 0"
    ]
    with pytest.raises(ValidationError) as caught:
        read(json.dumps(many))
    (error,) = field_errors(caught.value)
    assert "an object of at most" in error.message


@pytest.mark.parametrize("model", [Experiment, InspectRequest, *MESSAGES.values()])
def test_every_list_and_object_of_every_model_has_a_bound(model: Any) -> None:
    def places(schema: Any) -> Any:
        if isinstance(schema, dict):
            yield schema
            for inner in schema.values():
                yield from places(inner)
        elif isinstance(schema, list):
            for inner in schema:
                yield from places(inner)

    for place in places(model.model_json_schema()):
        if place.get("type") == "array":
            assert "maxItems" in place, place
        if place.get("type") == "object":
            assert place.get("additionalProperties") is False or "maxProperties" in place, place
    assert bounds_of(model).keys


@pytest.mark.parametrize("mark", ["[", "{", '{"a":', "[{},", "[[],"])
def test_lists_and_objects_are_counted_before_they_are_made(
    mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_bounds, "from_json", pytest.fail)
    for text in (mark * (MAX_CONTAINERS + 1), (mark * (MAX_CONTAINERS + 1)).encode()):
        with pytest.raises(
            InvalidValue, match=f"message must be of at most {MAX_CONTAINERS:,} lists and objects"
        ):
            read_json("message", text)
    with pytest.raises(InvalidValue, match=f"message must be of at most {MAX_ITEMS:,} items"):
        read_json("message", "[" + "0," * (MAX_ITEMS + 1))


def test_the_largest_data_that_a_document_takes_are_read() -> None:
    x = [[0.5] * MAX_COLUMNS] * MAX_ROWS
    dataset = {"kind": "inline", "x": x, "y": [[0], [1]] * (MAX_ROWS // 2)}
    text = json.dumps({"problem": {"hidden": [1], "dataset": dataset}})
    assert len(read(text).problem.dataset.x) == MAX_ROWS


def test_wrong_keys_of_many_edits_end_at_the_first_of_each() -> None:
    edits = [{"step": 1, "set": {f"k{k}": "x" for k in range(1000)}}] * MAX_EDITS
    with pytest.raises(ValidationError) as caught:
        model_of(Experiment, {"edits": edits})
    assert caught.value.error_count() <= 2 * MAX_EDITS
    edits = [{"step": 1, "set": {str(k): 1 for k in range(1000)}}] * MAX_EDITS
    with pytest.raises(ValidationError) as caught:
        model_of(Experiment, {"problem": {"kind": "formula"}, "edits": edits})
    assert caught.value.error_count() == 20
