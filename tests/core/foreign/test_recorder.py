"""A training loop's parameters, kept in memory or in a file, as vectors, trees and rows."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.recorder import to_path
from descentscape.core.foreign.trees import blocks_of, leaves_of, rebuilt, to_vector


def tree(value: float, dtype: type[np.floating] = np.float32) -> dict[str, Any]:
    return {
        "conv": {"weight": np.full((2, 3, 2), value, dtype), "bias": np.zeros(2, dtype)},
        "out": [np.full((1, 2), -value, dtype), None],
    }


def test_a_tree_is_a_vector_in_the_order_of_its_sorted_names() -> None:
    leaves = leaves_of(tree(3))
    assert [name for name, _ in leaves] == ["conv.bias", "conv.weight", "out.0"]
    vector = to_vector(tree(3))
    assert vector.dtype == np.float32
    assert vector.tolist() == [0] * 2 + [3] * 12 + [-3] * 2
    again = rebuilt(tree(0), iter([leaf for _, leaf in leaves]))
    assert list(again) == ["conv", "out"]
    assert again["conv"]["weight"].shape == (2, 3, 2)
    assert again["out"][1] is None


def test_numbers_of_any_kind_become_floats() -> None:
    assert to_vector([1, 2]).dtype == np.float64
    assert to_vector({"a": np.float16([1.5])}).dtype == np.float32
    assert to_vector({"a": np.ones(1, np.float32), "b": np.ones(1)}).dtype == np.float64


def test_channels_are_filters_and_what_has_one_axis_is_a_bias() -> None:
    names = [
        "conv.weight",
        "conv.bias",
        "norm.weight",
        "norm.bias",
        "rnn.weight_hh_l0",
        "rnn.bias_hh_l0",
        "d.kernel",
    ]
    blocks = blocks_of(names, [(4, 3, 2, 2), (4,), (5,), (5,), (6, 6), (6,), (3, 2)])
    assert [(block.layer, block.role, block.shape) for block in blocks] == [
        ("conv", "weight", (4, 12)),
        ("conv", "bias", (4,)),
        ("norm", "bias", (5,)),
        ("norm", "bias", (5,)),
        ("rnn_hh_l0", "weight", (6, 6)),
        ("rnn_hh_l0", "bias", (6,)),
        ("d", "weight", (6,)),
    ]
    assert blocks[-1].span.stop == 48 + 4 + 10 + 42 + 6


def test_every_so_many_calls_are_kept_and_the_last() -> None:
    recorder = ds.Recorder(every=4)
    kept = [recorder.record(tree(step), last=step == 10) for step in range(11)]
    assert [step for step, was in enumerate(kept) if was] == [0, 4, 8, 10] == recorder.steps
    path = recorder.path()
    assert path.theta(-1)[2] == 10
    assert repr(recorder) == "<Recorder: 4 entries of 16 parameters, steps 0 to 10, in memory>"
    assert recorder.record(tree(0), step=50)
    assert recorder.steps[-1] == 50


def test_what_is_kept_does_not_change_with_the_model() -> None:
    recorder, theta = ds.Recorder(), np.ones(3)
    recorder.record(theta)
    theta += 1
    recorder.record(theta)
    np.testing.assert_array_equal(recorder.path().whole(), [[1, 1, 1], [2, 2, 2]])


def test_a_recording_beyond_memory_goes_on_in_a_file() -> None:
    small, large = ds.Recorder(), ds.Recorder(memory=300)
    rows = np.random.default_rng(0).normal(size=(9, 16)).astype(np.float32)
    for row in rows:
        small.record(row)
        large.record(row)
    assert "temporary file" in repr(large)
    for recorder in (small, large):
        path = recorder.path()
        np.testing.assert_array_equal(path.whole(), rows)
        np.testing.assert_array_equal(path.columns(slice(3, 7)), rows[:, 3:7])
        np.testing.assert_array_equal(path.theta(-2), rows[-2])


def test_a_recording_in_a_file_is_opened_again_and_gone_on_with(tmp_path: Path) -> None:
    recorder = ds.Recorder(every=5, file=tmp_path / "run.f4")
    for step in range(8):
        recorder.record(tree(step))
    again = ds.Recorder.open(tmp_path / "run.f4")
    assert again.steps == [0, 5]
    assert again.record(tree(7, np.float32), step=20)
    np.testing.assert_array_equal(again.path().whole()[:, 2], [0, 5, 7])
    assert ds.explore(lambda theta: theta @ theta, again).runs[0].steps.tolist() == [0, 5, 20]
    (tmp_path / "run.f4").write_bytes(b"short")
    with pytest.raises(InvalidValue, match="file must be of 3 whole entries, got 5"):
        ds.Recorder.open(tmp_path / "run.f4")
    with pytest.raises(InvalidValue, match="file must be a recording"):
        ds.Recorder.open(tmp_path / "none")


@pytest.mark.parametrize(
    "head", ["[]", '{"steps": "x"}', '{"every": 1, "steps": [1], "names": [], "shapes": 3}']
)
def test_a_recording_of_another_form_is_refused(tmp_path: Path, head: str) -> None:
    (tmp_path / "run").write_bytes(b"")
    (tmp_path / "run.json").write_text(head)
    with pytest.raises(InvalidValue, match="file must be a recording"):
        ds.Recorder.open(tmp_path / "run")


def test_another_model_and_a_blow_up_are_refused() -> None:
    recorder = ds.Recorder()
    recorder.record(np.ones(3))
    with pytest.raises(InvalidValue, match=r"model must be of the shapes \[\(3,\)\], as before"):
        recorder.record(np.ones(4))
    with pytest.raises(InvalidValue, match="model at step 2 must be finite"):
        recorder.record(np.array([1, 2, np.inf]))
    with pytest.raises(InvalidValue, match="step must be above 0"):
        recorder.record(np.ones(3), step=0)
    with pytest.raises(InvalidValue, match="every must be at least 1, got 0"):
        ds.Recorder(every=0)
    with pytest.raises(InvalidValue, match="trajectory must be a recording of one entry"):
        ds.Recorder().path()


def test_a_trajectory_may_be_a_list_of_trees() -> None:
    path = to_path([OrderedDict(tree(0)), tree(1), tree(2)])
    assert path.rows.shape == (3, 16)
