"""Data sets of kind table in a document: what is refused, by which field, and what a hash depends on."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from descentscape.api.stream.messages import complaint
from descentscape.core.data.tables.table import MAX_TABLE_ROWS
from descentscape.document.experiment import Experiment, dynamics_hash, minimal
from descentscape.document.field_errors import field_errors, gone_in
from descentscape.document.json_bounds import model_of

COLUMNS = [
    {"name": "x", "cells": ["1", "2", "3", "5", "8", "13"]},
    {"name": "t", "cells": ["2", "1", "2", "1", "2", "1"]},
]


def document(**changes: Any) -> dict[str, Any]:
    dataset = {"kind": "table", "columns": COLUMNS, "target": "t"} | changes
    return {"problem": {"dataset": {name: value for name, value in dataset.items() if value is not ...}}}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"columns": None}, "problem.dataset.sha256 must be given, or else the columns, not both"),
        ({"sha256": "0" * 64}, "problem.dataset.sha256 must be given, or else the columns, not both"),
        ({"sha256": "x", "columns": None}, "problem.dataset.sha256 must be of the form"),
        ({"target": ...}, "problem.dataset.target must be given"),
        ({"target": "y"}, "problem.dataset.target must be a column of the table"),
        ({"inputs": ["x", "y"]}, r"problem.dataset.inputs\[1\] must be a column of the table"),
        ({"inputs": []}, "problem.dataset.inputs must be at least 1 items"),
        ({"missing": "guess"}, "problem.dataset.missing must be 'drop' or 'mean'"),
        ({"name": "a\nb"}, "problem.dataset.name must be text without control characters"),
        ({"columns": [{"name": "t", "cells": [1]}]}, "must be text, got 1"),
        ({"columns": [COLUMNS[0], {"name": "t", "cells": ["1"]}]}, r"columns\[1\].cells must be 6 cells"),
        ({"columns": [{"name": "t", "cells": [""] * (MAX_TABLE_ROWS + 1)}]}, "at most 100000 items"),
    ],
)
def test_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        model_of(Experiment, document(**changes))
    assert gone_in(refused.value) is None
    with pytest.raises(AssertionError, match=words):
        raise AssertionError("; ".join(map(str, field_errors(refused.value))))


def test_words_for_the_line_or_several_classes_for_one_output_are_refused() -> None:
    classes = [COLUMNS[0], {"name": "t", "cells": ["a", "b", "c", "a", "b", "c"]}]
    with pytest.raises(ValidationError, match="one target or two classes for the linear problem"):
        Experiment.model_validate({"problem": document(columns=classes)["problem"] | {"kind": "linear"}})


def test_gone_data_are_told_to_a_stream() -> None:
    with pytest.raises(ValidationError) as refused:
        Experiment.model_validate(document(columns=None, sha256="a" * 64, name="pets.csv"))
    gone = {"kind": "table", "name": "pets.csv", "sha256": "a" * 64}
    assert gone_in(refused.value) == gone
    said = complaint(refused.value)
    assert "urn:descentscape:gone" in said
    assert "a" * 64 in said


def test_a_table_comes_back_from_its_shortest_document() -> None:
    experiment = Experiment.model_validate(document(inputs=["x"], test_fraction=0.25))
    assert Experiment.model_validate(minimal(experiment)) == experiment
    other = Experiment.model_validate(document(inputs=["x"], test_fraction=0.25, missing="mean"))
    assert dynamics_hash(other) != dynamics_hash(experiment)
