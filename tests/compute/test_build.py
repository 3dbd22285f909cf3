"""From documents to objectives, starts and recipes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import descentscape as ds
from descentscape.compute.build import BuiltProblem, build_problem, build_runs
from descentscape.core.network.mlp import MLP
from descentscape.document.experiment import Experiment
from descentscape.document.problem_size import data_shape, parameter_count, widths_of

XOR = {"kind": "inline", "x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [1], [1], [0]]}


def built(problem: dict[str, Any]) -> BuiltProblem:
    return build_problem(Experiment.model_validate({"problem": problem}).problem)


def chain(problem: dict[str, Any]) -> MLP:
    objective = built(problem).objective
    assert isinstance(objective, MLP)
    return objective


@pytest.mark.parametrize(
    ("problem", "output", "widths"),
    [
        ({}, "sigmoid", (2, 8, 8, 1)),
        ({"cost": "bce"}, "sigmoid", (2, 8, 8, 1)),
        ({"cost": "cross_entropy"}, "softmax", (2, 8, 8, 2)),
        ({"output": "linear"}, "linear", (2, 8, 8, 1)),
        ({"dataset": {"kind": "iris"}}, "softmax", (4, 8, 8, 3)),
        ({"dataset": {"kind": "iris"}, "cost": "bce"}, "sigmoid", (4, 8, 8, 3)),
        ({"dataset": {"kind": "sine"}}, "linear", (1, 8, 8, 1)),
        ({"dataset": {"kind": "sine"}, "cost": "huber", "hidden": []}, "linear", (1, 1)),
        ({"dataset": XOR, "hidden": [3]}, "sigmoid", (2, 3, 1)),
        ({"dataset": {**XOR, "task": "regression"}, "hidden": [3]}, "linear", (2, 3, 1)),
    ],
)
def test_output_follows_data_and_cost(problem: dict[str, Any], output: str, widths: tuple[int, ...]) -> None:
    network = chain({"kind": "network", **problem})
    assert network.activations[-1] == output
    assert network.widths == widths


def test_each_hidden_layer_may_bend_in_its_own_way() -> None:
    assert chain({"hidden": [3, 2], "activation": "relu"}).activations == ("relu", "relu", "sigmoid")
    own = {"hidden": [3, 2], "activation": ["linear", "relu"]}
    assert chain(own).activations == ("linear", "relu", "sigmoid")
    assert chain({"hidden": [], "activation": []}).activations == ("sigmoid",)


def test_a_list_of_one_name_descends_as_the_name_does() -> None:
    alike = {"hidden": [4, 4], "activation": ["tanh", "tanh"]}
    runs = [ds.run({"problem": each, "steps": 5}).runs[0].theta for each in ({"hidden": [4, 4]}, alike)]
    np.testing.assert_array_equal(*runs)


@pytest.mark.parametrize(
    "problem",
    [{}, {"kind": "linear"}, {"kind": "chain"}, {"dataset": {"kind": "digits"}}, {"hidden": [3, 1, 4]}],
)
def test_parameters_are_counted_without_building(problem: dict[str, Any]) -> None:
    document = Experiment.model_validate({"problem": problem}).problem
    assert document.kind != "formula"
    widths = widths_of(document, data_shape(document))
    assert parameter_count(document, widths) == built(problem).objective.dim


def test_one_hot_targets_for_more_than_two_classes() -> None:
    targets = chain({"dataset": {"kind": "iris"}, "cost": "bce"}).y
    np.testing.assert_array_equal(targets.sum(axis=1), 1)
    np.testing.assert_array_equal(targets[::50].argmax(axis=1), [0, 1, 2])


def test_chain_is_the_bare_product() -> None:
    problem = built({"kind": "chain", "activation": "linear", "dataset": {**XOR, "x": [[1], [2], [3], [4]]}})
    x, y = np.array([1.0, 2, 3, 4]), np.array([0.0, 1, 1, 0])
    expected = ((y - 0.5 * -2.0 * x) ** 2).mean() / 2
    assert problem.objective.value(np.array([0.5, -2.0])) == pytest.approx(expected, rel=1e-14)
    assert problem.exact


def test_linear_minimum_is_the_least_squares_solution() -> None:
    problem = built({"kind": "linear", "dataset": {"kind": "plane", "n": 50, "noise": 0.5}})
    cost, gradient = problem.objective.value_and_grad(problem.minima[0])
    assert np.abs(gradient).max() < 1e-14
    assert problem.objective.value(problem.minima[0] + 0.1) > cost


def test_no_single_minimum_where_inputs_are_collinear() -> None:
    problem = {"kind": "linear", "dataset": {"kind": "inline", "x": [[1, 1], [2, 2]], "y": [[1], [3]]}}
    assert built(problem).minima.shape == (0, 3)


def test_split_and_scaling() -> None:
    problem = built({"dataset": {"kind": "wine", "test_fraction": 0.25}})
    data = problem.data
    assert data is not None
    assert data.test is not None
    assert data.scaling is not None
    assert (len(data.train.x), len(data.test.x)) == (134, 44)
    np.testing.assert_allclose(data.train.x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(data.train.x.std(axis=0), 1, atol=1e-12)
    assert np.abs(data.test.x.mean(axis=0)).max() > 0.01
    assert data.test_objective is not None
    assert data.test_objective.n_examples == 44


def test_inline_data_are_taken_as_they_are() -> None:
    np.testing.assert_array_equal(chain({"dataset": XOR, "hidden": [2]}).x, XOR["x"])


def test_data_come_from_their_own_seed() -> None:
    def inputs(document: dict[str, Any]) -> Any:
        problem = build_problem(Experiment.model_validate(document).problem).objective
        assert isinstance(problem, MLP)
        return problem.x

    same = inputs({"seed": 5})
    np.testing.assert_array_equal(inputs({}), same)
    assert not np.array_equal(inputs({"problem": {"dataset": {"seed": 5}}}), same)


def test_initial_weights_are_those_of_the_seed() -> None:
    problem = built({})
    np.testing.assert_array_equal(problem.initial(3), problem.initial(3))
    assert not np.array_equal(problem.initial(3), problem.initial(4))


def test_formula_starts_where_it_is_published_and_a_typed_one_off_its_middle() -> None:
    named = built({"kind": "formula", "name": "rosenbrock"})
    np.testing.assert_array_equal(named.initial(0), named.initial(1))
    assert named.minima.tolist() == [[1.0, 1.0]]
    typed = built({"kind": "formula", "expression": "x**2 + y**2", "domain": [[0, 10], [-1, 1]]})
    np.testing.assert_allclose(typed.initial(0), [2.0, 0.6])
    assert typed.objective.value(np.array([3.0, 4.0])) == 25.0


def test_recipes_and_labels() -> None:
    runs: list[dict[str, Any]] = [
        {"optimizer": {"kind": "gd", "learning_rate": 0.3}, "clip": {"norm": 2}, "batch_size": 4},
        {"optimizer": {"kind": "gd"}, "schedule": {"kind": "cosine"}, "label": "slow"},
        {"optimizer": {"kind": "gd"}, "clip": {"value": 0.5}},
    ]
    edits = [{"step": 7, "run": 1, "optimizer": {"kind": "adam"}, "set": {"3": 1}}]
    first, second, third = build_runs(Experiment.model_validate({"runs": runs, "edits": edits}))
    assert [first.label, second.label, third.label] == ["Gradient descent", "slow", "Gradient descent 2"]
    assert first.recipe.optimizer.learning_rate == 0.3
    assert first.recipe.batch_size == 4
    gradient = np.array([3.0, 4.0])
    assert first.recipe.clip is not None
    assert third.recipe.clip is not None
    np.testing.assert_allclose(first.recipe.clip.clip(gradient), [1.2, 1.6])
    np.testing.assert_allclose(third.recipe.clip.clip(gradient), [0.5, 0.5])
    assert second.recipe.schedule.factor(300, 300) == pytest.approx(0)
    (edit,) = second.edits
    assert edit.step == 7
    assert edit.optimizer is not None
    assert edit.optimizer.kind == "adam"
    assert edit.values == {3: 1.0}
    assert first.edits == ()


def inline_data(labels: list[Any], **more: Any) -> dict[str, Any]:
    rows = [[float(k)] for k in range(len(labels))]
    return {"kind": "inline", "x": rows, "y": [[label] for label in labels], **more}


@pytest.mark.parametrize("labels", [[0, 1, 2, 3, 4], [0, 1], [1, 2, 1], [-3, 5, 9]])
def test_whole_numbers_are_a_linear_problems_values(labels: list[int]) -> None:
    problem = built({"kind": "linear", "dataset": inline_data(labels)})
    assert problem.data is not None
    assert problem.data.train.task == "regression"
    slope, offset = np.polyfit(np.arange(len(labels)), labels, 1)
    np.testing.assert_allclose(problem.minima, [[slope, offset]], atol=1e-12)


@pytest.mark.parametrize(
    ("labels", "settings", "classes", "output"),
    [
        ([0, 1, 2, 3, 4], {}, None, "linear"),
        ([0, 1, 1, 0], {}, ("0", "1"), "sigmoid"),
        ([1, 2, 1], {}, None, "linear"),
        ([0, 1, 2], {"cost": "cross_entropy"}, ("0", "1", "2"), "softmax"),
        ([1, 2, 1], {"cost": "bce"}, ("1", "2"), "sigmoid"),
        ([-1, 1, 1], {"output": "sigmoid"}, ("-1", "1"), "sigmoid"),
        ([7, 9, 7], {"output": "softmax"}, ("7", "9"), "softmax"),
        (["dog", "cat", "dog"], {}, ("cat", "dog"), "sigmoid"),
        (["a", "b", "c"], {}, ("a", "b", "c"), "softmax"),
        ([0.25, 0.5, 1], {"cost": "bce"}, None, "sigmoid"),
        ([-1, 1, 1], {}, None, "linear"),
    ],
)
def test_numbers_are_classes_where_the_network_asks_for_them(
    labels: list[Any], settings: dict[str, str], classes: tuple[str, ...] | None, output: str
) -> None:
    problem = built({"kind": "network", "hidden": [2], "dataset": inline_data(labels), **settings})
    assert problem.data is not None
    train = problem.data.train
    assert (train.target_names if train.classes else None) == classes
    assert problem.data.output == output


def test_a_task_that_is_said_decides() -> None:
    labels = inline_data([0, 1, 2], task="classes")
    assert chain({"kind": "network", "hidden": [], "dataset": labels}).widths == (1, 3)
    values = inline_data([0, 1, 1], task="regression")
    assert chain({"kind": "network", "hidden": [], "dataset": values}).activations == ("linear",)


def test_no_label_is_the_size_of_anything() -> None:
    network = chain({"cost": "cross_entropy", "hidden": [], "dataset": inline_data([0, 10**9, 5])})
    assert network.widths == (1, 3)
    assert network.y.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
