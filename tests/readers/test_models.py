"""Trained models as parts of a document, from files on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

import descentscape as ds
from descentscape.core.data.store import MemoryStore, use_store
from descentscape.core.errors import InvalidValue
from descentscape.output.exports.python import assignment

MOONS = {"kind": "moons", "n": 40}


def folder_of_checkpoints(folder: Path, count: int, width: int = 3) -> Path:
    rng = np.random.default_rng(0)
    for step in range(count):
        arrays = {"0.weight": (width, 2), "0.bias": (width,), "2.weight": (1, width), "2.bias": (1,)}
        drawn = {name: rng.normal(size=shape) for name, shape in arrays.items()}
        save_file(drawn, folder / f"step{10 * step}.safetensors", {"activation": "relu"})
    return folder


def test_a_folder_of_checkpoints_is_shown_on_a_data_set_beside_another_run(tmp_path: Path) -> None:
    run = ds.checkpoints(folder_of_checkpoints(tmp_path, 12))
    assert repr(run) == "Checkpoints('step0.safetensors': 12 of 2 → 3 → 1, steps 0 to 110)"
    document = run.experiment(MOONS, beside=[{"optimizer": {"kind": "gd"}}])
    assert document["problem"]["activation"] == ["relu"]
    results = ds.run(document)
    np.testing.assert_array_equal(results.runs[0].theta, run.theta)
    np.testing.assert_array_equal(results.runs[1].theta[0], run.theta[0])
    assert len(results.runs[1].cost) == 12


def test_a_single_model_becomes_a_start(tmp_path: Path) -> None:
    model = ds.checkpoints(folder_of_checkpoints(tmp_path, 1) / "step0.safetensors")
    run = ds.run(model.experiment(MOONS)).runs[0]
    np.testing.assert_array_equal(run.theta[0], model.theta[0])


def test_a_program_carries_its_start_and_reads_the_recorded_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ds.checkpoints(folder_of_checkpoints(tmp_path, 3) / "step10.safetensors")
    both = {"runs": [run.recorded, {"optimizer": {"kind": "gd"}}], "steps": 2}
    document = ds.Experiment.model_validate(run.experiment(MOONS) | both)
    found, program = ds.run(document).runs, assignment(document)
    monkeypatch.chdir(tmp_path)
    replaced = use_store(MemoryStore())
    try:
        names: dict[str, Any] = {"ds": ds}
        exec(program, names)  # the program that someone copies
        again = ds.run(names["experiment"]).runs
    finally:
        use_store(replaced)
    assert names["experiment"]["start"]["kind"] == "theta"
    for one, other in zip(again, found, strict=True):
        np.testing.assert_array_equal(one.theta, other.theta)
        np.testing.assert_array_equal(one.cost, other.cost)


def test_a_network_larger_than_an_experiment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="at most 256 units a layer"):
        ds.checkpoints(folder_of_checkpoints(tmp_path, 1, width=300))
