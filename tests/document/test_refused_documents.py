"""What a document may not say, told by the field's name and its bound."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from descentscape.api.stream.messages import MESSAGES
from descentscape.document.experiment import Experiment
from descentscape.document.field_errors import field_errors
from descentscape.document.problem_size import dim_of
from document.refusals import errors


@pytest.mark.parametrize(
    ("document", "field", "words"),
    [
        ({"foo": 1}, "foo", "no such field"),
        ({"version": 3}, "version", "1 or 2"),
        ({"steps": "300"}, "steps", "a whole number"),
        ({"steps": True}, "steps", "a whole number"),
        ({"steps": 30.5}, "steps", "a whole number"),
        ({"steps": 10**6}, "steps", "at most 20000"),
        ({"seed": 10**5000}, "seed", "more than 60 digits"),
        ({"problem": 3}, "problem", "an object"),
        ([], "experiment", "an object"),
        ({"problem": {"kind": "poem"}}, "problem.kind", "'poem'"),
        ({"problem": {"hidden": [8, 300]}}, "problem.hidden[1]", "at most 256, got 300"),
        ({"problem": {"hidden": [8] * 13}}, "problem.hidden", "at most 12 items"),
        ({"problem": {"hidden": [256] * 12}}, "problem.hidden", "50,000 parameters"),
        ({"problem": {"l1": -1}}, "problem.l1", "at least 0"),
        ({"problem": {"dataset": {"noise": math.nan}}}, "problem.dataset.noise", "a finite number"),
        ({"problem": {"dataset": {"kind": "iris", "n": 5}}}, "problem.dataset.n", "no such field"),
        ({"runs": []}, "runs", "at least 1 items"),
        ({"runs": [{}] * 13}, "runs", "at most 12"),
        ({"runs": [{"optimizer": {"learning_rate": "0.1"}}]}, "runs[0].optimizer.learning_rate", "a number"),
        ({"runs": [{"optimizer": {"learning_rate": True}}]}, "runs[0].optimizer.learning_rate", "a number"),
        ({"runs": [{"optimizer": {"learning_rate": math.inf}}]}, "runs[0].optimizer.learning_rate", "number"),
        ({"runs": [{"label": "x" * 41}]}, "runs[0].label", "at most 40 characters"),
        ({"runs": [{"clip": {"norm": 0}}]}, "runs[0].clip.norm", "at least 1e-09"),
        ({"view": {"grid": {"resolution": 402}}}, "view.grid.resolution", "at most 401"),
        ({"view": {"grid": {"extent": "wide"}}}, "view.grid.extent", "'fit'"),
        ({"view": {"surface": "all"}}, "view.surface", "'train', 'batch' or 'test'"),
        ({"view": {"overlays": {"basins": True}}}, "view.overlays.basins", "'none', 'minima' or 'against'"),
        ({"view": {"overlays": {"field": True}}}, "view.overlays.field", "no such field"),
        ({"view": {"moving_plane": 1}}, "view.moving_plane", "true or false"),
        ({"view": {"example": 5000}}, "view.example", "at most 4999"),
    ],
)
def test_refuses_by_name(document: Any, field: str, words: str) -> None:
    found = errors(document)
    assert words in found[field]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("document", "field", "words"),
    [
        ({"runs": [{"batch_size": 201}]}, "runs[0].batch_size", "at most the 200 training examples"),
        (
            {"problem": {"dataset": {"test_fraction": 0.5}}, "runs": [{"batch_size": 101}]},
            "runs[0].batch_size",
            "100 training",
        ),
        (
            {"problem": {"kind": "formula"}, "runs": [{}, {"batch_size": 1}]},
            "runs[1].batch_size",
            "no examples",
        ),
        ({"problem": {"kind": "formula"}, "runs": [{"init_seed": 1}]}, "runs[0].init_seed", "own start"),
        ({"runs": [{"gradient_noise": 0.1}]}, "runs[0].gradient_noise", "only a formula"),
        ({"runs": [{"clip": {}}]}, "runs[0].clip", "norm or value"),
        ({"runs": [{"clip": {"norm": 1, "value": 1}}]}, "runs[0].clip", "norm or value"),
        (
            {"runs": [{"init_seed": 1, "start": {"kind": "lift", "at": [0, 0]}}]},
            "runs[0].init_seed",
            "start of its own",
        ),
        ({"start": {"kind": "point", "at": [0, 0]}}, "start.kind", "with 105 parameters"),
        ({"start": {"kind": "theta", "values": [1, 2]}}, "start.values", "exactly 105 numbers"),
        ({"start": {"kind": "point", "at": [0]}, "problem": {"kind": "formula"}}, "start.at[1]", "given"),
        ({"edits": [{"step": 1}]}, "edits[0]", "optimizer, with values"),
        ({"edits": [{"step": 301, "set": {"0": 1}}]}, "edits[0].step", "at most the 300 steps"),
        ({"edits": [{"step": 1, "run": 1, "set": {"0": 1}}]}, "edits[0].run", "one of the 1 runs"),
        ({"edits": [{"step": 1, "set": {"105": 1}}]}, "edits[0].set.105", "one of the 105 parameters"),
        ({"edits": [{"step": 1, "set": {"01": 1}}]}, "edits[0].set.01", "of the form"),
        ({"problem": {"cost": "bce", "output": "softmax"}}, "problem.cost", "on a softmax output"),
        ({"problem": {"cost": "bce", "dataset": {"kind": "sine"}}}, "problem.cost", "mse or huber"),
        ({"problem": {"cost": "cross_entropy", "dataset": {"kind": "sine"}}}, "problem.cost", "softmax"),
        ({"problem": {"output": "softmax", "dataset": {"kind": "sine"}}}, "problem.output", "softmax"),
        ({"problem": {"kind": "chain", "dataset": {"kind": "plane"}}}, "problem.dataset", "one input"),
        ({"problem": {"kind": "linear", "dataset": {"kind": "iris"}}}, "problem.dataset", "one target"),
        (
            {"problem": {"dataset": {"kind": "inline", "x": [[1], [1, 2]], "y": [[0], [1]]}}},
            "problem.dataset.x",
            "equally many",
        ),
        (
            {"problem": {"dataset": {"kind": "inline", "x": [[1], [2]], "y": [[0]]}}},
            "problem.dataset.y",
            "as many rows as x",
        ),
        ({"problem": {"kind": "formula", "expression": "().__class__"}}, "problem.expression", ""),
        (
            {"problem": {"kind": "formula", "expression": "x", "name": "bowl"}},
            "problem.name",
            "not both",
        ),
        (
            {"problem": {"kind": "formula", "domain": [[1, 1], [0, 1]]}},
            "problem.domain[0]",
            "lower end first",
        ),
        ({"view": {"plane": {"kind": "axes", "parameters": [0, 0]}}}, "view.plane.parameters", "different"),
        ({"view": {"plane": {"kind": "axes", "parameters": [0, 105]}}}, "view.plane.parameters[1]", "105"),
        ({"view": {"plane": {"kind": "pca", "runs": [1]}}}, "view.plane.runs[0]", "1 runs"),
        ({"view": {"plane": {"kind": "gradient", "step": 301}}}, "view.plane.step", "300 steps"),
        (
            {"view": {"plane": {"kind": "custom", "origin": [0], "basis": [[1], [2]]}}},
            "view.plane.origin",
            "exactly 105",
        ),
        (
            {"start": {"kind": "lift", "at": [0, 0], "steps": 9, "plane": {"kind": "gradient", "step": 10}}},
            "start.plane.step",
            "at most the 9 steps",
        ),
    ],
)
def test_refuses_what_other_fields_rule_out(document: Any, field: str, words: str) -> None:
    assert words in errors(document)[field]


@pytest.mark.parametrize(
    ("document", "field", "words"),
    [
        ({"view": {"overlays": {"basins": True}}}, "view.overlays.basins", "got true"),
        ({"steps": None}, "steps", "got null"),
        ({"runs": [{"label": 7}]}, "runs[0].label", "got 7"),
    ],
)
def test_a_refused_value_is_shown_as_documents_write_it(document: Any, field: str, words: str) -> None:
    assert errors(document)[field].endswith(words)


def inline(x: Any, y: Any) -> dict[str, Any]:
    return {"kind": "inline", "x": x, "y": y, "task": "regression"}


THREE = {"kind": "linear", "dataset": inline([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]], [[1.5], [2.5], [3.5]])}


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"problem": {"kind": "linear", "dataset": inline([[1.0]], [[0.5, 0.5]])}}, "problem.dataset"),
        ({"problem": {"kind": "linear", "dataset": {"kind": "iris"}}}, "problem.dataset"),
        (
            {
                "problem": {
                    "kind": "linear",
                    "dataset": {**inline([[1.0]] * 3, [["a"], ["b"], ["c"]]), "task": None},
                }
            },
            "problem.dataset.task",
        ),
        (
            {"problem": {"cost": "bce", "output": "sigmoid", "dataset": inline([[1.0]], [[1.5]])}},
            "problem.cost",
        ),
        ({"problem": THREE, "start": {"kind": "point", "at": [0, 0]}}, "start.kind"),
        (
            {
                "problem": {"kind": "formula", "name": "bowl"},
                "view": {"plane": {"kind": "axes", "parameters": [0, 2]}},
            },
            "view.plane.parameters[1]",
        ),
    ],
)
def test_refuses_what_is_one_too_many(document: Any, field: str) -> None:
    assert set(errors(document)) == {field}


def test_an_index_beyond_the_last_is_told_the_last() -> None:
    document = {"edits": [{"step": 1, "run": 1, "optimizer": {"kind": "gd"}}]}
    with pytest.raises(ValidationError) as caught:
        Experiment.model_validate(document)
    (error,) = field_errors(caught.value)
    assert (error.field, error.limit) == ("edits[0].run", 0)


def test_all_broken_rules_are_told_at_once() -> None:
    found = errors({"runs": [{"batch_size": 999}, {"gradient_noise": 1}], "edits": [{"step": 400}]})
    assert set(found) == {"runs[0].batch_size", "runs[1].gradient_noise", "edits[0].step", "edits[0]"}


def test_a_flood_of_errors_is_cut_short() -> None:
    with pytest.raises(ValidationError) as caught:
        Experiment.model_validate({str(i): 0 for i in range(500)})
    assert len(field_errors(caught.value)) == 20


@pytest.mark.parametrize("place", ["runs", "edits"])
def test_the_memory_of_lbfgs_is_bounded_by_the_parameters(place: str) -> None:
    def document(history: int) -> dict[str, Any]:
        entry = {"optimizer": {"kind": "lbfgs", "history": history}} | (
            {"step": 1} if place == "edits" else {}
        )
        return {"problem": {"hidden": [200, 200]}, place: [entry]}

    experiment = Experiment.model_validate(document(24))
    assert dim_of(experiment.problem) == 41_001
    with pytest.raises(ValidationError, match="at most 24 with 41,001 parameters"):
        Experiment.model_validate(document(25))


def classes(labels: list[Any]) -> dict[str, Any]:
    rows = [[float(k)] for k in range(len(labels))]
    data = {"kind": "inline", "x": rows, "y": [[label] for label in labels]}
    return {"problem": {"cost": "cross_entropy", "hidden": [], "dataset": data}}


def test_a_document_has_a_bounded_number_of_classes() -> None:
    Experiment.model_validate(classes(list(range(100))))
    assert errors(classes(list(range(8000))[:5000])) == {
        "problem.dataset.y": "must be of at most 100 classes, got 5000"
    }
    assert errors(classes([f"class {k}" for k in range(101)])) == {
        "problem.dataset.y": "must be of at most 100 classes, got 101"
    }


@pytest.mark.parametrize(
    ("labels", "field", "words"),
    [
        (["x" * 41, "y"], "problem.dataset.y[0][0]", "at most 40 characters long"),
        (["", "y"], "problem.dataset.y[0][0]", "at least 1 characters long"),
        (["a", True], "problem.dataset.y[1][0]", "a number"),
        (["a", None], "problem.dataset.y[1][0]", "a number"),
        (["a", 3], "problem.dataset.y[1]", "one word, as the others are"),
        (["a", "a"], "problem.dataset.y", "of two classes or more"),
    ],
)
def test_a_class_has_a_short_name(labels: list[Any], field: str, words: str) -> None:
    found = errors(classes(labels))
    assert list(found) == [field]
    assert words in found[field]


def test_a_refusal_names_fields_and_no_kinds() -> None:
    point = {"kind": "points", "points": [{"run": 99}, {}, {}]}
    lift = {"kind": "lift", "at": [0, 0], "plane": {"kind": "pca", "runs": [99]}}
    with pytest.raises(ValidationError) as refused:
        Experiment.model_validate({"runs": [{"start": lift}], "view": {"plane": point}})
    assert [each.field for each in field_errors(refused.value)] == [
        "runs[0].start.plane.runs[0]",
        "view.plane.points[0].run",
    ]


def test_the_same_name_may_hold_several_models_in_one_place_and_one_in_another() -> None:
    """A start is a choice in an experiment; in the study of a line it is a place."""
    given = {"type": "study", "id": 1, "study": {"kind": "segment", "start": {"step": -1}}}
    with pytest.raises(ValidationError) as refused:
        MESSAGES["study"].model_validate(given)
    assert [each.field for each in field_errors(refused.value)] == ["study.start.step"]


@pytest.mark.parametrize("unseen", ["\u202e", "\u2067", "\u200f", "\x00", "\n", "\x85", "\u2028"])
def test_a_label_has_no_characters_that_are_not_seen_and_turn_the_text(unseen: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Experiment.model_validate({"runs": [{"label": f"off{unseen} the plane"}]})
    (said,) = map(str, field_errors(refused.value))
    assert said.startswith("runs[0].label must be text without control characters (here U+")
    assert unseen not in said
