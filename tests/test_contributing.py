"""The recipes of CONTRIBUTING.md, followed to the letter in a copy of the project."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^In `([^`]+)`, (above|in) `([^`]+)`:\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FOLLOWED = "signum or egg_crate or silu or checkerboard"
TABLE_DRIVEN = (
    "optimizers/test_optimizers",
    "formulas/test_formulas",
    "network/test_activations",
    "data/test_datasets",
    "network/test_mlp_gradient",
    "explain/test_autopsy",
)
PROGRAM = """
import json
import descentscape as ds

catalog = ds.catalog()
network = ds.run({
    "problem": {"dataset": {"kind": "checkerboard"}, "activation": "silu"},
    "runs": [{"optimizer": {"kind": "signum", "learning_rate": 0.005, "momentum": 0.8}}],
    "steps": 200,
})
formula = ds.run({
    "problem": {"kind": "formula", "name": "egg_crate"},
    "runs": [{"optimizer": {"kind": "signum"}}],
    "steps": 400,
})
print(json.dumps({
    "kinds": {
        table: [entry["kind"] for entry in catalog[table]]
        for table in ("optimizers", "formulas", "activations", "datasets")
    },
    "schema": catalog["schema"],
    "network": network.runs[0].cost.tolist(),
    "formula": formula.runs[0].cost.tolist(),
}))
"""


def insert(source: bytes, where: str, name: str, block: str) -> bytes:
    """The source with a block above the statement that defines a name, or at the end of the table it is."""
    statement = next(each for each in ast.parse(source).body if name in names(each))
    lines = source.splitlines(keepends=True)
    if where == "above":
        lines.insert(statement.lineno - 1, f"{block}\n\n".encode())
        return b"".join(lines)
    last = entries(statement)[-1]
    line, column = last.end_lineno - 1, last.end_col_offset
    added = f",\n{block.rstrip().removesuffix(',')}".encode()
    lines[line] = lines[line][:column] + added + lines[line][column:]
    return b"".join(lines)


def names(statement: ast.stmt) -> set[str]:
    """What a statement at the top of a module defines."""
    match statement:
        case ast.FunctionDef(name=name):
            return {name}
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
    return set()


def entries(statement: Any) -> list[Any]:
    """The entries of a table: a tuple, a dict, or the tuple that a dict is made from."""
    match statement.value:
        case ast.Dict(values=values):
            return values
        case ast.DictComp(generators=[ast.comprehension(iter=ast.Tuple(elts=elements))]):
            return elements
        case ast.Tuple(elts=elements):
            return elements
    raise AssertionError(f"line {statement.lineno} is no table")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with every recipe followed."""
    folder = tmp_path_factory.mktemp("copy")
    caches = shutil.ignore_patterns("__pycache__", ".*", "node_modules")
    for name in ("backend", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=caches)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for path, where, name, block in BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8")):
        file = folder / path
        file.write_bytes(insert(file.read_bytes(), where, name, block))
    return folder


def python(copy: Path, *arguments: str) -> str:
    """What a Python says for which the copy is the project."""
    command = [sys.executable, *arguments]
    environment = {"PYTHONPATH": str(copy / "backend"), "PYTHONDONTWRITEBYTECODE": "1", "PATH": ""}
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def added(copy: Path) -> dict[str, Any]:
    """What the copy's catalogue lists, and two runs that use all that was added."""
    answer: dict[str, Any] = json.loads(python(copy, "-c", PROGRAM))
    return answer


def test_all_recipes_are_found() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert len(BLOCK.findall(text)) == text.count("```python") == 10


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("optimizers", "signum"),
        ("formulas", "egg_crate"),
        ("activations", "silu"),
        ("datasets", "checkerboard"),
    ],
)
def test_the_catalogue_and_the_schema_list_it(added: dict[str, Any], table: str, kind: str) -> None:
    assert kind in added["kinds"][table]
    assert f'"{kind}"' in json.dumps(added["schema"])


def test_the_fields_of_the_optimizer_are_in_the_schema(added: dict[str, Any]) -> None:
    fields = added["schema"]["$defs"]["Signum"]["properties"]
    assert fields["learning_rate"]["default"] == 0.01
    assert fields["momentum"]["maximum"] == 1


def test_a_network_with_all_of_it_learns(added: dict[str, Any]) -> None:
    assert added["network"][-1] < 0.9 * added["network"][0]


def test_the_optimizer_descends_the_formula_to_a_dent(added: dict[str, Any]) -> None:
    assert added["formula"][-1] < 0.6 * added["formula"][0]


def test_the_tests_take_it_from_there(copy: Path) -> None:
    files = [f"tests/core/{name}.py" for name in TABLE_DRIVEN]
    said = python(
        copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", FOLLOWED, *files
    )
    passed = re.search(r"(\d+) passed", said)
    assert passed
    assert int(passed[1]) > 40
