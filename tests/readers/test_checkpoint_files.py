"""Trained models from files: the libraries' names, several checkpoints, and what is refused."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from descentscape.core.data.checkpoint_content import KIND, recorded_head, recorded_weights
from descentscape.core.data.store import Gone, current_store
from descentscape.core.errors import InvalidValue
from descentscape.readers.checkpoint_files import ReadRun, read_checkpoints
from fuzzing import examples

RNG = np.random.default_rng(3)
W1, B1, W2, B2 = (RNG.normal(size=shape) for shape in ((3, 2), (3,), (1, 3), (1,)))
THETA = np.concatenate([W1.ravel(), B1, W2.ravel(), B2])
TORCH = {"net.0.weight": W1, "net.0.bias": B1, "net.2.weight": W2, "net.2.bias": B2}


def npz(*args: object, **arrays: object) -> bytes:
    file = io.BytesIO()
    np.savez(file, *args, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def read(content: bytes, name: str = "model") -> ReadRun:
    return read_checkpoints([(name, content)])


NAMED = {
    "torch": save(TORCH),
    "torch functions": save({"fc2.weight": W2, "fc2.bias": B2, "fc1.weight": W1, "fc1.bias": B1}),
    "words, whose shapes tell the order": save(
        {"out.weight": W2, "out.bias": B2, "zin.weight": W1, "zin.bias": B1}
    ),
    "keras": npz(
        **{"dense/kernel:0": W1.T, "dense/bias:0": B1, "dense_1/kernel:0": W2.T, "dense_1/bias:0": B2}
    ),
    "keras get_weights": npz(W1.T, B1, W2.T, B2),
    "scikit-learn": npz(coefs_0=W1.T, intercepts_0=B1, coefs_1=W2.T, intercepts_1=B2),
    "W1, b1": npz(W1=W1, b1=B1, W2=W2, b2=B2),
    "W1, b1 turned": npz(W1=W1.T, b1=B1, W2=W2.T, b2=B2),
    "theta": npz(theta=THETA, widths=[2, 3, 1]),
    "flax": json.dumps(
        {
            "params": {
                "Dense_0": {"kernel": W1.T.tolist(), "bias": B1.tolist()},
                "Dense_1": {"kernel": W2.T.tolist(), "bias": B2.tolist()},
            }
        }
    ).encode(),
    "lists": json.dumps(
        {"weights": [W1.tolist(), W2.tolist()], "biases": [B1.tolist(), B2.tolist()]}
    ).encode(),
    "scikit-learn's lists": json.dumps(
        {"coefs_": [W1.T.tolist(), W2.T.tolist()], "intercepts_": [B1.tolist(), B2.tolist()]}
    ).encode(),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_names_of_libraries_are_known(name: str) -> None:
    weights = read(NAMED[name]).weights
    assert weights.head.widths == (2, 3, 1)
    np.testing.assert_array_equal(weights.theta, [THETA])


def test_layers_of_equal_shapes_in_a_list_are_no_checkpoints() -> None:
    square = [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]
    model = {"coefs_": square, "intercepts_": [[0.1, 0.2], [0.3, 0.4]], "out_activation_": "logistic"}
    weights = read(json.dumps(model | {"activation": "relu"}).encode()).weights
    assert (weights.head.widths, weights.head.activations) == ((2, 2, 2), ("relu",))
    assert weights.head.output == "sigmoid"
    np.testing.assert_array_equal(weights.theta, [[1, 3, 2, 4, 0.1, 0.2, 5, 7, 6, 8, 0.3, 0.4]])


def test_smaller_floats_are_read_as_they_are() -> None:
    half = read(save({name: array.astype(np.float16) for name, array in TORCH.items()}))
    np.testing.assert_array_equal(half.weights.theta[0], THETA.astype(np.float16))


def test_a_zip_of_checkpoints_is_a_run_in_the_order_of_its_steps() -> None:
    files = {
        f"run/step_{step}.safetensors": save({key: step + value for key, value in TORCH.items()})
        for step in (100, 20, 0)
    }
    run = read(zipped(files))
    assert run.weights.head.steps == (0, 20, 100)
    np.testing.assert_allclose(run.weights.theta, [THETA, THETA + 20, THETA + 100])


def test_a_leading_axis_is_of_checkpoints() -> None:
    rows = {key: np.stack([value, 2 * value]) for key, value in TORCH.items()}
    run = read(npz(**rows, steps=[0, 50], loss=[1.0, 0.5]))
    np.testing.assert_array_equal(run.weights.theta, [THETA, 2 * THETA])
    assert run.weights.head.steps == (0, 50)
    assert any("“loss” was left out" in note for note in run.notes)


def test_what_a_file_says_of_its_network_and_step_is_believed() -> None:
    said = {"activation": "tanh", "output": "identity", "step": "7"}
    head = read(save(TORCH, said)).weights.head
    assert (head.activations, head.output, head.steps) == (("tanh",), "linear", (7,))


def test_a_layer_without_bias_gets_zeros_and_a_note() -> None:
    run = read(npz(**{"0.weight": W1, "0.bias": B1, "2.weight": W2}))
    assert run.weights.theta[0, -1] == 0
    assert "no bias" in run.notes[0]


def test_checkpoints_end_before_what_is_not_finite() -> None:
    rows = {key: np.stack([value, value * np.nan]) for key, value in TORCH.items()}
    run = read(npz(**rows))
    assert len(run.weights.theta) == 1
    assert "not finite" in " ".join(run.notes)


def test_stored_checkpoints_are_found_by_their_hash() -> None:
    weights = read(NAMED["torch"], "moons.safetensors").weights
    sha256 = current_store().put(KIND, weights.content())
    found = recorded_weights(sha256, "runs[0].recorded")
    assert found.head == weights.head == recorded_head(sha256, "")
    np.testing.assert_array_equal(found.theta, weights.theta)
    with pytest.raises(Gone, match=r"runs\[0\]\.recorded must be data that this service still has"):
        recorded_weights("0" * 64, "runs[0].recorded")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x80\x02}q\x00.", "torch.load"),
        (zipped({"archive/data.pkl": b"\x80\x02}q\x00."}), "save_file"),
        (zipped({"config.json": b"{}", "model.weights.h5": b""}), "get_weights"),
        (b"\x89HDF\r\n", "get_weights"),
        (b"", "a safetensors, NPZ or JSON file"),
        (b"[" * 50_000, "a safetensors, NPZ or JSON file"),
        (b"{}", "weights of dense layers"),
        (b"[1]", "an object of named weights"),
        (b'{"0.weight": [[1, 2], [3]]}', "as only"),
        (b'{"0.weight": [[1, null]]}', "numbers in rows"),
        (save({"conv.weight": np.ones((2, 1, 3, 3)), "conv.bias": np.ones(2)}), "only dense layers"),
        (save({**TORCH, "bn.running_mean": np.ones(3)}), "only a chain of such"),
        (npz(**{"0.weight": W1, "0.bias": B1, "2.weight": W1, "2.bias": B1}), "a chain in which"),
        (npz(**{"0.weight": W1, "0.bias": B2}), "bias must be of shape"),
        (zipped({"a1.json": NAMED["flax"], "a2.json": b'{"weights": [[[1]]]}'}), "as the first"),
        (zipped({"a.zip": zipped({"b.json": b"{}"})}), "within a zip"),
        ((2**31).to_bytes(8, "little") + b"{}", "a header of at most"),
        (save(TORCH)[:-1], "safetensors"),
        (npz(theta=THETA, widths=[2, 4, 1]), "as its widths"),
        (json.dumps({"0.weight": ["a" * 10**6, *["b"] * 10**5]}).encode(), "weights of dense layers"),
        (b"[" + b"[]," * 250_000 + b"[]]", "at most 500,000 numbers and lists"),
        (b"{" + b",".join(b'"%d": 1' % k for k in range(5000)) + b"}", "at most 4096 arrays"),
        (b'{"0.weight": [[1]], "step": 1%s}' % (b"0" * 400), "step must be a number of at most 64 bits"),
        (b'{"\\ud800\\u202e": [1]}', "^ +must be a weight or bias"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(InvalidValue, match=why):
        read(content, "model.pt")


@examples(60)
@given(st.sampled_from(sorted(NAMED)), st.integers(0, 400), st.binary(min_size=1, max_size=8), st.booleans())
def test_damaged_files_are_read_or_refused(name: str, place: int, damage: bytes, cut: bool) -> None:
    content = NAMED[name]
    damaged = content[:place] if cut else content[:place] + damage + content[place + len(damage) :]
    with suppress(InvalidValue):
        assert np.isfinite(read(damaged).weights.theta).all()
