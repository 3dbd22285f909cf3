"""The notebook of docs/ is executed, cell by cell, as Jupyter would."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]


@pytest.mark.filterwarnings("ignore")  # the client's own, of its event loop and its messages
def test_the_notebook_of_your_own_data_and_models_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "backend"))
    notebook = nbformat.read(ROOT / "docs" / "your-own.ipynb", as_version=4)

    NotebookClient(notebook, timeout=600, kernel_name="python3").execute()

    shown = {
        cell["id"]: "".join(output["data"]["text/plain"] for output in cell["outputs"] if "data" in output)
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    }
    assert shown["table"].startswith("<Results of network, 2 runs")
    assert "21 of 2 → 4 → 1" in shown["run"]
    assert "finished after 20 steps" in shown["run-beside"]
    assert shown["model"].startswith("<Surface 25 × 25")
    assert "50 eigenvalues" in shown["model-curvature"]
    assert "Adam" in shown["out"]
