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

from compiled_code import PLACE
from toolchain import node_folder

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(
    r"^In `([^`]+)`, (above `[^`]+`|in `[^`]+`|a new file|at the end):\n\n```(?:python|js)\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
ONE_LINE = ("plane", "study", "panel", "export")
"""What takes one new file, and one line elsewhere."""

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
from pathlib import Path
import descentscape as ds
from descentscape.cli import main
from descentscape.compute import computation as compute
from descentscape.document.experiment import Experiment
from descentscape.document.field_errors import field_errors
from descentscape.document.points import PlaceSpec
from descentscape.output.exports import EXPORTS
from descentscape.studies import STUDIES, Subject
from descentscape.studies.inspection import place_of

catalog = ds.catalog()
network = ds.run({
    "problem": {"dataset": {"kind": "checkerboard"}, "activation": "silu"},
    "runs": [{"optimizer": {"kind": "signum", "learning_rate": 0.005, "momentum": 0.8}}],
    "steps": 200,
})
answer = compute.Computation(Experiment.model_validate({"steps": 20})).finish()
norms = STUDIES["norms"]
place = Subject(answer, place_of(answer, PlaceSpec(run=0, step=3)))
try:
    next(norms.conduct(place, norms.request(order=1)))
except StopIteration as end:
    reported = end.value
secant = ds.run({
    "view": {"plane": {"kind": "secant", "run": 1}, "tab": "norm"},
    "runs": [{}, {"batch_size": 8}],
    "steps": 30,
})
try:
    ds.run({"view": {"plane": {"kind": "secant", "run": 1}}})
except ValueError as error:
    refused = str(field_errors(error)[0])
formula = ds.run({
    "problem": {"kind": "formula", "name": "egg_crate"},
    "runs": [{"optimizer": {"kind": "signum"}}],
    "steps": 400,
})
Path("experiment.json").write_text('{"steps": 5}', "utf-8")
ended = main(["run", "experiment.json", "--out", "ends.md"])
print(json.dumps({
    "ended": ended,
    "kinds": {
        table: [entry["kind"] for entry in catalog[table]]
        for table in ("optimizers", "formulas", "activations", "datasets", "planes", "exports")
    },
    "plane": {
        "kind": secant.plane.kind,
        "note": secant.plane.note,
        "share": sum(secant.plane.variance_share),
        "end_off": float(secant.runs[1].off_plane[-1]),
        "refused": refused,
    },
    "norms": reported,
    "theta": answer.trajectories[0].theta_at(3).tolist(),
    "markdown": EXPORTS["markdown"].bytes_of(secant).decode(),
    "schema": catalog["schema"],
    "network": network.runs[0].cost.tolist(),
    "formula": formula.runs[0].cost.tolist(),
}))
"""


def follow(folder: Path, path: str, where: str, block: str) -> None:
    """Do as a recipe says: write a new file, or put the block where it belongs in one that is there."""
    file = folder / path
    if where == "a new file":
        assert not file.exists(), path
        file.write_text(block, "utf-8")
    elif where == "at the end":
        file.write_text(file.read_text("utf-8") + block, "utf-8")
    else:
        place, _, name = where.partition(" ")
        file.write_bytes(insert(file.read_bytes(), place, name.strip("`"), block))


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
    for name in ("backend", "tests", "frontend"):
        shutil.copytree(ROOT / name, folder / name, ignore=caches)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for path, where, block in BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8")):
        follow(folder, path, where, block)
    return folder


def python(copy: Path, *arguments: str) -> str:
    """What a Python says for which the copy is the project."""
    return run(copy, sys.executable, *arguments)


def run(copy: Path, *command: str) -> str:
    """What a command says in the copy."""
    environment = PLACE | {"PYTHONPATH": str(copy / "backend"), "PATH": ""}
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=900
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
    assert len(BLOCK.findall(text)) == text.count("```python") + text.count("```js") == 18


@pytest.mark.parametrize("name", ONE_LINE)
def test_it_takes_one_new_file_and_one_line(name: str) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    recipe = re.split(r"^## ", text, flags=re.MULTILINE)
    (own,) = [each for each in recipe if re.match(rf"Add an? {name}\n", each)]
    (_, where, _), (_, other, line) = BLOCK.findall(own)
    assert where == "a new file"
    assert other != where
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("optimizers", "signum"),
        ("formulas", "egg_crate"),
        ("activations", "silu"),
        ("datasets", "checkerboard"),
        ("planes", "secant"),
    ],
)
def test_the_catalogue_and_the_schema_list_it(added: dict[str, Any], table: str, kind: str) -> None:
    assert kind in added["kinds"][table]
    assert f'"{kind}"' in json.dumps(added["schema"])


def test_the_fields_of_the_optimizer_are_in_the_schema(added: dict[str, Any]) -> None:
    fields = added["schema"]["$defs"]["Signum"]["properties"]
    assert fields["learning_rate"]["default"] == 0.01
    assert fields["momentum"]["maximum"] == 0.999999


def test_a_network_with_all_of_it_learns(added: dict[str, Any]) -> None:
    assert added["network"][-1] < 0.9 * added["network"][0]


def test_the_optimizer_descends_the_formula_to_a_dent(added: dict[str, Any]) -> None:
    assert added["formula"][-1] < 0.6 * added["formula"][0]


def test_the_plane_holds_both_ends_of_its_run(added: dict[str, Any]) -> None:
    plane = added["plane"]
    assert plane["kind"] == "secant"
    assert plane["end_off"] < 1e-9
    assert 0 < plane["share"] <= 1 + 1e-12
    assert plane["refused"].startswith("view.plane.run must be one of the 1 runs")


def test_the_study_answers(added: dict[str, Any]) -> None:
    assert added["norms"]["theta"] == pytest.approx(sum(map(abs, added["theta"])))
    assert added["norms"]["gradient"] > 0


def test_the_export_is_listed_and_written(added: dict[str, Any], copy: Path) -> None:
    assert "markdown" in added["kinds"]["exports"]
    lines = added["markdown"].splitlines()
    assert len(lines) == 4
    assert lines[2].startswith("| Adam")
    assert added["ended"] == 0
    assert (copy / "ends.md").read_text("utf-8").count("\n") == 3


PANELS = """
import { PANELS } from "./frontend/js/panels/panels.js";
console.log(JSON.stringify(PANELS.map(({ name, label }) => [name, label])));
"""


def test_the_panel_is_registered_and_of_the_right_type(copy: Path) -> None:
    folder = node_folder()
    assert folder is not None
    node, compiler = str(folder / "node"), str(ROOT / "tests/frontend/node_modules/typescript/bin/tsc")
    listed = run(copy, node, "--input-type=module", "--eval", PANELS)
    assert json.loads(listed)[-1] == ["norm", "Norm"]
    configuration = copy / "tests/frontend/panel.json"
    of_it = {"extends": "./tsconfig.json", "include": [], "files": ["../../frontend/js/panels/norm.js"]}
    configuration.write_text(json.dumps(of_it), "utf-8")
    run(copy, node, compiler, "--project", str(configuration))


def test_the_tests_take_it_from_there(copy: Path) -> None:
    files = [f"tests/core/{name}.py" for name in TABLE_DRIVEN]
    # Without what is done for all tests, which compiles ahead what these few hardly need.
    options = ("-q", "--noconftest", "-p", "no:cacheprovider", "-p", "no:xdist")
    said = python(copy, "-m", "pytest", *options, "-k", FOLLOWED, *files)
    passed = re.search(r"(\d+) passed", said)
    assert passed
    assert int(passed[1]) > 25
