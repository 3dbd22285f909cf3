"""The document: defaults, kinds, identity."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from descentscape.core.canonical import PART, canonical
from descentscape.core.data.datasets import DATASETS
from descentscape.core.formulas.objective import FORMULAS
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.schedules import SCHEDULES
from descentscape.document.experiment import Experiment, dynamics_hash, minimal
from descentscape.document.once import once


def test_empty_document_is_the_default_experiment() -> None:
    experiment = Experiment.model_validate({})
    assert experiment == Experiment()
    assert experiment.problem.kind == "network"
    assert experiment.problem.hidden == (8, 8)
    assert [run.optimizer.kind for run in experiment.runs] == ["adam"]
    assert experiment.view.grid.extent == "fit"


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_is_a_kind_with_its_own_defaults(kind: str) -> None:
    document = {"runs": [{"optimizer": {"kind": kind}}]}
    chosen = Experiment.model_validate(document).runs[0].optimizer
    assert chosen.model_dump(exclude={"kind"}) == vars(OPTIMIZERS[kind]())


@pytest.mark.parametrize("kind", SCHEDULES)
def test_every_schedule_is_a_kind(kind: str) -> None:
    document = {"runs": [{"schedule": {"kind": kind}}]}
    assert Experiment.model_validate(document).runs[0].schedule.kind == kind


@pytest.mark.parametrize("kind", DATASETS)
def test_every_data_set_is_a_kind_with_its_own_scaling(kind: str) -> None:
    document = {"problem": {"dataset": {"kind": kind}}}
    dataset = Experiment.model_validate(document).problem.dataset
    assert dataset.kind == kind
    assert dataset.standardize is DATASETS[kind].standardize


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_is_a_name(name: str) -> None:
    document = {"problem": {"kind": "formula", "name": name}}
    assert Experiment.model_validate(document).problem.name == name


def test_an_object_without_kind_is_of_the_default_kind() -> None:
    document = {"runs": [{"optimizer": {"learning_rate": 0.5}}], "problem": {"dataset": {"noise": 0.3}}}
    experiment = Experiment.model_validate(document)
    assert (experiment.runs[0].optimizer.kind, experiment.problem.dataset.kind) == ("adam", "moons")


def test_integers_stand_for_floats() -> None:
    assert Experiment.model_validate({"problem": {"l2": 1}}).problem.l2 == 1.0
    one, other = ({"problem": {"l2": value}} for value in (1, 1.0))
    assert dynamics_hash(Experiment.model_validate(one)) == dynamics_hash(Experiment.model_validate(other))


def test_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Experiment().steps = 5  # type: ignore[misc]


def test_hash_is_of_the_dynamics_alone() -> None:
    plain = dynamics_hash(Experiment())
    for view in (
        {"height": "log"},
        {"moving_plane": True, "overlays": {"basins": "minima"}},
        {"run": 1, "nudge": {"seed": 7}},
    ):
        assert plain == dynamics_hash(Experiment.model_validate({"view": view}))
    for change in ({"seed": 1}, {"steps": 301}, {"runs": [{"batch_size": 16}]}, {"problem": {"l1": 0.1}}):
        assert dynamics_hash(Experiment.model_validate(change)) != plain


def test_what_follows_from_a_document_is_found_once_while_it_lives() -> None:
    found: list[int] = []

    @once
    def steps_of(experiment: Experiment, times: int) -> int:
        found.append(times)
        return times * experiment.steps

    # a new document often has the place in memory, and so the id, of the one before
    for steps in range(1, 30):
        experiment = Experiment(steps=steps)
        assert [steps_of(experiment, times) for times in (1, 2, 1)] == [steps, 2 * steps, steps]
        del experiment
    assert found == [1, 2] * 29


def test_minimal_document_names_only_what_differs() -> None:
    experiment = Experiment.model_validate(
        {
            "runs": [{"optimizer": {"kind": "gd", "learning_rate": 0.1}}],
            "problem": {"dataset": {"noise": 0.5}},
        }
    )
    assert minimal(experiment) == {
        "version": 2,
        "problem": {"kind": "network", "dataset": {"kind": "moons", "noise": 0.5}},
        "runs": [{"optimizer": {"kind": "gd"}}],
    }


@pytest.mark.parametrize("name", ["rate 0.05", "אדם", "أدم", "नमस्ते", "学習率", "👩\u200d🔬"])
def test_a_label_may_be_written_in_any_script(name: str) -> None:
    assert Experiment.model_validate({"runs": [{"label": name}]}).runs[0].label == name


@pytest.mark.parametrize("length", [0, 1, PART, PART + 1, 2 * PART, 2 * PART + 1])
def test_the_canonical_text_is_one_whatever_parts_it_comes_in(length: int) -> None:
    value = {"b": [{"z": 1, "a": [0.1, None]}], "a": [[k / 7, "“é”"] for k in range(length)], "c": {}}
    whole = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    assert "".join(canonical(value)) == whole
