"""Code that an experiment is taken away as: it runs as it is, and computes the same."""

import ast
import base64
import json
import math
import subprocess
import sys
import types
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.objective import parse
from descentscape.output.exports import EXPORTS, ProgramSource
from descentscape.output.torch_code.formulas import formula
from descentscape.output.torch_code.numbers import written as written_array

AWKWARD = "'''\"\"\"\\n{run.label}'); quit()"
DOCUMENT = {
    "problem": {"dataset": {"kind": "inline", "x": [[0.1], [2.0], [-1.5]], "y": [[1.0], [0.0], [0.3]]}},
    "runs": [{"label": AWKWARD, "batch_size": 2}, {"optimizer": {"kind": "gd", "learning_rate": 0.3}}],
    "steps": 5,
}


def written(kind: str) -> bytes:
    return EXPORTS[kind].bytes_of(ProgramSource(ds.Experiment.model_validate(DOCUMENT), "http://here:1/x'y/"))


@pytest.fixture(scope="module")
def results() -> ds.Results:
    return ds.run(DOCUMENT)


def test_a_program_computes_the_same_and_draws_it(results: ds.Results, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_bytes(written("python"))

    command = [sys.executable, str(program)]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)

    said = [f"{run.label}: finished after 5 steps, cost {run.cost[-1]:.6g}" for run in results.runs]
    assert answer.stdout.splitlines() == said
    assert "Plotly.newPlot" in (tmp_path / "descentscape.html").read_text("utf-8")


def test_a_program_reads_the_file_of_a_recorded_run_from_beside_it(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    shapes = {"0.weight": (4, 3, 1), "0.bias": (4, 3), "2.weight": (4, 1, 3), "2.bias": (4, 1)}
    file = tmp_path / "night'run.npz"
    weights: Any = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    np.savez(file, **weights)
    dataset = {"kind": "inline", "x": [[0.1], [2.0], [-1.5]], "y": [[1.0], [0.0], [0.3]]}
    document = ds.checkpoints(file).experiment(dataset, activation="tanh")
    source = ProgramSource(ds.Experiment.model_validate(document))
    program = tmp_path / "program.py"
    program.write_bytes(EXPORTS["python"].bytes_of(source))
    # In a process of its own, which has not seen the file yet.
    done = subprocess.run(
        [sys.executable, program], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert "finished after 3 steps" in done.stdout, done.stderr


def test_a_notebook_runs_cell_by_cell_and_computes_the_same(
    results: ds.Results, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = json.loads(written("notebook"))
    names: dict[str, Any] = {}

    for cell in notebook["cells"]:
        exec(cell["source"], names)

    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert capsys.readouterr().out.startswith(f"{AWKWARD}: finished")
    assert ds.Experiment.model_validate(names["experiment"]) == results.experiment
    for again, run in zip(names["results"].runs, results.runs, strict=True):
        np.testing.assert_array_equal(again.theta, run.theta)


def test_a_command_hands_curl_the_document(tmp_path: Path) -> None:
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\nfor last; do :; done\necho "$last"\nexec cat\n', "utf-8")
    curl.chmod(0o755)
    command, path = tmp_path / "command.sh", f"{tmp_path}:/usr/bin:/bin"
    command.write_bytes(written("curl"))

    answer = subprocess.run(
        ["/bin/sh", str(command)], env={"PATH": path}, capture_output=True, encoding="utf-8", check=True
    )

    address, document = answer.stdout.splitlines()
    assert address == "http://here:1/x'y/api/v1/runs"
    assert ds.Experiment.model_validate_json(document) == ds.Experiment.model_validate(DOCUMENT)


def test_a_program_for_pytorch_has_the_numbers_of_the_runs(results: ds.Results) -> None:
    program = EXPORTS["pytorch"].bytes_of(results).decode()

    names = {
        target.id: node.value
        for node in ast.parse(program).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    start = results.runs[1].theta[0]
    assert np.array_equal(ast.literal_eval(names["start"].args[0]), start)  # type: ignore[attr-defined]
    assert np.array_equal(ast.literal_eval(names["x"].args[0]), results.runs[0].trajectory.objective.x)  # type: ignore[attr-defined]
    assert f"costs[{AWKWARD!r}] = descend(" in program
    assert "torch.optim.SGD(parameters, lr=0.3)" in program


def test_long_arrays_are_packed_without_a_loss() -> None:
    array = np.random.default_rng(0).standard_normal((300, 2))
    call = ast.parse(written_array(array), mode="eval").body
    assert isinstance(call, ast.Call)
    text, *shape = map(ast.literal_eval, call.args)
    numbers = np.frombuffer(zlib.decompress(base64.b64decode(text)), "<f8")
    np.testing.assert_array_equal(numbers.reshape(shape), array)


def test_a_rule_that_pytorch_has_not_is_refused_by_its_field() -> None:
    found = ds.run(DOCUMENT | {"runs": [{}, {"optimizer": {"kind": "newton"}}]})
    with pytest.raises(InvalidValue, match=r"^runs\.1\.optimizer\.kind must be one that PyTorch has alike"):
        EXPORTS["pytorch"].bytes_of(found)


@pytest.mark.parametrize(
    "text", ["x^2 + 3 y", "min(x, y, 2) + |sin(pi x)| / cbrt(8)", "sqrt(2)^2 e", "-x/(1/3)"]
)
def test_a_formula_is_one_expression_of_tensors(text: str) -> None:
    code = formula(parse(text))
    ast.parse(code)
    functions = {"maximum": np.maximum, "minimum": np.minimum, "as_tensor": np.float64, "abs": np.abs}
    torch = types.SimpleNamespace(sin=np.sin, sqrt=np.sqrt, sign=np.sign, **functions)
    returned = code.rsplit("return ", 1)[1]
    names = {"torch": torch, "cbrt": np.cbrt, "math": math, "x": np.float64(0.3), "y": np.float64(-1.2)}
    with np.errstate(divide="ignore"):
        assert eval(returned, names) == pytest.approx(float(parse(text)(0.3, -1.2).value))
