"""Runs of PyTorch, and models of scikit-learn, made anew: what they say of themselves is found here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPRegressor

import descentscape as ds
from interop.torch_run import trained, zipped
from readers.torch_claims import holds


def test_a_run_of_torch(tmp_path: Path) -> None:
    files, found = trained()
    (tmp_path / "run.zip").write_bytes(zipped(files))
    holds(tmp_path / "run.zip", found)


def test_a_model_of_scikit_learn(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(50, 3))
    y = np.tanh(x @ [1.0, -2.0, 0.5])
    model = MLPRegressor(hidden_layer_sizes=(6, 4), activation="tanh", max_iter=30, random_state=0, alpha=0)
    with np.errstate(all="ignore"):
        model.partial_fit(x, y)
    arrays = {f"coefs_{k}": weight for k, weight in enumerate(model.coefs_)}
    arrays |= {f"intercepts_{k}": bias for k, bias in enumerate(model.intercepts_)}
    np.savez(tmp_path / "model.npz", **arrays)
    read = ds.checkpoints(tmp_path / "model.npz")
    data = {"kind": "inline", "x": x.tolist(), "y": y[:, None].tolist(), "standardize": False}
    document = read.experiment(data, activation="tanh", output="linear") | {"steps": 1}
    cost = ((model.predict(x) - y) ** 2).sum() / (2 * len(x))
    np.testing.assert_allclose(ds.run(document).runs[0].cost[0], cost, rtol=1e-12)
