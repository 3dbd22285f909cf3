"""Code that an experiment is taken away as: it runs as it is, and computes the same."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from descentscape.output.exports import EXPORTS

AWKWARD = "'''\"\"\"\\n{run.label}'); quit()"
DOCUMENT = {
    "problem": {"dataset": {"kind": "inline", "x": [[0.1], [2.0], [-1.5]], "y": [[1.0], [0.0], [0.3]]}},
    "runs": [{"label": AWKWARD, "batch_size": 2}, {"optimizer": {"kind": "gd", "learning_rate": 0.3}}],
    "steps": 5,
}


@pytest.fixture(scope="module")
def results() -> ds.Results:
    return ds.run(DOCUMENT)


def test_a_program_computes_the_same_and_draws_it(results: ds.Results, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_bytes(EXPORTS["python"].write(results))

    command = [sys.executable, str(program)]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)

    said = [f"{run.label}: finished after 5 steps, cost {run.cost[-1]:.6g}" for run in results.runs]
    assert answer.stdout.splitlines() == said
    assert "Plotly.newPlot" in (tmp_path / "descentscape.html").read_text("utf-8")


def test_a_notebook_runs_cell_by_cell_and_computes_the_same(
    results: ds.Results, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = json.loads(EXPORTS["notebook"].write(results))
    names: dict[str, Any] = {}

    for cell in notebook["cells"]:
        exec(cell["source"], names)

    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert capsys.readouterr().out.startswith(f"{AWKWARD}: finished")
    assert ds.Experiment.model_validate(names["experiment"]) == results.experiment
    for again, run in zip(names["results"].runs, results.runs, strict=True):
        np.testing.assert_array_equal(again.theta, run.theta)
