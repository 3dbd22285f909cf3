"""Trains a 2-8-8-1 tanh network in PyTorch by Adam, saved every 10 steps, and says what torch finds in it.

``python tests/interop/torch_run.py`` makes the files anew that tests/readers/test_torch_run.py reads.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save
from sklearn.decomposition import PCA
from torch import nn

FOLDER = Path(__file__).parents[1] / "readers" / "torch_run"
EVERY, STEPS, EXAMPLES = 10, 200, 40


def trained() -> tuple[dict[str, bytes], dict[str, Any]]:
    """The checkpoints as safetensors by name, and data, costs, shares of variance and eigenvalues."""
    torch.manual_seed(5)
    torch.set_default_dtype(torch.float64)
    x = torch.rand(EXAMPLES, 2) * 4 - 2
    y = torch.sin(x[:, :1]) * torch.cos(x[:, 1:])
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    files, costs, thetas, eigenvalues = dict[str, bytes](), [], [], []
    for step in range(STEPS + 1):
        cost = ((net(x) - y) ** 2).sum() / (2 * EXAMPLES)
        if step % EVERY == 0:
            files[f"step_{step}.safetensors"] = save(
                {name: value.contiguous() for name, value in net.state_dict().items()},
                {"activation": "tanh", "output": "linear", "step": str(step)},
            )
            costs.append(cost.item())
            thetas.append(nn.utils.parameters_to_vector(net.parameters()).detach().numpy().copy())
            eigenvalues.append(top_eigenvalues(net, x, y))
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
    shares = PCA(2).fit(np.array(thetas)).explained_variance_ratio_
    found = {
        "x": x.tolist(),
        "y": y.tolist(),
        "costs": costs,
        "shares": shares.tolist(),
        "eigenvalues": eigenvalues,
    }
    return files, found


def top_eigenvalues(net: nn.Module, x: torch.Tensor, y: torch.Tensor) -> list[float]:
    """The three largest eigenvalues of torch's Hessian of the cost."""
    shapes = [(name, value.shape) for name, value in net.named_parameters()]

    def cost(theta: torch.Tensor) -> torch.Tensor:
        parts = torch.split(theta, [shape.numel() for _, shape in shapes])
        named = {name: part.view(shape) for (name, shape), part in zip(shapes, parts, strict=True)}
        return ((torch.func.functional_call(net, named, (x,)) - y) ** 2).sum() / (2 * len(x))

    theta = nn.utils.parameters_to_vector(net.parameters()).detach()
    hessian = torch.autograd.functional.hessian(cost, theta)
    top: list[float] = torch.linalg.eigvalsh(hessian)[-3:].tolist()
    return top


def zipped(files: dict[str, bytes]) -> bytes:
    """The files in one archive."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


if __name__ == "__main__":
    checkpoints, told = trained()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "run.zip").write_bytes(zipped(checkpoints))
    (FOLDER / "found.json").write_text(json.dumps(told) + "\n")
    sys.stdout.write(f"{len(checkpoints)} checkpoints in {FOLDER}\n")
